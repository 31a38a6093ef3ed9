"""When a book's own calendar and lanes let an order leave and be there."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from model.buckets import buckets
from model.schema import SETTINGS, TABLES
from model.schema.columns import MOST_DAYS
from model.tables import Bad, RawBook
from model.tables.filling import setting_or_default
from model.tables.names import find_setting
from model.tables.parse import parse_cell, parse_column, shown


class _Horizon(NamedTuple):
    start_date: pd.Timestamp
    bucket: str
    bucket_count: int


@dataclass(frozen=True)
class Leaving:
    """Days on which goods can leave: the last ones of the ``buckets`` of the plan.

    None are known, nor is ``start``, where the settings cannot be used, as the checks say. ``transit``: days of the
    quickest lane to each market.
    """

    start: dt.date | None
    buckets: Sequence[dt.date]
    transit: Mapping[object, dt.timedelta]

    def first_met(self, earliest: dt.date, market: object, due_basis: object) -> dt.date | None:
        """The first day on which an order's dates are met if it may not leave before ``earliest``.

        The first departure from then on and, where the dates are met by arrival, the days on the way. What binds no
        more than the first bucket does counts by its own day; None where nothing leaves from then on.
        """
        place = bisect_left(self.buckets, earliest)
        if self.buckets and place == len(self.buckets):
            return None
        leaves = self.buckets[place] if place else earliest
        return leaves if due_basis == "departure" else leaves + self.transit.get(market, dt.timedelta(0))


def leaving_of(book: RawBook) -> Leaving:
    """What the settings and lanes of a book say of leaving."""
    settings = _settings(book)
    start = settings.get("start_date")
    return Leaving(start if isinstance(start, dt.date) else None, _ends(settings), _transit(book))


def _settings(book: RawBook) -> dict[str, object]:
    """The settings that can be understood."""
    table, given = book.tables.get("settings"), dict[str, object]()
    columns = table.columns if table else {}
    for key, cell in zip(columns.get("key", []), columns.get("value", []), strict=False):
        name = find_setting(shown(key))
        value = parse_cell(SETTINGS[name], cell) if name else None
        if name and not isinstance(value, Bad):
            given[name] = value
    return given


def _ends(settings: dict[str, object]) -> list[dt.date]:
    start, count = settings.get("start_date"), settings.get("bucket_count")
    most = SETTINGS["bucket_count"].high
    if not isinstance(start, dt.date) or not isinstance(count, float) or most is None or not 1 <= count <= most:
        return []
    bucket = str(setting_or_default("bucket", settings))
    try:
        ends = buckets(_Horizon(pd.Timestamp(start), bucket, int(count)))["end"]
    # The checks refuse a horizon that leaves the calendar.
    except (pd.errors.OutOfBoundsDatetime, OverflowError):
        return []
    return [end.date() for end in ends]


def _transit(book: RawBook) -> dict[object, dt.timedelta]:
    table, quickest = book.tables.get("lanes"), dict[object, dt.timedelta]()
    if table is None:
        return quickest
    blank = [None] * len(table.row_numbers)
    markets, days = (parse_column(TABLES["lanes"].by_name[name], table.columns.get(name, blank))[0]
                     for name in ("market", "transit_days"))
    for market, written in zip(markets, days, strict=True):
        if written is None or (isinstance(written, float) and 0 <= written <= MOST_DAYS):
            lasts = dt.timedelta(days=written or 0)
            quickest[market] = min(quickest.get(market, lasts), lasts)
    return quickest
