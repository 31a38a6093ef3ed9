"""The words of a result workbook in both languages, turned back into the names the program uses."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from model.labels import LANGUAGES, label_table
from model.plan_tables import MISS_KINDS, MONEY_TERMS, PLAN_TABLES, PlanColumn
from model.report.case import coded_word
from model.report.facts import FACT_WORDS, fact_word
from model.report.summary import STATUSES
from model.tables.names import fold, split_unit

CODES: dict[str, tuple[str, ...]] = {
    "status": STATUSES, "kind": MISS_KINDS, "term": MONEY_TERMS, "commitment": ("firm", "optional"),
    "region": ("domestic", "overseas"), "frozen": ("yes", "no"), "passed": ("yes", "no"),
}
RUN_COLUMNS = ("topic", "name", "value", "unit")
PROMISED = "promised_date"
REPORTED: dict[str, tuple[PlanColumn, ...]] = {"decisions": (PlanColumn(PROMISED, "date"),)}
"""Columns that a result's sheet has beside those of the plan's table, and a comparison reads where they are there."""


def is_sheet(title: str, table: str) -> bool:
    """Whether a sheet holds ``table``, whole or, with a number after its name, the part that did not fit the first."""
    names = {fold(words) for words in label_table()[f"sheet.{table}"].values()}
    return fold(title) in names or fold(title.rstrip("0123456789")) in names


@cache
def _columns(table: str) -> dict[str, str]:
    names = [*(column.name for column in PLAN_TABLES.get(table, ())), *_others(table)]
    found: dict[str, str] = {}
    for name in names:
        # The table's own word first; a word stays with the first column that claims it.
        for key in (f"column.{table}.{name}", f"column.{name}"):
            for words in (name, *label_table().get(key, {}).values()):
                found.setdefault(fold(words), name)
    return found


def _others(table: str) -> Iterable[str]:
    reported = (column.name for column in REPORTED.get(table, ()))
    return {"run": RUN_COLUMNS, "audit": ("law", "passed")}.get(table, (*reported, "unit"))


def column_of(table: str, header: str) -> tuple[str | None, str]:
    """The column that a header names, if any, and the unit in brackets behind it."""
    words, unit = split_unit(header)
    return _columns(table).get(fold(words)), unit


@cache
def _codes(column: str) -> dict[str, str]:
    return {fold(words): code for code in CODES[column]
            for words in (code, *(coded_word(column, code, language) for language in LANGUAGES))}


def code_of(column: str, words: str) -> str:
    """The coded word of a column that ``words`` of either language stand for; other words as they are."""
    return _codes(column).get(fold(words), words) if column in CODES else words


@cache
def _run_words() -> dict[str, str]:
    return {fold(words): key.removeprefix("run.") for key, texts in label_table().items() if key.startswith("run.")
            for words in texts.values()}


def run_name(words: str) -> str:
    """The name of a topic or a fact on the sheet Run; what has no label is its own name."""
    return _run_words().get(fold(words), words)


def mixed_units() -> frozenset[str]:
    """What stands for the unit in a header whose rows are counted in different units."""
    return frozenset(label_table()["unit.mixed"].values())


@cache
def _fact_codes(name: str) -> dict[str, str]:
    return {fold(str(fact_word(name, code, language))): code for code in FACT_WORDS[name] for language in LANGUAGES}


def fact_code(name: str, value: object) -> object:
    """The value of a fact as the program has it, whatever language it is written in."""
    return _fact_codes(name).get(fold(value), value) if name in FACT_WORDS and isinstance(value, str) else value
