"""Dates: in order within a row, and inside the horizon where only there they have an effect."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from model.buckets import buckets
from model.checks.draft import Draft, where
from model.schema import TABLES

# Most days of a bucket: only the calendar's end is asked after.
_DAYS = {"day": 1, "week": 7, "month": 31}
_LAST_YEAR = 2200
_LONG_DAYS = 10 * 366
_PAIRS = (
    ("orders", "earliest_ship_date", "latest_date", "earliest_after_latest"),
    ("orders", "due_date", "latest_date", "due_after_latest"),
    ("lines", "start_date", "end_date", "line_ends_before_start"),
)
_RANGES = tuple(table.name for table in TABLES.values() if {"from_date", "to_date"} <= set(table.by_name))


def check_horizon(draft: Draft) -> None:
    """The buckets stay within the calendar, and an unusually long horizon is pointed out; sets ``draft.horizon``."""
    settings = draft.settings
    if settings is None or draft.refused_settings & {"start_date", "bucket", "bucket_count"}:
        return
    days = _DAYS[settings.bucket] * settings.bucket_count
    position = draft.setting_position("bucket_count")
    if settings.start_date.date() > dt.date(_LAST_YEAR, 12, 31) - dt.timedelta(days=days):
        draft.error("horizon_too_long", "settings", position, "value", days=days)
        return
    if days > _LONG_DAYS:
        draft.warn("horizon_long", "settings", position, "value", days=days)
    draft.horizon = buckets(settings)


def check_date_order(draft: Draft) -> None:
    """A range does not end before it begins."""
    for table, first, last, rule in _PAIRS + tuple((name, "from_date", "to_date", "from_after_to") for name in _RANGES):
        frame = draft.frame(table)
        for position in where(frame[first] > frame[last]):
            draft.error(rule, table, position, first, last=frame[last].iloc[position], last_column=last)
    orders = draft.frame("orders")
    for position in where(orders["order_date"] > orders["due_date"]):
        draft.warn("ordered_after_due", "orders", position, "order_date", due=orders["due_date"].iloc[position])


def check_dates_in_horizon(draft: Draft) -> None:
    """What lies outside the horizon has no effect, or another than the planner may expect."""
    if draft.horizon is None:
        return
    start, end = draft.horizon["start"].iloc[0], draft.horizon["end"].iloc[-1]
    for name in _RANGES:
        frame = draft.frame(name)
        for column, outside in (("from_date", frame["from_date"] > end), ("to_date", frame["to_date"] < start)):
            for position in where(outside):
                draft.warn("row_outside_horizon", name, position, column, start=start, end=end)
    lines = draft.frame("lines")
    for column, outside in (("start_date", lines["start_date"] > end), ("end_date", lines["end_date"] < start)):
        for position in where(outside):
            draft.warn("line_outside_horizon", "lines", position, column, start=start, end=end)
    for position in where(draft.frame("expansions")["start_date"] > end):
        draft.warn("expansion_after_horizon", "expansions", position, "start_date", end=end)
    receipts = draft.frame("receipts")["date"]
    for position in where(receipts < start):
        draft.warn("receipt_before_start", "receipts", position, "date", start=start)
    for position in where(receipts > end):
        draft.warn("receipt_after_horizon", "receipts", position, "date", end=end)
    for name in ("pins", "published_plan"):
        days = draft.frame(name)["bucket_start"]
        outside = where((days < start) | (days > end))
        # One finding however many rows: a plan published long ago lies outside with all of them.
        if len(outside) == 1:
            draft.warn("bucket_outside_horizon", name, outside[0], "bucket_start", start=start, end=end)
        elif outside:
            draft.warn("buckets_outside_horizon", name, outside[0], "bucket_start", start=start, end=end,
                       count=len(outside))
    _check_orders(draft, draft.horizon["end"].iloc[0], end)
    _check_frozen(draft, start)


def _check_orders(draft: Draft, first: pd.Timestamp, end: pd.Timestamp) -> None:
    orders = draft.frame("orders")
    # Nothing leaves before the first bucket ends.
    for position in where(orders["latest_date"] < first):
        draft.warn("order_too_old", "orders", position, "latest_date", orders["latest_date"].iloc[position],
                   first=first)
    for position in where((orders["due_date"] < first) & (orders["latest_date"] >= first)):
        draft.warn("due_too_early", "orders", position, "due_date", first=first)
    for position in where(orders["earliest_ship_date"] > end):
        draft.warn("order_after_horizon", "orders", position, "earliest_ship_date", end=end)
    late = where((orders["due_date"] > end) & ~(orders["earliest_ship_date"] > end))
    if late:
        draft.warn("due_after_horizon", "orders", late[0], "due_date", end=end, count=len(late))


def _check_frozen(draft: Draft, start: pd.Timestamp) -> None:
    settings = draft.settings
    if settings is None or settings.frozen_until is None:
        return
    position = draft.setting_position("frozen_until")
    if not draft.has("published_plan"):
        draft.warn("frozen_without_plan", "settings", position, "value")
    elif settings.frozen_until <= start:
        draft.warn("frozen_in_past", "settings", position, "value", start=start)


def overlapping(frame: pd.DataFrame, rows: np.ndarray, first: str = "from_date",
                last: str = "to_date") -> list[tuple[int, int]]:
    """Pairs of row positions, among ``rows``, whose closed date ranges share a day; blank ends are open."""
    starts = frame[first].iloc[rows].fillna(pd.Timestamp.min).to_numpy()
    ends = frame[last].iloc[rows].fillna(pd.Timestamp.max).to_numpy()
    order = np.argsort(starts, kind="stable")
    pairs: list[tuple[int, int]] = []
    reach = -1
    # The range that reaches furthest so far is the one to meet; one pair a row is enough to say so.
    for place in order:
        if reach >= 0 and starts[place] <= ends[reach]:
            pairs.append((int(rows[reach]), int(rows[place])))
        if reach < 0 or ends[place] > ends[reach]:
            reach = place
    return pairs
