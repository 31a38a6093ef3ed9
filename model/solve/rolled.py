"""A first plan of a large linear program, window after window of its buckets, what comes later as the guide sees it.

In each window (and some buckets beyond it, which are decided again) the program is solved over the columns that may
pay. Rows of later buckets are priced by the guide instead of kept, shipments of later buckets stay where the guide has
them, and of what later buckets use no more is made than the guide leaves them. What a window decided stays.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import sparse

from model.solve.division import labels
from model.solve.guide import LEAST_SHARE, Guide
from model.solve.matrix import Matrix
from model.solve.outcome import Run
from model.solve.parts import is_possible
from model.solve.places import NOWHERE, Places
from model.solve.sifting import SIFTED, best_of_each, may_be_left_out

BUCKETS, BEYOND = 13, 4  # of a window, and after it; a quarter in weeks
OF_ORDER = 4  # further columns of each order, the most promising by the guide's prices
ROOM, LATER_ROOM = 1e-3, 2e-2  # around what the guide leaves to later buckets, and ships in them
SMALLEST = 1e-6


def rolled(matrix: Matrix, places: Places, guide: Guide, used: np.ndarray,
           solve: Callable[[Matrix], Run]) -> np.ndarray | None:
    """Values of all columns; None where a window has no plan or the time is over.

    ``used``: mask of the columns that may pay, to which some of each order are added.
    """
    rolling = _Rolling(matrix, places, guide, used)
    # The last ``end`` is at the last bucket or beyond it.
    for end in range(BUCKETS, rolling.last + BUCKETS, BUCKETS):
        columns, window = rolling.window(rolling.last if end >= rolling.last else min(end + BEYOND, rolling.last))
        run = solve(window)
        if run.status != "optimal" or run.values is None:
            return None
        rolling.decide(columns, run.values, min(end, rolling.last))
    # Rows without a bucket were kept against the guide's guess of later buckets, which need not have come true.
    return rolling.values if is_possible(matrix, rolling.values, np.abs(rolling.values)) else None


class _Rolling:
    """What is decided so far, and the program of the next window."""

    def __init__(self, matrix: Matrix, places: Places, guide: Guide, used: np.ndarray) -> None:
        self._matrix, self._places, self._guide = matrix, places, guide
        self._rows = sparse.csr_array(matrix.rows)
        self.last = int(places.bucket.max(initial=0)) + 1
        self.values = np.zeros(len(matrix.cost))
        self._is_decided = np.zeros(len(matrix.cost), dtype=bool)
        self._is_shipment = np.zeros(len(matrix.cost), dtype=bool)
        self._is_shipment[matrix.family.get(SIFTED, np.empty(0, dtype=np.int32))] = True
        open_ones = may_be_left_out(matrix, places)
        self._is_promised = self._is_shipment.copy()
        self._is_promised[open_ones] = False
        self._may_pay = used.copy()
        self._may_pay[best_of_each(open_ones, guide.priced[open_ones], places.order[open_ones], OF_ORDER)] = True
        self._least = np.zeros(len(matrix.cost))
        self._least[self._is_shipment] = LEAST_SHARE * guide.most[places.order[self._is_shipment]]
        self._known = np.clip(guide.values, matrix.column_lower, matrix.column_upper)

    def window(self, end: int) -> tuple[np.ndarray, Matrix]:
        """The columns and the program of all that is open before bucket ``end``."""
        matrix, bucket = self._matrix, self._places.bucket
        is_later = bucket >= end
        later = is_later & self._is_shipment & self._may_pay & (self._is_promised | (self._known > self._least))
        columns = np.flatnonzero(later | (~is_later & ~self._is_decided & self._may_pay))
        is_kept, rows = self._places.row_bucket < end, self._rows
        # Rows of no bucket hold later ones, too, as the guide sees them; later shipments are columns of the window.
        kept_elsewhere = self.values + np.where(is_later & ~self._is_shipment, self._known, 0.0)
        there = np.where(self._places.row_bucket == NOWHERE, rows @ kept_elsewhere, rows @ self.values)
        kept = np.flatnonzero(is_kept)
        inside = rows[kept][:, columns]
        # Rows of buckets that are decided have no column left; rounding in them makes no window impossible.
        has_columns = np.diff(inside.indptr) > 0
        kept, inside = kept[has_columns], inside[has_columns]
        if end < self.last:
            is_asked, is_row = _connected_to(inside, (bucket[columns] < end) & (bucket[columns] != NOWHERE))
            columns, kept, inside = columns[is_asked], kept[is_row], inside[is_row][:, is_asked]
        return columns, Matrix(
            cost=matrix.cost[columns] - matrix.rows[:, columns].T @ np.where(is_kept, 0.0, self._guide.duals),
            offset=0.0, rows=sparse.csc_array(inside), row_lower=matrix.row_lower[kept] - there[kept],
            row_upper=matrix.row_upper[kept] - there[kept], column_lower=matrix.column_lower[columns],
            column_upper=self._upper(columns, is_later, is_kept), is_whole=np.zeros(len(columns), dtype=bool),
            columns=[])

    def decide(self, columns: np.ndarray, values: np.ndarray, end: int) -> None:
        """Keep what a window decided before bucket ``end``; at the last one, all of it."""
        bucket = self._places.bucket
        # NOWHERE is below every bucket: what belongs to none is open until the last window.
        is_now = bucket[columns] < end if end == self.last else (bucket[columns] < end) & (bucket[columns] != NOWHERE)
        self.values[columns[is_now]] = values[is_now]
        self._is_decided |= (bucket < end) & (bucket != NOWHERE)

    def _upper(self, columns: np.ndarray, is_later: np.ndarray, is_kept: np.ndarray) -> np.ndarray:
        upper, known = self._matrix.column_upper[columns].copy(), self._known[columns]
        shipped_later = is_later[columns] & ~self._is_promised[columns]
        upper[shipped_later] = np.minimum(upper, (1 + LATER_ROOM) * known + self._least[columns])[shipped_later]
        reaches = np.asarray(abs(self._matrix.rows[:, columns]).T @ (~is_kept).astype(float)) > 0
        left = reaches & ~is_later[columns]
        upper[left] = np.minimum(upper, (1 + ROOM) * known + SMALLEST)[left]
        return np.maximum(upper, self._matrix.column_lower[columns])


def _connected_to(rows: sparse.csr_array, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Masks of the columns and rows from which some ``wanted`` column is reached: all others are a matter of their own,
    as orders that only later buckets can serve."""
    of_row, of_column = labels(rows)
    reached = of_column[wanted]
    return np.isin(of_column, reached), np.isin(of_row, reached)
