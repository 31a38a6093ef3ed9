"""Buckets, days and shares of days, counted one day at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

Row = dict[str, Any]


@dataclass(frozen=True)
class Horizon:
    """First and last day of every bucket."""

    starts: tuple[date, ...]
    ends: tuple[date, ...]

    @property
    def buckets(self) -> range:
        """Positions of the buckets."""
        return range(len(self.starts))

    def days(self, bucket: int) -> list[date]:
        """Every day of a bucket."""
        count = (self.ends[bucket] - self.starts[bucket]).days + 1
        return [self.starts[bucket] + timedelta(days=step) for step in range(count)]

    def containing(self, day: date) -> int | None:
        """The bucket in which the day lies; None outside the horizon."""
        return next((bucket for bucket in self.buckets if self.starts[bucket] <= day <= self.ends[bucket]), None)

    def first_ending_by(self, day: date) -> int | None:
        """The first bucket that ends on or after the day; None where only a bucket beyond the horizon would."""
        return next((bucket for bucket in self.buckets if self.ends[bucket] >= day), None)

    def after(self, bucket: int, days: float) -> int | None:
        """The first bucket that ends at least so many days after this one; None beyond the horizon."""
        return self.first_ending_by(self.ends[bucket] + timedelta(days=int(days)))


def horizon(start: date, kind: str, count: int) -> Horizon:
    """Buckets of a day, a week or a month from the start date."""
    first = pd.Timestamp(start)
    step = {"day": pd.DateOffset(days=1), "week": pd.DateOffset(days=7), "month": pd.DateOffset(months=1)}[kind]
    edges = [(first + step * position).date() if position else start for position in range(count + 1)]
    return Horizon(tuple(edges[:-1]), tuple(edge - timedelta(days=1) for edge in edges[1:]))


def within(day: date, first: date | None, last: date | None) -> bool:
    """Whether a day lies in a range that includes both ends and is open where an end is blank."""
    return (first is None or first <= day) and (last is None or day <= last)


def open_share(days: Iterable[date], calendar: list[Row], name: str, first: date | None, last: date | None) -> float:
    """Share of the days' hours that a line or resource offers: each day the product of the calendar rows on it."""
    shares = []
    for day in days:
        share = 1.0 if within(day, first, last) else 0.0
        for row in calendar:
            if row["line"] in (None, name) and within(day, row["from_date"], row["to_date"]):
                share *= row["availability"]
        shares.append(share)
    return sum(shares) / len(shares)
