"""What the checks found wrong or worth a look, each with its place and its remedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from model.labels import label, label_table, listed, reason_words
from model.schema import CHOICES_ZH, SETTINGS, TABLES

Detail = str | tuple[str, ...]
"""What fills a blank of a finding's words: a word, or the parts of a list."""


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
    details: Mapping[str, Detail] = field(default_factory=dict)

    def rule_text(self, language: str = "en") -> str:
        """What is wrong, in the reader's language; what concerns a setting names it."""
        rule, setting = self._filled(f"rule.{self.rule}", language), str(self.details.get("setting", ""))
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
        # Details last: a rule may speak of another column or value than the cell's own.
        given: dict[str, Detail] = {"table": self.table, "column": self.column, "value": self.value, **self.details}
        words = {name: self._word(name, detail, language) if isinstance(detail, str) else
                 listed((self._word(name, part, language) for part in detail), language)
                 for name, detail in given.items()}
        return label(key, language).format(**words)

    def _word(self, name: str, word: str, language: str) -> str:
        """Names of tables, columns, settings and choices as the reader knows them; anything else as it is."""
        if language == "en":
            return word
        if name in ("table", "referred", "table_changed"):
            return TABLES[word].label_zh if word in TABLES else word
        if name == "reason":
            return reason_words(word, language)
        if name in ("choices", "operation"):
            return CHOICES_ZH.get(word) or label_table().get(f"status.{word}", {}).get(language, word)
        if name == "settings":
            return SETTINGS[word].label_zh
        if name in ("column", "rating_column", "last_column", "changed", "columns", "key_columns"):
            table = str(self.details.get("table_changed", self.table))
            column = TABLES[table].by_name.get(word) if table in TABLES else None
            return column.label_zh if column else word
        return word
