"""Several parts solved at once, each in a process of its own."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence

import numpy as np

from model.solve.child import Child
from model.solve.parts import Part

MOST_AT_ONCE = 2
OVERRUN_SECONDS = 5.0


class Crew:
    """Up to two helper processes, fewer where there are fewer cores; a single one is this process itself."""

    def __init__(self) -> None:
        self._count = min(MOST_AT_ONCE, os.cpu_count() or 1)
        self._helpers: list[Child] = []

    def solve(self, parts: Sequence[Part], stopped: Callable[[], bool]) -> list[np.ndarray | None]:
        """Better values for each part, in their order; None where none were found or a helper died."""
        if self._count < 2 or len(parts) < 2:
            return [part.solve(stopped) for part in parts]
        answers: list[np.ndarray | None] = [None] * len(parts)
        waiting = list(range(len(parts)))[::-1]
        busy: dict[int, tuple[Child, float]] = {}
        while waiting or busy:
            while waiting and len(busy) < self._count:
                place = waiting.pop()
                helper = self._helpers.pop() if self._helpers else Child()
                helper.ask(parts[place])
                busy[place] = (helper, time.monotonic() + 2 * parts[place].seconds + OVERRUN_SECONDS)
            for place, (helper, limit) in list(busy.items()):
                answer = helper.answer()
                if answer is None and not stopped() and time.monotonic() < limit:
                    continue
                del busy[place]
                if answer is not None and answer[0] == "part":
                    answers[place] = answer[1]
                    self._helpers.append(helper)
                else:
                    helper.end()
            time.sleep(0.02)
        return answers

    def end(self) -> None:
        """End all helpers."""
        for helper in self._helpers:
            helper.end()
        self._helpers.clear()
