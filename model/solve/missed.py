"""Large books whose promises cannot all be kept: each rank of misses made least, and held at that from then on.

Every rank is searched as the margin is: a relaxation, a plan near it, then part after part. A plan is at hand all the
time, and what follows never misses more than it does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from model.solve.incumbent import FROM_PARTS
from model.solve.matrix import Matrix, with_rows
from model.solve.outcome import Run
from model.solve.places import Places
from model.solve.problem import NO_START, Start
from model.solve.promises import PROVEN_MISS, SMALLEST_MISS, needed_room, weighed_last
from model.solve.sifting import promised_orders

ROUNDING = 1e-9  # share of what a row holds: so little is missed by rounding alone
ROOM = 1e-9  # a hair, as a share of what is missed: solvers hold a row within their tolerance only


@dataclass(frozen=True)
class Least:
    """``matrix``: the model in which each rank misses no more than the plan of the last ``run`` does; no plan if its
    values are None. ``proven``: none can miss less. ``missed``: whether anything is missed at all."""

    matrix: Matrix
    run: Run
    proven: bool
    missed: bool

    @property
    def start(self) -> Start:
        """The whole decisions of the plan."""
        return _whole(self.matrix, self.run.values)


def least_missed(matrix: Matrix, ranks: Sequence[np.ndarray], searched: np.ndarray,
                 search: Callable[[Matrix, Start], Run], known: np.ndarray | None = None) -> Least:
    """The misses made least by rank. ``ranks``: what each column's miss counts in each; ``searched``: upper bounds
    under which nothing is missed; ``search``: the least cost of a model, begun from a start; ``known``: a plan."""
    plan, proven, missed = Run("time_limit", known, np.inf, -np.inf, FROM_PARTS), True, False
    for place, cost in enumerate(ranks):
        run = search(replace(matrix, cost=cost, offset=0.0), _whole(matrix, plan.values))
        if run.values is None and plan.values is None:
            return Least(matrix, run, proven=False, missed=True)
        # The plan at hand may miss less than what was found in the time.
        if plan.values is None or (run.values is not None and cost @ run.values <= cost @ plan.values):
            plan = run
        assert plan.values is not None
        least = float(cost @ plan.values)
        proven = proven and run.values is not None and least - run.bound <= PROVEN_MISS * max(1.0, least)
        if least <= SMALLEST_MISS:
            positions = weighed_last(ranks, place)
            room = needed_room(plan.values[positions], searched[positions])
            upper = matrix.column_upper.copy()
            upper[positions] = np.minimum(upper[positions], np.maximum(searched[positions], room))
            matrix, missed = replace(matrix, column_upper=upper), missed or bool(room.any())
        else:
            most = least + ROOM * max(1.0, least)
            matrix, missed = with_rows(matrix, sparse.csr_array(-cost.reshape(1, -1)), np.array([-most])), True
    return Least(matrix, plan, proven, missed)


def misses_as_little(values: np.ndarray, least: np.ndarray, ranks: Sequence[np.ndarray]) -> bool:
    """Whether a plan misses no more of any rank than another, but for rounding."""
    return all(cost @ values <= cost @ least + SMALLEST_MISS * max(1.0, float(cost @ least)) for cost in ranks)


def trimmed(matrix: Matrix, ranks: Sequence[np.ndarray], values: np.ndarray) -> np.ndarray:
    """The plan with every miss at the least that its rows allow: held as a sum, single ones may be a hair more.

    Those that share a row with another miss stay as they are.
    """
    columns = np.flatnonzero(sum(ranks, np.zeros(len(values))))
    entries = sparse.coo_array(sparse.csc_array(matrix.rows)[:, columns])
    row, column, factor = entries.row, columns[entries.col], entries.data
    rest = (matrix.rows @ values)[row] - factor * values[column]
    needed = np.where(factor > 0, matrix.row_lower[row] - rest, rest - matrix.row_upper[row]) / np.abs(factor)
    needed[needed <= ROUNDING * np.maximum(1.0, np.abs(rest))] = 0.0
    least = np.zeros(len(values))
    np.maximum.at(least, column, needed)
    is_shared = np.zeros(len(values), dtype=bool)
    is_shared[column[np.bincount(row, minlength=matrix.rows.shape[0])[row] > 1]] = True
    alone, lowered = columns[~is_shared[columns]], values.copy()
    lowered[alone] = np.minimum(values, np.maximum(matrix.column_lower, least))[alone]
    return lowered


def promised_part(start: Start, matrix: Matrix, places: Places) -> Start:
    """What a start decides of promised orders."""
    is_kept = np.isin(places.order[start.positions], promised_orders(matrix, places))
    return Start(start.positions[is_kept], start.values[is_kept])


def _whole(matrix: Matrix, values: np.ndarray | None) -> Start:
    if values is None:
        return NO_START
    whole = np.flatnonzero(matrix.is_whole)
    return Start(whole, np.round(values[whole]))
