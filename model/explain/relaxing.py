"""The smallest change that lets an order in which cannot be made: a term, days, hours of a line or resource, material.

Each is a minimisation of its own, to half a per cent. Every change named was applied to the tables and found
sufficient, and one per cent less (one day less, where days are whole) was found not to be. Where no single one
suffices, the least that does together is named. All is asked of a book without the orders that make no difference.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property

from model.explain.applying import LESS, Granting, applied, is_possible
from model.explain.break_even import Clock
from model.explain.explanation import Goal, Relaxation
from model.explain.ground import Ground, Wanted
from model.explain.least import Least
from model.explain.loosened import Further, hours_of_line, hours_of_resource, units_in_stock
from model.explain.needed import eligible_items, reached, with_needed

TERMS = ("single_line", "single_delivery")


def smallest_relaxation(ground: Ground, wanted: Wanted, goal: Goal, granting: Granting,
                        clock: Clock) -> Relaxation | None:
    """The first kind that helps: a term of the order lifted, else fewest days of delay, else fewest hours on one
    line or resource, else least of one material, else the least of several; None where none is proven in time.
    """
    # The patience of one search is the time for all of these together.
    clock = Clock(min(clock.deadline, time.monotonic() + clock.patience), clock.patience)
    asked = _Asked(ground, wanted, goal, granting, clock)
    found = asked.term() or asked.days()
    if found is not None or not asked.can_be_helped():
        return found
    # From what is simplest to tell to what is most to ask: each is looked for only where none before it helps.
    return asked.least_of_one() or asked.together() or asked.days_and_more()


class _Asked:
    """One order that cannot be made, and what would let it in."""

    def __init__(self, ground: Ground, wanted: Wanted, goal: Goal, granting: Granting, clock: Clock) -> None:
        self._ground, self._wanted, self._granting, self._clock = ground, wanted, granting, clock
        self._tables = with_needed(ground.instance.tables, ground, wanted, goal)
        self._steps = _useful_days(ground, wanted)
        self._leasts: dict[int, Least] = {}

    def term(self) -> Relaxation | None:
        """A term of the order's own that alone stands in the way."""
        row = self._tables.frames["orders"].set_index("order").loc[self._wanted.order]
        for term in TERMS:
            lifted = Relaxation(term, self._wanted.order, 1.0)  # type: ignore[arg-type]  # one of the kinds
            if bool(row[term]) and self._is_enough(lifted):
                return lifted
        return None

    def days(self) -> Relaxation | None:
        """Whole days on the latest date: only those on which one more shipment becomes possible make a difference."""
        step = self._first_step(lambda days: self._is_enough(self._later(days)))
        return None if step is None else self._confirmed(self._later(step))

    def can_be_helped(self) -> bool:
        """Whether days, hours and materials could let it in at all."""
        # None, not found out in time, is no reason to give up.
        return self._least_after(max(self._steps, default=0)).is_enough(self._hours_and_units) is not False

    def least_of_one(self) -> Relaxation | None:
        """Fewest further hours of one line or resource, in whichever weeks serve best; else least further opening stock
        of one item at one site."""
        least = self._least_after(0)
        for asking in (self._hours, self._units):
            if not self._clock.is_over and (
                    found := self._first_confirmed(least.ascending(least.apart(asking)))) is not None:
                return found
        return None

    def together(self) -> Relaxation | None:
        """Least hours of several lines and resources, else of several materials, else of both."""
        return self._least_of_several(self._least_after(0), ())

    def days_and_more(self) -> Relaxation | None:
        """Fewest days after which hours and materials could let it in, and the least of those."""
        step = self._first_step(lambda days: self._least_after(days).is_enough(self._hours_and_units))
        return None if step is None else self._least_of_several(self._least_after(step), self._later(step).parts)

    def _least_of_several(self, least: Least, besides: tuple[Relaxation, ...]) -> Relaxation | None:
        for asking in (self._hours, self._units, self._hours_and_units):
            found = (_joined(besides + each.parts) for each in least.ascending([asking]))
            if (confirmed := self._first_confirmed(found)) is not None:
                return confirmed
        return None

    def _least_after(self, days: int) -> Least:
        if days not in self._leasts:
            tables = applied(self._tables, self._wanted.order, self._later(days))
            self._leasts[days] = Least(self._ground, tables, self._granting, self._clock)
        return self._leasts[days]

    def _first_step(self, is_enough: Callable[[int], bool | None]) -> int | None:
        """The smallest of the useful days that is enough, by halves; None where none is, or time is over."""
        # Later dates only add shipments, so that what suffices once suffices ever after.
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

    def _first_confirmed(self, found: Iterable[Relaxation]) -> Relaxation | None:
        return next((each for each in found if self._confirmed(each) is not None), None)

    def _confirmed(self, relaxation: Relaxation) -> Relaxation | None:
        """The relaxation, where the tables with it let the order in and with less they do not."""
        if not self._is_enough(relaxation):
            return None
        # An answer of None leaves open that less would do: then nothing is claimed.
        return relaxation if self._is_enough(relaxation, LESS) is False else None

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

    def _hours_and_units(self, wide: Ground) -> list[Further]:
        return self._hours(wide) + self._units(wide)

    @cached_property
    def _parts(self) -> set[str]:
        """The items the order can be served with, and everything that goes into them."""
        bill = self._tables.frames["bill_of_materials"]
        return reached(eligible_items(self._ground, self._wanted), bill, "item", "component")

    @cached_property
    def _lines(self) -> list[str]:
        routings = self._tables.frames["routings"]
        return sorted(routings.loc[routings["item"].isin(self._parts), "line"].unique())

    @cached_property
    def _resources(self) -> list[str]:
        needs = self._tables.frames["routing_resources"]
        return sorted(needs.loc[needs["item"].isin(self._parts), "resource"].unique())


def _joined(parts: tuple[Relaxation, ...]) -> Relaxation:
    """What is needed together as one relaxation."""
    return replace(parts[0], also=parts[1:])


def _useful_days(ground: Ground, wanted: Wanted) -> list[int]:
    tables = ground.instance.tables
    row = tables.frames["orders"].set_index("order").loc[wanted.order]
    lanes = tables.frames["lanes"]
    # A market without lanes, or none at all, is reached at once.
    transit = lanes.loc[lanes["market"] == row["market"], "transit_days"].unique().tolist() or [0.0]
    transit = [0.0] if row["due_basis"] == "departure" else transit
    # Shipments leave at the end of a bucket: between two such days, plus transit, a later date changes nothing.
    days = {(end - row["latest_date"]).days + math.ceil(way) for end in ground.instance.horizon["end"]
            for way in transit}
    return sorted(day for day in days if day > 0)
