"""What is promised, as bounds and costs of the columns that count misses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from model.plan_tables import FROZEN_ROUNDING, MISS_RANKS
from model.solve.matrix import Matrix
from model.variables import VARIABLES

SMALLEST_MISS = 1e-6  # in the solver's units; of firm orders, units at the dearest price
# The same, as a share where that is more: what the least misses may be beyond their bound and be proven. Decisions that
# are exactly whole miss a little more than those within the solver's tolerance.
PROVEN_MISS = 1e-5
LITTLE_WORTH = 1e-3  # of the dearest price
SEARCHED_TIMES = 10  # the rounding: HiGHS was seen to call a frozen plan impossible within its rounding
NO_MISS = 1e-9  # in the solver's units: so little is missed by the solver's rounding alone
HELD_ROOM = 1e-5  # a hair, as a share of what is missed: HiGHS was seen to call rows at their exact minimum impossible


def forbidden_misses(matrix: Matrix, rounding: float = FROZEN_ROUNDING) -> np.ndarray:
    """Upper bounds [model units] under which nothing is missed; infinite for columns that count no miss.

    What the frozen plan makes is kept within the ``rounding`` of it.
    """
    upper = np.full(len(matrix.cost), np.inf)
    published = {matrix.columns[position][1] for position in matrix.family.get("frozen_short", ())}
    for decision in VARIABLES:
        if decision.miss and decision.name in matrix.family:
            positions = matrix.family[decision.name]
            # Where nothing is published there is nothing rounded: not a hair may be made.
            is_rounded = [decision.miss == "frozen_plan" and matrix.columns[position][1] in published
                          for position in positions]
            upper[positions] = np.where(is_rounded, rounding, 0.0)
    return upper


def needed_room(missed: np.ndarray, searched: np.ndarray) -> np.ndarray:
    """The little that the least misses need beyond what may be ``searched`` for, with a hair; 0 where they need none.

    A line that is short by a ten-millionth of its hours makes a promise impossible by as much: the plan keeps it
    but for a rounding, and to forbid that would leave no plan at all.
    """
    return np.where(missed > searched + NO_MISS, missed * (1.0 + HELD_ROOM), 0.0)


def weighed_last(ranks: Sequence[np.ndarray], place: int) -> np.ndarray:
    """Positions of the columns that count in this rank for the last time.

    What counts for little here is weighed again in a rank to come, and stays free until then.
    """
    return np.flatnonzero((ranks[place] != 0) & (sum(ranks[place + 1:], np.zeros(len(ranks[place]))) == 0))


def miss_weights(matrix: Matrix, prices: Mapping[object, float], sizes: np.ndarray | None = None) -> list[np.ndarray]:
    """By rank what a unit missed counts: units for pins, frozen plan, minimums and stocks; value for firm orders.

    Beside the dearest, firm orders of little price would be lost in the solver's tolerances: their value counts once
    more in a rank that follows. Those without a price would count nothing; their units form the next one. ``prices``:
    base currency. ``sizes``: units of the model per unit of each column, where they are scaled.
    """
    weights = []
    sizes = np.ones(len(matrix.cost)) if sizes is None else sizes
    for rank in MISS_RANKS:
        members = [decision.name for decision in VARIABLES if decision.miss in rank]
        positions = np.concatenate([matrix.family.get(name, np.empty(0, dtype=np.int32)) for name in members])
        units = np.zeros(len(matrix.cost))
        # As shares of the smallest: where all are alike, one.
        units[positions] = sizes[positions] / sizes[positions].min(initial=np.inf)
        if rank == ("firm_order",):
            worth = np.zeros(len(matrix.cost))
            worth[positions] = [max(prices[matrix.columns[position][1]], 0.0) for position in positions]
            worth *= sizes
            # Shares of the dearest price: whatever the currency, no weight is above one.
            worth /= worth.max(initial=0.0) or 1.0
            small = np.where(worth < LITTLE_WORTH, worth, 0.0)
            weights += [worth, small / (small.max(initial=0.0) or 1.0), np.where(worth > 0, 0.0, units)]
        else:
            weights.append(units)
    return weights
