"""Which plan is published, the search's or the rule of thumb's, and what is said of it."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from model.planning import Options, plan_order_book
from model.publishing import most_revenue, published
from model.solve.outcome import Found, Outcome
from tests.support import Records, settings, tables_of


def book(quantity: float = 30, **order: object) -> Records:
    """40 h at 2 h a unit: 20 units at 10."""
    return {"settings": settings(), "items": [{"item": "X"}], "lines": [{"line": "L", "regular_hours": 40}],
            "routings": [{"line": "L", "item": "X", "hours_per_unit": 2}],
            "orders": [{"order": "A", "item": "X", "quantity": quantity, "unit_price": 10, "due_date": "2025-01-12",
                        **order}]}


def outcome_of(records: Records, share: float, asked: float, **outcome: object) -> Outcome:
    """The outcome where the search found only this share of the best plan."""
    result = plan_order_book(tables_of(records), Options())
    assert result.values is not None and result.outcome.margin is not None
    half = replace(result.outcome, margin=share * result.outcome.margin, **outcome)
    found, plan, signed = published(result.instance, result.problem.matrix, Found(half, share * result.values),
                                     result.rule_of_thumb, "en", asked)
    assert plan is not None and signed is not None and found.outcome.margin == pytest.approx(plan.margin)
    return found.outcome


def test_the_rule_of_thumb_within_the_gap_asked_is_within_the_gap() -> None:
    """Proves: the rule earns all 200, which is the bound, where the search found 120: published and proven, exit 0. If
    whatever is not the search's own were unproven: exit 10."""
    outcome = outcome_of(book(), 0.6, 0.0, bound=200.0)
    assert (outcome.status, outcome.margin, outcome.bound) == ("optimal", pytest.approx(200), pytest.approx(200))
    assert "rule_of_thumb_published" in outcome.notes


def test_a_search_without_a_bound_has_that_of_all_revenue() -> None:
    """Proves: where the clock left no bound, nothing earns more than every order at its price: 300. As it was: no bound
    and no gap to show."""
    outcome = outcome_of(book(), 1.0, 0.0, bound=math.inf)
    assert outcome.bound == pytest.approx(300) == most_revenue(plan_order_book(tables_of(book())).instance)


def test_a_bound_of_kept_promises_is_none_of_a_plan_that_misses_some() -> None:
    """Proves: a search that knew only that plans with every promise kept earn at most 170 says nothing of the rule's
    plan, which misses 10 of 30 and earns 200: its bound is 300, unproven. If the bound stood: proven, exit 0."""
    records = book(commitment="firm")
    outcome = outcome_of(records, 0.5, 1e-4, bound=170.0, promises_missed=False, status="limit")
    assert (outcome.promises_missed, outcome.promises_proven, outcome.status) == (True, False, "limit")
    assert outcome.bound == pytest.approx(300)


def test_a_plan_that_misses_promises_is_never_said_to_keep_them() -> None:
    """Proves: an ended search tells of 20 units of a firm order of 30 that all is kept, its bound 200: what is
    published says that 10 are missed, unproven. If the search's word were taken: within the gap, exit 0."""
    records = book(commitment="firm")
    outcome = outcome_of(records, 1.0, 1e-4, bound=200.0, promises_missed=False, status="within_gap")
    assert (outcome.promises_missed, outcome.promises_proven, outcome.status) == (True, False, "limit")
