"""A figure that is known exactly or only between two ends."""

from __future__ import annotations

import math
from dataclasses import dataclass

EXACT = 1e-6
SMALLEST = 0.1  # no narrower below it, for the noise of margins is a large part there; prices per Wh lie above


@dataclass(frozen=True)
class Known:
    """What a figure surely lies between; an end is infinite where nothing is proven on that side."""

    low: float
    high: float

    @property
    def is_exact(self) -> bool:
        """Whether both ends are the same, within 1e-6 of the figure."""
        # Nothing is known exactly at infinity: the difference of two infinite ends is no number.
        if not (math.isfinite(self.low) and math.isfinite(self.high)):
            return False
        return self.high - self.low <= EXACT * max(SMALLEST, abs(self.low), abs(self.high))

    def within(self, other: Known) -> Known:
        """What both say together. Where they contradict each other, by noise or by a wrong answer of the solver,
        nothing narrower is claimed than what lies between them."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        return Known(min(low, high), max(low, high))

    def less(self, other: Known) -> Known:
        """This figure less the other."""
        return Known(self.low - other.high, self.high - other.low)


ANYTHING = Known(-math.inf, math.inf)
