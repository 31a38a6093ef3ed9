"""The smallest single relaxation that lets an order in which cannot be made: hours of a line, material, days.

Each is a minimisation of its own. Every relaxation named was applied to the tables and found sufficient, and one per
cent less (one day less, where days are whole) was found not to be.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from model.buckets import buckets
from model.explain.break_even import Clock
from model.explain.explanation import Relaxation
from model.explain.goals import first_day
from model.explain.ground import Ground, Wanted
from model.instance import build_instance
from model.instance.hours import line_hours
from model.instance.pools import ALL, BOUGHT
from model.solve.change import Change, Column
from model.solve.direct import direct_matrix
from model.solve.outcome import Outcome
from model.solve.standing import Standing
from model.tables import Tables

Granting = Callable[[Ground], Change]
LESS = 0.99
SAFELY = 1 + 1e-6
SMALL = 1e-6
MOST_TIMES = 10.0
RUN_LIMITS = (("making_needs_setup", "SETUP_OUTPUTS", "is_set_up", (0, 3, 2)),
              ("making_needs_run", "RUNS", "is_running", (0, 1, 2)))


def smallest_relaxation(ground: Ground, wanted: Wanted, granting: Granting, clock: Clock) -> Relaxation | None:
    """The first kind that helps: fewest days of delay, else fewest hours on one line, else least of one material."""
    for found in (_days(ground, wanted, granting, clock), _hours(ground, wanted, granting, clock),
                  _material(ground, wanted, granting, clock)):
        if found is not None:
            return found
    return None


def applied(tables: Tables, order: str, relaxation: Relaxation, share: float = 1.0) -> Tables:
    """The tables after ``share`` of a relaxation (days: whole ones, rounded down)."""
    frames = dict(tables.frames)
    if relaxation.kind == "days":
        orders = frames["orders"].copy()
        days = math.floor(relaxation.amount * share + SMALL) if share == 1.0 else relaxation.amount - 1
        orders.loc[orders["order"] == order, "latest_date"] += pd.Timedelta(days=days)
        frames["orders"] = orders
    elif relaxation.kind == "hours":
        frames["calendar"] = _with_hours(tables, relaxation, share)
    else:
        stock = frames["stock"].copy()
        here = (stock["item"] == relaxation.name) & (stock["site"] == relaxation.site)
        stock.loc[here, "opening_stock"] += relaxation.amount * share
        frames["stock"] = stock
    return replace(tables, frames=frames)


def is_possible(ground: Ground, wanted: Wanted, tables: Tables, granting: Granting, clock: Clock) -> bool | None:
    """Whether other tables let the order in; None where the time did not suffice to tell."""
    other = _rebuilt(ground, tables)
    if wanted.order not in other.orders:
        return False
    asked = granting(other).also(Change(is_alone=True))
    relaxed = other.standing.bound_of(asked, clock.left)
    if relaxed.is_impossible or relaxed.is_proven:
        return relaxed.is_feasible
    answer = other.standing.ask(asked, time_limit=clock.left)
    return True if answer.is_feasible else (False if answer.is_impossible else None)


def _rebuilt(ground: Ground, tables: Tables) -> Ground:
    """Other tables under the same promises as the published plan keeps."""
    instance = build_instance(tables)
    matrix = direct_matrix(instance)
    known = {name: value for name, value in zip(ground.matrix.columns, ground.standing.values, strict=True) if value}
    values = np.array([known.get(name, 0.0) for name in matrix.columns])
    problem = replace(ground.standing.problem, matrix=matrix, preference=[])
    missed = ground.standing.is_missed
    outcome = Outcome("limit", ground.standing.margin, math.inf, promises_missed=missed)
    return Ground(instance, Standing(problem, values, outcome))


def _confirmed(ground: Ground, wanted: Wanted, relaxation: Relaxation, granting: Granting,
               clock: Clock) -> Relaxation | None:
    tables = ground.instance.tables
    enough = is_possible(ground, wanted, applied(tables, wanted.order, relaxation), granting, clock)
    if not enough or clock.is_over:
        return None
    less = is_possible(ground, wanted, applied(tables, wanted.order, relaxation, LESS), granting, clock)
    return relaxation if less is False else None


def _days(ground: Ground, wanted: Wanted, granting: Granting, clock: Clock) -> Relaxation | None:
    """Whole days on the latest date: only days on which one more shipment becomes possible can make a difference."""
    tables = ground.instance.tables
    latest = tables.frames["orders"].set_index("order")["latest_date"][wanted.order]
    low, steps = 0, _useful_days(ground, wanted, latest)
    high = len(steps) - 1
    if high < 0 or not _after_days(ground, wanted, granting, steps[high], clock):
        return None
    while low < high:
        middle = (low + high) // 2
        answer = _after_days(ground, wanted, granting, steps[middle], clock)
        if answer is None:
            return None
        low, high = (low, middle) if answer else (middle + 1, high)
    return _confirmed(ground, wanted, Relaxation("days", wanted.order, float(steps[high])), granting, clock)


def _after_days(ground: Ground, wanted: Wanted, granting: Granting, days: int, clock: Clock) -> bool | None:
    if clock.is_over:
        return None
    tables = applied(ground.instance.tables, wanted.order, Relaxation("days", wanted.order, float(days)))
    return is_possible(ground, wanted, tables, granting, clock)


def _useful_days(ground: Ground, wanted: Wanted, latest: pd.Timestamp) -> list[int]:
    tables = ground.instance.tables
    row = tables.frames["orders"].set_index("order").loc[wanted.order]
    lanes = tables.frames["lanes"]
    transit = lanes.loc[lanes["market"] == row["market"], "transit_days"].unique().tolist() or [0.0]
    transit = [0.0] if row["due_basis"] == "departure" else transit
    days = {(end - latest).days + math.ceil(way) for end in ground.instance.horizon["end"] for way in transit}
    return sorted(day for day in days if day > 0)


def _hours(ground: Ground, wanted: Wanted, granting: Granting, clock: Clock) -> Relaxation | None:
    """Fewest further regular hours on one line, in whichever weeks serve best."""
    best: Relaxation | None = None
    for line in _lines_of(ground, wanted):
        if clock.is_over:
            break
        weeks, further = _hour_columns(ground, line)
        least = _least(ground, granting(ground).also(_larger_runs(ground, line)), further, clock)
        if least is not None and sum(least) > SMALL and (best is None or sum(least) < best.amount):
            used = tuple((first_day(ground, week), hours * SAFELY) for week, hours in zip(weeks, least, strict=True)
                         if hours > SMALL)
            found = Relaxation("hours", line, sum(hours for _, hours in used), used)
            best = _confirmed(ground, wanted, found, granting, clock) or best
    return best


def _hour_columns(ground: Ground, line: str) -> tuple[list[int], tuple[Column, ...]]:
    """A column of further hours for each bucket in which the line has hours; overtime grows in proportion, as it does
    where a calendar row raises the availability."""
    hours = ground.instance.sets["LINE_BUCKETS"].frame
    weeks, further = [], []
    for row in hours[hours["line"] == line].itertuples():
        capacity = ground.standing.row("capacity_limit", (line, row.bucket))
        overtime = ground.standing.row("overtime_limit", (line, row.bucket))
        if capacity is None or row.regular_hours <= 0:
            continue
        rows = {capacity: -1.0}
        at_work = ground.standing.row("work_needs_setup", (line, row.bucket))
        if at_work is not None:
            rows[at_work] = -1.0
        if overtime is not None and row.overtime_hours > 0:
            rows[overtime] = -row.overtime_hours / row.regular_hours
        weeks.append(int(row.bucket))
        further.append(Column(upper=MOST_TIMES * row.regular_hours, earns=-1.0, rows=rows))
    return weeks, tuple(further)


def _larger_runs(ground: Ground, line: str) -> Change:
    """What a run can make in a bucket grows with the hours of the line: the limits of runs that are set up as they are
    where the line has the most further hours that are asked for."""
    standing, matrix = ground.standing, ground.matrix
    hours = ground.instance.sets["LINE_BUCKETS"].frame
    offered = hours[hours["line"] == line].groupby("bucket")[["regular_hours", "overtime_hours"]].max().sum(axis=1)
    routing = ground.instance.frames["routing"].set_index(["line", "item", "bucket"])["hours_per_unit"]
    coefficients: dict[tuple[int, int], float] = {}
    for law, members, decision, of in RUN_LIMITS:
        for key in ground.instance.sets[members].members():
            row, column = standing.row(law, key), standing.column(decision, tuple(key[place] for place in of))
            if key[0] != line or row is None or column is None:
                continue
            further = MOST_TIMES * float(offered.get(key[2], 0.0)) / float(routing[key[:3]])
            coefficients[row, column] = float(matrix.rows[row, column]) + _sign_of_limit(ground, row) * further
    return Change(coefficients=coefficients)


def _sign_of_limit(ground: Ground, row: int) -> float:
    """The sign of what limits a run in its row: that of the side on which the row has a limit, turned round."""
    return -1.0 if math.isfinite(ground.matrix.row_upper[row]) else 1.0


def _with_hours(tables: Tables, relaxation: Relaxation, share: float) -> pd.DataFrame:
    horizon = buckets(tables.settings)
    offered = line_hours(tables, horizon).set_index(["line", "bucket"])["regular_hours"]
    rows = []
    for start, hours in relaxation.weeks:
        bucket = int(horizon.index[horizon["start"] == start][0])
        now = float(offered[relaxation.name, bucket])
        rows.append({"line": relaxation.name, "from_date": start, "to_date": horizon["end"][bucket],
                     "availability": (now + share * hours) / now, "reason": None})
    calendar = tables.frames["calendar"]
    more = pd.DataFrame(rows, columns=calendar.columns).astype(calendar.dtypes.to_dict())
    return more if calendar.empty else pd.concat([calendar, more], ignore_index=True)


def _material(ground: Ground, wanted: Wanted, granting: Granting, clock: Clock) -> Relaxation | None:
    """Least further opening stock of one item at one site, the one that is least by share of the order."""
    best: Relaxation | None = None
    stock = ground.instance.tables.frames["stock"]
    for item, site, column in _stock_columns(ground, wanted):
        if clock.is_over:
            break
        if not ((stock["item"] == item) & (stock["site"] == site)).any():
            continue
        least = _least(ground, granting(ground).also(_from_stock(ground, item, site)), (column,), clock)
        if least is not None and least[0] > SMALL and (best is None or least[0] < best.amount):
            found = Relaxation("material", item, least[0] * SAFELY, site=site)
            best = _confirmed(ground, wanted, found, granting, clock) or best
    return best


def _stock_columns(ground: Ground, wanted: Wanted) -> Iterator[tuple[str, str, Column]]:
    """Further units at the start, of the items that go into what the order can be served with."""
    parts = _parts(ground, wanted)
    for key in ground.instance.sets["POOL_STOCK"].members():
        item, pool, site, bucket = key
        if bucket == 0 and item in parts and pool in (ALL, BOUGHT):
            row = ground.standing.row("pool_balance", key)
            if row is not None:
                # The law is stated as what is there less what leaves: further units add to what is there.
                yield item, site, Column(earns=-1.0, rows={row: _sign_of_given(ground, row)})


def _from_stock(ground: Ground, item: str, site: str) -> Change:
    """Without the rows that only tighten and say of an item that what ships was made, or was in stock so far."""
    sets = ground.instance.sets
    rows = [ground.standing.row("divided_shipping_balance", key) for key in sets["DIVIDED_SHIPPING"].members()
            if key[:2] == (item, site)]
    rows += [ground.standing.row("look_ahead_stock", key) for key in sets["LOOK_AHEADS"].members()
             if key[:3] == (item, site, 0)]
    found = [row for row in rows if row is not None]
    return Change(row_lower=dict.fromkeys(found, -math.inf), row_upper=dict.fromkeys(found, math.inf))


def _sign_of_given(ground: Ground, row: int) -> float:
    """The sign with which what is there enters a stock balance: that of the stock which leaves it, turned round."""
    matrix = ground.matrix
    for position in matrix.family["stock"]:
        coefficient = matrix.rows[row, position]
        if coefficient and matrix.columns[position][1] == matrix.row_names[row][1]:
            return -float(np.sign(coefficient))
    return 1.0


def _least(ground: Ground, granted: Change, further: tuple[Column, ...], clock: Clock) -> list[float] | None:
    """The least total of further columns under which the goal can be reached; None where it is not found or proven."""
    asked = granted.also(Change(further=further, is_alone=True))
    answer = ground.standing.bound_of(asked, clock.left)
    if answer.is_impossible:
        return None
    if not answer.is_proven:
        answer = ground.standing.ask(asked, time_limit=clock.left)
    if answer.values is None or not answer.is_proven:
        return None
    return [float(value) for value in answer.values[len(ground.matrix.cost):]]


def _parts(ground: Ground, wanted: Wanted) -> set[str]:
    """The items an order can be served with, and everything that goes into them."""
    bill = ground.instance.tables.frames["bill_of_materials"]
    parts = {str(key[1]) for key in wanted.keys} or {wanted.item}
    while True:
        grown = parts | set(bill.loc[bill["item"].isin(parts), "component"])
        if grown == parts:
            return parts
        parts = grown


def _lines_of(ground: Ground, wanted: Wanted) -> list[str]:
    routing = ground.instance.frames["routing"]
    return sorted(routing.loc[routing["item"].isin(_parts(ground, wanted)), "line"].unique())
