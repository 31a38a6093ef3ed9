"""The plan's tables earn what the search claims, or the plan is not signed."""

from dataclasses import replace

import pytest

from model.publishing import held_to_search
from tests.support import Records, plan, settings


def order(name: str, quantity: float, price: float, **others: object) -> dict[str, object]:
    """An order for A in the one week there is."""
    return {"order": name, "item": "A", "quantity": quantity, "unit_price": price, "due_date": "2025-01-12", **others}


def book(hours: float, cost: float, *orders: dict[str, object]) -> Records:
    """A line of so many hours that makes one A in each."""
    return {"settings": settings(1), "items": [{"item": "A"}], "lines": [{"line": "L", "regular_hours": hours}],
            "routings": [{"line": "L", "item": "A", "hours_per_unit": 1, "unit_cost": cost}], "orders": [*orders]}


TEN = [order(f"O{place}", 1, 5) for place in range(10)]
DEAR = order("DEAR", 20, 100_000, min_fill=1)


def test_a_margin_the_tables_do_not_earn_is_refused():
    """Proves: 10 units at 30 earn 300. A search that claims 301, by a slip of a tolerance, would be believed without
    the law; within rounding it is signed, and so is one that leaves a setup out and earns more than claimed."""
    result = plan(book(40, 0, order("O", 10, 30)))
    assert result.plan is not None
    assert result.audit is not None
    assert result.audit.passed
    assert [each.law for each in result.audit.findings[-2:]] == ["search_margin", "search_bound"]
    for claimed, signed in ((300.0001, True), (301.0, False), (299.0, True)):
        verdict = held_to_search(result.audit, result.plan, replace(result.outcome, margin=claimed))
        assert verdict.passed is signed


def test_money_rounded_row_by_row_is_no_slip():
    """Proves: one order of 20 units at 100,000 that nobody can make leaves three decimals for money, so each of ten
    rows of 0.3336 is written as 0.334: 10 x 5 - 3.336 = 46.664 is claimed and 46.66 in the tables. Without room for
    ten roundings a right plan would be refused."""
    result = plan(book(10, 0.3336, *TEN, DEAR))
    assert result.plan is not None and result.audit is not None and result.outcome.margin is not None
    assert result.outcome.margin == pytest.approx(46.664, abs=1e-9)
    assert result.plan.decimals["money"] == 3 and result.plan.margin == pytest.approx(46.66, abs=1e-9)
    assert result.audit.passed, result.audit.failures()


def test_a_margin_above_its_bound_is_refused():
    """Proves: 10 units at 30 earn 300. If 299 were proven to be the most that is possible, either plan or proof would
    be wrong; without the law it would be published as the best possible plan."""
    result = plan(book(40, 0, order("O", 10, 30)))
    assert result.plan is not None and result.audit is not None
    for proven, signed in ((299.9999, True), (299.0, False), (301.0, True)):
        verdict = held_to_search(result.audit, result.plan, replace(result.outcome, margin=299.0, bound=proven))
        assert verdict.passed is signed


def test_money_rounded_upwards_is_no_more_than_is_proven():
    """Proves: the same book at a cost of 0.3334, written ten times as 0.333: 46.666 is the most that can be earned, and
    46.67 stands in the tables. Without room for ten roundings a right plan would be refused; the bound shown is not
    below it."""
    result = plan(book(10, 0.3334, *TEN, DEAR))
    assert result.plan is not None and result.audit is not None
    assert result.outcome.bound == pytest.approx(46.666, abs=1e-9) and result.plan.margin == pytest.approx(46.67)
    assert result.audit.passed, result.audit.failures()
    assert result.plan.bound >= result.plan.margin


def test_an_item_without_any_source_is_delivered_to_nobody():
    """Proves: what no line makes in any bucket cannot ship, even where another order traces the item. By hand: all 12
    of A from one line in three months go to O, 12 x 26 = 312. If B came from nowhere: 8 x 14 = 112 more.
    """
    result = plan({
        "settings": {"bucket": "month", "bucket_count": 3, "gap": 0.0, "start_date": "2025-01-06"},
        "items": [{"item": "A"}, {"item": "B"}],
        "lines": [{"line": "L1", "regular_hours": 8}, {"line": "L2", "regular_hours": 6}],
        "routings": [{"line": "L1", "item": "A", "hours_per_unit": 2},
                     {"line": "L2", "item": "B", "hours_per_unit": 1, "from_date": "2025-03-18"}],
        "stock": [{"item": "A", "opening_stock": 2}, {"item": "B"}],
        "substitutes": [{"item": "B", "substitute": "A"}],
        "orders": [{"order": "O", "item": "B", "quantity": 19, "unit_price": 26, "due_date": "2025-04-07",
                    "single_line": True, "substitution": True},
                   {"order": "P", "item": "B", "quantity": 8, "unit_price": 14, "due_date": "2025-03-30"}]})
    assert result.outcome.margin is not None
    assert abs(result.outcome.margin - 312) < 1e-6
