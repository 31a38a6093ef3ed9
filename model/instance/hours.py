"""Hours of lines and shared resources in each bucket, after calendar, start and end dates."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.tables import Tables


def daily_availability(tables: Tables, horizon: pd.DataFrame, name: str) -> np.ndarray:
    """Share of a line's or resource's hours available on each day: the product of the calendar rows that cover it."""
    days = pd.date_range(horizon["start"].iloc[0], horizon["end"].iloc[-1], freq="D")
    share = np.ones(len(days))
    calendar = tables.frames["calendar"]
    for row in calendar[calendar["line"].isna() | (calendar["line"] == name)].itertuples():
        share[_covered(days, row.from_date, row.to_date)] *= row.availability
    return share


def bucket_share(horizon: pd.DataFrame, daily: np.ndarray) -> np.ndarray:
    """Day-weighted share of each bucket: the mean of its days."""
    # Position of each bucket's first day; reduceat adds up from one to the next.
    first = np.concatenate([[0], np.cumsum(horizon["days"].to_numpy())[:-1]])
    return np.add.reduceat(daily, first) / horizon["days"].to_numpy()


def open_days(horizon: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> np.ndarray:
    """1.0 on each day of the horizon from ``first`` to ``last`` (NaT: open), else 0.0."""
    days = pd.date_range(horizon["start"].iloc[0], horizon["end"].iloc[-1], freq="D")
    return _covered(days, first, last).astype(float)


def option_names(start_dates: pd.Series) -> pd.Series:
    """What a line's expansion options are called: the date (ISO) from which it would have hours."""
    return start_dates.dt.strftime("%Y-%m-%d")


def line_hours(tables: Tables, horizon: pd.DataFrame) -> pd.DataFrame:
    """Hours by line, option and bucket: ``regular_hours``, ``overtime_limit`` [h], ``open_share`` (of the bucket).

    ``option`` is None for an ordinary line, else the name of the expansion option that gives these hours.
    """
    expansions = tables.frames["expansions"]
    parts = []
    for line in tables.frames["lines"].itertuples():
        availability = daily_availability(tables, horizon, line.line)
        starts = expansions.loc[expansions["line"] == line.line, "start_date"]
        for option, start in zip(option_names(starts), starts, strict=True) if len(starts) else [(None, None)]:
            # Any comparison with NaT is False: without a start date of the line, the option's own holds.
            first = line.start_date if start is None or start < line.start_date else start
            share = bucket_share(horizon, availability * open_days(horizon, first, line.end_date))
            parts.append(pd.DataFrame({
                "line": line.line,
                "option": option,
                "bucket": horizon.index,
                "regular_hours": line.regular_hours * share,
                "overtime_limit": line.overtime_hours * share,
                "open_share": share,
            # One type for all parts: a column of None alone and one of texts would be read as different ones.
            }).astype({"option": object}))
    return pd.concat(parts, ignore_index=True)


def resource_hours(tables: Tables, horizon: pd.DataFrame) -> pd.DataFrame:
    """Hours by resource and bucket: ``resource_hours`` [h]."""
    parts = [
        pd.DataFrame({
            "resource": row.resource,
            "bucket": horizon.index,
            "resource_hours": row.hours * bucket_share(horizon, daily_availability(tables, horizon, row.resource)),
        })
        for row in tables.frames["resources"].itertuples()
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(
        columns=["resource", "bucket", "resource_hours"])


def _covered(days: pd.DatetimeIndex, first: pd.Timestamp, last: pd.Timestamp) -> np.ndarray:
    inside = np.ones(len(days), dtype=bool)
    if not pd.isna(first):
        inside &= np.asarray(days >= first)
    if not pd.isna(last):
        inside &= np.asarray(days <= last)
    return inside
