"""The smallest change that lets an order in which cannot be made: a term, days, hours of a line or resource, material.

Each is a minimisation of its own. Every change named was applied to the tables and found sufficient, and one per cent
less (one day less, where days are whole) was found not to be. Where no single one suffices, the least that does
together is named.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property

import pandas as pd

from model.buckets import buckets
from model.explain.break_even import Clock
from model.explain.explanation import Relaxation
from model.explain.ground import Ground, Wanted
from model.explain.load import under_promises
from model.explain.loosened import (
    MOST_TIMES,
    Further,
    hours_of_line,
    hours_of_resource,
    loosened,
    units_in_stock,
    with_stock,
    without_tightening,
)
from model.instance import build_instance
from model.instance.hours import line_hours, resource_hours
from model.solve.change import Change
from model.tables import Tables

Granting = Callable[[Ground], Change]
Kind = tuple[str, str, str]
LESS = 0.99
SAFELY = 1 + 1e-6
SMALL = 1e-6
TERMS = ("single_line", "single_delivery")


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
        orders.loc[here, "latest_date"] += pd.Timedelta(days=part.amount if share == 1.0 else part.amount - 1)
        frames["orders"] = orders
    elif part.kind in ("hours", "resource"):
        frames["calendar"] = _with_hours(tables, part, share)
    elif part.kind == "material":
        return with_stock(tables, {(part.name, part.site): part.amount * share})
    elif share == 1.0:
        orders.loc[here, part.kind] = False
        frames["orders"] = orders
    return replace(tables, frames=frames)


def _with_hours(tables: Tables, part: Relaxation, share: float) -> pd.DataFrame:
    horizon = buckets(tables.settings)
    if part.kind == "hours":
        offered = line_hours(tables, horizon).groupby(["line", "bucket"])["regular_hours"].max()
    else:
        offered = resource_hours(tables, horizon).set_index(["resource", "bucket"])["resource_hours"]
    rows = []
    for start, hours in part.weeks:
        bucket = int(horizon.index[horizon["start"] == start][0])
        now = float(offered[part.name, bucket])
        rows.append({"line": part.name, "from_date": start, "to_date": horizon["end"][bucket],
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
    asked = granting(other).also(Change(is_alone=True))
    relaxed = other.standing.bound_of(asked, clock.left)
    if relaxed.is_impossible or relaxed.is_proven:
        return relaxed.is_feasible
    answer = other.standing.ask(asked, time_limit=clock.left)
    return True if answer.is_feasible else (False if answer.is_impossible else None)


class Relaxing:
    """Asks of one order of a planned book after another; the model with room for more is built once."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    @cached_property
    def _loosened(self) -> Ground:
        return loosened(self._ground)

    def smallest(self, wanted: Wanted, granting: Granting, clock: Clock) -> Relaxation | None:
        """The first kind that helps: a term of the order lifted, else fewest days of delay, else fewest hours on one
        line or resource, else least of one material, else the least of several; None where none is proven in time.
        """
        clock = Clock(min(clock.deadline, time.monotonic() + clock.patience), clock.patience)
        asked = _Asked(self._ground, wanted, granting, clock)
        found = asked.term() or asked.days()
        if found is None and not clock.is_over:
            found = asked.least_of(self._loosened)
        if found is None and not clock.is_over:
            found = asked.together(self._loosened)
        return found or asked.days_and_more()


