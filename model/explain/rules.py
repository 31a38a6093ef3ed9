"""Whether one rule alone keeps an order out: a quota, a pin, the frozen plan, its customer's approvals.

A rule is named where a plan without it grants the order what it asked for and earns more than any plan with the rule,
and no plan without it that gives the order no more than it has earns more. Both are proven, or the rule is not named.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace

from model.explain.applying import Granting, is_possible
from model.explain.break_even import Clock
from model.explain.explanation import Goal, Rule
from model.explain.free_capacity import is_granted
from model.explain.ground import FEW, Ground, Wanted
from model.explain.load import rebuilt
from model.explain.near import Nearby
from model.explain.needed import with_needed
from model.solve.change import Change
from model.solve.standing import Answer, Standing
from model.tables import Tables

NOISE = 1e-9
PIN_COLUMNS = {"fixed": ("fixed_pin_short", "fixed_pin_excess"), "min": ("minimum_pin_short",),
               "max": ("maximum_pin_excess",)}


class Rules:
    """Asks of one order after another; what a book earns without a rule is found once for all of them."""

    def __init__(self, ground: Ground, nearby: Nearby, is_thorough: bool = True) -> None:
        """``is_thorough``: search also where lifting a rule changes nothing in the relaxation. ``open``: orders of
        which it was not found out, for want of a search."""
        self._ground, self._nearby, self._is_thorough = ground, nearby, is_thorough
        self.open: set[str] = set()
        self._without: dict[Rule, Answer] = {}
        self._approved: dict[str, Ground | None] = {}

    def keeping_out(self, wanted: Wanted, granted: Change, bound: float, clock: Clock,
                    is_searched: bool = True) -> Rule | None:
        """The first rule that alone denies the order what is ``granted``; None where none is proven to.

        ``bound``: what plans that grant it under every rule earn at most; where there are none, a rule without which
        there are some is named though it costs nothing (``gain`` 0). ``is_searched``: with whole decisions.
        """
        standing = self._ground.standing
        noise = NOISE * max(1.0, abs(standing.margin))
        # In a large book only rules that the relaxation feels are looked at: plans without it earn more than with it.
        enough = standing.bound if self._is_thorough else max(standing.bound, bound)
        barring: Rule | None = None
        self.open.discard(wanted.order)
        for rule, lifted in _rules_in_model(self._ground, wanted):
            if clock.is_over:
                return barring
            most = standing.bound_of(granted.also(lifted), clock.left)
            near = -math.inf
            # Where no plan grants it under the rule, one without the rule is proof enough, whatever it earns.
            if most.values is not None and (bound == -math.inf or most.bound > enough + noise) and not clock.is_over:
                near = self._nearby.plan(granted.also(lifted), most.values, wanted).margin
                barring = rule if barring is None and bound == -math.inf and near > -math.inf else barring
            if most.bound <= enough + noise:
                continue
            margin = near if not is_searched else max(near, self._searched(rule, lifted, granted, near, clock))
            if margin > standing.bound + noise and self._is_best(margin, wanted, lifted, clock, is_searched):
                return replace(rule, gain=margin - standing.bound)
            if not is_searched:
                self.open.add(wanted.order)
        return self._approval(wanted, clock, is_searched) or barring

    def _searched(self, rule: Rule, lifted: Change, granted: Change, near: float, clock: Clock) -> float:
        """What the best plan without the rule was found to earn, where it grants the order what it asked for."""
        # Asked without the goal, so that one search serves every order; whether it grants the goal is looked up.
        if rule not in self._without and clock.is_over:
            return near
        if rule not in self._without:
            self._without[rule] = self._ground.standing.ask(lifted, time_limit=clock.left)
        best = self._without[rule]
        return best.margin if best.values is not None and is_granted(granted, best.values) else near

    def _is_best(self, margin: float, wanted: Wanted, lifted: Change, clock: Clock, is_searched: bool) -> bool:
        delivered = float(self._ground.standing.values[wanted.delivered])
        # Were a plan without the rule as good that gives the order no more, the rule would not be what keeps it out.
        denied = lifted.also(Change(upper={wanted.delivered: delivered}))
        return is_best(self._ground.standing, margin, denied, clock, is_searched)

    def _approval(self, wanted: Wanted, clock: Clock, is_searched: bool) -> Rule | None:
        """The approvals of the order's customer for its items, lifted in the tables: other lines may then make it."""
        before = float(self._ground.standing.values[wanted.delivered])
        lifted = None if clock.is_over or before >= wanted.quantity * (1 - FEW) else self._without_approvals(wanted)
        if lifted is None:
            return None
        if not is_searched:
            self.open.add(wanted.order)
            return None
        name, tables = lifted
        if name not in self._approved:
            self._approved[name] = rebuilt(tables, self._ground, clock.left)
        other = self._approved[name]
        if other is None or other.standing.is_missed or self._ground.standing.is_missed:
            return None  # where promises are missed, other lines may keep more of them: the margins do not compare
        delivered = float(other.standing.values[other.orders[wanted.order].delivered])
        gain = other.standing.margin - self._ground.standing.bound
        # More must be earned than any plan of the book could, and the order must get more: else others gain, not it.
        if gain <= NOISE * max(1.0, abs(other.standing.margin)) or delivered <= before + FEW * wanted.quantity:
            return None
        denied = Change(upper={other.orders[wanted.order].delivered: before})
        return Rule("approval", name, gain) if is_best(other.standing, other.standing.margin, denied, clock) else None

    def approvals_barring(self, wanted: Wanted, goal: Goal, granting: Granting, clock: Clock) -> Rule | None:
        """The approvals, where without them the order could be made and with them it cannot; nothing need be gained."""
        lifted = self._without_approvals(wanted)
        if lifted is None or clock.is_over:
            return None
        name, tables = lifted[0], with_needed(lifted[1], self._ground, wanted, goal)
        return Rule("approval", name, 0.0) if is_possible(self._ground, wanted, tables, granting, clock) else None

    def _without_approvals(self, wanted: Wanted) -> tuple[str, Tables] | None:
        """The tables without the approvals of the order's customer for its items, and these by name."""
        tables = self._ground.instance.tables
        customer = tables.frames["orders"].set_index("order").at[wanted.order, "customer"]
        approvals = tables.frames["approvals"]
        eligible = self._ground.instance.frames["eligible"]
        items = set(eligible.loc[eligible["order"] == wanted.order, "item"])
        of_order = (approvals["customer"] == customer) & approvals["item"].isin(items)
        if not of_order.any():
            return None
        name = f"{customer} / {', '.join(sorted(approvals.loc[of_order, 'item'].unique()))}"
        return name, replace(tables, frames={**tables.frames, "approvals": approvals[~of_order].reset_index(drop=True)})


