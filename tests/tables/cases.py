"""A case that uses every table and has nothing wrong with it, and ways to write cases to disk."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import openpyxl
from openpyxl.utils import get_column_letter

from model.checks import Checked, check
from model.schema import TABLES
from model.tables import RawBook, from_records, read

Case = dict[str, list[dict[str, object]]]
DAY = dt.date

_GOOD: Case = {
    "settings": [
        {"key": "plan_name", "value": "Test plan"}, {"key": "start_date", "value": DAY(2025, 1, 6)},
        {"key": "bucket", "value": "week"}, {"key": "bucket_count", "value": 8}, {"key": "gap", "value": 0.001},
        {"key": "frozen_until", "value": DAY(2025, 1, 13)}, {"key": "currency", "value": "CNY"},
    ],
    "sites": [{"site": "east", "name": "East"}, {"site": "west", "name": "West"}],
    "items": [
        {"item": "pack", "name": "Pack", "family": "ess", "max_c_rate": 2.0, "max_backup_minutes": 60},
        {"item": "pack2", "name": "Pack two", "family": "ess", "max_c_rate": 3.0, "max_backup_minutes": 90},
        {"item": "cell", "name": "Cell", "family": None, "max_c_rate": None, "max_backup_minutes": None},
        {"item": "007", "name": "Foil", "family": None, "max_c_rate": None, "max_backup_minutes": None},
    ],
    "stock": [
        {"item": "pack", "site": "east", "opening_stock": 3, "safety_stock": 1, "storage_limit": 100,
         "holding_cost": 0.5},
        {"item": "cell", "site": "east", "opening_stock": 10, "safety_stock": 0, "storage_limit": None,
         "holding_cost": 0.1},
    ],
    "lines": [
        {"line": "L1", "site": "east", "regular_hours": 40, "overtime_hours": 8, "start_date": None, "end_date": None},
        {"line": "L2", "site": "east", "regular_hours": 60, "overtime_hours": 0, "start_date": DAY(2025, 1, 6),
         "end_date": DAY(2026, 1, 6)},
        {"line": "L3", "site": "west", "regular_hours": 40, "overtime_hours": 0, "start_date": None, "end_date": None},
    ],
    "calendar": [
        {"line": "L1", "from_date": DAY(2025, 1, 28), "to_date": DAY(2025, 2, 4), "availability": 0.0,
         "reason": "Spring Festival"},
        {"line": "bay", "from_date": DAY(2025, 1, 8), "to_date": DAY(2025, 1, 9), "availability": 0.5, "reason": None},
    ],
    "resources": [{"resource": "bay", "site": "east", "hours": 100}],
    "expansions": [{"line": "L3", "start_date": DAY(2025, 2, 3), "cost": 1000}],
    "provenance": [{"table": "lines", "row": "L1", "column": "regular_hours", "source": "assumed", "note": "guess"}],
    "routings": [
        {"line": "L1", "item": "pack", "hours_per_unit": 1.0, "setup_group": "packs", "setup_hours": 2,
         "setup_cost": 50, "min_lot": 2, "lot_multiple": 1, "from_date": None, "to_date": None},
        {"line": "L1", "item": "pack2", "hours_per_unit": 1.5, "setup_group": "packs", "setup_hours": 2,
         "setup_cost": 50, "min_lot": 0, "lot_multiple": None, "from_date": DAY(2025, 1, 6),
         "to_date": DAY(2025, 12, 31)},
        {"line": "L2", "item": "cell", "hours_per_unit": 0.1, "setup_group": None, "setup_hours": 0, "setup_cost": 0,
         "min_lot": 0, "lot_multiple": None, "from_date": None, "to_date": None},
        {"line": "L3", "item": "pack", "hours_per_unit": 1.0, "setup_group": None, "setup_hours": 0, "setup_cost": 0,
         "min_lot": 0, "lot_multiple": None, "from_date": None, "to_date": None},
    ],
    "routing_resources": [{"line": "L1", "item": "pack", "resource": "bay", "hours_per_unit": 0.5}],
    "bill_of_materials": [
        {"item": "pack", "component": "cell", "quantity_per": 4}, {"item": "pack2", "component": "cell",
                                                                   "quantity_per": 6},
        {"item": "cell", "component": "007", "quantity_per": 0.2},
    ],
    "supply": [
        {"supplier": "S1", "item": "007", "site": "east", "from_date": DAY(2025, 1, 1), "to_date": DAY(2025, 1, 31),
         "unit_cost": 2, "max_qty": 500, "min_qty": 0},
        {"supplier": "S1", "item": "007", "site": "east", "from_date": DAY(2025, 2, 1), "to_date": None,
         "unit_cost": 3, "max_qty": 500, "min_qty": 10},
    ],
    "receipts": [{"item": "007", "site": "east", "date": DAY(2025, 1, 10), "quantity": 25}],
    "transfers": [
        {"from_site": "east", "to_site": "west", "item": None, "unit_cost": 1, "transit_days": 2},
        {"from_site": "east", "to_site": "west", "item": "cell", "unit_cost": 1, "transit_days": 1},
    ],
    "currencies": [{"currency": "USD", "rate": 7.2}],
    "markets": [
        {"market": "CN", "region": "domestic", "currency": None, "duty_rate": 0},
        {"market": "US", "region": "overseas", "currency": "USD", "duty_rate": 0.1},
    ],
    "duties": [
        {"market": "US", "item": None, "from_date": DAY(2025, 1, 1), "to_date": DAY(2025, 1, 31), "duty_rate": 0.2},
        {"market": "US", "item": None, "from_date": DAY(2025, 2, 1), "to_date": None, "duty_rate": 0.3},
        {"market": "US", "item": "pack", "from_date": None, "to_date": None, "duty_rate": 0.25},
    ],
    "lanes": [
        {"site": "east", "market": "US", "mode": "sea", "freight_cost": 5, "transit_days": 14},
        {"site": "west", "market": "US", "mode": "sea", "freight_cost": 4, "transit_days": 12},
    ],
    "customers": [{"customer": "C1", "name": "One", "tier": "A"}, {"customer": "C2", "name": "Two", "tier": None}],
    "orders": [
        {"order": "1", "customer": "C1", "market": "CN", "item": "pack", "quantity": 10, "unit_price": 100.0,
         "currency": None, "commitment": "firm", "decision": None, "order_date": DAY(2024, 12, 1),
         "earliest_ship_date": DAY(2025, 1, 12), "due_date": DAY(2025, 1, 26), "latest_date": DAY(2025, 2, 9),
         "single_line": "yes", "min_c_rate": 1.0, "substitution": "yes", "win_probability": 1, "min_fill": 1},
        {"order": "NA", "customer": "C2", "market": "US", "item": "pack2", "quantity": 5, "unit_price": 20.0,
         "currency": None, "commitment": "optional", "decision": None, "order_date": None,
         "earliest_ship_date": None, "due_date": DAY(2025, 2, 20), "latest_date": None, "single_line": "no",
         "min_c_rate": None, "substitution": "no", "win_probability": 0.9, "min_fill": 0.5},
        {"order": "1e5", "customer": None, "market": None, "item": "cell", "quantity": 50, "unit_price": 9.0,
         "currency": "USD", "commitment": None, "decision": "decline", "order_date": None,
         "earliest_ship_date": None, "due_date": DAY(2025, 2, 2), "latest_date": None, "single_line": None,
         "min_c_rate": None, "substitution": None, "win_probability": None, "min_fill": None},
        {"order": "TRUE", "customer": "C1", "market": "CN", "item": "pack", "quantity": 4, "unit_price": 90.0,
         "currency": "CNY", "commitment": None, "decision": "accept", "order_date": None,
         "earliest_ship_date": None, "due_date": DAY(2025, 2, 2), "latest_date": None, "single_line": None,
         "min_c_rate": None, "substitution": None, "win_probability": None, "min_fill": None},
    ],
    "substitutes": [{"item": "pack", "substitute": "pack2", "market": None, "customer": "C1", "price_factor": 0.95},
                    {"item": "pack", "substitute": "pack2", "market": "US", "customer": None, "price_factor": 0.9}],
    "approvals": [{"customer": "C1", "item": "pack", "line": "L1"}],
    "allocations": [{"rule": "quota", "from_date": DAY(2025, 1, 6), "to_date": DAY(2025, 2, 28), "customer": None,
                     "market": None, "region": "overseas", "item": None, "family": "ess", "min_qty": 0,
                     "max_qty": 30}],
    "pins": [{"order": "1", "line": "L1", "bucket_start": DAY(2025, 1, 15), "quantity": 2, "sense": "min"},
             {"order": "1", "line": "L1", "bucket_start": None, "quantity": 6, "sense": "max"}],
    "published_plan": [{"order": "1", "item": "pack", "line": "L1", "bucket_start": DAY(2025, 1, 6), "quantity": 3}],
    "scenarios": [
        {"scenario": "more hours", "table": "lines", "row": "L1", "column": "regular_hours", "operation": "multiply",
         "value": 1.5},
        {"scenario": "later", "table": "orders", "row": "NA", "column": "due_date", "operation": "set",
         "value": "2025-02-25"},
    ],
}


def good_case() -> Case:
    """A fresh copy of the faultless case."""
    return deepcopy(_GOOD)


def headers(case: Case, table: str) -> list[str]:
    """Column names of a table in the order in which they stand."""
    return list(dict.fromkeys(name for row in case[table] for name in row))


def write_csv(folder: Path, case: Case, encoding: str = "utf-8") -> Path:
    """The case as a folder of CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in case.items():
        with (folder / f"{table}.csv").open("w", encoding=encoding, newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            names = headers(case, table)
            writer.writerow(names)
            writer.writerows([_text(row.get(name)) for name in names] for row in rows)
    return folder


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return "" if cell is None else str(cell)


def write_xlsx(path: Path, case: Case) -> Path:
    """The case as a workbook with native numbers and dates, written by openpyxl."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for table, rows in case.items():
        sheet = book.create_sheet(table)
        names = headers(case, table)
        sheet.append(names)
        for row in rows:
            sheet.append([row.get(name) for name in names])
    book.save(path)
    return path


def write(form: str, folder: Path, case: Case) -> Path:
    """The case in the form "csv" or "xlsx"."""
    return write_csv(folder / "case", case) if form == "csv" else write_xlsx(folder / "case.xlsx", case)


def place(form: str, case: Case, table: str, row: int, column: str) -> str:
    """The address that the cell of a row (counted from 0) must have."""
    coordinate = f"{get_column_letter(headers(case, table).index(column) + 1)}{row + 2}"
    return f"{table}.csv {coordinate}" if form == "csv" else f"{table}!{coordinate}"


def checked(path: Path, **options: object) -> Checked:
    """The checked input; every finding must have its texts in both languages and at most one per cell and rule."""
    return proven(read(path), **options)


def proven(book: RawBook, **options: object) -> Checked:
    """The checked book, its findings' texts filled."""
    result = check(book, **options)  # type: ignore[arg-type]
    for finding in result.findings:
        for language in ("en", "zh"):
            assert "{" not in finding.rule_text(language).replace(finding.value, "")
            assert finding.remedy_text(language)
        assert finding.table == "" or finding.table in TABLES
    assert (result.tables is None) == any(finding.severity == "error" for finding in result.findings)
    return result


def rules(result: Checked) -> set[str]:
    """The rules that were broken."""
    return {finding.rule for finding in result.findings}


def broken(change: Callable[[Case], object]) -> Checked:
    """The good case after a change, checked in memory."""
    tables = good_case()
    change(tables)
    return proven(from_records(tables))
