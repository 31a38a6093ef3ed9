"""In which order a book is searched: promises first, then margin, then a clean and preferred plan among equals."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from model.plan_tables import frozen_rounding
from model.solve.divided import DividedSearch
from model.solve.division import divided
from model.solve.highs import Highs
from model.solve.large import FROM_PARTS, LARGE_COLUMNS, LARGE_INTEGERS, LargeSearch
from model.solve.linear import LinearSearch, can_be_sifted
from model.solve.matrix import Matrix
from model.solve.method import quickest
from model.solve.outcome import Found, Outcome, Run, Status
from model.solve.polish import cleaned
from model.solve.problem import Problem, SearchOptions
from model.solve.promises import HELD_ROOM, SEARCHED_TIMES, SMALLEST_MISS, forbidden_misses, miss_weights
from model.solve.scaling import choose_scaling, scale

CLEANING_SHARE = 0.08  # of the time limit, kept for the linear programs of ``cleaned``
CLEANED_COLUMNS = 10_000  # fewer are cleaned in next to no time
DIVIDED_INTEGERS = 300  # fewer are searched as one
SEARCHED_TWICE = 20_000  # columns
NOISE = 1e-6  # share of the objective


class Listener:
    """Who hears how a search goes: nobody, unless a subclass listens. Margin and bound in base currency."""

    def stage(self, missed: bool, proven: bool) -> None:
        """A search for margin begins; ``missed``: at the least misses, which are ``proven`` least or not."""

    def progress(self, seconds: float, margin: float, bound: float) -> None:
        """Margin or bound have moved."""

    def incumbent(self, values: np.ndarray, margin: float) -> None:
        """A better plan, as values of the model's columns in the model's units."""


class Search:
    """All searches for one book on one solver model; only bounds and costs change between them."""

    def __init__(self, problem: Problem, options: SearchOptions, listener: Listener | None = None,
                 stopped: Callable[[], bool] | None = None) -> None:
        self._scaling = choose_scaling(problem.matrix, problem.typical_quantity)
        self._matrix = scale(problem.matrix, self._scaling)
        self._options = options
        # Weights are by unit of the model; every column that counts misses has the same scale, so theirs need none.
        self._preference = [weights * self._scaling.column for weights in problem.preference]
        self._start, self._places = problem.start, problem.places
        self._stopped = stopped or (lambda: False)
        self._listener = listener or Listener()
        self._started = time.monotonic()
        self._misses = miss_weights(self._matrix, problem.prices)
        self._notes: list[str] = []
        self._frozen = self._rounding = frozen_rounding(problem.typical_quantity)

    def run(self) -> Found:
        """The best plan: first with every promise kept; where that is impossible, with the fewest misses.

        What is frozen is kept within the rounding of what was published; in a larger room where the solver finds no
        plan in that.
        """
        self._listener.stage(missed=False, proven=True)
        kept = self._with_promises()
        if kept.status == "infeasible" and "frozen_short" in self._matrix.family:
            self._rounding = SEARCHED_TIMES * self._frozen
            kept = self._with_promises()
        if kept.status == "infeasible":
            return self._with_misses()
        return self._finished(kept, self._forbidden(), missed=False, proven=True)

    def _with_promises(self) -> Run:
        """The search of the book with every promise kept, in the way that its size and kind ask for."""
        # An answered Run is true, so the next way is asked only where this one has no answer.
        kept = self._linear() or self._divided()
        if kept is None and self._is_large():
            self._notes.append("large_search")
            kept = self._large()
        if kept is None:
            highs = self._solver()
            if len(self._start[0]):
                highs.start_from_part(*self._start)
            kept = self._best_margin(highs, self._searched())
        return kept

    def _is_large(self) -> bool:
        integers = int(self._matrix.is_whole.sum())
        return len(self._places.bucket) > 0 and integers > 0 and (
            integers >= LARGE_INTEGERS or len(self._matrix.cost) >= LARGE_COLUMNS)

    def _divided(self) -> Run | None:
        """The search component by component, where the book falls into some; None where it does not."""
        if not len(self._places.bucket) or self._matrix.is_whole.sum() < DIVIDED_INTEGERS:
            return None
        matrix = self._kept()
        division = divided(matrix, self._places)
        if division is None:
            return None
        # Plans of large books come from exact parts and are not cleaned, see _finished.
        cleaning = 0.0 if self._is_large() else CLEANING_SHARE * self._options.time_limit
        run = DividedSearch(matrix, self._places, division, self._options.gap, self._options.seed,
                            lambda: self._left() - cleaning, self._stopped, self._told).run()
        if run is not None:
            self._notes.append("divided_search")
        return replace(run, message=FROM_PARTS) if run is not None and self._is_large() else run

    def _linear(self) -> Run | None:
        """The search of a large book without whole decisions; None for others, and where it finds nothing."""
        if self._matrix.is_whole.any() or len(self._matrix.cost) < LARGE_COLUMNS or not can_be_sifted(
                self._matrix, self._places):
            return None
        run = LinearSearch(self._kept(), self._places, self._options.gap, lambda matrix: Highs(
            matrix, seed=self._options.seed, stopped=self._stopped), self._left, self._told).run()
        return None if run is None else replace(run, message=FROM_PARTS)

    def _large(self) -> Run:
        """The search of a large book: bound from the relaxation, plan from its parts."""
        return LargeSearch(self._kept(), self._places, self._start, self._options.gap, self._options.seed, self._left,
                           self._stopped, self._told).run()

    def _kept(self) -> Matrix:
        """The model in which nothing is missed."""
        return replace(self._matrix, column_upper=np.minimum(self._matrix.column_upper, self._searched()))

    def _told(self, values: np.ndarray | None, objective: float, bound: float) -> None:
        if values is not None:
            self._on_incumbent(values, objective)
        self._on_progress(time.monotonic() - self._started, objective, bound)

    def _with_misses(self) -> Found:
        """Misses of each rank minimised in turn, each held at its minimum in all that follows."""
        highs, proven, any_missed = self._solver(), True, False
        # Bounds of these searches are misses, not money.
        highs.listen(None, self._on_incumbent)
        upper = np.full(len(self._matrix.cost), np.inf)
        held = _HeldMisses(highs)
        plan: Run | None = None
        for cost in (each for each in self._misses if each.any()):
            highs.set_costs(cost)
            highs.set(mip_rel_gap=0.0)
            plan = held.run_surely(lambda: self._left() * 0.6, plan)  # each rank leaves time for what follows
            if plan.values is None:
                return self._without_plan(plan, contradictory=plan.status == "infeasible")
            proven = proven and plan.objective - plan.bound <= SMALLEST_MISS * max(1.0, plan.objective)
            positions = np.flatnonzero(cost)
            if plan.objective <= SMALLEST_MISS:
                upper[positions] = self._forbidden()[positions]
                highs.set_bounds(positions, np.zeros(len(positions)), self._searched()[positions])
            else:
                any_missed = True
                held.hold(plan.objective, positions, cost[positions])
        if not any_missed and not self._stopped():
            return self._doubted_infeasibility()
        highs.set_costs(self._matrix.cost)
        highs.set(mip_rel_gap=self._options.gap)
        highs.listen(self._on_progress, self._on_incumbent)
        self._listener.stage(missed=True, proven=proven)
        best = held.run_surely(self._left, plan)
        return self._finished(best, upper, missed=True, proven=proven and not self._stopped(), held=held)

    def _doubted_infeasibility(self) -> Found:
        """The solver called the promises impossible, yet nothing need be missed: search again in another way."""
        highs = self._solver(seed=self._options.seed + 1)
        highs.set(presolve="off")
        best = self._best_margin(highs, self._searched())
        if best.status == "infeasible":
            return self._without_plan(best, contradictory=True)
        self._notes.append("infeasible_not_confirmed")
        return self._finished(best, self._forbidden(), missed=False, proven=True)

    def _best_margin(self, highs: Highs, upper: np.ndarray) -> Run:
        highs.set_costs(self._matrix.cost)
        positions = np.flatnonzero(np.isfinite(upper))
        highs.set_bounds(positions, np.zeros(len(positions)), upper[positions])
        highs.set(mip_rel_gap=self._options.gap)
        cleaning = CLEANING_SHARE if len(self._matrix.cost) >= CLEANED_COLUMNS else 0.0
        run = highs.run(self._left() - cleaning * self._options.time_limit)
        if self._matrix.is_whole.any() or run.values is None or run.status != "optimal":
            return run
        # A linear program tells no plans on the way; told here, this one outlives a cleaning that overruns.
        self._told(run.values, run.objective, run.bound)
        # In the wider room the bounds are not those of the cleaning: there its basis is not optimal.
        return replace(run, basis=highs.basis if self._rounding == self._frozen else None)

    def _finished(self, run: Run, upper: np.ndarray, missed: bool, proven: bool,
                  held: _HeldMisses | None = None) -> Found:
        if run.values is None:
            return self._without_plan(run)
        misses = self._misses if missed else []
        clean = run if run.message == FROM_PARTS else self._cleaned(run, upper, misses)
        if held is not None:
            run, clean = self._without_hair(run, clean, upper, held)
        # Adding zero turns -0.0 into 0.0.
        margin = -clean.objective * self._scaling.cost + 0.0
        bound = max(-run.bound * self._scaling.cost, margin)
        interrupted = run.status == "interrupted" or self._stopped()
        outcome = Outcome(status="optimal", margin=margin, bound=bound, promises_proven=proven, promises_missed=missed,
                          interrupted=interrupted, notes=tuple(self._notes))
        return Found(replace(outcome, status=_status(outcome, self._options.gap)),
                     self._scaling.unscaled(clean.values) if clean.values is not None else None)

    def _cleaned(self, run: Run, upper: np.ndarray, misses: list[np.ndarray]) -> Run:
        return cleaned(self._matrix, run, upper, misses, self._preference, self._options.seed)

    def _without_hair(self, run: Run, clean: Run, upper: np.ndarray, held: _HeldMisses) -> tuple[Run, Run]:
        """Bound and plan of a search without the hair of room: that bound where it is believable, that plan if better.

        HiGHS 1.15.1 was seen to call optimal, with a hair of room, a plan that earns far less than another that misses
        no more. In a large book what is proven with the hair suffices where it is as close as asked.
        """
        is_close = clean.objective - run.bound <= self._options.gap * max(1.0, abs(clean.objective))
        if (is_close and len(self._matrix.cost) > SEARCHED_TWICE) or self._left() <= 0 or self._stopped():
            return run, clean
        held.tighten(clean)
        for presolve in ("choose", "off"):
            exact = held.run(max(self._left(), 0.0), clean, room=0.0, presolve=presolve)
            noise = NOISE * max(1.0, abs(clean.objective))
            if exact.values is not None and exact.objective < clean.objective - noise:
                better = self._cleaned(exact, upper, self._misses)
                if better.objective < clean.objective - noise:
                    run, clean = exact, better
                    continue
            # Believable: no lower than with room, and no higher than a plan that is known.
            if run.bound <= exact.bound <= clean.objective + noise:
                return replace(run, bound=min(exact.bound, clean.objective)), clean
        return run, clean

    def _without_plan(self, run: Run, contradictory: bool = False) -> Found:
        self._notes.append(run.message)
        if contradictory:
            self._notes.append("goods_cannot_be_stored")
        ends: dict[str, Status] = {"interrupted": "interrupted", "time_limit": "no_plan"}
        status = ends.get(run.status, "failed")
        return Found(Outcome(status, None, None, interrupted=status == "interrupted", notes=tuple(self._notes)), None)

    def _solver(self, seed: int | None = None) -> Highs:
        highs = Highs(self._matrix, seed=self._options.seed if seed is None else seed, threads=self._options.threads,
                      stopped=self._stopped, progress=self._on_progress, incumbent=self._on_incumbent)
        if not self._matrix.is_whole.any():
            highs.set(solver=quickest(self._matrix))
        return highs

    def _on_progress(self, seconds: float, best: float, bound: float) -> None:
        self._listener.progress(seconds, -best * self._scaling.cost, -bound * self._scaling.cost)

    def _on_incumbent(self, values: np.ndarray, objective: float) -> None:
        margin = -(float(self._matrix.cost @ values) + self._matrix.offset) * self._scaling.cost
        self._listener.incumbent(self._scaling.unscaled(values), margin)

    def _forbidden(self) -> np.ndarray:
        """Upper bounds in the solver's units under which nothing is missed."""
        return forbidden_misses(self._matrix, self._frozen) / self._scaling.column

    def _searched(self) -> np.ndarray:
        """The same with the room that the solver needs; a plan that was found is cleaned of it."""
        return forbidden_misses(self._matrix, self._rounding) / self._scaling.column

    def _left(self) -> float:
        return self._options.time_limit - (time.monotonic() - self._started)


class _HeldMisses:
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


def _status(outcome: Outcome, asked: float) -> Status:
    if outcome.interrupted:
        return "interrupted"
    if outcome.promises_missed and outcome.promises_proven:
        return "promises_missed"
    gap = outcome.gap
    if gap is None or gap > max(asked, 1e-9) or not outcome.promises_proven:
        return "limit"
    return "optimal" if gap <= 1e-9 else "within_gap"
