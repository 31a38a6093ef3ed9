"""The book in which a firm order is not promised: other promises come first there, and may be kept better.

Where no other promise is missed after the frozen plan and pins, which come before orders, the loaded book tells: the
others stay kept. Else what is missed of them is made as little as can be once more, by planning that book.
"""

from __future__ import annotations

from model.explain.asking import NoPlanError, load_beside
from model.explain.ground import Ground, Wanted
from model.explain.left_out import with_orders
from model.plan_tables import MISS_RANKS
from model.solve.promises import SMALLEST_MISS, forbidden_misses
from model.variables import VARIABLES

BEFORE_ORDERS = MISS_RANKS[0]


def needs_planning(ground: Ground, wanted: Wanted) -> bool:
    """Whether promises to others are missed that might be kept better, were the order not promised."""
    if not wanted.is_firm or not ground.standing.is_missed:
        return False
    matrix = ground.matrix
    # Infinite for columns that count no miss, which are then never beyond.
    beyond = ground.standing.values - forbidden_misses(matrix)
    first = [position for decision in VARIABLES if decision.miss in BEFORE_ORDERS
             for position in matrix.family.get(decision.name, ())]
    # The order's own miss ends with its promise, and what ranks before orders was kept as well as can be without it.
    beyond[[*first, *([] if wanted.missed is None else [wanted.missed])]] = 0.0
    return bool((beyond > SMALLEST_MISS).any())


def unpromised(ground: Ground, wanted: Wanted, seconds: float) -> tuple[Ground, Wanted] | None:
    """The book planned with the order as one that may be declined, and the order in it.

    None where that takes longer than ``seconds``, or misses are not proven least.
    """
    if seconds <= 0:
        return None
    try:
        other, outcome = load_beside(ground, with_orders(ground.instance.tables, [wanted.order]), seconds, gap=0.0)
    except NoPlanError:
        return None
    return (other, other.orders[wanted.order]) if outcome.promises_proven else None
