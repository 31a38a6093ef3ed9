"""Hours that lines and shared resources offer, day by day: calendar, dates and the openings the plan chose."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from model.audit.book import Book
from model.audit.tally import Floats


def open_shares(book: Book, names: pd.Series) -> Floats:
    """Share of each day's hours that the calendar leaves, by name (rows) and day of the horizon (columns)."""
    days = horizon_days(book)
    shares = np.ones((len(names), len(days)))
    wanted = names.to_numpy(dtype=object)
    calendar = book.input("calendar")
    for name, first, last, availability in zip(calendar["line"], calendar["from_date"], calendar["to_date"],
                                               calendar["availability"], strict=True):
        inside = between(days, first, last)
        rows = np.ones(len(wanted), dtype=bool) if name == "" else wanted == name
        shares[np.ix_(rows, inside)] *= availability
    return shares


def horizon_days(book: Book) -> Any:
    """Every calendar day of the horizon."""
    return np.arange(book.starts[0], book.ends[-1] + np.timedelta64(1, "D"))


def between(days: Any, first: Any, last: Any) -> Any:
    """Whether each day lies in the closed range; a blank end is open."""
    inside = np.ones(len(days), dtype=bool)
    if not pd.isna(first):
        inside &= days >= np.datetime64(first, "D")
    if not pd.isna(last):
        inside &= days <= np.datetime64(last, "D")
    return inside


def by_bucket(book: Book, shares: Floats) -> Floats:
    """Mean over the days of each bucket."""
    firsts = ((book.starts - book.starts[0]) / np.timedelta64(1, "D")).astype(np.int64)
    # reduceat sums from each first day to the day before the next one.
    return np.asarray(np.add.reduceat(shares, firsts, axis=1) / book.horizon["days"].to_numpy())


def line_hours(book: Book, openings: pd.DataFrame) -> pd.DataFrame:
    """``regular``, ``overtime`` [h] and ``share`` of open days by ``line`` and bucket ``t``.

    A line with expansion options has hours from its ``start_date`` in ``openings``, and none if it is not there.
    """
    lines = book.input("lines")
    days = horizon_days(book)
    # Of two openings of a line, which expansion_choice refuses, the earlier one gives the hours.
    chosen = openings.groupby("line")["start_date"].min()
    optional = set(book.input("expansions")["line"])
    shares = open_shares(book, lines["line"])
    for row, (line, first, last) in enumerate(zip(lines["line"], lines["start_date"], lines["end_date"], strict=True)):
        shares[row] *= between(days, first, last)
        if line in optional:
            shares[row] *= between(days, chosen[line], None) if line in chosen.index and not pd.isna(chosen[line]) \
                else 0.0
    share = by_bucket(book, shares)
    frame = pd.DataFrame({"line": np.repeat(lines["line"].to_numpy(), share.shape[1]),
                          "t": np.tile(np.arange(share.shape[1]), len(lines)), "share": share.ravel()})
    regular = np.repeat(lines["regular_hours"].to_numpy(), share.shape[1])
    overtime = np.repeat(lines["overtime_hours"].to_numpy(), share.shape[1])
    return frame.assign(regular=regular * frame["share"], overtime=overtime * frame["share"])


def resource_hours(book: Book) -> pd.DataFrame:
    """``offered`` hours by ``resource`` and bucket ``t``."""
    resources = book.input("resources")
    if resources.empty:
        return pd.DataFrame({"resource": pd.Series(dtype=object), "t": pd.Series(dtype=np.int64),
                             "offered": pd.Series(dtype=np.float64)})
    share = by_bucket(book, open_shares(book, resources["resource"]))
    return pd.DataFrame({"resource": np.repeat(resources["resource"].to_numpy(), share.shape[1]),
                         "t": np.tile(np.arange(share.shape[1]), len(resources)),
                         "offered": (resources["hours"].to_numpy()[:, None] * share).ravel()})
