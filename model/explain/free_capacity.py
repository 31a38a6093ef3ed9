"""The same book with free capacity: what an order loses there, it loses whatever others leave it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from model.explain.alone import lost_alone
from model.explain.asking import bounded, late_shipments
from model.explain.break_even import Clock
from model.explain.explanation import Goal
from model.explain.goals import Goals
from model.explain.ground import Ground, Wanted
from model.explain.load import rebuilt, unplanned
from model.explain.loosened import with_stock
from model.explain.money import dearest_term
from model.solve.change import Change
from model.solve.standing import Answer
from model.tables import Tables

# A figure, not infinity: hours are coefficients of options and bound the limits of runs.
PLENTY = 1000.0
# Share of what an order gets or wants: no plan must be called impossible for the last digit.
HAIR = 1e-9


def with_free_capacity(tables: Tables) -> Tables:
    """The tables with a thousand times the hours of every line and resource, and supply and storage without limit."""
    frames = dict(tables.frames)
    # Overtime, too: a line may have nothing else, and what costs more than regular hours is not used beside them.
    frames["lines"] = frames["lines"].assign(**{
        hours: frames["lines"][hours] * PLENTY for hours in ("regular_hours", "overtime_hours")})
    frames["resources"] = frames["resources"].assign(hours=frames["resources"]["hours"] * PLENTY)
    frames["supply"] = frames["supply"].assign(max_qty=math.nan)
    frames["stock"] = frames["stock"].assign(storage_limit=math.nan)
    return replace(tables, frames=frames)


def with_goods_left(tables: Tables, ground: Ground) -> Tables:
    """The tables with no more goods at hand than the published plan leaves at its end beyond what must be kept, all of
    them at its start."""
    stock, matrix = tables.frames["stock"], ground.matrix
    left: dict[tuple[str, str], float] = {}
    # Summed over the pools of an item: they all lie in one store.
    for position in matrix.family.get("stock", ()):
        item, _, site, bucket = matrix.columns[position][1]
        if bucket == ground.instance.bucket_count - 1:
            left[item, site] = left.get((item, site), 0.0) + float(ground.standing.values[position])
    at_hand = np.array([left.get(place, 0.0) for place in zip(stock["item"], stock["site"], strict=True)])
    beyond = np.maximum(0.0, at_hand - np.maximum(stock["safety_stock"], stock["final_stock"]))
    frames = {**tables.frames, "stock": stock.assign(opening_stock=beyond),
              "receipts": tables.frames["receipts"].iloc[:0]}
    # What is only on the way needs no row of stock, and is left as well.
    rowless = set(left).difference(zip(stock["item"], stock["site"], strict=True))
    return with_stock(replace(tables, frames=frames), {place: max(0.0, left[place]) for place in sorted(rowless)})


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
        # Quotas, the frozen plan and goods that nobody sells are no freer here: what they take from others is no loss
        # of this order's.
        granted = _others(ground, wanted).also(granted)
        noise = 1e-7 * max(1.0, abs(wanted.price * wanted.quantity))
        answer = standing.bound_of(granted, clock.left)
        if not (answer.is_proven or answer.is_impossible or clock.is_over):
            searched = standing.ask(granted, time_limit=clock.left)
            values = answer.values if searched.values is None else searched.values
            answer = bounded(replace(searched, values=values), answer)
        # Where no plan grants it even here, or only in place of others, there is no loss of its own to name.
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
        # Before the attempt: a book too slow for one order is not planned again for the next.
        self._is_tried = True
        limit = min(self._seconds, max(1.0, clock.deadline_left))
        before = self._goals.ground
        tables = with_free_capacity(before.instance.tables)
        if self._is_thorough:
            self._ground = rebuilt(tables, before, limit, self._gap, is_started=True)
        else:
            self._ground = unplanned(with_goods_left(tables, before), before)
        if self._ground is not None:
            # Positions of columns differ from book to book.
            self._goals = self._goals.on(self._ground)
        return self._ground


def _others(ground: Ground, wanted: Wanted) -> Change:
    """All other orders get what the plan of a book delivers to them, no more of it late; but for a hair."""
    values, late = ground.standing.values, set(late_shipments(ground)["position"].tolist())
    others = [each for each in ground.orders.values() if each.order != wanted.order]
    least = {each.delivered: max(0.0, min(float(values[each.delivered]), each.quantity) * (1 - HAIR))
             for each in others}
    most = {position: max(0.0, float(values[position])) + HAIR * each.quantity
            for each in others for position in each.shipped.tolist() if position in late}
    return Change(lower=least, upper=most)


def is_granted(granted: Change, values: np.ndarray) -> bool:
    """Whether a plan grants what a change asks of it."""
    for row in granted.rows:
        # 1e-6, looser than the solver's tolerance: a plan that was asked for it must pass.
        total = sum(share * values[position] for position, share in row.columns.items())
        if not row.lower - 1e-6 * max(1.0, abs(row.lower)) <= total <= row.upper + 1e-6 * max(1.0, abs(row.upper)):
            return False
    low = all(values[position] >= floor - 1e-6 * max(1.0, abs(floor)) for position, floor in granted.lower.items())
    return low and all(values[position] <= top + 1e-6 * max(1.0, abs(top)) for position, top in granted.upper.items())
