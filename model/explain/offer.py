"""What a date costs an enquiry, and the answer to it: values, and what a re-solve proves of a price."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from model.explain.displaced import Move
from model.explain.enquiries import Enquiry
from model.explain.known import Known
from model.solve.standing import Answer

Verdict = Literal["yes", "no", "open", "priced", "impossible", "not_examined"]
SAME_SLOPE = 1e-9


@dataclass(frozen=True)
class Offer:
    """What one date costs: the lowest ``price`` [order currency per unit], None where no plan delivers by then.

    ``values``: the plan found with the order in it at the margin ``earned`` at ``asked_price``; None without plan.
    ``by_plans_found``: the price at which the plans found with and without the order earn the same; where ``price`` is
    not exact that is an estimate and proves nothing. ``is_examined``: whether the time sufficed to ask.
    """

    date: pd.Timestamp
    price: Known | None
    is_examined: bool = True
    values: np.ndarray | None = field(default=None, repr=False, compare=False)
    asked_price: float = 0.0
    by_plans_found: float | None = None
    earned: Known = field(default=Known(-math.inf, math.inf), compare=False)

    def verdict(self, price: float | None) -> Verdict:
        """Whether the order pays at a price."""
        if not self.is_examined:
            return "not_examined"
        if self.price is None:
            return "impossible"
        if price is None:
            return "priced"
        if price >= self.price.high * (1 - SAME_SLOPE):
            return "yes"
        return "no" if price < self.price.low * (1 - SAME_SLOPE) else "open"


@dataclass(frozen=True)
class Quote:
    """The answer to one enquiry.

    ``asked``: the offer at the enquiry's own date, None where it names none. ``earliest``: the first day on which it
    surely pays at its price, and ``earliest_possible`` the first on which that is not excluded (None: on none, or no
    price is named). ``offers``: every date examined, in order. ``chosen``: the offer whose displacements are ``moves``.
    ``verdict``: whether it is taken at its own price and date. ``base``: margin without it.
    """

    enquiry: Enquiry
    verdict: Verdict
    asked: Offer | None
    earliest: pd.Timestamp | None
    earliest_possible: pd.Timestamp | None
    offers: tuple[Offer, ...]
    chosen: Offer | None
    moves: tuple[Move, ...]
    base: Known
    seconds: float


def between(price: float, answer: Answer, base: Known, slopes: np.ndarray, slope: float) -> Known:
    """What an answer at ``price`` proves of the price at which margin with and without the order are the same.

    The margin with the order grows with the price by at least the least and at most the largest slope; a plan that was
    found grows by its own.
    """
    low, high = 0.0, math.inf
    # No plan with the order is ahead of one without it by more than this, at this price.
    ahead = answer.bound - base.low
    least, most = float(slopes.min()), float(slopes.max())
    # Ahead: each unit of price less takes at least the least slope from the lead. Behind: each one more makes up for
    # no more than the largest.
    if math.isfinite(ahead) and (least if ahead >= 0 else most) > 0:
        low = max(0.0, price - ahead / (least if ahead >= 0 else most))
    # Behind, and a higher price brings nothing: duty takes all of it.
    elif ahead < 0 and most <= 0:
        low = math.inf
    if answer.values is not None and slope > 0:
        high = max(0.0, price + (base.high - answer.margin) / slope)
    # Noise of two solves may put the ends crosswise.
    return Known(min(low, high), max(low, high))


def latest(days: Sequence[pd.Timestamp], date: pd.Timestamp) -> pd.Timestamp | None:
    """The last day on which something can arrive, not after the date."""
    before = [day for day in days if day <= date]
    return before[-1] if before else None
