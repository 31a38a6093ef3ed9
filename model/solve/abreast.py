"""Searches side by side, compared at the same count of steps: which plans are taken does not depend on the clock.

Each search tells how far it has got after how many of its solver's checks. What is taken of all of them is what they
had after the fewest checks at which they are close enough together, so what one leaves of the gap is another's.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Standing:
    """What is known of a component at the prices in force: ``values`` of its best plan, None where there is none."""

    values: np.ndarray | None
    objective: float
    bound: float


@dataclass(frozen=True)
class Reached:
    """What a search has after so many ``checks``; ``values`` only where the plan is another than before."""

    checks: float
    values: np.ndarray | None
    objective: float
    bound: float


class Abreast:
    """How far searches have got that begin at these ``standings``; those that are not ``searched`` stay there."""

    def __init__(self, standings: Mapping[str, Standing], searched: Sequence[str]) -> None:
        self._known = {name: 0.0 if name in searched else np.inf for name in standings}
        # Of each search, the checks after which it stood otherwise than before, and how it stood.
        self._checks = {name: [0.0] for name in standings}
        self._course = {name: [standing] for name, standing in standings.items()}

    def hear(self, name: str, reached: Reached) -> None:
        """Take note of one message of a search; its checks only grow."""
        self._known[name] = reached.checks
        before = self._course[name][-1]
        if reached.values is not None or (reached.objective, reached.bound) != (before.objective, before.bound):
            values = before.values if reached.values is None else reached.values
            self._checks[name].append(reached.checks)
            self._course[name].append(Standing(values, reached.objective, reached.bound))

    def end(self, name: str) -> None:
        """No more will be heard of this search: it has what it has, however far the others go."""
        self._known[name] = np.inf

    def latest(self) -> dict[str, Standing]:
        """All that was heard, whatever the count of checks."""
        return self._after(np.inf)

    def first_within(self, room: float) -> dict[str, Standing] | None:
        """The standings after the fewest checks at which plans and bounds are at most ``room`` apart in all; None where
        that is not known to be reached."""
        common = min(self._known.values())
        if _apart(self._after(common)) > room:
            return None
        # Plans and bounds only get better, so the first that is within is found going up.
        steps = sorted({each for checks in self._checks.values() for each in checks if each <= common})
        return next(found for found in map(self._after, steps) if _apart(found) <= room)

    def _after(self, checks: float) -> dict[str, Standing]:
        return {name: course[bisect_right(self._checks[name], checks) - 1] for name, course in self._course.items()}


def _apart(standings: Mapping[str, Standing]) -> float:
    return sum(each.objective - each.bound for each in standings.values())
