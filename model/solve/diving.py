"""A plan near a relaxation: whole decisions are fixed a few at a time, the surest first, and the rest is solved anew.

Each step fixes what is near a whole number and lets the others answer to it (diving; Achterberg 2007, section 9.2). In
the first steps little is given away; only the last must decide what is wide open.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from model.solve.outcome import Run
from model.solve.sifting import Sifting

WHOLE = 1e-7
STEPS = ((0.8, 0.05), (0.7, 0.1), (0.6, 0.2), (0.55, 0.25), (0.5, 0.3), (0.45, 0.35), (0.4, 0.4))
"""Of each step: from which part above a whole number a decision is rounded up, and below which it is rounded down."""


def dive(program: Sifting, relaxed: np.ndarray, positions: np.ndarray, lower: np.ndarray, upper: np.ndarray,
         left: Callable[[], float]) -> Run | None:
    """The optimum of the ``program`` with all whole decisions fixed, which stand at ``positions`` between ``lower``
    and ``upper``; None if the time ends before, or if what was fixed allows no plan. The bounds stay as they are then.

    ``relaxed``: the optimum's values of all columns before anything is fixed.
    """
    lower, upper, values = lower.copy(), upper.copy(), relaxed
    run = None
    for least_up, most_down in STEPS:
        below = np.floor(values[positions] + WHOLE)
        part = values[positions] - below
        is_up = (lower < upper) & (part >= least_up)
        is_down = (lower < upper) & (part < most_down)
        fixed = np.where(is_up, below + 1.0, below)
        chosen = is_up | is_down
        lower[chosen] = upper[chosen] = np.clip(fixed, lower, upper)[chosen]
        program.set_bounds(positions, lower, upper)
        run = program.optimum(left)
        if run is None or run.values is None:
            return None
        values = run.values
    return run
