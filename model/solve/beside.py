"""Work in a thread of its own, done while who began it does something else or waits for another process."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def begun(work: Callable[[], T]) -> Future[T]:
    """What the work will answer, or raise; whoever ends the program meanwhile need not wait for it."""
    promised: Future[T] = Future()

    def do() -> None:
        """The work; what it raises is raised where the answer is asked for."""
        try:
            promised.set_result(work())
        except BaseException as failure:
            promised.set_exception(failure)

    # Unlike those of an executor, a daemon does not hold up the end of the program, which must then not be an orderly
    # one: Python tears daemons down, and one that is within C++ aborts all.
    Thread(target=do, daemon=True).start()
    return promised
