"""Rows that no plan breaks and a relaxation does: what orders get of an item needs whole setups.

Over a stretch of buckets, what some orders get comes from stock before it and from what is made in it,

    sum over o of y[o] <= s + sum over j of x[j],    0 <= y[o] <= q[o],    0 <= x[j] <= M[j] * z[j],    z[j] whole,

so that for any part T of the setups, with u = sum of (q - y) and Q = sum of q,

    sum over T of M[j] * z[j] + (s + x outside T + u) >= Q

Divided by some d and rounded (mixed-integer rounding; Marchand and Wolsey 2001), with f = Q / d - floor(Q / d) and
F(r) = floor(r) + min(1, (r - floor(r)) / f):

    f * d * sum over T of F(M[j] / d) * z[j] + s + x outside T + u >= f * d * ceil(Q / d)

Setups that are sure in the relaxation enter by what they are short of 1. What is made without a setup and is, in the
relaxation, nearer to its most than to nothing, enters by its most, which is taken off Q as is what is given. With one
order and d = M this is the strong form of lot sizing, with several orders the (k, S, I) inequalities (Pochet and Wolsey
2006, chapter 10).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from model.solve.flows import Flow

LONGEST = 26  # buckets of a stretch
MOST_PREFIXES, MOST_DIVISORS = 3, 4
LEAST_SERVED = 0.3  # share of an order in the relaxation; what is served less would take more from a row than it adds
LEAST_PART, MOST_PART = 0.02, 0.98  # of f: others are all but no rounding
WHOLE = 1e-6
LEAST_BROKEN = 1e-3  # share of the largest divisor
SAFETY = 1e-9  # relative: rows give way so much to the rounding of doubles


@dataclass(frozen=True)
class Cut:
    """sum of ``coefficients`` times ``columns`` >= ``lower``."""

    columns: np.ndarray
    coefficients: np.ndarray
    lower: float


@dataclass(frozen=True)
class _Stretch:
    """What a flow holds from bucket ``first`` on, in the relaxation: of each inflow by a whole decision its place,
    bucket, value, ``most`` and the decision's value. ``plain``: mask of the inflows that need no decision and enter as
    they are; the others of that kind enter by their most. Added up from ``first`` on, by bucket: ``free``, the stock
    before and what is plain; ``limit``, what is given and the most of the others; and ``got``, by order.
    """

    first: int
    place: np.ndarray
    bucket: np.ndarray
    value: np.ndarray
    most: np.ndarray
    switch: np.ndarray
    plain: np.ndarray
    free: np.ndarray
    limit: np.ndarray
    got: np.ndarray


@dataclass(frozen=True)
class _Choices:
    """Rows that could be stated over one stretch, one entry each: ``end`` (place of the last bucket in the stretch),
    ``count`` of the orders taken from ``ranked[:, end]``, what they want beyond the limit (``wanted``) and come short
    of with all that is free (``rest``), ``divisor``, and whether sure setups are ``turned``."""

    ranked: np.ndarray
    end: np.ndarray
    count: np.ndarray
    wanted: np.ndarray
    rest: np.ndarray
    divisor: np.ndarray
    turned: np.ndarray


def as_rows(cuts: list[Cut], width: int) -> tuple[sparse.csr_array, np.ndarray]:
    """The cuts as rows over ``width`` columns, and their lower limits."""
    row = np.repeat(np.arange(len(cuts)), [len(cut.columns) for cut in cuts])
    entries = sparse.coo_array((np.concatenate([cut.coefficients for cut in cuts]),
                                (row, np.concatenate([cut.columns for cut in cuts]))), shape=(len(cuts), width))
    return sparse.csr_array(entries), np.array([cut.lower for cut in cuts])


def broken_cuts(flow: Flow, values: np.ndarray) -> list[Cut]:
    """Of each first bucket of a stretch the row that ``values``, the relaxation's columns, break most."""
    found = []
    switched = flow.switch >= 0
    inflow = flow.coefficient * values[flow.inflow]
    switch = np.where(switched, values[flow.switch], 0.0)
    count = len(flow.given)
    # Whichever of nothing and its most is nearer.
    plain = ~switched & (flow.most - inflow >= inflow)
    limited = ~switched & ~plain
    free = np.bincount(flow.bucket[plain], inflow[plain], minlength=count)
    limit = flow.given + np.bincount(flow.bucket[limited], flow.most[limited], minlength=count)
    got = np.zeros((len(flow.wanted), count))
    np.add.at(got, (flow.order, flow.ships_in), flow.taken * values[flow.shipment])
    for first in range(count):
        last = min(count, first + LONGEST)
        here = np.flatnonzero(switched & (flow.bucket >= first) & (flow.bucket < last))
        columns, numbers = flow.before[first]
        stock = float(numbers @ values[columns])
        # A stretch that begins with a full stock breaks nothing, nor one without an open decision.
        if not _is_open(switch[here]).any() or stock >= flow.most[here].max():
            continue
        stretch = _Stretch(first, here, flow.bucket[here], inflow[here], flow.most[here], switch[here], plain,
                           stock + np.cumsum(free[first:last]), np.cumsum(limit[first:last]),
                           np.cumsum(got[:, first:last], axis=1))
        cut = _most_broken(flow, stretch)
        if cut is not None:
            found.append(cut)
    return found


