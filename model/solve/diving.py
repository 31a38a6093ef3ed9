"""A plan near a relaxation: whole decisions are fixed a few at a time, the surest first, and the rest is solved anew.

Each step fixes what is near a whole number and lets the others answer to it (diving; Achterberg 2007, section 9.2). In
the first steps little is given away; only the last must decide what is wide open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from model.solve.outcome import Run
from model.solve.sifting import Sifting

# A value this little below a whole number is that number.
WHOLE = 1e-7
# In the last step the two limits meet: after it nothing is open, so a dive ends.
STEPS = ((0.8, 0.05), (0.7, 0.1), (0.6, 0.2), (0.55, 0.25), (0.5, 0.3), (0.45, 0.35), (0.4, 0.4))
"""Of each step: from which part above a whole number a decision is rounded up, and below which it is rounded down."""
MOST_REFUSED = 400  # programs without a plan, after which a dive is given up


@dataclass(frozen=True)
class _Fixing:
    """Decisions that a step wants to fix, the surest first: ``places`` among all whole ones, ``values`` they take and
    the ``others`` on the far side."""

    places: np.ndarray
    values: np.ndarray
    others: np.ndarray

    def surer_half(self) -> _Fixing:
        """The first half of them."""
        count = len(self.places) // 2
        return _Fixing(self.places[:count], self.values[:count], self.others[:count])

    def turned(self, is_turned: np.ndarray) -> _Fixing:
        """The same with some rounded the other way."""
        return _Fixing(self.places, np.where(is_turned, self.others, self.values),
                       np.where(is_turned, self.values, self.others))


def dive(program: Sifting, relaxed: np.ndarray, positions: np.ndarray, lower: np.ndarray, upper: np.ndarray,
         left: Callable[[], float]) -> Run | None:
    """The optimum of the ``program`` with all whole decisions fixed, which stand at ``positions`` between ``lower``
    and ``upper``; None if the time ends before, or if what was fixed allows no plan. The bounds stay as they are then.

    ``relaxed``: the optimum's values of all columns before anything is fixed. Where a step allows no plan, of the
    decisions that the solver's proof names the least sure one is rounded the other way, and so on; where that does not
    help, the surer half of the step is fixed. A single decision that at last fits neither way makes those doubtful that
    the proof names beside it: they are opened once more.
    """
    least, most = lower, upper
    lower, upper, values, run, step = lower.copy(), upper.copy(), relaxed, None, 0
    is_doubted, refused = np.zeros(len(positions), dtype=bool), 0
    # Solved once even where nothing is left to fix.
    while run is None or (lower < upper).any():
        fixing = _fixing(values[positions], lower, upper, *STEPS[min(step, len(STEPS) - 1)])
        step += 1
        run = _fixed(program, positions, lower, upper, fixing, left)
        may_turn, blamed = np.ones(len(fixing.places), dtype=bool), np.zeros(len(positions), dtype=bool)
        while run is None:
            refused += 1
            if left() <= 0 or not len(fixing.places) or refused > MOST_REFUSED:
                return None
            in_conflict = np.isin(positions, program.conflict())
            blamed = blamed | in_conflict if len(fixing.places) == 1 else blamed
            named = np.flatnonzero(may_turn & in_conflict[fixing.places])
            if len(named):
                # Each is turned once only, so that this ends.
                may_turn[named[-1]] = False
                fixing = fixing.turned(np.arange(len(fixing.places)) == named[-1])
            elif len(fixing.places) == 1 and step >= len(STEPS):
                doubtful = blamed & (lower == upper) & (least < most) & ~is_doubted
                # Each is doubted once only, for the same reason.
                if not doubtful.any():
                    return None
                lower[doubtful], upper[doubtful] = least[doubtful], most[doubtful]
                is_doubted |= doubtful
                may_turn = np.ones(1, dtype=bool)
            else:
                fixing = fixing.surer_half()
                may_turn = np.ones(len(fixing.places), dtype=bool)
            run = _fixed(program, positions, lower, upper, fixing, left)
        assert run.values is not None
        values = run.values
        # Kept only now that a plan with them is known.
        lower[fixing.places] = upper[fixing.places] = fixing.values
    return run


def _fixing(values: np.ndarray, lower: np.ndarray, upper: np.ndarray, least_up: float, most_down: float) -> _Fixing:
    """What is to be rounded up from ``least_up`` above a whole number, and down below ``most_down``."""
    below = np.floor(values + WHOLE)
    part = values - below
    is_up, is_down = part >= least_up, part < most_down
    places = np.flatnonzero((lower < upper) & (is_up | is_down))
    order = places[np.argsort(np.where(is_up, 1.0 - part, part)[places], kind="stable")]
    rounded, other = np.where(is_up, below + 1.0, below), np.where(is_up, below, below + 1.0)
    # The far side of a decision between 0 and 1 may be 2: what has no far side stays where it is.
    return _Fixing(order, *(np.clip(side, lower, upper)[order] for side in (rounded, other)))


def _fixed(program: Sifting, positions: np.ndarray, lower: np.ndarray, upper: np.ndarray,
           fixing: _Fixing, left: Callable[[], float]) -> Run | None:
    """The optimum with these decisions fixed, too."""
    lower, upper = lower.copy(), upper.copy()
    lower[fixing.places] = upper[fixing.places] = fixing.values
    program.set_bounds(positions, lower, upper)
    return program.optimum(left)
