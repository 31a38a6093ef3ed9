"""The book as it stands, in a model with room for more: further hours and goods can be asked for in it.

What a run makes, and which lots fit into a bucket, is limited by the hours there are, and an item that is not in stock
has no pool of stock. A model built from tables with more of everything has wider limits and all pools; the hours and
the stock themselves are set back to those of the book.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from model.explain.goals import first_day
from model.explain.ground import Ground
from model.explain.load import under_promises
from model.instance import Instance, build_instance
from model.instance.index import Groups, IndexTable
from model.instance.pools import ALL, BOUGHT
from model.solve.change import Change, Column
from model.tables import Tables

What = tuple[str, str, str]
ONE_MORE = 1.0
HOURS = {"LINE_BUCKETS": ("regular_hours", "overtime_hours"),
         "OPTION_BUCKETS": ("option_regular_hours", "option_overtime_limit"), "RESOURCE_BUCKETS": ("resource_hours",)}


@dataclass(frozen=True)
class Further:
    """A decision to have more of something: hours of a line or resource in the bucket that begins on ``day``, at most
    as many again as it has, or units of an item in stock at a site at the start. A unit of it costs one.

    ``overtime``: hours of overtime that come along with a further hour of a line.
    """

    kind: str
    name: str
    site: str
    day: pd.Timestamp | None
    column: Column
    overtime: float = 0.0

    @property
    def what(self) -> What:
        """Whose hours or units it is, whenever."""
        return self.kind, self.name, self.site

    def up_to(self, times: float) -> Column:
        """The decision, with so many times its limit of hours."""
        return self.column if self.day is None else replace(self.column, upper=times * self.column.upper)


def with_stock(tables: Tables, more: dict[tuple[str, str], float]) -> Tables:
    """The tables with so much more of items at sites in stock at the start."""
    stock = tables.frames["stock"].copy()
    places = list(zip(stock["item"], stock["site"], strict=True))
    stock["opening_stock"] += [more.get(place, 0.0) for place in places]
    rows = [{"item": item, "site": site, "opening_stock": amount, "safety_stock": 0.0, "final_stock": 0.0,
             "holding_cost": 0.0} for (item, site), amount in more.items() if (item, site) not in set(places)]
    if rows:
        added = pd.DataFrame(rows).reindex(columns=stock.columns).astype(stock.dtypes.to_dict())
        stock = added if stock.empty else pd.concat([stock, added], ignore_index=True)
    return replace(tables, frames={**tables.frames, "stock": stock})


def loosened(ground: Ground, more: float) -> Ground:
    """The same book with limits of runs that hold with ``more`` hours besides, as a share of those there are, and a
    pool of stock for everything everywhere."""
    tables, present = ground.instance.tables, ground.instance.frames["present"]
    everywhere = dict.fromkeys(zip(present["item"], present["site"], strict=True), ONE_MORE)
    frames = {**with_stock(tables, everywhere).frames}
    hours, times = ["regular_hours", "overtime_hours"], 1.0 + more
    frames["lines"] = frames["lines"].assign(**{name: frames["lines"][name] * times for name in hours})
    frames["resources"] = frames["resources"].assign(hours=frames["resources"]["hours"] * times)
    wide = build_instance(replace(tables, frames=frames))
    # Only the hours that limits of work read are set back; what a run or a lot may be at most stays wide.
    sets = {**wide.sets, **{name: _shrunk(wide.sets[name], columns, times) for name, columns in HOURS.items()}}
    # Stock has one row per item and site, so each pool has one amount, and each got one unit more.
    opening = {key: tuple(amount - ONE_MORE for amount in amounts)
               for key, amounts in wide.groups["OPENING_STOCK"].items()}
    groups = {**wide.groups, "OPENING_STOCK": Groups(opening)}
    # With the book's own tables: what is read from them later, such as room in a store, is that of the book.
    return under_promises(ground, Instance(tables, wide.horizon, sets, groups, wide.frames))


def _shrunk(table: IndexTable, columns: tuple[str, ...], times: float) -> IndexTable:
    return replace(table, frame=table.frame.assign(**{name: table.frame[name] / times for name in columns}))


def hours_of_line(ground: Ground, line: str) -> Iterator[Further]:
    """Further hours in each bucket in which the line has any; overtime grows in proportion, as it does where a calendar
    row raises the availability."""
    hours = ground.instance.sets["LINE_BUCKETS"].frame
    for row in hours[(hours["line"] == line) & (hours["regular_hours"] > 0)].itertuples():
        key = (line, row.bucket)
        # work_needs_setup counts regular hours once a setup, further ones once: with a setup that is no tighter
        # than capacity_limit, and without one output_limit lets nothing be made.
        rows = {place: -1.0 for law in ("capacity_limit", "work_needs_setup")
                if (place := ground.standing.row(law, key)) is not None}
        limit, overtime = ground.standing.row("overtime_limit", key), 0.0
        if limit is not None and row.overtime_hours > 0:
            overtime = row.overtime_hours / row.regular_hours
            rows[limit] = -overtime
        yield Further("hours", line, "", first_day(ground, int(row.bucket)),
                      Column(upper=row.regular_hours, earns=-1.0, rows=rows), overtime)


def hours_of_resource(ground: Ground, resource: str) -> Iterator[Further]:
    """Further hours of a shared resource in each bucket in which it has any."""
    hours = ground.instance.sets["RESOURCE_BUCKETS"].frame
    for row in hours[(hours["resource"] == resource) & (hours["resource_hours"] > 0)].itertuples():
        place = ground.standing.row("resource_limit", (resource, row.bucket))
        if place is not None:
            yield Further("resource", resource, "", first_day(ground, int(row.bucket)),
                          Column(upper=row.resource_hours, earns=-1.0, rows={place: -1.0}))


def units_in_stock(ground: Ground, items: set[str]) -> Iterator[Further]:
    """Further units of each of the items at each site at the start, as far as they fit its store."""
    stock = ground.instance.tables.frames["stock"].set_index(["item", "site"])
    room = (stock["storage_limit"] - stock["opening_stock"]).fillna(math.inf).to_dict()
    for item, pool, site, bucket in ground.instance.sets["POOL_STOCK"].members():
        # The pools into which opening stock goes; into the others goes only what lines make.
        if bucket == 0 and item in items and pool in (ALL, BOUGHT):
            row = ground.standing.row("pool_balance", (item, pool, site, bucket))
            if row is not None:
                yield Further("material", item, site, None, Column(
                    upper=room.get((item, site), math.inf), earns=-1.0, rows={row: _sign(ground, row)}))


def _sign(ground: Ground, row: int) -> float:
    """The sign with which what is there enters a stock balance: that of the stock which leaves it, turned round."""
    matrix = ground.matrix
    for position in matrix.family["stock"]:
        coefficient = matrix.rows[row, position]
        # The stock that leaves a balance has the index of its row; the stock before it has that of the bucket before.
        if coefficient and matrix.columns[position][1] == matrix.row_names[row][1]:
            return -1.0 if coefficient > 0 else 1.0
    return 1.0


def without_tightening(ground: Ground, items: set[str]) -> Change:
    """Without the rows that only tighten and say of an item that what ships was made, or was in stock so far."""
    rows = [ground.standing.row(law, key) for law, members in (
        ("divided_shipping_balance", "DIVIDED_SHIPPING"), ("look_ahead_stock", "LOOK_AHEADS"))
        for key in ground.instance.sets[members].members() if key[0] in items]
    found = [row for row in rows if row is not None]
    return Change(row_lower=dict.fromkeys(found, float("-inf")), row_upper=dict.fromkeys(found, float("inf")))
