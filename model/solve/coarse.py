"""A bound for a large linear program from a coarser calendar: rows of some buckets each added up.

Whatever keeps all rows keeps their sums, so the optimum under the sums is a bound. Columns that the sums cannot tell
apart count once, at the cost of the cheapest (surrogate constraints; Glover 1965).
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from model.solve.matrix import Matrix
from model.solve.places import NOWHERE, Places

PERIODS = 8


def coarsened(matrix: Matrix, places: Places, periods: int = PERIODS) -> Matrix:
    """The relaxation of a linear program in which all rows of one series in one of the ``periods`` are added up."""
    buckets = int(max(places.bucket.max(initial=0), places.row_bucket.max(initial=0))) + 1
    width = -(-buckets // periods)
    row_group = _grouped(places.row_series, places.row_bucket, width)
    count = int(row_group.max(initial=-1)) + 1
    height = len(row_group)
    adding = sparse.csr_array((np.ones(height), (row_group, np.arange(height))), shape=(count, height))
    rows = sparse.csc_array(adding @ matrix.rows)
    # What goes from one bucket to another of the same period cancels, as stock does; entries must be comparable below.
    rows.eliminate_zeros()
    rows.sort_indices()
    of_column = _merged(matrix, rows, _grouped(_column_series(matrix, places), places.bucket, width))
    kept, member = np.unique(of_column, return_inverse=True)
    return Matrix(
        cost=matrix.cost[kept], offset=matrix.offset, rows=sparse.csc_array(rows[:, kept]),
        # One infinite limit makes that of the sum infinite, which only relaxes.
        row_lower=np.bincount(row_group, matrix.row_lower, count),
        row_upper=np.bincount(row_group, matrix.row_upper, count),
        # No column is negative, so all of a group at the cost of its cheapest cost no more than they do.
        column_lower=np.bincount(member, matrix.column_lower, len(kept)),
        column_upper=np.bincount(member, matrix.column_upper, len(kept)),
        is_whole=np.zeros(len(kept), dtype=bool), columns=[])


def _grouped(series: np.ndarray, bucket: np.ndarray, width: int) -> np.ndarray:
    """One number for each series and period; those without a bucket are a period of their own."""
    period = np.where(bucket == NOWHERE, 0, 1 + bucket // width).astype(np.int64)
    return np.unique(series.astype(np.int64) * (int(period.max(initial=0)) + 1) + period, return_inverse=True)[1]


def _column_series(matrix: Matrix, places: Places) -> np.ndarray:
    """One number for the columns that differ in their bucket only, which comes last in their names."""
    number: dict[object, int] = {}
    has_bucket = (places.bucket != NOWHERE).tolist()
    names = (((family, index[:-1]) if has and isinstance(index, tuple) else (family, index))
             for (family, index), has in zip(matrix.columns, has_bucket, strict=True))
    return np.fromiter((number.setdefault(name, len(number)) for name in names), dtype=np.int64, count=len(has_bucket))


def _merged(matrix: Matrix, rows: sparse.csc_array, group: np.ndarray) -> np.ndarray:
    """For each column the cheapest of its group whose entries in ``rows`` are exactly the same."""
    # A random sum of the entries as hash: equal columns have equal ones; ``differs`` finds those equal by chance.
    weight = np.random.default_rng(0).random(rows.shape[0]) @ rows
    # The last key leads: group, then entries, then cost, so that the cheapest of equals comes first.
    ranked = np.lexsort((matrix.cost, weight, group))
    begins = np.append(True, (group[ranked][1:] != group[ranked][:-1]) | (weight[ranked][1:] != weight[ranked][:-1]))
    cheapest = np.empty(len(group), dtype=np.int64)
    cheapest[ranked] = ranked[np.flatnonzero(begins)][np.cumsum(begins) - 1]
    differs = np.asarray(abs(rows - rows[:, cheapest]).sum(axis=0)).reshape(-1) > 0
    return np.where(differs, np.arange(len(group)), cheapest)
