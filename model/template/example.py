"""A small order book that can be planned as it is: it shows a planner how the template's sheets are filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from model.labels import label

Row = Mapping[str, object]


def example_rows(table: str, language: str) -> tuple[Row, ...]:
    """The example's rows of a table by column name, names in the reader's language; none where it needs none."""
    return tuple({column: label(f"example.{cell.key}", language) if isinstance(cell, _Words) else cell
                  for column, cell in row.items()} for row in _ROWS.get(table, ()))


class _Words:
    """A cell that is worded by the label ``example.<key>``."""

    def __init__(self, key: str) -> None:
        self.key = key


def _named(column: str, *rows: Mapping[str, object]) -> tuple[Row, ...]:
    """Rows whose name is worded after their identifier."""
    return tuple({column: row[column], "name": _Words(f"{column}.{row[column]}"),
                  **{key: cell for key, cell in row.items() if key != column}} for row in rows)


def _day(month: int, day: int) -> dt.date:
    return dt.date(2026, month, day)


_ROWS: dict[str, tuple[Row, ...]] = {
    "settings": (
        {"key": "plan_name", "value": _Words("plan_name")}, {"key": "start_date", "value": _day(1, 5)},
        {"key": "bucket", "value": "week"}, {"key": "bucket_count", "value": 14},
        {"key": "currency", "value": "CNY"}, {"key": "quantity_unit", "value": "MWh"},
    ),
    "items": _named(
        "item", {"item": "LEAD-2V", "technology": "lead", "sector": _Words("sector.telecom")},
        {"item": "LFP-RACK", "technology": "LFP", "sector": _Words("sector.data_centre")},
        {"item": "LFP-CELL", "technology": "LFP"}),
    "stock": ({"item": "LEAD-2V", "opening_stock": 4, "safety_stock": 2, "holding_cost": 300},),
    "lines": _named(
        "line", {"line": "LEAD-1", "technology": "lead", "regular_hours": 120, "overtime_hours": 20,
                 "overtime_cost": 900},
        {"line": "RACK-1", "technology": "LFP", "regular_hours": 80, "overtime_hours": 16, "overtime_cost": 1200}),
    "calendar": ({"from_date": _day(2, 16), "to_date": _day(2, 22), "availability": 0,
                  "reason": _Words("spring_festival")},),
    "routings": (
        {"line": "LEAD-1", "item": "LEAD-2V", "hours_per_unit": 10, "unit_cost": 42000},
        {"line": "RACK-1", "item": "LFP-RACK", "hours_per_unit": 8, "unit_cost": 90000, "setup_hours": 6,
         "setup_cost": 20000}),
    "bill_of_materials": ({"item": "LFP-RACK", "component": "LFP-CELL", "quantity_per": 1},),
    "supply": ({"supplier": "CELL-MAKER", "item": "LFP-CELL", "unit_cost": 310000, "lead_time_days": 10,
                "max_qty": 12},),
    "currencies": ({"currency": "EUR", "rate": 7.8},),
    "markets": _named(
        "market", {"market": "CN", "region": "domestic"},
        {"market": "EU", "region": "overseas", "currency": "EUR", "duty_rate": 0.027}),
    "lanes": ({"site": "main", "market": "CN", "mode": "road", "freight_cost": 3000, "transit_days": 3},
              {"site": "main", "market": "EU", "mode": "sea", "freight_cost": 26000, "transit_days": 35}),
    "customers": _named("customer", {"customer": "C-001"}, {"customer": "C-002"}),
    "orders": (
        {"order": "2026-001", "customer": "C-001", "market": "CN", "item": "LEAD-2V", "quantity": 20,
         "unit_price": 65000, "commitment": "firm", "due_date": _day(2, 8)},
        {"order": "2026-002", "customer": "C-001", "market": "CN", "item": "LEAD-2V", "quantity": 90,
         "unit_price": 61000, "commitment": "optional", "due_date": _day(3, 1), "latest_date": _day(3, 15),
         "min_fill": 0.5, "late_rate": 0.005},
        {"order": "2026-003", "customer": "C-002", "market": "EU", "item": "LFP-RACK", "quantity": 18,
         "unit_price": 86000, "commitment": "firm", "due_date": _day(3, 22), "late_rate": 0.01, "late_cap": 0.1,
         "latest_date": _day(4, 12), "incoterm": "DAP", "single_delivery": True},
        {"order": "2026-004", "customer": "C-002", "market": "EU", "item": "LFP-RACK", "quantity": 50,
         "unit_price": 78000, "commitment": "optional", "due_date": _day(4, 5), "min_fill": 1, "incoterm": "CIF"},
        {"order": "2026-005", "customer": "C-001", "market": "CN", "item": "LFP-RACK", "quantity": 40,
         "unit_price": 560000, "commitment": "optional", "due_date": _day(2, 15), "min_fill": 0.25},
        {"order": "2026-006", "customer": "C-002", "market": "CN", "item": "LEAD-2V", "quantity": 12,
         "unit_price": 43500, "commitment": "optional", "due_date": _day(3, 15)},
    ),
}
