"""Bounds at the root of a search: they are told, and their search ends by the steps of the solver, not by the clock."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import pytest

from model.solve.highs import Highs
from model.solve.outcome import Run
from model.solve.rooted import bound_at_root


@dataclass
class Scripted:
    """Tells the bounds of a script, one a check, until it is ended."""

    bounds: list[float]
    ended_after: int | None = None
    at_check: Callable[[float], None] = field(default=lambda bound: None)
    options: dict[str, Any] = field(default_factory=dict)

    def listen(self, progress: object, incumbent: object, checked: Callable[[float], None]) -> None:
        """Who hears the checks."""
        self.at_check = checked

    def set(self, **options: Any) -> None:
        """Options of the solver."""
        self.options |= options

    def end(self) -> None:
        """As the solver, which asks at its next step."""
        self.ended_after = self.ended_after or self.told

    def run(self, seconds: float) -> Run:
        """One check after another."""
        self.told = 0
        for bound in self.bounds:
            if self.ended_after is not None:
                break
            self.told += 1
            self.at_check(bound)
        return Run("interrupted", None, math.inf, self.bounds[self.told - 1])


@pytest.mark.parametrize(("bounds", "ended_after"), [
    # At the eleventh check 5 of 65 have come in five checks, less than a tenth; at the one before, 9.5 of 64.5.
    ([-math.inf, 20, 40, 50, 55, 60, 62, 63, 64, 64.5, 65, 80], 11),
    # A root whose rows bring nothing ends after five of them.
    ([-math.inf, 0, 0, 0, 0, 0, 0, 0], 6),
    # One that goes on as it began is not ended.
    ([-math.inf, *range(10, 110, 10)], None),
])
def test_rows_are_added_as_long_as_that_pays(bounds: list[float], ended_after: int | None) -> None:
    """By hand: a tenth of all that was gained, in five checks; bounds that are none are no checks. If the clock
    decided, a run that ends by its gap would not give the same plan every time."""
    heard: list[float] = []
    solver = Scripted(bounds)
    bound_at_root(cast(Highs, solver), 0.0, heard.append, 10.0)
    assert solver.ended_after == ended_after
    assert heard[-1] == bounds[(ended_after or len(bounds)) - 1]
    assert math.inf not in np.abs(heard)
