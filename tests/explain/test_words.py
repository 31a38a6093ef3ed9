"""Reasons as a planner reads them: when a line is used, and what a goal would cost where that is too close to call."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest

from model.explain.explanation import Explanation, Loser, Place
from model.explain.interval import Interval
from model.explain.words import Wording
from tests.constraints.book import book, order
from tests.support import tables_of

WEEK, NEXT = pd.Timestamp("2025-01-06"), pd.Timestamp("2025-01-13")


def sentence(found: Explanation, language: str = "en") -> str:
    """The reason of order O."""
    return Wording(tables_of(book(orders=[order("O")])), language).sentence(found, "")


def crowded(last: pd.Timestamp) -> Explanation:
    """Crowded out by B on L1 from one week to another."""
    return Explanation("O", "accepted", "crowded_out", is_examined=True, costs=Interval(35, 35),
                       losers=(Loser("B", 5, 48),), places=(Place("L1", WEEK, last),))


def test_one_week_is_not_a_span() -> None:
    """Proves: where all of it is made in one week, the week is named once, not as "from" and "to" the same day."""
    assert "on L1 in the week of 2025-01-06;" in sentence(crowded(WEEK))
    assert "在 L1（2025-01-06 当周）占用 B" in sentence(crowded(WEEK), "zh")
    assert "on L1 from 2025-01-06 to 2025-01-13;" in sentence(crowded(NEXT))


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
