"""The whole job from checked tables to an audited plan: the one entry point for commands, tests and other programs."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, partial
from importlib.metadata import version
from typing import Any

import numpy as np

from model.audit import Audit, audit
from model.dispatch import Dispatch, dispatch
from model.instance import Instance, build_instance
from model.memory import no_collection
from model.plan import Plan, make_plan
from model.plan.decided import whole_decisions
from model.plan.typical import typical_quantities
from model.publishing import published
from model.solve.beside import begun
from model.solve.child import Child
from model.solve.direct import direct_matrix
from model.solve.highs import Progress, SolverFailed
from model.solve.matrix import Matrix
from model.solve.outcome import Found, Outcome
from model.solve.places import Places
from model.solve.placing import places
from model.solve.problem import NO_START, Problem, SearchOptions, Start
from model.solve.self_test import self_test
from model.solve.size import is_large, is_placed
from model.solve.strategy import Listener, Search
from model.tables import Tables

Solver = Callable[[Problem, SearchOptions, Progress | None, Callable[[], bool]], Found]
TellStart = Callable[[Start], None]
PACKAGES = ("highspy", "pyomo", "pandas", "numpy", "scipy", "XlsxWriter", "openpyxl")


@dataclass(frozen=True)
class Options:
    """``gap`` (share) and ``time_limit`` (seconds) None: as the settings say. ``without``: constraints left out.

    ``rule_of_thumb``: whether the plan of the rule of thumb is made, too; the search then starts from it. ``apart``:
    whether the solver works in a process of its own, which holds the time limit and ``memory_limit`` [GiB].
    """

    gap: float | None = None
    time_limit: float | None = None
    seed: int = 0
    threads: int = 1
    language: str = "en"
    without: tuple[str, ...] = ()
    rule_of_thumb: bool = True
    apart: bool = False
    memory_limit: float | None = None


@dataclass(frozen=True)
class Result:
    """A plan with its proof and its audit; ``plan`` and ``audit`` are None where no plan was found.

    ``rule_of_thumb``: what dispatching the orders one by one would have given, if that rule applies to the book.
    ``problem`` and ``values``: what was searched and the plan in its columns, for further questions; ``values`` is
    None where the published plan is not the search's own. ``explanations``: by order, where they were asked for.
    """

    tables: Tables
    instance: Instance
    outcome: Outcome
    plan: Plan | None
    audit: Audit | None
    seconds: dict[str, float]
    size: dict[str, int]
    versions: dict[str, str]
    options: dict[str, float]
    rule_of_thumb: Plan | None = None
    problem: Problem | None = None
    values: np.ndarray | None = None
    explanations: Mapping[str, Any] = field(default_factory=dict)


def plan_order_book(tables: Tables, options: Options | None = None, progress: Progress | None = None,
                    stopped: Callable[[], bool] | None = None) -> Result:
    """The best plan of the order book, audited.

    ``progress`` is called with seconds, margin and bound as they improve; ``stopped`` is asked during the search and
    ends it when it answers True. Money in base currency.
    """
    options = options or Options()
    with _solver(options) as (solver, tell):
        return _planned(tables, options, solver, tell, progress, stopped or (lambda: False))


def _planned(tables: Tables, options: Options, solver: Solver, tell: TellStart | None, progress: Progress | None,
             stopped: Callable[[], bool]) -> Result:
    chosen = search_options(tables, options)
    clock = _Clock()
    with no_collection():
        instance = build_instance(tables)
        matrix = direct_matrix(instance, without=options.without)
        starts = options.rule_of_thumb and bool(matrix.is_whole.any())
        # The search of a large book may never ask for a start, and if so, not soon.
        told = tell if starts and is_large(matrix) else None
        by_rule = cache(partial(dispatch, instance))  # once, for the start and for its own plan
        known = None if told else _start_of(instance, matrix, by_rule()) if starts else NO_START
        problem = _problem(instance, matrix, known)
    clock.lap("build")
    of_thumb = partial(_rule_of_thumb, instance, matrix, by_rule, options, told)
    # While a process of its own searches, this one has nothing else to do.
    meanwhile = begun(of_thumb) if options.apart else None
    found = solver(problem, chosen, progress, stopped)
    clock.lap("solve")
    thumb = of_thumb() if meanwhile is None else meanwhile.result()
    with no_collection():
        found, plan, signed = published(instance, matrix, found, thumb, options.language, chosen.gap)
    clock.lap("report")
    return Result(tables, instance, found.outcome, plan, signed, clock.seconds, matrix.size, versions(),
                  {"gap": chosen.gap, "time_limit": chosen.time_limit, "seed": chosen.seed, "threads": chosen.threads},
                  thumb, problem, found.values)


def _rule_of_thumb(instance: Instance, matrix: Matrix, by_rule: Callable[[], Dispatch | None], options: Options,
                   tell: TellStart | None) -> Plan | None:
    """The plan of the rule of thumb, if it is asked for, the rule applies and the audit signs its plan, too.

    ``tell``: who waits for it as a start of the search, if anybody does.
    """
    with no_collection():
        dispatched = None
        try:
            dispatched = by_rule() if options.rule_of_thumb else None
        finally:
            # Told whatever happens: the search may be waiting for it.
            if tell is not None:
                tell(_start_of(instance, matrix, dispatched))
        if dispatched is None:
            return None
        # Its bound is that of the search, known only where it is published.
        thumb = make_plan(instance, dispatched.decided, float("inf"), options.language)
        return thumb if audit(instance.tables, thumb).passed else None


def best_outcome(tables: Tables, options: Options | None = None) -> Outcome:
    """What the search alone answers, without plan and audit: for tests that take a law away."""
    options = options or Options(rule_of_thumb=False)
    instance = build_instance(tables)
    matrix = direct_matrix(instance, without=options.without)
    chosen = search_options(tables, options)
    return _search_here(_problem(instance, matrix, NO_START), chosen, None, lambda: False).outcome


def search_options(tables: Tables, options: Options) -> SearchOptions:
    """What the options ask of a search, and where they say nothing the settings."""
    return SearchOptions(gap=tables.settings.gap if options.gap is None else options.gap,
                         time_limit=tables.settings.time_limit if options.time_limit is None else options.time_limit,
                         seed=options.seed, threads=options.threads)


def problem_of(instance: Instance, matrix: Matrix) -> Problem:
    """What a search needs of a book, with no preference among equal plans and nothing to start from."""
    orders = instance.frames["orders"]
    prices = dict(zip(orders["order"], orders["base_price"], strict=True))
    return Problem(matrix, typical_quantities(instance, matrix), prices)


def _problem(instance: Instance, matrix: Matrix, start: Start | None) -> Problem:
    return replace(problem_of(instance, matrix), preference=preferences(matrix, instance.bucket_count), start=start,
                   places=places(instance, matrix) if is_placed(matrix) else Places())


def _start_of(instance: Instance, matrix: Matrix, dispatched: Dispatch | None) -> Start:
    """What a search that allows no misses can start from: nothing where the rule of thumb's plan has some."""
    if dispatched is None or dispatched.missed > 0:
        return NO_START
    return whole_decisions(instance, matrix, dispatched.decided)


