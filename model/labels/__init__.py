"""Every word a reader sees, in English and Chinese: label files with the columns key, en, zh."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Literal

LANGUAGES = ("en", "zh")
Parts = Literal["words", "phrases", "clauses"]
BETWEEN: dict[Parts, dict[str, str]] = {
    "words": {"en": ", ", "zh": "、"}, "phrases": {"en": ", ", "zh": "，"}, "clauses": {"en": "; ", "zh": "；"}}
"""What stands between the parts of a list."""


@cache
def label_table() -> dict[str, dict[str, str]]:
    """All labels by key, from every CSV file beside this module; a key that stands twice is an error."""
    labels: dict[str, dict[str, str]] = {}
    for path in sorted(Path(__file__).parent.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["key"] in labels:
                    raise ValueError(f"label {row['key']} stands twice ({path.name})")
                labels[row["key"]] = {language: row[language] for language in LANGUAGES}
    return labels


def label(key: str, language: str = "en") -> str:
    """The words for ``key``; English where the language has none. KeyError if the key is unknown."""
    words = label_table()[key]
    return words[language] or words["en"]


def counted(key: str, count: object) -> str:
    """The label that agrees in number: ``key`` with ``.one`` behind it where there is one of it and such a label."""
    singular = f"{key}.one"
    return singular if str(count) == "1" and singular in label_table() else key


def listed(parts: Iterable[str], language: str = "en", kind: Parts = "words") -> str:
    """The parts one after the other, as the language sets words, phrases or clauses apart."""
    return BETWEEN[kind][language].join(parts)


def reason_words(reason: object, language: str = "en") -> str:
    """Why a file cannot be read or written: the system says it in English; what no label file knows stays as it is."""
    words = str(reason)
    if language == "en":
        return words
    for key, texts in label_table().items():
        if key.startswith("reason.") and texts["en"] in words:
            # Python puts its class or its number before the system's words; they go with them.
            return re.sub(rf"(\b[A-Z]\w+: )?(\[Errno \d+\] )?{re.escape(texts['en'])}", texts[language], words)
    return words
