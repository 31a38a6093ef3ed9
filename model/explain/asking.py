"""What every question needs: a book loaded with orders closed, the quickest proven answer, an answer as a plan."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from model.audit import Audit, audit
from model.explain.ground import Ground
from model.explain.known import Known
from model.instance import build_instance
from model.instance.sets import SHIPMENT
from model.plan import Plan, make_plan, read_decisions
from model.planning import Options, preferences, problem_of, search_options
from model.publishing import held_to_search
from model.solve.change import Change
from model.solve.direct import direct_matrix
from model.solve.outcome import Outcome
from model.solve.self_test import self_test
from model.solve.standing import NOTHING, Answer, Standing
from model.solve.strategy import Search
from model.tables import Tables


class NoPlanError(Exception):
    """There is no plan to ask about; ``outcome`` says how its search ended."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.status)
        self.outcome = outcome


class Budget:
    """Seconds shared by questions, ``most`` for each: what one leaves over, the later ones have."""

    def __init__(self, seconds: float, questions: float, most: float) -> None:
        self._until, self._questions, self._most = time.monotonic() + seconds, questions, most

    def share(self, weight: float = 1.0) -> float:
        """Seconds for the next question, which counts as ``weight`` of them; 0 or less where time is over."""
        left = self._until - time.monotonic()
        # Never shared by less than the question itself: the last one has all that is left, and no more.
        share = left * weight / max(self._questions, weight) if math.isfinite(left) else math.inf
        self._questions -= weight
        return min(self._most * weight, share)


def load_book(tables: Tables, options: Options | None = None, closed: Iterable[str] = (),
              stopped: Callable[[], bool] | None = None) -> tuple[Ground, Outcome]:
    """Plan the book with the ``closed`` orders left out, and keep it loaded. NoPlanError where there is no plan."""
    options = options or Options()
    instance = build_instance(tables)
    matrix = direct_matrix(instance, options.without)
    # Closed by a bound, not left out of the model: a question opens an order by raising the bound again.
    shut, upper = set(closed), matrix.column_upper.copy()
    for position in matrix.family.get("delivered", ()):
        if matrix.columns[position][1] in shut:
            upper[position] = 0.0
    open_book = replace(matrix, column_upper=upper)
    problem = replace(problem_of(instance, open_book), preference=preferences(matrix, instance.bucket_count))
    # Some versions of HiGHS answer small big-M models wrongly: better no answer than a wrong one.
    self_test()
    found = Search(problem, search_options(tables, options), None, stopped).run()
    if found.values is None or found.outcome.margin is None or found.outcome.bound is None:
        raise NoPlanError(found.outcome)
    standing = Standing(problem, found.values, found.outcome, options.seed, options.threads, stopped)
    return Ground(instance, standing), found.outcome


def load_beside(ground: Ground, tables: Tables, seconds: float, gap: float | None = None) -> tuple[Ground, Outcome]:
    """The book of other tables, planned as that of the ground was: with its seed and threads, and what stops it.

    ``gap`` None: as the tables' settings say. NoPlanError as in ``load_book``.
    """
    standing = ground.standing
    options = Options(gap=gap, time_limit=seconds, seed=standing.seed, threads=standing.threads)
    return load_book(tables, options, stopped=standing.stopped)


def best(standing: Standing, change: Change = NOTHING, *, seconds: float, gap: float = 0.0,
         start: np.ndarray | None = None) -> Answer:
    """The best plan of the changed book within ``seconds``: by the relaxation alone where that is a plan.

    Else the search begins with the plan that has the whole decisions of ``start``, by default the published one.
    """
    begun = time.monotonic()
    relaxed = standing.bound_of(change, seconds)
    if relaxed.is_impossible or relaxed.is_proven:
        return relaxed
    start = standing.values if start is None else start
    # Half a second at least for each step: with no time at all not even the start would become a plan.
    first = standing.exact(change, start, max(0.5, seconds - (time.monotonic() - begun)))
    left = max(0.5, seconds - (time.monotonic() - begun))
    answer = standing.ask(change, gap=gap, time_limit=left, start=start if first.values is None else first.values)
    if answer.is_impossible:
        # With a plan in hand the solver is not believed: only the relaxation's bound counts.
        return answer if first.values is None else replace(first, bound=max(first.margin, relaxed.bound))
    # HiGHS may end at its limit without having taken the start.
    if first.values is not None and first.margin > answer.margin:
        answer = replace(answer, margin=first.margin, values=first.values)
    return bounded(answer, relaxed)


def bounded(answer: Answer, relaxed: Answer) -> Answer:
    """What a search found, with the bound that it proves or the relaxation before it, which may be the better one where
    the search ended early. By noise either may fall below the plan."""
    return replace(answer, bound=max(answer.margin, min(answer.bound, relaxed.bound)))


def proven(answer: Answer) -> Known:
    """What is proven of an answer's margin; both ends -inf where there is no plan."""
    return Known(answer.margin, answer.bound)


def base_margin(standing: Standing, seconds: float) -> tuple[Known, np.ndarray]:
    """What the best plan earns and the plan found, after ``seconds`` more of search where a gap is open."""
    known = Known(standing.margin, standing.bound)
    if known.is_exact or seconds <= 0:
        return known, standing.values
    answer = best(standing, seconds=seconds)
    if answer.values is None:
        return known, standing.values
    bound = min(known.high, answer.bound)
    # A better bound counts also where the search found no better plan.
    if answer.margin <= known.low:
        return Known(known.low, max(bound, known.low)), standing.values
    return Known(answer.margin, max(bound, answer.margin)), answer.values


def shipments_of(ground: Ground) -> pd.DataFrame:
    """Every possible shipment with its ``position`` among the decisions, what a unit ``earns`` (base money), and
    ``met_on``: the day on which it meets the order's dates, by arrival or by departure."""
    frame = ground.instance.frames["shipments"]
    column = ground.standing.column
    position = [column("shipped", key) for key in zip(*(frame[name].tolist() for name in SHIPMENT), strict=True)]
    met_on = frame["arrival"].where(frame["due_basis"] == "arrival", frame["departure"])
    earns = frame[["unit_revenue", "unit_late", "unit_freight", "unit_duty"]].sum(axis=1)
    return frame.assign(position=np.array(position, dtype=int), met_on=met_on, earns=earns)


def late_shipments(ground: Ground) -> pd.DataFrame:
    """The possible shipments that meet the order's dates only after its due date, with the ``days`` by which."""
    frame = shipments_of(ground)
    late = (frame["met_on"] - frame["due_date"]).dt.days.astype(float)
    return frame.assign(days=late)[late > 0]


def plan_of(ground: Ground, values: np.ndarray, margin: float, bound: float, language: str = "en",
            tables: Tables | None = None) -> tuple[Plan, Audit]:
    """A plan as tables, with its audit against ``tables`` (else the book's own), held to the margin claimed for it."""
    matrix = ground.matrix
    plan = make_plan(ground.instance, read_decisions(ground.instance, matrix, values[:len(matrix.cost)]), bound,
                     language)
    # `limit` claims no optimum; the margin is what the audit holds the plan to.
    claimed = Outcome("limit", margin, max(bound, margin))
    return plan, held_to_search(audit(tables or ground.instance.tables, plan), plan, claimed)
