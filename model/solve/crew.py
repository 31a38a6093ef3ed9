"""Work on several cores: requests to helper processes, each answered in its turn."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from model.solve.child import Child
from model.solve.highs import SolverFailed
from model.solve.parts import Part
from model.solve.residents import Call, Founding, Residents, Tell

MOST_AT_ONCE = 2
OVERRUN_SECONDS = 5.0
STOP_SECONDS = 10.0
Heard = Callable[[str, tuple[Any, ...]], None]
Request = Part | Founding | Call


def at_once(most: int) -> int:
    """How many helpers there should be of ``most``: no more than cores."""
    return min(most, os.cpu_count() or 1)


class Crew:
    """So many helper processes; a single one is this process itself.

    A resident that is founded stays in its helper, and calls of it go there.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self._helpers: dict[int, Child] = {}
        self._home: dict[str, int] = {}
        self._here: Residents = {}

    def solve(self, parts: Sequence[Part], stopped: Callable[[], bool]) -> list[np.ndarray | None]:
        """Better values for each part, in their order; None where none were found or a helper died."""
        if self.count < 2 or len(parts) < 2:
            return [part.solve(stopped) for part in parts]
        waiting = deque(enumerate(parts))
        answers = self._served(lambda helper: waiting.popleft() if waiting else None, stopped, lambda name, told: None)
        return [answers.get(place) for place in range(len(parts))]

    def found(self, foundings: Sequence[Founding], weights: Mapping[str, float], stopped: Callable[[], bool]) -> None:
        """Found residents, the heaviest first, each in the helper that has least to carry."""
        load = [0.0] * self.count
        queues: list[deque[tuple[Any, Request]]] = [deque() for _ in range(self.count)]
        # Longest first (LPT): no heavy one comes last to a helper that is full already.
        for founding in sorted(foundings, key=lambda each: -weights[each.name]):
            helper = load.index(min(load))
            load[helper] += weights[founding.name]
            self._home[founding.name] = helper
            queues[helper].append((founding.name, founding))
        self._served(lambda helper: queues[helper].popleft() if queues[helper] else None, stopped,
                     lambda name, told: None)

    def neighbours(self, name: str) -> list[str]:
        """All residents of the same helper."""
        return [other for other, helper in self._home.items() if helper == self._home.get(name)]

    def call(self, names: Sequence[str], request: Callable[[str], Call], stopped: Callable[[], bool],
             heard: Heard, enough: Callable[[], bool] = lambda: False) -> dict[str, Any]:
        """What the named residents answer; those of a helper that died, and those not asked in time, answer nothing.

        The ``request`` of each is made when its turn comes; ``heard`` gets what it tells on the way, and nothing once
        it has ended. Where that is ``enough``, the others are not waited for, and the crew takes no more requests.
        """
        queues = [deque(name for name in names if self._home.get(name) == helper) for helper in range(self.count)]

        def following(helper: int) -> tuple[str, Request] | None:
            """The next call of a helper, made only when its turn comes."""
            if not queues[helper]:
                return None
            name = queues[helper].popleft()
            # The helper was lost meanwhile, and with it all that still wait in its queue.
            return None if name not in self._home else (name, request(name))

        return self._served(following, stopped, heard, enough)

    def end(self) -> None:
        """End all helpers."""
        for helper in self._helpers.values():
            helper.end()
        self._helpers.clear()

    def _served(self, following: Callable[[int], tuple[Any, Request] | None], stopped: Callable[[], bool],
                heard: Heard, enough: Callable[[], bool] = lambda: False) -> dict[Any, Any]:
        """Answers by name; ``following`` gives the next request of a helper, None when it has none."""
        if self.count < 2:
            return self._served_here(following, stopped, heard)
        answers: dict[Any, Any] = {}
        busy: dict[int, tuple[Any, float]] = {}
        told_to_stop: set[int] = set()
        while True:
            for helper in (each for each in range(self.count) if each not in busy and not stopped()):
                asked = following(helper)
                if asked is not None:
                    busy[helper] = (asked[0], time.monotonic() + _longest(asked[1]))
                    if helper not in self._helpers:
                        self._helpers[helper] = Child()
                    self._helpers[helper].ask(asked[1])
            # Asked once more after the last has ended: that, too, may make it enough.
            if enough() or not busy:
                return answers
            if stopped():
                for helper in set(busy) - told_to_stop:
                    told_to_stop.add(helper)
                    self._helpers[helper].ask("stop")
                    busy[helper] = (busy[helper][0], min(busy[helper][1], time.monotonic() + STOP_SECONDS))
            for helper, (name, limit) in list(busy.items()):
                # The helper stays busy while it tells: its answer comes after all of that.
                while (message := self._helpers[helper].answer()) is not None and message[0] == "told":
                    heard(name, message[1:])
                if message is None and time.monotonic() < limit:
                    continue
                del busy[helper]
                if message is not None and message[0] == "answer":
                    answers[name] = message[1]
                else:
                    self._lose(helper)
                heard(name, ())
            time.sleep(0.005)

    def _served_here(self, following: Callable[[int], tuple[Any, Request] | None], stopped: Callable[[], bool],
                     heard: Heard) -> dict[Any, Any]:
        answers: dict[Any, Any] = {}
        while not stopped() and (asked := following(0)) is not None:
            # As in a helper: what the solver fails at has no answer, and the search goes on without.
            answers[asked[0]] = None
            with suppress(SolverFailed, MemoryError):
                answers[asked[0]] = asked[1].answer(self._here, stopped, _told(heard, asked[0]))
            heard(asked[0], ())
        return answers

    def _lose(self, helper: int) -> None:
        """End a helper that died or takes too long; what lived in it is gone."""
        self._helpers.pop(helper).end()
        self._home = {name: home for name, home in self._home.items() if home != helper}


def _told(heard: Heard, name: str) -> Tell:
    return lambda *content: heard(name, content)


def _longest(request: Request) -> float:
    """Seconds after which a request is given up."""
    if isinstance(request, Founding):
        # No search, but a large component must be sent and set up.
        return 120.0
    # A part is searched and then solved exactly, each for as long as it says.
    return (2.0 if isinstance(request, Part) else 1.1) * request.seconds + OVERRUN_SECONDS
