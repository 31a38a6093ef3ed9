"""A stated relaxation applied to the tables, and whether an order can then be made."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from model.buckets import buckets
from model.explain.break_even import Clock
from model.explain.explanation import Relaxation
from model.explain.ground import Ground, Wanted
from model.explain.load import under_promises
from model.explain.loosened import with_stock
from model.instance import build_instance
from model.instance.hours import line_hours, resource_hours
from model.solve.change import Change
from model.solve.standing import Standing
from model.tables import Tables

Granting = Callable[[Ground], Change]
# Share of a relaxation that must not suffice: the smallest is found to one part in a hundred.
LESS = 0.99


def applied(tables: Tables, order: str, relaxation: Relaxation, share: float = 1.0) -> Tables:
    """The tables after ``share`` of a relaxation (days: whole ones, rounded down; a term is lifted by all of it)."""
    for part in relaxation.parts:
        tables = _applied(tables, order, part, share)
    return tables


def _applied(tables: Tables, order: str, part: Relaxation, share: float) -> Tables:
    frames = dict(tables.frames)
    orders = frames["orders"].copy()
    here = orders["order"] == order
    if part.kind == "days":
        # Dates are whole days: a little less than so many is one day less.
        orders.loc[here, "latest_date"] += pd.Timedelta(days=part.amount if share == 1.0 else part.amount - 1)
        frames["orders"] = orders
    elif part.kind in ("hours", "resource"):
        frames["calendar"] = _with_hours(tables, part, share)
    elif part.kind == "material":
        return with_stock(tables, {(part.name, part.site): part.amount * share})
    # A term has no parts: less than all of the relaxation leaves the tables as they are.
    elif share == 1.0:
        orders.loc[here, part.kind] = False
        frames["orders"] = orders
    return replace(tables, frames=frames)


def _with_hours(tables: Tables, part: Relaxation, share: float) -> pd.DataFrame:
    horizon = buckets(tables.settings)
    if part.kind == "hours":
        # A line has a row for each of its expansion options; at most one is chosen, the largest stands for them.
        offered = line_hours(tables, horizon).groupby(["line", "bucket"])["regular_hours"].max()
    else:
        offered = resource_hours(tables, horizon).set_index(["resource", "bucket"])["resource_hours"]
    rows = []
    for start, hours in part.weeks:
        bucket = int(horizon.index[horizon["start"] == start][0])
        now = float(offered[part.name, bucket])
        rows.append({"line": part.name, "from_date": start, "to_date": horizon["end"][bucket],
                     # Calendar rows multiply: a share above 1 adds hours, and overtime in proportion.
                     "availability": (now + share * hours) / now, "reason": None})
    calendar = tables.frames["calendar"]
    more = pd.DataFrame(rows, columns=calendar.columns).astype(calendar.dtypes.to_dict())
    return more if calendar.empty else pd.concat([calendar, more], ignore_index=True)


def is_possible(ground: Ground, wanted: Wanted, tables: Tables, granting: Granting, clock: Clock) -> bool | None:
    """Whether other tables let the order in; None where the time did not suffice to tell."""
    if clock.is_over:
        return None
    other = under_promises(ground, build_instance(tables))
    if wanted.order not in other.orders:
        return False
    return has_plan(other.standing, granting(other).also(Change(is_alone=True)), clock)


def has_plan(standing: Standing, change: Change, clock: Clock) -> bool | None:
    """Whether the changed book has any plan; None where the time did not suffice to tell."""
    answer = standing.bound_of(change, clock.left)
    if not (answer.is_impossible or answer.is_proven):
        # Any plan answers the question: within an infinite gap the first one ends the search.
        answer = standing.ask(change, gap=math.inf, time_limit=clock.left)
    return True if answer.is_feasible else (False if answer.is_impossible else None)
