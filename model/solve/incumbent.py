"""The best plan of a search and the bound it has proven, told to whoever follows the search as they get better."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from model.solve.outcome import Run, RunStatus

Tell = Callable[[np.ndarray | None, float, float], None]
# Message of the runs whose plans ``strategy`` does not clean once more.
FROM_PARTS = "parts"


class Incumbent:
    """``values`` of the best plan, None where there is none, and its ``objective``; the ``bound`` of all plans.

    ``is_exact``: its whole decisions are whole, not only within the solver's tolerance. ``gap``: the share at which the
    two are close enough. ``tell`` hears plan, objective and bound, in the solver's units.
    """

    def __init__(self, gap: float, tell: Tell) -> None:
        self.gap, self._tell = gap, tell
        self.values: np.ndarray | None = None
        self.objective, self.bound = np.inf, -np.inf
        self.is_exact = False

    def stand_on(self, bound: float) -> None:
        """Take a bound in place of the one before, as at other costs."""
        self.bound = bound
        self._tell(None, self.objective, bound)

    def prove(self, bound: float) -> None:
        """Take a bound that is better than the one before."""
        if np.isfinite(bound) and bound > self.bound:
            self.stand_on(bound)

    def take(self, values: np.ndarray, objective: float, is_exact: bool = True) -> None:
        """Take a plan that is better than the one before."""
        if objective < self.objective:
            self.put(values, objective, is_exact)

    def put(self, values: np.ndarray, objective: float, is_exact: bool = True) -> None:
        """Take a plan in place of the one before, even where it earns less."""
        self.values, self.objective, self.is_exact = values, objective, is_exact
        self._tell(values, objective, self.bound)

    def note(self, values: np.ndarray | None, objective: float, bound: float) -> None:
        """Take an exact plan, a bound or both, as far as they are better than those before, and tell both at once."""
        is_better = objective < self.objective
        if is_better:
            self.values, self.objective, self.is_exact = values, objective, True
        if np.isfinite(bound):
            self.bound = max(self.bound, bound)
        self._tell(values if is_better else None, self.objective, self.bound)

    @property
    def open_share(self) -> float:
        """What no plan can be better by, as a share; infinite without a plan."""
        return (self.objective - self.bound) / max(1.0, abs(self.objective)) if self.values is not None else np.inf

    @property
    def is_close(self) -> bool:
        """Whether no plan can be better by more than the gap."""
        return self.open_share <= self.gap

    def answer(self, is_stopped: bool) -> Run:
        """Plan and bound as they stand at the end of a search, which was stopped or not."""
        ended: RunStatus = "interrupted" if is_stopped else "time_limit"
        if self.values is None:
            return Run(ended, None, np.inf, self.bound, "no plan")
        return Run("within_gap" if self.is_close else ended, self.values, self.objective, self.bound, FROM_PARTS)