def _most_broken(flow: Flow, stretch: _Stretch) -> Cut | None:
    choices = _choices(flow, stretch)
    if not len(choices.end):
        return None
    is_sure = stretch.switch >= 1 - WHOLE
    inside = stretch.bucket[None, :] <= stretch.first + choices.end[:, None]
    turned = choices.turned[:, None] & is_sure[None, :]
    wanted = choices.wanted - ((inside & turned) * stretch.most).sum(axis=1)
    ratio = wanted / choices.divisor
    part = ratio - np.floor(ratio)
    usable = (part >= LEAST_PART) & (part <= MOST_PART)
    part = np.where(usable, part, 0.5)
    step = part * choices.divisor
    by_switch = step[:, None] * _rounded(stretch.most[None, :] / choices.divisor[:, None], part[:, None]) * (
        stretch.switch[None, :])
    used = np.minimum(stretch.value[None, :], by_switch)
    broken = step * np.ceil(ratio) - (used * (inside & ~turned)).sum(axis=1) - choices.rest
    broken = np.where(usable, broken, -np.inf)
    best = int(np.argmax(broken))
    if broken[best] <= LEAST_BROKEN * choices.divisor[best]:
        return None
    end = int(choices.end[best])
    orders = choices.ranked[:choices.count[best], end]
    return _stated(flow, stretch, stretch.first + end, orders, float(choices.divisor[best]), float(part[best]),
                   float(np.ceil(ratio[best])), turned[best], (stretch.value >= by_switch[best]) | turned[best])


def _choices(flow: Flow, stretch: _Stretch) -> _Choices:
    """The rows to be tried: orders by how much of what they want they get in the stretch, the first so many of them."""
    is_open = _is_open(stretch.switch)
    share = stretch.got / np.maximum(flow.wanted, 1e-12)[:, None]
    ranked = np.argsort(-share, axis=0, kind="stable")
    wanted = np.cumsum(flow.wanted[ranked], axis=0)
    rest = wanted - np.cumsum(np.take_along_axis(stretch.got, ranked, axis=0), axis=0) + stretch.free
    ends = stretch.first + np.arange(stretch.got.shape[1])
    begun = stretch.bucket[:, None] <= ends
    largest = np.where(begun, stretch.most[:, None], 0.0).max(axis=0)
    fits = (np.take_along_axis(share, ranked, axis=0) > LEAST_SERVED) & (rest < largest) & (
        begun & is_open[:, None]).any(axis=0)
    # The last of those that fit: what they want is the most.
    behind = np.cumsum(fits[::-1], axis=0)[::-1]
    place, end = np.nonzero(fits & (behind <= MOST_PREFIXES))
    divisors = np.unique(stretch.most[is_open])[-MOST_DIVISORS:]
    each, divisor, turned = (grid.reshape(-1) for grid in np.meshgrid(
        np.arange(len(place)), divisors, np.array([False, True]), indexing="ij"))
    place, end = place[each], end[each]
    return _Choices(ranked, end, place + 1, (wanted - stretch.limit)[place, end], rest[place, end], divisor, turned)


def _is_open(switch: np.ndarray) -> np.ndarray:
    """Mask of the decisions that the relaxation leaves open."""
    return (switch > WHOLE) & (switch < 1 - WHOLE)


def _rounded(ratio: np.ndarray, part: np.ndarray) -> np.ndarray:
    """F of the head of this file; continuous, so that what is whole but for rounding does no harm."""
    below = np.floor(ratio + SAFETY)
    return below + np.minimum(1.0, np.maximum(ratio - below, 0.0) / part)


def _stated(flow: Flow, stretch: _Stretch, last: int, orders: np.ndarray, divisor: float, part: float, steps: float,
            turned: np.ndarray, by_switch: np.ndarray) -> Cut:
    """The row over columns; ``turned`` and ``by_switch``: masks of the inflows by whole decisions."""
    inside = stretch.bucket <= last
    step = part * divisor
    entries: list[tuple[np.ndarray, np.ndarray]] = [flow.before[stretch.first]]
    limit = step * steps - float(flow.wanted[orders].sum())
    plain = np.flatnonzero(stretch.plain & (flow.bucket >= stretch.first) & (flow.bucket <= last))
    plain = np.concatenate([plain, stretch.place[inside & ~by_switch]])
    entries.append((flow.inflow[plain], flow.coefficient[plain]))
    whole = inside & by_switch & ~turned
    entries.append((flow.switch[stretch.place[whole]], step * _rounded(stretch.most[whole] / divisor, np.array(part))))
    short = inside & turned
    # F(-M / d) * (1 - z): what the decision is short of 1 takes its output away.
    taken = step * _rounded(-stretch.most[short] / divisor, np.array(part))
    entries.append((flow.switch[stretch.place[short]], -taken))
    limit -= float(taken.sum())
    shipped = np.isin(flow.order, orders) & (flow.ships_in >= stretch.first) & (flow.ships_in <= last)
    entries.append((flow.shipment[shipped], -flow.taken[shipped]))
    columns, where = np.unique(np.concatenate([each for each, _ in entries]), return_inverse=True)
    coefficients = np.bincount(where, np.concatenate([each for _, each in entries]))
    room = SAFETY * (abs(limit) + float(np.abs(coefficients).sum()))
    return Cut(columns, coefficients, limit - room)