@contextmanager
def _solver(options: Options) -> Iterator[tuple[Solver, TellStart | None]]:
    """The search, here or in a process that starts while the model is built and is gone at the end, and how it is told
    a start that comes later."""
    if not options.apart:
        yield _search_here, None
        return
    child = Child(options.memory_limit)
    try:
        yield child.search, child.ask
    finally:
        child.end()


def _search_here(problem: Problem, options: SearchOptions, progress: Progress | None,
                 stopped: Callable[[], bool]) -> Found:
    """What the search finds in this process, if the installed solver answers its self-test rightly."""
    try:
        self_test()
        return Search(problem, options, Reporter(progress), stopped).run()
    except SolverFailed as failure:
        return Found(Outcome("failed", None, None, notes=(str(failure),)), None)


class Reporter(Listener):
    """Hands the progress of a search on."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress

    def progress(self, seconds: float, margin: float, bound: float) -> None:
        """Margin or bound have moved, in base currency."""
        if self._progress is not None:
            self._progress(seconds, margin, bound)


def preferences(matrix: Matrix, bucket_count: int) -> list[np.ndarray]:
    """Which of equal plans is preferred: the one closest to the published plan, then the earlier one.

    Earlier: shipments first, then making; purchases as late as they serve.
    """
    closeness = np.zeros(len(matrix.cost))
    closeness[matrix.family.get("unmade_published", np.empty(0, dtype=int))] = 1.0
    earliness = np.zeros(len(matrix.cost))
    # Only among equal plans: no weight is ever set against money.
    for name, weight in (("shipped", 1.0), ("made", 0.01), ("moved", 0.01), ("overtime", 1e-4)):
        positions, buckets = _buckets(matrix, name)
        earliness[positions] = weight * (1 + buckets)
    positions, buckets = _buckets(matrix, "bought")
    earliness[positions] = 0.001 * (bucket_count - buckets)
    return [closeness, earliness]


def _buckets(matrix: Matrix, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Positions of a family of columns, and the bucket that ends the index of each."""
    positions = matrix.family.get(name, np.empty(0, dtype=np.int32))
    indices: list[Any] = [matrix.columns[position][1] for position in positions.tolist()]
    return positions, np.array([index[-1] for index in indices], dtype=int)


def versions() -> dict[str, str]:
    """Versions of Python and of the packages a plan depends on."""
    return {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}}


class _Clock:
    """Seconds of each part of the job."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.monotonic()

    def lap(self, name: str) -> None:
        """The seconds since the last lap belong to ``name``."""
        now = time.monotonic()
        self.seconds[name] = now - self._last
        self._last = now
