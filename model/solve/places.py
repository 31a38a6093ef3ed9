"""Where columns and rows of a model belong: their bucket; a column's order and its cluster of lines and items."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

NOWHERE = -1  # masked before it is used as an index: numpy would take the last place


@dataclass(frozen=True)
class Places:
    """Numbers for each column, ``NOWHERE`` where it has none: ``bucket``, ``order`` and, in two rows, ``cluster``.

    Items that share lines are neighbours; a cluster is a handful of neighbours. The second row divides them elsewhere,
    so that what lies at the edge of one cluster lies inside another. For each row of the model its ``row_bucket``, and
    in ``row_series`` one number for those that differ in their bucket only.
    """

    bucket: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    cluster: np.ndarray = field(default_factory=lambda: np.empty((2, 0), dtype=np.int32))
    order: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    row_bucket: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    row_series: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int32))

    def with_rows(self, count: int) -> Places:
        """The places of a model with ``count`` rows: those added have no bucket, each is a series of its own."""
        added = count - len(self.row_bucket)
        first = int(self.row_series.max(initial=-1)) + 1
        return replace(self, row_bucket=np.concatenate([self.row_bucket, np.full(added, NOWHERE, dtype=np.int32)]),
                       row_series=np.concatenate([self.row_series, np.arange(first, first + added, dtype=np.int32)]))
