"""Sums and differences of money that are exact to the last digit written: binary fractions would not add up."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal


def exact(amount: float) -> Decimal:
    """The amount as it is written; 0 where there is none."""
    # repr is the shortest decimal that gives this float, the one a cell or a file holds.
    return Decimal(repr(float(amount))) if math.isfinite(amount) else Decimal(0)


def exact_sum(amounts: Iterable[float]) -> Decimal:
    """The sum of the amounts as they are written."""
    return sum(map(exact, amounts), Decimal(0))


def difference(before: float, after: float) -> float:
    """after - before, as a person with pencil and paper finds it."""
    return float(exact(after) - exact(before))
