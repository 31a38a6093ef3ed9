"""In which order a book is searched: promises first, then margin, then a clean and preferred plan among equals."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from model.plan_tables import frozen_rounding
from model.solve.held import HeldMisses
from model.solve.highs import Highs
from model.solve.incumbent import FROM_PARTS
from model.solve.method import branching, quickest
from model.solve.missed import misses_as_little, trimmed
from model.solve.outcome import Found, Outcome, Run, Status, status_of
from model.solve.polish import CLEANING_SHARE, cleaned
from model.solve.problem import NO_START, Problem, SearchOptions, Start
from model.solve.promises import (
    PROVEN_MISS,
    SEARCHED_TIMES,
    SMALLEST_MISS,
    forbidden_misses,
    miss_weights,
    needed_room,
    weighed_last,
)
from model.solve.scaling import choose_scaling, scale
from model.solve.ways import Ways

KEPT_SHARE = 0.5  # of the time, without a plan, until it is sought among those that miss promises
CLEANED_COLUMNS = 10_000  # fewer are cleaned in next to no time
SEARCHED_TWICE = 20_000  # columns
NOISE = 1e-6  # share of the objective: a plan that is better by more was overlooked
ROUNDING = 1e-9  # share of the objective: no plan is better by less


class Listener:
    """Who hears how a search goes: nobody, unless a subclass listens. Margin and bound in base currency."""

    def stage(self, missed: bool, proven: bool) -> None:
        """A search for margin begins; ``missed``: at the least misses, which are ``proven`` least or not."""

    def progress(self, seconds: float, margin: float, bound: float) -> None:
        """Margin or bound have moved."""

    def incumbent(self, values: np.ndarray, margin: float) -> None:
        """A better plan, as values of the model's columns in the model's units."""


class Search:
    """All searches for one book on one solver model; only bounds and costs change between them.

    ``later`` answers with the start of a problem that came without it, and waits for it where need be.
    """

    def __init__(self, problem: Problem, options: SearchOptions, listener: Listener | None = None,
                 stopped: Callable[[], bool] | None = None, later: Callable[[], Start] = lambda: NO_START) -> None:
        self._scaling = choose_scaling(problem.matrix, problem.typical_quantity)
        self._matrix = scale(problem.matrix, self._scaling)
        self._options = options
        # Weights are by unit of the model; every column that counts misses has the same scale, so theirs need none.
        self._preference = [weights * self._scaling.column for weights in problem.preference]
        known = problem.start
        self._start: Callable[[], Start] = later if known is None else lambda: known
        self._stopped = stopped or (lambda: False)
        self._listener = listener or Listener()
        self._started = time.monotonic()
        weights = miss_weights(self._matrix, problem.prices, self._scaling.column)
        self._misses = [each for each in weights if each.any()]
        self._ways = Ways(problem.places, self._misses, self._preference, options, self._left, self._stopped,
                          self._told)
        self._notes = self._ways.notes
        # Whether a plan that misses promises can be sought in parts, where one that keeps all is not found.
        self._can_miss = bool(self._misses) and self._ways.is_in_parts(self._matrix)
        self._has_plan = False
        self._trimmed: Callable[[np.ndarray], np.ndarray] = lambda values: values
        self._frozen = self._rounding = frozen_rounding(float(np.min(problem.typical_quantity)))

    def run(self) -> Found:
        """The best plan: first with every promise kept; where that is impossible, with the fewest misses.

        What is frozen is kept within the rounding of what was published; in a larger room where the solver finds no
        plan in that.
        """
        self._listener.stage(missed=False, proven=True)
        kept = self._with_promises()
        if kept.status == "infeasible" and "frozen_short" in self._matrix.family:
            self._rounding = SEARCHED_TIMES * self._frozen
            self._listener.stage(missed=False, proven=True)
            kept = self._with_promises()
        if kept.status in ("infeasible", "failed"):
            # A solver that fails has not said that promises can be kept.
            return self._with_misses_in_parts() if self._ways.is_in_parts(self._matrix) else self._with_misses()
        is_over = self._ways.at_hand is None and (self._stopped() or self._left() <= 0)
        if kept.values is None and self._can_miss and not is_over:
            # No plan keeps every promise as far as was searched; one that misses some is better than none.
            return self._with_misses_in_parts()
        return self._finished(kept, self._forbidden(), missed=False, proven=True)

    def _with_promises(self) -> Run:
        """The search of the book with every promise kept, in the way that its size and kind ask for."""
        kept = self._ways.kept(self._matrix, self._start, self._searched())
        if kept is None:
            highs = self._solver(stopped=self._gives_up)
            start = self._start()
            if len(start.positions):
                highs.start_from_part(*start)
            kept = self._best_margin(highs, self._searched())
        # In the wider room the bounds are not those of the cleaning: there its basis is not optimal.
        return kept if self._rounding == self._frozen else replace(kept, basis=None)

    def _gives_up(self) -> bool:
        """Whether a search is stopped, or has found no plan that keeps every promise in its share of the time."""
        is_late = self._left() < (1.0 - KEPT_SHARE) * self._options.time_limit
        # A linear program has no plan before its end.
        may_give_up = self._can_miss and self._matrix.is_whole.any() and not self._has_plan
        return self._stopped() or bool(is_late and may_give_up)

    def _told(self, values: np.ndarray | None, objective: float, bound: float) -> None:
        if values is not None:
            self._on_incumbent(values, objective)
        self._on_progress(time.monotonic() - self._started, objective, bound)

    def _with_misses_in_parts(self) -> Found:
        """The same as ``_with_misses`` for a large book, whose misses are least as far as its parts tell."""
        self._listener.stage(missed=True, proven=False)
        self._trimmed = lambda values: trimmed(self._matrix, self._misses, values)
        self._ways.price(self._matrix, self._searched(), self._told_plan)
        at_hand = self._ways.at_hand
        if at_hand is not None:
            self._on_incumbent(at_hand.values, 0.0)
        least = self._ways.least_missed(self._matrix, self._searched(), self._told_plan)
        if least.run.values is None:
            return self._without_plan(least.run, contradictory=least.run.status == "infeasible")
        self._listener.stage(missed=least.missed, proven=least.proven)
        best = None if self._stopped() else self._ways.held(least)
        if (best is None or best.status == "infeasible") and not least.missed and self._left() > 0:
            # There is a plan that keeps every promise, whatever the solver says.
            found = self._doubted_infeasibility()
            if found.values is not None:
                return found
        known = least.run.values
        if at_hand is not None and misses_as_little(at_hand.values, known, self._misses):
            known = min(at_hand.values, known, key=self._matrix.objective)
        earns = self._matrix.objective(known)
        if best is None or best.values is None or best.objective > earns:
            bound = -np.inf if best is None else best.bound
            best = replace(least.run, status="time_limit", values=known, objective=earns, bound=bound)
        assert best.values is not None
        values = self._trimmed(best.values)
        bound = best.bound if at_hand is None else max(best.bound, at_hand.bound_for(values))
        best = replace(best, values=values, bound=min(bound, best.objective))
        upper = np.where(least.matrix.column_upper < self._matrix.column_upper, least.matrix.column_upper, np.inf)
        return self._finished(best, upper, least.missed, proven=least.proven and not self._stopped())

    def _told_plan(self, values: np.ndarray | None, objective: float, bound: float) -> None:
        del objective, bound  # of misses, not money
        if values is not None:
            self._on_incumbent(values, 0.0)

    def _with_misses(self) -> Found:
        """Misses of each rank minimised in turn, each held at its minimum in all that follows."""
        # What is told from here on misses promises, and a bound told before is of another problem.
        self._listener.stage(missed=True, proven=False)
        highs, proven, any_missed = self._solver(), True, False
        # Bounds of these searches are misses, not money.
        highs.listen(None, self._on_incumbent)
        upper = np.full(len(self._matrix.cost), np.inf)
        held = HeldMisses(highs)
        plan: Run | None = None
        for place, cost in enumerate(self._misses):
            highs.set_costs(cost)
            highs.set(mip_rel_gap=0.0)
            plan = held.run_surely(lambda: self._left() * 0.6, plan)  # each rank leaves time for what follows
            if plan.values is None:
                return self._without_plan(plan, contradictory=plan.status == "infeasible")
            proven = proven and plan.objective - plan.bound <= PROVEN_MISS * max(1.0, plan.objective)
            if plan.objective <= SMALLEST_MISS:
                positions = weighed_last(self._misses, place)
                any_missed |= self._keep(highs, upper, positions, plan.values[positions])
            else:
                any_missed, positions = True, np.flatnonzero(cost)
                held.hold(plan.objective, positions, cost[positions])
        if not any_missed and not self._stopped():
            return self._doubted_infeasibility()
        highs.set_costs(self._matrix.cost)
        highs.set(mip_rel_gap=self._options.gap)
        highs.listen(self._on_progress, self._on_incumbent)
        self._listener.stage(missed=True, proven=proven)
        best = held.run_surely(self._left, plan)
        if best.status == "infeasible" and plan is not None and plan.values is not None:
            # The plan with the fewest misses is at hand: whatever the solver says, there is one.
            earns = self._matrix.objective(plan.values)
            best = replace(plan, status="time_limit", objective=earns, bound=-np.inf)
        return self._finished(best, upper, missed=True, proven=proven and not self._stopped(), held=held)

    def _keep(self, highs: Highs, upper: np.ndarray, positions: np.ndarray, missed: np.ndarray) -> bool:
        """Allow the columns to miss nothing, or the little that the least misses need; whether they need any."""
        room = needed_room(missed, self._searched()[positions])
        upper[positions] = np.maximum(self._forbidden()[positions], room)
        highs.set_bounds(positions, np.zeros(len(positions)), np.maximum(self._searched()[positions], room))
        return bool(room.any())

    def _doubted_infeasibility(self) -> Found:
        """The solver called the promises impossible, yet nothing need be missed: search again in another way, at last
        with room for misses too small to count."""
        self._listener.stage(missed=False, proven=True)
        for room in (0.0, SMALLEST_MISS):
            highs = self._solver(seed=self._options.seed + 1)
            highs.set(presolve="off")
            best = self._best_margin(highs, np.maximum(self._searched(), room))
            if best.status != "infeasible":
                self._notes.append("infeasible_not_confirmed")
                return self._finished(best, np.maximum(self._forbidden(), room), missed=False, proven=True)
        return self._without_plan(best, contradictory=True)

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
        return replace(run, basis=highs.basis)

    def _finished(self, run: Run, upper: np.ndarray, missed: bool, proven: bool,
                  held: HeldMisses | None = None) -> Found:
        if run.values is None:
            found = self._without_plan(run)
            # What is proven holds for a plan from elsewhere, too.
            bound = -run.bound * self._scaling.cost if np.isfinite(run.bound) else None
            return replace(found, outcome=replace(found.outcome, bound=bound, promises_missed=missed))
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
        return Found(replace(outcome, status=status_of(outcome, self._options.gap)),
                     self._scaling.unscaled(clean.values) if clean.values is not None else None)

    def _cleaned(self, run: Run, upper: np.ndarray, misses: list[np.ndarray]) -> Run:
        return cleaned(self._matrix, run, upper, misses, self._preference, self._options.seed)

    def _without_hair(self, run: Run, clean: Run, upper: np.ndarray, held: HeldMisses) -> tuple[Run, Run]:
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
            size = max(1.0, abs(clean.objective))
            noise, rounding = NOISE * size, ROUNDING * size
            before = clean.objective
            if exact.values is not None and exact.objective < before - rounding:
                better = self._cleaned(exact, upper, self._misses)
                clean = better if better.objective < before - rounding else clean
            if clean.objective < before - noise:
                run = exact
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

    def _solver(self, seed: int | None = None, stopped: Callable[[], bool] | None = None) -> Highs:
        highs = Highs(self._matrix, seed=self._options.seed if seed is None else seed, threads=self._options.threads,
                      stopped=stopped or self._stopped, progress=self._on_progress, incumbent=self._on_incumbent)
        if not self._matrix.is_whole.any():
            highs.set(solver=quickest(self._matrix))
        # The rule of thumb's plan, where there is one, is far from good.
        highs.set(**branching(self._matrix, has_plan=False))
        return highs

    def _on_progress(self, seconds: float, best: float, bound: float) -> None:
        self._listener.progress(seconds, -best * self._scaling.cost, -bound * self._scaling.cost)

    def _on_incumbent(self, values: np.ndarray, objective: float) -> None:
        self._has_plan, values = True, self._trimmed(values)
        margin = -self._matrix.objective(values) * self._scaling.cost
        self._listener.incumbent(self._scaling.unscaled(values), margin)

    def _forbidden(self) -> np.ndarray:
        """Upper bounds in the solver's units under which nothing is missed."""
        return forbidden_misses(self._matrix, self._frozen) / self._scaling.column

    def _searched(self) -> np.ndarray:
        """The same with the room that the solver needs; a plan that was found is cleaned of it."""
        return forbidden_misses(self._matrix, self._rounding) / self._scaling.column

    def _left(self) -> float:
        return self._options.time_limit - (time.monotonic() - self._started)
