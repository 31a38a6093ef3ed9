"""Which method solves the linear program of a book sooner where there is no basis to start from."""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy import sparse

from model.solve.matrix import Matrix

Method = Literal["simplex", "ipm"]
LARGEST_FOR_SIMPLEX = 60_000  # columns of a book in which nothing that is made goes into anything else that is
LARGEST_STAGED = 10_000  # columns of any other: long ways from stage to stage make simplex slow


def quickest(matrix: Matrix, count: int | None = None) -> Method:
    """Simplex or interior point, by size and by whether stages of making follow each other.

    ``count``: of the columns, where not all are there.
    """
    count = len(matrix.cost) if count is None else count
    if count < LARGEST_STAGED:
        return "simplex"
    return "simplex" if count < LARGEST_FOR_SIMPLEX and not is_staged(matrix) else "ipm"


def setups_prevail(matrix: Matrix) -> bool:
    """Whether more of the whole decisions are of making than of orders."""
    count = {name: len(members) for name, members in matrix.family.items()}
    making = sum(count.get(name, 0) for name in ("is_set_up", "is_running", "lot_count"))
    return making > sum(count.get(name, 0) for name in ("is_source", "is_departure"))


def branching(matrix: Matrix, has_plan: bool) -> dict[str, float]:
    """Options of a search of whole decisions, other than HiGHS's own where setups prevail.

    HiGHS tries each decision out eight times before it relies on what it has seen, which is then most of the work: once
    is enough. ``has_plan``: whether it begins with a good plan; if not, it looks for plans four times as hard.
    """
    if not setups_prevail(matrix):
        return {}
    return {"mip_pscost_minreliable": 1, **({} if has_plan else {"mip_heuristic_effort": 0.2})}


def is_staged(matrix: Matrix) -> bool:
    """Whether something that is made is drawn from stock to make something else."""
    made, drawn = (matrix.family.get(name, np.empty(0, dtype=np.int32)) for name in ("made", "drawn"))
    if not len(made) or not len(drawn):
        return False
    # The item stands second in the index of ``made``, first in that of ``drawn``.
    maker = {name: place for place, name in enumerate(sorted({_item(matrix, column, 1) for column in made}))}
    makes = np.array([maker[_item(matrix, column, 1)] for column in made])
    own = np.array([maker.get(_item(matrix, column, 0), -1) for column in drawn])
    rows = sparse.csc_array(matrix.rows)
    # By row, the item drawn in it; a maker of another item in that row consumes it.
    of_row = np.full(rows.shape[0], -1)
    taken = sparse.coo_array(rows[:, drawn[own >= 0]])
    of_row[taken.row] = own[own >= 0][taken.col]
    used = sparse.coo_array(rows[:, made])
    return bool(((of_row[used.row] >= 0) & (of_row[used.row] != makes[used.col])).any())


def _item(matrix: Matrix, column: int, place: int) -> str:
    index = matrix.columns[column][1]
    assert isinstance(index, tuple)
    return str(index[place])
