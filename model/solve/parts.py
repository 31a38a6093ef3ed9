"""Parts of a large model: some columns free, all others at the values of a plan; small enough to be searched alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from model.solve.highs import Highs, SolverFailed
from model.solve.matrix import Matrix
from model.solve.residents import Residents, Tell

HAIR = 1e-8  # below HiGHS's tolerance of 1e-7: room for the rounding of sums
FEASIBLE = 1e-6  # HiGHS's own tolerance for plans with whole decisions


@dataclass(frozen=True)
class Part:
    """``matrix`` of the free columns; ``now``: their values in the plan; ``gap``: absolute; ``seconds``: longest."""

    matrix: Matrix
    now: np.ndarray
    gap: float
    seconds: float
    seed: int

    def answer(self, residents: Residents, stopped: Callable[[], bool], tell: Tell) -> np.ndarray | None:
        """The part solved in a helper process."""
        del residents, tell
        return self.solve(stopped)

    def solve(self, stopped: Callable[[], bool]) -> np.ndarray | None:
        """Better values of the free columns, exact for their whole decisions; None if none were found."""
        try:
            highs = Highs(self.matrix, seed=self.seed, stopped=stopped)
            highs.set(mip_rel_gap=0.0, mip_abs_gap=self.gap)
            highs.start_from(self.now)
            run = highs.run(self.seconds)
            # Not ``>=``: an objective that is no number is no better, either.
            if run.values is None or not run.objective < float(self.matrix.cost @ self.now):
                return None
            # A search has its whole decisions whole within a tolerance only, and all else answers to that.
            exact = Highs(with_whole(self.matrix, run.values), seed=self.seed, stopped=stopped)
            run = exact.run(self.seconds)
        except SolverFailed:
            return None
        return run.values if run.status == "optimal" else None


def part_of(matrix: Matrix, rows: sparse.csr_array, free: np.ndarray, values: np.ndarray,
            give_way: bool = True) -> Matrix:
    """The model of the ``free`` columns with all others at ``values``; ``rows`` is the matrix by rows.

    What rounding has broken by a hair is no reason to call the plan at hand impossible: bounds ``give_way`` to it.
    """
    columns = sparse.csc_array(matrix.rows[:, free])
    # Rows without a free column hold or fail whatever is decided here.
    kept = np.unique(columns.indices)
    inner = sparse.csc_array(sparse.csr_array(columns)[kept])
    others = values.copy()
    others[free] = 0.0
    used = rows[kept] @ others
    lower, upper = matrix.row_lower[kept], matrix.row_upper[kept]
    room = HAIR * np.maximum(1.0, np.abs(used))
    least, most = matrix.column_lower[free], matrix.column_upper[free]
    if give_way:
        activity = used + inner @ values[free]
        lower, upper = np.minimum(lower, activity), np.maximum(upper, activity)
        least, most = np.minimum(least, values[free]), np.maximum(most, values[free])
    else:
        lower, upper = np.where(lower < upper, lower - room, lower), np.where(lower < upper, upper + room, upper)
    return Matrix(cost=matrix.cost[free], offset=0.0, rows=inner, row_lower=lower - used, row_upper=upper - used,
                  column_lower=least, column_upper=most, is_whole=matrix.is_whole[free], columns=[])


def is_possible(matrix: Matrix, values: np.ndarray, size: np.ndarray) -> bool:
    """Whether the values keep all rows and bounds within a millionth of what they add up to, or of their ``size``."""
    activity = matrix.rows @ values
    room = FEASIBLE * np.maximum(1.0, np.abs(activity))
    rows = (activity >= matrix.row_lower - room) & (activity <= matrix.row_upper + room)
    room = FEASIBLE * np.maximum(1.0, size)
    columns = (values >= matrix.column_lower - room) & (values <= matrix.column_upper + room)
    return bool(rows.all() and columns.all())


def with_whole(matrix: Matrix, values: np.ndarray) -> Matrix:
    """The linear program that is left once every whole decision is that of the ``values``, rounded."""
    lower, upper = matrix.column_lower.copy(), matrix.column_upper.copy()
    lower[matrix.is_whole] = upper[matrix.is_whole] = np.round(values[matrix.is_whole])
    return replace(matrix, column_lower=lower, column_upper=upper).relaxed
