"""Orders that a rule of the planner's leaves out before anything is planned: declined by decision, or a tender.

The book is loaded once more with all of them in it, each closed until it is asked about. Then each is opened in turn:
what the best plan earns with it, against what it earns without.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from model.explain.break_even import BreakEven, Clock
from model.explain.explanation import Explanation, Rule
from model.explain.ground import Ground, Wanted
from model.explain.interval import Interval
from model.explain.near import Nearby
from model.instance import build_instance
from model.planning import Result, problem_of
from model.solve.change import Change
from model.solve.direct import direct_matrix
from model.tables import Tables

NOISE = 1e-9


def with_orders(tables: Tables, names: Sequence[str]) -> Tables:
    """The tables with these orders planned like any other that may be declined."""
    orders = tables.frames["orders"].copy()
    here = orders["order"].isin(set(names))
    orders.loc[here, "decision"] = None
    orders.loc[here, "win_probability"] = 1.0
    # Else a firm order would be a promise, which the book that closes it must miss.
    orders.loc[here, "commitment"] = "optional"
    return replace(tables, frames={**tables.frames, "orders": orders})


def ground_with(result: Result, ground: Ground, names: Sequence[str]) -> Ground | None:
    """The planned book with these orders in it, closed; None where the published plan is none of that book."""
    instance = build_instance(with_orders(ground.instance.tables, names))
    matrix = direct_matrix(instance)
    shut, upper = set(names), matrix.column_upper.copy()
    for position in matrix.family.get("delivered", ()):
        if matrix.columns[position][1] in shut:
            upper[position] = 0.0
    problem = problem_of(instance, replace(matrix, column_upper=upper))
    # By name: with further orders in it the book has further columns, and in other places.
    known = dict(zip(ground.matrix.columns, ground.standing.values, strict=True))
    values = np.array([known.get(name, 0.0) for name in matrix.columns])
    standing = ground.standing.beside(problem, values, result.outcome)
    # The published whole decisions, the rest solved anew: columns that the smaller book lacked get their values.
    published = standing.exact(Change(), values)
    if published.values is None:
        return None
    standing.values = published.values
    return Ground(instance, standing, ground.plan, frozenset(names))


class LeftOut:
    """Explains one order after another that was left out."""

    def __init__(self, ground: Ground, result: Result, is_thorough: bool) -> None:
        """``is_thorough``: search for whole decisions, too."""
        self._ground, self._is_thorough = ground, is_thorough
        self._nearby = Nearby(ground)
        self._orders = result.tables.frames["orders"].set_index("order")

    def explanation(self, order: str, clock: Clock) -> Explanation:
        """The rule that leaves the order out, what it costs, and from which price the order would pay."""
        wanted = self._ground.orders[order]
        search = BreakEven(self._ground, wanted, self._ground.taken(wanted), wanted.least)
        search.published()
        search.quick(self._nearby, clock)
        if self._is_thorough:
            search.solved(clock)
        whole = search
        if wanted.least < wanted.quantity:
            whole = BreakEven(self._ground, wanted, self._ground.in_full(wanted), wanted.quantity)
            whole.quick(self._nearby, clock, search)
            if self._is_thorough:
                whole.solved(clock)
            # A plan with all of the order is one that accepts it, too.
            search.balance.lines += whole.balance.lines
        costs = self._costs(wanted, clock)
        kind: Literal["decision", "tender"] = (
            "decision" if self._orders.at[order, "decision"] == "decline" else "tender")
        return Explanation(
            order, goal="accepted", reason="kept_out_by_rule", is_examined=True, price=wanted.price, costs=costs,
            rule=Rule(kind, "", max(0.0, -costs.high)), break_even=search.interval, whole=whole.interval)

    def _costs(self, wanted: Wanted, clock: Clock) -> Interval:
        """What the plan earns less with the order in it: from the relaxation and a plan near the published one, and in
        a small book with whole decisions."""
        ground, standing = self._ground, self._ground.standing
        asked = ground.taken(wanted) if wanted.is_lumpy else ground.in_full(wanted)
        relaxed = standing.bound_of(asked, clock.left)
        bound, margin = relaxed.bound, -math.inf
        if relaxed.values is not None:
            margin = self._nearby.plan(asked, relaxed.values, wanted).margin
        # Only where the relaxation does not prove a loss, nor the plan near the published one a gain.
        if self._is_thorough and bound >= standing.margin and margin <= standing.bound and not clock.is_over:
            answer = standing.ask(asked, time_limit=clock.left)
            bound, margin = min(bound, answer.bound), max(margin, answer.margin)
        # The solver's noise is no gain and no loss.
        noise = NOISE * max(1.0, abs(standing.margin))
        low, high = (0.0 if abs(end) <= noise else end for end in (standing.margin - bound, standing.bound - margin))
        return Interval(low, high)
