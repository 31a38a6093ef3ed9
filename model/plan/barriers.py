"""What bars an order whatever else is made: nothing it may have is rated, made, approved, or there in its time.

Each holds by the tables alone: hours, quantities and other orders are left out of account, so that an order which meets
no barrier may still be impossible, and one which meets a barrier is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import pandas as pd

from model.instance import Instance
from model.instance.selling import order_lanes
from model.labels import label, listed


@dataclass(frozen=True)
class Barrier:
    """Why nothing can be delivered: of which items, sites or lines (``names``), and the first ``day`` that would do.

    ``kind`` not_rated: no item it may have is rated for what it asks; no_source: made on no line, bought from nobody,
    not in stock inside the plan's time; not_approved: made, but on no line its customer approved; no_lane: at sites
    without a lane to its market; too_early: it wants to have it before ``day``, on which anything could first be there;
    after_plan: it may not leave inside the plan's time; no_departure: no bucket ends between its dates.
    """

    kind: Literal["not_rated", "no_source", "not_approved", "no_lane", "too_early", "after_plan", "no_departure"]
    names: tuple[str, ...] = ()
    day: pd.Timestamp | None = None


class Barriers:
    """Looks for what bars one order after another."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        frames = instance.frames
        self._orders = frames["orders"].set_index("order", drop=False)
        self._items = frames["eligible"].groupby("order")["item"].agg(list).to_dict()
        shipments = frames["shipments"]
        self._last_bucket = shipments.groupby("order")["bucket"].max().to_dict()
        self._transit = shipments.groupby("order")["transit_days"].min().to_dict()

    def of(self, order: str) -> Barrier | None:
        """The barrier, the first in the order of ``Barrier``; None where there is none."""
        items = self._items.get(order)
        if items is None:
            return Barrier("not_rated", (str(self._orders.at[order, "item"]),))
        if all(math.isinf(self._earliest.get(item, math.inf)) for item in items):
            return Barrier("no_source", tuple(sorted(set().union(*(self._missing(item, ()) for item in items)))))
        if self._is_unapproved(order, items):
            return Barrier("not_approved", tuple(items))
        if order not in self._last_bucket:
            return self._of_dates(order, items)
        # The best item against the last bucket of any item: an order that passes may still be impossible.
        first = min(self._earliest.get(item, math.inf) for item in items)
        if first > self._last_bucket[order]:
            return Barrier("too_early", tuple(items), self._met_on(order, int(first), self._transit[order]))
        return None

    def _is_unapproved(self, order: str, items: list[str]) -> bool:
        """Whether everything it may have is made on lines only, none of which is approved."""
        if self._given.keys() & set(items):
            return False
        customer = self._orders.at[order, "customer"]
        makers = {item: set(self._makers[item]) for item in items if item in self._makers}
        return not any(lines & self._approved.get((customer, item), lines) for item, lines in makers.items())

    def _of_dates(self, order: str, items: list[str]) -> Barrier | None:
        present = self._instance.frames["present"]
        sites = sorted(present.loc[present["item"].isin(items), "site"].unique())
        row = self._orders.loc[order]
        ways = order_lanes(self._instance.tables, self._orders.loc[[order]].reset_index(drop=True), sites)
        ways = ways[ways["site"].isin(sites)]
        if ways.empty:
            return Barrier("no_lane", tuple(sites))
        horizon, transit = self._instance.horizon, float(ways["transit_days"].min())
        if row["latest_date"] < (first := self._met_on(order, 0, transit)):
            return Barrier("too_early", tuple(items), first)
        if row["earliest_ship_date"] > horizon["end"].iloc[-1]:
            return Barrier("after_plan", (), row["earliest_ship_date"])
        return Barrier("no_departure")

    def _met_on(self, order: str, bucket: int, transit: float) -> pd.Timestamp:
        """The day that counts for its dates, if it leaves at a bucket's end."""
        way = transit if self._orders.at[order, "due_basis"] == "arrival" else 0.0
        return self._instance.horizon["end"].iloc[bucket] + pd.Timedelta(days=math.ceil(way))

    @cached_property
    def _approved(self) -> dict[tuple[str, str], set[str]]:
        """Lines that a customer approved for an item, where it named any."""
        rows = self._instance.tables.frames["approvals"].groupby(["customer", "item"])["line"].agg(set)
        return {(str(customer), str(item)): lines for (customer, item), lines in rows.items()}

    @cached_property
    def _makers(self) -> dict[str, list[str]]:
        routing = self._instance.frames["routing"]
        return {item: sorted(lines.unique()) for item, lines in routing.groupby("item")["line"]}

    @cached_property
    def _components(self) -> dict[str, list[str]]:
        bill = self._instance.tables.frames["bill_of_materials"]
        return bill.groupby("item")["component"].agg(list).to_dict()

    @cached_property
    def _given(self) -> dict[str, int]:
        """First bucket in which each item is there without being made: in stock, on the way, or bought."""
        stock, frames = self._instance.tables.frames["stock"], self._instance.frames
        first = dict.fromkeys(stock.loc[stock["opening_stock"] > 0, "item"], 0)
        offers = frames["offers"][frames["offers"]["is_reachable"]]
        for rows in (frames["receipts"], offers):
            for item, bucket in rows.groupby("item")["bucket"].min().items():
                first[str(item)] = min(first.get(str(item), int(bucket)), int(bucket))
        return first

    @cached_property
    def _earliest(self) -> dict[str, float]:
        """First bucket in which a unit of each item can be there at all, its components in time."""
        earliest: dict[str, float] = {item: float(bucket) for item, bucket in self._given.items()}
        routing = self._instance.frames["routing"][["item", "bucket", "available"]].drop_duplicates()
        of_item = {str(item): rows for item, rows in routing.groupby("item")}
        is_changed = True
        # Times only fall, each round settles a further stage, and bills of materials have no loops.
        while is_changed:
            is_changed = False
            for item, rows in of_item.items():
                ready = max((earliest.get(part, math.inf) for part in self._components.get(item, [])), default=0.0)
                there = float(rows.loc[rows["bucket"] >= ready, "available"].min()) if ready < math.inf else math.inf
                if there < earliest.get(item, math.inf):
                    earliest[item], is_changed = there, True
        return earliest

    def _missing(self, item: str, above: tuple[str, ...]) -> set[str]:
        """What lacks a source: the item itself, or what goes into it."""
        parts = [part for part in self._components.get(item, []) if math.isinf(self._earliest.get(part, math.inf))]
        if item not in self._makers or not parts or item in above:
            return {item}
        return set().union(*(self._missing(part, (*above, item)) for part in parts))


def barrier_in_words(barrier: Barrier, language: str, bucket: str) -> str:
    """What bars an order, as the rest of a sentence."""
    day = "" if barrier.day is None else f"{barrier.day:%Y-%m-%d}"
    return label(f"barrier.{barrier.kind}", language).format(
        names=listed(barrier.names, language), day=day, bucket=label(f"barrier.bucket.{bucket}", language))
