"""How much of an order is delivered at which price: the break points of the best margin as a function of the price."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from model.explain.break_even import NO_UNITS, BreakEven, Clock
from model.explain.interval import SAME_MONEY, Interval

MOST_PIECES = 40
# Prices tried for all of an order: up to 2 * 8 ** 5 times the first, some 65,000 times.
STEPS_UP = 6
FURTHER = 8.0
NEARLY = 0.001


@dataclass(frozen=True)
class _Piece:
    """A best plan as a line: margin at price zero, units that bear the price, units delivered."""

    margin: float
    units: float
    delivered: float


def supply_curve(search: BreakEven, clock: Clock) -> tuple[tuple[float, float], ...]:
    """Prices, rising, with the units delivered from each on; empty unless every step is proven.

    The line of a best plan below a price and that of one above it meet at a break point, unless a third plan earns more
    there, which then divides the stretch into two.
    """
    if not search.interval.is_exact or search.interval.high == float("inf"):
        return ()
    is_free = search.interval.high == 0.0  # some of it is delivered even at price zero
    # The interval is exact: the margin without the order is known, and is a line of no units.
    out = _best_at(search, 0.0, clock) if is_free else _Piece(search.balance.least, 0.0, 0.0)
    top = None if out is None else _highest(search, clock)
    if out is None or top is None:
        return ()
    between = _between(search, out, top, clock, MOST_PIECES)
    if between is None:
        return ()
    pieces = [out, *between, top]
    points = [(0.0, out.delivered)] if is_free else []
    for lower, upper in pairwise(pieces):
        if upper.units > lower.units:
            points.append((max(0.0, _meet(lower, upper)), upper.delivered))
    return tuple(points)


def last_unit(curve: tuple[tuple[float, float], ...], quantity: float) -> Interval | None:
    """The price from which all of the order is delivered; None where the curve does not tell."""
    full = [price for price, units in curve if units >= quantity * (1 - NO_UNITS)]
    return Interval(min(full), min(full)) if full else None


def price_of_all(search: BreakEven, whole: BreakEven, curve: tuple[tuple[float, float], ...]) -> Interval:
    """The price from which all of the order is delivered, as far as it is known: by the curve, else no lower than the
    prices at which none of it, or a plan known with a part of it, earns more than any plan with all of it."""
    known = last_unit(curve, search.wanted.quantity)
    if known is not None or math.isinf(whole.interval.low):
        return known or whole.interval
    # What delivers nearly all of it would turn the noise of a margin into any price.
    most = whole.balance.slopes[1] * (1 - NEARLY)
    parts = [(margin, units) for margin, units in search.balance.lines if units < most]
    surpassed = [whole.balance.surpassed(margin, units) for margin, units in parts]
    return Interval(max([whole.interval.low, *surpassed]), math.inf)


def _highest(search: BreakEven, clock: Clock) -> _Piece | None:
    """The best plan at a price so high that all that can be is delivered."""
    most = search.most_deliverable(clock)
    price = max(search.wanted.price, search.interval.high, 1e-6) * 2
    for _ in range(STEPS_UP):
        piece = _best_at(search, price, clock)
        if piece is None or piece.delivered >= most * (1 - NO_UNITS):
            return piece
        price *= FURTHER
    return None


def _between(search: BreakEven, lower: _Piece, upper: _Piece, clock: Clock, most: int) -> list[_Piece] | None:
    """The best plans between two, at most so many; None where that is not proven."""
    if upper.units - lower.units <= NO_UNITS * max(1.0, upper.units):
        return []
    price = _meet(lower, upper)
    middle = None if clock.is_over or most <= 0 else _best_at(search, price, clock)
    if middle is None:
        return None
    known = lower.margin + lower.units * price
    # Ten times the noise of one margin: three re-solves are compared.
    is_break = middle.margin + middle.units * price <= known + 10 * SAME_MONEY * max(1.0, abs(known))
    # A third plan no further along than its neighbours would divide the stretch for ever.
    if is_break or not lower.units + NO_UNITS < middle.units < upper.units - NO_UNITS:
        return []
    # The pieces allowed are shared: what lies below is taken off what may lie above.
    below = _between(search, lower, middle, clock, most - 1)
    if below is None:
        return None
    above = _between(search, middle, upper, clock, most - 1 - len(below))
    return None if above is None else [*below, middle, *above]


def _meet(lower: _Piece, upper: _Piece) -> float:
    return (lower.margin - upper.margin) / (upper.units - lower.units)


def _best_at(search: BreakEven, price: float, clock: Clock) -> _Piece | None:
    answer = search.at_price(price, clock)
    if answer.values is None or not answer.is_proven:
        return None
    values = answer.values
    units = search.units(values)
    return _Piece(answer.margin - units * price, units, float(values[search.wanted.delivered]))


