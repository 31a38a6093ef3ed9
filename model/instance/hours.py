"""Hours of lines and shared resources in each bucket, after calendar, start and end dates."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from model.tables import Tables


def daily_availability(tables: Tables, horizon: pd.DataFrame, name: str) -> np.ndarray:
    """Share of a line's or resource's hours available on each day: the product of the calendar rows that cover it."""
    days = _days(horizon)
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
    return _covered(_days(horizon), first, last).astype(float)


def option_names(start_dates: pd.Series) -> pd.Series:
    """What a line's expansion options are called: the date (ISO) from which it would have hours."""
    return start_dates.dt.strftime("%Y-%m-%d")


def line_hours(tables: Tables, horizon: pd.DataFrame) -> pd.DataFrame:
    """Hours by line, option and bucket: ``regular_hours``, ``overtime_limit`` [h], ``open_share`` (of the bucket).

    ``option`` is None for an ordinary line, else the name of the expansion option that gives these hours.
    """
    expansions = tables.frames["expansions"]
    options = dict(list(expansions.groupby("line")["start_date"]))
    rows: list[tuple[Any, str | None, np.ndarray]] = []
    for line in tables.frames["lines"].itertuples():
        availability = daily_availability(tables, horizon, line.line)
        starts = options.get(line.line)
        for option, start in [(None, None)] if starts is None else zip(option_names(starts), starts, strict=True):
            # Any comparison with NaT is False: without a start date of the line, the option's own holds.
            first = line.start_date if start is None or start < line.start_date else start
            rows.append((line, option, bucket_share(horizon, availability * open_days(horizon, first, line.end_date))))
    lines, names, shares = zip(*rows, strict=True)

    def each(values: list[Any], kind: type) -> np.ndarray:
        """A value of each row in all of its buckets."""
        return np.repeat(np.array(values, dtype=kind), len(horizon))

    share = np.concatenate(shares)
    return pd.DataFrame({
        "line": each([line.line for line in lines], object),
        # Told the type: texts would be read as such, and None beside them as a missing one.
        "option": pd.Series(each(list(names), object), dtype=object),
        "bucket": np.tile(horizon.index.to_numpy(), len(rows)),
        "regular_hours": each([line.regular_hours for line in lines], float) * share,
        "overtime_limit": each([line.overtime_hours for line in lines], float) * share,
        "open_share": share,
    })


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


def _days(horizon: pd.DataFrame) -> np.ndarray:
    """Every day of the horizon, as datetime64[D]."""
    first, last = (np.datetime64(horizon[name].iloc[place], "D") for name, place in (("start", 0), ("end", -1)))
    return np.arange(first, last + 1)


def _covered(days: np.ndarray, first: pd.Timestamp, last: pd.Timestamp) -> np.ndarray:
    inside = np.ones(len(days), dtype=bool)
    if not pd.isna(first):
        inside &= days >= np.datetime64(first, "D")
    if not pd.isna(last):
        inside &= days <= np.datetime64(last, "D")
    return inside
