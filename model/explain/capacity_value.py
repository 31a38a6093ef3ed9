"""What more capacity would earn: step curves from re-solves, for the bottlenecks.

Each value is the margin of the best plan with the capacity less that of the best plan without it; what a gap leaves
open is an interval. More hours or material may be used in whatever buckets they earn most.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from model.explain.asking import NoPlanError, base_margin, best, load_book, proven
from model.explain.bottlenecks import Bottleneck, bottlenecks
from model.explain.edits import edited
from model.explain.ground import Ground
from model.explain.known import Known
from model.explain.what_if import changes_of
from model.instance.hours import bucket_share, daily_availability, line_hours
from model.instance.making import routing_buckets
from model.plan import Plan
from model.planning import Options
from model.solve.change import Change, Column, Row
from model.tables import Tables

STEPS = {"hours": (10.0, 20.0, 40.0, 80.0), "shifts": (1.0, 2.0), "chambers": (1.0, 2.0), "units": (1.0, 10.0, 100.0),
         "days_earlier": (7.0, 14.0)}
SHIFT_HOURS_PER_DAY = 40.0 / 7.0
CHAMBER_HOURS_PER_DAY = 24.0


@dataclass(frozen=True)
class Step:
    """So much more, and what it earns in all [base money]; None where the time did not suffice to ask."""

    amount: float
    value: Known | None


@dataclass(frozen=True)
class Curve:
    """What more of one thing earns. ``kind``: line, resource, material or start; ``measure``: a key of STEPS."""

    kind: str
    name: str
    measure: str
    steps: tuple[Step, ...]


def capacity_values(ground: Ground, plan: Plan, seconds: float, budget: float = math.inf,
                    options: Options | None = None) -> list[Curve]:
    """A curve for every bottleneck and every line under construction; ``seconds`` for each step, ``budget`` for all.

    No value is below zero: a plan is one of the larger plant, too.
    """
    until = time.monotonic() + budget
    base, start = base_margin(ground.standing, min(seconds, budget))
    curves = []
    for kind, name, measure, change in _questions(ground, bottlenecks(ground, plan)):
        steps: list[Step] = []
        for amount in STEPS[measure]:
            left = min(seconds, until - time.monotonic())
            value = None
            if left > 0:
                asked, is_whole = change(amount)
                answer = best(ground.standing, asked, seconds=left, start=start)
                gained = proven(answer).less(base)
                value = Known(max(0.0, gained.low), max(0.0, gained.high) if is_whole else math.inf)
            steps.append(Step(amount, value))
        curves.append(Curve(kind, name, measure, rising(steps)))
    for line in under_construction(ground):
        missed = not plan.frames["misses"].empty
        # Where promises are missed an earlier line may keep more of them: the margins then compare different things.
        curves.append(_start_curve(ground, line, base, -math.inf if missed else until, seconds, options))
    return curves


def rising(steps: Iterable[Step]) -> tuple[Step, ...]:
    """The steps, each no less than what is proven of a smaller one, and no more than what is of a larger one."""
    kept, floor = [], 0.0
    for step in steps:
        if step.value is not None:
            floor = max(floor, step.value.low)
            step = Step(step.amount, Known(floor, max(floor, step.value.high)))
        kept.append(step)
    ceiling = math.inf
    for place in range(len(kept) - 1, -1, -1):
        value = kept[place].value
        if value is not None:
            ceiling = min(ceiling, value.high)
            kept[place] = Step(kept[place].amount, Known(min(value.low, ceiling), ceiling))
    return tuple(kept)


Asked = Callable[[float], tuple[Change, bool]]


def _questions(ground: Ground, found: Iterable[Bottleneck]) -> Iterator[tuple[str, str, str, Asked]]:
    """For each bottleneck its measures, and the change for so much more, with whether it holds all that it allows."""
    options = set(ground.instance.tables.frames["expansions"]["line"])
    for each in found:
        if each.kind == "line" and each.name not in options:
            yield "line", each.name, "hours", _more_somewhere(ground, "line", each.name)
            yield "line", each.name, "shifts", _more_everywhere(ground, "line", each.name, SHIFT_HOURS_PER_DAY)
        elif each.kind == "resource":
            yield "resource", each.name, "hours", _more_somewhere(ground, "resource", each.name)
            yield "resource", each.name, "chambers", _more_everywhere(ground, "resource", each.name,
                                                                       CHAMBER_HOURS_PER_DAY)
        elif each.kind == "material":
            yield "material", each.name, "units", _more_somewhere(ground, "material", each.name)


def _rows(ground: Ground, kind: str, name: str) -> dict[int, int]:
    """Rows that limit a line, resource or material, with their bucket."""
    found = {}
    if kind == "material":
        supply = ground.instance.tables.frames["supply"]
        offers = set(np.flatnonzero((supply["item"] == name).to_numpy()).tolist())
        keys = [("supply_limit", key) for key in ground.instance.sets["LIMITED_PURCHASES"].members()
                if key[0] in offers]
    else:
        laws = {"line": (("capacity_limit", "LINE_BUCKETS"), ("work_needs_setup", "SETUP_LINE_BUCKETS")),
                "resource": (("resource_limit", "RESOURCE_BUCKETS"),)}[kind]
        keys = [(law, key) for law, members in laws for key in ground.instance.sets[members].members()
                if key[0] == name]
    for law, key in keys:
        row = ground.standing.row(law, key)
        if row is not None:
            found[row] = int(key[1])
    return found


def _more_somewhere(ground: Ground, kind: str, name: str) -> Asked:
    """So much more in all, in whatever buckets it earns most, where there is any already."""
    rows = _rows(ground, kind, name)
    offered = _offered(ground, kind, name, rows)
    open_rows = [row for row in rows if offered[row] > 0]
    of_bucket: dict[int, dict[int, float]] = {}
    for row in open_rows:
        side = -1.0 if math.isfinite(ground.matrix.row_upper[row]) else 1.0
        # Each offer of a material has hours or units of its own; the laws of a line speak of the same hours.
        of_bucket.setdefault(rows[row] if kind == "line" else row, {})[row] = side

    def change(amount: float) -> tuple[Change, bool]:
        columns = tuple(Column(upper=amount, rows=sides) for sides in of_bucket.values())
        first = len(ground.matrix.cost)
        total = Row(-math.inf, amount, {first + place: 1.0 for place in range(len(columns))})
        coefficients, is_whole = _larger_runs(ground, kind, name, dict.fromkeys(rows.values(), amount))
        return Change(coefficients=coefficients, further=columns, rows=(total,)), is_whole

    return change


def _more_everywhere(ground: Ground, kind: str, name: str, hours_per_day: float) -> Asked:
    """So many times the hours more in every bucket, as its days and the calendar have it, while the line exists."""
    rows, horizon = _rows(ground, kind, name), ground.instance.horizon
    share = bucket_share(horizon, daily_availability(ground.instance.tables, horizon, name))
    if kind == "line":
        hours = line_hours(ground.instance.tables, horizon)
        of_line = hours[hours["line"] == name].set_index("bucket")["regular_hours"]
        per_bucket = ground.instance.tables.frames["lines"].set_index("line").at[name, "regular_hours"]
        share = (of_line / per_bucket).reindex(horizon.index).to_numpy() if per_bucket > 0 else share
    more = hours_per_day * horizon["days"].to_numpy() * share

    def change(amount: float) -> tuple[Change, bool]:
        lower, upper = {}, {}
        for row, bucket in rows.items():
            if math.isfinite(ground.matrix.row_upper[row]):
                upper[row] = float(ground.matrix.row_upper[row] + amount * more[bucket])
            else:
                lower[row] = float(ground.matrix.row_lower[row] - amount * more[bucket])
        added = {bucket: float(amount * more[bucket]) for bucket in rows.values()}
        coefficients, is_whole = _larger_runs(ground, kind, name, added)
        return Change(row_lower=lower, row_upper=upper, coefficients=coefficients), is_whole

    return change


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
    routing = ground.instance.frames["routing"]
    if kind == "line":
        mine = routing[routing["line"] == name].assign(rate=lambda frame: frame["hours_per_unit"])
    else:
        uses = ground.instance.frames["uses"]
        uses = uses[uses["resource"] == name].rename(columns={"resource_hours_per_unit": "rate"})
        mine = routing.merge(uses[["line", "item", "bucket", "rate"]], on=["line", "item", "bucket"])
    coefficients: dict[tuple[int, int], float] = {}
    for row in mine[(mine["rate"] > 0) & (mine["output_limit"] > 0)].itertuples():
        key = (row.line, row.item, row.bucket)
        factor = 1.0 + added.get(row.bucket, 0.0) / row.rate / row.output_limit
        for law, index, family, decision in (
                ("making_needs_setup", (*key, row.setup_group), "is_set_up", (row.line, row.setup_group, row.bucket)),
                ("making_needs_run", key, "is_running", key)):
            place, position = ground.standing.row(law, index), ground.standing.column(family, decision)
            if place is not None and position is not None:
                coefficients[place, position] = float(ground.matrix.rows[place, position]) * factor
    return coefficients, _all_fit(ground, set(mine["line"]))


def _all_fit(ground: Ground, lines: set[str]) -> bool:
    """Whether no run was left out of the model because it does not fit into the hours of its bucket."""
    tables, horizon = ground.instance.tables, ground.instance.horizon
    every = routing_buckets(tables, horizon, line_hours(tables, horizon))
    kept = ground.instance.frames["routing"]
    return int(every["line"].isin(lines).sum()) == int(kept["line"].isin(lines).sum())


def under_construction(ground: Ground) -> list[str]:
    """Lines that start inside the horizon, or may be opened in it."""
    tables, first = ground.instance.tables, ground.instance.horizon["start"].iloc[0]
    lines, options = tables.frames["lines"], tables.frames["expansions"]
    starting = set(lines.loc[lines["start_date"] > first, "line"]) | set(
        options.loc[options["start_date"] > first, "line"])
    return [line for line in lines["line"] if line in starting]


def _start_curve(ground: Ground, line: str, base: Known, until: float, seconds: float,
                 options: Options | None) -> Curve:
    """What it earns to have the line earlier: the book planned again, its tables changed."""
    steps = []
    for days in STEPS["days_earlier"]:
        left = until - time.monotonic()
        value = None
        if left > 0:
            question = f"line={line} start-={days:g}"
            checked = edited(ground.instance.tables, changes_of(ground.instance.tables, question), question)
            value = None if checked.tables is None else _planned(checked.tables, base, min(left, 4 * seconds), options)
        steps.append(Step(days, value))
    return Curve("start", line, "days_earlier", rising(steps))


def _planned(tables: Tables, base: Known, seconds: float, options: Options | None) -> Known | None:
    chosen = options or Options()
    try:
        other, outcome = load_book(tables, Options(
            gap=chosen.gap, time_limit=seconds, seed=chosen.seed, threads=chosen.threads))
    except NoPlanError:
        return None
    after, _ = base_margin(other.standing, seconds)
    gained = after.less(base)
    return None if outcome.promises_missed else Known(max(0.0, gained.low), max(0.0, gained.high))
