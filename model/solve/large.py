"""How a large book is searched: a bound from the relaxation, a plan from its rounding, then part after part again.

The bound is that of the linear relaxation of the whole model, so it holds for every plan. The plan is improved by
solving parts with all else as it is, two at once: all weeks of one cluster of lines that share items, later windows
of weeks (fix and optimise; Pochet and Wolsey 2006, section 3.6).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from model.solve.crew import MOST_AT_ONCE, Crew
from model.solve.highs import Highs
from model.solve.matrix import Matrix
from model.solve.outcome import Run, RunStatus
from model.solve.parts import Part, part_of
from model.solve.places import NOWHERE, Places

LARGE_COLUMNS, LARGE_INTEGERS = 100_000, 5_000
INTERIOR_POINT_COLUMNS = 10_000
CLEAR = 0.01
SMALLEST_SHARE = 0.2
RESTRICTED_SHARE, PART_GAP = 0.35, 3e-4
INTERIOR_NOISE = 1e-7
PART_SHARE = 0.8
FROM_PARTS = "parts"
FEASIBLE = 1e-6
WINDOWS: tuple[tuple[int | None, int], ...] = ((None, 1), (16, 12), (26, 20), (None, 1))


@dataclass
class _Best:
    values: np.ndarray
    objective: float


class LargeSearch:
    """One search of a large model; ``tell`` hears bound and better plans, in the solver's units."""

    def __init__(self, matrix: Matrix, places: Places, start: tuple[np.ndarray, np.ndarray], gap: float, seed: int,
                 left: Callable[[], float], stopped: Callable[[], bool],
                 tell: Callable[[np.ndarray | None, float, float], None]) -> None:
        self._matrix, self._places, self._start = matrix, places, start
        self._gap, self._seed = gap, seed
        self._left, self._stopped, self._tell = left, stopped, tell
        self._rows = sparse.csr_array(matrix.rows)
        self._total = left()
        self._bound = -np.inf
        self._best: _Best | None = None

    def run(self) -> Run:
        """The best plan found and the bound of the relaxation; ``infeasible`` if the relaxation already is."""
        relaxed = self._relaxation()
        if relaxed.status == "infeasible" or relaxed.values is None:
            return relaxed if relaxed.status != "optimal" else replace(relaxed, status="time_limit")
        self._bound = relaxed.objective - INTERIOR_NOISE * max(1.0, abs(relaxed.objective))
        self._tell(None, np.inf, self._bound)
        self._first_plan(relaxed.values)
        if self._best is not None:
            self._improve()
        return self._answer()

    def _answer(self) -> Run:
        if self._best is None:
            return Run("time_limit", None, np.inf, self._bound, "no plan")
        status: RunStatus = "within_gap" if self._is_close() else "interrupted" if self._stopped() else "time_limit"
        whole = np.where(self._matrix.is_whole, np.round(self._best.values), self._best.values)
        values = whole if self._is_possible(whole) else self._best.values
        return Run(status, values, self._best.objective, self._bound, FROM_PARTS)

    def _is_close(self) -> bool:
        assert self._best is not None
        return self._best.objective - self._bound <= self._gap * max(1.0, abs(self._best.objective))

    def _is_over(self) -> bool:
        return self._stopped() or self._left() <= 0.5

    def _solver(self, matrix: Matrix) -> Highs:
        return Highs(matrix, seed=self._seed, stopped=self._stopped)

    def _relaxation(self) -> Run:
        """The linear relaxation: interior point where setups prevail, whose vertices are far to go; else simplex."""
        relaxed = replace(self._matrix, is_whole=np.zeros_like(self._matrix.is_whole))
        highs = self._solver(relaxed)
        if self._setups_prevail():
            highs.set(solver="ipm", run_crossover="off")
        else:
            highs.set(solver="simplex")
        return highs.run(self._left())

    def _setups_prevail(self) -> bool:
        count = {name: len(members) for name, members in self._matrix.family.items()}
        making = sum(count.get(name, 0) for name in ("is_set_up", "is_running", "lot_count"))
        return making > sum(count.get(name, 0) for name in ("is_source", "is_departure"))

    def _first_plan(self, relaxed: np.ndarray) -> None:
        """A plan near the relaxation: part after part made whole, or what is whole kept; else one from the start."""
        if self._setups_prevail():
            self._make_whole(relaxed)
        else:
            self._search_open(relaxed)
        if self._best is None and len(self._start[0]) and not self._is_over():
            self._complete(*self._start)

    def _make_whole(self, relaxed: np.ndarray) -> None:
        """Whole decisions for one cluster after the other, the relaxation standing for those not yet made whole."""
        values = relaxed.copy()
        whole = np.where(relaxed >= SMALLEST_SHARE, np.maximum(np.round(relaxed), 1.0), 0.0)
        group = self._groups(None, 1)[0]
        crew = Crew()
        try:
            parts = [self._part(values, free, len(group), whole) for free in group]
            for free, found in zip(group, crew.solve(parts, self._stopped), strict=True):
                changed = values.copy()
                if found is not None:
                    changed[free] += found - relaxed[free]
                if found is None or not self._is_possible(changed):
                    again = None if self._is_over() else self._part(values, free, 1, whole).solve(self._stopped)
                    if again is None:
                        return
                    changed = values.copy()
                    changed[free] = again
                values = changed
        finally:
            crew.end()
        rounded = np.where(self._matrix.is_whole, np.round(values), values)
        if np.allclose(rounded, values, atol=1e-5) and self._is_possible(rounded):
            self._take(rounded)

    def _search_open(self, relaxed: np.ndarray) -> None:
        whole = np.round(relaxed)
        settled = self._matrix.is_whole & (np.abs(relaxed - whole) <= CLEAR)
        lower, upper = self._matrix.column_lower.copy(), self._matrix.column_upper.copy()
        lower[settled] = upper[settled] = whole[settled]
        highs = self._solver(replace(self._matrix, column_lower=lower, column_upper=upper))
        highs.listen(None, self._heard)
        highs.set(mip_rel_gap=max(self._gap, PART_GAP))
        run = highs.run(min(self._left(), RESTRICTED_SHARE * self._total))
        if run.values is not None:
            self._take(run.values)

    def _heard(self, values: np.ndarray, objective: float) -> None:
        self._take(values)

    def _complete(self, positions: np.ndarray, values: np.ndarray) -> None:
        """The best plan with these whole decisions, if there is one."""
        lower, upper = self._matrix.column_lower.copy(), self._matrix.column_upper.copy()
        lower[positions] = upper[positions] = np.clip(values, lower[positions], upper[positions])
        fixed = replace(self._matrix, column_lower=lower, column_upper=upper,
                        is_whole=np.zeros_like(self._matrix.is_whole))
        highs = self._solver(fixed)
        highs.set(solver="ipm" if len(lower) >= INTERIOR_POINT_COLUMNS else "simplex")
        run = highs.run(self._left())
        if run.status == "optimal" and run.values is not None:
            self._take(run.values)

    def _take(self, values: np.ndarray) -> None:
        objective = float(self._matrix.cost @ values) + self._matrix.offset
        if self._best is None or objective < self._best.objective:
            self._best = _Best(values, objective)
            self._tell(values, objective, self._bound)

    def _improve(self) -> None:
        """Round after round over all parts, until the gap or the time is reached or nothing gets better."""
        crew = Crew()
        try:
            for window, step in WINDOWS:
                for group in self._groups(window, step):
                    if self._is_over() or self._is_close():
                        return
                    self._improve_group(crew, group)
        finally:
            crew.end()

    def _groups(self, window: int | None, step: int) -> list[list[np.ndarray]]:
        """Free columns of the parts, in groups that are solved at once.

        What belongs to no cluster, as materials that are bought for all, is free in every part.
        """
        by_window: dict[int, list[np.ndarray]] = defaultdict(list)
        bucket, cluster, order = self._places.bucket, self._places.cluster, self._places.order
        last = int(bucket.max(initial=0))
        length = last + 1 if window is None else window
        for first in range(0, last + 1, step if window else length):
            for name in np.unique(cluster[cluster != NOWHERE]):
                inside = (cluster == name) | ((cluster == NOWHERE) & (order == NOWHERE))
                free = inside & (bucket >= first) & (bucket < first + length)
                touched = np.unique(order[free & (order != NOWHERE)])
                free |= (cluster == name) & (bucket == NOWHERE) & ((order == NOWHERE) | np.isin(order, touched))
                if (free & self._matrix.is_whole).any():
                    by_window[first].append(np.flatnonzero(free))
        return [by_window[first] for first in sorted(by_window)]

    def _improve_group(self, crew: Crew, group: list[np.ndarray]) -> None:
        """Solve the parts of a group from the plan at hand and add up what changes, as far as it goes together."""
        assert self._best is not None
        base = self._best.values
        answers = crew.solve([self._part(base, free, len(group)) for free in group], self._stopped)
        alone = []
        for free, better in zip(group, answers, strict=True):
            if better is not None and not self._put_in(free, better - base[free]):
                alone.append(free)
        for free in alone:
            if not self._is_over():
                base = self._best.values
                again = self._part(base, free, 1).solve(self._stopped)
                if again is not None:
                    self._put_in(free, again - base[free])

    def _part(self, values: np.ndarray, free: np.ndarray, count: int, hint: np.ndarray | None = None) -> Part:
        """One of ``count`` parts of a group; ``hint``: whole decisions to start from where the plan is no start."""
        seconds = max(1.0, PART_SHARE * self._left() / -(-count // MOST_AT_ONCE))
        matrix = part_of(self._matrix, self._rows, free, values)
        return Part(matrix, values[free] if hint is None else hint[free], PART_GAP, seconds, self._seed,
                    must_improve=hint is None)

    def _put_in(self, free: np.ndarray, change: np.ndarray) -> bool:
        """Change the plan at hand, if that is possible; balances are linear, so changes of several parts add up."""
        assert self._best is not None
        values = self._best.values.copy()
        values[free] += change
        if not self._is_possible(values):
            return False
        self._take(values)
        return True

    def _is_possible(self, values: np.ndarray) -> bool:
        activity = self._matrix.rows @ values
        room = FEASIBLE * np.maximum(1.0, np.abs(activity))
        rows = (activity >= self._matrix.row_lower - room) & (activity <= self._matrix.row_upper + room)
        columns = (values >= self._matrix.column_lower - FEASIBLE) & (values <= self._matrix.column_upper + FEASIBLE)
        return bool(rows.all() and columns.all())
