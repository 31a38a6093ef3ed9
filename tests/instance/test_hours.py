"""Hours of lines and resources in each bucket: calendar, ramp-up, start and end dates, month buckets."""

from __future__ import annotations

import pytest

from tests.constraints.book import STARTS, book, line, order, routing
from tests.instance.reading import coefficient, instance_of


def hours(records, column: str = "regular_hours") -> list[float]:
    """A figure of L1, bucket by bucket."""
    return list(coefficient(instance_of(records), "LINE_BUCKETS", column).values())


def test_calendar_is_weighted_by_days() -> None:
    """Proves: a closure takes its share of a week's days. By hand: 70 h, closed from Friday 01-10 to Tuesday 01-14: 4
    of 7 days are left of week 1, 5 of week 2: 40 and 50. If every touched week were closed: 0 and 0."""
    closed = [{"line": "L1", "from_date": "2025-01-10", "to_date": "2025-01-14", "availability": 0}]
    assert hours(book(2, lines=[line(hours=70)], calendar=closed)) == pytest.approx([40, 50])


def test_overlapping_rows_multiply_day_by_day() -> None:
    """Proves: rows multiply on the days they share. By hand: half on Monday to Wednesday, half on Wednesday to Sunday:
    2 x 5 + 2.5 + 4 x 5 = 32.5 of 70 h. If the weeks' shares multiplied: 70 x 11/14 x 9/14 = 35.4. If the last row won:
    45."""
    calendar = [{"line": "L1", "from_date": "2025-01-06", "to_date": "2025-01-08", "availability": 0.5},
                {"line": "L1", "from_date": "2025-01-08", "to_date": "2025-01-12", "availability": 0.5}]
    assert hours(book(lines=[line(hours=70)], calendar=calendar)) == pytest.approx([32.5])


def test_a_row_without_line_is_for_every_line_and_resource() -> None:
    """Proves: a blank line means all, overtime and resources included. By hand: half of 40 h, of 8 h, of 6 h."""
    instance = instance_of(book(
        lines=[line(overtime_hours=8)], calendar=[{"availability": 0.5}], resources=[{"resource": "bay", "hours": 6}],
        routing_resources=[{"line": "L1", "item": "A", "resource": "bay", "hours_per_unit": 1}]))
    assert coefficient(instance, "LINE_BUCKETS", "regular_hours") == {("L1", 0): 20}
    assert coefficient(instance, "LINE_BUCKETS", "overtime_hours") == {("L1", 0): 4}
    assert coefficient(instance, "RESOURCE_BUCKETS", "resource_hours") == {("bay", 0): 3}


def test_a_row_that_names_a_resource_leaves_the_lines_alone() -> None:
    """Proves: `line` may name a resource. By hand: the bay has 3 of 6 h, the line its 40."""
    instance = instance_of(book(
        calendar=[{"line": "bay", "availability": 0.5}], resources=[{"resource": "bay", "hours": 6}],
        routing_resources=[{"line": "L1", "item": "A", "resource": "bay", "hours_per_unit": 1}]))
    assert coefficient(instance, "LINE_BUCKETS", "regular_hours") == {("L1", 0): 40}
    assert coefficient(instance, "RESOURCE_BUCKETS", "resource_hours") == {("bay", 0): 3}


def test_ramp_up_is_a_row_for_each_step() -> None:
    """Proves: availability may differ week by week, and exceed one. By hand: 40 h x 0.25, 0.5, 1, 1.5."""
    steps = [{"line": "L1", "from_date": start, "to_date": end, "availability": share} for start, end, share in
             ((STARTS[0], "2025-01-12", 0.25), (STARTS[1], "2025-01-19", 0.5), (STARTS[3], None, 1.5))]
    assert hours(book(4, calendar=steps)) == pytest.approx([10, 20, 40, 60])


def test_a_line_has_the_days_between_its_start_and_end() -> None:
    """Proves: both dates are days of work. By hand: from Thursday 01-09 four days, to Tuesday 01-21 two days: 40,
    70 and 20 of 70 h. If the start's or the end's week were whole: 70."""
    dated = line(hours=70, start_date="2025-01-09", end_date="2025-01-21")
    assert hours(book(3, lines=[dated])) == pytest.approx([40, 70, 20])


def test_an_option_gives_hours_from_its_date_and_never_before_the_lines() -> None:
    """Proves: an unopened line has no hours; an option's begin on its date, or on the line's own if that is later. By
    hand: the line exists from 01-13, is opened on 01-06 or on Thursday 01-16: 0, 70 and 0, 40 of 70 h."""
    records = book(2, lines=[line(hours=70, start_date=STARTS[1])],
                   expansions=[{"line": "L1", "start_date": "2025-01-06", "cost": 1},
                               {"line": "L1", "start_date": "2025-01-16", "cost": 1}])
    assert hours(records) == [0, 0]
    assert list(coefficient(instance_of(records), "OPTION_BUCKETS", "option_regular_hours").values()) == [0, 70, 0, 40]


def test_month_buckets_have_the_same_hours_whatever_their_length() -> None:
    """Proves: hours are per bucket; a closure is weighted by the month's days. By hand: months from the 15th have
    31, 28 and 31 days; 01-15 to 02-14 whole, 7 of 28 days closed, whole: 100, 75, 100. If hours went by days: 110,
    75, 110."""
    records = book(3, {"start_date": "2025-01-15", "bucket": "month"}, lines=[line(hours=100)],
                   calendar=[{"from_date": "2025-02-15", "to_date": "2025-02-21", "availability": 0}],
                   orders=[order(due_date="2025-04-14")])
    instance = instance_of(records)
    assert instance.horizon["days"].tolist() == [31, 28, 31]
    assert list(coefficient(instance, "LINE_BUCKETS", "regular_hours").values()) == pytest.approx([100, 75, 100])


def test_a_line_closed_on_every_day_makes_nothing() -> None:
    """Proves: no hours, no making, even at 0 h a unit. By hand: closed in week 1: only week 2. If hours alone decided:
    both weeks, since nothing is needed."""
    instance = instance_of(book(2, lines=[line(hours=40, start_date=STARTS[1])], routings=[routing(hours_per_unit=0)]))
    assert instance.sets["LINE_MAKES_ITEM"].members() == [("L1", "A", 1)]
