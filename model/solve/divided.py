"""How a book is searched whose lines, items and orders fall into components: each alone, at common prices of materials.

The prices are found by turns: the components' relaxations say what is drawn, serving that most cheaply gives prices.
Where components are all that a book consists of, this is Lagrangian relaxation with whole decisions kept whole, so the
bound is at least as good as that of the linear relaxation (Geoffrion 1974).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy import sparse

from model.solve.abreast import Abreast, Standing
from model.solve.component import TELL_SECONDS, ComponentSearch
from model.solve.crew import MOST_AT_ONCE, Crew, at_once
from model.solve.division import Division, component_of
from model.solve.highs import Highs
from model.solve.incumbent import Tell
from model.solve.materials import Materials
from model.solve.matrix import Matrix
from model.solve.outcome import Run, RunStatus
from model.solve.parts import is_possible, with_whole
from model.solve.places import Places
from model.solve.residents import Call, Founding
from model.solve.size import is_searched_whole

# Share of the most that can be drawn, for the first prices; the other end of the range is mostly 0.
FIRST_DRAW = 0.3
MOST_TURNS = 6
# Relative distance of relaxed plan and bound: below the first prices are settled, above the second useless.
MISMATCH, TOO_FAR = 1e-6, 1e-3
SHARE_OF_GAP = 0.98
SHARE_FOR_PLANS = 0.8
# Most components that are searched abreast, each in a helper of its own; the gap of each, as a share of that asked for.
MOST_ABREAST = 6
OWN_GAP = 0.02
LESS_ROOM = 0.1  # at least by this share, where materials leave the whole further apart than its components are
RESERVE_SHARE, RESERVE_SECONDS = 0.02, 0.5
# Relative: a linear program is optimal within tolerances only, and what it proves must hold.
NOISE = 1e-7


class DividedSearch:
    """One search of a divided model; ``tell`` hears bound and better plans, in the solver's units."""

    def __init__(self, matrix: Matrix, places: Places, division: Division, gap: float, seed: int,
                 left: Callable[[], float], stopped: Callable[[], bool], tell: Tell) -> None:
        self._matrix, self._places, self._division = matrix, places, division
        self._gap, self._seed = gap, seed
        self._stopped, self._tell = stopped, tell
        # Fixed at the start: it does not shrink with the time that is left.
        self._reserve = RESERVE_SHARE * left() + RESERVE_SECONDS
        self._left: Callable[[], float] = lambda: left() - self._reserve
        self._names = [str(place) for place in range(len(division.components))]
        rows = sparse.csr_array(matrix.rows)[division.linking]
        self._draws = [sparse.csr_array(rows[:, columns]) for columns in division.components]
        self._materials = Materials(matrix, division, lambda program: Highs(program, seed=seed))
        self._standing: dict[str, Standing] = {}
        self._paid = -np.inf
        self._best: tuple[np.ndarray, float] | None = None

    def run(self) -> Run | None:
        """The best plan found and its bound; None where prices do not divide the materials well enough, or no plan of
        the components goes together: the book must then be searched as one."""
        components = {name: component_of(self._matrix, self._places, self._division, int(name)) for name in self._names}
        is_abreast = len(components) <= MOST_ABREAST and all(map(is_searched_whole, (
            matrix for matrix, _ in components.values())))
        crew = Crew(len(components) if is_abreast else at_once(MOST_AT_ONCE))
        try:
            crew.found([Founding(name, ComponentSearch, (*component, self._seed))
                        for name, component in components.items()], self._weights(), self._stopped)
            impossible = self._price(crew)
            if impossible is not None or not np.isfinite(self._paid):
                return impossible
            self._plan(crew)
            if self._best is not None:
                (self._search_abreast if is_abreast else self._search)(crew)
        finally:
            crew.end()
        return None if self._best is None and not self._stopped() else self._answer()

    def _weights(self) -> dict[str, float]:
        return {name: float(len(self._division.components[int(name)])) for name in self._names}

    def _answer(self) -> Run:
        if self._best is None:
            return Run("interrupted", None, np.inf, self._bound(self._standing), "no plan")
        values, objective = self._best
        status: RunStatus = "within_gap" if self._is_close() else "interrupted" if self._stopped() else "time_limit"
        return Run(status, values, objective, self._bound(self._standing))

    def _bound(self, standings: Mapping[str, Standing]) -> float:
        return self._matrix.offset + self._paid + sum(standings[name].bound for name in self._names)

    def _is_close(self) -> bool:
        return self._best is not None and self._missing() <= 0

    def _missing(self) -> float:
        """By how much plan and bound are further apart than they may be."""
        assert self._best is not None
        return self._best[1] - self._bound(self._standing) - self._gap * max(1.0, abs(self._best[1]))

    def _price(self, crew: Crew) -> Run | None:
        """Find prices at which the components' relaxations draw what can be served, and their bounds there.

        Answers only if a component is impossible, and with it the book. Bounds and ``_paid`` stay unknown where
        prices cannot settle it.
        """
        served = self._materials.served(FIRST_DRAW * (self._division.least + self._division.most))
        for _ in range(MOST_TURNS):
            if served is None or self._left() <= 0:
                return None
            prices = served[2]
            runs = self._called(crew, self._names, "relax", {
                name: (self._matrix.cost[columns] + draws.T @ prices,) for name, columns, draws in
                zip(self._names, self._division.components, self._draws, strict=True)})
            impossible = [run for run in runs.values() if run is not None and run.status == "infeasible"]
            if impossible:
                return impossible[0]
            if len(runs) < len(self._names) or any(run is None or run.status != "optimal" for run in runs.values()):
                return None
            plans = [runs[name].values for name in self._names]
            served = self._materials.served(self._drawn(plans))
            # At the prices of the runs above, not those just found: only so do the two bounds add up.
            paid = self._materials.bound(prices)
            paid -= NOISE * abs(paid)
            bound = paid + sum(runs[name].bound for name in self._names)
            if served is None or not np.isfinite(bound):
                return None
            # Relaxed plans and the materials they draw, together: a plan of the whole relaxation.
            costs_of_all = served[1] + sum(float(self._matrix.cost[columns] @ plan) for columns, plan in
                                        zip(self._division.components, plans, strict=True))
            if costs_of_all - bound <= MISMATCH * max(1.0, abs(costs_of_all)):
                break
        if costs_of_all - bound > TOO_FAR * max(1.0, abs(costs_of_all)):
            return None
        self._paid = paid
        self._standing = {name: Standing(None, np.inf, runs[name].bound) for name in self._names}
        self._tell(None, np.inf, self._bound(self._standing))
        return None

    def _plan(self, crew: Crew) -> None:
        """First plans of all components."""
        self._take(self._called(crew, self._names, "plan", dict.fromkeys(self._names, ()), SHARE_FOR_PLANS))

    def _search_abreast(self, crew: Crew) -> None:
        """All components at once, each as a whole, until they are close enough together: what one leaves of the gap is
        another's, and neither the clock nor the number of cores decides which plans are taken."""
        assert self._best is not None
        own_gap = OWN_GAP * self._gap
        is_open = [name for name in self._names if self._gap_of(name) > own_gap]
        abreast = Abreast(self._standing, is_open)
        room = SHARE_OF_GAP * self._gap * max(1.0, abs(self._best[1]))
        next_told = time.monotonic() + TELL_SECONDS

        def heard(name: str, told: tuple[Any, ...]) -> None:
            """One search has got further, or ended."""
            nonlocal next_told
            if not told:
                abreast.end(name)
                return
            abreast.hear(name, told[0])
            if time.monotonic() >= next_told:
                next_told = time.monotonic() + TELL_SECONDS
                latest = abreast.latest()
                self._tell_of(self._together(latest), self._bound(latest))

        def enough() -> bool:
            """Whether the time is over or the whole close enough, which is settled by solving it exactly."""
            nonlocal room
            found = abreast.first_within(room)
            if found is None:
                return self._left() <= 0
            self._stand_on(found)
            # Taken off the room: what prices do not settle of the materials, beside what the components leave open.
            room -= max(self._missing(), LESS_ROOM * room)
            return self._is_close()

        if not self._is_close():
            crew.call(is_open, lambda name: Call(name, "search", (own_gap, self._left()), self._left()), self._stopped,
                      heard, enough)
        if not self._is_close():
            self._stand_on(abreast.latest())

    def _search(self, crew: Crew) -> None:
        """Better plans of the components whose gap is open, as long as that helps."""
        assert self._best is not None
        worth = sum(abs(self._standing[name].objective) for name in self._names)
        # The same share of each component's objective, so that all together stay within the gap of the whole.
        gap = SHARE_OF_GAP * self._gap * max(1.0, abs(self._best[1])) / max(1e-9, worth)
        while self._left() > 0 and not self._stopped() and not self._is_close():
            before = (self._best[1], self._bound(self._standing))
            is_open = [name for name in self._names if self._gap_of(name) > gap]
            self._take(self._called(crew, is_open, "improve", dict.fromkeys(is_open, (gap,))))
            if (self._best[1], self._bound(self._standing)) == before:
                return

    def _gap_of(self, name: str) -> float:
        standing = self._standing[name]
        return (standing.objective - standing.bound) / max(1.0, abs(standing.objective))

    def _called(self, crew: Crew, names: Sequence[str], method: str, arguments: Mapping[str, tuple[Any, ...]],
                share: float = 1.0) -> dict[str, Any]:
        """Call all named components; those of one helper divide the time that is left by their sizes."""
        weights, waiting = self._weights(), set(names)

        def request(name: str) -> Call:
            """Made in turn, so that what one leaves of its time goes to those that wait behind it."""
            mine = sum(weights[other] for other in crew.neighbours(name) if other in waiting)
            waiting.discard(name)
            seconds = max(0.5, share * self._left() * weights[name] / mine)
            # Bound and prices need every relaxation: each may take all the time that is left.
            if method == "relax":
                seconds = max(0.5, self._left())
            return Call(name, method, (*arguments[name], seconds), seconds)

        return crew.call(names, request, self._stopped, self._heard)

    def _heard(self, name: str, told: tuple[Any, ...]) -> None:
        """A component has got further: so has the whole, once each has a plan."""
        if not told:
            return
        standing = told[0]
        # Nothing stands yet while prices are sought.
        if self._standing and standing.values is not None:
            self._note({name: standing})
            self._tell_of(self._together(self._standing), self._bound(self._standing))

    def _take(self, standings: Mapping[str, Standing | None]) -> None:
        """Keep what the components answered; what they told on the way depends on the clock and decides nothing."""
        self._note(standings)
        self._best = self._together(self._standing) or self._best
        self._tell_of(self._best, self._bound(self._standing))

    def _stand_on(self, standings: dict[str, Standing]) -> None:
        """Take plans and bounds of components that were searched abreast; all that is not whole is solved anew."""
        self._standing = standings
        found = self._exact([standings[name].values for name in self._names]) or self._together(standings)
        if found is not None and (self._best is None or found[1] < self._best[1]):
            self._best = found

    def _exact(self, plans: Sequence[np.ndarray | None]) -> tuple[np.ndarray, float] | None:
        """The best plan with the whole decisions of the components' plans, and its objective; None if there is none."""
        values = self._side_by_side(plans)
        run = Highs(with_whole(self._matrix, values), self._seed).run(max(1.0, self._left() + self._reserve))
        return None if run.status != "optimal" or run.values is None else (run.values, run.objective)

    def _note(self, standings: Mapping[str, Standing | None]) -> None:
        """Keep the better of each component's plans and bounds."""
        for name, standing in standings.items():
            if standing is None:
                continue
            old = self._standing[name]
            # At equal cost the answer replaces what was told on the way: the clock must not choose between them.
            better = standing if standing.values is not None and standing.objective <= old.objective else old
            self._standing[name] = Standing(better.values, better.objective, max(old.bound, standing.bound))

    def _together(self, standings: Mapping[str, Standing]) -> tuple[np.ndarray, float] | None:
        plans = [standings[name].values for name in self._names]
        return None if any(plan is None for plan in plans) else self._whole(plans)

    def _tell_of(self, best: tuple[np.ndarray, float] | None, bound: float) -> None:
        values, objective = best or (None, np.inf)
        self._tell(values, objective, bound)

    def _drawn(self, plans: Sequence[np.ndarray | None]) -> np.ndarray:
        return np.sum([draws @ plan for draws, plan in zip(self._draws, plans, strict=True)], axis=0)

    def _whole(self, plans: Sequence[np.ndarray | None]) -> tuple[np.ndarray, float] | None:
        """The components' plans as one, with the materials they draw, and its objective; None if it is not possible."""
        served = self._materials.served(self._drawn(plans))
        if served is None:
            return None
        values = self._side_by_side(plans)
        values[self._division.shared] = served[0]
        values = np.where(self._matrix.is_whole, np.round(values), values)
        # Each part keeps its limits within tolerances; added up they must, too.
        if not is_possible(self._matrix, values, np.abs(values)):
            return None
        return values, self._matrix.objective(values)

    def _side_by_side(self, plans: Sequence[np.ndarray | None]) -> np.ndarray:
        """The components' plans in the columns of the whole, nothing of materials."""
        values = np.zeros(len(self._matrix.cost))
        for columns, plan in zip(self._division.components, plans, strict=True):
            values[columns] = plan
        return values
