"""When Python looks for garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collection() -> Iterator[None]:
    """No garbage is looked for meanwhile.

    A large book makes millions of small objects and keeps nearly all of them: to go through them again and again for
    cycles that are not there would take up to half of the time. What is no longer used is freed all the same.
    """
    was_on = gc.isenabled()  # within another such block it is off and stays off
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