class _Asked:
    """One order that cannot be made, and what would let it in."""

    def __init__(self, ground: Ground, wanted: Wanted, granting: Granting, clock: Clock) -> None:
        self._ground, self._wanted, self._granting, self._clock = ground, wanted, granting, clock
        self._tables = ground.instance.tables
        self._steps = _useful_days(ground, wanted)

    def days(self) -> Relaxation | None:
        """Whole days on the latest date: only those on which one more shipment becomes possible make a difference."""
        step = self._first_step(lambda days: self._is_enough(self._later(days)))
        return None if step is None else self._confirmed(self._later(step))

    def least_of(self, wide: Ground) -> Relaxation | None:
        """Fewest further hours of one line or resource, in whichever weeks serve best; else least further opening stock
        of one item at one site."""
        hours = [[*hours_of_line(wide, line)] for line in self._lines]
        hours += [[*hours_of_resource(wide, resource)] for resource in self._resources]
        units = [[each] for each in self._units(wide)]
        for groups in (hours, units):
            found = [least for further in groups if (least := self._least(wide, further)) is not None]
            for least in sorted(found, key=lambda each: each.amount):
                if (confirmed := self._confirmed(least)) is not None:
                    return confirmed
        return None

    def term(self) -> Relaxation | None:
        """A term of the order's own that alone stands in the way."""
        row = self._tables.frames["orders"].set_index("order").loc[self._wanted.order]
        for term in TERMS:
            lifted = Relaxation(term, self._wanted.order, 1.0)  # type: ignore[arg-type]  # one of the kinds
            if bool(row[term]) and self._is_enough(lifted):
                return lifted
        return None

    def together(self, wide: Ground, later: Relaxation | None = None) -> Relaxation | None:
        """Least hours of several lines and resources, else of several materials, else of both; ``later``: and a later
        date, which ``wide`` has already."""
        hours, units = self._hours(wide), self._units(wide)
        for further in (hours, units, hours + units):
            least = self._least(wide, further)
            if least is None:
                continue
            asked = least if later is None else replace(later, also=least.parts)
            if (confirmed := self._confirmed(asked)) is not None:
                return confirmed
        return None

    def days_and_more(self) -> Relaxation | None:
        """Fewest days after which hours and materials could let it in, and the least of those."""
        wide: dict[int, Ground] = {}

        def is_enough(days: int) -> bool | None:
            """Whether so many days, and hours and goods as needed, let it in; None where time is over."""
            if self._clock.is_over:
                return None
            tables = applied(self._tables, self._wanted.order, self._later(days))
            wide[days] = loosened(under_promises(self._ground, build_instance(tables)))
            return self._least(wide[days], self._hours(wide[days]) + self._units(wide[days])) is not None

        step = self._first_step(is_enough)
        return None if step is None else self.together(wide[step], self._later(step))

    def _first_step(self, is_enough: Callable[[int], bool | None]) -> int | None:
        """The smallest of the useful days that is enough, by halves; None where none is, or time is over."""
        low, high = 0, len(self._steps) - 1
        if high < 0 or not is_enough(self._steps[high]):
            return None
        while low < high:
            middle = (low + high) // 2
            answer = is_enough(self._steps[middle])
            if answer is None:
                return None
            low, high = (low, middle) if answer else (middle + 1, high)
        return self._steps[high]

    def _later(self, days: int) -> Relaxation:
        return Relaxation("days", self._wanted.order, float(days))

    def _is_enough(self, relaxation: Relaxation, share: float = 1.0) -> bool | None:
        tables = applied(self._tables, self._wanted.order, relaxation, share)
        return is_possible(self._ground, self._wanted, tables, self._granting, self._clock)

    def _confirmed(self, relaxation: Relaxation) -> Relaxation | None:
        if not self._fits(relaxation) or not self._is_enough(relaxation):
            return None
        return relaxation if self._is_enough(relaxation, LESS) is False else None

    def _fits(self, relaxation: Relaxation) -> bool:
        """Whether the units asked for fit their store."""
        stock = self._tables.frames["stock"].set_index(["item", "site"])
        for part in relaxation.parts:
            if part.kind == "material" and (part.name, part.site) in stock.index:
                row = stock.loc[(part.name, part.site)]
                if row["opening_stock"] + part.amount > row["storage_limit"]:
                    return False
        return True

    def _least(self, wide: Ground, further: Sequence[Further]) -> Relaxation | None:
        """The least total of further columns under which the goal can be reached; None where it is not found or
        proven, or nothing is needed. No bucket has its hours more than doubled, unless it must."""
        if self._clock.is_over or not further or self._wanted.order not in wide.orders:
            return None
        loose = without_tightening(wide, {each.name for each in further if each.kind == "material"})
        for share in (1.0 / MOST_TIMES, 1.0):
            columns = tuple(replace(each.column, upper=each.column.upper * share) for each in further)
            amounts = self._least_amounts(wide, loose.also(Change(further=columns, is_alone=True)))
            if amounts is not None:
                return _relaxation((each, amount) for each, amount in zip(further, amounts, strict=True)
                                   if amount > SMALL)
        return None

    def _least_amounts(self, wide: Ground, further: Change) -> list[float] | None:
        asked = self._granting(wide).also(further)
        answer = wide.standing.bound_of(asked, self._clock.left)
        if answer.is_impossible:
            return None
        if not answer.is_proven:
            answer = wide.standing.ask(asked, time_limit=self._clock.left)
        if answer.values is None or not answer.is_proven:
            return None
        return [float(value) for value in answer.values[len(wide.matrix.cost):]]

    def _hours(self, wide: Ground) -> list[Further]:
        """Hours of every line and resource that what it needs is made with."""
        of_lines = [each for line in self._lines for each in hours_of_line(wide, line)]
        return of_lines + [each for resource in self._resources for each in hours_of_resource(wide, resource)]

    def _units(self, wide: Ground) -> list[Further]:
        """Units in stock of what is kept or not made here: a product that is only made would always do."""
        kept = set(self._tables.frames["stock"][["item", "site"]].itertuples(index=False, name=None))
        made = set(self._tables.frames["routings"]["item"])
        return [each for each in units_in_stock(wide, self._parts)
                if (each.name, each.site) in kept or each.name not in made]

    @cached_property
    def _parts(self) -> set[str]:
        """The items the order can be served with, and everything that goes into them."""
        bill = self._tables.frames["bill_of_materials"]
        eligible = self._ground.instance.frames["eligible"]
        parts = set(eligible.loc[eligible["order"] == self._wanted.order, "item"])
        while True:
            grown = parts | set(bill.loc[bill["item"].isin(parts), "component"])
            if grown == parts:
                return parts
            parts = grown

    @cached_property
    def _lines(self) -> list[str]:
        routings = self._tables.frames["routings"]
        return sorted(routings.loc[routings["item"].isin(self._parts), "line"].unique())

    @cached_property
    def _resources(self) -> list[str]:
        needs = self._tables.frames["routing_resources"]
        return sorted(needs.loc[needs["item"].isin(self._parts), "resource"].unique())


