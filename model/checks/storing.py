"""Goods on the way that exceed their store: told once a search has shown that no plan makes room for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from model.buckets import buckets, first_end_on_or_after
from model.findings import Finding
from model.tables import Tables
from model.tables.parse import shown

NO_ROOM = "goods_cannot_be_stored"


def goods_without_room(tables: Tables, notes: Sequence[str]) -> list[Finding]:
    """Where ``notes`` of a search say so: the receipt with which each item and site exceeds its storage limit.

    Without making and shipping, opening stock and receipts are what is in stock; if they fitted, that were a plan.
    """
    return _overflows(tables) if NO_ROOM in notes else []


def _overflows(tables: Tables) -> list[Finding]:
    horizon, receipts = buckets(tables.settings), tables.frames["receipts"]
    rows = receipts.assign(position=range(len(receipts)), bucket=first_end_on_or_after(horizon, receipts["date"]))
    rows = rows[rows["bucket"] < len(horizon)].merge(tables.frames["stock"], on=["item", "site"])
    rows = rows.sort_values(["bucket", "position"], kind="stable")
    rows["held"] = rows["opening_stock"] + rows.groupby(["item", "site"])["quantity"].cumsum()
    over = rows[rows["held"] > rows["storage_limit"]].drop_duplicates(["item", "site"])
    return [_finding(tables, int(row.position), row) for row in over.itertuples()]


def _finding(tables: Tables, position: int, row: Any) -> Finding:
    raw = tables.book.tables["receipts"]
    details = {"item": row.item, "site": row.site, "limit": shown(row.storage_limit), "date": shown(row.date)}
    return Finding("error", NO_ROOM, "receipts", raw.row_numbers[position], "quantity",
                   tables.cell("receipts", position, "quantity"), shown(row.quantity), details)
