"""How planners write the names of tables and columns: English or Chinese, any case, a unit in brackets."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from model.labels import label_table
from model.schema import SETTINGS, TABLES

_BRACKETS = re.compile(r"\s*[\[(]([^\[\]()]*)[\])]\s*$")
_SEPARATORS = re.compile(r"[\s_\-]+")
_PART = re.compile(r"\s+\d+$")


def alike(name: str) -> str:
    """The same for names that differ in case or width alone, which are seldom meant as two: NFKC, case folded."""
    return unicodedata.normalize("NFKC", name).casefold()


def fold(name: str) -> str:
    """The name as it is compared: NFKC, case folded, without spaces, underscores and hyphens."""
    return _SEPARATORS.sub("", alike(name))


def split_unit(header: str) -> tuple[str, str]:
    """A header without the unit in brackets after it, and that unit ("quantity [MWh]" -> "quantity", "MWh")."""
    plain = unicodedata.normalize("NFKC", header).strip()
    found = _BRACKETS.search(plain)
    return (plain[: found.start()].strip(), found.group(1).strip()) if found else (plain, "")


@cache
def _table_names() -> dict[str, str]:
    return {fold(written): table.name for table in TABLES.values() for written in (table.name, table.label_zh)}


@cache
def _column_names(table: str) -> dict[str, str]:
    # The later one wins: a column's own name over another's label.
    return {fold(written): column.name for column in TABLES[table].columns
            for written in (column.label_zh, column.name)}


def find_table(written: str) -> str | None:
    """The table that a sheet's or file's name stands for, if any."""
    return _table_names().get(fold(written))


def find_column(table: str, written: str) -> str | None:
    """The column of ``table`` that a header stands for, with or without a unit in brackets, if any."""
    names = _column_names(table)
    # Whole first: a label may end in brackets itself.
    return names.get(fold(written)) or names.get(fold(split_unit(written)[0]))


@cache
def _setting_names() -> dict[str, str]:
    return {fold(written): column.name for column in SETTINGS.values() for written in (column.name, column.label_zh)}


def find_setting(written: str) -> str | None:
    """The setting that a key stands for, in English or Chinese, if any."""
    return _setting_names().get(fold(written))


def is_own_sheet(title: str) -> bool:
    """Whether this program writes such a sheet itself beside the tables: the template's and the result's, which may go
    on in sheets with a number ("Production 2")."""
    return not {fold(title), fold(_PART.sub("", title))}.isdisjoint(_own_sheets())


@cache
def _own_sheets() -> frozenset[str]:
    labels = label_table()
    own = {words for key, texts in labels.items() if key.startswith("sheet.") for words in texts.values()}
    return frozenset(fold(name) for name in own)
