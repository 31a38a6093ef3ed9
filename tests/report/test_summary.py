"""Proves: the first page's figures, each worked out by hand."""

import math

import pandas as pd
import pytest

from model.report.case import Case
from model.report.headline_words import verdict
from model.report.summary import headlines, order_values, quantity_text
from tests.report.fakes import FakePlan, fake_result, fake_tables, frame_of


def case(decisions=None, line_load=None, two_units=False):
    tables = fake_tables(orders=2, two_units=two_units)
    result = fake_result(tables)
    frames = dict(result.plan.frames)
    if decisions is not None:
        frames["decisions"] = frame_of("decisions", len(decisions), pd.DataFrame(decisions).to_dict("list"))
    if line_load is not None:
        frames["line_load"] = frame_of("line_load", len(line_load), pd.DataFrame(line_load).to_dict("list"))
    plan = FakePlan(frames, 100.0, 110.0)
    return Case(result, tables, plan, [])


def order(name, status, quantity, delivered, on_time, price, item="item-LFP cells", region="domestic"):
    return {"order": name, "status": status, "quantity": quantity, "delivered": delivered, "unit_price": price,
            "delivered_on_time": on_time, "item": item, "region": region}


def test_gap_in_money_and_as_share():
    """By hand: 110 - 100 = 10, a tenth of the margin. Taken of the bound it would be 9.1 %."""
    figures = headlines(case())
    assert (figures.gap_money, figures.gap) == (pytest.approx(10.0), pytest.approx(0.1))


def test_on_time_share_is_by_value_and_counts_what_was_accepted():
    """By hand: accepted 10 x 5 = 50, missed 10 x 2 = 20, partial 4 x 10 = 40; on time 50 + 8 + 40 = 98 of 110.

    With the whole of the partial order the base would be 170; with quantities in place of values 18 / 24.
    """
    figures = headlines(case([
        order("A", "accepted", 10, 10, 10, 5), order("B", "missed", 10, 6, 4, 2), order("C", "partial", 10, 4, 4, 10),
        order("D", "declined", 99, 0, 0, 9), order("E", "left_out", 99, 0, 0, 9)]))
    assert figures.on_time_share == pytest.approx(98 / 110)


def test_nothing_accepted_has_no_on_time_share():
    assert math.isnan(headlines(case([order("D", "declined", 5, 0, 0, 9)])).on_time_share)


def test_orders_by_decision_with_quantity_and_value():
    figures = headlines(case([order("A", "accepted", 10, 10, 10, 5), order("B", "accepted", 1, 1, 0, 100),
                              order("C", "declined", 7, 0, 0, 3)]))
    groups = {group.name: group for group in figures.by_status}
    assert list(groups) == ["accepted", "partial", "declined", "missed", "left_out"]
    assert (groups["accepted"].count, groups["accepted"].ordered, groups["accepted"].value) == (2, {"MWh": 11}, 150)
    assert (groups["declined"].count, groups["declined"].delivered, groups["declined"].value) == (1, {"MWh": 0}, 21)
    assert groups["missed"].count == 0
    assert figures.all_orders.value == 171
    assert [group.name for group in figures.by_region] == ["domestic"]


def test_different_units_are_never_added_up():
    figures = headlines(case([order("A", "accepted", 10, 10, 10, 5, item="item-lead"),
                              order("B", "accepted", 1, 1, 1, 5)], two_units=True))
    assert figures.all_orders.ordered == {"MWh": 1, "t": 10}
    assert quantity_text(figures.all_orders.ordered) == "1 MWh + 10 t"
    assert quantity_text({"MWh": 0.0}) == "–"


def test_load_of_a_technology_counts_setups_against_regular_hours():
    """By hand: (70 + 30 + 10) / (100 + 100) = 55 %. Without setups 50 %; against hours with overtime less."""
    line = {"technology": "lead", "regular_hours": 100.0, "overtime_limit": 20.0}
    figures = headlines(case(line_load=[
        {**line, "line": "L1", "run_hours": 70.0, "setup_hours": 10.0},
        {**line, "line": "L2", "run_hours": 30.0, "setup_hours": 0.0},
        {**line, "line": "L3", "technology": None, "regular_hours": 0.0, "run_hours": 0.0, "setup_hours": 0.0}]))
    loads = {row.name: row.load for row in figures.by_technology}
    assert loads["lead"] == pytest.approx(0.55)
    assert math.isnan(loads[""])
    assert figures.bottlenecks == (("L1", pytest.approx(0.8)), ("L2", pytest.approx(0.3)))


def test_order_values_by_region_technology_and_decision():
    values = order_values(case([
        order("A", "accepted", 10, 10, 10, 5), order("B", "declined", 1, 0, 0, 30),
        order("C", "accepted", 100, 10, 10, 5, region="overseas"), order("D", "accepted", 1, 1, 1, 1, region=None)]))
    assert list(values.index) == [("overseas", "LFP cells"), ("domestic", "LFP cells"), ("", "LFP cells")]
    assert values.loc[("domestic", "LFP cells"), ["accepted", "declined"]].tolist() == [50, 30]


@pytest.mark.parametrize(("language", "count", "words"), [
    ("en", 1, "1 promise missed"), ("en", 4, "4 promises missed"), ("zh", 4, "4 项承诺未兑现")])
def test_missed_promises_are_called_so(language, count, words):
    """Proves: where the search ended by the clock, too, the number says what it counts, not "up to 3% better: 4"."""
    result = fake_result(misses=count, status="limit")
    shown = Case(result, result.tables, result.plan, [], language)
    text, mood = verdict(shown, headlines(shown))
    assert text.endswith(words) and mood == "alarm"
