"""Which parts of a large book are solved again, round by round: clusters of lines, over all weeks or some of them."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy as np

from model.solve.places import NOWHERE, Places


class Round(NamedTuple):
    """``gap`` of the whole within which its parts are solved, row of the clusters, ``window`` (None: all) and ``step``
    [buckets]; ``is_narrow``: whole decisions that the relaxation leaves at 0 stay there."""

    gap: float
    division: int
    window: int | None
    step: int
    is_narrow: bool


ROUNDS = (
    Round(2e-3, 0, None, 1, True), Round(1e-3, 1, None, 1, True), Round(5e-4, 0, None, 1, False),
    Round(3e-4, 1, 26, 20, False), Round(3e-4, 0, 26, 20, False), Round(1e-4, 1, None, 1, False),
    Round(1e-4, 0, None, 1, False))


def parts_of_round(each: Round, places: Places, useful: np.ndarray, is_whole: np.ndarray) -> list[list[np.ndarray]]:
    """Free columns of the round's parts, in groups that are solved at once; none that has no whole decision.

    ``useful`` (by column): which may be free at all. What belongs to no cluster, as materials that are bought for all,
    is free in every part.
    """
    bucket, cluster, order = places.bucket, places.cluster[each.division], places.order
    by_window: dict[int, list[np.ndarray]] = defaultdict(list)
    last = int(bucket.max(initial=0))
    length = last + 1 if each.window is None else each.window
    # Windows overlap: what is at the edge of one is inside the next.
    for first in range(0, last + 1, each.step if each.window else length):
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
