"""The reason why an order did not get what it asked for: one class, each proven by a re-solve.

What it asked for is granted by force. If no plan can: it cannot be made. If it loses money even where hours, materials
and storage are free: it does not pay. If it would get it without one rule: that rule keeps it out. If it would not get
it with every line to itself: it does not pay, either. Else others crowd it out; and where the difference is smaller
than what is proven, that is said.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from model.explain.alone import asked_alone
from model.explain.applying import Granting
from model.explain.asking import shipments_of
from model.explain.break_even import Clock
from model.explain.displaced import closest_values, moves
from model.explain.explanation import Explanation, Goal, Loser, Place, Relaxation
from model.explain.free_capacity import FreeBook, is_granted
from model.explain.goals import Goals
from model.explain.ground import FEW, Ground, Wanted
from model.explain.interval import Interval
from model.explain.known import Known
from model.explain.money import dearest_term, margins
from model.explain.near import Nearby
from model.explain.needed import only_needed
from model.explain.promised import in_the_way
from model.explain.relaxing import smallest_relaxation
from model.explain.rules import Rules
from model.plan.barriers import Barriers
from model.solve.change import Change
from model.solve.standing import Answer

MOST_NAMED = 5
LITTLE = 0.05
CLOSEST_SECONDS = 1.0
NOISE = 1e-9
CLEARLY = 1e-7


@dataclass
class Verdict:
    """What is known so far of one order's goal: the best margin with it granted lies between ``best`` and ``bound``;
    ``first_bound``: what the relaxation alone says; ``is_short``: no plan grants all that was asked for at first."""

    wanted: Wanted
    goal: Goal
    granted: Change
    best: float = -math.inf
    bound: float = math.inf
    first_bound: float = math.inf
    values: np.ndarray | None = None
    most_quantity: float | None = None
    relaxed: np.ndarray | None = None
    is_short: bool = False

    @property
    def is_known(self) -> bool:
        """Whether anything is known at all."""
        return self.bound < math.inf

    @property
    def is_proven(self) -> bool:
        """Whether a further search would say no more."""
        return self.is_impossible or self.bound - self.best <= NOISE * max(1.0, abs(self.bound))

    @property
    def is_impossible(self) -> bool:
        """Whether no plan grants the goal."""
        return self.bound == -math.inf

    def costs(self, ground: Ground) -> float:
        """What granting the goal costs in the plan found, or at least."""
        return ground.standing.margin - (self.best if math.isfinite(self.best) else self.bound)

    @property
    def is_of_the_book(self) -> bool:
        """Whether a plan that grants it is one of the book as it stands, promises and all."""
        return not (self.wanted.is_firm and self.goal == "in_full")

    def take(self, answer: Answer) -> None:
        """Take note of an answer for the granted goal."""
        # With a plan that grants it at hand no solver is believed that says there is none.
        if answer.is_impossible and self.values is not None:
            return
        self.bound = min(self.bound, answer.bound)
        if answer.values is not None and answer.margin > self.best:
            self.best, self.values = answer.margin, answer.values


def _not_paying(found: Explanation, costs: Interval, term: tuple[str, float], is_free: bool) -> Explanation:
    return replace(found, reason="does_not_pay", costs=costs, term=term[0], term_amount=term[1], is_free=is_free)


class Reasons:
    """Finds the reason of one order after another on the same loaded book."""

    def __init__(self, goals: Goals, free: FreeBook, rules: Rules) -> None:
        self.ground = ground = goals.ground
        self._goals = goals
        self._free, self._rules = free, rules
        self._barriers = Barriers(ground.instance)
        self._shipments = shipments_of(ground)
        self._closest_seconds = CLOSEST_SECONDS

    def begin(self, wanted: Wanted, goal: Goal, clock: Clock) -> Verdict:
        """The goal granted in the relaxation, and what can be made at most where not all of it can."""
        verdict = Verdict(wanted, goal, self._goals.granting(wanted, goal))
        if not verdict.is_of_the_book:
            # A firm order is missed because promises come first: the question is which, so that none of them is held.
            verdict.granted = verdict.granted.also(self.ground.standing.all_released())
        granted = verdict.granted
        relaxed = self.ground.standing.bound_of(granted, clock.left)
        verdict.bound, verdict.relaxed = relaxed.bound, relaxed.values
        if relaxed.is_proven:
            verdict.take(relaxed)
        if verdict.is_impossible:
            self._ask_for_less(verdict, clock)
        verdict.first_bound = verdict.bound
        return verdict

    def _ask_for_less(self, verdict: Verdict, clock: Clock) -> None:
        """Where no plan grants all of it and any part of it is acceptance: as much as a plan is known to deliver.

        Acceptance is impossible only where it is proven that nothing can be delivered; what was not found in the time
        leaves it open.
        """
        standing, wanted = self.ground.standing, verdict.wanted
        most, values = self._most(wanted, clock)
        verdict.is_short, verdict.most_quantity = True, most.high
        few = FEW * wanted.quantity
        if verdict.goal != "accepted" or wanted.is_lumpy or most.high <= few:
            return
        verdict.bound = standing.bound  # a plan with a part of it is one of the book
        if values is None or most.low <= few:
            return
        # Less a hair, as the solver may call impossible what leaves it no room at all.
        verdict.granted = self._goals.granting(wanted, verdict.goal, most.low * (1 - FEW))
        verdict.take(standing.exact(verdict.granted, values, clock.left))
        relaxed = standing.bound_of(verdict.granted, clock.left)
        verdict.relaxed = relaxed.values
        # What a plan is known to deliver is not impossible, whatever the solver says.
        if not relaxed.is_impossible:
            verdict.take(relaxed if relaxed.is_proven else replace(relaxed, values=None))

    def near(self, verdict: Verdict, nearby: Nearby, clock: Clock) -> None:
        """A plan with the goal granted that changes few whole decisions of the published one."""
        if verdict.is_proven:
            return
        if verdict.relaxed is not None and not clock.is_over:
            verdict.take(nearby.plan(verdict.granted, verdict.relaxed, verdict.wanted))

    def solve(self, verdict: Verdict, clock: Clock, gap: float = 0.0) -> None:
        """The goal granted, with whole decisions, as far as the clock allows.

        In a large book, where a plan with the goal is known, only plans interest that earn about as much as the best.
        """
        if verdict.is_proven:
            return
        self._search(verdict, clock, gap)
        if verdict.is_impossible:
            self._ask_for_less(verdict, clock)
            if verdict.values is not None and not verdict.is_proven:
                self._search(verdict, clock, gap)
        if verdict.is_of_the_book and verdict.values is not None:
            self.ground.standing.learn(Answer(verdict.best, math.inf, verdict.values, False, 0.0))

    def _search(self, verdict: Verdict, clock: Clock, gap: float) -> None:
        standing = self.ground.standing
        level = standing.best_margin - CLEARLY * max(1.0, abs(standing.best_margin))
        is_limited = not self.ground.is_small and -math.inf < verdict.best < level and verdict.is_of_the_book
        verdict.take(standing.ask(verdict.granted, gap=gap, time_limit=clock.left, start=verdict.values,
                                  above=level if is_limited else -math.inf))

    def note_best(self, verdict: Verdict) -> None:
        """Take note of the best plan known where it grants the goal."""
        standing = self.ground.standing
        if is_granted(verdict.granted, standing.best_values):
            verdict.take(Answer(standing.best_margin, math.inf, standing.best_values, False, 0.0))

    def explained(self, verdict: Verdict, clock: Clock, is_searched: bool = True) -> Explanation:
        """The reason with its facts, as far as it is proven; ``is_searched``: rules with whole decisions, too."""
        standing, wanted = self.ground.standing, verdict.wanted
        found = Explanation(wanted.order, verdict.goal, price=wanted.price, is_examined=True,
                            most_quantity=verdict.most_quantity)
        if verdict.is_impossible:
            return self._impossible(found, verdict, clock)
        if not verdict.is_of_the_book:
            return self._behind_promises(found, wanted, verdict.granted, clock)
        # A plan that grants the goal is a plan of the book: what is proven of the book holds for it.
        verdict.bound = min(verdict.bound, standing.bound)
        found = replace(found, costs=Interval(standing.best_margin - verdict.bound, standing.bound - verdict.best))
        noise = NOISE * max(1.0, abs(standing.margin))
        # Whether the goal surely costs something: else another plan as good as the published one may grant it.
        is_denied = verdict.bound < standing.best_margin - noise
        loss = self._free.loss(wanted.order, verdict.goal, clock) if is_denied or self.ground.is_small else None
        if loss is not None:
            return _not_paying(found, Interval(loss.least, loss.most), loss.term, is_free=True)
        rule = self._rules.keeping_out(wanted, verdict.granted, verdict.bound, clock, is_searched)
        if rule is not None:
            return replace(found, reason="kept_out_by_rule", rule=rule)
        if not is_denied:
            return replace(found, reason="undecided", is_equal=verdict.best >= standing.margin - noise)
        # Alone, what the line makes for others does not count: only the order's own units have to be made there.
        on_its_own = verdict.granted
        if verdict.goal == "published_line":
            on_its_own = self._goals.granting(wanted, verdict.goal, is_alone=True)
        alone = asked_alone(self.ground, wanted, verdict.goal, on_its_own, clock)
        if alone.pays is None:
            return replace(found, reason="undecided")
        if not alone.pays:
            return _not_paying(found, Interval(alone.costs, alone.most), alone.term, is_free=False)
        return self._with_losers(replace(found, reason="crowded_out"), verdict)

    def _impossible(self, found: Explanation, verdict: Verdict, clock: Clock) -> Explanation:
        wanted = verdict.wanted
        rule = self._rules.keeping_out(wanted, verdict.granted, verdict.bound, clock)
        if rule is not None:
            return replace(found, reason="kept_out_by_rule", rule=rule)
        rule = self._rules.approvals_barring(wanted, verdict.goal, self._granting_again(verdict), clock)
        if rule is not None:
            return replace(found, reason="kept_out_by_rule", rule=rule)
        behind = self._behind_promises(found, wanted, self._without_promises(verdict, clock), clock)
        # Something is missed in place of it: with that promise let go it could be made.
        if behind.reason != "undecided":
            return replace(behind, relaxation=self._relaxation(verdict, clock))
        if found.most_quantity is None:
            found = replace(found, most_quantity=self._most(wanted, clock)[0].high)
        barrier = self._barriers.of(wanted.order) if verdict.goal in ("accepted", "in_full") else None
        return replace(found, reason="cannot_be_made", relaxation=self._relaxation(verdict, clock), barrier=barrier)

    def _without_promises(self, verdict: Verdict, clock: Clock) -> Change:
        """The goal granted with no promise kept: as much as can be delivered then, where any of it is acceptance."""
        released, wanted = self.ground.standing.all_released(), verdict.wanted
        if verdict.goal == "accepted" and not wanted.is_lumpy:
            most, _ = self._most(wanted, clock, released)
            if FEW * wanted.quantity < most.low < wanted.quantity:
                return self._goals.granting(wanted, verdict.goal, most.low * (1 - FEW)).also(released)
        return verdict.granted.also(released)

    def _behind_promises(self, found: Explanation, wanted: Wanted, granted: Change, clock: Clock) -> Explanation:
        """Which promises come before the order, and where those to other customers are made."""
        behind = in_the_way(self.ground, wanted, found, granted, clock)
        return replace(behind, places=self._places([*behind.losers], wanted))

    def _relaxation(self, verdict: Verdict, clock: Clock) -> Relaxation | None:
        """What would let it in, every promise kept as in the published plan."""
        return smallest_relaxation(self.ground, verdict.wanted, verdict.goal, self._granting_again(verdict), clock)

    def _granting_again(self, verdict: Verdict) -> Granting:
        """The goal granted in another book of the same orders, every promise kept as in the published plan."""
        def again(ground: Ground) -> Change:
            """What the goal asks of a plan of that book."""
            other = ground.orders[verdict.wanted.order]
            return ground.not_promised(other).also(self._goals.on(ground).granting(other, verdict.goal))

        return again

    def _most(self, wanted: Wanted, clock: Clock,
              released: Change | None = None) -> tuple[Known, np.ndarray | None]:
        """Most units that any plan delivers, found and proven, the order's own minimum fill apart, and the plan found;
        promises held as in the published plan, unless they are ``released``."""
        standing = self.ground.standing
        base = standing.all_released() if wanted.is_firm else released or Change()
        # With its minimum fill the most of a lumpy order would be nothing, which tells a planner nothing.
        least = standing.row("minimum_fill", wanted.order)
        some = Change() if least is None else Change(row_lower={least: -math.inf}, row_upper={least: math.inf})
        asked = base.also(some).also(Change(earns={wanted.delivered: 1.0}, is_alone=True))
        best = standing.bound_of(asked, clock.left)
        if not best.is_proven:
            asked = asked.also(only_needed(self.ground, wanted, "accepted"))
            answer = standing.ask(asked, time_limit=clock.left)
            best = replace(answer, bound=min(answer.bound, best.bound))
        units = best.bound + self.ground.matrix.offset  # only delivered units count: the bound is the most of them
        most = min(wanted.quantity, max(0.0, units))
        return Known(0.0 if best.values is None else min(most, float(best.values[wanted.delivered])), most), best.values

    def _with_losers(self, found: Explanation, verdict: Verdict) -> Explanation:
        """Which orders would lose in the plan found with the goal granted, and where they are made; none where they
        would lose little, and the order itself would cost more beside them than alone."""
        if verdict.values is None:
            return found
        before, values = self.ground.standing.values, verdict.values
        losers = self._losers(values, found.order)
        if self.ground.is_small or (losers and self._closest_seconds > 0):
            values = closest_values(self.ground, self._shipments, verdict.granted, before, values, verdict.best,
                                    self._closest_seconds)
            # closest_values hands back the very plan it was given where it found no closer one.
            if values is verdict.values and not self.ground.is_small:
                self._closest_seconds = 0.0  # what takes too long in one large book takes too long for every order
            losers = self._losers(values, found.order)
        term, amount = dearest_term(self.ground, before, values)
        # What they lose explains next to nothing of the cost: it is the order's own costs beside them that do.
        if sum(loser.margin for loser in losers) < LITTLE * verdict.costs(self.ground):
            losers = []
        return replace(found, losers=tuple(losers[:MOST_NAMED]), places=self._places(losers, verdict.wanted),
                       term=term, term_amount=amount)

    def _losers(self, values: np.ndarray, but: str) -> list[Loser]:
        earned = margins(self.ground)
        losers = []
        for move in moves(self.ground, self._shipments, self.ground.standing.values, values, but):
            lost = move.delivered_before - move.delivered_after
            if lost > FEW * move.delivered_before:
                share = lost / move.delivered_before
                losers.append(Loser(move.order, lost, earned.get(move.order, 0.0) * share))
            elif move.earns < -FEW * max(1.0, abs(earned.get(move.order, 0.0))):
                losers.append(Loser(move.order, 0.0, -move.earns))
        # Orders that are only moved are named where none is cut.
        cut = [loser for loser in losers if loser.quantity > 0]
        return sorted(cut or losers, key=lambda loser: (-loser.margin, loser.order))

    def _places(self, losers: list[Loser], wanted: Wanted) -> tuple[Place, ...]:
        """Lines on which the losers are made and the order could be, too; any of theirs where there is none."""
        if self.ground.plan is None or not losers:
            return ()
        production = self.ground.plan.frames["production"]
        rows = production[production["order"].isin([loser.order for loser in losers])]
        routing = self.ground.instance.frames["routing"]
        items = {key[1] for key in wanted.keys}
        shared = rows[rows["line"].isin(set(routing.loc[routing["item"].isin(items), "line"]))]
        rows = rows if shared.empty else shared
        spans = rows.groupby("line")["bucket_start"].agg(["min", "max"])
        hours = rows.groupby("line")["run_hours"].sum()
        names = sorted(spans.index, key=lambda line: (-hours[line], line))[:MOST_NAMED]
        return tuple(Place(str(line), spans.at[line, "min"], spans.at[line, "max"]) for line in names)

