"""Large books without whole decisions: an interior point over the shipments that pay, until what is proven suffices.

A first-order method says which shipments may pay. As in sifting, those that do pay are added after each solve; here
each solve is an interior point with crossover, which is faster than simplex from far away. What the shipments left out
could earn at most follows from their reduced costs: no order gets more than it asked for. Where even that may take
longer than there is time, a plan by windows and a bound by a coarser calendar come first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from model.solve.beside import begun
from model.solve.coarse import coarsened
from model.solve.guide import Guide, guided_columns
from model.solve.highs import Highs
from model.solve.incumbent import Incumbent, Tell
from model.solve.matrix import Matrix
from model.solve.outcome import Run, RunStatus
from model.solve.places import Places
from model.solve.rolled import rolled
from model.solve.sifting import DUAL_TOLERANCE, best_of_each, first_columns, most_left_out, most_of_order, only

MOST_ROUNDS = 40
ADDED_OF_ORDER = 3
SHARE_OF_TIME = 0.97  # interior points notice a limit late
GUIDE_TOLERANCE = 1e-4
SHARE_OF_GUIDE = 0.4  # of the time
ROLLED_ROWS = 100_000
ALL_BUT_OPTIMAL = 1e-5


class LinearSearch:
    """One search of a large linear program; ``tell`` hears plan, objective and bound after each solve."""

    def __init__(self, matrix: Matrix, places: Places, gap: float, solver: Callable[[Matrix], Highs],
                 left: Callable[[], float], tell: Tell,
                 is_enough: Callable[[np.ndarray], bool] = lambda values: True) -> None:
        """``is_enough``: whether a plan within the gap ends the search; one that is not must be all but optimal."""
        self._is_enough = is_enough
        self._matrix, self._places = matrix, places
        self._solver, self._left = solver, left
        self._most = most_of_order(matrix, places)
        self._best = Incumbent(gap, tell)
        self.used = np.empty(0, dtype=np.int64)  # columns of the last solve that reached its optimum

    def run(self) -> Run | None:
        """The best plan and its bound, or the bound alone where the time is over before there is a plan; None where the
        few columns allow no plan: all must then be asked."""
        is_rolled = self._matrix.rows.shape[0] >= ROLLED_ROWS
        guide = self._guide_and_bound() if is_rolled else self._guide()
        used = first_columns(self._matrix, self._places) if guide is None else guided_columns(
            self._matrix, self._places, guide)
        windows = guide if is_rolled else None
        for _ in range(MOST_ROUNDS):
            columns = np.flatnonzero(used)
            highs = self._solver(only(self._matrix, columns))
            run = self._interior_run(highs) if windows is None else self._beside_windows(highs, windows, used)
            windows = None
            if run.status == "optimal" and run.values is not None and run.row_duals is not None:
                self.used = columns
                pays = self._pays(run.values, run.objective, run.row_duals, columns)
                used[pays] = True
                if not len(pays):
                    return self._answer("within_gap")
            elif not self._is_close():
                is_over = self._best.values is not None or run.status in ("interrupted", "time_limit")
                return self._answer(_ended(run)) if is_over else None
            if self._is_close():
                return self._answer("within_gap")
        return self._answer("time_limit")

    def _pays(self, found: np.ndarray, objective: float, duals: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Columns left out that pay, some of each order; notes the plan over the ``columns`` and what it proves."""
        priced = self._matrix.cost - self._matrix.rows.T @ duals
        values, is_out = np.zeros(len(priced)), np.ones(len(priced), dtype=bool)
        values[columns], is_out[columns] = found, False
        pays = np.flatnonzero(is_out & (self._matrix.column_upper > 0) & (priced < -DUAL_TOLERANCE))
        left_out = most_left_out(self._most, self._places.order[pays], priced[pays])
        self._best.note(values, objective, objective - left_out)
        return best_of_each(pays, priced[pays], self._places.order[pays], ADDED_OF_ORDER)

    def _beside_windows(self, highs: Highs, guide: Guide, used: np.ndarray) -> Run:
        """The solve over the ``used`` columns; meanwhile a first plan by windows, which is there long before."""
        whole = begun(lambda: self._interior_run(highs))
        try:
            values = rolled(self._matrix, self._places, guide, used, self._interior)
            if values is not None:
                self._best.note(values, self._matrix.objective(values), -np.inf)
            if self._is_close():
                highs.end()
        finally:
            run = whole.result()
        return run

    def _guide(self) -> Guide | None:
        found = self._solver(self._matrix).approximate(GUIDE_TOLERANCE, SHARE_OF_GUIDE * self._left())
        return None if found is None else Guide(*found, self._matrix.cost - self._matrix.rows.T @ found[1], self._most)

    def _guide_and_bound(self) -> Guide | None:
        """The guide and, at the same time, a first bound by the coarse calendar, which needs no guide."""
        coarse = begun(lambda: self._interior(coarsened(self._matrix, self._places)))
        try:
            guide = self._guide()
        finally:
            # Waited for in any case: it works on what belongs to this search.
            run = coarse.result()
        if run.status == "optimal":
            self._best.note(None, np.inf, run.objective)
        return guide

    def _interior(self, matrix: Matrix) -> Run:
        return self._interior_run(self._solver(matrix))

    def _interior_run(self, highs: Highs) -> Run:
        highs.set(solver="ipm")
        return highs.run(SHARE_OF_TIME * self._left())

    def _is_close(self) -> bool:
        values = self._best.values
        if values is None or not self._best.is_close:
            return False
        return self._best.open_share <= ALL_BUT_OPTIMAL or self._is_enough(values)

    def _answer(self, status: RunStatus) -> Run:
        # Rounding may lift the bound a hair above the plan.
        answer = self._best.answer(is_stopped=False)
        return replace(answer, status=status, bound=min(answer.bound, answer.objective))


def _ended(run: Run) -> RunStatus:
    return "interrupted" if run.status == "interrupted" else "time_limit"
