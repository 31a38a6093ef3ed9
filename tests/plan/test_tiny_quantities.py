"""Proves: what counts as nothing is small against the orders of the book, not against one unit."""

from __future__ import annotations

import pytest

from tests.cli.book import order, small_book
from tests.support import plan, settings


@pytest.mark.parametrize("size", [1.0, 1e-3, 1e-6, 1e-7])
def test_the_small_book_in_smaller_and_smaller_units(size):
    """The same factory counted in larger and larger units is the same plan. By hand, in units of ``size``: 80 hours
    make 40 of GOLD 30 at 5, SILVER 15 at 4 and SCRAP 5 at 0.5, each costing 1: 30 + 10 earn 30 x 4 + 10 x 3 = 150.

    Were everything below a millionth of a unit nothing, the third book would deliver nothing of orders it calls
    accepted, because they are within a millionth of what was asked.
    """
    book = small_book()
    book["routings"] = [{"line": "L1", "item": "A", "hours_per_unit": 2 / size, "unit_cost": 1 / size}]
    book["orders"] = [order("GOLD", 30 * size, 5 / size), order("SILVER", 15 * size, 4 / size),
                      order("SCRAP", 5 * size, 0.5 / size), order("REFUSED", 5 * size, 9 / size, decision="decline")]
    result = plan(book)
    rows = {row.order: row for row in result.plan.frames["decisions"].itertuples()}
    assert {name: row.status for name, row in rows.items()} == {
        "GOLD": "accepted", "SILVER": "partial", "SCRAP": "declined", "REFUSED": "left_out"}
    assert rows["GOLD"].delivered == pytest.approx(30 * size) and rows["SILVER"].delivered == pytest.approx(10 * size)
    assert result.plan.margin == pytest.approx(150.0) and result.audit.passed


@pytest.mark.parametrize("size", [1.0, 0.1, 0.01, 1e-3, 1e-6])
def test_a_frozen_plan_is_kept_as_closely_as_the_orders_are_small(size):
    """Proves: the room for a published plan's rounding follows the orders. By hand, in units of ``size``: 0.5 is frozen
    in the week in which both orders of 5 at 100 are due: 0.5 x 100 = 50. If the room were a millionth of a unit however
    small the orders: ever more is made than published, which the audit refuses."""
    result = plan({
        "settings": settings(2, frozen_until="2025-01-13"), "items": [{"item": "P"}],
        "lines": [{"line": "A", "regular_hours": 10}],
        "routings": [{"line": "A", "item": "P", "hours_per_unit": 1 / size}],
        "published_plan": [{"order": "O0", "item": "P", "line": "A", "bucket_start": "2025-01-06",
                            "quantity": 0.5 * size}],
        "orders": [{"order": name, "item": "P", "quantity": 5 * size, "unit_price": 100 / size,
                    "due_date": "2025-01-12"} for name in ("O0", "O1")]})
    assert result.audit.passed, result.audit.failures()
    assert result.plan.frames["misses"].empty
    assert result.plan.frames["production"]["quantity"].sum() == pytest.approx(0.5 * size, rel=3e-5)
    assert result.plan.margin == pytest.approx(50, rel=3e-5)


def test_an_order_of_next_to_nothing_is_not_in_full_with_nothing():
    """Proves: what is short of an order is small against it, too. By hand: a millionth of a unit is sold below its cost
    and declined, the others earn 150. If a millionth of a unit were always nothing: accepted, with nothing delivered,
    and refused by the audit."""
    book = small_book()
    book["orders"][2]["quantity"] = 1e-6
    result = plan(book)
    assert result.plan.frames["decisions"].set_index("order").at["SCRAP", "status"] == "declined"
    assert result.audit.passed and result.plan.margin == pytest.approx(150.0)
