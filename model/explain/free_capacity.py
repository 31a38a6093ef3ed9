"""The same book with free capacity: what an order loses there, it loses whatever others leave it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from model.explain.alone import lost_alone
from model.explain.break_even import Clock
from model.explain.explanation import Goal
from model.explain.goals import Goals
from model.explain.ground import Ground
from model.explain.load import rebuilt, unplanned
from model.explain.money import dearest_term
from model.solve.change import Change
from model.solve.standing import Answer
from model.tables import Tables

PLENTY = 1000.0


def with_free_capacity(tables: Tables) -> Tables:
    """The tables with a thousand times the hours of every line and resource, and supply and storage without limit."""
    frames = dict(tables.frames)
    frames["lines"] = frames["lines"].assign(regular_hours=frames["lines"]["regular_hours"] * PLENTY)
    frames["resources"] = frames["resources"].assign(hours=frames["resources"]["hours"] * PLENTY)
    frames["supply"] = frames["supply"].assign(max_qty=math.nan)
    frames["stock"] = frames["stock"].assign(storage_limit=math.nan)
    return replace(tables, frames=frames)


def with_goods_left(tables: Tables, ground: Ground) -> Tables:
    """The tables with no more goods at hand than the published plan leaves at its end beyond what must be kept, all of
    them at its start."""
    stock, matrix = tables.frames["stock"], ground.matrix
    left: dict[tuple[str, str], float] = {}
    for position in matrix.family.get("stock", ()):
        item, _, site, bucket = matrix.columns[position][1]
        if bucket == ground.instance.bucket_count - 1:
            left[item, site] = left.get((item, site), 0.0) + float(ground.standing.values[position])
    at_hand = np.array([left.get(place, 0.0) for place in zip(stock["item"], stock["site"], strict=True)])
    beyond = np.maximum(0.0, at_hand - np.maximum(stock["safety_stock"], stock["final_stock"]))
    return replace(tables, frames={**tables.frames, "stock": stock.assign(opening_stock=beyond),
                                   "receipts": tables.frames["receipts"].iloc[:0]})


@dataclass(frozen=True)
class Loss:
    """What an order loses with free capacity, at least and at most [base money], and the term that costs most."""

    least: float
    most: float
    term: tuple[str, float]


class FreeBook:
    """The book with free capacity, planned and loaded when it is first asked for.

    A large one is not planned: an order is asked about in it alone, with no more of the goods at hand than the other
    orders leave.
    """

    def __init__(self, goals: Goals, seconds: float, gap: float = 0.0, is_thorough: bool = True) -> None:
        """``is_thorough``: plan the book, and search for whole decisions where the relaxation alone proves nothing."""
        self._goals, self._seconds, self._gap = goals, seconds, gap
        self._is_thorough = is_thorough
        self._ground: Ground | None = None
        self._is_tried = False

    def loss(self, order: str, goal: Goal, clock: Clock) -> Loss | None:
        """The loss, where it is proven that the order loses; None where it pays or nothing is proven in time.

        What lines make in all, and so a move to another line, cannot be compared where every line has hours for all.
        """
        ground = None if goal == "published_line" else self._loaded(clock)
        if ground is None or order not in ground.orders:
            return None
        wanted, standing = ground.orders[order], ground.standing
        granted = self._goals.granting(wanted, goal)
        if not self._is_thorough:
            alone = lost_alone(ground, wanted, goal, granted, clock)
            return None if alone.pays is None else Loss(alone.costs, math.inf, alone.term)
        if is_granted(granted, standing.values):
            return None
        noise = 1e-7 * max(1.0, abs(wanted.price * wanted.quantity))
        answer = standing.bound_of(granted, clock.left)
        if not (answer.is_proven or answer.is_impossible or clock.is_over):
            searched = standing.ask(granted, time_limit=clock.left)
            values = answer.values if searched.values is None else searched.values
            answer = replace(searched, values=values, bound=max(searched.margin, min(searched.bound, answer.bound)))
        if answer.is_impossible or answer.bound >= standing.margin - noise:
            return None
        least = standing.margin - answer.bound
        most = standing.bound - answer.margin if answer.is_feasible else math.inf
        return Loss(least, most, self._term(ground, answer))

    def _term(self, ground: Ground, answer: Answer) -> tuple[str, float]:
        if answer.values is None:
            return "", 0.0
        return dearest_term(ground, ground.standing.values, answer.values)

    def _loaded(self, clock: Clock) -> Ground | None:
        if self._is_tried:
            return self._ground
        self._is_tried = True
        limit = min(self._seconds, max(1.0, clock.deadline_left))
        before = self._goals.ground
        tables = with_free_capacity(before.instance.tables)
        if self._is_thorough:
            self._ground = rebuilt(tables, before, limit, self._gap, is_started=True)
        else:
            self._ground = unplanned(with_goods_left(tables, before), before)
        if self._ground is not None:
            self._goals = self._goals.on(self._ground)
        return self._ground


def is_granted(granted: Change, values: np.ndarray) -> bool:
    """Whether a plan grants what a change asks of it."""
    for row in granted.rows:
        total = sum(share * values[position] for position, share in row.columns.items())
        if not row.lower - 1e-6 * max(1.0, abs(row.lower)) <= total <= row.upper + 1e-6 * max(1.0, abs(row.upper)):
            return False
    low = all(values[position] >= floor - 1e-6 * max(1.0, abs(floor)) for position, floor in granted.lower.items())
    return low and all(values[position] <= top + 1e-6 * max(1.0, abs(top)) for position, top in granted.upper.items())
