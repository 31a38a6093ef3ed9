"""How the plan came about: input, options, versions, seconds, warnings, defaults."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from datetime import date, datetime

import pandas as pd

from model.report.case import Case, remark
from model.report.facts import fact_name, fact_word
from model.report.fields import Field, plain_cell, text_field
from model.report.shapes import gap_of
from model.report.sheets.book import Book
from model.report.sheets.table import Mark, write_table

UNITS = {"gap": "unit.ratio", "tender_threshold": "unit.ratio", "time_limit": "unit.seconds",
         "bucket_count": "unit.count"}
Entry = tuple[str, str, object, str]  # topic, name, value, unit


def write_run(book: Book) -> None:
    """One row per fact of the run; input warnings and the defaults used stand at its foot."""
    case = book.case
    rows = list(_entries(case))
    fields = [
        text_field("topic", case.say("column.run.topic"), [case.say(f"run.{topic}") for topic, *_ in rows]),
        text_field("name", case.say("column.run.name"), [name for _, name, _, _ in rows]),
        Field("value", case.say("column.run.value"), "any", [_shown(value) for *_, value, _ in rows],
              "#,##0", wrapped=True),
        text_field("unit", case.say("column.run.unit"), [unit or None for *_, unit in rows]),
    ]
    # A quotation mark would end the formula's text.
    warning = case.say("run.warnings").replace('"', "")
    write_table(book, case.say("sheet.run"), fields, freeze=2,
                conditions=(Mark("*", f'{{topic}}="{warning}"', "warn"),))


def _entries(case: Case) -> Iterator[Entry]:
    result = case.result
    yield "outcome", case.say("run.status"), fact_word("status", result.outcome.status, case.language), ""
    yield "outcome", case.say("run.margin"), case.plan.margin, case.currency
    yield "outcome", case.say("run.bound"), case.plan.bound, case.currency
    yield "outcome", case.say("run.gap"), gap_of(case.plan), case.say("unit.ratio")
    for note in result.outcome.notes:
        yield "outcome", case.say("run.note"), remark(note, case.language), ""
    yield "input", case.say("run.input_hash"), case.tables.input_hash, ""
    yield from _pairs(case, "facts", case.facts)
    yield from _pairs(case, "settings", _settings(case))
    yield from _pairs(case, "options", result.options)
    yield from _pairs(case, "seconds", _rounded(result.seconds), case.say("unit.seconds"))
    yield from _pairs(case, "model", result.size, case.say("unit.count"))
    yield from _pairs(case, "versions", result.versions)
    for finding in case.warnings:
        place = finding.cell or finding.table
        yield "warnings", place, finding.text(case.language), ""
    for column, count in sorted(case.tables.defaults_used.items()):
        yield "defaults", fact_name("defaults", column, case.language), count, case.say("unit.cells")


def _pairs(case: Case, topic: str, pairs: Mapping[str, object], unit: str = "") -> Iterator[Entry]:
    for name, value in pairs.items():
        shown = case.say(UNITS[name]) if name in UNITS else unit
        yield topic, fact_name(topic, name, case.language), fact_word(name, value, case.language), shown


def _rounded(seconds: Mapping[str, float]) -> Mapping[str, object]:
    return {step: round(duration, 3) for step, duration in seconds.items()}


def _settings(case: Case) -> Mapping[str, object]:
    settings = case.tables.settings
    if dataclasses.is_dataclass(settings):
        return {field.name: getattr(settings, field.name) for field in dataclasses.fields(settings)}
    return {}


def _shown(value: object) -> str | float | bool | datetime | None:
    if isinstance(value, (date, pd.Timestamp)) or not isinstance(value, float):
        return plain_cell(value)
    return round(value, 9) if math.isfinite(value) else None
