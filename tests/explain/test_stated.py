"""What is stated of the orders of large books, applied to the tables and planned afresh: it suffices, less does not.

All that the reference case denies, and a handful of orders of each class in two families of benchmark M. A plan within
its gap shows no difference smaller than the gap, so that a step is one per cent, or as much as the gap leaves open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pandas as pd
import pytest

from model.audit import Audit
from model.checks import check
from model.explain.applying import LESS, applied
from model.explain.examine import explained
from model.explain.explanation import Explanation
from model.explain.goals import goals_of
from model.explain.ground import Ground, ground_of
from model.planning import Options, Result, plan_order_book
from model.tables import Tables, read
from tests.bench.explaining import first_asked, is_denied
from tests.bench.generate import book, checked
from tests.bench.parameters import FAMILIES
from tests.explain.stating import HAIR, lifted, promised, with_cells

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
SECONDS, SECONDS_FOR_ALL, SECONDS_FOR_EVERY, MOST_ORDERS, HANDFUL = 60.0, 600.0, 1200.0, 50, 2
STEP = 0.01
FACTS: Mapping[str, tuple[str, ...]] = {
    "cannot_be_made": ("relaxation", "barrier"), "does_not_pay": ("term",), "crowded_out": ("losers", "places", "term"),
    "kept_out_by_rule": ("rule",), "undecided": ()}
BEHIND_PROMISES = ("losers", "places", "rule", "relaxation")


@dataclass(frozen=True)
class Told:
    """A planned book, and what was found of its orders; ``is_whole``: of all of them."""

    result: Result
    ground: Ground
    found: Mapping[str, Explanation]
    is_whole: bool

    def of(self, *reasons: str) -> list[Explanation]:
        """The orders with one of the reasons; of a benchmark a handful, those of great value first."""
        chosen = [each for each in self.found.values() if each.reason in reasons]
        return chosen if self.is_whole else chosen[:HANDFUL]

    def planned(self, tables: Tables, gap: float | None = None) -> Result:
        """Other tables planned, without the audit, which takes longest."""
        with patch("model.publishing.audit", return_value=Audit(True, ())):
            result = plan_order_book(tables, Options(gap=gap, rule_of_thumb=False))
        assert result.plan is not None and result.outcome.margin is not None and result.outcome.bound is not None
        return result

    def with_order(self, order: str, **cells: object) -> Tables:
        """The tables with other cells in the row of an order."""
        return with_cells(self.result.tables, order, **cells)


@pytest.fixture(scope="module", params=["narada_2025", "setups", "single"])
def told(request: pytest.FixtureRequest) -> Told:
    """The book planned, and its orders examined: all of the reference case, the largest of a benchmark."""
    is_whole = request.param == "narada_2025"
    tables = (check(read(ROOT / "data" / request.param)).tables if is_whole
              else checked(book("M", request.param, 1)))
    assert tables is not None
    result = plan_order_book(tables, Options(rule_of_thumb=False))
    ground = ground_of(result)
    assert ground is not None
    names = None if is_whole else first_asked(result, MOST_ORDERS)
    told = explained(result, SECONDS_FOR_ALL if is_whole else SECONDS, names)
    known = {name: told.explanations[name] for name in names or told.explanations}
    return Told(told, ground, known, is_whole)


def _open(result: Result) -> float:
    """Money that a plan leaves open."""
    return result.outcome.bound - result.outcome.margin


def _lacks(result: Result, order: str) -> str:
    """What a plan denies an order: as ``Goals.of``, of the tables that were planned."""
    ground = ground_of(result)
    assert ground is not None
    return goals_of(ground).of(ground.orders[order])


def test_every_denied_order_has_exactly_one_class(told: Told) -> None:
    """Proves: an order that is declined, short or late has one class with the facts of that class and no others, or is
    marked as not examined, which none of the reference case is; one that got all it asked for has none."""
    decisions = told.result.plan.frames["decisions"].set_index("order")
    for order, found in told.found.items():
        assert found.is_examined or not told.is_whole, order
        has_one_class(found, decisions.loc[order])


@pytest.mark.parametrize("family", FAMILIES)
def test_every_denied_order_of_a_large_book_has_exactly_one_class(family: str) -> None:
    """Proves: with time enough none of them is left without a class."""
    result = plan_order_book(checked(book("M", family, 1)), Options(rule_of_thumb=False))
    decisions = result.plan.frames["decisions"]
    denied = decisions[is_denied(decisions)].set_index("order")
    assert len(denied) > MOST_ORDERS
    found = explained(result, SECONDS_FOR_EVERY, [*denied.index]).explanations
    for order, row in denied.iterrows():
        assert found[order].is_examined, order
        has_one_class(found[order], row)


def has_one_class(found: Explanation, row: pd.Series) -> None:
    """The order has the facts of its class and of no other, and a class if it is denied anything."""
    order = found.order
    if not found.is_examined:
        assert not found.reason, order
        return
    assert bool(found.reason) >= is_denied(row), (order, row["status"], row["late_days"])
    if not found.reason:
        return
    is_behind = found.reason in ("crowded_out", "kept_out_by_rule") and found.costs is None
    facts = BEHIND_PROMISES if is_behind else FACTS[found.reason]
    for fact in ("relaxation", "barrier", "rule", "losers", "places", "term"):
        assert fact in facts or not getattr(found, fact), (order, found.reason, fact)
    assert (found.reason == "kept_out_by_rule") == (found.rule is not None), order
    assert found.reason not in ("crowded_out", "does_not_pay") or is_behind or found.costs.low > 0, order


def test_the_smallest_change_lets_it_in_and_less_does_not(told: Told) -> None:
    """Proves: after the hours, days or material stated the order can be promised and is kept; after one per cent or one
    day less it is missed."""
    for found in told.of("cannot_be_made"):
        if found.relaxation is None:
            continue
        for share, is_missed in ((1.0, False), (LESS, True)):
            tables = applied(told.result.tables, found.order, found.relaxation, share)
            result = told.planned(promised(tables, found, told.ground.orders[found.order]), gap=1.0)
            assert result.outcome.promises_missed == is_missed, (found.order, found.relaxation, share)


def test_from_its_price_on_an_order_is_taken_and_below_it_is_not(told: Told) -> None:
    """Proves: planned afresh a step above its price the order is taken, and a step below the price it is not."""
    for found in told.of("crowded_out", "does_not_pay", "undecided"):
        wanted = told.ground.orders[found.order]
        share = float(wanted.shares.min()) if len(wanted.shares) else 0.0
        price = found.break_even if wanted.is_lumpy else found.whole
        if found.goal != "accepted" or wanted.is_firm or share <= 0 or price is None:
            continue
        units = share * (wanted.least if wanted.is_lumpy else wanted.quantity)
        left_open = max(_open(told.result), told.result.tables.settings.gap * told.result.outcome.margin)
        step = max(STEP * found.price, 1.1 * left_open / units)
        if price.high < float("inf"):
            above = told.planned(_at_price(told, found, price.high + step))
            assert _delivered(above, found.order) > 0 or _open(above) >= step * units, found.order
        if found.break_even is not None and found.break_even.low > step:
            below = told.planned(_at_price(told, found, found.break_even.low - step))
            lost = _delivered(below, found.order) * step * share
            assert lost <= _open(below) * (1 + HAIR), (found.order, lost, _open(below))


def _at_price(told: Told, found: Explanation, price: float) -> Tables:
    asked = float(told.result.tables.frames["orders"].set_index("order").at[found.order, "unit_price"])
    return told.with_order(found.order, unit_price=asked * price / found.price)


def _delivered(result: Result, order: str) -> float:
    return float(result.plan.frames["decisions"].set_index("order").at[order, "delivered"])


def test_what_a_wish_costs_is_what_granting_it_costs(told: Told) -> None:
    """Proves: with the wish promised the plan earns less by what is stated, within what both plans leave open."""
    for found in told.of("crowded_out", "undecided"):
        wanted = told.ground.orders[found.order]
        is_partial = found.goal == "accepted" and wanted.least < wanted.quantity
        if found.costs is None or found.goal == "published_line" or is_partial:
            continue
        granted = told.planned(promised(told.result.tables, found, wanted))
        noise = HAIR * told.result.outcome.margin
        assert granted.outcome.margin <= told.result.outcome.bound - found.costs.low + noise, found.order
        assert granted.outcome.bound >= told.result.outcome.margin - found.costs.high - noise, found.order


def test_crowded_out_is_what_gets_its_wish_alone(told: Told) -> None:
    """Proves: with every other order declined an order that others crowd out gets what it asked for, and one that does
    not pay even with every line to itself does not."""
    for found in told.of("crowded_out", "does_not_pay"):
        if found.is_free or found.costs is None or found.goal not in ("accepted", "in_full", "on_time"):
            continue
        alone = told.planned(with_cells(told.result.tables, found.order, others=True, decision="decline",
                                         commitment="optional"), gap=0.0)
        assert (_lacks(alone, found.order) == found.goal) == (found.reason == "does_not_pay"), found.order


def test_without_its_rule_an_order_gets_more(told: Told) -> None:
    """Proves: with the rule lifted in the tables the order gets more than the published plan gives it, and the plan
    earns so much more as is stated, within what it leaves open."""
    before = told.result.plan.frames["decisions"].set_index("order")["delivered"]
    for found in told.of("kept_out_by_rule"):
        assert found.rule is not None
        if found.rule.gain <= 0:
            continue
        freed = told.planned(lifted(told.result.tables, found.order, found.rule))
        assert freed.outcome.margin >= told.result.outcome.margin + found.rule.gain - _open(freed), found.order
        if found.rule.gain > _open(freed):
            assert _delivered(freed, found.order) > before[found.order], found.order
