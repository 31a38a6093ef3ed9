"""Every movement of the plan as a lot in its queues, matched first due, first served."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from model.instance import Instance
from model.instance.pools import ALL, BOUGHT, FOR_ORDER, OPEN_USE
from model.plan.decided import Decided
from model.plan.pegging import Labels, Lot, Queue, Share

LATE = pd.Timestamp.max


@dataclass
class Flows:
    """All lots of a plan by kind, after matching; those below the ``smallest`` quantity are told of nowhere."""

    lots: dict[str, list[Lot]]
    labels: Labels
    smallest: float
    _by_order: dict[str, pd.DataFrame] = field(default_factory=dict)

    def by_order(self, kind: str) -> pd.DataFrame:
        """Lots of a kind split by the order that gets them: the columns of its key, ``order``, ``quantity``."""
        if kind not in self._by_order:
            self._by_order[kind] = _shares(kind, self._told(kind), self.labels.orders, "order")
        return self._by_order[kind]

    def by_line(self, kind: str) -> pd.DataFrame:
        """Lots of a kind split by the line that made them: the columns of its key, ``line``, ``quantity``."""
        return _shares(kind, self._told(kind), self.labels.lines, "line")

    def _told(self, kind: str) -> list[Lot]:
        return [lot for lot in self.lots.get(kind, []) if lot.quantity >= self.smallest]


LOT_KEYS = {
    "production": ("line", "item", "bucket"),
    "purchase": ("offer", "bucket"),
    "transfer": ("from_site", "to_site", "item", "bucket"),
    "shipment": ("order", "item", "site", "mode", "bucket"),
}


def _shares(kind: str, lots: list[Lot], labels_of: Callable[[Lot], list[Share]], label: str) -> pd.DataFrame:
    rows = [(*lot.key, share.label, share.quantity) for lot in lots for share in labels_of(lot)]
    frame = pd.DataFrame(rows, columns=[*LOT_KEYS[kind], label, "quantity"], dtype=object)
    whole = {name: int for name in ("bucket", "offer") if name in frame}
    return frame.astype({**whole, "quantity": float})


class _Builder:
    """Collects lots and the queues they wait in."""

    def __init__(self) -> None:
        self.queues: dict[tuple[object, ...], Queue] = defaultdict(Queue)
        self.lots: dict[str, list[Lot]] = defaultdict(list)

    def supply(self, queue: tuple[object, ...], order: tuple[object, ...], lot: Lot) -> None:
        """The lot becomes available in the queue; ``order`` sorts it among the others."""
        self.queues[queue].supplies.append((order, lot))

    def demand(self, queue: tuple[object, ...], order: tuple[object, ...], lot: Lot) -> None:
        """The lot is wanted from the queue; ``order`` sorts it among the others."""
        self.queues[queue].demands.append((order, lot))

    def lot(self, lot: Lot) -> Lot:
        """Remember a lot under its kind."""
        self.lots[lot.kind].append(lot)
        return lot


def peg(instance: Instance, decided: Decided) -> Flows:
    """All movements of the plan, matched; the rule in a queue is first in, first out, first due, first served."""
    builder = _Builder()
    _add_given(builder, instance)
    _add_purchases(builder, instance, decided)
    _add_consumption(builder, instance, _add_production(builder, instance, decided))
    _add_transfers(builder, instance, decided)
    _add_drawn(builder, decided)
    _add_shipments(builder, instance, decided)
    for queue in builder.queues.values():
        queue.match(decided.nothing)
    return Flows(dict(builder.lots), Labels(decided.nothing), decided.smallest)


def _pool_of_given(instance: Instance) -> dict[str, str]:
    pools = instance.frames["pools"]
    return {item: pool for item, pool in zip(pools["item"], pools["pool"], strict=True) if pool in (ALL, BOUGHT)}


def _add_given(builder: _Builder, instance: Instance) -> None:
    pools = _pool_of_given(instance)
    stock = instance.tables.frames["stock"]
    opening = stock[stock["opening_stock"] > 0]
    rows = [(item, site, -1, quantity) for item, site, quantity in
            opening[["item", "site", "opening_stock"]].itertuples(index=False)]
    rows += list(instance.frames["receipts"][["item", "site", "bucket", "received"]].itertuples(index=False))
    for item, site, bucket, quantity in rows:
        if item in pools:
            lot = builder.lot(Lot("given", (item, site, bucket), quantity))
            builder.supply((item, pools[item], site), (bucket, 0, ""), lot)


def _add_purchases(builder: _Builder, instance: Instance, decided: Decided) -> None:
    pools = _pool_of_given(instance)
    supply = instance.tables.frames["supply"]
    for offer, bucket, quantity in decided.flows("bought").itertuples(index=False):
        item, site = supply["item"].iat[offer], supply["site"].iat[offer]
        lot = builder.lot(Lot("purchase", (offer, bucket), quantity))
        builder.supply((item, pools[item], site), (bucket, 1, str(offer)), lot)


def _add_production(builder: _Builder, instance: Instance, decided: Decided) -> list[tuple[Lot, str]]:
    """Production lots, each with the pinned order that it is made for, else ""."""
    routing = instance.frames["routing"].set_index(["line", "item", "bucket"])[["site", "available"]]
    place = {key: (site, available) for key, site, available in
             zip(routing.index, routing["site"], routing["available"], strict=True)}
    pools = {(item, line): pool for item, line, pool in instance.frames["line_pool"].itertuples(index=False)}
    left = {(line, item, bucket): value for line, item, bucket, value in decided.flows("made").itertuples(index=False)}
    lots = []
    # What is made for pinned orders goes into their own pools; what is left, into the pool of its line.
    for order, line, item, bucket, value in decided.flows("made_for").itertuples(index=False):
        left[line, item, bucket] = left.get((line, item, bucket), 0.0) - value
        lots.append((line, item, bucket, FOR_ORDER + order, value, order))
    lots += [(*key, pools[key[1], key[0]], value, "") for key, value in left.items() if value > decided.nothing]
    made = []
    for line, item, bucket, pool, value, order in lots:
        site, available = place[line, item, bucket]
        lot = builder.lot(Lot("production", (line, item, bucket), value, line=line))
        # Of what arrives in one bucket: given 0, bought 1, made 2, moved 3. Padded, because text is sorted as text.
        builder.supply((item, pool, site), (available, 2, f"{bucket:06d} {line}"), lot)
        made.append((lot, order))
    return made


def _add_consumption(builder: _Builder, instance: Instance, productions: list[tuple[Lot, str]]) -> None:
    """Components of every production lot; of one line's lots of an item those of pinned orders come first, by due date.

    What the other lots are made for is only known once they are pegged, and may be many orders.
    """
    orders = instance.frames["orders"]
    due = dict(zip(orders["order"], orders["due_date"], strict=True))
    bill = instance.tables.frames["bill_of_materials"]
    components: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for item, component, quantity_per in bill[["item", "component", "quantity_per"]].itertuples(index=False):
        components[item].append((component, quantity_per))
    routings = instance.tables.frames["routings"]
    yields = dict(zip(zip(routings["line"], routings["item"], strict=True), routings["yield_share"], strict=True))
    sites = dict(zip(instance.tables.frames["lines"]["line"], instance.tables.frames["lines"]["site"], strict=True))
    for production, order in productions:
        line, item, bucket = production.key
        for component, quantity_per in components.get(str(item), ()):
            use = quantity_per / yields[line, item]
            lot = builder.lot(Lot("consumption", (component, sites[line], bucket), production.quantity * use,
                                  feeds=production, use_per_unit=use))
            # LATE where an order has its due date: further making comes after every order that ships in the bucket.
            builder.demand((OPEN_USE, component, sites[line], bucket),
                           (LATE, str(item), str(line), due.get(order, LATE), order), lot)


def _add_transfers(builder: _Builder, instance: Instance, decided: Decided) -> None:
    transfers = instance.frames["transfers"].set_index(["from_site", "to_site", "item", "bucket"])["arrival_bucket"]
    arrival = transfers.to_dict()
    for from_site, to_site, item, pool, bucket, value in decided.flows("moved").itertuples(index=False):
        lot = builder.lot(Lot("transfer", (from_site, to_site, item, bucket), value))
        # After the orders that ship from the pool in the bucket.
        builder.demand((item, pool, from_site), (bucket, LATE, to_site), lot)
        arrives = arrival[from_site, to_site, item, bucket]
        builder.supply((item, pool, to_site), (arrives, 3, f"{bucket:06d} {from_site}"), lot)


def _add_drawn(builder: _Builder, decided: Decided) -> None:
    for item, pool, site, bucket, value in decided.flows("drawn").itertuples(index=False):
        lot = builder.lot(Lot("drawn", (item, pool, site, bucket), value))
        builder.demand((item, pool, site), (bucket, LATE, ""), lot)
        builder.supply((OPEN_USE, item, site, bucket), (pool,), lot)


def _add_shipments(builder: _Builder, instance: Instance, decided: Decided) -> None:
    orders = instance.frames["orders"]
    due = dict(zip(orders["order"], orders["due_date"], strict=True))
    for order, item, pool, site, mode, bucket, value in decided.flows("shipped").itertuples(index=False):
        # Who gets next to nothing gets nothing, and is at no cost for it.
        who = order if value >= decided.smallest else None
        lot = builder.lot(Lot("shipment", (order, item, site, mode, bucket), value, order=who))
        if pool == OPEN_USE:
            builder.demand((OPEN_USE, item, site, bucket), (due[order], str(order), mode), lot)
        else:
            builder.demand((item, pool, site), (bucket, due[order], f"{order} {mode}"), lot)
