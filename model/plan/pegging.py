"""Which order each unit ends up with, through stock, transfers and further making: first due, first served.

Every movement is a lot: a quantity that is demanded in one queue and supplied to another. A queue matches what is
supplied to what is demanded, first in, first out, along a common axis of cumulated quantity. Labels of orders then
travel upstream from shipments to everything they were made of, and names of lines travel downstream.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import NamedTuple

SOURCES = ("production", "given", "purchase")


class Share(NamedTuple):
    """A stretch of a lot with its label."""

    label: str | None
    quantity: float


@dataclass
class Lot:
    """A quantity that is demanded in one queue, supplied to another, or both.

    ``order``: who finally gets it, for a shipment; ``line``: who made it, for production; ``feeds`` and
    ``use_per_unit``: for a component, the production lot it goes into and how much of it a good unit takes.
    """

    kind: str
    key: tuple[Hashable, ...]
    quantity: float
    order: str | None = None
    line: str | None = None
    feeds: Lot | None = None
    use_per_unit: float = 1.0
    demanded_by: list[Match] = field(default_factory=list)
    supplied_by: list[Match] = field(default_factory=list)


class Match(NamedTuple):
    """``quantity`` of a lot of the other side, from ``offset`` on within that lot."""

    lot: Lot
    offset: float
    quantity: float


class Queue:
    """Supplies in order of availability and demands in order of need of one item in one place."""

    def __init__(self) -> None:
        self.supplies: list[tuple[tuple[object, ...], Lot]] = []
        self.demands: list[tuple[tuple[object, ...], Lot]] = []

    def match(self, nothing: float) -> None:
        """First in, first out: each stretch of supply meets the demand at the same cumulated quantity.

        ``nothing``: what is left of a lot that is all used but for rounding.
        """
        supplies = [lot for _, lot in sorted(self.supplies, key=lambda pair: pair[0])]
        demands = [lot for _, lot in sorted(self.demands, key=lambda pair: pair[0])]
        i = j = 0
        used = met = 0.0
        while i < len(supplies) and j < len(demands):
            supply, demand = supplies[i], demands[j]
            step = min(supply.quantity - used, demand.quantity - met)
            if step > nothing:
                supply.demanded_by.append(Match(demand, met, step))
                demand.supplied_by.append(Match(supply, used, step))
            used, met = used + step, met + step
            # One step may end both: ends that differ by a hair are meant to be one.
            if supply.quantity - used <= nothing:
                i, used = i + 1, 0.0
            if demand.quantity - met <= nothing:
                j, met = j + 1, 0.0


class Labels:
    """Orders by stretch of a lot (upstream) and lines by stretch of a lot (downstream), each worked out once.

    ``nothing``: units of a lot that rounding leaves without an order.
    """

    def __init__(self, nothing: float) -> None:
        self._nothing = nothing
        self._orders: dict[int, list[Share]] = {}
        self._lines: dict[int, list[Share]] = {}

    def orders(self, lot: Lot) -> list[Share]:
        """Who gets the lot, stretch by stretch in the lot's own quantity; None for what stays in stock."""
        known = self._orders.get(id(lot))
        if known is None:
            # Stands in while the lot is worked out: goods moved in a ring would ask for themselves without end.
            self._orders[id(lot)] = [Share(lot.order, lot.quantity)]
            known = self._orders[id(lot)] = self._upstream(lot)
        return known

    def lines(self, lot: Lot) -> list[Share]:
        """Who made the lot, stretch by stretch; None for opening stock, receipts and purchases."""
        known = self._lines.get(id(lot))
        if known is None:
            self._lines[id(lot)] = [Share(lot.line, lot.quantity)]
            if lot.kind not in SOURCES:
                self._lines[id(lot)] = [share for match in lot.supplied_by
                                        for share in _cut(self.lines(match.lot), match.offset, match.quantity)]
            known = self._lines[id(lot)]
        return known

    def _upstream(self, lot: Lot) -> list[Share]:
        if lot.kind == "shipment":
            return [Share(lot.order, lot.quantity)]
        if lot.feeds is not None:
            return [Share(order, quantity * lot.use_per_unit) for order, quantity in self.orders(lot.feeds)]
        shares = [share for match in lot.demanded_by
                  for share in _cut(self.orders(match.lot), match.offset, match.quantity)]
        left = lot.quantity - sum(share.quantity for share in shares)
        return [*shares, Share(None, left)] if left > self._nothing else shares


def _cut(shares: list[Share], offset: float, quantity: float) -> list[Share]:
    """The stretch of ``quantity`` from ``offset`` on."""
    cut, position = [], 0.0
    end = offset + quantity
    for label, length in shares:
        first, last = max(position, offset), min(position + length, end)
        if last - first > 0:
            cut.append(Share(label, last - first))
        position += length
        if position >= end:
            break
    return cut
