"""A large book in which every promise may be broken at a price that is hardly ever worth paying.

To ask first whether some plan keeps every promise may take far longer than to find the best one. With a price in place
of the promises (an elastic program; Chinneck 2008) there always is a plan, no column must be there from the start for a
promise's sake, and the best plan, if it breaks none, is the best of those that must not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.solve.incumbent import FROM_PARTS
from model.solve.matrix import Matrix
from model.solve.missed import ROOM, trimmed
from model.solve.outcome import Run, RunStatus
from model.solve.promises import needed_room
from model.solve.sifting import PROMISED, SIFTED

# Times what the dearest unit earns. Without whole decisions misses are made least afterwards, and at five first-order
# methods did not end where much is missed; with them there is rarely the time for that, and at five more is missed.
PENALTY, WHOLE_PENALTY = 1.0, 20.0
NONE = np.empty(0, dtype=np.int32)


@dataclass(frozen=True)
class Priced:
    """A plan of a program in which misses have ``prices``, and the bound of all plans of that program."""

    values: np.ndarray
    bound: float
    prices: np.ndarray

    def bound_for(self, values: np.ndarray) -> float:
        """The least cost, prices aside, of all plans that miss no more than this one does."""
        return self.bound - (1.0 + ROOM) * float(self.prices @ values)


class Elastic:
    """``matrix``: the program with prices, made from one whose misses have no limits. ``ranks``: what each column's
    miss counts in each; ``searched``: upper bounds under which nothing is missed."""

    def __init__(self, matrix: Matrix, ranks: Sequence[np.ndarray], searched: np.ndarray) -> None:
        self._given, self._ranks, self._searched = matrix, ranks, searched
        dearest = np.abs(matrix.cost[matrix.family.get(SIFTED, NONE)]).max(initial=0.0) or 1.0
        penalty = WHOLE_PENALTY if matrix.is_whole.any() else PENALTY
        self._prices = penalty * dearest * sum(ranks, np.zeros(len(matrix.cost)))
        self.matrix = replace(matrix, cost=matrix.cost + self._prices,
                              family={name: members for name, members in matrix.family.items() if name != PROMISED})

    def kept(self, values: np.ndarray) -> np.ndarray | None:
        """A plan without what rounding alone misses; None if it misses more."""
        clean = trimmed(self._given, self._ranks, values)
        return None if needed_room(clean, self._searched).any() else clean

    def cost(self, values: np.ndarray | None) -> float:
        """The cost of a plan, prices aside; infinite for none."""
        return np.inf if values is None else self._given.objective(values)

    def bound(self, bound: float) -> float:
        """What a bound of the program with prices says of all plans that miss nothing."""
        return bound - float(self._prices @ np.where(np.isfinite(self._searched), self._searched, 0.0))

    def answer(self, run: Run) -> Run:
        """What a search with prices says of the program in which nothing may be missed."""
        bound = self.bound(run.bound)
        kept = None if run.values is None else self.kept(run.values)
        if kept is not None:
            cost = self.cost(kept)
            return Run(run.status, kept, cost, min(bound, cost), FROM_PARTS)
        if run.values is not None and run.is_proven:
            return Run("infeasible", None, np.inf, bound, "no plan keeps every promise")
        ended: RunStatus = "interrupted" if run.status == "interrupted" else "time_limit"
        return Run(ended, None, np.inf, bound, "no plan")

    def missing(self, run: Run) -> Priced | None:
        """The plan of a search with prices, if it misses something."""
        return None if run.values is None or self.kept(run.values) is not None else self.priced(run)

    def priced(self, run: Run) -> Priced | None:
        """The plan of a search with prices, if there is one."""
        return None if run.values is None else Priced(run.values, run.bound, self._prices)
