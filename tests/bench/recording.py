"""What a measured process writes down as it goes: stages, improvements and its answer, one JSON line each.

A process that is ended from outside leaves what it wrote so far.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class Record:
    """Writes lines to a file; seconds are counted from the start of the job, its imports done."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")
        self._started = self._last = time.monotonic()
        self._shown: tuple[float | None, float | None] = (None, None)

    def seconds(self) -> float:
        """Seconds since the job began."""
        return time.monotonic() - self._started

    def lap(self, stage: str) -> None:
        """The seconds since the last lap belong to ``stage``."""
        now = time.monotonic()
        self._write(stage=stage, seconds=now - self._last)
        self._last = now

    def stage(self, stage: str, seconds: float) -> None:
        """A stage that was measured elsewhere; the time until now belongs to no other."""
        self._write(stage=stage, seconds=seconds)
        self._last = time.monotonic()

    def point(self, margin: float | None, bound: float | None, seconds: float | None = None) -> None:
        """What is known by now (or at ``seconds`` of the job): margin of the best plan and bound, in base currency."""
        known = (finite(margin), finite(bound))
        if known not in ((None, None), self._shown):
            self._shown = known
            self._write(seconds=self.seconds() if seconds is None else seconds, margin=known[0], bound=known[1])

    def answer(self, status: str, margin: float | None = None, bound: float | None = None, note: str = "",
               size: Mapping[str, int] | None = None) -> None:
        """How the job ended."""
        self._write(status=status, margin=finite(margin), bound=finite(bound), note=note, size=dict(size or {}))

    def _write(self, **content: Any) -> None:
        self._file.write(json.dumps(content) + "\n")
        self._file.flush()


def finite(value: float | None) -> float | None:
    """The value, or None where it is missing, infinite (also as solvers write it) or not a number."""
    return None if value is None or not math.isfinite(value) or abs(value) >= 1e19 else float(value)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Every whole line that was written."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError:
            break
    return found
