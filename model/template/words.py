"""How the schema's facts are worded for a reader: type, default, allowed values, notes."""

from __future__ import annotations

from model.labels import label
from model.schema import CHOICES_ZH, Column
from model.tables.parse import shown


def word(choice: str, language: str) -> str:
    """A choice in the reader's language."""
    return CHOICES_ZH.get(choice, choice) if language == "zh" else choice


def name_of(column: Column, language: str) -> str:
    """A column's header in the reader's language."""
    return column.label_zh if language == "zh" else column.name


def default_text(column: Column, language: str) -> str:
    """What a blank cell counts as."""
    if column.required:
        return ""
    if column.default_from:
        return label("template.default_from", language).format(source=column.default_from)
    if column.default is not None:
        if isinstance(column.default, bool):
            return word("yes" if column.default else "no", language)
        return word(shown(column.default), language)
    return column.blank_means


def allowed_text(column: Column, language: str) -> str:
    """Which values are accepted."""
    parts = []
    if column.choices:
        parts.append(", ".join(word(choice, language) for choice in column.choices))
    if column.refers:
        parts.append(label("template.refers", language).format(tables=", ".join(column.refers)))
    if column.low is not None and column.high is not None:
        parts.append(f"{shown(column.low)} – {shown(column.high)}")
    elif column.low is not None:
        parts.append(f"≥ {shown(column.low)}")
    elif column.above is not None:
        parts.append(f"> {shown(column.above)}" + (f", ≤ {shown(column.high)}" if column.high is not None else ""))
    if column.whole:
        parts.append(label("template.whole", language))
    return "; ".join(parts)


def note_text(column: Column, language: str) -> str:
    """The note at a header or setting: labels, meaning, unit, whether it is needed, what is allowed."""
    lines = [f"{column.name} · {column.label_zh}", column.meaning + "."]
    if column.unit and column.kind == "number":
        lines.append(f"{label('template.unit', language)}: {column.unit}")
    if column.required:
        lines.append(label("template.is_required", language))
    elif default := default_text(column, language):
        lines.append(f"{label('template.blank', language)}: {default}")
    if allowed := allowed_text(column, language):
        lines.append(f"{label('template.allowed', language)}: {allowed}")
    return "\n".join(lines)
