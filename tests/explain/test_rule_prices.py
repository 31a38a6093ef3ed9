"""Price of each rule: by hand, and against planning the book without the rule from scratch."""

from __future__ import annotations

import math
from typing import Any

import pytest

from model.explain.rule_prices import rule_prices
from model.planning import Options, plan_order_book
from tests.explain.grounds import grounded
from tests.oracle.random_books import random_book
from tests.support import settings, tables_of

Records = dict[str, Any]
SECONDS = 20.0


def order(name: str, quantity: float, price: float, due: str = "2025-01-12", **others: object) -> dict[str, object]:
    """An order for item A."""
    return {"order": name, "item": "A", "quantity": quantity, "unit_price": price, "due_date": due, **others}


def book(*orders: dict[str, object], **others: object) -> Records:
    """Two lines of 10 h a week for two weeks; a unit takes 1 h and costs 1 on L1, 2 on L2."""
    return {"settings": settings(2), "items": [{"item": "A"}],
            "lines": [{"line": name, "regular_hours": 10} for name in ("L1", "L2")],
            "routings": [{"line": "L1", "item": "A", "hours_per_unit": 1, "unit_cost": 1},
                         {"line": "L2", "item": "A", "hours_per_unit": 1, "unit_cost": 2}],
            "orders": list(orders), **others}


def prices(records: Records) -> dict[tuple[str, str], float]:
    """Every rule's price, which must be exact."""
    result, ground = grounded(records)
    assert result.plan is not None
    found = rule_prices(ground, result.plan, SECONDS)
    assert all(each.price is not None and each.price.is_exact for each in found), found
    return {(each.kind, each.name): round(each.price.high, 6) for each in found if each.price is not None}


def test_a_quota_costs_what_it_keeps_out() -> None:
    """Proves: by hand, 6 of 10 may ship: 4 units of 5 - 1 are lost. A second quota that binds nothing costs nothing."""
    quotas = [{"rule": "Q", "max_qty": 6}, {"rule": "wide", "max_qty": 600}]
    assert prices(book(order("O", 10, 5), allocations=quotas)) == {("quota", "Q"): 16.0, ("quota", "wide"): 0.0}


def test_a_contract_minimum_costs_what_it_forces() -> None:
    """Proves: by hand, X of 4 must be served though it pays 0.5 for what costs 1: 4 * 0.5 = 2."""
    minimum = [{"rule": "M", "market": "x", "min_qty": 4}]
    assert prices(book(order("X", 4, 0.5, market="x"), markets=[{"market": "x"}], allocations=minimum)) == {
        ("contract_minimum", "M"): 2.0}


def test_a_firm_order_that_loses_money() -> None:
    """Proves: by hand, 10 of F at 0.5 cost 1 each: 5. O, firm too, earns its keep and is not asked about."""
    assert prices(book(order("F", 10, 0.5, commitment="firm"), order("O", 10, 5, "2025-01-19", commitment="firm"))) == {
        ("firm_order", "F"): 5.0}


def test_pins_single_lines_and_minimum_lots() -> None:
    """Proves: each is taken away alone. By hand: the pin makes 4 on L2 at 2 for 1: 4. The single line of S, 20 units by
    week 1 at 5, leaves 10 of 20 unmade: 10 * (5 - 2) = 30."""
    pinned = book(order("O", 4, 5), pins=[{"order": "O", "line": "L2", "quantity": 4, "sense": "fixed"}])
    assert prices(pinned) == {("pin", "O / L2 / fixed"): 4.0}
    assert prices(book(order("S", 20, 5, single_line=True))) == {("single_line", ""): 30.0}
    lots = book(order("O", 4, 5))
    lots["routings"] = [{"line": "L1", "item": "A", "hours_per_unit": 1, "unit_cost": 1, "min_lot": 6}]
    # By hand: 6 must be made for 4: 20 - 6 against 20 - 4.
    assert prices(lots) == {("minimum_lots", ""): 2.0}


def test_the_frozen_plan_costs_against_its_change_cost() -> None:
    """Proves: without the frozen part its units may move at the change cost. By hand: 4 are frozen on L2 at 2 a unit;
    on L1 they cost 1 and 0.25 for leaving: 0.75 each, 3. If leaving were free: 4."""
    frozen = book(order("O", 4, 5), published_plan=[{"order": "O", "item": "A", "line": "L2", "bucket_start":
                                                     "2025-01-06", "quantity": 4}])
    frozen["settings"] = settings(2, frozen_until="2025-01-13", change_cost=0.25)
    assert prices(frozen) == {("frozen_plan", ""): 3.0}


def without(records: Records, kind: str, name: str) -> Records | None:
    """The book without a rule; None where the tables cannot say that."""
    if kind == "quota":
        rows = [{**row, "max_qty": None} if row["rule"] == name else row for row in records["allocations"]]
        return {**records, "allocations": rows}
    if kind == "single_line":
        return {**records, "orders": [{**row, "single_line": False} for row in records["orders"]]}
    if kind == "minimum_lots":
        return {**records, "routings": [{**row, "min_lot": 0} for row in records["routings"]]}
    if kind == "frozen_plan":
        return {**records, "settings": {**records["settings"], "frozen_until": None}}
    if kind == "pin" and len(records["pins"]) == 1:
        return {**records, "pins": []}
    return None


def check_against_scratch(seed: int) -> int:
    """One random book: every price is the gain of a plan without the rule; how many were compared."""
    records = random_book(f"rules {seed}")
    result, ground = grounded(records)
    assert result.plan is not None and result.outcome.margin is not None
    if not result.plan.frames["misses"].empty:
        return 0
    compared = 0
    for each in rule_prices(ground, result.plan, SECONDS):
        free = without(records, each.kind, each.name)
        if free is None:
            continue
        other = plan_order_book(tables_of(free), Options(gap=0.0, rule_of_thumb=False))
        assert other.outcome.margin is not None and each.price is not None
        gain, tolerance = other.outcome.margin - result.outcome.margin, 1e-6 * max(1.0, abs(other.outcome.margin))
        assert each.price.low - tolerance <= gain <= each.price.high + tolerance, (seed, each, gain)
        compared += math.isfinite(each.price.high)
    return compared


def test_prices_are_those_of_plans_from_scratch() -> None:
    """Proves: on random books the plan without the rule, made anew, earns what was said."""
    assert all(check_against_scratch(seed) for seed in (4, 10))


@pytest.mark.slow
def test_prices_are_those_of_many_plans() -> None:
    """The same on a hundred and fifty books."""
    assert sum(check_against_scratch(seed) for seed in range(150)) >= 20
