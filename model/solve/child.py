"""The search in a process of its own, which can be ended: a time and a memory limit that hold, and a crash survived."""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import numpy as np

from model.solve.highs import Progress
from model.solve.outcome import Found, Outcome, Status, status_of
from model.solve.problem import Problem, SearchOptions

# HiGHS notices its time limit late, by 2 % in ten minutes; what overruns by more is ended.
OVERRUN = 1.03
GRACE_SECONDS = 0.5
# Until the process has started and read the problem; the time of the search begins after that.
START_SECONDS = 120.0
STOP_SECONDS = 20.0
GIB = 2 ** 30
ENDED = {"solver_died", "solver_overran", "solver_memory"}
# A plain interpreter: unlike multiprocessing it does not run the caller's main module again.
NO_MORE = object()
START = "import sys; sys.path.insert(0, sys.argv[1]); from model.solve.worker import main; main()"


class Child:
    """A solver process, started early so that it is ready when the problem is; it serves one search."""

    def __init__(self, memory_limit: float | None = None) -> None:
        """``memory_limit`` in GiB of the process and its helpers, kept where the system tells how much they use."""
        root = str(Path(__file__).resolve().parents[2])
        # Ctrl-C in the terminal must reach this process only, which then stops the search in order.
        group = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)  # on Windows; elsewhere a session of its own
        self._process = subprocess.Popen([sys.executable, "-c", START, root], stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, creationflags=group, start_new_session=not group)
        self._memory_limit = memory_limit
        self._messages: queue.Queue[tuple[Any, ...] | None] = queue.Queue()
        assert self._process.stdout is not None
        # The listener empties the pipe all the time: a full one would hold up the search.
        threading.Thread(target=_listen, args=(self._process.stdout, self._messages), daemon=True).start()
        # One request after another: what is said while a large one is on its way must not get into it.
        self._requests: queue.Queue[object] = queue.Queue()
        assert self._process.stdin is not None
        threading.Thread(target=_send, args=(self._process.stdin, self._requests), daemon=True).start()

    def search(self, problem: Problem, options: SearchOptions, progress: Progress | None,
               stopped: Callable[[], bool]) -> Found:
        """What the search finds. If the process dies or is ended, the best plan and bound it told of, with a note."""
        told = _Told(progress, options.gap)
        # No search reads the names of rows, and they are a large part of what is sent.
        self.ask((replace(problem, matrix=replace(problem.matrix, row_names=[])), options))
        began, limit = time.monotonic(), START_SECONDS
        why = "solver_died"
        while True:
            try:
                message = self._messages.get(timeout=0.05)
            except queue.Empty:
                message = ()
            if message is None:
                break
            if message == ("began",):
                began, limit = time.monotonic(), options.time_limit * OVERRUN + GRACE_SECONDS
            found = told.hear(message) if message else None
            if found is not None:
                self.end()
                return found
            if stopped() and not told.is_stopped:
                told.is_stopped = True
                # A search that does not hear the stop is ended, too.
                limit = min(limit, time.monotonic() - began + STOP_SECONDS)
                self.ask("stop")
            if time.monotonic() - began > limit:
                why = "solver_overran"
                break
            if self._is_too_large():
                why = "solver_memory"
                break
        self.end()
        return told.found(why)

    def answer(self) -> tuple[Any, ...] | None:
        """The answer to a request, ``("died",)`` if there will be none, None if it is not there yet."""
        try:
            message = self._messages.get_nowait()
        except queue.Empty:
            return None
        return ("died",) if message is None else None if message == ("began",) else message

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.wait()
        self._requests.put(NO_MORE)
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):  # the process is gone, and with it what was still to be sent
                    stream.close()

    def ask(self, message: object) -> None:
        """Send a request without waiting; the answer of a part is fetched by ``answer``."""
        self._requests.put(message)

    def _is_too_large(self) -> bool:
        if self._memory_limit is None:
            return False
        return sum(map(_resident_bytes, _family(self._process.pid))) > self._memory_limit * GIB


class _Told:
    """What the process has told so far."""

    def __init__(self, progress: Progress | None, gap: float) -> None:
        self._progress, self._gap = progress, gap
        self._values: np.ndarray | None = None
        self._margin, self._bound = -np.inf, np.inf
        self._missed, self._proven = False, False
        self.is_stopped = False

    def hear(self, message: tuple[Any, ...]) -> Found | None:
        """Take note of one message; the answer if this is it."""
        kind, *content = message
        if kind == "found":
            found: Found = content[0]
            return found
        if kind == "stage":
            self._missed, self._proven = content
            # What was told before bounds another problem: the one with every promise kept.
            self._bound = np.inf
        if kind == "incumbent":
            self._values, self._margin = content
        if kind == "progress":
            # Searches within a stage may tell weaker bounds than the one before them.
            self._bound = min(self._bound, content[2])
            if self._progress is not None:
                self._progress(*content)
        return None

    def found(self, why: str) -> Found:
        """The best of what was told; without any plan the search has failed, or run out of time."""
        bound = float(self._bound) if np.isfinite(self._bound) else None
        status: Status = "limit"
        if self.is_stopped:
            status = "interrupted"
        elif self._values is None:
            status = "no_plan" if why == "solver_overran" else "failed"
        margin = None if self._values is None else float(self._margin)
        if bound is not None and margin is not None:
            # Both were told with the solver's tolerances: a plan may seem better than its bound.
            bound = max(bound, margin)
        outcome = Outcome(status, margin, bound, promises_proven=self._proven, promises_missed=self._missed,
                          interrupted=self.is_stopped, notes=(why,))
        if status == "limit":
            outcome = replace(outcome, status=status_of(outcome, self._gap))
        return Found(outcome, self._values)


def _send(stream: IO[bytes], requests: queue.Queue[object]) -> None:
    """Write what is asked, in its order; what is larger than the pipe waits here, while who asked goes on."""
    try:
        while (message := requests.get()) is not NO_MORE:
            # In one piece: between pieces this thread would wait its turn beside whatever else works here.
            stream.write(pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL))
            stream.flush()
    except (OSError, ValueError):
        pass  # the process is gone: the listener tells


def _listen(stream: IO[bytes], messages: queue.Queue[tuple[Any, ...] | None]) -> None:
    try:
        while True:
            messages.put(pickle.load(stream))
    except (EOFError, OSError, ValueError, pickle.UnpicklingError):
        messages.put(None)


def _family(process: int) -> list[int]:
    """The process and all that it started; alone where the system does not tell."""
    found = [process]
    for each in found:
        for task in Path(f"/proc/{each}/task").glob("*/children"):
            with suppress(OSError, ValueError):  # gone meanwhile
                found += map(int, task.read_text().split())
    return found


def _resident_bytes(process: int) -> float:
    """Memory that the process holds; 0 where the system does not tell."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0.0
    return pages * float(os.sysconf("SC_PAGE_SIZE"))