def is_best(standing: Standing, margin: float, denied: Change, clock: Clock, is_searched: bool = True) -> bool:
    """Whether it is proven that no plan that denies the order more earns more than ``margin``."""
    level = margin + NOISE * max(1.0, abs(margin))
    if clock.is_over:
        return False
    if standing.bound_of(denied, clock.left).bound <= level:
        return True
    return is_searched and not clock.is_over and standing.ask(denied, time_limit=clock.left).bound <= level


def _rules_in_model(ground: Ground, wanted: Wanted) -> Iterator[tuple[Rule, Change]]:
    counted = ground.instance.frames["allocation_shipments"]
    for name in sorted(counted.loc[counted["order"] == wanted.order, "rule"].unique()):
        # Where the model has no row for it, it limits nothing.
        if ground.standing.row("allocation_quota", name) is not None:
            yield Rule("quota", str(name), 0.0), without_rows(ground, "allocation_quota", [name])
    for contract in sorted(ground.instance.sets["CONTRACTS"].members()):
        yield Rule("contract_minimum", str(contract), 0.0), ground.unpromised([("missed_contract", contract)])
    for pin, lifted in without_pins(ground):
        yield Rule("pin", pin, 0.0), lifted
    frozen = without_frozen(ground)
    if frozen is not None:
        yield Rule("frozen_plan", "", 0.0), frozen


def without_frozen(ground: Ground) -> Change | None:
    """The frozen part of the published plan taken away: its units cost to move what later ones do; None where there is
    none."""
    members = ground.instance.sets["FROZEN_MAKING"].members()
    if not members:
        return None
    published = ground.instance.sets["FROZEN_PUBLISHED"].members()
    short = ground.unpromised(("frozen_short", member) for member in published)
    cost = ground.instance.tables.settings.change_cost
    # ``upper`` holds just the columns of published units not made: those pay the change cost, units added do not.
    short = replace(short, earns=dict.fromkeys(short.upper, -cost))
    return short.also(ground.unpromised(("frozen_excess", member) for member in members))


def without_pins(ground: Ground) -> Iterator[tuple[str, Change]]:
    """Every pin with the change that takes it away."""
    pins = ground.instance.frames["pins"]
    for pin, sense in pins[["pin", "sense"]].itertuples(index=False):
        yield str(pin), ground.unpromised((family, pin) for family in PIN_COLUMNS[sense])


def without_rows(ground: Ground, law: str, members: Iterable[object]) -> Change:
    """These limits hold no more."""
    rows = [row for member in members if (row := ground.standing.row(law, member)) is not None]
    return Change(row_lower=dict.fromkeys(rows, -math.inf), row_upper=dict.fromkeys(rows, math.inf))
