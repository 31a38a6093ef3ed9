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
from model.solve.guide import Guide, guided_columns, most_of_order
from model.solve.highs import Highs
from model.solve.matrix import Matrix
from model.solve.outcome import Run, RunStatus
from model.solve.places import Places
from model.solve.rolled import rolled
from model.solve.sifting import DUAL_TOLERANCE, best_of_each, first_columns, may_be_left_out, most_left_out, only

MOST_ROUNDS = 40
ADDED_OF_ORDER = 3
SHARE_OF_TIME = 0.97  # interior points notice a limit late
GUIDE_TOLERANCE = 1e-4
SHARE_OF_GUIDE = 0.4  # of the time
ROLLED_ROWS = 100_000


class LinearSearch:
    """One search of a large linear program; ``tell`` hears plan, objective and bound after each solve."""

    def __init__(self, matrix: Matrix, places: Places, gap: float, solver: Callable[[Matrix], Highs],
                 left: Callable[[], float], tell: Callable[[np.ndarray | None, float, float], None]) -> None:
        self._matrix, self._places, self._gap = matrix, places, gap
        self._solver, self._left, self._tell = solver, left, tell
        self._most = most_of_order(matrix, places)
        self._best: Run | None = None
        self._bound = -np.inf

    def run(self) -> Run | None:
        """The best plan and its bound, or the bound alone where the time is over before there is a plan; None where the
        few columns allow no plan: all must then be asked. ``infeasible`` if there is no plan."""
        if self._is_impossible():
            return Run("infeasible", None, np.inf, -np.inf, "no plan keeps every promise")
        is_rolled = self._matrix.rows.shape[0] >= ROLLED_ROWS
        guide = self._guide_and_bound() if is_rolled else self._guide()
        used = first_columns(self._matrix, self._places) if guide is None else guided_columns(
            self._matrix, self._places, guide)
        run = self._beside_windows(guide, used) if guide is not None and is_rolled else None
        for _ in range(MOST_ROUNDS):
            if self._is_close():
                return self._answer("within_gap")
            columns = np.flatnonzero(used)
            run = run or self._interior(only(self._matrix, columns))
            if run.status != "optimal" or run.values is None or run.row_duals is None:
                is_over = self._best is not None or run.status in ("interrupted", "time_limit")
                return self._answer(_ended(run)) if is_over else None
            priced = self._matrix.cost - self._matrix.rows.T @ run.row_duals
            pays = np.flatnonzero(~used & (self._matrix.column_upper > 0) & (priced < -DUAL_TOLERANCE))
            values = np.zeros(len(used))
            values[columns] = run.values
            left_out = most_left_out(self._most, self._places.order[pays], priced[pays])
            self._note(values, run.objective, run.objective - left_out)
            if not len(pays):
                return self._answer("within_gap")
            used[best_of_each(pays, priced[pays], self._places.order[pays], ADDED_OF_ORDER)] = True
            run = None
        return self._answer("time_limit")

    def _is_impossible(self) -> bool:
        """Whether no plan keeps every limit, which a first-order method would take long to find out.

        Mostly a plan for the promised orders alone shows that there is one.
        """
        free = replace(self._matrix, cost=np.zeros(len(self._matrix.cost)), offset=0.0)
        left_out = may_be_left_out(free, self._places)
        # An infeasibility among few columns says nothing of all.
        for columns in (np.setdiff1d(np.arange(len(free.cost)), left_out), np.arange(len(free.cost))):
            highs = self._solver(only(free, columns))
            highs.set(solver="simplex")
            status = highs.run(self._left()).status
            if status == "optimal":
                return False
        return status == "infeasible"

    def _beside_windows(self, guide: Guide, used: np.ndarray) -> Run:
        """The solve over the ``used`` columns; meanwhile a first plan by windows, which is there long before."""
        highs = self._solver(only(self._matrix, np.flatnonzero(used)))
        whole = begun(lambda: self._interior_run(highs))
        try:
            values = rolled(self._matrix, self._places, guide, used, self._interior)
            if values is not None:
                self._note(values, float(self._matrix.cost @ values) + self._matrix.offset, -np.inf)
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
            self._note(None, np.inf, run.objective)
        return guide

    def _interior(self, matrix: Matrix) -> Run:
        return self._interior_run(self._solver(matrix))

    def _interior_run(self, highs: Highs) -> Run:
        highs.set(solver="ipm")
        return highs.run(SHARE_OF_TIME * self._left())

    def _note(self, values: np.ndarray | None, objective: float, bound: float) -> None:
        if values is not None and (self._best is None or objective < self._best.objective):
            self._best = Run("optimal", values, objective, objective)
        self._bound = max(self._bound, bound)
        self._tell(*(None, np.inf) if self._best is None else (self._best.values, self._best.objective), self._bound)

    def _is_close(self) -> bool:
        return self._best is not None and (
            self._best.objective - self._bound <= self._gap * max(1.0, abs(self._best.objective)))

    def _answer(self, status: RunStatus) -> Run:
        if self._best is None:
            return Run(status, None, np.inf, self._bound, "no plan")
        # Rounding may lift the bound a hair above the plan.
        return replace(self._best, status=status, bound=min(self._bound, self._best.objective))


def _ended(run: Run) -> RunStatus:
    return "interrupted" if run.status == "interrupted" else "time_limit"
