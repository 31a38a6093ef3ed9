"""What is asked of each bottleneck: the change of the loaded book by which there is so much more of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from model.explain.bottlenecks import Bottleneck
from model.explain.ground import Ground
from model.explain.loosened import units_in_stock, with_stock, without_tightening
from model.instance import build_instance
from model.instance.hours import bucket_share, daily_availability, line_hours
from model.instance.making import routing_buckets
from model.solve.change import Change, Column, Row

# A further shift works 40 hours a week; a further chamber runs day and night.
SHIFT_HOURS_PER_DAY = 40.0 / 7.0
CHAMBER_HOURS_PER_DAY = 24.0

More = Callable[[float], tuple[Change, bool]]
"""So much more -> the change, and whether it holds all that so much more allows."""


def questions(ground: Ground, found: Iterable[Bottleneck]) -> Iterator[tuple[Bottleneck, str, More]]:
    """For each bottleneck its measures, and the change for so much more."""
    for each in found:
        if each.kind == "line":
            yield each, "hours", _more_somewhere(ground, "line", each.name)
            yield each, "shifts", _more_everywhere(ground, "line", each.name, SHIFT_HOURS_PER_DAY)
        elif each.kind == "resource":
            yield each, "hours", _more_somewhere(ground, "resource", each.name)
            yield each, "chambers", _more_everywhere(ground, "resource", each.name, CHAMBER_HOURS_PER_DAY)
        elif each.kind == "material":
            yield each, "units", _more_somewhere(ground, "material", each.name)
        elif (more := _more_in_stock(ground, each.name, each.site)) is not None:
            yield each, "stock_units", more


def _rows(ground: Ground, kind: str, name: str) -> dict[int, int]:
    """Rows that limit a line, resource or material, with their bucket."""
    found = {}
    if kind == "material":
        supply = ground.instance.tables.frames["supply"]
        offers = set(np.flatnonzero((supply["item"] == name).to_numpy()).tolist())
        keys = [("supply_limit", key) for key in ground.instance.sets["LIMITED_PURCHASES"].members()
                if key[0] in offers]
    else:
        # Both laws of a line speak of its hours: more in one alone would be held back by the other.
        laws = {"line": (("capacity_limit", "LINE_BUCKETS"), ("work_needs_setup", "SETUP_LINE_BUCKETS")),
                "resource": (("resource_limit", "RESOURCE_BUCKETS"),)}[kind]
        keys = [(law, key) for law, members in laws for key in ground.instance.sets[members].members()
                if key[0] == name]
    for law, key in keys:
        row = ground.standing.row(law, key)
        if row is not None:
            found[row] = int(key[1])
    return found


def _more_somewhere(ground: Ground, kind: str, name: str) -> More:
    """So much more in all, in whatever buckets it earns most, where there is any already."""
    rows = _rows(ground, kind, name)
    offered = _offered(ground, kind, name, rows)
    open_rows = [row for row in rows if offered[row] > 0]
    of_bucket: dict[int, dict[int, float]] = {}
    for row in open_rows:
        # A row has one finite side: a further hour is load taken off a `<=`, or added to a `>=`.
        side = -1.0 if math.isfinite(ground.matrix.row_upper[row]) else 1.0
        # Each offer of a material has hours or units of its own; the laws of a line speak of the same hours.
        of_bucket.setdefault(rows[row] if kind == "line" else row, {})[row] = side

    opened = _openings(ground, name) if kind == "line" else {}

    def change(amount: float) -> tuple[Change, bool]:
        """So many hours or units more in all."""
        columns = tuple(Column(upper=amount, rows=sides) for sides in of_bucket.values())
        first = len(ground.matrix.cost)
        # Further columns follow the model's own; one row holds their sum over all buckets.
        total = Row(-math.inf, amount, {first + place: 1.0 for place in range(len(columns))})
        # A line that is not there has no further hours either.
        only_open = tuple(Row(-math.inf, 0.0, {first + place: 1.0, **dict.fromkeys(opened[bucket], -amount)})
                          for place, bucket in enumerate(of_bucket) if bucket in opened)
        coefficients, is_whole = _larger_runs(ground, kind, name, dict.fromkeys(rows.values(), amount))
        return Change(coefficients=coefficients, further=columns, rows=(total, *only_open)), is_whole

    return change


def _more_everywhere(ground: Ground, kind: str, name: str, hours_per_day: float) -> More:
    """So many times the hours more in every bucket, as its days and the calendar have it, while the line exists."""
    rows, horizon = _rows(ground, kind, name), ground.instance.horizon
    tables, per_day = ground.instance.tables, hours_per_day * horizon["days"].to_numpy()
    share = bucket_share(horizon, daily_availability(tables, horizon, name))
    options, per_bucket = pd.DataFrame(), 0.0
    if kind == "line":
        options = _options(ground, name)
        per_bucket = tables.frames["lines"].set_index("line").at[name, "regular_hours"]
        # The line's own hours begin and end with it; the calendar alone does not know that.
        of_line = line_hours(tables, horizon).query("line == @name").groupby("bucket")["open_share"].max()
        share = of_line.reindex(horizon.index).to_numpy()
    more = per_day * share

    def change(amount: float) -> tuple[Change, bool]:
        """So many times as many more in every bucket."""
        lower, upper = {}, {}
        for row, bucket in rows.items() if options.empty else ():
            if math.isfinite(ground.matrix.row_upper[row]):
                upper[row] = float(ground.matrix.row_upper[row] + amount * more[bucket])
            else:
                lower[row] = float(ground.matrix.row_lower[row] - amount * more[bucket])
        added = {bucket: float(amount * more[bucket]) for bucket in rows.values()}
        coefficients, is_whole = _larger_runs(ground, kind, name, added)
        # The hours of an option are its coefficient, not the row's limit: they grow with it.
        for row, option, bucket in options.itertuples(index=False) if per_bucket > 0 else ():
            coefficients[row, option] = float(ground.matrix.rows[row, option]) * (
                1.0 + amount * per_day[bucket] / per_bucket)
        is_whole &= options.empty or per_bucket > 0  # of no regular hours none can be made more
        return Change(row_lower=lower, row_upper=upper, coefficients=coefficients), is_whole

    return change


def _options(ground: Ground, line: str) -> pd.DataFrame:
    """Where the hours that the options to open a line would give stand: ``row`` (of the limit), ``option`` (column),
    ``bucket``."""
    found = []
    hours = ground.instance.sets["OPTION_BUCKETS"].frame
    gives = (hours["line"] == line) & (hours["option_regular_hours"] + hours["option_overtime_limit"] > 0)
    for key in hours.loc[gives, ["line", "option", "bucket"]].itertuples(index=False):
        entry = _entry(ground, "capacity_limit", (line, key.bucket), "is_opened", (line, key.option))
        if entry is not None:
            found.append((*entry, int(key.bucket)))
    return pd.DataFrame(found, columns=["row", "option", "bucket"])


def _openings(ground: Ground, line: str) -> dict[int, list[int]]:
    """By bucket, the options of a line by which it is open then; nothing for a line without options."""
    return {int(bucket): rows["option"].tolist() for bucket, rows in _options(ground, line).groupby("bucket")}


def _more_in_stock(ground: Ground, item: str, site: str) -> More | None:
    """So many units more in stock at the start, as far as they fit their store, at their lowest price where they can be
    bought at all; None where none is kept there."""
    # One at most: opening stock enters the pool of all, or where supply is divided that of what is bought.
    further = [each for each in units_in_stock(ground, {item}) if each.site == site]
    if not further:
        return None
    offers = ground.instance.tables.frames["supply"].query("item == @item")
    price = float(offers["unit_cost"].min()) if len(offers) else 0.0

    def change(amount: float) -> tuple[Change, bool]:
        """So many units more at the start."""
        fits = max(0.0, min(amount, further[0].column.upper))
        # Paid for where it can be bought: else what is free would seem worth its own price.
        column = replace(further[0].column, earns=-price, upper=fits)
        coefficients, is_whole = _runs_with(ground, item, site, fits)
        return without_tightening(ground, {item}).also(Change(coefficients=coefficients, further=(column,))), is_whole

    return change


def _runs_with(ground: Ground, item: str, site: str, amount: float) -> tuple[dict[tuple[int, int], float], bool]:
    """Coefficients of the rows that tie output to setups and runs, where more in stock has a use for larger ones."""
    keys = ["line", "item", "bucket"]
    larger = build_instance(with_stock(ground.instance.tables, {(item, site): amount})).frames["routing"]
    routing = ground.instance.frames["routing"]
    both = routing.merge(larger[[*keys, "output_limit"]], on=keys, suffixes=("", "_larger"))
    grown = both[(both["output_limit"] > 0) & (both["output_limit_larger"] > both["output_limit"])]
    factors = {(row.line, row.item, row.bucket): (row.setup_group, row.output_limit_larger / row.output_limit)
               for row in grown.itertuples()}
    return _scaled_runs(ground, factors), len(both) == len(larger)


def _offered(ground: Ground, kind: str, name: str, rows: dict[int, int]) -> dict[int, float]:
    matrix = ground.matrix
    finite = {row: matrix.row_upper[row] if math.isfinite(matrix.row_upper[row]) else -matrix.row_lower[row]
              for row in rows}
    if kind != "line":
        return finite
    hours = line_hours(ground.instance.tables, ground.instance.horizon)
    total = hours[hours["line"] == name].assign(all=lambda frame: frame["regular_hours"] + frame["overtime_limit"])
    by_bucket = total.groupby("bucket")["all"].max()
    return {row: float(by_bucket.get(bucket, 0.0)) for row, bucket in rows.items()}


def _larger_runs(ground: Ground, kind: str, name: str,
                 added: dict[int, float]) -> tuple[dict[tuple[int, int], float], bool]:
    """Coefficients of the rows that tie output to setups and runs, where more hours allow more output; and whether
    nothing is left out of the model that the hours would make possible."""
    if kind == "material":
        return {}, True
    routing, tables = ground.instance.frames["routing"], ground.instance.tables
    if kind == "line":
        mine = routing[routing["line"] == name].assign(rate=lambda frame: frame["hours_per_unit"])
        needs = tables.frames["routings"].query("line == @name")
    else:
        needs = tables.frames["routing_resources"].query("resource == @name and hours_per_unit > 0")
        uses = ground.instance.frames["uses"]
        uses = uses[uses["resource"] == name].rename(columns={"resource_hours_per_unit": "rate"})
        mine = routing.merge(uses[["line", "item", "bucket", "rate"]], on=["line", "item", "bucket"])
    factors = {(row.line, row.item, row.bucket): (
        # The coefficient is the output limit: so many hours more make so many units more in a run.
        row.setup_group, 1.0 + added.get(row.bucket, 0.0) / row.rate / row.output_limit)
        for row in mine[(mine["rate"] > 0) & (mine["output_limit"] > 0)].itertuples()}
    coefficients = _scaled_runs(ground, factors)
    if kind == "line":
        coefficients.update(_longer_setups(ground, name, added))
    return coefficients, _all_fit(ground, needs[["line", "item"]])


def _longer_setups(ground: Ground, line: str, added: Mapping[int, float]) -> dict[tuple[int, int], float]:
    """Coefficients of the rows that tie the items of a shared setup to its hours, with those ``added`` by bucket."""
    coefficients = {}
    for setup in (each for each in ground.instance.sets["SHARED_SETUPS"].members() if each[0] == line):
        entry = _entry(ground, "group_needs_setup", setup, "is_set_up", setup)
        if entry is not None:
            coefficients[entry] = float(ground.matrix.rows[entry]) - added.get(setup[2], 0.0)
    return coefficients


def _scaled_runs(ground: Ground, factors: Mapping[tuple[str, str, int], tuple[str, float]]
                 ) -> dict[tuple[int, int], float]:
    """Coefficients of the rows that tie output to setups and runs, each grown by a factor; ``factors``: setup group
    and factor by line, item and bucket."""
    coefficients: dict[tuple[int, int], float] = {}
    for key, (group, factor) in factors.items():
        line, _, bucket = key
        # An item may have either row, both or none.
        for law, index, family, decision in (
                ("making_needs_setup", (*key, group), "is_set_up", (line, group, bucket)),
                ("making_needs_run", key, "is_running", key)):
            entry = _entry(ground, law, index, family, decision)
            if entry is not None:
                coefficients[entry] = float(ground.matrix.rows[entry]) * factor
    return coefficients


def _entry(ground: Ground, law: str, index: object, family: str, decision: object) -> tuple[int, int] | None:
    """Row of a law and column of a decision; None where the model lacks either."""
    row, column = ground.standing.row(law, index), ground.standing.column(family, decision)
    return None if row is None or column is None else (row, column)


def _all_fit(ground: Ground, needs: pd.DataFrame) -> bool:
    """Whether no run of a ``line`` and ``item`` in ``needs`` was left out of the model because it does not fit into the
    hours of its bucket."""
    tables, horizon = ground.instance.tables, ground.instance.horizon
    # Runs that cannot fit are no columns at all: no change of the loaded model brings them back.
    every = routing_buckets(tables, horizon, line_hours(tables, horizon))
    kept = ground.instance.frames["routing"]
    return len(every.merge(needs, on=["line", "item"])) == len(kept.merge(needs, on=["line", "item"]))
