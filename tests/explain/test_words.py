"""Reasons as a planner reads them: when a line is used, and what a goal would cost where that is too close to call."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest

from model.explain.explanation import Explanation, Loser, Place, Relaxation, Rule
from model.explain.interval import Interval
from model.explain.least import SAFELY
from model.explain.words import Wording, amount
from tests.constraints.book import book, order
from tests.support import tables_of

WEEK, NEXT = pd.Timestamp("2025-01-06"), pd.Timestamp("2025-01-13")


def sentence(found: Explanation, language: str = "en", quantity: float = 10) -> str:
    """The reason of order O in a book of two weeks."""
    return Wording(tables_of(book(2, orders=[order("O", quantity=quantity)])), language).sentence(found, "")


def crowded(last: pd.Timestamp) -> Explanation:
    """Crowded out by B on L1 from one week to another."""
    return Explanation("O", "accepted", "crowded_out", is_examined=True, costs=Interval(35, 35),
                       losers=(Loser("B", 5, 48),), places=(Place("L1", WEEK, last),))


def test_one_week_is_not_a_span() -> None:
    """Proves: where all of it is made in one week, the week is named once, not as "from" and "to" the same day; two
    weeks end on the last day of the second. By its first day, 13 January, six days of it would seem not to count."""
    assert "on L1 in the week of 2025-01-06;" in sentence(crowded(WEEK))
    assert "在 L1（2025-01-06 当周）占用 B" in sentence(crowded(WEEK), "zh")
    assert "on L1 from 2025-01-06 to 2025-01-19;" in sentence(crowded(NEXT))


def test_a_late_order_has_capacity_already() -> None:
    """Proves: what would take capacity from others is being on time, not the order; and a cost that is not exact reads
    well in both languages."""
    late = replace(crowded(WEEK), goal="on_time", costs=Interval(35, 40))
    assert sentence(late).startswith("Late: being on time would take capacity from B (5 MWh, earning 48 CNY) on L1 in")
    assert sentence(late).endswith("the plan would earn between 35 and 40 CNY less.")
    assert sentence(late, "zh") == (
        "逾期：按期交付会在 L1（2025-01-06 当周）占用 B（5 MWh，收益 48 CNY）的产能；计划收益将减少 35 至 40 CNY。")
    open_ended = replace(late, costs=Interval(35, math.inf))
    assert sentence(open_ended).endswith("the plan would earn at least 35 CNY less.")


def test_a_loss_is_exact_only_where_it_is_proven() -> None:
    """Proves: what is only known to be lost at least is not told as a figure."""
    losing = Explanation("O", "accepted", "does_not_pay", is_examined=True, costs=Interval(35, 40), term="materials")
    assert "cost at least 35 CNY more than it brings, mainly materials" in sentence(losing)
    assert "其成本仍高出收入 35 CNY 以上，其中主要是材料" in sentence(losing, "zh")
    assert "cost 35 CNY more than it brings" in sentence(replace(losing, costs=Interval(35, 35), term=""))


@pytest.mark.parametrize(("goal", "said"), [
    ("accepted", "Declined: too close to call; taking it would cost"),
    ("on_time", "Late: too close to call; being on time would cost"),
    ("in_full", "Not in full: too close to call; delivering all of it would cost")])
def test_what_is_too_close_to_call_is_named(goal: str, said: str) -> None:
    """Proves: a late order is taken already, so that "with it" would speak of something else."""
    found = Explanation("O", goal, "undecided", is_examined=True, costs=Interval(-20, 30))
    assert sentence(found) == f"{said} the plan at most 30 CNY, or bring it at most 20 CNY."


@pytest.mark.parametrize(("known", "said"), [
    (Interval(4, 4), "4"), (Interval(4, 5), "4 to 5"), (Interval(4, math.inf), "at least 4"),
    (Interval(0, math.inf), "open"), (Interval(0, 0), "pays at any price"), (Interval(math.inf, math.inf),
                                                                              "pays at no price")])
def test_a_price_is_told_as_far_as_it_is_proven(known: Interval, said: str) -> None:
    """Proves: an end that is not proven is not named, and nothing proven at all is not told as a price of 0."""
    assert Wording(tables_of(book(orders=[order("O")])), "en").price(known) == said


@pytest.mark.parametrize(("quantity", "most", "said"), [
    (1000.3, 1000.2, "1,000.2 of 1,000.3"), (12_000, 11_999.4, "11,999.4 of 12,000"), (16, 15, "15 of 16"),
    (12_000, 800, "800 of 12,000"), (10, 10 * (1 - 1e-9), "10 of 10"), (0.02, 0.0123449, "0.01235 of 0.02")])
def test_what_can_be_delivered_at_most_is_less_than_what_is_wanted(quantity: float, most: float, said: str) -> None:
    """Proves: two figures are told with as many decimals as tell them apart. Of 1,000.3 units 1,000.2 can be delivered:
    in whole numbers, rounded up and to the nearest, it would read "1,001 of 1,000"."""
    found = Explanation("O", "accepted", "cannot_be_made", is_examined=True, most_quantity=most)
    assert f"no more than {said} MWh" in sentence(found, quantity=quantity)


OTHERS: dict[str, dict[str, object]] = {
    "a firm order": {"orders": [order("O"), order("F", commitment="firm")]},
    "an accepted order": {"orders": [order("O"), order("F", decision="accept")]},
    "a pin": {"orders": [order("O"), order("P")], "pins": [{"order": "P", "quantity": 2, "sense": "min"}]},
    "a safety stock": {"stock": [{"item": "A", "safety_stock": 1}]},
    "a final stock": {"stock": [{"item": "A", "final_stock": 1}]},
    "a contract": {"markets": [{"market": "x"}], "allocations": [{"rule": "M", "market": "x", "min_qty": 1}]},
    "a frozen plan": {"changes": {"frozen_until": "2025-01-13"}, "published_plan": [
        {"item": "A", "line": "L1", "bucket_start": "2025-01-06", "quantity": 1}]}}
NONE: dict[str, dict[str, object]] = {
    "nothing": {}, "an order of its own": {"orders": [order("O", commitment="firm"), order("P")]},
    "a firm order that is declined": {"orders": [order("O"), order("F", commitment="firm", decision="decline")]},
    "a quota and room in a store": {"stock": [{"item": "A", "storage_limit": 9}],
                                    "allocations": [{"rule": "Q", "max_qty": 9}]}}


@pytest.mark.parametrize("most", [5.0, 0.0])
@pytest.mark.parametrize("promise", [*OTHERS, *NONE])
def test_what_holds_beside_promises_is_said_to(promise: str, most: float) -> None:
    """Proves: what can be delivered at most, of an order that is not promised itself, is what can be with every promise
    to others kept, and that is said where there are any. Without it a planner would read that the lines cannot make
    more, though they could in place of what is promised."""
    found = Explanation("O", "accepted", "cannot_be_made", is_examined=True, most_quantity=most)
    tables = tables_of(book(2, **{**OTHERS, **NONE}[promise]))
    said, chinese = (Wording(tables, language).sentence(found, "") for language in ("en", "zh"))
    assert said.startswith("Declined: with every promise to others kept, no") == (promise in OTHERS)
    assert ("在兑现对其他方全部承诺的前提下" in chinese) == (promise in OTHERS)


@pytest.mark.parametrize(("value", "said"), [
    (0.4365, "0.4365"), (0.003, "0.003"), (0.123456, "0.1235"), (-0.001, "-0.001"), (-1e-9, "0"), (0.0, "0"),
    (0.99999, "1"), (1.5, "1.5"), (12.345678, "12.35"), (12_345.6, "12,346")])
def test_a_small_figure_keeps_its_digits(value: float, said: str) -> None:
    """Proves: a price per Wh of 0.4365 does not read 0.44, nor 0.003 as nothing; what is nothing has no sign."""
    assert amount(value) == said


@pytest.mark.parametrize(("least", "said"), [
    (100_000.5, "100,001"), (2, "2"), (1234, "1,234"), (2.001, "2.01"), (0.33333, "0.3334")])
def test_the_hours_that_are_read_suffice(least: float, said: str) -> None:
    """Proves: rounding is upwards from the least that suffices, and the hair added to that does not show. Were more
    taken off than was added, 100,000.5 h would read 100,000, which is too little."""
    needed = Relaxation("hours", "L1", least * SAFELY, weeks=((WEEK, least * SAFELY),))
    found = Explanation("O", "accepted", "cannot_be_made", is_examined=True, most_quantity=5, relaxation=needed)
    assert f"with {said} more hours on line L1" in sentence(found)


def test_a_left_out_order_that_breaks_even_makes_no_difference() -> None:
    """Proves: where the plan earns the same with it, that is said, not "too close to call ... at most 0"."""
    found = Explanation("O", "accepted", "kept_out_by_rule", is_examined=True, costs=Interval(0, 0),
                        rule=Rule("decision", "", 0.0))
    assert sentence(found).endswith("it makes no difference: with it the plan would earn the same.")
    assert sentence(found, "zh").endswith("是否纳入没有差别：计划收益相同。")
