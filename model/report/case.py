"""One planned case as all its sheets see it: results, language and units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from model.findings import Finding
from model.labels import Parts, counted, label, label_table, listed
from model.report.shapes import PlanFacts, ResultFacts
from model.schema import CHOICES_ZH
from model.tables import Tables


def words(key: str, language: str, **details: object) -> str:
    """The label for ``key``, its placeholders filled."""
    return label(counted(key, details.get("count")), language).format(**details)


def words_or(key: str, fallback: str, language: str) -> str:
    """The label for ``key``, or ``fallback`` where no label file has the key."""
    return label(key, language) if key in label_table() else fallback


def remark(note: str, language: str) -> str:
    """A note of the search in words; the solver's own message as it is."""
    return words_or(f"text.note.{note}", note, language)


def coded_word(column: str, value: str, language: str) -> str:
    """A plan's coded word as a table cell shows it: as it is in English, the language's own word elsewhere."""
    if language == "en":
        return value
    key = {"status": "status", "kind": "miss", "term": "term"}.get(column)
    if key is not None:
        return words_or(f"{key}.{value}", value, language)
    # Only columns of choices: elsewhere a planner's own word may look like one.
    chosen = column in ("commitment", "region", "frozen", "passed", "due_basis")
    return CHOICES_ZH.get(value, value) if chosen else value


@dataclass(frozen=True)
class Case:
    """A case with a plan, and the reader's language."""

    result: ResultFacts
    tables: Tables
    plan: PlanFacts
    findings: Sequence[Finding]
    language: str = "en"
    facts: Mapping[str, object] = field(default_factory=dict)

    def say(self, key: str, **details: object) -> str:
        """The label for ``key`` in the case's language, its placeholders filled."""
        return words(key, self.language, **details)

    def listed(self, parts: Iterable[str], kind: Parts = "words") -> str:
        """The parts one after the other as the case's language sets them apart."""
        return listed(parts, self.language, kind)

    def pair(self, name: str, said: str) -> str:
        """A name and what is said of it."""
        return self.say("text.pair", name=name, words=said)

    def aside(self, said: str, aside: str) -> str:
        """What is said, and something beside it in brackets."""
        return self.say("text.aside", words=said, aside=aside)

    @property
    def currency(self) -> str:
        """Base currency of every amount."""
        return self.tables.settings.currency

    @cached_property
    def unit_of_item(self) -> Mapping[str, str]:
        """Quantity unit of each item."""
        items = self.tables.frames["items"]
        return dict(zip(items["item"], items["unit"], strict=True))

    def units_of(self, items: Iterable[str]) -> list[str]:
        """Quantity unit of each of ``items``; the settings' unit where an item is unknown."""
        default = self.tables.settings.quantity_unit
        return [self.unit_of_item.get(item, default) for item in items]

    def unit_of(self, items: Iterable[str]) -> str:
        """The one unit of all ``items``, or the words for "item unit" where they differ."""
        # Without items the header of an empty sheet still names a unit.
        units = set(self.units_of(items)) or {self.tables.settings.quantity_unit}
        return units.pop() if len(units) == 1 else self.say("unit.mixed")

    @cached_property
    def technology_of_item(self) -> Mapping[str, str | None]:
        """Technology of each item, None where it has none."""
        items = self.tables.frames["items"]
        return dict(zip(items["item"], items["technology"], strict=True))

    @property
    def warnings(self) -> list[Finding]:
        """Doubts about the input."""
        return [finding for finding in self.findings if finding.severity == "warning"]

    def frame(self, table: str) -> pd.DataFrame:
        """A table of the plan."""
        return self.plan.frames[table]
