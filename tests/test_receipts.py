"""Goods on the way that no store holds: the cell of the receipt that is too much, not the table alone."""

from __future__ import annotations

from model.checks.storing import NO_ROOM, goods_without_room
from tests.support import Records, settings, tables_of


def book(**stock: object) -> Records:
    return {
        "settings": settings(4), "items": [{"item": "A"}, {"item": "B"}],
        "lines": [{"line": "L", "regular_hours": 40}], "routings": [{"line": "L", "item": "A", "hours_per_unit": 1}],
        "orders": [{"order": "O", "item": "A", "quantity": 1, "unit_price": 1, "due_date": "2025-01-19"}],
        "stock": [{"item": "B", "opening_stock": 5, **stock}],
        "receipts": [{"item": "B", "date": "2025-01-20", "quantity": 4}, {"item": "A", "date": "2025-01-08",
                                                                        "quantity": 99},
                     {"item": "B", "date": "2025-01-08", "quantity": 3}],
    }


def test_the_receipt_that_is_too_much_is_named() -> None:
    """By hand: 5 + 3 = 8 on 2025-01-08 fit into 10, 8 + 4 = 12 on 2025-01-20 do not. That is the table's first row."""
    found = goods_without_room(tables_of(book(storage_limit=10)), [NO_ROOM])
    assert [(each.rule, each.cell, each.value) for each in found] == [(NO_ROOM, "receipts!C2", "4")]
    assert "the 4 of B" in found[0].rule_text() and "limit 10" in found[0].rule_text()


def test_receipts_that_fit_are_not_blamed() -> None:
    """12 fit into 12, and nothing is said where no search has said so."""
    assert not goods_without_room(tables_of(book(storage_limit=12)), [NO_ROOM])
    assert not goods_without_room(tables_of(book(storage_limit=10)), [])
