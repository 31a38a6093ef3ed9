"""The search of one component, which lives in a helper process: relaxed at prices of materials, planned, improved."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from model.solve.abreast import Reached, Standing
from model.solve.large import LargeSearch
from model.solve.matrix import Matrix
from model.solve.outcome import Run
from model.solve.places import Places
from model.solve.problem import NO_START
from model.solve.residents import Tell

TELL_SECONDS = 2.0
BEAT_SECONDS = 0.2


class ComponentSearch:
    """A component with the materials it draws priced into its costs; each request has ``seconds`` of its own."""

    def __init__(self, matrix: Matrix, places: Places, seed: int) -> None:
        self._ends = np.inf
        self._stopped: Callable[[], bool] = lambda: False
        self._tell: Tell = _nobody
        self._next = 0.0
        # Time and ``stopped`` are looked up at each call: every request brings its own. The gap comes with ``improve``.
        self._search = LargeSearch(matrix, places, lambda: NO_START, 0.0, seed, lambda: self._ends - time.monotonic(),
                                   lambda: self._stopped(), self._told, most_at_once=1)

    def relax(self, cost: np.ndarray, seconds: float, stopped: Callable[[], bool], tell: Tell) -> Run:
        """The optimum of the linear relaxation at the ``cost`` of its columns."""
        self._begin(seconds, stopped, tell)
        self._search.reprice(cost)
        run = self._search.relax()
        # The search's bound is the objective less its noise: bounds of all components are added up.
        return Run(run.status, run.values, run.objective, self._search.best.bound, run.message)

    def plan(self, seconds: float, stopped: Callable[[], bool], tell: Tell) -> Standing:
        """A first plan near the relaxation, which is tightened before."""
        self._begin(seconds, stopped, tell)
        self._search.tighten()
        self._search.first_plan()
        return self._standing()

    def improve(self, gap: float, seconds: float, stopped: Callable[[], bool], tell: Tell) -> Standing:
        """Better plans until the ``gap`` of the component is reached, as a share."""
        self._begin(seconds, stopped, tell)
        self._search.best.gap = gap
        self._search.improve()
        return self._standing()

    def search(self, gap: float, seconds: float, stopped: Callable[[], bool], tell: Tell) -> None:
        """One search of the component as a whole, down to a ``gap`` of its own; tells what it has ``Reached``."""
        # What is told goes by the course alone.
        self._begin(seconds, stopped, _nobody)
        self._search.best.gap = gap
        course = _Course(self._search, tell)
        self._search.search_whole(course.step)
        course.step()

    def _begin(self, seconds: float, stopped: Callable[[], bool], tell: Tell) -> None:
        self._ends = time.monotonic() + seconds
        self._stopped, self._tell = stopped, tell

    def _standing(self) -> Standing:
        run = self._search.answer()
        return Standing(run.values, run.objective, run.bound)

    def _told(self, values: np.ndarray | None, objective: float, bound: float) -> None:
        """Hand on the bound, and of the plans one every few seconds."""
        # The best plan and the bound so far go together, not only what has just moved.
        del objective, bound
        now = time.monotonic()
        if now >= self._next:
            self._next = now + TELL_SECONDS
            self._tell(self._standing())


class _Course:
    """Tells how far a search has got: every step at which plan or bound are others, and from time to time the count."""

    def __init__(self, search: LargeSearch, tell: Tell) -> None:
        self._search, self._tell = search, tell
        self._checks = 0
        self._told = search.answer()
        self._next = 0.0

    def step(self) -> None:
        """One more check of the solver."""
        self._checks += 1
        found, before, now = self._search.answer(), self._told, time.monotonic()
        is_other = found.values is not before.values
        if is_other or found.bound != before.bound or now >= self._next:
            self._told, self._next = found, now + BEAT_SECONDS
            self._tell(Reached(self._checks, found.values if is_other else None, found.objective, found.bound))


def _nobody(*content: object) -> None:
    del content
