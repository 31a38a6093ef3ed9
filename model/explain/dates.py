"""The dates of an enquiry: on which days its price is looked at, and which of them is the first on which it pays."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
import pandas as pd

from model.explain.enquiries import Enquiry
from model.explain.known import Known
from model.explain.offer import Offer, Verdict

# Days of the first sketch; bisection and the enquiry's own date add theirs.
MOST_DATES = 6


class Pricing(Protocol):
    """Whoever finds the lowest price of an enquiry for delivery by a day, by a search or by a quick look."""

    @property
    def has_whole(self) -> bool:
        """Whether a search says more than a quick look."""

    @property
    def is_small(self) -> bool:
        """Whether a search takes next to no time."""

    def offer(self, enquiry: Enquiry, ways: pd.DataFrame, date: pd.Timestamp) -> Offer:
        """The lowest price by a search."""

    def limit(self, enquiry: Enquiry, ways: pd.DataFrame, date: pd.Timestamp) -> Offer:
        """What a quick look says of it."""


class Dates:
    """The dates of one enquiry, each asked about at most once; later dates are never dearer."""

    def __init__(self, desk: Pricing, enquiry: Enquiry, ways: pd.DataFrame, days: Sequence[pd.Timestamp]) -> None:
        self._desk, self._enquiry, self._ways, self._days = desk, enquiry, ways, list(days)
        self.known: dict[pd.Timestamp, Offer] = {}
        self._limits: dict[pd.Timestamp, Offer] = {}

    def offer(self, day: pd.Timestamp | None, shown: pd.Timestamp) -> Offer:
        """The offer for a day on which something can arrive, for None a day before all of them; dated ``shown``."""
        if day is None:
            return Offer(shown, None)
        self._limited(day)  # so that something is known of it if the search takes too long
        return replace(self._searched(day), date=shown)

    def _searched(self, day: pd.Timestamp) -> Offer:
        """The offer for a day by a search, and by what the relaxation has proven of it before."""
        if day not in self.known:
            found, limit = self._desk.offer(self._enquiry, self._ways, day), self._limits.get(day)
            if limit is not None and not found.is_examined:
                found = limit
            elif limit is not None and found.price is not None and limit.price is not None:
                found = replace(found, price=found.price.within(limit.price))
            self.known[day] = found
        return self.known[day]

    def _limited(self, day: pd.Timestamp) -> Offer:
        """What is known of a day already, else what the relaxation proves of it."""
        if not self._desk.has_whole:
            return self._searched(day)
        if day not in self.known and day not in self._limits:
            self._limits[day] = self._desk.limit(self._enquiry, self._ways, day)
        return self.known.get(day) or self._limits[day]

    def earliest(self) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
        """First day on which the order surely pays at its price, and first on which that is not excluded."""
        price = self._enquiry.price
        if price is None or not self._days:
            return None, None
        # Quick looks first: no day before `begin` can pay, and only the later ones are worth a search.
        begin = self._first(price, ("yes", "open"), self._limited, 0)
        if begin is None:
            return None, None
        possible = self._first(price, ("yes", "open"), self._searched, begin)
        # For the days it searches: what they say is read below.
        self._first(price, ("yes",), self._searched, begin)
        # Where the time is over before the first day is found, it pays on every day that is known to be one.
        sure = min((day for day, offer in self.looked_at.items() if offer.verdict(price) == "yes"), default=None)
        return sure, None if possible is None else self._days[possible]

    def _first(self, price: float, wanted: tuple[Verdict, ...], look: Callable[[pd.Timestamp], Offer],
               begin: int) -> int | None:
        """By bisection: what pays on one day pays on every later one. ``begin`` itself is looked at first."""
        low, high = begin, len(self._days)
        middle = low
        while low < high:
            verdict = look(self._days[middle]).verdict(price)
            if verdict == "not_examined":
                # Every day before ``low`` is known not to be wanted, every one from ``high`` on to be so.
                low = high if wanted == ("yes",) else low
                break
            low, high = (low, middle) if verdict in wanted else (middle + 1, high)
            middle = (low + high) // 2
        return low if low < len(self._days) else None

    def sketch(self) -> None:
        """Look at days spread over the horizon."""
        if self._days:
            for place in np.unique(np.linspace(0, len(self._days) - 1, MOST_DATES).round().astype(int)):
                self._limited(self._days[place])

    def finish(self) -> None:
        """Search the last day at least, so that there is a plan to show; in a small book every day looked at."""
        if self._days and not self.known:
            self._searched(self._days[-1])
        for day in sorted(self._limits) if self._desk.is_small else ():
            self._searched(day)

    @property
    def looked_at(self) -> dict[pd.Timestamp, Offer]:
        """Every day asked about."""
        return {**self._limits, **self.known}

    def offers(self) -> list[Offer]:
        """Every day asked about, in order, each as narrow as its neighbours allow."""
        found = self.looked_at
        # No day is dearer than an earlier one, nor cheaper than a later one: two passes, one each way.
        ceiling, floor, kept = math.inf, 0.0, {}
        for day in sorted(found):
            price = found[day].price
            ceiling = min(ceiling, math.inf if price is None else price.high)
            kept[day] = found[day] if price is None else replace(found[day], price=Known(
                price.low, max(price.low, ceiling)))
        for day in sorted(found, reverse=True):
            price = kept[day].price
            if price is not None:
                floor = max(floor, price.low)
                kept[day] = replace(kept[day], price=Known(min(floor, price.high), price.high))
        return [kept[day] for day in sorted(found)]
