"""What the checks found wrong or worth a look, each with its place and its remedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from model.labels import label
from model.schema import CHOICES_ZH, SETTINGS, TABLES


@dataclass(frozen=True)
class Finding:
    """One mistake (``error``) or doubt (``warning``) in the input.

    ``rule`` is a key of the label tables: ``rule.<rule>`` says what is wrong and ``remedy.<rule>`` what to do, both
    filled with ``details``.
    """

    severity: Literal["error", "warning"]
    rule: str
    table: str = ""
    row: int | None = None
    column: str = ""
    cell: str = ""
    value: str = ""
    details: Mapping[str, str] = field(default_factory=dict)

    def rule_text(self, language: str = "en") -> str:
        """What is wrong, in the reader's language; what concerns a setting names it."""
        rule, setting = self._filled(f"rule.{self.rule}", language), self.details.get("setting", "")
        if not setting:
            return rule
        name = f"{SETTINGS[setting].label_zh}（{setting}）" if language == "zh" else setting
        return label("finding.setting", language).format(setting=name, rule=rule)

    def remedy_text(self, language: str = "en") -> str:
        """What to do about it, in the reader's language."""
        return self._filled(f"remedy.{self.rule}", language)

    def text(self, language: str = "en") -> str:
        """Both, one after the other; a Chinese full stop keeps its own distance."""
        rule, remedy = self.rule_text(language), self.remedy_text(language)
        return rule + ("" if rule.endswith("。") else " ") + remedy

    def _filled(self, key: str, language: str) -> str:
        words = {"table": self.table, "column": self.column, "value": self.value, **self.details}
        if language == "zh":
            words = {name: self._chinese(name, word) for name, word in words.items()}
        return label(key, language).format(**words)

    def _chinese(self, name: str, word: str) -> str:
        """Names of tables, columns and choices as a Chinese reader knows them; anything else as it is."""
        if name in ("table", "referred", "table_changed"):
            return ", ".join(TABLES[part].label_zh if part in TABLES else part for part in word.split(", "))
        if name == "choices":
            return ", ".join(CHOICES_ZH.get(part, part) for part in word.split(", "))
        if name in ("column", "rating_column", "last_column") and self.table in TABLES:
            column = TABLES[self.table].by_name.get(word)
            return column.label_zh if column else word
        return word
