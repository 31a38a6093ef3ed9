"""The production of an earlier result as the published plan of an order book."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from model.findings import Finding
from model.from_plan.leaving import leaving_of
from model.from_plan.order_rows import ORDER, OrderRows
from model.from_plan.plan_cells import PlanCells
from model.from_plan.promises import NEEDED_FOR_PROMISES, Promises
from model.from_plan.shipments import shipments_of
from model.schema import CHOICES_ZH, TABLES
from model.tables import RawBook, RawTable
from model.tables.parse import parse_cell, parse_column, shown
from model.tables.plan_workbook import read_plan

_PUBLISHED = tuple(TABLES["published_plan"].by_name)
_NEEDED = {"production": _PUBLISHED, "audit": ("passed",)}


def with_published_plan(book: RawBook, plan: Path, keep_promises: bool, planned: RawBook | None = None) -> RawBook:
    """The book with the production of the result workbook ``plan`` as its published plan.

    With ``keep_promises`` the orders that the plan accepts, in full or partly, become firm for what it delivers, at
    the latest on the date it promises. What left before the book begins is promised no more, and where the book lets
    an order leave too late for the date, its own dates hold.
    ``planned`` is the book with the changes of a scenario and of the command line, which say when an order may leave.
    What is wrong with the file, and promises that no longer fit the book, are findings in the book that comes back.
    """
    needed = {**_NEEDED, **(NEEDED_FOR_PROMISES if keep_promises else {})}
    found = read_plan(plan, tuple(needed))
    findings = [*found.findings, *_missing_columns(found, needed)]
    if not findings and not _is_signed(found.tables["audit"], plan):
        findings.append(Finding("error", "plan_rejected", cell=plan.name, value=plan.name))
    tables = dict(book.tables)
    if not findings:
        tables["published_plan"] = _published(found.tables["production"], book, findings)
        if keep_promises and "orders" in tables:
            planned = planned or book
            promises = Promises(OrderRows(tables["orders"].copy()), OrderRows(planned.tables["orders"]),
                                leaving_of(planned), PlanCells(found.tables["decisions"], findings),
                                shipments_of(found.tables["shipments"], findings), findings)
            promises.keep()
            tables["orders"] = promises.orders.table
            if "pins" in tables:
                tables["pins"] = _within(tables["pins"], promises.lowered)
    return RawBook(book.source, tables, [*book.findings, *findings], book.ignored)


def _missing_columns(found: RawBook, needed: Mapping[str, tuple[str, ...]]) -> list[Finding]:
    return [Finding("error", "plan_column_missing", "", table.header_row, column, table.source)
            for name, table in found.tables.items() for column in needed[name] if column not in table.columns]


def _is_signed(audit: RawTable, plan: Path) -> bool:
    """Whether the audit passed every law; its words and the file's name both tell."""
    failed = {"no", CHOICES_ZH["no"]}
    return ".REJECTED" not in plan.stem and not any(shown(cell) in failed for cell in audit.columns["passed"])


def _published(production: RawTable, book: RawBook, findings: list[Finding]) -> RawTable:
    """The production as a published plan; what a line or item made that is no longer in the book is left out."""
    table = production.copy()
    table.name, table.columns = "published_plan", {name: table.columns[name] for name in _PUBLISHED}
    # Findings about the published plan name cells of the plan's own workbook.
    table.letters = {name: table.letters[name] for name in _PUBLISHED}
    table.headers = {name: table.headers[name] for name in _PUBLISHED}
    gone: dict[tuple[str, str], list[int]] = {}
    for column, owner in (("line", "lines"), ("item", "items")):
        known = _names(book, owner, column)
        values, _ = parse_column(ORDER, table.columns[column])
        for position, name in enumerate(values):
            if known is not None and name is not None and name not in known:
                gone.setdefault((column, str(name)), []).append(position)
    for (column, name), positions in gone.items():
        findings.append(Finding("warning", "plan_name_gone", "published_plan", column=column, value=name,
                                cell=table.address(positions[0], column), details={"count": str(len(positions))}))
    return _without(table, {position for positions in gone.values() for position in positions})


def _within(pins: RawTable, lowered: Mapping[str, tuple[float, str]]) -> RawTable:
    """The pins, none above the quantity (and the cell it comes from) to which its order is lowered."""
    table, amount = pins.copy(), TABLES["pins"].by_name["quantity"]
    cells = table.columns.get("quantity", [])
    for position, (written, content) in enumerate(zip(table.columns.get("order", []), cells, strict=False)):
        most, place = lowered.get(shown(parse_cell(ORDER, written)), (math.inf, ""))
        pinned = parse_cell(amount, content)
        if isinstance(pinned, float) and pinned > most:
            cells[position] = most
            table.places[position, "quantity"] = place
    return table


def _names(book: RawBook, table: str, column: str) -> set[object] | None:
    raw = book.tables.get(table)
    return set(parse_column(ORDER, raw.columns[column])[0]) if raw and column in raw.columns else None


def _without(table: RawTable, positions: set[int]) -> RawTable:
    kept = [position for position in range(len(table.row_numbers)) if position not in positions]
    moved = {old: new for new, old in enumerate(kept)}
    table.columns = {name: [cells[position] for position in kept] for name, cells in table.columns.items()}
    table.row_numbers = [table.row_numbers[position] for position in kept]
    table.places = {(moved[row], column): place for (row, column), place in table.places.items() if row in moved}
    return table
