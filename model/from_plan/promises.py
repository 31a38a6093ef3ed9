"""What an earlier result promised, put into the orders of a book."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from model.findings import Finding
from model.from_plan.leaving import Leaving
from model.from_plan.order_rows import OrderRows
from model.from_plan.plan_cells import PlanCells
from model.from_plan.shipments import NEEDED_OF_SHIPMENTS, Shipment
from model.labels import LANGUAGES, label
from model.tables.names import fold
from model.tables.parse import shown

NEEDED_FOR_PROMISES = {"decisions": ("order", "status", "quantity", "delivered", "last_arrival"),
                       "shipments": NEEDED_OF_SHIPMENTS}
_STATUSES = ("accepted", "partial", "declined", "missed", "left_out")
_PROMISED = ("accepted", "partial", "missed")
_SAME = 1e-6
"""Shares below this are rounding: plans are written with six decimals or more."""


@dataclass(frozen=True)
class _Promise:
    """What the plan promised for an order.

    ``day`` is the promised date, which stands at ``place``; ``left`` is what is gone of it when the book begins.
    """

    order: str
    position: int
    ordered: float
    delivered: float
    is_partial: bool
    day: dt.date
    place: str
    left: float

    @property
    def rest(self) -> float:
        """What has not left."""
        # The plan's figures are rounded, and so is their difference.
        return round(self.delivered - self.left, 9) if self.left else self.delivered

    def exceeds(self, asked: float, limit: float) -> bool:
        """Whether a quantity is above a limit by more than rounding."""
        return asked > limit + _SAME * self.ordered


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
    decisions: PlanCells
    shipments: Mapping[str, Sequence[Shipment]]
    findings: list[Finding]
    lowered: dict[str, tuple[float, str]] = field(default_factory=dict)

    def keep(self) -> None:
        """Make every order firm that the plan accepts, in full or partly, as far as it has not left."""
        for position in range(len(self.decisions.table.row_numbers)):
            order, status = self.decisions.read(position, "order"), self._status(position)
            if order is None or status not in _PROMISED or (status == "missed" and self._is_due(position, str(order))):
                continue
            promise, row = self._promise(position, str(order), status), self.orders.row(str(order))
            if promise is None:
                continue
            has_left = promise.rest <= _SAME * promise.delivered
            if row is None:
                if not has_left:
                    self.decisions.point_out("warning", "promise_order_gone", position, "order")
            elif has_left:
                self._ask_again(row, promise)
            elif self.orders.given(promise.order, "decision") == "decline":
                self._doubt("promise_declined", row, "decision", order=promise.order)
            elif self._leaves(row, promise):
                self._keep(row, promise)

    def _is_due(self, position: int, order: str) -> bool:
        """Whether an order that the plan misses in part is promised in full by the book, or the plan delivers nothing
        of it."""
        return self._is_firm(order) or not self.decisions.read(position, "delivered")

    def _is_firm(self, order: str) -> bool:
        return self.orders.given(order, "commitment") == "firm" or self.orders.given(order, "decision") == "accept"

    def _promise(self, position: int, order: str, status: str) -> _Promise | None:
        """What a row of the decisions promises; None where it cannot be understood."""
        ordered, delivered, day = (self.decisions.read(position, column)
                                   for column in ("quantity", "delivered", "last_arrival"))
        place = self.decisions.table.address(position, "last_arrival")
        # The order's dates are then met on the day the goods leave.
        if self.orders.given(order, "due_basis") == "departure" and order in self.shipments:
            day, _, place = max(self.shipments[order], key=lambda each: each.departure)
        if not isinstance(ordered, float) or not isinstance(delivered, float) or not isinstance(day, dt.date):
            return None
        return _Promise(order, position, ordered, delivered, status != "accepted", day, place,
                        self._left(order, ordered, delivered))

    def _left(self, order: str, ordered: float, delivered: float) -> float:
        """Units of an order that left before the book begins."""
        start, earliest = self.leaving.start, self.planned.given(order, "earliest_ship_date")
        shipments = self.shipments.get(order, ())
        gone = [each for each in shipments if start is not None and each.departure < start]
        left, asked = math.fsum(each.quantity for each in gone), self.orders.given(order, "quantity")
        # What the book still asks for and does not let leave so early has not left: the order was postponed.
        if isinstance(earliest, dt.date) and isinstance(asked, float) and asked > ordered * (1 + _SAME) - left:
            gone = [each for each in gone if each.departure >= earliest]
        # Parts are rounded each on its own: where all are gone, so is the whole.
        if gone and len(gone) == len(shipments):
            return delivered
        return math.fsum(each.quantity for each in gone)

    def _ask_again(self, row: int, promise: _Promise) -> None:
        """A doubt where the order asks for more than it should after all that was promised has left."""
        asked = self.orders.given(promise.order, "quantity")
        if (isinstance(asked, float) and promise.exceeds(asked, promise.ordered - promise.left)
                and self.orders.given(promise.order, "decision") != "decline"):
            self._doubt("promise_has_left", row, "quantity", **self._departed(promise))

    def _departed(self, promise: _Promise) -> dict[str, str]:
        """What has left of a promise, and what has not, as a message says it."""
        return {"order": promise.order, "delivered": shown(promise.delivered), "left": shown(round(promise.left, 9)),
                "rest": shown(promise.rest), "start": shown(self.leaving.start)}

    def _keep(self, row: int, promise: _Promise) -> None:
        decisions, order = self.decisions.table, promise.order
        is_firm = self._is_firm(order)
        self.orders.put(row, "commitment", "firm", decisions.address(promise.position, "status"))
        self._date(row, promise)
        asked = self.orders.given(order, "quantity")
        if not isinstance(asked, float):
            return
        if promise.exceeds(asked, promise.ordered - promise.left):
            rule = "promise_partly_left" if promise.left else "promise_below_order"
            self._doubt(rule, row, "quantity", **self._departed(promise))
        elif is_firm and promise.is_partial and promise.exceeds(asked, promise.rest):
            self._doubt("promise_below_firm", row, "quantity", **self._departed(promise))
        # An accepted order keeps the quantity that was ordered: what the plan says of it is rounded.
        if promise.exceeds(asked, promise.rest if promise.is_partial else promise.ordered - promise.left):
            place = decisions.address(promise.position, "delivered")
            self.orders.put(row, "quantity", promise.rest, place)
            self.lowered[order] = (promise.rest, place)

    def _leaves(self, row: int, promise: _Promise) -> bool:
        """Whether the book lets the order leave before the plan ends; what cannot is not made firm, only to be
        missed."""
        earliest, buckets = self.planned.given(promise.order, "earliest_ship_date"), self.leaving.buckets
        if not isinstance(earliest, dt.date) or not buckets or earliest <= buckets[-1]:
            return True
        self._doubt("promise_after_horizon", row, "earliest_ship_date", order=promise.order,
                    promised=shown(promise.day), value=shown(earliest), end=shown(buckets[-1]))
        return False

    def _date(self, row: int, promise: _Promise) -> None:
        """Date the order as promised, unless the book has dated it earlier or lets it leave too late for that."""
        order, day, given = promise.order, promise.day, self.planned.given
        due = self.orders.given(order, "due_date")
        latest = self.orders.given(order, "latest_date") or due
        # A date that the order book has since brought forward of the promise stands.
        if not isinstance(latest, dt.date) or latest <= day:
            return
        earliest = given(order, "earliest_ship_date")
        if isinstance(earliest, dt.date):
            first = self.leaving.first_met(earliest, given(order, "market"), given(order, "due_basis"))
            if first is not None and first > day:
                self._doubt("promise_postponed", row, "earliest_ship_date", order=order, promised=shown(day),
                            value=shown(earliest), first=shown(first), latest=shown(latest))
                return
        self.orders.put(row, "latest_date", day, promise.place)
        if isinstance(due, dt.date) and due > day:
            self.orders.put(row, "due_date", day, promise.place)

    def _status(self, position: int) -> str | None:
        """The decision in the plan's own word; a word that is none is an error."""
        content = self.decisions.table.columns["status"][position]
        status = _status_words().get(fold(shown(content)))
        if status is None and content is not None:
            self.decisions.point_out("error", "not_a_choice", position, "status", choices=_STATUSES)
        return status

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
