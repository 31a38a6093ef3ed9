"""What is still free in the plant while orders are dispatched one by one; every booking can be undone."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from model.instance import Instance
from model.instance.pools import ALL, BOUGHT, FOR_ORDER

Key = Any
Array = np.ndarray
LITTLE = 1e-7


@dataclass(frozen=True)
class Run:
    """One possible run of an item on a line in a bucket."""

    line: str
    item: str
    bucket: int
    available: int
    hours_per_unit: float
    unit_cost: float
    limit: float
    min_lot: float
    lot_multiple: float
    setup: tuple[str, str] | None
    setup_hours: float
    setup_cost: float
    resources: tuple[tuple[str, float], ...]
    components: tuple[tuple[str, float], ...]


@dataclass
class Shop:
    """Free hours, projected stock and what was booked so far, each an array over the buckets.

    ``level``: stock at the end of each bucket by item, pool and site; ``total``: over all pools; ``floor``: what is to
    be left; ``room``: storage limit. ``spent[0]``: variable cost booked so far, in base money.
    """

    instance: Instance
    hours: dict[str, Array]
    overtime: dict[str, Array]
    overtime_cost: dict[str, float]
    resources: dict[str, Array]
    runs: dict[tuple[str, str, str], list[Run]]
    site_of: dict[str, str]
    level: dict[Key, Array] = field(default_factory=dict)
    total: dict[Key, Array] = field(default_factory=dict)
    floor: dict[Key, Array] = field(default_factory=dict)
    room: dict[Key, Array] = field(default_factory=dict)
    booked: dict[str, dict[Key, Array]] = field(default_factory=lambda: defaultdict(dict))
    spent: Array = field(default_factory=lambda: np.zeros(1))
    journal: list[tuple[Array, Any, float]] = field(default_factory=list)

    def book(self, array: Array, where: Any, amount: float) -> None:
        """Add ``amount`` to a part of an array, to be undone by ``rollback``."""
        array[where] += amount
        self.journal.append((array, where, amount))

    def booked_array(self, family: str, key: Key) -> Array:
        """The bookings of one decision over the buckets."""
        family_arrays = self.booked[family]
        if key not in family_arrays:
            family_arrays[key] = np.zeros(self.instance.bucket_count)
        return family_arrays[key]

    def rollback(self, mark: int) -> None:
        """Undo all bookings since ``mark`` (a length of the journal)."""
        while len(self.journal) > mark:
            array, where, amount = self.journal.pop()
            array[where] -= amount

    def add_stock(self, item: str, pool: str, site: str, bucket: int, quantity: float) -> None:
        """Stock from the end of ``bucket`` on; negative to take it out."""
        self.book(self.level[item, pool, site], slice(bucket, None), quantity)
        self.book(self.total[item, site], slice(bucket, None), quantity)

    def free_stock(self, item: str, pool: str, site: str, bucket: int) -> float:
        """What can leave the pool in ``bucket`` with nothing later going short."""
        level = self.level.get((item, pool, site))
        if level is None:
            return 0.0
        spare = (self.total[item, site] - self.floor[item, site])[bucket:].min()
        return float(max(0.0, min(level[bucket:].min(), spare)))

    def storage_left(self, item: str, site: str, first: int, last: int) -> float:
        """What can be put into the store from ``first`` up to, not including, ``last``."""
        if last <= first:
            return float("inf")
        return float(max(0.0, (self.room[item, site] - self.total[item, site])[first:last].min()))


def open_shop(instance: Instance) -> Shop:
    """The plant with nothing dispatched; lines that may be opened stay closed."""
    count = instance.bucket_count
    hours, frames = instance.frames["hours"], instance.frames
    ordinary = hours[hours["option"].isna()]
    by_line = {line: rows.sort_values("bucket") for line, rows in ordinary.groupby("line")}
    lines = instance.tables.frames["lines"].set_index("line")
    shop = Shop(
        instance,
        {line: rows["regular_hours"].to_numpy(dtype=float).copy() for line, rows in by_line.items()},
        {line: rows["overtime_limit"].to_numpy(dtype=float).copy() for line, rows in by_line.items()},
        lines["overtime_cost"].to_dict(),
        {name: rows.sort_values("bucket")["resource_hours"].to_numpy(dtype=float).copy()
         for name, rows in frames["capacity"].groupby("resource")},
        _runs(instance, set(by_line)), lines["site"].to_dict())
    for item, pool, site in frames["pools"].merge(frames["present"], on="item").itertuples(index=False):
        if not pool.startswith(FOR_ORDER):
            shop.level[item, pool, site] = np.zeros(count)
    for item, site in frames["present"].itertuples(index=False):
        shop.total[item, site] = np.zeros(count)
        shop.floor[item, site] = np.zeros(count)
        shop.room[item, site] = np.full(count, np.inf)
    _put_in_what_is_given(shop)
    return shop


def _put_in_what_is_given(shop: Shop) -> None:
    instance = shop.instance
    pools = instance.frames["pools"]
    given = {item: pool for item, pool in pools.itertuples(index=False) if pool in (ALL, BOUGHT)}
    for row in instance.tables.frames["stock"].itertuples():
        if (row.item, row.site) in shop.room and not np.isnan(row.storage_limit):
            shop.room[row.item, row.site][:] = row.storage_limit
        if row.opening_stock > 0 and row.item in given:
            shop.add_stock(row.item, given[row.item], row.site, 0, row.opening_stock)
    for row in instance.frames["receipts"].itertuples():
        shop.add_stock(row.item, given[row.item], row.site, row.bucket, row.received)
    shop.journal.clear()


def _runs(instance: Instance, lines: set[str]) -> dict[tuple[str, str, str], list[Run]]:
    frames = instance.frames
    routing = frames["routing"][frames["routing"]["line"].isin(lines)].merge(frames["line_pool"], on=["item", "line"])
    uses: dict[Key, list[tuple[str, float]]] = defaultdict(list)
    for row in frames["uses"].itertuples():
        uses[row.line, row.item, row.bucket].append((row.resource, row.resource_hours_per_unit))
    bill: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for row in instance.tables.frames["bill_of_materials"].itertuples():
        bill[row.item].append((row.component, row.quantity_per))
    runs: dict[tuple[str, str, str], list[Run]] = defaultdict(list)
    for row in routing.itertuples():
        components = tuple((name, per / row.yield_share) for name, per in bill[row.item])
        multiple = 0.0 if np.isnan(row.lot_multiple) else row.lot_multiple
        setup = (row.line, row.setup_group) if row.has_setup else None
        runs[row.item, row.pool, row.site].append(Run(
            row.line, row.item, row.bucket, row.available, row.hours_per_unit, row.unit_cost, row.output_limit,
            row.min_lot, multiple, setup, row.setup_hours, row.setup_cost,
            tuple(uses[row.line, row.item, row.bucket]), components))
    for choices in runs.values():
        choices.sort(key=lambda run: (-run.bucket, run.unit_cost, run.line))
    return dict(runs)
