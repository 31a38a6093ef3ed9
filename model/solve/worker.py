"""The process in which the solver works: it reads a problem, tells its progress, and answers with what it found."""

from __future__ import annotations

import os
import pickle
import queue
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, BinaryIO

import numpy as np

from model.solve.highs import SolverFailed
from model.solve.outcome import Found, Outcome
from model.solve.problem import NO_START, Problem, SearchOptions, Start
from model.solve.residents import Residents
from model.solve.self_test import self_test
from model.solve.strategy import Listener, Search

INCUMBENT_SECONDS = 2.0


class _Voice(Listener):
    """Messages to the parent, one pickle each. ``incumbent`` sends a plan at most every few seconds of its cost."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._next = 0.0

    def tell(self, kind: str, *content: object) -> None:
        """Send one message."""
        with self._lock:
            pickle.dump((kind, *content), self._stream, protocol=pickle.HIGHEST_PROTOCOL)
            self._stream.flush()

    def stage(self, missed: bool, proven: bool) -> None:
        """A search for margin begins: bounds told before no longer hold."""
        self._next = 0.0  # the first plan of the stage is told at once
        self.tell("stage", missed, proven)

    def progress(self, seconds: float, margin: float, bound: float) -> None:
        """Margin and bound have moved."""
        self.tell("progress", seconds, margin, bound)

    def incumbent(self, values: np.ndarray, margin: float) -> None:
        """A better plan, in the model's units."""
        if len(values) > 100_000 and time.monotonic() < self._next:
            return
        began = time.monotonic()
        self.tell("incumbent", values, margin)
        # Sending takes a tenth of the time at most.
        self._next = time.monotonic() + max(INCUMBENT_SECONDS, 10 * (time.monotonic() - began))


def main() -> None:
    """Serve: requests come on standard input, messages leave on what was standard output.

    A request is a pair of problem and options, answered by ``found``, or it answers itself, told by ``answer``. A start
    may come while its problem is searched.
    """
    voice = _Voice(os.fdopen(_quiet_output(), "wb"))
    is_stopped = threading.Event()  # never cleared: who stops one request asks for no other
    requests: queue.Queue[Any] = queue.Queue()
    starts: queue.Queue[Start] = queue.Queue()
    threading.Thread(target=_obey, args=(os.fdopen(_binary(os.dup(0)), "rb"), requests, starts, is_stopped),
                     daemon=True).start()
    residents: Residents = {}
    if requests.empty():
        # Nothing else to do yet: what is tested now need not be tested when the problem is there.
        with suppress(SolverFailed):
            self_test()
    while True:
        request = requests.get()
        voice.tell("began")
        if isinstance(request, tuple):
            problem, options = request
            voice.tell("found", _found(problem, options, voice, is_stopped.is_set, starts))
        else:
            voice.tell("answer", _answer(request, residents, voice, is_stopped.is_set))


def _found(problem: Problem, options: SearchOptions, voice: _Voice, stopped: Callable[[], bool],
           starts: queue.Queue[Start]) -> Found:
    def later() -> Start:
        """The start, which is on its way; none for a search that is stopped."""
        while not stopped():
            with suppress(queue.Empty):
                return starts.get(timeout=0.1)
        return NO_START

    try:
        self_test()
        return Search(problem, options, voice, stopped, later).run()
    except (SolverFailed, MemoryError) as failure:
        return Found(Outcome("failed", None, None, notes=(str(failure) or "memory",)), None)


def _answer(request: Any, residents: Residents, voice: _Voice, stopped: Callable[[], bool]) -> Any:
    """None where the solver failed: who asked can do without the answer."""
    try:
        return request.answer(residents, stopped, lambda *content: voice.tell("told", *content))
    except (SolverFailed, MemoryError):
        return None


def _obey(commands: BinaryIO, requests: queue.Queue[Any], starts: queue.Queue[Start],
          is_stopped: threading.Event) -> None:
    """Queue what is asked or told, stop the search when told so, and end at once when the parent is gone."""
    try:
        while True:
            command = pickle.load(commands)
            if command == "stop":
                is_stopped.set()
            elif isinstance(command, Start):
                starts.put(command)
            else:
                requests.put(command)
    except BaseException:  # whatever it is: who is not heard any more must not be waited for
        os._exit(1)  # sys.exit would end this thread alone, and the solver would go on


def _quiet_output() -> int:
    """A copy of standard output for messages; what else is printed there goes to standard error."""
    copy = _binary(os.dup(1))
    os.dup2(2, 1)  # by descriptor, as HiGHS prints from C
    return copy


def _binary(descriptor: int) -> int:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(descriptor, os.O_BINARY)
    return descriptor


if __name__ == "__main__":
    main()
