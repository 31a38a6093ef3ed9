"""A planned book that stays loaded in the solver and answers questions: warm re-solves of a changed problem."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from model.solve.change import Change
from model.solve.loaded import Loaded
from model.solve.matrix import Matrix
from model.solve.outcome import Outcome, Run
from model.solve.problem import Problem
from model.solve.promises import SMALLEST_MISS, forbidden_misses, miss_weights
from model.solve.scaling import choose_scaling

NOTHING = Change()
GENEROUS_SECONDS = 600.0
EXACT = 1e-9  # a gap of nothing but rounding, as the search's own mip_abs_gap


@dataclass(frozen=True)
class Answer:
    """The best margin found for the changed problem and the ``bound`` none can exceed [base money].

    ``values`` of the model's columns, further ones after them, in the model's units; None where no plan was found
    (``margin`` is -inf then). ``bound`` is -inf where it is proven that there is no plan. ``is_feasible``: a plan was
    found; ``is_proven``: nothing is left open beyond the gap asked for.
    """

    margin: float
    bound: float
    values: np.ndarray | None
    is_proven: bool
    seconds: float

    @property
    def is_feasible(self) -> bool:
        """Whether a plan was found."""
        return self.values is not None

    @property
    def is_impossible(self) -> bool:
        """Whether it is proven that there is no plan."""
        return self.bound == -math.inf


class Standing:
    """One book, loaded once and asked many questions; each change is undone before the next.

    ``values`` and ``outcome``: the plan as the search found it. Promises are held at what that plan misses. The same
    questions in the same order get the same answers unless a time limit ends one of them. ``best_margin`` and
    ``best_values``: the best plan known, another than the published one where a further search of the book found it.
    """

    def __init__(self, problem: Problem, values: np.ndarray, outcome: Outcome, seed: int = 0, threads: int = 1,
                 stopped: Callable[[], bool] | None = None) -> None:
        assert outcome.margin is not None and outcome.bound is not None
        matrix = self.matrix = problem.matrix
        self.problem, self.is_missed = problem, outcome.promises_missed
        self.values = values
        self.margin, self.bound = outcome.margin, outcome.bound
        self.best_margin, self.best_values = outcome.margin, values
        self._scaling = choose_scaling(matrix, problem.typical_quantity)
        self._column = {name: position for position, name in enumerate(matrix.columns)}
        self._row = {name: position for position, name in enumerate(matrix.row_names)}
        self._with_promises, self._held = _with_promises(matrix, problem.prices, values, outcome.promises_missed)
        self.seed, self.threads, self.stopped = seed, threads, stopped
        self._programs: dict[bool, Loaded] = {}
        self._is_settled = False

    def beside(self, problem: Problem, values: np.ndarray, outcome: Outcome) -> Standing:
        """Another book, searched as this one is: with its seed and threads, and what stops it."""
        return Standing(problem, values, outcome, self.seed, self.threads, self.stopped)

    def learn(self, answer: Answer) -> None:
        """Take note of a further search of the book as it stands; the published plan stays what is asked about."""
        if answer.values is not None and answer.margin > self.best_margin:
            self.best_margin, self.best_values = answer.margin, answer.values
        self.bound = max(self.best_margin, min(self.bound, answer.bound))

    def column(self, family: str, index: object) -> int | None:
        """Position of a decision; None where the model does not have it."""
        return self._column.get((family, index))

    def row(self, law: str, index: object) -> int | None:
        """Position of a limit; None where the model does not have it."""
        return self._row.get((law, index))

    def released(self, missed: int, upper: float) -> Change:
        """The promise whose misses a column counts need not be kept, up to so many units missed.

        What the published plan misses of it is no room for missing more of the others.
        """
        matrix = self._with_promises
        weights = {int(row): float(matrix.rows[row, missed]) for row in self._held if matrix.rows[row, missed]}
        others = {row: float(matrix.row_upper[row]) - weight * float(self.values[missed])
                  for row, weight in weights.items()}
        return Change(upper={missed: upper}, coefficients={(row, missed): 0.0 for row in weights},
                      row_upper={row: max(0.0, limit) for row, limit in others.items()})

    def all_released(self) -> Change:
        """Every promise may be missed: what a plan can do at all."""
        misses = np.flatnonzero(np.isfinite(forbidden_misses(self.matrix)))
        upper = {int(position): float(self.matrix.column_upper[position]) for position in misses}
        return Change(upper=upper, row_upper={int(row): math.inf for row in self._held})

    def ask(self, change: Change = NOTHING, *, gap: float = 0.0, time_limit: float = GENEROUS_SECONDS,
            free: np.ndarray | None = None, start: np.ndarray | None = None, above: float = -math.inf,
            like: str = "published") -> Answer:
        """The best plan of the changed book, within ``gap`` (share) and ``time_limit`` [s].

        ``free``: only these whole decisions may differ from those of ``start``; the answer then has no bound.
        ``start``: a plan to start from, by default the published one. ``above``: plans that earn no more than this do
        not interest; the bound is then no lower than this. ``like``: a name for changes that are
        much alike.
        """
        begun = time.monotonic()
        start = self.values if start is None else start
        asked = change if free is None else self._held_at(change, start, free)
        cutoff = math.inf if above == -math.inf else -above / self._scaling.cost  # the solver minimises
        with self._changed(asked, relaxed=False) as program:
            run = program.search(gap, time_limit, start, cutoff)
        left = time_limit - (time.monotonic() - begun)
        # With a cutoff or held decisions it means that nothing better was found; else HiGHS is not believed at once.
        if run.status == "infeasible" and above == -math.inf and free is None and not self._is_impossible(asked, left):
            run = replace(run, status="failed", bound=-math.inf)
        answer = self._answer(asked, run, time.monotonic() - begun, max(gap, EXACT), like)
        # Held rows had a hair of room, and the bound counts what could be earned with it.
        if len(self._held) and answer.values is not None and not answer.is_proven:
            answer = self._without_room(asked, answer, max(gap, EXACT), time_limit, cutoff)
        answer = replace(answer, bound=max(answer.bound, above))
        return answer if free is None else replace(answer, bound=math.inf, is_proven=False)

    def bound_of(self, change: Change = NOTHING, time_limit: float = GENEROUS_SECONDS,
                 like: str = "relaxed") -> Answer:
        """A bound in little time: whole decisions may be divided. ``values`` are those of the relaxation.

        It is a plan, with its margin, only where nothing happens to be divided and no missed promise has room.
        ``like``: a name for changes that are much alike; each starts from the basis of one.
        """
        begun = time.monotonic()
        with self._changed(change, relaxed=True) as program:
            run = program.relax(time_limit, like)
        seconds = time.monotonic() - begun
        if run.status == "infeasible":
            return Answer(-math.inf, -math.inf, None, True, seconds)
        if run.status != "optimal" or run.values is None:
            return Answer(-math.inf, math.inf, None, False, seconds)
        values = program.unscaled(run.values)
        whole = values[self._whole(change)]
        is_plan = not len(self._held) and bool(np.abs(whole - np.round(whole)).max(initial=0.0) <= EXACT)
        value = -run.objective * self._scaling.cost
        return Answer(value if is_plan else -math.inf, value, values, is_plan, seconds)

    def exact(self, change: Change, values: np.ndarray, time_limit: float = GENEROUS_SECONDS,
              is_onward: bool = False, like: str = "published") -> Answer:
        """The best plan with the whole decisions of ``values``, exact to a vertex; no bound.

        ``like``: as in ``ask``. ``is_onward``: go on from the plan found last, where that is still one and only what
        counts has changed.
        """
        begun = time.monotonic()
        if not self._is_settled:
            self._is_settled = True  # before the call below, which comes here again
            self.exact(NOTHING, self.values)  # from the published plan's own basis the next ones are near
        held = self._held_at(change, values, np.empty(0, dtype=int))
        with self._changed(held, relaxed=True, room=False) as program:
            run = program.go_on(time_limit) if is_onward else program.relax(time_limit, like)
        seconds = time.monotonic() - begun
        if run.values is None or run.status != "optimal":
            return Answer(-math.inf, math.inf, None, False, seconds)
        return Answer(-run.objective * self._scaling.cost, math.inf, program.unscaled(run.values), False, seconds)

    def _without_room(self, change: Change, answer: Answer, gap: float, time_limit: float, cutoff: float) -> Answer:
        """The answer with the bound of a search in which promises are held exactly, where that is to be believed."""
        assert answer.values is not None
        noise = 1e-6 * max(1.0, abs(answer.margin))
        for presolve in ("choose", "off"):
            left = time_limit - answer.seconds
            if left <= 0:
                break
            begun = time.monotonic()
            with self._changed(change, relaxed=False, room=False) as program:
                run = program.search(gap, left, answer.values, cutoff, presolve)
            answer = replace(answer, seconds=answer.seconds + time.monotonic() - begun)
            bound = -run.bound * self._scaling.cost
            # To be believed: not below a plan that is known, nor above what holds with more room.
            if run.values is not None and answer.margin - noise <= bound <= answer.bound:
                bound = max(bound, answer.margin)
                is_proven = bound - answer.margin <= gap * 1.001 * max(1.0, abs(answer.margin))
                return replace(answer, bound=bound, is_proven=is_proven)
        return answer

    def _answer(self, change: Change, run: Run, seconds: float, gap: float, like: str) -> Answer:
        bound = -math.inf if run.status == "infeasible" else -run.bound * self._scaling.cost
        if run.values is None:
            return Answer(-math.inf, bound, None, run.status == "infeasible", seconds)
        values = self._program(relaxed=False).unscaled(run.values)
        vertex = self.exact(change, values, like=like)
        margin = vertex.margin if vertex.values is not None else -run.objective * self._scaling.cost
        bound = max(bound, margin)
        is_proven = bound - margin <= gap * 1.001 * max(1.0, abs(margin))
        return Answer(margin, bound, values if vertex.values is None else vertex.values, is_proven,
                      seconds + vertex.seconds)

    def _held_at(self, change: Change, values: np.ndarray, free: np.ndarray) -> Change:
        """The change with every whole decision but the ``free`` ones held at ``values``."""
        is_held = self._whole(change)
        is_held[free] = False
        count = len(self.matrix.cost)
        # A plan of the book as it stands has no values of further columns, which then stay free.
        fixed = {int(position): float(round(values[position])) for position in np.flatnonzero(is_held)
                 if position < len(values)}
        further = tuple(replace(column, lower=fixed[count + place], upper=fixed[count + place])
                        if count + place in fixed else column for place, column in enumerate(change.further))
        own = {position: value for position, value in fixed.items() if position < count}
        return replace(change, lower={**change.lower, **own}, upper={**change.upper, **own}, further=further)

    def _whole(self, change: Change) -> np.ndarray:
        return np.append(self.matrix.is_whole, [column.is_whole for column in change.further]).astype(bool)

    def _is_impossible(self, change: Change, time_limit: float) -> bool:
        """Whether the relaxation, or another configuration of the solver in the time left, finds no plan either."""
        if self.bound_of(change, max(0.0, time_limit)).is_impossible:
            return True
        other = Loaded(self._with_promises, self._scaling, self._held, self.seed + 1,
                       threads=self.threads, stopped=self.stopped)
        other.apply(change)
        return other.search(0.0, time_limit, None, math.inf, presolve="off").status == "infeasible"

    @contextmanager
    def _changed(self, change: Change, relaxed: bool, room: bool = True) -> Iterator[Loaded]:
        program = self._program(relaxed)
        program.apply(change, room)
        try:
            yield program
        finally:
            program.restore(change)

    def _program(self, relaxed: bool) -> Loaded:
        if relaxed not in self._programs:
            whole = self.matrix.is_whole & (not relaxed)
            matrix = replace(self._with_promises, is_whole=whole)
            program = self._programs[relaxed] = Loaded(matrix, self._scaling, self._held, self.seed,
                                                       threads=self.threads, stopped=self.stopped)
            if relaxed:
                # From the basis of the book as it stands the first questions are near.
                program.relax(GENEROUS_SECONDS)
        return self._programs[relaxed]


def _with_promises(matrix: Matrix, prices: Mapping[object, float], values: np.ndarray,
                   is_missed: bool) -> tuple[Matrix, np.ndarray]:
    """The matrix in which each rank of promises is missed no more than ``values`` do, and the rows that hold this.

    The rounding of a frozen plan is used no further than ``values`` do, either: what that would save is no gain.
    """
    forbidden = forbidden_misses(matrix)
    used = np.where(np.isfinite(forbidden), np.maximum(values, 0.0), forbidden)
    upper = np.minimum(matrix.column_upper, used)
    if not is_missed:
        return replace(matrix, column_upper=upper), np.empty(0, dtype=int)
    held, limits = [], []
    for weights in miss_weights(matrix, prices):
        missed = float(weights @ values)
        if missed > SMALLEST_MISS:
            held.append(weights)
            limits.append(missed)
            # What is missed is limited as a sum: another promise of the rank may be missed instead.
            upper[weights != 0] = matrix.column_upper[weights != 0]
        else:
            # Little worth counts in two ranks; where the later one misses none, the earlier has no room in it.
            upper[weights != 0] = np.minimum(matrix.column_upper, used)[weights != 0]
    count = matrix.rows.shape[0]
    rows = sparse.csc_array(sparse.vstack([matrix.rows, sparse.csc_array(np.array(held))])) if held else matrix.rows
    return replace(matrix, rows=rows, column_upper=upper,
                   row_lower=np.append(matrix.row_lower, np.full(len(held), -np.inf)),
                   row_upper=np.append(matrix.row_upper, limits)), np.arange(count, count + len(held))
