"""Time buckets of the plan and where a date falls among them."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import pandas as pd


class HorizonSettings(Protocol):
    """What the horizon is made from."""

    @property
    def start_date(self) -> pd.Timestamp:
        """First day of the first bucket."""

    @property
    def bucket(self) -> str:
        """``day``, ``week`` or ``month``."""

    @property
    def bucket_count(self) -> int:
        """Number of buckets."""


def buckets(settings: HorizonSettings) -> pd.DataFrame:
    """Start, end (last calendar day) and length in days of each bucket 0 .. bucket_count - 1.

    Month buckets begin on the start date's day of each month, or on the month's last day where it is shorter.
    """
    count = settings.bucket_count
    first = pd.Timestamp(settings.start_date).normalize()
    if settings.bucket == "month":
        # Each edge from the first day, not from the edge before: a start on the 31st is the 31st again after February.
        edges = pd.DatetimeIndex([first + pd.DateOffset(months=step) for step in range(count + 1)])
    else:
        length = {"day": 1, "week": 7}[settings.bucket]
        edges = pd.DatetimeIndex(first + pd.to_timedelta(np.arange(count + 1) * length, unit="D"))
    edges = edges.as_unit("ns")
    frame = pd.DataFrame({"start": edges[:-1], "end": edges[1:] - pd.Timedelta(days=1)})
    frame["days"] = (edges[1:] - edges[:-1]).days
    return frame


def bucket_of(horizon: pd.DataFrame, dates: pd.Series) -> np.ndarray:
    """Position of the bucket that holds each date; -1 before the horizon, ``len(horizon)`` after it."""
    days = pd.DatetimeIndex(dates).as_unit("ns")
    position = np.searchsorted(horizon["start"].to_numpy(), days.to_numpy(), side="right") - 1
    # searchsorted knows starts only, and after the last one there is no next to end its bucket.
    after = days > horizon["end"].iloc[-1]
    return np.where(after, len(horizon), position)


def first_end_on_or_after(horizon: pd.DataFrame, dates: pd.Series) -> np.ndarray:
    """Position of the first bucket that ends on or after each date; ``len(horizon)`` if none does."""
    days = pd.DatetimeIndex(dates).as_unit("ns")
    return np.searchsorted(horizon["end"].to_numpy(), days.to_numpy(), side="left")


def last_end_on_or_before(horizon: pd.DataFrame, dates: pd.Series) -> np.ndarray:
    """Position of the last bucket that ends on or before each date; -1 if none does."""
    days = pd.DatetimeIndex(dates).as_unit("ns")
    return np.searchsorted(horizon["end"].to_numpy(), days.to_numpy(), side="right") - 1


def buckets_starting_within(horizon: pd.DataFrame, from_date: pd.Timestamp, to_date: pd.Timestamp) -> np.ndarray:
    """Mask of the buckets whose first day lies in the closed range; a missing end (NaT) is open."""
    starts = horizon["start"]
    inside = pd.Series(True, index=horizon.index)
    if not pd.isna(from_date):
        inside &= starts >= from_date
    if not pd.isna(to_date):
        inside &= starts <= to_date
    return inside.to_numpy()
