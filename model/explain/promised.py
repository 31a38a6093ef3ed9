"""Which promises stand in the way of an order: to other customers, of the planner, and of what is kept in stock."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.explain.break_even import Clock
from model.explain.explanation import Explanation, Loser, Rule, RuleKind
from model.explain.ground import Ground, Wanted
from model.explain.needed import only_needed
from model.solve.change import Change
from model.variables import VARIABLES

FEW = 1e-6
STANDS_FIRST: dict[str, RuleKind] = {
    "pin": "pin", "frozen_plan": "frozen_plan", "contract_minimum": "contract_minimum",
    "safety_stock": "safety_stock", "final_stock": "final_stock"}
MISS_OF = {decision.name: decision.miss for decision in VARIABLES if decision.miss}
# Weights in place of ranks, in shares of the dearest price: one search, within six orders of magnitude.
BEFORE_ORDERS, AFTER_ORDERS = 1e3, 1e-3


def in_the_way(ground: Ground, wanted: Wanted, found: Explanation, granted: Change, clock: Clock) -> Explanation:
    """With the order forced in and as little missed as then can be, in the ranks of promises: what that breaks.

    Undecided where no plan was found in the time, or one that breaks nothing.
    """
    standing, matrix = ground.standing, ground.matrix
    price = max((each.price for each in ground.orders.values()), default=1.0) or 1.0
    earns: dict[int, float] = {}
    for family, miss in MISS_OF.items():
        for position in matrix.family.get(family, np.empty(0, dtype=int)):
            weight = {"frozen_plan": BEFORE_ORDERS, "pin": BEFORE_ORDERS}.get(miss, AFTER_ORDERS) * price
            if miss == "firm_order":
                # An order that pays nothing is a promise, too.
                weight = max(ground.orders[str(matrix.columns[position][1])].price, FEW)
            earns[int(position)] = -weight
    asked = granted.also(Change(earns=earns, is_alone=True)).also(only_needed(ground, wanted, found.goal))
    # The relaxation first: it proves in little time what no plan can do.
    answer = standing.bound_of(asked, clock.left)
    if not answer.is_impossible:
        answer = standing.ask(asked, time_limit=clock.left)
    if answer.values is None:
        return replace(found, reason="undecided")
    # What the published plan misses anyway is not broken for this order.
    broken = [position for position in earns if position != wanted.missed
              and answer.values[position] > standing.values[position] + FEW * max(1.0, standing.values[position])]
    losers = [Loser(str(matrix.columns[position][1]), float(answer.values[position] - standing.values[position]),
                    float(-earns[position] * (answer.values[position] - standing.values[position])))
              for position in broken if matrix.columns[position][0] == "missed_firm"]
    if losers:
        return replace(found, reason="crowded_out", losers=tuple(sorted(losers, key=lambda each: -each.margin)))
    for miss, kind in STANDS_FIRST.items():
        names = [matrix.columns[position][1] for position in broken if MISS_OF[matrix.columns[position][0]] == miss]
        if names:
            return replace(found, reason="kept_out_by_rule", rule=Rule(kind, _named(kind, names[0]), 0.0))
    return replace(found, reason="undecided")


def _named(kind: RuleKind, member: object) -> str:
    """A promise as its table names it: the rule or pin; the item that is kept in stock."""
    if kind == "frozen_plan":
        return ""
    # Stocks are missed by item, site and bucket.
    return str(member[0]) if isinstance(member, tuple) else str(member)
