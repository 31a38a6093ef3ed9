"""A clean plan from a found one: exact values for its whole decisions, and the preferred plan among equals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.solve.highs import Highs
from model.solve.matrix import Matrix
from model.solve.method import quickest
from model.solve.outcome import Run

CLEANING_SHARE = 0.08  # of the time limit, kept for the linear programs of ``cleaned``
LARGEST_FOR_PREFERENCE = 200_000  # columns
ITERATIONS, EFFORT = 200_000, 2e8  # of one preference: most iterations, and most iterations times rows
ZERO_DUAL = 1e-7  # HiGHS's dual tolerance
NOISE = 1e-6  # share of the objective
GENEROUS_SECONDS = 3600.0


def cleaned(matrix: Matrix, run: Run, upper: np.ndarray, misses: list[np.ndarray], preference: list[np.ndarray],
            seed: int) -> Run:
    """The best plan with the whole decisions of ``run``, exact to a vertex; ``run`` itself where that fails.

    A sequence of linear programs, each on the optimal face of the one before: least ``misses`` in their order, then
    least cost, then least ``preference`` in its order, so that of equal plans always the same one is chosen.
    ``upper``: upper bounds in force.
    """
    if run.values is None:
        return run
    # Nothing to make exact, and too large for a preference.
    if not matrix.is_whole.any() and len(matrix.cost) > LARGEST_FOR_PREFERENCE:
        return run
    lower, highest = matrix.column_lower.copy(), np.minimum(matrix.column_upper, upper)
    lower[matrix.is_whole] = highest[matrix.is_whole] = np.round(run.values[matrix.is_whole])
    fixed = replace(matrix, column_lower=lower, column_upper=highest).relaxed
    face = _Face(fixed, seed)
    for cost in misses:
        if cost.any() and face.descend(cost) is None:
            return run
    # Only a linear program has a basis here, and the same bounds: it is not solved twice.
    found = face.begin(run) if run.basis is not None else face.descend(matrix.cost)
    if found is None or found.values is None:
        return run
    objective = matrix.objective(found.values)
    has_hair = any(cost.any() for cost in misses)  # what a hair of room for misses earned is given up here
    if not has_hair and objective > run.objective + NOISE * max(1.0, abs(run.objective)):
        return run
    best = replace(found, objective=objective)
    if len(matrix.cost) > LARGEST_FOR_PREFERENCE:
        return best
    return _preferred(matrix, face, best, preference)


def preferred(matrix: Matrix, run: Run, preference: list[np.ndarray], seed: int) -> Run:
    """Of the plans as good as the optimum of a linear program, whose basis ``run`` has, the one preferred."""
    face = _Face(matrix, seed)
    return _preferred(matrix, face, face.begin(run), preference)


def _preferred(matrix: Matrix, face: _Face, best: Run, preference: list[np.ndarray]) -> Run:
    face.limit_iterations(int(min(ITERATIONS, EFFORT / (1 + len(matrix.row_lower)))))
    # A face is exact within ZERO_DUAL only: no margin is paid for a preference.
    allowed = best.objective + 1e-9 * max(1.0, abs(best.objective))
    for weights in preference:
        chosen = face.descend(weights) if weights.any() else None
        if chosen is None or chosen.values is None:
            continue
        objective = matrix.objective(chosen.values)
        if objective > allowed:
            break
        best = replace(chosen, objective=objective)
    return best


class _Face:
    """A linear program that is solved for one cost after another, each time on the face of plans still optimal.

    What has a reduced cost stays at its bound and a row that has a price stays active: exactly the optimal face.
    """

    def __init__(self, matrix: Matrix, seed: int) -> None:
        self._matrix = matrix
        self._lower, self._upper = matrix.column_lower.copy(), matrix.column_upper.copy()
        self._highs = Highs(matrix, seed=seed)
        self._highs.set(solver=quickest(matrix))
        self._last: Run | None = None

    def limit_iterations(self, iterations: int) -> None:
        """End each further program after so many iterations: a limit in seconds would not give the same plan twice."""
        self._highs.set(simplex_iteration_limit=iterations)

    def begin(self, solved: Run) -> Run:
        """Go on from the optimum of the whole program, found elsewhere."""
        self._highs.start_at(solved.basis)
        self._last = solved
        return solved

    def descend(self, cost: np.ndarray) -> Run | None:
        """The least ``cost`` on the present face, which becomes the present face; None where it is not found."""
        if self._last is not None:
            # An interior point cannot go on from a basis.
            self._highs.set(solver="simplex")
            self._hold(self._last)
        self._highs.set_costs(cost)
        run = self._highs.run(GENEROUS_SECONDS)
        if run.status != "optimal" or run.values is None or run.column_duals is None:
            return None
        self._last = run
        return run

    def _hold(self, run: Run) -> None:
        assert run.values is not None and run.column_duals is not None and run.row_duals is not None
        priced = np.abs(run.column_duals) > ZERO_DUAL
        self._lower[priced] = self._upper[priced] = run.values[priced]
        self._highs.set_bounds(np.arange(len(self._lower)), self._lower, self._upper)
        activity = self._matrix.rows @ run.values
        rows = np.flatnonzero(np.abs(run.row_duals) > ZERO_DUAL)
        # A priced row is active on one side; the other may be infinite.
        nearer_lower = np.abs(activity - self._matrix.row_lower) <= np.abs(activity - self._matrix.row_upper)
        active = np.where(nearer_lower, self._matrix.row_lower, self._matrix.row_upper)[rows]
        self._highs.set_row_bounds(rows, active, active)
