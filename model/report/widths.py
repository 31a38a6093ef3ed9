"""How wide text is on paper and on a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

CAPITAL_SURPLUS = 0.22  # capitals are about a fifth wider than the digits in which spreadsheets count column widths
SMALL_SAVING = 0.2


def display_width(text: str) -> int:
    """Width of ``text`` in terminal cells: a Chinese character takes two."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def column_width(texts: Iterable[str]) -> float:
    """Width of the widest text in spreadsheet column units (digits)."""
    return max((display_width(text) + CAPITAL_SURPLUS * sum(map(str.isupper, text)) for text in texts), default=0.0)


def prose_width(text: str) -> float:
    """Width of a sentence in spreadsheet column units: small letters are narrower than digits."""
    return display_width(text) - SMALL_SAVING * sum(map(str.islower, text))


def padded(text: str, width: int) -> str:
    """``text`` followed by blanks up to ``width`` terminal cells."""
    return text + " " * max(0, width - display_width(text))


def header_width(text: str) -> float:
    """Width a header needs when its unit stands on a second line: "delivered" above "[MWh]"."""
    return column_width(text.split(" [", maxsplit=1))
