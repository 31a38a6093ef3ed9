"""The whole job from checked tables to an audited plan: the one entry point for commands, tests and other programs."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np

from model.audit import Audit, AuditRow, audit
from model.build import build_model
from model.dispatch import dispatch
from model.instance import Instance, build_instance
from model.plan import Plan, make_plan, read_decisions
from model.plan.plan import typical_quantity
from model.solve.highs import Progress, SolverFailed
from model.solve.matrix import Matrix, compile_model
from model.solve.outcome import Outcome
from model.solve.self_test import self_test
from model.solve.strategy import Found, Search, SearchOptions
from model.tables import Tables

PACKAGES = ("highspy", "pyomo", "pandas", "numpy", "scipy", "XlsxWriter", "openpyxl")


@dataclass(frozen=True)
class Options:
    """``gap`` (share) and ``time_limit`` (seconds) None: as the settings say. ``without``: constraints left out.

    ``rule_of_thumb``: whether the plan of the rule of thumb is made, too.
    """

    gap: float | None = None
    time_limit: float | None = None
    seed: int = 0
    threads: int = 1
    language: str = "en"
    without: tuple[str, ...] = ()
    rule_of_thumb: bool = True


@dataclass(frozen=True)
class Result:
    """A plan with its proof and its audit; ``plan`` and ``audit`` are None where no plan was found.

    ``rule_of_thumb``: what dispatching the orders one by one would have given, if that rule applies to the book.
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


def plan_order_book(tables: Tables, options: Options | None = None, progress: Progress | None = None,
                    stopped: Callable[[], bool] | None = None) -> Result:
    """The best plan of the order book, audited.

    ``progress`` is called with seconds, margin and bound as they improve; ``stopped`` is asked during the search and
    ends it when it answers True. Money in base currency.
    """
    options = options or Options()
    chosen = SearchOptions(
        gap=tables.settings.gap if options.gap is None else options.gap,
        time_limit=tables.settings.time_limit if options.time_limit is None else options.time_limit,
        seed=options.seed, threads=options.threads)
    clock = _Clock()
    instance = build_instance(tables)
    matrix = compile_model(build_model(instance, without=options.without))
    clock.lap("build")
    found = _search(instance, matrix, chosen, progress, stopped or (lambda: False))
    clock.lap("solve")
    plan = signed = None
    if found.values is not None and found.outcome.bound is not None:
        decided = read_decisions(instance, matrix, found.values)
        plan = make_plan(instance, decided, found.outcome.bound, options.language)
        signed = held_to_search(audit(tables, plan), plan, found.outcome)
    thumb = _rule_of_thumb(instance, options.language) if plan is not None and options.rule_of_thumb else None
    clock.lap("report")
    return Result(tables, instance, found.outcome, plan, signed, clock.seconds, matrix.size, versions(),
                  {"gap": chosen.gap, "time_limit": chosen.time_limit, "seed": chosen.seed, "threads": chosen.threads},
                  thumb)


def held_to_search(signed: Audit, plan: Plan, outcome: Outcome) -> Audit:
    """The audit with one more law: the tables earn no less than the search claims, within 1e-6 of all money moved.

    They may earn more: a plan that is not the best may hold setups in which nothing runs, and those are not written.
    Rounding allows half a unit of the last place of every quantity at its price.
    """
    half = 0.5 * 10.0 ** -plan.decimals["quantity"]
    priced = (("shipments", "revenue"), ("production", "conversion"), ("material_needs", "materials"))
    rounding = sum(float((plan.frames[table][term] / plan.frames[table]["quantity"].where(
        plan.frames[table]["quantity"] > 0)).abs().sum()) for table, term in priced)
    moved = float(plan.frames["margin"]["amount"].abs().sum())
    tolerance = 1e-6 * max(1.0, moved) + half * rounding
    claimed = plan.margin if outcome.margin is None else outcome.margin
    residual = max(0.0, claimed - plan.margin)
    row = AuditRow("search_margin", 1, residual, tolerance, residual <= tolerance,
                   f"margin: {plan.margin:.9g} in the tables, {claimed:.9g} claimed by the search")
    return Audit(signed.passed and row.passed, (*signed.findings, row))


def _rule_of_thumb(instance: Instance, language: str) -> Plan | None:
    """The plan of the rule of thumb, if the rule applies and the audit signs its plan, too."""
    dispatched = dispatch(instance)
    if dispatched is None:
        return None
    thumb = make_plan(instance, dispatched.decided, float("inf"), language)
    return thumb if audit(instance.tables, thumb).passed else None


def best_outcome(tables: Tables, options: Options | None = None) -> Outcome:
    """What the search alone answers, without plan and audit: for tests that take a law away."""
    options = options or Options()
    instance = build_instance(tables)
    matrix = compile_model(build_model(instance, without=options.without))
    chosen = SearchOptions(gap=tables.settings.gap if options.gap is None else options.gap,
                           time_limit=tables.settings.time_limit, seed=options.seed)
    return _search(instance, matrix, chosen, None, lambda: False).outcome


def _search(instance: Instance, matrix: Matrix, options: SearchOptions, progress: Progress | None,
            stopped: Callable[[], bool]) -> Found:
    try:
        self_test()
        prices = dict(zip(instance.frames["orders"]["order"], instance.frames["orders"]["base_price"], strict=True))
        search = Search(matrix, typical_quantity(instance), prices, options, preferences(matrix, instance.bucket_count),
                        progress, stopped)
        return search.run()
    except SolverFailed as failure:
        return Found(Outcome("failed", None, None, notes=(str(failure),)), None)


def preferences(matrix: Matrix, bucket_count: int) -> list[np.ndarray]:
    """Which of equal plans is preferred: the one closest to the published plan, then the earlier one.

    Earlier: shipments first, then making; purchases as late as they serve.
    """
    closeness = np.zeros(len(matrix.cost))
    closeness[matrix.family.get("unmade_published", np.empty(0, dtype=int))] = 1.0
    earliness = np.zeros(len(matrix.cost))
    for name, weight in (("shipped", 1.0), ("made", 0.01), ("moved", 0.01), ("overtime", 1e-4)):
        for position in matrix.family.get(name, ()):
            earliness[position] = weight * (1 + _bucket(matrix, position))
    for position in matrix.family.get("bought", ()):
        earliness[position] = 0.001 * (bucket_count - _bucket(matrix, position))
    return [closeness, earliness]


def _bucket(matrix: Matrix, position: int) -> int:
    index = matrix.columns[position][1]
    assert isinstance(index, tuple)
    return int(index[-1])


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
