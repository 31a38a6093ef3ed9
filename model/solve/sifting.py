"""Large linear programs over a few of their columns: shipments are added only where their reduced cost says they pay.

Most orders can leave in many weeks and leave in one. Starting from one week of each, the program is solved, all other
weeks are priced with its duals, those that pay are added, and the solver goes on from its basis (sifting; Bixby and
others 1992). When none pays, the optimum of the few columns is that of all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from model.solve.highs import Highs
from model.solve.matrix import Matrix
from model.solve.outcome import Run
from model.solve.places import Places

SIFTED = "shipped"
NEAR_BEST = 3e-3
DUAL_TOLERANCE = 1e-7
ADDED_OF_ORDER = 2
MOST_ROUNDS = 60
PRIMAL_SIMPLEX = 4


@dataclass(frozen=True)
class Sifted:
    """``run``: optimum of the whole program, with values of all columns; ``used``: mask of the columns it needed."""

    run: Run
    used: np.ndarray


def first_columns(matrix: Matrix, places: Places) -> np.ndarray:
    """Mask of the columns to start from: all that are no shipments, and of each way to ship one week.

    That is the latest of the weeks that cost nearly as little as the order's best, so that nothing must be early.
    """
    shipped = np.asarray(matrix.family.get(SIFTED, ()), dtype=np.int64)
    shipped = shipped[(matrix.column_lower[shipped] == 0) & ~matrix.is_whole[shipped]]
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
    is_last = np.append(way[latest][1:] != way[latest][:-1], True)
    used[shipped[latest[is_last]]] = True
    return used


def sifted(matrix: Matrix, places: Places, start: np.ndarray, solver: Callable[[Matrix], Highs],
           left: Callable[[], float]) -> Sifted | None:
    """The optimum of a linear program, begun with the columns in the mask ``start``.

    None if that is not reached in the time, or if the few columns alone allow no plan: then all must be asked.
    """
    used = start | (matrix.column_lower != 0)
    columns = np.flatnonzero(used)
    highs = solver(_only(matrix, columns))
    highs.set(solver="simplex")
    for _ in range(MOST_ROUNDS):
        run = highs.run(left())
        if run.status != "optimal" or run.values is None or run.row_duals is None:
            return None
        priced = matrix.cost - matrix.rows.T @ run.row_duals
        pays = np.flatnonzero(~used & (matrix.column_upper > 0) & (priced < -DUAL_TOLERANCE))
        if not len(pays):
            values = np.zeros(len(used))
            values[columns] = run.values
            return Sifted(replace(run, values=values, column_duals=priced), used)
        added = _best_of_each(pays, priced[pays], places.order[pays])
        highs.add_columns(_only(matrix, added))
        highs.set(simplex_strategy=PRIMAL_SIMPLEX)
        used[added] = True
        columns = np.concatenate([columns, added])
    return None


def _way(column: tuple[str, object]) -> object:
    """What names a shipment but its bucket, which comes last."""
    index = column[1]
    return index[:-1] if isinstance(index, tuple) else index


def _best_of_each(positions: np.ndarray, priced: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Of each order the few columns that pay most."""
    ranked = np.lexsort((positions, priced, order))
    place = np.arange(len(ranked))
    begins = np.append(True, order[ranked][1:] != order[ranked][:-1])
    rank = place - np.maximum.accumulate(np.where(begins, place, 0))
    return np.sort(positions[ranked[rank < ADDED_OF_ORDER]])


def _only(matrix: Matrix, columns: np.ndarray) -> Matrix:
    return Matrix(cost=matrix.cost[columns], offset=matrix.offset, rows=sparse.csc_array(matrix.rows[:, columns]),
                  row_lower=matrix.row_lower, row_upper=matrix.row_upper, column_lower=matrix.column_lower[columns],
                  column_upper=matrix.column_upper[columns], is_whole=np.zeros(len(columns), dtype=bool), columns=[])
