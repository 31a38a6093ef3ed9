"""Promises that cannot all be kept: the order in which they are missed, by hand; misses first, then margin."""

from __future__ import annotations

import pytest

from tests.constraints.book import STARTS, audited, book, line, order, routing
from tests.support import Records

TEN_UNITS = [line(hours=20)]
CUSTOMERS = [{"customer": "K"}, {"customer": "L"}]


def answer(records: Records) -> tuple[float, dict[str, float]]:
    """Margin, and quantity missed by name, of an audited plan whose misses are proven minimal."""
    result = audited(records)
    assert result.plan is not None and result.audit is not None, result.outcome
    assert result.audit.passed, result.audit.failures()
    assert result.outcome.status == "promises_missed" and result.outcome.promises_proven
    misses = result.plan.frames["misses"]
    return result.outcome.margin, dict(zip(misses["name"], misses["missed"], strict=True))


def test_pins_come_before_firm_orders_and_these_before_safety_stock() -> None:
    """Proves: the order of promises. By hand: 12 pinned for P at 1, 10 can be made: 2 missed; the 3 in stock go to the
    firm order, which misses 7, and safety stock misses its 3: 10 + 90 = 100. If firm orders came first: 13 of 10 units
    asked for, nothing for P, 300 earned."""
    margin, missed = answer(book(
        lines=TEN_UNITS, stock=[{"item": "A", "opening_stock": 3, "safety_stock": 3}],
        orders=[order(commitment="firm"), order("P", quantity=12, unit_price=1)],
        pins=[{"order": "P", "quantity": 12}]))
    assert missed == pytest.approx({"P / fixed": 2, "O": 7, "A / main": 3})
    assert margin == pytest.approx(100)


def test_firm_orders_come_before_contract_minimums() -> None:
    """Proves: a firm order at 1 goes before a contract whose order pays 100. By hand: 10 for the firm order, all 5
    of the contract missed: 10. If the contract came first, or margin decided: 505."""
    margin, missed = answer(book(
        lines=TEN_UNITS, customers=CUSTOMERS,
        orders=[order(unit_price=1, commitment="firm"), order("P", customer="K", unit_price=100)],
        allocations=[{"rule": "R", "customer": "K", "min_qty": 5}]))
    assert (margin, missed) == (pytest.approx(10), pytest.approx({"R": 5}))


def test_firm_orders_are_missed_by_value_not_by_units_or_margin() -> None:
    """Proves: the value missed is least. By hand: 40 h; Y at 30 takes 4 h and costs 40, X at 10 takes 2 h: all
    hours to Y miss 10 X worth 100, and lose 100. By units: 10 X and 5 Y, 5 missed worth 150. By margin: 10 X, 100
    earned."""
    margin, missed = answer(book(
        items=[{"item": "A"}, {"item": "B"}], routings=[routing(hours_per_unit=4, unit_cost=40), routing(item="B")],
        orders=[order("Y", commitment="firm"), order("X", item="B", unit_price=10, commitment="firm")]))
    assert (margin, missed) == (pytest.approx(-100), pytest.approx({"X": 10}))


def test_the_value_of_firm_orders_is_in_base_currency() -> None:
    """Proves: 5 dollars at 7 are worth more than 30. By hand: the dollar order gets all 10 units: 350, and 30 x 10 are
    missed. If prices were compared as written: 300."""
    result = audited(book(
        lines=TEN_UNITS, currencies=[{"currency": "USD", "rate": 7}],
        orders=[order(commitment="firm"), order("D", unit_price=5, currency="USD", commitment="firm")]))
    assert result.plan is not None
    assert result.outcome.margin == pytest.approx(350)
    row = result.plan.frames["misses"].iloc[0]
    assert (row["kind"], row["name"], row["missed"], row["value"]) == ("firm_order", "O", 10, 300)


def test_a_firm_order_without_a_price_is_still_a_promise() -> None:
    """Proves: what is worth nothing is delivered nevertheless. By hand: all 10 units to the free firm order: 0. If only
    value counted: 300."""
    result = audited(book(lines=TEN_UNITS, orders=[order("free", unit_price=0, commitment="firm"), order()]))
    assert result.outcome.margin == pytest.approx(0) and not result.outcome.promises_missed
    margin, missed = answer(book(lines=[line(hours=16)],
                                 orders=[order("free", unit_price=0, commitment="firm"), order()]))
    assert (margin, missed) == (pytest.approx(0), pytest.approx({"free": 2}))


def test_margin_is_the_best_at_the_fewest_misses() -> None:
    """Proves: among plans that miss equally little, the one that earns most. By hand: two contracts of 8 units, 10
    can be made: 6 missed either way; K's order pays 20, L's 30: 8 x 30 + 2 x 20 = 280. If misses alone decided:
    down to 220; margin alone: 300, and 8 missed."""
    margin, missed = answer(book(
        lines=TEN_UNITS, customers=CUSTOMERS,
        orders=[order("K1", customer="K", unit_price=20), order("L1", customer="L")],
        allocations=[{"rule": "RK", "customer": "K", "min_qty": 8}, {"rule": "RL", "customer": "L", "min_qty": 8}]))
    assert (margin, missed) == (pytest.approx(280), pytest.approx({"RK": 6}))


def test_pins_and_the_frozen_plan_are_missed_together_least() -> None:
    """Proves: both are of one kind, counted in units. By hand: 4 published, 10 pinned in the same frozen week: 6 are
    missed however they are shared, and what sells is made: 300. If one kind went before the other, 6 too, but then the
    margin of the frozen plan is 120; if misses were counted by promise: one, of any size."""
    margin, missed = answer(book(
        1, {"frozen_until": STARTS[1]}, pins=[{"order": "O", "line": "L1", "quantity": 10}],
        published_plan=[{"item": "A", "line": "L1", "bucket_start": STARTS[0], "quantity": 4}]))
    assert (margin, missed) == (pytest.approx(300), pytest.approx({"L1 / A": 6}))


def test_a_frozen_plan_may_be_missed_in_either_direction() -> None:
    """Proves: too much is a miss like too little. By hand: 12 published on L1 that makes 10; L2, where none is,
    makes nothing: 2 missed, 300. If L2's 2 units were no miss: 2 missed, 360."""
    margin, missed = answer(book(
        1, {"frozen_until": STARTS[1]}, lines=[line(hours=20), line("L2")], routings=[routing(), routing("L2")],
        orders=[order(quantity=12)],
        published_plan=[{"item": "A", "line": "L1", "bucket_start": STARTS[0], "quantity": 12}]))
    assert (margin, missed) == (pytest.approx(300), pytest.approx({"L1 / A": 2}))


def test_what_is_never_relaxed_is_not_missed_but_kept() -> None:
    """Proves: a quota is hard, a firm order is not. By hand: 4 may ship, 6 are missed: 120. If promises went before
    quotas: 300."""
    margin, missed = answer(book(orders=[order(commitment="firm")], allocations=[{"rule": "R", "max_qty": 4}]))
    assert (margin, missed) == (pytest.approx(120), pytest.approx({"O": 6}))


def test_an_order_that_can_never_arrive_is_missed_in_full() -> None:
    """Proves: a firm order without any possible shipment is a miss, not a failure."""
    margin, missed = answer(book(orders=[order(commitment="firm", due_date="2025-01-10")]))
    assert (margin, missed) == (pytest.approx(0), pytest.approx({"O": 10}))
