"""Whether an order would get what it asked for with every line, resource and supply to itself.

Where it would, it is the other orders that keep it out; where it would not, it does not pay. The book of one order is
small, so that both are proven where the book of all orders leaves a gap.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from model.explain.asking import bounded
from model.explain.break_even import Clock
from model.explain.explanation import Goal
from model.explain.ground import Ground, Wanted
from model.explain.money import dearest_term
from model.solve.change import Change
from model.solve.standing import Answer, Standing

# Share of the order's value: as fine as the solver's feasibility tolerance.
NOISE = 1e-7


@dataclass(frozen=True)
class Alone:
    """``pays``: whether the order would get it alone, None where that is not proven; else what getting it ``costs`` at
    least and at ``most`` [base money] and the cost that speaks most against it."""

    pays: bool | None
    costs: float = 0.0
    term: tuple[str, float] = ("", 0.0)
    most: float = math.inf


def asked_alone(ground: Ground, wanted: Wanted, goal: Goal, granted: Change, clock: Clock) -> Alone:
    """The best plan for this order alone, with its goal and without, as far as the clock allows."""
    standing, alone, noise = ground.standing, _alone(ground, wanted), _noise(wanted)
    free = _best(standing, alone, clock)
    if goal == "accepted":
        # Left to choose, it may take a part of itself: without minimum fill that pays where all of it need not.
        without = _best(standing, alone.also(Change(upper={wanted.delivered: 0.0})), clock)
        if free.margin > without.bound + noise:
            return Alone(True)
    granting = _best(standing, alone.also(granted), clock)
    if goal != "accepted" and granting.margin >= free.bound - noise:
        return Alone(True)
    costs = free.margin - granting.bound
    # Infinite: no plan grants it even alone; minus infinite: a search found no plan in time.
    if not math.isfinite(costs) or costs <= noise or granting.values is None or free.values is None:
        return Alone(None)
    return Alone(False, costs, dearest_term(ground, free.values, granting.values), free.bound - granting.margin)


def lost_alone(ground: Ground, wanted: Wanted, goal: Goal, granted: Change, clock: Clock) -> Alone:
    """Whether the order surely loses alone, even where it need bear no more of a setup than it uses of it, which it
    might share with others; ``pays`` is None where it does not."""
    standing, alone = ground.standing, _alone(ground, wanted)
    without = Change(upper={wanted.delivered: 0.0}) if goal == "accepted" else Change()
    # The relaxation charges a setup by the share of it that is used, as if others shared it.
    granting = standing.bound_of(alone.also(granted), clock.left, like="alone")
    if granting.values is None or clock.is_over:
        return Alone(None)
    free = _best(standing, alone.also(without), clock)
    costs = free.margin - granting.bound
    if free.values is None or costs <= _noise(wanted):
        return Alone(None)
    return Alone(False, costs, dearest_term(ground, free.values, granting.values))


def _alone(ground: Ground, wanted: Wanted) -> Change:
    """No other order gets anything, no promise binds."""
    nothing = {each.delivered: 0.0 for each in ground.orders.values() if each.order != wanted.order}
    return ground.standing.all_released().also(Change(upper=nothing))


def _noise(wanted: Wanted) -> float:
    return NOISE * max(1.0, abs(wanted.price * wanted.quantity))


def _best(standing: Standing, change: Change, clock: Clock) -> Answer:
    # A basis of its own kind: a book without its other orders is far from every other question.
    relaxed = standing.bound_of(change, clock.left, like="alone")
    if relaxed.is_impossible or relaxed.is_proven or clock.is_over:
        return relaxed
    return bounded(standing.ask(change, time_limit=clock.left, like="alone, whole"), relaxed)
