"""Orders in the planner's sequence, each taken if it fits and pays, given what was taken before it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from model.dispatch.shop import Shop, open_shop
from model.dispatch.sourcing import Sourcing
from model.instance import Instance
from model.instance.pools import OPEN_USE
from model.plan.decided import Decided, smallest_quantity, typical_quantity
from model.variables import VARIABLES

Sequence = Literal["priority", "first_come"]


@dataclass(frozen=True)
class Dispatch:
    """What the rule decided, and the quantity of firm orders it could not deliver."""

    decided: Decided
    missed: float


@dataclass(frozen=True)
class Request:
    """What an order asks of the plant."""

    order: str
    quantity: float
    min_fill: float
    is_firm: bool
    single_line: bool
    single_delivery: bool


@dataclass(frozen=True)
class Way:
    """One possible shipment of an order: ``net`` money per unit after damages, freight and duty."""

    item: str
    pool: str
    site: str
    mode: str
    bucket: int
    net: float


def dispatch(instance: Instance, sequence: Sequence = "priority") -> Dispatch | None:
    """The plan of the rule of thumb; None where pins or a frozen plan bind, which the rule does not know.

    Firm orders first, then by priority and due date, or in the sequence in which they came. Each order is shipped as
    late as it is on time, made as late as that allows, on regular hours before overtime; an optional order that brings
    less than it costs is declined. Lines that may be opened stay closed.
    """
    if len(instance.frames["pins"]) or len(instance.frames["frozen"]):
        return None
    book = _Book(instance)
    orders = _in_sequence(instance.frames["orders"], sequence)
    for order in (each for each in orders if each.is_firm):
        book.serve(order)
    book.keep_stock_targets()
    for order in (each for each in orders if not each.is_firm):
        book.serve(order)
    decided = Decided(book.decisions(), book.smallest)
    return Dispatch(decided, float(decided["missed_firm"]["value"].sum()))


def _in_sequence(orders: pd.DataFrame, sequence: Sequence) -> list[Request]:
    by = ["order_date", "order"] if sequence == "first_come" else ["priority", "due_date", "order"]
    columns = ["order", "quantity", "min_fill", "is_firm", "single_line", "single_delivery"]
    rows = orders.sort_values(by, na_position="last", kind="stable")[columns]
    return [Request(*row) for row in rows.itertuples(index=False)]


class _Book:
    """The order book while it is dispatched."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self.smallest = smallest_quantity(typical_quantity(instance))
        self._shop: Shop = open_shop(instance)
        self._sourcing = Sourcing(self._shop)
        self._ways = _ways(instance)
        # Arrays of one: bookings are undone through the array they changed.
        self._quota = {row.rule: np.array([row.max_qty]) for row in instance.tables.frames["allocations"].itertuples()
                       if not np.isnan(row.max_qty)}
        self._rules: dict[tuple[object, ...], list[str]] = defaultdict(list)
        keys = ["order", "item", "pool", "site", "mode", "bucket"]
        for *key, rule in instance.frames["allocation_shipments"][[*keys, "rule"]].itertuples(index=False):
            self._rules[tuple(key)].append(rule)
        self._delivered: dict[str, float] = {}

    def serve(self, order: Request) -> None:
        """Take the order in full or, where it may be filled in part, as far as it fits; only if it pays or is firm."""
        # Above what counts as nothing, so that an order which gets nothing is not taken.
        smallest = max(order.min_fill * order.quantity, 2 * self._shop.little)
        choices = self._choices(order)
        in_turn = [order.quantity, smallest] if order.min_fill < 1 else [order.quantity]
        # In full by any choice before in part by the first; with one choice both tries would book the same.
        aims = [smallest] if len(choices) == 1 else in_turn
        for least in aims:
            for ways in choices:
                mark, spent = len(self._shop.journal), float(self._shop.spent[0])
                delivered, value = self._ship(order, ways)
                pays = order.is_firm or value > self._shop.spent[0] - spent
                if delivered >= least - self._shop.little and pays:
                    self._delivered[order.order] = delivered
                    return
                self._shop.rollback(mark)

    def _choices(self, order: Request) -> list[list[Way]]:
        """Sets of ways of which one must carry the whole order: by source, by departure, or all of them together."""
        ways = self._ways.get(order.order, [])
        choices = [ways]
        if order.single_line:
            pools = dict.fromkeys(way.pool for way in ways)
            choices = [[way for way in ways if way.pool == pool] for pool in pools]
        if order.single_delivery:
            departures = [dict.fromkeys((way.site, way.mode, way.bucket) for way in choice) for choice in choices]
            choices = [[way for way in choice if (way.site, way.mode, way.bucket) == departure]
                       for choice, found in zip(choices, departures, strict=True) for departure in found]
        return choices

    def _ship(self, order: Request, ways: list[Way]) -> tuple[float, float]:
        """Ship the order by the ways in their sequence, as far as it fits; units shipped and their net value."""
        left, value = order.quantity, 0.0
        for way in ways:
            if left <= self._shop.little:
                break
            key = (order.order, way.item, way.pool, way.site, way.mode)
            rules = [rule for rule in self._rules.get((*key, way.bucket), ()) if rule in self._quota]
            most = min([left, *(float(self._quota[rule][0]) for rule in rules)])
            if most <= self._shop.little:
                continue
            pools = self._sourcing.pools(way.item) if way.pool == OPEN_USE else [way.pool]
            taken = self._sourcing.obtain(way.item, way.site, pools, most, way.bucket)
            shipped = sum(taken.values())
            if shipped <= 0:
                continue
            if way.pool == OPEN_USE:
                for pool, amount in taken.items():
                    self._shop.book(self._shop.booked_array("drawn", (way.item, pool, way.site)), way.bucket, amount)
            self._shop.book(self._shop.booked_array("shipped", key), way.bucket, shipped)
            for rule in rules:
                self._shop.book(self._quota[rule], 0, -shipped)
            left, value = left - shipped, value + shipped * way.net
        return order.quantity - left, value

    def keep_stock_targets(self) -> None:
        """Reserve safety and final stock, made or bought where there is not enough, as far as that is possible."""
        for row in self._instance.tables.frames["stock"].itertuples():
            place = (row.item, row.site)
            if place not in self._shop.total or (row.safety_stock <= 0 and row.final_stock <= 0):
                continue
            target = np.full(self._instance.bucket_count, row.safety_stock)
            target[-1] = max(row.safety_stock, row.final_stock)
            for bucket in range(len(target)):
                short = target[bucket] - self._shop.total[place][bucket]
                if short > self._shop.little:
                    # Taken and put back: what matters is that it was made, bought or moved to the place.
                    taken = self._sourcing.obtain(row.item, row.site, self._sourcing.pools(row.item), short, bucket)
                    for pool, amount in taken.items():
                        self._shop.add_stock(row.item, pool, row.site, bucket, amount)
            self._shop.floor[place][:] = np.minimum(target, np.maximum(self._shop.total[place], 0.0))
        self._sourcing.forget()

    def decisions(self) -> dict[str, pd.DataFrame]:
        """Everything booked as the model's decisions, with what is missed of firm orders, minimums and stock."""
        # Setups, overtime, take or pay and changes follow from these movements in the plan's tables.
        rows: dict[str, list[tuple[Any, ...]]] = {decision.name: [] for decision in VARIABLES}
        for family in ("made", "bought", "moved", "drawn", "shipped"):
            for key, amounts in self._shop.booked[family].items():
                whole = key if isinstance(key, tuple) else (key,)
                rows[family] += [(*whole, int(bucket), float(amounts[bucket])) for bucket in np.flatnonzero(
                    amounts > self._shop.little)]
        for order, quantity in self._firm_quantities():
            rows["missed_firm"].append((order, quantity - self._delivered.get(order, 0.0)))
        rows["missed_contract"] = self._missed_contracts()
        rows["missed_safety"], rows["missed_final"] = self._missed_stock()
        return {decision.name: self._frame(decision.name, decision.over, rows[decision.name])
                for decision in VARIABLES}

    def _frame(self, name: str, over: str, rows: list[tuple[Any, ...]]) -> pd.DataFrame:
        keys = list(self._instance.sets[over].keys)
        kept = [row for row in rows if row[-1] >= self.smallest]
        whole = {key: int for key in keys if key in ("bucket", "offer")}
        return pd.DataFrame(kept, columns=[*keys, "value"], dtype=object).astype({**whole, "value": float})

    def _firm_quantities(self) -> list[tuple[str, float]]:
        orders = self._instance.frames["orders"]
        firm = orders[orders["is_firm"]]
        return list(zip(firm["order"], firm["quantity"], strict=True))

    def _missed_contracts(self) -> list[tuple[object, ...]]:
        shipped = {(*key, int(bucket)): float(amounts[bucket]) for key, amounts in self._shop.booked["shipped"].items()
                   for bucket in np.flatnonzero(amounts > self._shop.little)} if self._rules else {}
        counted: dict[str, float] = defaultdict(float)
        for key, quantity in shipped.items():
            for rule in self._rules.get(key, ()):
                counted[rule] += quantity
        return [(row.rule, row.min_qty - counted[row.rule])
                for row in self._instance.frames["contracts"].itertuples()]

    def _missed_stock(self) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
        safety: list[tuple[object, ...]] = []
        final: list[tuple[object, ...]] = []
        last = self._instance.bucket_count - 1
        for row in self._instance.tables.frames["stock"].itertuples():
            total = self._shop.total.get((row.item, row.site))
            if total is None:
                continue
            safety += [(row.item, row.site, bucket, row.safety_stock - total[bucket]) for bucket in range(last + 1)
                       if row.safety_stock > 0]
            if row.final_stock > 0:
                final.append((row.item, row.site, last, row.final_stock - total[last]))
        return safety, final


def _ways(instance: Instance) -> dict[str, list[Way]]:
    """Possible shipments by order: own item first, then what brings most per unit, then the latest departure.

    Of departures that bring the same only the latest is kept: what could leave earlier can leave then.
    """
    frame = instance.frames["shipments"]
    own = dict(zip(instance.frames["orders"]["order"], instance.frames["orders"]["item"], strict=True))
    net = frame["unit_revenue"] + frame["unit_late"] + frame["unit_freight"] + frame["unit_duty"]
    rows = frame.assign(net=net, is_other=frame["item"] != frame["order"].map(own), back=-frame["bucket"], minus=-net)
    rows = rows.sort_values(["order", "is_other", "minus", "back", "site", "mode", "pool"], kind="stable")
    rows = rows.drop_duplicates(["order", "item", "pool", "site", "mode", "net"], keep="first")
    ways: dict[str, list[Way]] = defaultdict(list)
    for row in rows[["order", "item", "pool", "site", "mode", "bucket", "net"]].itertuples(index=False):
        ways[row.order].append(Way(row.item, row.pool, row.site, row.mode, int(row.bucket), float(row.net)))
    return dict(ways)
