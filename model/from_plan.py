"""An earlier result put into the order book: its production as the published plan, its deliveries as firm promises."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from model.findings import Detail, Finding
from model.labels import LANGUAGES, label
from model.schema import CHOICES_ZH, TABLES, Column, Kind
from model.tables import Bad, RawBook, RawTable
from model.tables.names import fold
from model.tables.parse import parse_cell, parse_column, shown
from model.tables.plan_workbook import read_plan

_PUBLISHED = tuple(TABLES["published_plan"].by_name)
_NEEDED = {"production": _PUBLISHED, "audit": ("passed",)}
_NEEDED_FOR_PROMISES = {"decisions": ("order", "status", "quantity", "delivered", "last_arrival"),
                        "shipments": ("order", "departure")}
_STATUSES = ("accepted", "partial", "declined", "missed", "left_out")
_PROMISED = ("accepted", "partial")
_ORDER = Column("order", "text", "", "", key=True)
_KINDS: dict[str, Kind] = {"quantity": "number", "delivered": "number", "last_arrival": "date", "departure": "date"}
_SAME = 1e-6
"""Shares below this are rounding: plans are written with six decimals or more."""


def with_published_plan(book: RawBook, plan: Path, keep_promises: bool) -> RawBook:
    """The book with the production of the result workbook ``plan`` as its published plan.

    With ``keep_promises`` the orders that the plan accepts, in full or partly, become firm for what it delivers, at
    the latest on the date it promises. What is wrong with the file, and promises that no longer fit the book, are
    findings in the book that comes back.
    """
    needed = {**_NEEDED, **(_NEEDED_FOR_PROMISES if keep_promises else {})}
    found = read_plan(plan, tuple(needed))
    findings = [*found.findings, *_missing_columns(found, needed)]
    if not findings and not _is_signed(found.tables["audit"], plan):
        findings.append(Finding("error", "plan_rejected", cell=plan.name, value=plan.name))
    tables = dict(book.tables)
    if not findings:
        tables["published_plan"] = _published(found.tables["production"], book, findings)
        if keep_promises and "orders" in tables:
            promises = _Promises(tables["orders"].copy(), found.tables["decisions"], _last_departures(found), findings)
            promises.keep()
            tables["orders"] = promises.orders
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
        values, _ = parse_column(_ORDER, table.columns[column])
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
        most, place = lowered.get(shown(parse_cell(_ORDER, written)), (math.inf, ""))
        pinned = parse_cell(amount, content)
        if isinstance(pinned, float) and pinned > most:
            cells[position] = most
            table.places[position, "quantity"] = place
    return table


def _names(book: RawBook, table: str, column: str) -> set[object] | None:
    raw = book.tables.get(table)
    return set(parse_column(_ORDER, raw.columns[column])[0]) if raw and column in raw.columns else None


def _without(table: RawTable, positions: set[int]) -> RawTable:
    kept = [position for position in range(len(table.row_numbers)) if position not in positions]
    moved = {old: new for new, old in enumerate(kept)}
    table.columns = {name: [cells[position] for position in kept] for name, cells in table.columns.items()}
    table.row_numbers = [table.row_numbers[position] for position in kept]
    table.places = {(moved[row], column): place for (row, column), place in table.places.items() if row in moved}
    return table


def _last_departures(found: RawBook) -> dict[str, tuple[dt.date, str]]:
    """The last departure of each order, and the cell where it stands."""
    shipments = found.tables["shipments"]
    last: dict[str, tuple[dt.date, str]] = {}
    orders, days = shipments.columns["order"], shipments.columns["departure"]
    for position, (written, content) in enumerate(zip(orders, days, strict=True)):
        order, day = shown(parse_cell(_ORDER, written)), parse_cell(Column("departure", "date", "", ""), content)
        if isinstance(day, dt.date) and (order not in last or day > last[order][0]):
            last[order] = (day, shipments.address(position, "departure"))
    return last


@dataclass
class _Promises:
    """The order book's orders, to be made firm, and the decisions of the plan.

    ``lowered``: the quantity of each order that is promised less than was ordered, and the cell where that stands.
    """

    orders: RawTable
    decisions: RawTable
    departures: Mapping[str, tuple[dt.date, str]]
    findings: list[Finding]
    lowered: dict[str, tuple[float, str]] = field(default_factory=dict)
    _rows: dict[str, int] = field(default_factory=dict)

    def keep(self) -> None:
        """Make every order firm that the plan accepts, in full or partly."""
        written = self.orders.columns.get("order", [])
        self._rows = {shown(parse_cell(_ORDER, cell)): row for row, cell in enumerate(written) if cell is not None}
        for position in range(len(self.decisions.row_numbers)):
            order, status = self._read(position, "order"), self._status(position)
            if order is None or status not in _PROMISED:
                continue
            row = self._rows.get(str(order))
            if row is None:
                self._say("warning", "promise_order_gone", position, "order")
            elif self._given(row, "decision") == "decline":
                self._doubt("promise_declined", row, "decision", order=str(order))
            else:
                self._keep(position, row, str(order), status)

    def _keep(self, position: int, row: int, order: str, status: str) -> None:
        quantity, delivered = self._read(position, "quantity"), self._read(position, "delivered")
        promised, place = self._read(position, "last_arrival"), self.decisions.address(position, "last_arrival")
        # The order's dates are then met on the day the goods leave.
        if self._given(row, "due_basis") == "departure" and order in self.departures:
            promised, place = self.departures[order]
        if not isinstance(quantity, float) or not isinstance(delivered, float) or not isinstance(promised, dt.date):
            return
        self._put(row, "commitment", "firm", self.decisions.address(position, "status"))
        due = self._given(row, "due_date")
        latest = self._given(row, "latest_date") or due
        # A date that the order book has since brought forward of the promise stands.
        if isinstance(latest, dt.date) and latest > promised:
            self._put(row, "latest_date", promised, place)
            if isinstance(due, dt.date) and due > promised:
                self._put(row, "due_date", promised, place)
        asked = self._given(row, "quantity")
        if not isinstance(asked, float):
            return
        if asked > quantity * (1 + _SAME):
            self._doubt("promise_below_order", row, "quantity", order=order, delivered=shown(delivered))
        # An accepted order keeps the quantity that was ordered: what the plan says of it is rounded.
        if asked > (delivered if status == "partial" else quantity) * (1 + _SAME):
            place = self.decisions.address(position, "delivered")
            self._put(row, "quantity", delivered, place)
            self.lowered[order] = (delivered, place)

    def _status(self, position: int) -> str | None:
        """The decision in the plan's own word; a word that is none is an error."""
        content = self.decisions.columns["status"][position]
        status = _status_words().get(fold(shown(content)))
        if status is None and content is not None:
            self._say("error", "not_a_choice", position, "status", choices=_STATUSES)
        return status

    def _read(self, position: int, column: str) -> object:
        """What stands in a cell of the decisions; one that cannot be understood, or is blank, is an error."""
        spoken = Column(column, _KINDS.get(column, "text"), label(f"column.{column}", "zh"), "",
                        key=column == "order")
        value = parse_cell(spoken, self.decisions.columns[column][position])
        if value is None or isinstance(value, Bad):
            rule = value.rule if isinstance(value, Bad) else "missing_value"
            self._say("error", rule, position, column, zh=spoken.label_zh, unit="", choices="")
            return None
        return value

    def _given(self, row: int, column: str) -> object:
        """What stands in a cell of the order book; None where it is blank or, as the checks say, not understood."""
        cells = self.orders.columns.get(column)
        value = parse_cell(TABLES["orders"].by_name[column], cells[row]) if cells else None
        return None if isinstance(value, Bad) else value

    def _put(self, row: int, column: str, value: object, place: str) -> None:
        cells = self.orders.columns.setdefault(column, [None] * len(self.orders.row_numbers))
        cells[row] = value
        self.orders.places[row, column] = place

    def _say(self, severity: Literal["error", "warning"], rule: str, position: int, column: str,
             **details: Detail) -> None:
        """A finding at a cell of the plan."""
        table = self.decisions
        self.findings.append(Finding(severity, rule, "", table.row_numbers[position], column,
                                     table.address(position, column), shown(table.columns[column][position]), details))

    def _doubt(self, rule: str, row: int, column: str, **details: str) -> None:
        """A warning at a cell of the order book."""
        self.findings.append(Finding("warning", rule, "orders", self.orders.row_numbers[row], column,
                                     self.orders.address(row, column), shown(self.orders.columns[column][row]),
                                     details))


def _status_words() -> dict[str, str]:
    """The plan's words for a decision, in every language, folded."""
    words = {fold(status): status for status in _STATUSES}
    for language in LANGUAGES:
        words |= {fold(label(f"status.{status}", language)): status for status in _STATUSES}
    return words
