"""Large linear programs over a few of their columns: shipments are added only where their reduced cost says they pay.

Most orders can leave in many weeks and leave in one. Starting from one week of each, the program is solved, all other
weeks are priced with its duals, those that pay are added, and the solver goes on from its basis (sifting; Bixby and
others 1992). When none pays, the optimum of the few columns is that of all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from scipy import sparse

from model.solve.basis import spread
from model.solve.division import implied_upper
from model.solve.highs import Highs
from model.solve.matrix import Matrix, with_rows
from model.solve.method import quickest
from model.solve.outcome import Run
from model.solve.places import Places

SIFTED, PROMISED, DELIVERED = "shipped", "missed_firm", "delivered"
NEAR_BEST = 3e-3  # share of the best week's money
DUAL_TOLERANCE = 1e-7  # HiGHS's own
ADDED_OF_ORDER = 2
ALL = 10**9  # as many as there are
Told = Callable[[Run, float], None]
MOST_ROUNDS = 60
DUAL_SIMPLEX, PRIMAL_SIMPLEX = 1, 4  # HiGHS's numbers for them
# Of a program too large for simplex without a basis: where so large a share of its columns is new to the basis, an
# interior point with crossover is faster, 36 s for 85 where the first 79,000 columns are followed by another 24,000.
FAR_SHARE = 0.05


def first_columns(matrix: Matrix, places: Places) -> np.ndarray:
    """Mask of the columns to start from: all that are no shipments, those of promised orders, and of each other way to
    ship one week.

    That is the latest of the weeks that cost nearly as little as the order's best, so that nothing must be early. A
    promise may need any week.
    """
    shipped = may_be_left_out(matrix, places)
    used = np.ones(len(matrix.cost), dtype=bool)
    used[shipped] = False
    if not len(shipped):
        return used
    number: dict[object, int] = {}
    way = np.array([number.setdefault(_way(matrix.columns[position]), len(number)) for position in shipped])
    cost, order, bucket = matrix.cost[shipped], places.order[shipped], places.bucket[shipped]
    best = np.full(order.max() + 1, np.inf)
    np.minimum.at(best, order, cost)
    near = np.flatnonzero(cost <= best[order] + NEAR_BEST * np.abs(best[order]))
    latest = near[np.lexsort((bucket[near], way[near]))]
    # Sorted by way, then by bucket.
    is_last = np.append(way[latest][1:] != way[latest][:-1], True)
    used[shipped[latest[is_last]]] = True
    return used


def may_be_left_out(matrix: Matrix, places: Places) -> np.ndarray:
    """Positions of the shipments that need not be there from the start: those of promised orders must."""
    shipped = np.asarray(matrix.family.get(SIFTED, ()), dtype=np.int64)
    return shipped[(matrix.column_lower[shipped] == 0) & ~matrix.is_whole[shipped]
                   & ~np.isin(places.order[shipped], promised_orders(matrix, places))]


def promised_orders(matrix: Matrix, places: Places) -> np.ndarray:
    """Numbers of the orders that are promised."""
    return places.order[matrix.family.get(PROMISED, np.empty(0, dtype=np.int32))]


def can_be_sifted(matrix: Matrix, places: Places) -> bool:
    """Whether there are shipments to leave out at first, each of an order."""
    shipped = matrix.family.get(SIFTED, np.empty(0, dtype=np.int32))
    # Places are made for few books only, see ``planning``.
    return bool(len(shipped)) and len(places.order) > 0 and bool((places.order[shipped] >= 0).all())


class Sifting:
    """A linear program that is solved over few of its columns, again and again with other bounds of some of them.

    ``used``: mask of the columns in the solver; it only grows. A run goes on from the basis of the one before, unless
    that knows too few of them.
    """

    def __init__(self, matrix: Matrix, places: Places, start: np.ndarray, solver: Callable[[Matrix], Highs],
                 most: int = ADDED_OF_ORDER) -> None:
        """``matrix`` without whole columns; ``start``: mask of the columns to begin with; ``most``: so many of an order
        are added at once."""
        self._matrix, self._places, self._most = matrix, places, most
        # A column left out stands at zero, so one that may not be zero is there from the start.
        self.used = start | (matrix.column_lower != 0)
        self._columns = np.flatnonzero(self.used)
        self._place = np.zeros(len(self.used), dtype=np.int64)
        self._place[self._columns] = np.arange(len(self._columns))
        self._known = 0  # columns that the basis knows
        self._highs = solver(only(matrix, self._columns))

    def set_bounds(self, positions: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> None:
        """Replace the bounds of columns that are used from the start."""
        self._highs.set_bounds(self._place[positions], lower, upper)
        # Reduced costs do not depend on bounds: the basis stays dual feasible.
        self._highs.set(simplex_strategy=DUAL_SIMPLEX)

    def set_costs(self, cost: np.ndarray) -> None:
        """Replace the cost of every column."""
        self._matrix = replace(self._matrix, cost=cost)
        self._highs.set_costs(cost[self._columns])
        # The plan at hand stays one at other costs.
        self._highs.set(simplex_strategy=PRIMAL_SIMPLEX)

    def rows_from(self, first: int) -> tuple[sparse.csr_array, np.ndarray]:
        """Rows from the ``first`` on, over all columns, and their lower limits."""
        return sparse.csr_array(self._matrix.rows)[first:], self._matrix.row_lower[first:]

    def add_rows(self, rows: sparse.csr_array, lower: np.ndarray) -> None:
        """Append rows over all columns with lower limits."""
        self._highs.add_rows(lower, np.full(len(lower), np.inf), sparse.csr_array(rows[:, self._columns]))
        self._highs.set(simplex_strategy=DUAL_SIMPLEX)
        self._matrix = with_rows(self._matrix, rows, lower)

    def remove_rows(self, positions: np.ndarray) -> None:
        """Take rows away that the optimum does not need: it stays the optimum."""
        self._highs.remove_rows(positions)
        kept = np.setdiff1d(np.arange(len(self._matrix.row_lower)), positions)
        matrix = self._matrix
        self._matrix = replace(matrix, rows=sparse.csc_array(sparse.csr_array(matrix.rows)[kept]),
                               row_lower=matrix.row_lower[kept], row_upper=matrix.row_upper[kept])

    def optimum(self, left: Callable[[], float], told: Told | None = None) -> Run | None:
        """The optimum of the whole program under the bounds set, with values and reduced costs of all its columns.

        None if that is not reached in the time, or if the few columns alone allow no plan: then all must be asked.
        ``told`` hears after each solve its answer so, and what it proves of the whole program.
        """
        order, most_of_each = self._places.order, most_of_order(self._matrix, self._places) if told else np.empty(0)
        for _ in range(MOST_ROUNDS):
            run = self._solved(left)
            if run.status != "optimal" or run.values is None or run.row_duals is None:
                return None
            priced = self._matrix.cost - self._matrix.rows.T @ run.row_duals
            pays = np.flatnonzero(~self.used & (self._matrix.column_upper > 0) & (priced < -DUAL_TOLERANCE))
            values = np.zeros(len(self.used))
            values[self._columns] = run.values
            run = replace(run, values=values, column_duals=priced)
            if told is not None:
                told(run, run.objective - most_left_out(most_of_each, order[pays], priced[pays]))
            if not len(pays):
                return run
            self._add(best_of_each(pays, priced[pays], order[pays], self._most))
        return None

    def _solved(self, left: Callable[[], float]) -> Run:
        """The program as it stands: from its basis, or by an interior point where that knows too few of the columns."""
        count = len(self._columns)
        is_far = count - self._known > FAR_SHARE * count and quickest(self._matrix, count) == "ipm"
        # No method but simplex goes on from a basis.
        self._highs.set(solver="ipm" if is_far else "simplex")
        run = self._highs.run(left())
        self._known = count
        return run

    @property
    def basis(self) -> Any:
        """The basis of the optimum, as one of the whole program."""
        return spread(self._highs.basis, self._columns, len(self.used))

    def conflict(self) -> np.ndarray:
        """Columns whose bounds together made the last program impossible, as far as the solver can tell."""
        proof = self._highs.proof
        if proof is None:
            return np.empty(0, dtype=np.int64)
        weight = np.abs(self._matrix.rows.T @ proof)
        return np.flatnonzero(self.used & (weight > DUAL_TOLERANCE * max(1.0, float(np.abs(proof).max()))))

    def _add(self, added: np.ndarray) -> None:
        # The plan at hand stays one with the further columns at zero: the primal method goes on from it.
        self._highs.add_columns(only(self._matrix, added))
        self._highs.set(simplex_strategy=PRIMAL_SIMPLEX)
        self.used[added] = True
        self._place[added] = len(self._columns) + np.arange(len(added))
        self._columns = np.concatenate([self._columns, added])


def _way(column: tuple[str, object]) -> object:
    """What names a shipment but its bucket, which comes last."""
    index = column[1]
    return index[:-1] if isinstance(index, tuple) else index


def best_of_each(positions: np.ndarray, priced: np.ndarray, order: np.ndarray,
                 most: int = ADDED_OF_ORDER) -> np.ndarray:
    """Of each order the columns that pay most, at the ``most`` so many."""
    ranked = np.lexsort((positions, priced, order))
    place = np.arange(len(ranked))
    begins = np.append(True, order[ranked][1:] != order[ranked][:-1])
    # Place within the order: how far behind the place where its order begins.
    rank = place - np.maximum.accumulate(np.where(begins, place, 0))
    return np.sort(positions[ranked[rank < most]])


def most_of_order(matrix: Matrix, places: Places) -> np.ndarray:
    """What each order can get at most, by its number; without limit where the model has none."""
    delivered = matrix.family.get(DELIVERED, np.empty(0, dtype=np.int32))
    most = np.full(int(places.order.max(initial=-1)) + 1, np.inf)
    most[places.order[delivered]] = implied_upper(matrix)[delivered]
    return most


def most_left_out(most: np.ndarray, order: np.ndarray, priced: np.ndarray) -> float:
    """The most that shipments left out could earn, each of its ``order`` and with its reduced cost ``priced``: of each
    order all it asks for (``most``), at the best of them."""
    best = np.zeros(len(most))
    np.minimum.at(best, order, priced)
    # Only orders with something that pays: 0 times an order without limit is no number.
    return float(-(best[best < 0] * most[best < 0]).sum())


def only(matrix: Matrix, columns: np.ndarray) -> Matrix:
    """The linear program of the named columns alone."""
    return Matrix(cost=matrix.cost[columns], offset=matrix.offset, rows=sparse.csc_array(matrix.rows[:, columns]),
                  row_lower=matrix.row_lower, row_upper=matrix.row_upper, column_lower=matrix.column_lower[columns],
                  column_upper=matrix.column_upper[columns], is_whole=np.zeros(len(columns), dtype=bool), columns=[])
