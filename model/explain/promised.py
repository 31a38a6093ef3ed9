"""Which promises stand in the way of an order: to other customers, of the planner, and of what is kept in stock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from model.buckets import buckets
from model.explain.break_even import Clock
from model.explain.explanation import Explanation, Loser, Rule, RuleKind
from model.explain.ground import FEW, Ground, Wanted
from model.explain.money import margins
from model.explain.needed import only_needed
from model.instance.policy import frozen_buckets
from model.instance.selling import planned_orders
from model.solve.change import Change, Row
from model.solve.promises import HELD_ROOM, miss_weights
from model.tables import Tables
from model.variables import VARIABLES

RULES: tuple[RuleKind, ...] = ("pin", "frozen_plan", "contract_minimum", "safety_stock", "final_stock")
MISS_OF = {decision.name: decision.miss for decision in VARIABLES if decision.miss}


def firm_orders(tables: Tables) -> frozenset[str]:
    """The orders that are promised."""
    orders = planned_orders(tables)
    return frozenset(orders.loc[orders["is_firm"], "order"])


def promises_more(tables: Tables) -> bool:
    """Whether anything besides orders is promised: a frozen plan, pins, contract minimums, stock that must be kept."""
    frames = tables.frames
    stock = frames["stock"]
    return (len(frozen_buckets(tables, buckets(tables.settings))) > 0 or not frames["pins"].empty
            or bool((frames["allocations"]["min_qty"] > 0).any())
            or bool(((stock["safety_stock"] > 0) | (stock["final_stock"] > 0)).any()))


def in_the_way(ground: Ground, wanted: Wanted, found: Explanation, granted: Change, clock: Clock) -> Explanation:
    """With the order forced in and as little missed as then can be, in the ranks of promises: what that breaks.

    Undecided where no plan was found in the time, or one that breaks nothing.
    """
    standing, matrix = ground.standing, ground.matrix
    values = _least_missed(ground, granted.also(only_needed(ground, wanted, found.goal)), clock)
    if values is None:
        return replace(found, reason="undecided")
    counted = np.concatenate([matrix.family.get(family, np.empty(0, dtype=int)) for family in MISS_OF])
    broken = [position for position in _broken(ground, values, counted) if position != wanted.missed]
    losers = [_loser(ground, str(matrix.columns[position][1]), float(values[position] - standing.values[position]))
              for position in broken if matrix.columns[position][0] == "missed_firm"]
    if losers:
        return replace(found, reason="crowded_out",
                       losers=tuple(sorted(losers, key=lambda each: (-each.margin, each.order))))
    # The one that is broken most: of others a hair may be missed, as a sum is held with some room.
    broken.sort(key=lambda position: float(standing.values[position] - values[position]))
    for kind in RULES:
        names = [matrix.columns[position][1] for position in broken if MISS_OF[matrix.columns[position][0]] == kind]
        if names:
            return replace(found, reason="kept_out_by_rule", rule=Rule(kind, _named(kind, names[0]), 0.0))
    return replace(found, reason="undecided")


def _least_missed(ground: Ground, asked: Change, clock: Clock) -> np.ndarray | None:
    """A plan that misses least, rank after rank; None where none is found in time.

    Once an order has to give way, what ranks after orders is not asked about: an order is named then.
    """
    standing, matrix = ground.standing, ground.matrix
    # The relaxation first: it proves in little time what no plan can do.
    if standing.bound_of(asked.also(Change(is_alone=True)), clock.left).is_impossible:
        return None
    price = max((each.price for each in ground.orders.values()), default=1.0) or 1.0
    firm = matrix.family.get("missed_firm", np.empty(0, dtype=int))
    values: np.ndarray | None = None
    for weights in miss_weights(matrix, standing.problem.prices):
        counted = np.flatnonzero(weights)
        if not len(counted):
            continue
        if not np.isin(counted, firm).all() and values is not None and _broken(ground, values, firm):
            break
        # Fewer than none cannot be missed.
        if values is None or (values[counted] > FEW).any():
            earns = {int(position): -float(weights[position]) * price for position in counted}
            answer = standing.ask(asked.also(Change(earns=earns, is_alone=True)), time_limit=clock.left, start=values)
            values = answer.values
            if values is None:
                return None
        asked = asked.also(_held(ground, weights, values))
    return values


def _held(ground: Ground, weights: np.ndarray, values: np.ndarray) -> Change:
    """No more is missed of a rank than in these values."""
    counted = np.flatnonzero(weights)
    # Of an order that pays little the rounding of a sum is much: where nothing is broken, each promise is held alone.
    if not _broken(ground, values, counted):
        most = np.maximum(ground.standing.values, values)
        return Change(upper={int(position): float(most[position]) for position in counted})
    shares = {int(position): float(weights[position]) for position in counted}
    return Change(rows=(Row(-np.inf, float(weights @ values) * (1 + HELD_ROOM), shares),))


def _broken(ground: Ground, values: np.ndarray, counted: Iterable[int]) -> list[int]:
    """Of these columns, those of which more is missed: what the published plan misses anyway is not broken."""
    published = ground.standing.values
    return [int(each) for each in counted if values[each] > published[each] + FEW * max(1.0, published[each])]


def _loser(ground: Ground, order: str, lost: float) -> Loser:
    """An order that loses so many units, with its margin on them in the published plan."""
    delivered = float(ground.standing.values[ground.orders[order].delivered])
    return Loser(order, lost, margins(ground).get(order, 0.0) * min(1.0, lost / delivered) if delivered > 0 else 0.0)


def _named(kind: RuleKind, member: object) -> str:
    """A promise as its table names it: the rule or pin; the item that is kept in stock."""
    if kind == "frozen_plan":
        return ""
    # Stocks are missed by item, site and bucket.
    return str(member[0]) if isinstance(member, tuple) else str(member)
