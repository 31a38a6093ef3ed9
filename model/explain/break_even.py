"""The price at which an order begins to pay, from re-solves with and without it; never from the prices of an LP.

Without the order the best plan earns the same at whatever price. With it, the best margin is convex and piecewise
linear in the price, because revenue, damages and duty are shares of it. Newton's method from above meets the
break-even price in finitely many steps: each best plan with the order gives a line, and where the line meets the margin
without the order is the next price.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace

import numpy as np

from model.explain.asking import bounded
from model.explain.ground import Ground, Wanted
from model.explain.interval import ANY_PRICE, NO_PRICE, SAME_MONEY, Balance, Interval
from model.explain.known import Known
from model.explain.near import NOT_FOUND, Nearby
from model.solve.change import Change
from model.solve.standing import Answer

# Newton's method ends by itself; this ends one that tolerances keep moving.
MOST_STEPS = 60
# Share of an order's quantity that counts as nothing.
NO_UNITS = 1e-6
# Share of the price at which a quick look stops: what is left is for a search.
ROUGHLY = 1e-4


@dataclass
class Clock:
    """Seconds that may be spent; a search ends at the deadline or, where it is ``patience``, earlier."""

    deadline: float
    patience: float = math.inf

    @property
    def left(self) -> float:
        """Seconds for the next search."""
        return max(0.0, min(self.patience, self.deadline - time.monotonic()))

    @property
    def deadline_left(self) -> float:
        """Seconds until nothing more may be begun."""
        return self.deadline - time.monotonic()

    @property
    def is_over(self) -> bool:
        """Whether nothing more may be begun."""
        return self.deadline_left <= 0


class BreakEven:
    """The search for one order's break-even price; ``interval`` is what is proven so far.

    ``taken``: what accepting the order means (its minimum fill, or all of it); ``fewest`` units delivered then.
    """

    def __init__(self, ground: Ground, wanted: Wanted, taken: Change, fewest: float) -> None:
        self.ground, self.wanted, self._taken = ground, wanted, taken
        self.out: Answer | None = None
        # Where duty takes more than the price brings, a share is negative: all of the order then bears fewest.
        low = float(wanted.shares.min()) if len(wanted.shares) else 0.0
        high = float(wanted.shares.max(initial=0.0))
        self.balance = Balance((low * fewest if low > 0 else min(0.0, low * wanted.quantity), high * wanted.quantity))
        self._is_never = self._is_always = False

    @property
    def interval(self) -> Interval:
        """The break-even price as far as it is known."""
        if self._is_never:
            return NO_PRICE
        return ANY_PRICE if self._is_always else self.balance.interval

    def published(self) -> None:
        """Take the published plan for what it is: a plan with the order, or one without it, at its own price.

        What is proven of the book holds for an order that may be declined whether it is taken or not.
        """
        standing = self.ground.standing
        self._plan(standing.margin, standing.values)
        if standing.best_margin > standing.margin:
            self._plan(standing.best_margin, standing.best_values)

    def _plan(self, margin: float, values: np.ndarray) -> None:
        standing, wanted, balance = self.ground.standing, self.wanted, self.balance
        # Not merely above zero: vertices carry noise of the solver.
        if values[wanted.delivered] > 1e-9 * wanted.quantity:
            # A firm order missed in part lies below its floor: such a plan is none with the order taken.
            if values[wanted.delivered] >= self.least_delivered:
                balance.found(wanted.price, margin, self.units(values))
            balance.proven(wanted.price, self._bound_at_own_price())
            if not wanted.is_firm:
                balance.most = min(balance.most, standing.bound)
        else:
            balance.least = max(balance.least, margin)
            balance.most = min(balance.most, self._bound_at_own_price())
            # A closed order is shut out by its bound: what is proven of the book says nothing of plans with it.
            is_open = self.ground.matrix.column_upper[wanted.delivered] > 0
            if is_open and not wanted.is_firm:
                balance.proven(wanted.price, standing.bound)

    def know(self, other: BreakEven) -> None:
        """What another search knows of the best margin without the same order."""
        self._is_always = other._is_always
        self.balance.least = max(self.balance.least, other.balance.least)
        self.balance.most = min(self.balance.most, other.balance.most)

    def impossible(self) -> None:
        """Take note that no plan takes the order, at whatever price."""
        self._is_never = True

    def asked_at_own_price(self, margin: float, bound: float, values: np.ndarray | None) -> None:
        """What another search found and proved of the book with the order taken at its own price."""
        self.balance.proven(self.wanted.price, bound)
        if values is not None:
            self.balance.found(self.wanted.price, margin, self.units(values))

    @property
    def least_delivered(self) -> float:
        """Units that must be delivered for the order to count as taken."""
        floor = self._taken.lower.get(self.wanted.delivered, 0.0)
        return max(floor, self.wanted.least) * (1 - 1e-9)

    def quick(self, nearby: Nearby, clock: Clock, known: BreakEven | None = None) -> None:
        """Bounds from relaxations and plans near the published one; ``known``: what is known without the order."""
        if self._is_never:
            return
        if known is not None:
            self.know(known)
        elif not self._relax_without(nearby, clock):
            return
        if not (self._is_always or clock.is_over):
            self._relax_with(nearby, clock)

    def _relax_without(self, nearby: Nearby, clock: Clock) -> bool:
        """Limits of the best margin without the order; False where no plan does without it."""
        without = self.ground.without(self.wanted)
        relaxed = self.ground.standing.bound_of(without, clock.left)
        self._is_always = relaxed.is_impossible
        self.balance.most = min(self.balance.most, relaxed.bound)
        if relaxed.values is not None and not math.isfinite(self.balance.least) and not clock.is_over:
            plan = relaxed if relaxed.is_proven else nearby.plan(without, relaxed.values, self.wanted)
            self.balance.least = plan.margin
        return not self._is_always

    def _relax_with(self, nearby: Nearby, clock: Clock) -> None:
        """With the order at its own price, and where its relaxation meets the margin without it: for an order that is
        taken and bears its price wholly, what the published plan proves at its own price says more."""
        if self.least_delivered <= 0 or (self.balance.points and self.balance.lines and self.balance.slopes[0] > 0):
            return
        price = min(self.wanted.price, self.balance.high)
        for _ in range(MOST_STEPS):
            if clock.is_over:
                return
            change = self._at(price)
            inside = self.ground.standing.bound_of(change, clock.left)
            self._is_never = inside.is_impossible
            self.balance.proven(price, inside.bound)
            if inside.values is None:
                return
            # Each bound counts; of plans near by one line is enough for a quick look.
            if inside.is_proven:
                self._note(price, inside)
            elif not self.balance.lines:
                self._note(price, nearby.plan(change, inside.values, self.wanted))
            units = self.units(inside.values)
            if units <= NO_UNITS * self.wanted.quantity or not math.isfinite(self.balance.least):
                return
            meets = price - (inside.bound - self.balance.least) / units
            if abs(meets - price) <= ROUGHLY * max(1.0, price) or meets <= 0:
                return
            price = meets

    def _note(self, price: float, answer: Answer) -> None:
        if answer.values is not None:
            self.balance.found(price, answer.margin, self.units(answer.values))

    def solved(self, clock: Clock, gap: float = 0.0) -> None:
        """Newton's method with whole decisions; ends early, with an interval, when the clock does."""
        if self._is_always or self._is_never or clock.is_over:
            return
        self._solve_without(clock, gap)
        if self._is_always or not math.isfinite(self.balance.most):
            return
        # From above: at `high` the order surely pays, and no line crosses the margin without it further up.
        price = self.wanted.price if not self.balance.lines else self.balance.high
        for step in range(MOST_STEPS):
            if clock.is_over or self.interval.is_exact:
                return
            answer = self._ask(price, clock, gap, first=step == 0)
            if answer.is_impossible:
                self._is_never = True
            if answer.values is None:
                return
            following = self.balance.high
            # Where the price stands still, or a step left a gap open, the next step would say no more.
            if abs(following - price) <= 1e-10 * max(1.0, price) or not answer.is_proven:
                return
            price = following

    def _solve_without(self, clock: Clock, gap: float) -> None:
        noise = SAME_MONEY * max(1.0, abs(self.balance.most))
        if math.isfinite(self.balance.most) and self.balance.most - self.balance.least <= noise:
            return
        self.out = self._best(self.ground.without(self.wanted), clock, gap)
        if self.out.is_impossible:
            self._is_always = True
            return
        self.balance.least = max(self.balance.least, self.out.margin)
        self.balance.most = min(self.balance.most, self.out.bound)

    def _ask(self, price: float, clock: Clock, gap: float, first: bool) -> Answer:
        """The best plan with the order at a price; the first of an order without minimum fill takes half of it."""
        change = self._at(price)
        # Left to choose at its own price, the order may get nothing, and nothing has no line to start from.
        is_pushed = first and not self.balance.lines and self.least_delivered <= 0
        if is_pushed:
            most, few = self._deliverable(clock), NO_UNITS * self.wanted.quantity
            change = change.also(Change(lower={self.wanted.delivered: 0.5 * most.low}))
            if most.low <= few:
                # What was not found in the time may be there: only what is proven is never.
                self._is_never = most.high <= few
                return NOT_FOUND
        answer = self._best(change, clock, gap)
        # A bound with half of it forced in does not hold for plans that take less.
        if not is_pushed:
            self.balance.proven(price, answer.bound)
        self._note(price, answer)
        return answer

    def at_price(self, price: float, clock: Clock) -> Answer:
        """The best plan with the order at a price; where it has no minimum fill, it may be left out."""
        return self._best(self._at(price), clock)

    def most_deliverable(self, clock: Clock) -> float:
        """Units that no plan exceeds with every promise held as in the published plan."""
        return self._deliverable(clock).high

    def _deliverable(self, clock: Clock) -> Known:
        """Most units that can be delivered with every promise held as in the published plan: found, and proven."""
        most = Change(earns={self.wanted.delivered: 1.0}, is_alone=True)
        answer = self._best(self.ground.not_promised(self.wanted).also(most), clock)
        found = float(answer.values[self.wanted.delivered]) if answer.values is not None else 0.0
        if answer.is_proven:
            return Known(found, found)
        # What the matrix adds to every objective is taken off again.
        return Known(found, max(found, min(self.wanted.quantity, answer.bound + self.ground.matrix.offset)))

    def _best(self, change: Change, clock: Clock, gap: float = 0.0) -> Answer:
        """The best plan, by the relaxation alone where that is one."""
        relaxed = self.ground.standing.bound_of(change, clock.left)
        if relaxed.is_impossible or relaxed.is_proven or clock.is_over:
            # Divided decisions are no plan: without time for a search only the bound counts.
            return relaxed if relaxed.is_proven else replace(relaxed, values=None)
        return bounded(self.ground.standing.ask(change, gap=gap, time_limit=clock.left), relaxed)

    def _at(self, price: float) -> Change:
        return self._taken.also(self.ground.at_price(self.wanted, price))

    def units(self, values: np.ndarray) -> float:
        """Units that bear the price: delivered ones, less the shares that damages and duty take."""
        return float(self.wanted.shares @ values[self.wanted.shipped])

    def _bound_at_own_price(self) -> float:
        """The certified bound of the published plan, where releasing the order's promise changes nothing: where it has
        none, or is delivered in full anyway."""
        in_full = self.least_delivered >= self.wanted.quantity * (1 - NO_UNITS)
        return self.ground.standing.bound if in_full or not self.wanted.is_firm else math.inf
