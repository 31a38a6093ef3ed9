"""How a large book is searched: a bound from the relaxation, a plan from a dive, then part after part again.

The bound is that of the linear relaxation of the whole model, so it holds for every plan; where setups prevail, further
rows bring it closer. The plan is improved by solving parts with all else as it is, two at once: windows of weeks of one
cluster of lines that share items (fix and optimise; Pochet and Wolsey 2006, section 3.6).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy import sparse

from model.solve.crew import MOST_AT_ONCE, Crew, at_once
from model.solve.diving import dive
from model.solve.highs import Highs
from model.solve.incumbent import Incumbent, Tell
from model.solve.matrix import Matrix, with_rows
from model.solve.method import branching, quickest, setups_prevail
from model.solve.missed import promised_part
from model.solve.outcome import Run
from model.solve.parts import Part, is_possible, part_of
from model.solve.places import NOWHERE, Places
from model.solve.problem import Start
from model.solve.rooted import bound_at_root
from model.solve.sifting import Sifting, first_columns
from model.solve.size import is_large, is_searched_whole
from model.solve.tightened import tightened
from model.solve.windows import ROUNDS, parts_of_round

WHOLE_SHARE = 0.5
ROOT_SHARE = 0.5  # of the time that is left with a first plan
# So near a whole number the relaxation is taken at its word where a dive found no plan.
CLEAR = 0.01
RESTRICTED_SHARE, OPEN_GAP = 0.35, 3e-4
# Relative: what an interior point calls the least cost lies above the true one by its tolerance.
INTERIOR_NOISE = 1e-7
PART_SHARE = 0.5
TIGHTENED_INTEGERS = 500  # with more, plans get better sooner without further rows, and the time ends before the proof


class LargeSearch:
    """One search of a large model; ``tell`` hears bound and better plans, in the solver's units."""

    def __init__(self, matrix: Matrix, places: Places, start: Callable[[], Start], gap: float, seed: int,
                 left: Callable[[], float], stopped: Callable[[], bool], tell: Tell, most_at_once: int = MOST_AT_ONCE,
                 keeps_start: bool = False) -> None:
        """``keeps_start``: the first plan decides of promised orders as the start does."""
        # The model as it was given; the one that is searched may have further rows, which no plan breaks.
        self._given = matrix
        self._matrix, self._places, self._start = matrix, places, start
        self.best = Incumbent(gap, tell)
        self._seed, self._most_at_once, self._keeps_start = seed, most_at_once, keeps_start
        self._left, self._stopped = left, stopped
        self._part_gap, self._reserve = 0.0, 0.0
        # Continuous columns of no cluster, as materials: every part may change what is needed of them.
        self._shared = np.flatnonzero((places.cluster[0] == NOWHERE) & ~matrix.is_whole)
        self._size = np.ones(len(matrix.cost))
        # Columns that parts may use; those in no part are shipments that nothing so far has needed.
        self._kernel = first_columns(matrix, places)
        self._sifting: Sifting | None = None
        self._rows = sparse.csr_array(matrix.rows)
        self._relaxed: np.ndarray | None = None
        self._is_cut = False

    def run(self, ends_whole: bool = False) -> Run:
        """The best plan and its bound; ``infeasible`` if its relaxation is. ``ends_whole``: as in ``improve``."""
        relaxed = self.relax()
        if relaxed.values is None:
            return relaxed if relaxed.status != "optimal" else replace(relaxed, status="time_limit")
        self.tighten()
        self.first_plan()
        self.improve(ends_whole)
        return self.answer()

    def relax(self) -> Run:
        """The optimum of the linear relaxation, whose objective is the first bound."""
        relaxed = self._relaxation()
        if relaxed.status == "optimal" and relaxed.values is not None:
            self._stand_on(relaxed)
        return relaxed

    def _stand_on(self, relaxed: Run) -> None:
        """Take bound and values of a relaxation."""
        assert relaxed.values is not None
        self.best.stand_on(relaxed.objective - INTERIOR_NOISE * max(1.0, abs(relaxed.objective)))
        self._relaxed = relaxed.values
        self._size = np.abs(relaxed.values)

    def tighten(self) -> None:
        """Add rows that the relaxation breaks and no plan does, round after round; those that count are kept.

        For models whose search may end with a proof; others need their time for better plans.
        """
        if self._sifting is None or self._relaxed is None or self._given.is_whole.sum() > TIGHTENED_INTEGERS:
            return
        rows, lower = tightened(self._sifting, self._given, self._relaxed, self._left, self._is_over, self._stand_on)
        self._matrix = with_rows(self._matrix, rows, lower)
        self._rows = sparse.csr_array(self._matrix.rows)

    def reprice(self, cost: np.ndarray) -> None:
        """Replace the cost of every column, before there is a plan."""
        self._matrix, self._given = replace(self._matrix, cost=cost), replace(self._given, cost=cost)
        if self._sifting is not None:
            self._sifting.set_costs(cost)

    def answer(self) -> Run:
        """The best plan so far."""
        return self.best.answer(self._stopped())

    def _settled(self, values: np.ndarray) -> np.ndarray | None:
        """The plan with what all parts share, as materials, solved once more for what the parts now need of it.

        None if the parts do not go together.
        """
        values = np.where(self._matrix.is_whole, np.round(values), values)
        if len(self._shared):
            values[self._shared] = np.clip(values[self._shared], self._matrix.column_lower[self._shared],
                                           self._matrix.column_upper[self._shared])
            # Limits do not give way here, or what rounding breaks would add up from part to part.
            run = self._solver(part_of(self._matrix, self._rows, self._shared, values, give_way=False)).run(
                max(1.0, self._left()))
            if run.status != "optimal" or run.values is None:
                return None
            values[self._shared] = run.values
        return values if is_possible(self._given, values, self._size) else None

    def _is_over(self) -> bool:
        return self._stopped() or self._left() - self._reserve <= 0.5

    def _solver(self, matrix: Matrix) -> Highs:
        return Highs(matrix, seed=self._seed, stopped=self._stopped)

    def _relaxation(self) -> Run:
        """The linear relaxation: sifted; else by interior point where setups prevail, or by simplex."""
        relaxed = self._matrix.relaxed
        sifting = self._sifting or Sifting(relaxed, self._places, self._kernel, self._solver)
        run = sifting.optimum(self._left)
        if run is not None:
            self._sifting, self._kernel = sifting, sifting.used
            return run
        self._sifting, self._kernel = None, np.ones(len(relaxed.cost), dtype=bool)
        highs = self._solver(relaxed)
        if setups_prevail(self._matrix):
            # Values and objective suffice: with setups this took 15 s where simplex took 55.
            highs.set(solver="ipm", run_crossover="off")
        else:
            highs.set(solver="simplex")
        return highs.run(self._left())

    def first_plan(self) -> None:
        """A plan near the relaxation: a dive, else what is whole kept and the rest searched; else the start."""
        if self._relaxed is None:
            return
        if not self._matrix.is_whole.any():
            self._take(self._relaxed)
            return
        self._dive(self._relaxed)
        if self.best.values is None and not self._is_over() and not self._keeps_start:
            self._search_open(self._relaxed)
        if self.best.values is None and not self._is_over():
            self._complete(self._start())

    def _dive(self, relaxed: np.ndarray) -> None:
        if self._sifting is None:
            return
        whole = np.flatnonzero(self._matrix.is_whole)
        lower, upper = self._matrix.column_lower.copy(), self._matrix.column_upper.copy()
        if self._keeps_start:
            positions, values = promised_part(self._start(), self._matrix, self._places)
            lower[positions] = upper[positions] = values
            self._sifting.set_bounds(whole, lower[whole], upper[whole])
            kept = self._sifting.optimum(self._left)
            if kept is None or kept.values is None:
                return
            relaxed = kept.values
        run = dive(self._sifting, relaxed, whole, lower[whole], upper[whole], self._left)
        if run is not None and run.values is not None:
            self._take(run.values)

    def _search_open(self, relaxed: np.ndarray) -> None:
        whole = np.round(relaxed)
        settled = self._matrix.is_whole & (np.abs(relaxed - whole) <= CLEAR)
        lower, upper = self._matrix.column_lower.copy(), self._matrix.column_upper.copy()
        lower[settled] = upper[settled] = whole[settled]
        highs = self._solver(replace(self._matrix, column_lower=lower, column_upper=upper))
        highs.listen(None, self._heard)
        highs.set(mip_rel_gap=max(self.best.gap, OPEN_GAP))
        run = highs.run(RESTRICTED_SHARE * self._left())
        if run.values is not None:
            self._take(run.values, is_exact=False)

    def _heard(self, values: np.ndarray, objective: float) -> None:
        self._take(values, is_exact=False)

    def _complete(self, start: Start) -> None:
        """The best plan with these whole decisions, if there is one."""
        positions, values = start
        values = np.clip(values, self._matrix.column_lower[positions], self._matrix.column_upper[positions])
        # To wait for the start may have taken all the time.
        is_asked = len(positions) > 0 and not self._is_over()
        found = self._with_whole(positions, values, self._left) if is_asked else None
        if found is not None:
            self._take(found)

    def _with_whole(self, positions: np.ndarray, values: np.ndarray, left: Callable[[], float]) -> np.ndarray | None:
        """The best values of all else, whole decisions free where they are not among the ``positions``; None where
        there are none, or not in time."""
        lower, upper = self._matrix.column_lower.copy(), self._matrix.column_upper.copy()
        lower[positions] = upper[positions] = values
        if self._sifting is not None:
            whole = np.flatnonzero(self._matrix.is_whole)
            self._sifting.set_bounds(whole, lower[whole], upper[whole])
            run = self._sifting.optimum(left)
            if run is not None and run.values is not None:
                return run.values
        highs = self._solver(replace(self._matrix, column_lower=lower, column_upper=upper).relaxed)
        highs.set(solver=quickest(self._matrix))
        run = highs.run(left())
        return run.values if run.status == "optimal" else None

    def _take(self, values: np.ndarray, is_exact: bool = True) -> None:
        self.best.take(values, self._matrix.objective(values), is_exact)

    def improve(self, ends_whole: bool = False) -> None:
        """Better plans until the gap or the time is reached: a small model whole, a large one part after part.

        One of middling size has its plan improved by parts, then its bound by a search of the whole; a large one, too,
        where it ``ends_whole``.
        """
        if self.best.values is None or self.best.is_close or self._is_over():
            return
        can_be_whole = ends_whole or not is_large(self._matrix)
        # Few whole decisions in a book too large to be searched whole are improved by parts, too.
        if not is_searched_whole(self._matrix):
            is_loose = setups_prevail(self._matrix) and not ends_whole
            if is_loose and not self._is_cut:
                self._cut_bound()
            self._reserve = WHOLE_SHARE * self._left() if can_be_whole and not is_loose else 0.0
            self._search_parts()
            self._reserve = 0.0
        if can_be_whole and not self.best.is_close and not self._is_over():
            self.search_whole()
        self._refresh()

    def search_whole(self, checked: Callable[[], None] = lambda: None) -> None:
        """One search of the model as it is, from the plan at hand; its bound is better than the relaxation's.

        ``checked`` is called at each of the solver's checks, see ``Highs.listen``.
        """
        assert self.best.values is not None

        def at_check(bound: float) -> None:
            """Bounds are heard here alone: always at the same steps."""
            self.best.prove(bound)
            checked()

        highs = self._solver(self._matrix)
        highs.listen(None, self._heard, at_check)
        highs.set(mip_rel_gap=self.best.gap, **branching(self._matrix, has_plan=True))
        highs.start_from(self.best.values)
        run = highs.run(self._left())
        if run.values is not None:
            self._take(run.values, is_exact=False)
        self.best.prove(run.bound)

    def _cut_bound(self) -> None:
        """A bound that further rows bring closer than the relaxation's."""
        assert self.best.values is not None
        self._is_cut = True
        highs = self._solver(self._matrix)
        highs.start_from(self.best.values)
        bound_at_root(highs, self.best.bound, self.best.prove, ROOT_SHARE * self._left())

    def _search_parts(self) -> None:
        """Round after round over all parts, until the gap or the time is reached."""
        crew = Crew(at_once(self._most_at_once))
        try:
            for each in ROUNDS:
                self._part_gap = each.gap
                for parts in parts_of_round(each, self._places, self._useful(), self._matrix.is_whole):
                    if self._is_over() or self.best.is_close:
                        return
                    # Where nothing costs anything, nothing is gained.
                    group = [free for free in parts if self._matrix.cost[free].any()]
                    before = self.best.objective
                    self._improve_group(crew, group)
                    # What lies between the parts mostly gains as much as they did, and takes no time.
                    if self.best.objective < before:
                        self._refresh()
        finally:
            crew.end()

    def _refresh(self) -> None:
        """All that is not whole solved anew, exactly, for the whole decisions at hand."""
        assert self.best.values is not None
        # What parts have found is exact; where the relaxation is not sifted, to solve it all again takes long.
        if (self._sifting is None and self.best.is_exact) or self._stopped():
            return
        whole = np.flatnonzero(self._matrix.is_whole)
        # A moment even if the time is over: this makes the values of the plan exact.
        found = self._with_whole(whole, np.round(self.best.values[whole]), lambda: max(1.0, self._left()))
        if found is not None:
            # Taken even where it earns less: the plan before was whole within the solver's tolerance only.
            self.best.put(found, self._matrix.objective(found))

    def _useful(self) -> np.ndarray:
        """Whether each column may be free in a part: not shipments that neither relaxation nor plan has needed."""
        return self._kernel | (self.best.values != 0)

    def _improve_group(self, crew: Crew, group: list[np.ndarray]) -> None:
        """Solve the parts of a group from the plan at hand and add up what changes, as far as it goes together."""
        assert self.best.values is not None
        base = self.best.values
        # All from one plan, at once: their changes need not go together.
        answers = crew.solve([self._part(base, free, len(group)) for free in group], self._stopped)
        alone = []
        for free, better in zip(group, answers, strict=True):
            if better is not None and not self._put_in(free, better - base[free]):
                alone.append(free)
        for free in alone:
            if not self._is_over():
                base = self.best.values
                again = self._part(base, free, 1).solve(self._stopped)
                if again is not None:
                    self._put_in(free, again - base[free])

    def _part(self, values: np.ndarray, free: np.ndarray, count: int) -> Part:
        """One of ``count`` parts of a group that are solved from the same plan."""
        seconds = max(1.0, PART_SHARE * (self._left() - self._reserve) / -(-count // self._most_at_once))
        # Absolute, and shared by the group: the objective of a part, which may be near 0, says nothing of its weight.
        gap = self._part_gap * max(1.0, abs(self.best.bound)) / count
        return Part(part_of(self._matrix, self._rows, free, values), values[free], gap, seconds, self._seed)

    def _put_in(self, free: np.ndarray, change: np.ndarray) -> bool:
        """Change the plan at hand, if that is possible; balances are linear, so changes of several parts add up."""
        assert self.best.values is not None
        values = self.best.values.copy()
        values[free] += change
        settled = self._settled(values)
        if settled is None:
            return False
        self._take(settled)
        return True
