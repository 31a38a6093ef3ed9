"""Which line makes which item when, when it is there, and how much one run can hold."""

from __future__ import annotations

import numpy as np
import pytest

from model.instance import build
from tests.constraints.book import ENDS, STARTS, audited, book, line, order, routing, unaudited
from tests.instance.reading import coefficient, instance_of, members
from tests.support import Records

THREE = [{"item": "A"}, {"item": "B"}, {"item": "cell"}]
A_FROM_CELL = [{"item": "A", "component": "cell", "quantity_per": 1}]
CELLS_FOR_LOTS = book(
    items=[{"item": "A"}, {"item": "cell"}], lines=[line(), line("K")], bill_of_materials=A_FROM_CELL,
    routings=[routing(min_lot=5, lot_multiple=4), routing("K", "cell", setup_hours=1)],
    orders=[order(quantity=1, commitment="firm")])


def odd_lots(draw: np.random.Generator) -> Records:
    """Two weeks of A, some of it from cells, whose minimum lots are no multiples of their lots."""
    def lots() -> dict[str, float]:
        return {"min_lot": float(draw.integers(0, 9)), "lot_multiple": float(draw.integers(2, 6))}

    return book(
        2, items=THREE, lines=[line(hours=60), line("K", hours=100)], bill_of_materials=A_FROM_CELL,
        routings=[routing(**lots(), setup_cost=float(draw.integers(0, 20))), routing("L1", "B", **lots()),
                  routing("K", "cell", setup_hours=1, setup_cost=5, **(lots() if draw.random() < 0.5 else {}))],
        stock=[{"item": "cell", "opening_stock": float(draw.integers(0, 4)),
                "holding_cost": float(draw.integers(0, 3))},
               {"item": "A", "final_stock": float(draw.integers(0, 3))}],
        orders=[order(f"O{number}", item="AB"[number % 2], quantity=float(draw.integers(1, 9)),
                      commitment=str(draw.choice(["firm", "optional"])), due_date=ENDS[number // 2],
                      latest_date=ENDS[1]) for number in range(4)])


def limits(records) -> dict[tuple[str, str, int], float]:
    """The most that one line, item and bucket can hold."""
    return coefficient(instance_of(records), "LINE_MAKES_ITEM", "output_limit")


def margin(records) -> float | None:
    """Margin of the audited plan."""
    result = audited(records)
    assert result.audit is not None and result.audit.passed, result.outcome
    return result.outcome.margin


def test_what_has_no_lead_time_is_there_in_its_own_bucket() -> None:
    """Proves: made in week 2 is there at the end of week 2. If at the next start: weeks 1 and 2 of 3 only."""
    routing_frame = instance_of(book(3)).frames["routing"]
    assert routing_frame["available"].tolist() == [0, 1, 2]


@pytest.mark.parametrize(("days", "available"), [(6, [1, 2, 3]), (7, [1, 2, 3]), (8, [2, 3])])
def test_lead_time_ends_in_the_first_bucket_that_ends_so_much_later(days: int, available: list[int]) -> None:
    """Proves: 7 days after Sunday 01-12 is Sunday 01-19, week 2; 8 days are week 3; 6 days are Saturday, week 2. What
    would be there after the horizon is not started. If lead times ran from the week's start: one week earlier."""
    instance = instance_of(book(4, routings=[routing(lead_time_days=days)]))
    assert instance.frames["routing"]["available"].tolist() == available


def test_a_dated_routing_holds_for_whole_buckets_by_their_first_day() -> None:
    """Proves: a row from Tuesday 01-07 to Monday 01-20 holds in weeks 2 and 3. If touched weeks counted: 1 to 3; if
    only weeks inside: 2."""
    dated = routing(from_date="2025-01-07", to_date="2025-01-20")
    assert members(instance_of(book(4, routings=[dated])), "LINE_MAKES_ITEM") == [("L1", "A", 1), ("L1", "A", 2)]


def test_output_limit_is_what_hours_leave_after_the_setup() -> None:
    """Proves: smallest big-M by hours. By hand: (40 + 8 overtime - 4 setup) / 2 = 22, week 2 at half: (24 - 4) / 2
    = 10. If the setup were not taken off: 24 and 12."""
    records = book(2, lines=[line(overtime_hours=8)], routings=[routing(setup_hours=4)],
                   calendar=[{"from_date": STARTS[1], "availability": 0.5}], orders=[order(quantity=100)])
    assert list(limits(records).values()) == pytest.approx([22, 10])


def test_output_limit_is_what_resources_leave() -> None:
    """Proves: a shared resource lowers it. By hand: 9 h of the bay at 1.5 h a unit: 6. By the line: 18."""
    records = book(routings=[routing(setup_hours=4)], resources=[{"resource": "bay", "hours": 9}],
                   routing_resources=[{"line": "L1", "item": "A", "resource": "bay", "hours_per_unit": 1.5}],
                   orders=[order(quantity=100)])
    assert list(limits(records).values()) == pytest.approx([6])


def test_output_limit_is_what_there_is_a_use_for() -> None:
    """Proves: orders, stock targets and further making bound it. By hand: A 10 + 3 + 2 to keep; 2 cells a unit at yield
    0.5: 4 x 15 = 60. By hours: 2000."""
    records = book(items=THREE, lines=[line(hours=4000)], routings=[routing(yield_share=0.5), routing(item="cell")],
                   stock=[{"item": "A", "safety_stock": 2, "final_stock": 5}],
                   bill_of_materials=[{"item": "A", "component": "cell", "quantity_per": 2}])
    assert limits(records) == pytest.approx({("L1", "A", 0): 15, ("L1", "cell", 0): 60})


def test_output_limit_leaves_room_for_lots_and_the_published_plan() -> None:
    """Proves: an order of 10 in lots of 4 takes 12, a minimum lot of 12 takes 12, and the published 7 fit beside 10. If
    the order alone counted: 10, and neither could be made."""
    assert limits(book(routings=[routing(lot_multiple=4)]))["L1", "A", 0] >= 12
    assert limits(book(routings=[routing(min_lot=12)]))["L1", "A", 0] >= 12
    published = [{"item": "A", "line": "L1", "bucket_start": STARTS[0], "quantity": 7}]
    assert limits(book(published_plan=published))["L1", "A", 0] >= 17


def test_output_limit_is_the_smallest_that_lots_allow() -> None:
    """Proves: the limit is the use in whole lots, or the smallest lot if that is more. By hand: 10 in lots of 4 are 12,
    and a minimum lot of 13 in lots of 4 is 16; 1 of at least 5 in lots of 4 is 8. If minimum and multiple were added
    up: 14, 17 and 9; if the larger counted: 12, 13 and 5."""
    for quantity, min_lot, most in ((10, 0, 12), (10, 13, 16), (1, 5, 8)):
        records = book(routings=[routing(lot_multiple=4, min_lot=min_lot)], orders=[order(quantity=quantity)])
        assert limits(records) == pytest.approx({("L1", "A", 0): most})


def test_components_are_there_for_a_minimum_lot_in_whole_lots() -> None:
    """Proves: the limit of a component's run is valid where the minimum lot is no multiple. By hand: 1 firm A takes 8
    in lots of 4, at least 5, from 8 cells of one setup: 30. If one more 5 were the most that lots add: 6 cells, and the
    order would be missed."""
    result = audited(CELLS_FOR_LOTS)
    assert result.audit is not None and result.audit.passed
    assert (result.outcome.status, result.outcome.margin) == ("optimal", pytest.approx(30))


def test_lots_of_cells_come_out_even_with_lots_of_what_they_become() -> None:
    """Proves: the limit of a run is valid where only many lots of both leave nothing over. By hand: 1 A takes a lot of
    4 from a lot of 6 cells, of which 2 are kept at 100 each; 12 of both leave none: 30. If what one lot leaves over
    were the most there is to use up: 8 A, and 4 cells kept of 12, or 4 A, and 2 of 6: 30 - 200."""
    records = {**CELLS_FOR_LOTS, "routings": [routing(lot_multiple=4, setup_hours=1),
                                              routing("K", "cell", lot_multiple=6, setup_hours=1)],
               "stock": [{"item": "cell", "holding_cost": 100}]}
    assert margin(records) == pytest.approx(30)


@pytest.mark.parametrize("seed", [*range(3), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 60))])
def test_limits_of_runs_cut_off_no_plan(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: on books of odd lots, setups and two stages the best plan is the one of the same book whose runs are
    limited by hours alone. If a limit were too small: less margin, or a promise missed."""
    records = odd_lots(np.random.default_rng(seed))
    limited = unaudited(records).outcome
    monkeypatch.setattr(build, "limit_by_use", lambda tables, routing, use: routing)
    free = unaudited(records).outcome
    assert (limited.status, limited.margin) == (free.status, pytest.approx(free.margin, abs=1e-4))


def test_what_cannot_fit_is_forbidden() -> None:
    """Proves: no run where the setup fills the week, or a lot does not fit. By hand: 40 h: a setup of 40 h, a minimum
    lot of 21, lots of 21, or two lots of 11 for at least 12, at 2 h never fit; week 2 at half holds no lot of 11."""
    for changes in ({"setup_hours": 40}, {"min_lot": 21}, {"lot_multiple": 21}, {"min_lot": 12, "lot_multiple": 11}):
        assert members(instance_of(book(routings=[routing(**changes)])), "LINE_MAKES_ITEM") == []
    half = book(2, routings=[routing(min_lot=11)], calendar=[{"from_date": STARTS[1], "availability": 0.5}])
    assert members(instance_of(half), "LINE_MAKES_ITEM") == [("L1", "A", 0)]


def test_what_takes_no_hours_needs_an_open_line_and_no_hours_of_it() -> None:
    """Proves: open is not the same as having hours. By hand: 10 A at 30 from a line of 0 hours: 300, and nothing in the
    week in which it is closed, or before it starts. If hours were asked for: nothing at all."""
    free = {"lines": [line(hours=0)], "routings": [routing(hours_per_unit=0)]}
    assert margin(book(**free)) == pytest.approx(300)
    closed = book(2, **free, calendar=[{"line": "L1", "to_date": ENDS[0], "availability": 0}])
    later = book(2, **{**free, "lines": [line(hours=0, start_date=STARTS[1])]})
    for records in (closed, later):
        assert members(instance_of(records), "LINE_MAKES_ITEM") == [("L1", "A", 1)]
        assert margin(records) == pytest.approx(0)
    assert members(instance_of({**closed, "routings": [routing()]}), "LINE_MAKES_ITEM") == []


def test_a_minimum_lot_alone_in_its_setup_group_needs_no_run_of_its_own() -> None:
    """Proves: the setup is the run where the item is alone in its group; otherwise, and without setup, it has a run."""
    alone = instance_of(book(routings=[routing(min_lot=2, setup_cost=1)]))
    assert (members(alone, "RUNS"), members(alone, "SETUP_LOTS")) == ([], [("L1", "A", 0, "A")])
    shared = instance_of(book(items=THREE, routings=[
        routing(min_lot=2, setup_cost=1, setup_group="g"), routing(item="B", setup_cost=1, setup_group="g")]))
    assert (members(shared, "RUNS"), members(shared, "SETUP_LOTS")) == ([("L1", "A", 0)], [])
    assert members(shared, "SETUPS") == [("L1", "g", 0)]
    assert members(instance_of(book(routings=[routing(min_lot=2)])), "RUNS") == [("L1", "A", 0)]


def test_making_what_nobody_ordered_may_pay() -> None:
    """Proves: the limit of a run is valid where making more than is wanted saves money. By hand: 10 cells held at 5
    become 10 A held free, for one setup of 1: 30 - 1 = 29. If only what is ordered could be made: 30 - 50 = -20."""
    assert margin(book(items=THREE, bill_of_materials=A_FROM_CELL, orders=[order(item="B", quantity=1)],
                          routings=[routing(setup_cost=1), routing(item="B")],
                          stock=[{"item": "cell", "opening_stock": 10, "holding_cost": 5}])) == pytest.approx(29)


def test_making_what_nobody_ordered_may_be_the_only_way() -> None:
    """Proves: the limit of a run is valid where the store is too small. By hand: 8 cells arrive, 5 can be kept, so at
    least 3 become A for one setup of 1: 29. If only what is ordered could be made: no plan at all."""
    assert margin(book(items=THREE, bill_of_materials=A_FROM_CELL, orders=[order(item="B", quantity=1)],
                          routings=[routing(setup_cost=1), routing(item="B")],
                          stock=[{"item": "cell", "storage_limit": 5}],
                          receipts=[{"item": "cell", "date": "2025-01-08", "quantity": 8}])) == pytest.approx(29)


def test_what_is_to_be_kept_at_two_sites_is_made_in_one_run() -> None:
    """Proves: stock targets of one item add up over sites, whichever column they stand in. By hand: 10 to keep here and
    10 there at the end, made at 1 with one setup of 100: -120. If the larger one were the limit: two setups, -220."""
    records = book(2, sites=[{"site": "main"}, {"site": "there"}], routings=[routing(unit_cost=1, setup_cost=100)],
                   stock=[{"item": "A", "safety_stock": 10}, {"item": "A", "site": "there", "final_stock": 10}],
                   transfers=[{"from_site": "main", "to_site": "there"}], orders=[order(decision="decline")])
    assert margin(records) == pytest.approx(-120)


def test_every_limit_of_a_run_is_finite() -> None:
    """Proves: no big-M is infinite, whatever takes no hours. If one were, the row of the matrix would mean nothing."""
    records = book(items=THREE, bill_of_materials=A_FROM_CELL, orders=[order(due_date=ENDS[0])],
                   routings=[routing(hours_per_unit=0, lot_multiple=4), routing(item="cell", hours_per_unit=0,
                                                                                setup_cost=1)])
    assert max(limits(records).values()) < 1e6
