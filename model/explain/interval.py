"""What is known of the price at which an order begins to pay: proven bounds from both sides."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from model.explain.known import Known

SAME_MONEY = 1e-9


@dataclass(frozen=True)
class Interval(Known):
    """A price [base money per unit] known to lie between ``low`` and ``high``; infinite: at no price."""

    @property
    def is_exact(self) -> bool:
        """Whether both ends are the same, within 1e-6 of the figure, or it is known to pay at no price."""
        return self.low == math.inf or super().is_exact

    def holds(self, price: float) -> bool:
        """Whether the price lies inside, ends included."""
        return self.low <= price <= self.high


ANY_PRICE = Interval(0.0, 0.0)
NO_PRICE = Interval(math.inf, math.inf)


@dataclass
class Balance:
    """What the best plan earns with an order, by its price, against what the best plan earns without it.

    With the order, the best margin is a convex function of the price: the highest of the ``lines`` of all plans, each
    as (margin at price zero, units that bear the price). So a plan found gives a line below it; a bound proven at a
    price gives a point above it, and chords between such points lie above it, too. ``slopes``: fewest and most units
    that can bear the price. ``least``, ``most``: proven limits of the best margin without the order.
    """

    slopes: tuple[float, float]
    least: float = -math.inf
    most: float = math.inf
    lines: list[tuple[float, float]] = field(default_factory=list)
    points: list[tuple[float, float]] = field(default_factory=list)

    def found(self, price: float, margin: float, units: float) -> None:
        """A plan with the order: its margin at a price, and how many units bear the price."""
        # A line that does not rise with the price never meets the margin without the order from below.
        if units > 0:
            self.lines.append((margin - units * price, units))

    def proven(self, price: float, bound: float) -> None:
        """No plan with the order earns more than ``bound`` at a price."""
        if math.isfinite(bound):
            self.points.append((price, bound))

    @property
    def high(self) -> float:
        """A price from which the order certainly pays."""
        if self.most == math.inf:
            return math.inf
        meets = min(((self.most - margin) / units for margin, units in self.lines), default=math.inf)
        # Noise of the margin, turned into a price by the units that bear it: below that the order pays at any price.
        noise = SAME_MONEY * max(1.0, abs(self.most)) / max((units for _, units in self.lines), default=1.0)
        return meets if meets > noise else 0.0

    @property
    def low(self) -> float:
        """A price below which the order certainly does not pay."""
        if self.least == -math.inf:
            return 0.0
        # A bound that is above the margin without the order by rounding only does not show that the order pays. What is
        # rounded is as large as what the order brings, which may be far more than a margin near zero.
        dearest = max((price for price, _ in self.points), default=0.0)
        level = self.least + SAME_MONEY * max(1.0, abs(self.least), dearest * self.slopes[1])
        # Two solves within noise of each other may set the lower end a hair above the upper one.
        return min(self._reached(level), self.high)

    def surpassed(self, margin: float, units: float) -> float:
        """A price up to which a plan certainly earns more than any with the order: one that earns ``margin`` at price
        zero, with ``units`` that bear the price. Zero where none is known."""
        dearest = max((price for price, _ in self.points), default=0.0)
        noise = SAME_MONEY * max(1.0, abs(margin), dearest * self.slopes[1])
        return self._reached(margin - noise, units)

    def _reached(self, level: float, units: float = 0.0) -> float:
        """The highest price up to which it is proven that no plan with the order reaches the line with ``level`` at
        price zero that rises with so many ``units``."""
        fewest, most = self.slopes[0] - units, self.slopes[1] - units
        points = [(price, bound - units * price) for price, bound in self.points]
        below = [(price, bound) for price, bound in points if bound <= level]
        above = [(price, bound) for price, bound in points if bound > level]
        # A bound holds on: upwards no steeper than the most units, downwards at least as steep as the fewest,
        # and below the chord of two bounds, as the best margin is convex in the price.
        reached = [0.0]
        reached += [price + (level - bound) / most for price, bound in below if most > 0]
        reached += [price - (bound - level) / fewest for price, bound in above if fewest > 0]
        reached += [price + (level - bound) / (higher - bound) * (further - price)
                    for price, bound in below for further, higher in above if further > price]
        return max(reached)

    @property
    def interval(self) -> Interval:
        """What is known so far."""
        return Interval(self.low, self.high)
