"""Names and coded values of what stands beside a plan, in the reader's words: facts of a run, names of misses."""

from __future__ import annotations

import re
from typing import get_args

from model.labels import label
from model.report.case import words_or
from model.schema import CHOICES_ZH, SETTINGS, TABLES
from model.solve.outcome import Status

FACT_WORDS: dict[str, tuple[str, ...]] = {
    "status": get_args(Status), "bucket": SETTINGS["bucket"].choices, "keep_promises": ("yes",)}
"""Facts of a run that are coded words."""
SENSES = TABLES["pins"].by_name["sense"].choices


def fact_name(topic: str, name: str, language: str) -> str:
    """A fact of a run as the sheet Run names it; settings and columns by their names in the tables."""
    if topic == "settings" and name in SETTINGS:
        return SETTINGS[name].label_zh if language == "zh" else name
    table, _, column = name.partition(".")
    if topic == "defaults" and language == "zh" and table in TABLES:
        columns = SETTINGS if table == "settings" else TABLES[table].by_name
        return f"{TABLES[table].label_zh} · {columns[column].label_zh}" if column in columns else name
    return words_or(f"run.{name}", name, language)


def fact_word(name: str, value: object, language: str) -> object:
    """The value of a fact in the reader's words where it is a coded one, else as it is."""
    if language == "en" or value not in FACT_WORDS.get(name, ()):
        return value
    return label(f"run_status.{value}", language) if name == "status" else CHOICES_ZH[str(value)]


def miss_name(kind: object, name: object, language: str) -> str | None:
    """The name of a miss; that of a pin ends in its sense, a word of the reader's language."""
    if not isinstance(name, str) or not name:
        return None
    if kind != "pin" or language == "en":
        return name
    # The sense ends a pin's name; where names are equal a number follows.
    return re.sub(rf"(?<= / )({'|'.join(SENSES)})(?=$| #\d+$)", lambda found: CHOICES_ZH[found[0]], name)


def missing_words(amount: float, unit: object) -> str:
    """What is missing, with its unit; thousandths only, unless there is nothing else."""
    digits = 3 if abs(amount) >= 0.001 else 6
    return f"{round(amount, digits):,.10g} {unit or ''}".rstrip()


def miss_code(kind: object, name: object) -> object:
    """The name of a miss as the plan has it, whatever language it is written in."""
    if kind != "pin" or not isinstance(name, str):
        return name
    senses = {CHOICES_ZH[sense]: sense for sense in SENSES}
    return re.sub(rf"(?<= / )({'|'.join(senses)})(?=$| #\d+$)", lambda found: senses[found[0]], name)
