"""How wide text is on paper and on a terminal."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable

CAPITAL_SURPLUS = 0.22  # capitals are about a fifth wider than the digits in which spreadsheets count column widths
# of a digit, by which small letters are narrower
SMALL_SAVING = 0.2
WRAP_SLACK = 3.0  # column units lost at line ends to indent and whole words


def display_width(text: str) -> int:
    """Width of ``text`` in terminal cells: a Chinese character takes two."""
    # The fast path of nearly every text.
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def column_width(texts: Iterable[str]) -> float:
    """Width of the widest text in spreadsheet column units (digits)."""
    return max((display_width(text) + CAPITAL_SURPLUS * sum(map(str.isupper, text)) for text in texts), default=0.0)


def prose_width(text: str) -> float:
    """Width of a sentence in spreadsheet column units: small letters are narrower than digits."""
    return display_width(text) - SMALL_SAVING * sum(map(str.islower, text))


def wrapped_lines(text: str, width: float) -> int:
    """Number of lines of a sentence in a cell of ``width`` that wraps it."""
    # However narrow the cell, a line takes a sign.
    return math.ceil(prose_width(text) / max(1.0, width - WRAP_SLACK))


def padded(text: str, width: int) -> str:
    """``text`` followed by blanks up to ``width`` terminal cells."""
    return text + " " * max(0, width - display_width(text))


def header_width(text: str) -> float:
    """Width a header needs when its unit stands on a second line: "delivered" above "[MWh]".

    A Chinese unit stays behind its name: programs break a line between any two of its characters.
    """
    name, _, unit = text.partition(" [")
    return column_width([name, unit] if unit.isascii() else [text])
