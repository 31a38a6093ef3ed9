"""Proves: nothing a reader sees lacks its words in either language, and no result sheet can pass for an input table."""

import csv
import re
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from model import labels
from model.audit import LAWS
from model.labels import LANGUAGES, label, label_table
from model.plan_tables import MISS_KINDS, MONEY_TERMS, PLAN_TABLES
from model.report.case import coded_word
from model.report.summary import STATUSES
from model.schema import TABLES
from model.solve.outcome import Status

OTHER_STATUSES = ("rejected_input", "rejected_plan", "not_written")
SHEETS = (*PLAN_TABLES, "summary", "insight", "timeline", "promised_dates", "line_programme", "load_map", "audit",
          "run", "chart_data")
KEYS = (
    *(f"sheet.{name}" for name in SHEETS),
    *(f"column.{column.name}" for columns in PLAN_TABLES.values() for column in columns),
    *(f"term.{term}" for term in MONEY_TERMS),
    *(f"status.{status}" for status in STATUSES),
    *(f"miss.{kind}" for kind in MISS_KINDS),
    *(f"outcome.{status}" for status in (*get_args(Status), *OTHER_STATUSES)),
    *(f"audit_law.{law}" for law in LAWS),
    *(f"bucket.{bucket}" for bucket in ("day", "week", "month")),
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_has_words_in_both_languages(language):
    missing = [key for key in KEYS if not label_table().get(key, {}).get(language)]
    assert not missing


def test_english_headers_are_the_columns_own_names():
    """One word, one spelling: a program finds the plan's columns by name, before the unit."""
    names = {column.name for columns in PLAN_TABLES.values() for column in columns}
    assert {name: label(f"column.{name}") for name in names} == {name: name for name in names}


def test_placeholders_agree_between_languages():
    def placeholders(text):
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    with (Path(labels.__file__).parent / "report.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert not [row["key"] for row in rows if placeholders(row["en"]) != placeholders(row["zh"])]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sheet_names_are_legal_distinct_and_no_input_table(language):
    names = [label(f"sheet.{name}", language) for name in SHEETS]
    assert len({name.casefold() for name in names}) == len(names)
    assert all(len(name) <= 28 and not re.search(r"[][:*?/\\]", name) for name in names)
    tables = {word.casefold() for table in TABLES.values() for word in (table.name, table.label_zh)}
    spellings = {word.casefold().replace(" ", "_") for word in names} | {word.casefold() for word in names}
    assert not tables & spellings


def test_coded_words_are_translated_and_names_are_not():
    assert coded_word("status", "left_out", "en") == "left_out"
    assert coded_word("status", "left_out", "zh") == "未纳入计划"
    assert coded_word("region", "overseas", "zh") == "海外"
    assert coded_word("order", "overseas", "zh") == "overseas"
