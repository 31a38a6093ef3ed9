"""What is stated of the orders of random small books, applied to the tables and planned afresh, to the last unit."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from model.audit import Audit
from model.explain.applying import LESS, applied
from model.explain.examine import explained
from model.explain.explanation import Explanation
from model.explain.goals import goals_of
from model.explain.ground import Wanted, ground_of
from model.planning import Options, Result, plan_order_book
from model.tables import Tables
from tests.bench.explaining import is_denied
from tests.explain.stating import HAIR, lifted, promised, with_cells
from tests.oracle.random_books import Shape, random_book
from tests.support import tables_of

SECONDS = 300.0
SHAPE = Shape(lines=3, products=2, orders=5, buckets=3)


def planned(tables: Tables) -> Result:
    """The tables planned to the end, without the audit, which takes longest."""
    with patch("model.publishing.audit", return_value=Audit(True, ())):
        return plan_order_book(tables, Options(gap=0.0, rule_of_thumb=False))


def check_stated(seed: int) -> None:
    """Every order of a random book that did not get all it asked for."""
    result = planned(tables_of(random_book(f"stated {seed}", SHAPE)))
    ground = ground_of(result)
    assert ground is not None
    found = explained(result, SECONDS)
    decisions = found.plan.frames["decisions"].set_index("order")
    for order, told in found.explanations.items():
        assert told.is_examined and bool(told.reason) >= is_denied(decisions.loc[order]), (order, told)
        if told.reason and order in ground.orders and not result.outcome.promises_missed:
            check_order(result, told, ground.orders[order])


def check_order(result: Result, told: Explanation, wanted: Wanted) -> None:
    """One order's reason, by planning the changed tables afresh."""
    if told.relaxation is not None:
        for share, is_missed in ((1.0, False), (LESS, True)):
            tables = promised(applied(result.tables, wanted.order, told.relaxation, share), told, wanted)
            assert planned(tables).outcome.promises_missed == is_missed, (told, share)
    if told.reason == "cannot_be_made" or (told.reason == "crowded_out" and told.costs is None):
        assert planned(promised(result.tables, told, wanted)).outcome.promises_missed, told
    elif told.reason in ("crowded_out", "undecided"):
        check_costs(result, told, wanted)
    if told.reason in ("crowded_out", "does_not_pay") and told.costs is not None and not told.is_free:
        check_alone(result, told, wanted)
    if told.rule is not None and told.rule.gain > 0:
        after = planned(lifted(result.tables, wanted.order, told.rule))
        noise = HAIR * max(1.0, abs(result.outcome.margin))
        assert after.outcome.margin >= result.outcome.margin + told.rule.gain - noise, told
        before, then = (each.plan.frames["decisions"].set_index("order").loc[wanted.order] for each in (result, after))
        if told.goal in ("accepted", "in_full"):
            assert then["delivered"] > before["delivered"], told
        elif told.goal == "on_time":
            assert then["late_days"] < before["late_days"], told


def check_costs(result: Result, told: Explanation, wanted: Wanted) -> None:
    """With the wish promised the plan earns less by what is stated; what is undecided costs nothing."""
    if told.goal == "published_line" or (told.goal == "accepted" and wanted.least < wanted.quantity):
        return
    granted, noise = planned(promised(result.tables, told, wanted)), HAIR * max(1.0, abs(result.outcome.margin))
    assert not granted.outcome.promises_missed, told
    costs = result.outcome.margin - granted.outcome.margin
    assert told.costs.low - noise <= costs <= told.costs.high + noise, (told, costs)
    assert told.reason == "crowded_out" or (told.is_equal and abs(costs) <= noise), (told, costs)


def check_alone(result: Result, told: Explanation, wanted: Wanted) -> None:
    """With every other order declined, one that others crowd out gets its wish, and one that does not pay does not."""
    if wanted.is_firm or told.goal not in ("accepted", "in_full", "on_time"):
        return
    alone = planned(with_cells(result.tables, wanted.order, others=True, decision="decline", commitment="optional"))
    ground = ground_of(alone)
    assert ground is not None
    lacks = goals_of(ground).of(ground.orders[wanted.order])
    assert (lacks == told.goal) == (told.reason == "does_not_pay"), (told, lacks)


@pytest.mark.parametrize("seed", [7])
def test_what_is_stated_holds(seed: int) -> None:
    """Proves: each cost, relaxation and rule told of an order is what planning afresh finds. In 7 an item takes no
    hours, so that no further hours allow more of it."""
    check_stated(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(150))
def test_what_is_stated_of_many_books_holds(seed: int) -> None:
    """As above, on a hundred and fifty books."""
    check_stated(seed)
