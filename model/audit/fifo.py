"""First in, first out on whole columns: stretches of supply laid over stretches of demand along one axis."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from model.audit.book import Ints
from model.audit.tally import Floats


class Overlaps(NamedTuple):
    """Where two rows of disjoint stretches overlap: positions in either row, and the ends of each overlap."""

    left: Ints
    right: Ints
    start: Floats
    end: Floats


def overlaps(left_start: Floats, left_end: Floats, right_start: Floats, right_end: Floats) -> Overlaps:
    """All overlaps of the stretches of two sorted rows; within a row stretches do not overlap."""
    edges = np.unique(np.concatenate([left_start, left_end, right_start, right_end]))
    if len(edges) < 2 or not len(left_start) or not len(right_start):
        nothing, none = np.zeros(0, dtype=np.int64), np.zeros(0)
        return Overlaps(nothing, nothing, none, none)
    start, end = edges[:-1], edges[1:]
    left = np.searchsorted(left_start, start, side="right") - 1
    right = np.searchsorted(right_start, start, side="right") - 1
    inside = (left >= 0) & (right >= 0) & (start < left_end[left]) & (start < right_end[right])
    return Overlaps(left[inside], right[inside], start[inside], end[inside])


def match(supplies: pd.DataFrame, demands: pd.DataFrame) -> pd.DataFrame:
    """Which stretch of which supply meets which stretch of which demand.

    Both have ``queue, lot, size`` and stand in their order inside each queue. Returns ``supply, demand`` (lots),
    ``supply_at, demand_at`` (where the stretch begins inside either lot) and ``size``.
    """
    totals = pd.concat([supplies.groupby("queue")["size"].sum(), demands.groupby("queue")["size"].sum()], axis=1)
    room = totals.fillna(0.0).max(axis=1).sort_index()
    base = (room.cumsum() - room) if len(room) else room
    first = [_on_axis(rows, base) for rows in (supplies, demands)]
    (supply, supply_start), (demand, demand_start) = first
    found = overlaps(supply_start, supply_start + supply["size"].to_numpy(),
                     demand_start, demand_start + demand["size"].to_numpy())
    return pd.DataFrame({
        "supply": supply["lot"].to_numpy()[found.left], "demand": demand["lot"].to_numpy()[found.right],
        "supply_at": found.start - supply_start[found.left], "demand_at": found.start - demand_start[found.right],
        "size": found.end - found.start,
    })


def _on_axis(rows: pd.DataFrame, base: pd.Series) -> tuple[pd.DataFrame, Floats]:
    """Rows sorted by queue, keeping their order inside it, and where each begins on the common axis."""
    ordered = rows.sort_values("queue", kind="stable", ignore_index=True)
    before = ordered.groupby("queue")["size"].cumsum() - ordered["size"]
    return ordered, (ordered["queue"].map(base) + before).to_numpy(dtype=np.float64)


def carry(labels: pd.DataFrame, matches: pd.DataFrame) -> pd.DataFrame:
    """Labelled stretches of demand lots carried upstream to the supply lots that meet them.

    ``labels``: ``lot, start, end`` and further columns, which are kept. Returns the same columns, of supply lots.
    """
    rows = matches.sort_values(["demand", "demand_at"], ignore_index=True)
    wanted = labels.sort_values(["lot", "start"], ignore_index=True)
    if rows.empty or wanted.empty:
        return wanted.iloc[:0]
    lots = np.unique(np.concatenate([rows["demand"].to_numpy(), wanted["lot"].to_numpy()]))
    reach = np.zeros(len(lots))
    np.maximum.at(reach, np.searchsorted(lots, rows["demand"]), (rows["demand_at"] + rows["size"]).to_numpy())
    np.maximum.at(reach, np.searchsorted(lots, wanted["lot"]), wanted["end"].to_numpy())
    base = np.cumsum(reach) - reach
    row_start = base[np.searchsorted(lots, rows["demand"])] + rows["demand_at"].to_numpy()
    want_base = base[np.searchsorted(lots, wanted["lot"])]
    found = overlaps(want_base + wanted["start"].to_numpy(), want_base + wanted["end"].to_numpy(),
                     row_start, row_start + rows["size"].to_numpy())
    carried = wanted.iloc[found.left].reset_index(drop=True)
    start = rows["supply_at"].to_numpy()[found.right] + found.start - row_start[found.right]
    return carried.assign(lot=rows["supply"].to_numpy()[found.right], start=start,
                          end=start + found.end - found.start)
