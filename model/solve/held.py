"""Ranks of misses held at their minimum while the next rank, and then the margin, is searched for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from model.solve.highs import Highs
from model.solve.outcome import Run
from model.solve.promises import HELD_ROOM


class HeldMisses:
    """Rows that hold each rank of misses at its minimum with a hair of room; the plan is cleaned of the hair later.

    HiGHS 1.15.1 was seen to call rows at their exact minimum impossible, and plans optimal that were far from it.
    """

    def __init__(self, highs: Highs) -> None:
        self._highs = highs
        self._limits: list[float] = []
        self._held: list[tuple[np.ndarray, np.ndarray]] = []

    def hold(self, least: float, positions: np.ndarray, coefficients: np.ndarray) -> None:
        """Hold the weighted sum of the columns at ``least``."""
        self._limits.append(least)
        self._held.append((positions, coefficients))
        self._highs.add_row(-np.inf, least, positions, coefficients)

    def tighten(self, plan: Run) -> None:
        """Hold from now on what ``plan`` misses, which is exact where the searches were not."""
        assert plan.values is not None
        self._limits = [float(weights @ plan.values[positions]) for positions, weights in self._held]

    def run(self, time_limit: float, start: Run | None, room: float = HELD_ROOM, presolve: str = "choose") -> Run:
        """Search from the plan that has the least misses so far; ``room`` as a share of the misses."""
        self._highs.forget()
        self._highs.set(presolve=presolve)
        self._give_room(room)
        if start is not None and start.values is not None:
            self._highs.start_from(start.values)
        return self._highs.run(time_limit)

    def run_surely(self, time_limit: Callable[[], float], start: Run | None) -> Run:
        """The same; what the solver calls impossible is searched once more in another way, which found plans of such
        books."""
        run = self.run(time_limit(), start)
        return self.run(time_limit(), start, presolve="off") if run.status == "infeasible" else run

    def _give_room(self, room: float) -> None:
        if self._limits:
            limits = np.array([least + room * max(1.0, least) for least in self._limits])
            # Held rows are the last of the model.
            rows = np.arange(self._highs.row_count - len(limits), self._highs.row_count)
            self._highs.set_row_bounds(rows, np.full(len(limits), -np.inf), limits)