def _relaxation(used: Iterable[tuple[Further, float]]) -> Relaxation | None:
    """What is used of further hours and units, line by line and item by item, the most first."""
    of_kind: dict[Kind, list[tuple[Further, float]]] = {}
    for each, amount in used:
        of_kind.setdefault((each.kind, each.name, each.site), []).append((each, amount * SAFELY))
    parts = [Relaxation(
        kind, name, sum(amount for _, amount in rows), site=site,  # type: ignore[arg-type]  # one of the kinds
        weeks=tuple((each.day, amount) for each, amount in rows if each.day is not None))
        for (kind, name, site), rows in of_kind.items()]
    parts.sort(key=lambda part: (-part.amount, part.kind, part.name))
    return replace(parts[0], also=tuple(parts[1:])) if parts else None


def _useful_days(ground: Ground, wanted: Wanted) -> list[int]:
    tables = ground.instance.tables
    row = tables.frames["orders"].set_index("order").loc[wanted.order]
    lanes = tables.frames["lanes"]
    transit = lanes.loc[lanes["market"] == row["market"], "transit_days"].unique().tolist() or [0.0]
    transit = [0.0] if row["due_basis"] == "departure" else transit
    days = {(end - row["latest_date"]).days + math.ceil(way) for end in ground.instance.horizon["end"]
            for way in transit}
    return sorted(day for day in days if day > 0)
