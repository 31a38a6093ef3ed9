"""How the schema's facts are worded for a reader: type, unit, default, allowed values, meaning, notes."""

from __future__ import annotations

from model.labels import label, listed
from model.schema import CHOICES_ZH, SETTINGS, TABLES, Column
from model.tables.parse import shown


def word(choice: str, language: str) -> str:
    """A choice in the reader's language."""
    return CHOICES_ZH.get(choice, choice) if language == "zh" else choice


def sheet_name(table: str, language: str) -> str:
    """Name of a table's sheet."""
    return TABLES[table].label_zh if language == "zh" else table


def name_of(column: Column, language: str) -> str:
    """A column's name in the reader's language."""
    return column.label_zh if language == "zh" else column.name


def unit_text(column: Column, language: str) -> str:
    """The unit of a column of figures, none for other columns: "money/unit"."""
    if column.kind != "number":
        return ""
    return "/".join(label(f"unit_word.{part}", language) for part in column.unit.split("/"))


def header_of(column: Column, language: str) -> str:
    """A column's header: its name, and behind it in brackets the unit of its figures."""
    unit = unit_text(column, language)
    return f"{name_of(column, language)} [{unit}]" if unit else name_of(column, language)


def meaning_of(table: str, column: Column | None, language: str) -> str:
    """What a column of ``table`` means, a setting among them; without a column the table itself."""
    return label(f"meaning.{table}.{column.name}" if column else f"meaning.{table}", language)


def default_text(table: str, column: Column, language: str) -> str:
    """What a blank cell counts as."""
    if column.required:
        return ""
    if column.default_from:
        return label("template.default_from", language).format(source=_source(table, column, language))
    if column.default is not None:
        if isinstance(column.default, bool):
            return word("yes" if column.default else "no", language)
        return word(shown(column.default), language)
    return label(f"blank_means.{table}.{column.name}", language) if column.blank_means else ""


def allowed_text(column: Column, language: str) -> str:
    """Which values are accepted."""
    parts = []
    if column.choices:
        parts.append(listed((word(choice, language) for choice in column.choices), language))
    if column.refers:
        tables = listed((sheet_name(table, language) for table in column.refers), language)
        parts.append(label("template.refers", language).format(tables=tables))
    if column.low is not None and column.high is not None:
        parts.append(f"{shown(column.low)} – {shown(column.high)}")
    elif column.low is not None:
        parts.append(f"≥ {shown(column.low)}")
    elif column.above is not None:
        parts.append(f"> {shown(column.above)}" + (f", ≤ {shown(column.high)}" if column.high is not None else ""))
    if column.whole:
        parts.append(label("template.whole", language))
    return listed(parts, language, "clauses")


def note_text(table: str, column: Column, language: str) -> str:
    """The note at a header or setting: labels, meaning, unit, whether it is needed, what is allowed."""
    lines = [f"{column.name} · {column.label_zh}",
             meaning_of(table, column, language) + label("template.full_stop", language)]
    if column.required:
        lines.append(label("template.is_required", language))
    facts = (("unit", unit_text(column, language)), ("blank", default_text(table, column, language)),
             ("allowed", allowed_text(column, language)))
    lines += [label("template.fact", language).format(name=label(f"template.{name}", language), value=value)
              for name, value in facts if value]
    return "\n".join(lines)


def _source(table: str, column: Column, language: str) -> str:
    """Where a default is found, in words: a column of the same row, or a column of another table."""
    if language != "zh":
        return column.default_from
    other, _, name = column.default_from.rpartition(".")
    named = SETTINGS[name] if other == "settings" else TABLES[other or table].by_name[name]
    return f"{sheet_name(other, language)} · {named.label_zh}" if other else named.label_zh
