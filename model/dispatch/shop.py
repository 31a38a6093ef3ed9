"""What is still free in the plant while orders are dispatched one by one; every booking can be undone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from model.instance import Instance
from model.instance.pools import ALL, BOUGHT, FOR_ORDER
from model.lots import smallest_lot
from model.plan.decided import smallest_quantity, typical_quantity

Key = Any
Array = np.ndarray
LITTLE_HOURS = 1e-7
LITTLE_SHARE = 0.1  # of the smallest quantity that counts in a plan: less is nothing to the rule either
ENDLESS = ""  # no resource has an empty name


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


@dataclass(frozen=True)
class Choice:
    """The runs that fill one pool, in the sequence in which they are tried, and what they need as arrays over the runs.

    ``line_row``, ``made_row`` and ``setup_row``: rows of the grids (-1: no setup); ``lot_hours``: of the smallest lot;
    ``resource_rows``: one column for each shared resource a run may use, filled up with the row of one without end.
    """

    runs: list[Run]
    line_row: Array
    made_row: Array
    setup_row: Array
    bucket: Array
    available: Array
    setup_hours: Array
    lot_hours: Array
    limit: Array
    takes_hours: Array
    resource_rows: Array


@dataclass(frozen=True)
class Grid:
    """Bookings of one kind over the buckets, one row for each key."""

    rows: dict[Key, int]
    values: Array

    def by_key(self) -> dict[Key, Array]:
        """The rows, each a view."""
        return {key: self.values[row] for key, row in self.rows.items()}


@dataclass
class Shop:
    """Free hours, projected stock and what was booked so far, each an array over the buckets.

    ``hours`` and ``overtime`` are rows of the grids, and so is what is booked of ``made`` and ``setups``.
    ``level``: stock at the end of each bucket by item, pool and site; ``total``: over all pools; ``floor``: what is to
    be left; ``room``: storage limit. ``spent[0]``: variable cost booked so far, in base money. ``little``: units that
    are nothing.
    """

    instance: Instance
    hours_grid: Grid
    overtime_grid: Grid
    made_grid: Grid
    setup_grid: Grid
    resource_grid: Grid
    overtime_cost: dict[str, float]
    choices: dict[tuple[str, str, str], Choice]
    little: float
    hours: dict[str, Array] = field(default_factory=dict)
    overtime: dict[str, Array] = field(default_factory=dict)
    resources: dict[str, Array] = field(default_factory=dict)
    limited: set[Key] = field(default_factory=set)
    level: dict[Key, Array] = field(default_factory=dict)
    total: dict[Key, Array] = field(default_factory=dict)
    floor: dict[Key, Array] = field(default_factory=dict)
    room: dict[Key, Array] = field(default_factory=dict)
    booked: dict[str, dict[Key, Array]] = field(default_factory=lambda: defaultdict(dict))
    bucket_count: int = 0
    spent: Array = field(default_factory=lambda: np.zeros(1))
    journal: list[tuple[Array, Any, float, int]] = field(default_factory=list)
    serial: int = 0

    def __post_init__(self) -> None:
        self.bucket_count = self.instance.bucket_count
        self.hours, self.overtime = self.hours_grid.by_key(), self.overtime_grid.by_key()
        self.resources = self.resource_grid.by_key()
        self.booked["made"].update(self.made_grid.by_key())
        self.booked["setups"].update(self.setup_grid.by_key())

    def open_runs(self, key: tuple[str, str, str], bucket: int, with_overtime: bool) -> list[Run]:
        """The runs that fill a pool by ``bucket`` and whose line has hours left for a setup and a smallest lot."""
        choice = self.choices.get(key)
        if choice is None:
            return []
        left = self.hours_grid.values[choice.line_row, choice.bucket]
        if with_overtime:
            left = left + self.overtime_grid.values[choice.line_row, choice.bucket]
        # Row -1 reads some other setup; the first test makes that harmless.
        is_set_up = (choice.setup_row < 0) | (self.setup_grid.values[choice.setup_row, choice.bucket] > 0)
        made = self.made_grid.values[choice.made_row, choice.bucket]
        needed = np.where(is_set_up, 0.0, choice.setup_hours) + np.where(made > self.little, 0.0, choice.lot_hours)
        fits = (choice.available <= bucket) & (left >= needed - LITTLE_HOURS) & (made < choice.limit)
        fits &= (left > LITTLE_HOURS) | ~choice.takes_hours
        if choice.resource_rows.shape[1]:
            fits &= (self.resource_grid.values[choice.resource_rows, choice.bucket[:, None]] > LITTLE_HOURS).all(axis=1)
        return [choice.runs[place] for place in np.flatnonzero(fits)]

    def book(self, array: Array, where: Any, amount: float) -> None:
        """Add ``amount`` to a part of an array, to be undone by ``rollback``."""
        array[where] += amount
        self.serial += 1
        self.journal.append((array, where, amount, self.serial))

    def booked_array(self, family: str, key: Key) -> Array:
        """The bookings of one decision over the buckets."""
        family_arrays = self.booked[family]
        if key not in family_arrays:
            family_arrays[key] = np.zeros(self.bucket_count)
        return family_arrays[key]

    def rollback(self, mark: int) -> None:
        """Undo all bookings since ``mark`` (a length of the journal)."""
        while len(self.journal) > mark:
            array, where, amount, _ = self.journal.pop()
            array[where] -= amount

    @property
    def state(self) -> int:
        """The same number when the same bookings stand."""
        # Serial numbers are never used again, so the last one that stands names all before it.
        return self.journal[-1][3] if self.journal else 0

    def add_stock(self, item: str, pool: str, site: str, bucket: int, quantity: float) -> None:
        """Stock from the end of ``bucket`` on; negative to take it out."""
        for part in (self.level[item, pool, site][bucket:], self.total[item, site][bucket:]):
            part += quantity
            self.serial += 1
            self.journal.append((part, ..., quantity, self.serial))

    def free_stock(self, item: str, pool: str, site: str, bucket: int) -> float:
        """What can leave the pool in ``bucket`` with nothing later going short."""
        level = self.level.get((item, pool, site))
        if level is None:
            return 0.0
        least = float(np.minimum.reduce(level[bucket:]))
        if least <= 0.0:
            return 0.0
        place = (item, site)
        return max(0.0, min(least, float(np.minimum.reduce(self.total[place][bucket:] - self.floor[place][bucket:]))))

    def storage_left(self, item: str, site: str, first: int, last: int) -> float:
        """What can be put into the store from ``first`` up to, not including, ``last``."""
        if last <= first or (item, site) not in self.limited:
            return float("inf")
        place = (item, site)
        return max(0.0, float(np.minimum.reduce(self.room[place][first:last] - self.total[place][first:last])))


def open_shop(instance: Instance) -> Shop:
    """The plant with nothing dispatched; lines that may be opened stay closed."""
    count = instance.bucket_count
    hours, frames = instance.frames["hours"], instance.frames
    ordinary = hours[hours["option"].isna()]
    by_line = {line: rows.sort_values("bucket") for line, rows in ordinary.groupby("line")}
    lines = instance.tables.frames["lines"].set_index("line")
    runs = _runs(instance, set(by_line))
    every = [run for choices in runs.values() for run in choices]
    hours_grid = _grid(by_line, count, {line: rows["regular_hours"] for line, rows in by_line.items()})
    made_grid = _grid(dict.fromkeys((run.line, run.item) for run in every), count)
    setup_grid = _grid(dict.fromkeys(run.setup for run in every if run.setup is not None), count)
    capacity = {name: rows.sort_values("bucket")["resource_hours"]
                for name, rows in frames["capacity"].groupby("resource")}
    resource_grid = _grid([*capacity, ENDLESS], count, {**capacity, ENDLESS: np.inf})
    shop = Shop(
        instance, hours_grid, _grid(by_line, count, {line: rows["overtime_limit"] for line, rows in by_line.items()}),
        made_grid, setup_grid, resource_grid, lines["overtime_cost"].to_dict(),
        {key: _choice(choices, hours_grid, made_grid, setup_grid, resource_grid) for key, choices in runs.items()},
        LITTLE_SHARE * smallest_quantity(typical_quantity(instance)))
    for item, pool, site in frames["pools"].merge(frames["present"], on="item").itertuples(index=False):
        if not pool.startswith(FOR_ORDER):
            shop.level[item, pool, site] = np.zeros(count)
    for item, site in frames["present"].itertuples(index=False):
        shop.total[item, site] = np.zeros(count)
        shop.floor[item, site] = np.zeros(count)
        shop.room[item, site] = np.full(count, np.inf)
    _put_in_what_is_given(shop)
    return shop


def _grid(keys: Iterable[Key], count: int, filled: Mapping[Key, Any] | None = None) -> Grid:
    rows = {key: row for row, key in enumerate(keys)}
    # One row at least, for -1 to read.
    values = np.zeros((max(1, len(rows)), count))
    for key, amounts in (filled or {}).items():
        values[rows[key]] = amounts
    return Grid(rows, values)


def _choice(runs: list[Run], hours: Grid, made: Grid, setups: Grid, resources: Grid) -> Choice:
    used = [[resources.rows[name] for name, per_unit in run.resources if per_unit > 0] for run in runs]
    widest = max(len(rows) for rows in used)
    endless = resources.rows[ENDLESS]
    return Choice(
        runs, np.array([hours.rows[run.line] for run in runs]),
        np.array([made.rows[run.line, run.item] for run in runs]),
        np.array([-1 if run.setup is None else setups.rows[run.setup] for run in runs]),
        np.array([run.bucket for run in runs]), np.array([run.available for run in runs]),
        np.array([run.setup_hours for run in runs]),
        np.array([run.hours_per_unit for run in runs]) * smallest_lot(
            np.array([run.min_lot for run in runs]), np.array([run.lot_multiple for run in runs])),
        np.array([run.limit for run in runs]),
        np.array([run.hours_per_unit > 0 for run in runs]),
        np.array([rows + [endless] * (widest - len(rows)) for rows in used], dtype=int).reshape(len(runs), widest))


def _put_in_what_is_given(shop: Shop) -> None:
    instance = shop.instance
    pools = instance.frames["pools"]
    given = {item: pool for item, pool in pools.itertuples(index=False) if pool in (ALL, BOUGHT)}
    for row in instance.tables.frames["stock"].itertuples():
        if (row.item, row.site) in shop.room and not np.isnan(row.storage_limit):
            shop.room[row.item, row.site][:] = row.storage_limit
            shop.limited.add((row.item, row.site))
        if row.opening_stock > 0 and row.item in given:
            shop.add_stock(row.item, given[row.item], row.site, 0, row.opening_stock)
    for row in instance.frames["receipts"].itertuples():
        shop.add_stock(row.item, given[row.item], row.site, row.bucket, row.received)
    # What is given is never undone.
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
        # As late as possible, then as cheap as possible.
        choices.sort(key=lambda run: (-run.bucket, run.unit_cost, run.line))
    return dict(runs)
