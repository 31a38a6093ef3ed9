"""What a first-order method says of a large linear program: roughly its values and prices, in little time.

A primal-dual hybrid gradient (Applegate and others 2021) comes close to the optimum of a program with a million columns
in a few thousand multiplications. Its answer keeps no row exactly and proves nothing; it tells which shipments may pay.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.solve.matrix import Matrix
from model.solve.places import Places
from model.solve.sifting import SIFTED, best_of_each, may_be_left_out

# Less than this is within the error of the method.
LEAST_SHARE = 1e-3  # of an order
OF_ORDER, OF_SOURCE = 1, 2


@dataclass(frozen=True)
class Guide:
    """Values of the columns and reduced costs, both approximate; ``duals`` of the rows; ``most`` of each order."""

    values: np.ndarray
    duals: np.ndarray
    priced: np.ndarray
    most: np.ndarray


def guided_columns(matrix: Matrix, places: Places, guide: Guide) -> np.ndarray:
    """Mask of the columns to start from: all that are no shipments, those of promised orders, those the guide ships,
    and the best of each order and of each stock.

    The last settle what a unit in stock is worth in each week: without them a week in which nothing leaves would seem
    to have goods for nothing, and the first bound would be far off.
    """
    shipped = may_be_left_out(matrix, places)
    used = np.ones(len(matrix.cost), dtype=bool)
    used[shipped] = False
    order, priced = places.order[shipped], guide.priced[shipped]
    used[shipped[guide.values[shipped] > LEAST_SHARE * guide.most[order]]] = True
    used[best_of_each(shipped, priced, order, OF_ORDER)] = True
    used[best_of_each(shipped, priced, _source(matrix, places, shipped), OF_SOURCE)] = True
    return used


def _source(matrix: Matrix, places: Places, shipped: np.ndarray) -> np.ndarray:
    """For each of the shipments the row that it shares with the fewest others, yet with those of other orders."""
    if not len(shipped):
        return np.empty(0, dtype=np.int64)
    every = np.asarray(matrix.family[SIFTED], dtype=np.int64)
    entries = matrix.rows[:, every].tocoo()
    order = places.order[every][entries.col]
    height = matrix.rows.shape[0]
    least, most = np.full(height, np.iinfo(np.int32).max), np.full(height, -1)
    np.minimum.at(least, entries.row, order)
    np.maximum.at(most, entries.row, order)
    count = np.bincount(entries.row, minlength=height)
    # Mostly the balance of a stock in a week; rows of one order alone come last.
    rank = np.where(least < most, count, np.iinfo(np.int64).max)[entries.row]
    column = every[entries.col]
    ranked = np.lexsort((entries.row, rank, column))
    first = np.append(True, column[ranked][1:] != column[ranked][:-1])
    source = np.full(len(matrix.cost), -1, dtype=np.int64)
    source[column[ranked][first]] = entries.row[ranked][first]
    return source[shipped]
