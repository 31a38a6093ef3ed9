"""Improvements read from what solvers print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_HIGHS = re.compile(r"%\s+(?P<bound>-?inf|-?[\d.e+]+)\s+(?P<best>-?inf|-?[\d.e+]+)\s+\S+\s.*\s(?P<seconds>[\d.]+)s\s*$")
_SAT_BEST = re.compile(r"^#\d+\s+(?P<seconds>[\d.]+)s\s+best:\s*(?P<best>\S+)\s+next:\[(?P<low>[^,\]]+),?")
_SAT_BOUND = re.compile(r"^#Bound\s+(?P<seconds>[\d.]+)s\s+best:\s*(?P<best>\S+)\s+next:\[(?P<low>[^,\]]+),?")

Point = tuple[float, float, float]


def highs_points(path: Path) -> Iterator[Point]:
    """Seconds, best objective and bound of each line of a HiGHS log about branch and bound."""
    for line in _lines(path):
        found = _HIGHS.search(line)
        if found:
            yield float(found["seconds"]), float(found["best"]), float(found["bound"])


def sat_points(path: Path) -> Iterator[Point]:
    """Seconds, best objective and bound of each improvement in a log of CP-SAT (a minimisation)."""
    for line in _lines(path):
        found = _SAT_BEST.match(line) or _SAT_BOUND.match(line)
        if found:
            yield float(found["seconds"]), _number(found["best"]), _number(found["low"])


def _number(word: str) -> float:
    return float(word.replace("'", ""))


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
