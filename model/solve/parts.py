"""Parts of a large model: some columns free, all others at the values of a plan; small enough to be searched alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from model.solve.highs import Highs, SolverFailed
from model.solve.matrix import Matrix


@dataclass(frozen=True)
class Part:
    """``matrix`` of the free columns; ``now``: their values in the plan, or whole decisions to start from where no
    plan is at hand that ``must_improve``; ``gap`` as a share; ``seconds``: longest search."""

    matrix: Matrix
    now: np.ndarray
    gap: float
    seconds: float
    seed: int
    must_improve: bool = True

    def solve(self, stopped: Callable[[], bool]) -> np.ndarray | None:
        """Better values of the free columns, exact for their whole decisions; None if none were found."""
        try:
            highs = Highs(self.matrix, seed=self.seed, stopped=stopped)
            highs.set(mip_rel_gap=self.gap)
            if self.must_improve:
                highs.start_from(self.now)
            else:
                whole = np.flatnonzero(self.matrix.is_whole)
                highs.start_from_part(whole, np.round(self.now[whole]))
            run = highs.run(self.seconds)
            if run.values is None or (self.must_improve and not run.objective < float(self.matrix.cost @ self.now)):
                return None
            exact = Highs(_with_whole(self.matrix, run.values), seed=self.seed, stopped=stopped)
            run = exact.run(self.seconds)
        except SolverFailed:
            return None
        return run.values if run.status == "optimal" else None


def part_of(matrix: Matrix, rows: sparse.csr_array, free: np.ndarray, values: np.ndarray) -> Matrix:
    """The model of the ``free`` columns with all others at ``values``; ``rows`` is the matrix by rows.

    What rounding has broken by a hair is no reason to call the plan at hand impossible: bounds give way to it.
    """
    columns = sparse.csc_array(matrix.rows[:, free])
    kept = np.unique(columns.indices)
    inner = sparse.csc_array(sparse.csr_array(columns)[kept])
    others = values.copy()
    others[free] = 0.0
    used = rows[kept] @ others
    activity = used + inner @ values[free]
    return Matrix(
        cost=matrix.cost[free], offset=0.0, rows=inner,
        row_lower=np.minimum(matrix.row_lower[kept], activity) - used,
        row_upper=np.maximum(matrix.row_upper[kept], activity) - used,
        column_lower=np.minimum(matrix.column_lower[free], values[free]),
        column_upper=np.maximum(matrix.column_upper[free], values[free]),
        is_whole=matrix.is_whole[free], columns=[])


def _with_whole(matrix: Matrix, values: np.ndarray) -> Matrix:
    lower, upper = matrix.column_lower.copy(), matrix.column_upper.copy()
    lower[matrix.is_whole] = upper[matrix.is_whole] = np.round(values[matrix.is_whole])
    return replace(matrix, column_lower=lower, column_upper=upper, is_whole=np.zeros_like(matrix.is_whole))
