"""What an earlier result promised, put into the orders of a book."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from model.findings import Detail, Finding
from model.from_plan.leaving import Leaving
from model.from_plan.order_rows import ORDER, OrderRows
from model.labels import LANGUAGES, label
from model.schema import Column, Kind
from model.tables import Bad, RawBook, RawTable
from model.tables.names import fold
from model.tables.parse import parse_cell, shown

NEEDED_FOR_PROMISES = {"decisions": ("order", "status", "quantity", "delivered", "last_arrival"),
                       "shipments": ("order", "departure")}
_STATUSES = ("accepted", "partial", "declined", "missed", "left_out")
_PROMISED = ("accepted", "partial")
_KINDS: dict[str, Kind] = {"quantity": "number", "delivered": "number", "last_arrival": "date", "departure": "date"}
_SAME = 1e-6
"""Shares below this are rounding: plans are written with six decimals or more."""


def last_departures(found: RawBook) -> dict[str, tuple[dt.date, str]]:
    """The last departure of each order, and the cell where it stands."""
    shipments = found.tables["shipments"]
    last: dict[str, tuple[dt.date, str]] = {}
    orders, days = shipments.columns["order"], shipments.columns["departure"]
    for position, (written, content) in enumerate(zip(orders, days, strict=True)):
        order, day = shown(parse_cell(ORDER, written)), parse_cell(Column("departure", "date", "", ""), content)
        if isinstance(day, dt.date) and (order not in last or day > last[order][0]):
            last[order] = (day, shipments.address(position, "departure"))
    return last


@dataclass
class Promises:
    """The order book's orders, to be made firm, and the decisions of the plan.

    ``planned`` are the orders as they will be planned, a scenario's changes in them, and ``leaving`` says when they
    may leave. ``lowered``: the quantity of each order that is promised less than was ordered, and the cell where that
    stands.
    """

    orders: OrderRows
    planned: OrderRows
    leaving: Leaving
    decisions: RawTable
    departures: Mapping[str, tuple[dt.date, str]]
    findings: list[Finding]
    lowered: dict[str, tuple[float, str]] = field(default_factory=dict)

    def keep(self) -> None:
        """Make every order firm that the plan accepts, in full or partly."""
        for position in range(len(self.decisions.row_numbers)):
            order, status = self._read(position, "order"), self._status(position)
            if order is None or status not in _PROMISED:
                continue
            row = self.orders.row(str(order))
            if row is None:
                self._say("warning", "promise_order_gone", position, "order")
            elif self.orders.given(str(order), "decision") == "decline":
                self._doubt("promise_declined", row, "decision", order=str(order))
            else:
                self._keep(position, row, str(order), status)

    def _keep(self, position: int, row: int, order: str, status: str) -> None:
        quantity, delivered = self._read(position, "quantity"), self._read(position, "delivered")
        promised, place = self._read(position, "last_arrival"), self.decisions.address(position, "last_arrival")
        # The order's dates are then met on the day the goods leave.
        if self.orders.given(order, "due_basis") == "departure" and order in self.departures:
            promised, place = self.departures[order]
        if not isinstance(quantity, float) or not isinstance(delivered, float) or not isinstance(promised, dt.date):
            return
        if not self._leaves(row, order, promised):
            return
        self.orders.put(row, "commitment", "firm", self.decisions.address(position, "status"))
        self._date(row, order, promised, place)
        asked = self.orders.given(order, "quantity")
        if not isinstance(asked, float):
            return
        if asked > quantity * (1 + _SAME):
            self._doubt("promise_below_order", row, "quantity", order=order, delivered=shown(delivered))
        # An accepted order keeps the quantity that was ordered: what the plan says of it is rounded.
        if asked > (delivered if status == "partial" else quantity) * (1 + _SAME):
            place = self.decisions.address(position, "delivered")
            self.orders.put(row, "quantity", delivered, place)
            self.lowered[order] = (delivered, place)

    def _leaves(self, row: int, order: str, promised: dt.date) -> bool:
        """Whether the book lets the order leave before the plan ends; what cannot is not made firm, only to be
        missed."""
        earliest, buckets = self.planned.given(order, "earliest_ship_date"), self.leaving.buckets
        if not isinstance(earliest, dt.date) or not buckets or earliest <= buckets[-1]:
            return True
        self._doubt("promise_after_horizon", row, "earliest_ship_date", order=order, promised=shown(promised),
                    value=shown(earliest), end=shown(buckets[-1]))
        return False

    def _date(self, row: int, order: str, promised: dt.date, place: str) -> None:
        """Date the order as promised, unless the book has dated it earlier or lets it leave too late for that."""
        due = self.orders.given(order, "due_date")
        latest = self.orders.given(order, "latest_date") or due
        # A date that the order book has since brought forward of the promise stands.
        if not isinstance(latest, dt.date) or latest <= promised:
            return
        given = self.planned.given
        earliest = given(order, "earliest_ship_date")
        if isinstance(earliest, dt.date):
            first = self.leaving.first_met(earliest, given(order, "market"), given(order, "due_basis"))
            if first is not None and first > promised:
                self._doubt("promise_postponed", row, "earliest_ship_date", order=order, promised=shown(promised),
                            value=shown(earliest), first=shown(first), latest=shown(latest))
                return
        self.orders.put(row, "latest_date", promised, place)
        if isinstance(due, dt.date) and due > promised:
            self.orders.put(row, "due_date", promised, place)

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

    def _say(self, severity: Literal["error", "warning"], rule: str, position: int, column: str,
             **details: Detail) -> None:
        """A finding at a cell of the plan."""
        table = self.decisions
        self.findings.append(Finding(severity, rule, "", table.row_numbers[position], column,
                                     table.address(position, column), shown(table.columns[column][position]), details))

    def _doubt(self, rule: str, row: int, column: str, **details: str) -> None:
        """A warning at a cell of the order book."""
        table = self.orders.table
        self.findings.append(Finding("warning", rule, "orders", table.row_numbers[row], column,
                                     table.address(row, column),
                                     shown(table.columns[column][row]) if column in table.columns else "", details))


def _status_words() -> dict[str, str]:
    """The plan's words for a decision, in every language, folded."""
    words = {fold(status): status for status in _STATUSES}
    for language in LANGUAGES:
        words |= {fold(label(f"status.{status}", language)): status for status in _STATUSES}
    return words
