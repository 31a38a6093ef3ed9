"""The materials that components share: their prices by bucket, what they cost, and what that proves.

The rows in which components draw on materials are priced (Lagrangian relaxation; Geoffrion 1974): each component then
pays for what it draws and is searched alone. At any prices, the components' bounds and the best that the materials can
make of the prices add up to a bound of the whole book.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import sparse

from model.solve.division import Division
from model.solve.highs import Highs
from model.solve.matrix import Matrix

GENEROUS_SECONDS = 60.0  # the programs are small: materials without the components


class Materials:
    """The linear program of the shared columns, with one more column for each linking row: what is drawn in it."""

    def __init__(self, matrix: Matrix, division: Division, solver: Callable[[Matrix], Highs]) -> None:
        rows = np.concatenate([division.linking, division.shared_rows])
        own = sparse.csr_array(matrix.rows[:, division.shared])[rows]
        count, width = len(division.linking), len(division.shared)
        # Linking rows stand first: each has a draw of its own, the rows of materials alone have none.
        drawn = sparse.vstack([sparse.eye_array(count), sparse.csr_array((len(rows) - count, count))])
        self._count, self._width = count, width
        self._cost = matrix.cost[division.shared]
        self._draw_positions = np.arange(width, width + count)
        self._least, self._most = division.least, division.most
        self._program = Matrix(
            cost=np.concatenate([self._cost, np.zeros(count)]), offset=0.0,
            rows=sparse.csc_array(sparse.hstack([own, drawn])), row_lower=matrix.row_lower[rows],
            row_upper=matrix.row_upper[rows],
            column_lower=np.concatenate([matrix.column_lower[division.shared], self._least]),
            column_upper=np.concatenate([matrix.column_upper[division.shared], self._most]),
            is_whole=np.zeros(width + count, dtype=bool), columns=[])
        self._solver = solver

    def served(self, drawn: np.ndarray) -> tuple[np.ndarray, float, np.ndarray] | None:
        """Values and cost of the shared columns that serve what is ``drawn`` in each linking row most cheaply, and the
        price of one more unit drawn; None if it cannot be served."""
        lower, upper = self._program.column_lower.copy(), self._program.column_upper.copy()
        lower[self._width:] = upper[self._width:] = drawn
        run = self._run(self._program.cost, lower, upper)
        if run is None:
            return None
        values, objective, duals = run
        # The reduced cost of a fixed column is what one more unit of it would cost.
        return values[:self._width], objective, duals[self._width:]

    def bound(self, prices: np.ndarray) -> float:
        """The least that materials cost net of what components pay at the ``prices``; -inf where that is not known."""
        # What components pay for a unit drawn is earned here.
        run = self._run(np.concatenate([self._cost, -prices]), self._program.column_lower, self._program.column_upper)
        return -np.inf if run is None else run[1]

    def _run(self, cost: np.ndarray, lower: np.ndarray,
             upper: np.ndarray) -> tuple[np.ndarray, float, np.ndarray] | None:
        highs = self._solver(self._program)
        highs.set_costs(cost)
        positions = np.arange(len(lower))
        highs.set_bounds(positions, lower, upper)
        highs.set(solver="simplex")
        run = highs.run(GENEROUS_SECONDS)
        if run.status != "optimal" or run.values is None or run.column_duals is None:
            return None
        return run.values, run.objective, run.column_duals
