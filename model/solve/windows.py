"""Which parts of a large book are solved again, round by round: clusters of lines, a window of weeks at a time."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy as np

from model.solve.places import NOWHERE, Places


class Round(NamedTuple):
    """``gap`` of the whole within which its parts are solved, and the row of the clusters."""

    gap: float
    division: int


ROUNDS = tuple(Round(gap, division) for gap in (3e-4, 1e-4, 3e-5, 1e-5) for division in (0, 1))
# Whole decisions of a part: with fewer, what is at its edges is too much; with more, it is not solved closely enough.
WHOLE_OF_PART = 280
STEP_SHARE = 0.75  # of a window lies before the next one


def parts_of_round(each: Round, places: Places, useful: np.ndarray, is_whole: np.ndarray) -> list[list[np.ndarray]]:
    """Free columns of the round's parts, in groups that are solved at once; none that has no whole decision.

    ``useful`` (by column): which may be free at all. What belongs to no cluster, as materials that are bought for all,
    is free in every part.
    """
    bucket, cluster, order = places.bucket, places.cluster[each.division], places.order
    by_window: dict[int, list[np.ndarray]] = defaultdict(list)
    last = int(bucket.max(initial=0))
    length = window_length(cluster[is_whole], last + 1)
    # Windows overlap: what is at the edge of one is inside the next.
    step = round(STEP_SHARE * length) if length <= last else length
    for first in range(0, last + 1, step):
        for name in np.unique(cluster[cluster != NOWHERE]):
            inside = (cluster == name) | ((cluster == NOWHERE) & (order == NOWHERE))
            free = inside & (bucket >= first) & (bucket < first + length)
            touched = np.unique(order[free & (order != NOWHERE)])
            # Decisions without a bucket, of orders only if something of them is in the window.
            free |= (cluster == name) & (bucket == NOWHERE) & ((order == NOWHERE) | np.isin(order, touched))
            free &= useful
            if (free & is_whole).any():
                by_window[first].append(np.flatnonzero(free))
    return [by_window[first] for first in sorted(by_window)]


def window_length(cluster_of_whole: np.ndarray, bucket_count: int) -> int:
    """Buckets of a window in which the cluster of a typical whole decision has about WHOLE_OF_PART of them.

    ``cluster_of_whole``: the cluster of each whole decision.
    """
    count = np.unique_counts(cluster_of_whole[cluster_of_whole != NOWHERE]).counts
    if not len(count):
        return bucket_count
    # Weighted by the decisions themselves: clusters with few of them are of no account.
    of_cluster = float((count ** 2).sum() / count.sum())
    return int(np.clip(round(WHOLE_OF_PART * bucket_count / of_cluster), 1, bucket_count))
