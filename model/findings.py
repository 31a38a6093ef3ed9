"""What the checks found wrong or worth a look, each with its place and its remedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from model.labels import label


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
        """What is wrong, in the reader's language."""
        return self._filled(f"rule.{self.rule}", language)

    def remedy_text(self, language: str = "en") -> str:
        """What to do about it, in the reader's language."""
        return self._filled(f"remedy.{self.rule}", language)

    def _filled(self, key: str, language: str) -> str:
        words = {"table": self.table, "column": self.column, "value": self.value, **self.details}
        return label(key, language).format(**words)
