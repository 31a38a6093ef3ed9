"""First in, first out on whole columns: stretches of supply laid over stretches of demand, queue by queue."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from model.audit.book import Ints
from model.audit.tally import Floats

ROUNDING = 1e-12
"""Share of a queue below which an overlap is only what rounding leaves between two ends that are meant to be one."""


class Stretches(NamedTuple):
    """Stretches in their order: the ``place`` each lies in, where it begins there and where it ends.

    Places are numbered as their stretches stand; within a place stretches do not overlap.
    """

    place: Ints
    start: Floats
    end: Floats


class Overlaps(NamedTuple):
    """Where stretches of two rows overlap: positions in either row, and the ends of each overlap."""

    left: Ints
    right: Ints
    start: Floats
    end: Floats


def overlaps(left: Stretches, right: Stretches) -> Overlaps:
    """All overlaps of two rows of stretches in the same places, in the order of the left row.

    Each stretch is held against every one that it reaches into, so that no rounding of an end can hide another.
    """
    # Ranks in place of positions: one search over all places, and whole numbers compare exactly.
    place = np.concatenate([left.place, left.place, right.place, right.place])
    at = np.concatenate([left.start, left.end, right.start, right.end])
    left_start, left_end, right_start, right_end = np.split(
        _ranks(place, at), np.cumsum([len(left.place), len(left.place), len(right.place)]))
    # Rounding may leave an end a hair before the one it follows; a search needs them in order.
    first = np.searchsorted(np.maximum.accumulate(right_end), left_start, side="right")
    after = np.searchsorted(np.maximum.accumulate(right_start), left_end, side="left")
    count = np.maximum(after - first, 0)
    mine = np.repeat(np.arange(len(count)), count)
    # first, first + 1, ... for each stretch: one running number, less where the count of the stretch begins.
    theirs = np.arange(len(mine)) + np.repeat(first - (np.cumsum(count) - count), count)
    start = np.maximum(left.start[mine], right.start[theirs])
    end = np.minimum(left.end[mine], right.end[theirs])
    # The error of a cumulated sum grows with all that stands before it, so what counts goes by the whole queue.
    reach = np.zeros(place.max(initial=0) + 1)
    np.maximum.at(reach, place, at)
    real = end - start > ROUNDING * reach[left.place[mine]]
    return Overlaps(mine[real], theirs[real], start[real], end[real])


def _ranks(place: Ints, at: Floats) -> Ints:
    """Rank of each position, by place and then along the place; equal positions have equal ranks."""
    order = np.lexsort((at, place))
    # NaN differs from everything: the first position opens a rank.
    moved = (np.diff(place[order], prepend=-1) != 0) | (np.diff(at[order], prepend=np.nan) != 0)
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.cumsum(moved)
    return ranks


def match(supplies: pd.DataFrame, demands: pd.DataFrame) -> pd.DataFrame:
    """Which stretch of which supply meets which stretch of which demand.

    Both have ``queue, lot, size`` and stand in their order inside each queue. Returns ``supply, demand`` (lots),
    ``supply_at, demand_at`` (where the stretch begins inside either lot) and ``size``.
    """
    queues = pd.factorize(pd.concat([supplies["queue"], demands["queue"]]))[0]
    supply, supplied = _in_queues(supplies, queues[:len(supplies)])
    demand, demanded = _in_queues(demands, queues[len(supplies):])
    found = overlaps(supplied, demanded)
    return pd.DataFrame({
        "supply": supply["lot"].to_numpy()[found.left], "demand": demand["lot"].to_numpy()[found.right],
        "supply_at": found.start - supplied.start[found.left], "demand_at": found.start - demanded.start[found.right],
        "size": found.end - found.start,
    })


def _in_queues(rows: pd.DataFrame, queues: Ints) -> tuple[pd.DataFrame, Stretches]:
    """Rows sorted by queue, keeping their order inside it, and where each lies in its queue."""
    order = np.argsort(queues, kind="stable")
    ordered, place = rows.iloc[order], queues[order]
    end = ordered["size"].groupby(place).cumsum().to_numpy(dtype=np.float64)
    return ordered, Stretches(place, end - ordered["size"].to_numpy(dtype=np.float64), end)


def carry(labels: pd.DataFrame, matches: pd.DataFrame) -> pd.DataFrame:
    """Labelled stretches of demand lots carried upstream to the supply lots that meet them.

    ``labels``: ``lot, start, end`` and further columns, which are kept. Returns the same columns, of supply lots.
    """
    # In the order that overlaps relies on: by place, and along it.
    rows = matches.sort_values(["demand", "demand_at"], ignore_index=True)
    wanted = labels.sort_values(["lot", "start"], ignore_index=True)
    met = rows["demand_at"].to_numpy(dtype=np.float64)
    found = overlaps(
        Stretches(wanted["lot"].to_numpy(), wanted["start"].to_numpy(np.float64), wanted["end"].to_numpy(np.float64)),
        Stretches(rows["demand"].to_numpy(), met, met + rows["size"].to_numpy(dtype=np.float64)))
    carried = wanted.iloc[found.left].reset_index(drop=True)
    start = rows["supply_at"].to_numpy()[found.right] + found.start - met[found.right]
    return carried.assign(lot=rows["supply"].to_numpy()[found.right], start=start,
                          end=start + found.end - found.start)
