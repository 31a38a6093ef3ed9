"""Large books without whole decisions: an interior point over the shipments that pay, until what is proven suffices.

As in sifting, shipments that may pay are added after each solve; here each solve is an interior point with crossover,
which is faster than simplex from far away. What the shipments left out could earn at most follows from their reduced
costs: no order gets more than it asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from model.solve.division import implied_upper
from model.solve.highs import Highs
from model.solve.matrix import Matrix
from model.solve.outcome import Run, RunStatus
from model.solve.places import Places
from model.solve.sifting import DUAL_TOLERANCE, SIFTED, best_of_each, first_columns, only

MOST_ROUNDS = 40
ADDED_OF_ORDER = 3
SHARE_OF_TIME = 0.97  # interior points notice a limit late
DELIVERED = "delivered"


class LinearSearch:
    """One search of a large linear program; ``tell`` hears plan, objective and bound after each solve."""

    def __init__(self, matrix: Matrix, places: Places, gap: float, solver: Callable[[Matrix], Highs],
                 left: Callable[[], float], tell: Callable[[np.ndarray | None, float, float], None]) -> None:
        self._matrix, self._places, self._gap = matrix, places, gap
        self._solver, self._left, self._tell = solver, left, tell
        self._most = self._most_of_order()

    def run(self) -> Run | None:
        """The best plan and its bound; None where the few columns alone allow no plan: all must then be asked."""
        used = first_columns(self._matrix, self._places)
        best: Run | None = None
        bound = -np.inf
        for _ in range(MOST_ROUNDS):
            columns = np.flatnonzero(used)
            highs = self._solver(only(self._matrix, columns))
            highs.set(solver="ipm")
            run = highs.run(SHARE_OF_TIME * self._left())
            if run.status != "optimal" or run.values is None or run.row_duals is None:
                return None if best is None else replace(best, status=_ended(run), bound=bound)
            priced = self._matrix.cost - self._matrix.rows.T @ run.row_duals
            pays = np.flatnonzero(~used & (self._matrix.column_upper > 0) & (priced < -DUAL_TOLERANCE))
            values = np.zeros(len(used))
            values[columns] = run.values
            best = Run("optimal", values, run.objective, run.objective)
            bound = max(bound, run.objective - self._left_out(pays, priced))
            self._tell(values, run.objective, bound)
            if run.objective - bound <= self._gap * max(1.0, abs(run.objective)) or not len(pays):
                return replace(best, status="within_gap", bound=bound)
            used[best_of_each(pays, priced[pays], self._places.order[pays], ADDED_OF_ORDER)] = True
        return None if best is None else replace(best, status="time_limit", bound=bound)

    def _most_of_order(self) -> np.ndarray:
        """What each order can get at most, by its number; without limit where the model has none."""
        delivered = self._matrix.family.get(DELIVERED, np.empty(0, dtype=np.int32))
        most = np.full(int(self._places.order.max(initial=-1)) + 1, np.inf)
        most[self._places.order[delivered]] = implied_upper(self._matrix)[delivered]
        return most

    def _left_out(self, pays: np.ndarray, priced: np.ndarray) -> float:
        """The most that shipments left out could earn: of each order, all of it at its best reduced cost."""
        best = np.zeros(len(self._most))
        np.minimum.at(best, self._places.order[pays], priced[pays])
        return float(-(best[best < 0] * self._most[best < 0]).sum())


def can_be_sifted(matrix: Matrix, places: Places) -> bool:
    """Whether there are shipments to leave out at first, each of an order."""
    shipped = matrix.family.get(SIFTED, np.empty(0, dtype=np.int32))
    return bool(len(shipped)) and len(places.order) > 0 and bool((places.order[shipped] >= 0).all())


def _ended(run: Run) -> RunStatus:
    return "interrupted" if run.status == "interrupted" else "time_limit"
