"""What stands in the sheet of a table: its columns and the cells that were given, defaults left blank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from model.schema import SETTINGS, TABLES, Column, Table
from model.tables import Bad, RawTable, Tables
from model.tables.names import find_setting
from model.tables.parse import parse_cell, shown
from model.template.example import example_rows


@dataclass(frozen=True)
class Content:
    """Columns of a sheet from left to right, known ones (Column) or the planner's own (str), and their cells.

    ``is_example``: the rows show how the sheet is filled in.
    """

    table: Table
    columns: tuple[Column | str, ...]
    cells: tuple[Sequence[object], ...]
    is_example: bool = False

    @property
    def rows(self) -> int:
        """Number of data rows."""
        return len(self.cells[0]) if self.cells else 0


def empty_content(name: str) -> Content:
    """Every column of the schema and no rows; the table ``settings`` holds its keys."""
    table = TABLES[name]
    if name == "settings":
        return Content(table, table.columns, (list(SETTINGS), [None] * len(SETTINGS)))
    return Content(table, table.columns, tuple([] for _ in table.columns))


def example_content(name: str, language: str) -> Content:
    """Every column of the schema and the rows of the example; every setting, those of the example filled in."""
    table, rows = TABLES[name], example_rows(name, language)
    if name == "settings":
        given = {row["key"]: row["value"] for row in rows}
        return Content(table, table.columns, (list(SETTINGS), [given.get(key) for key in SETTINGS]), bool(rows))
    return Content(table, table.columns, tuple([row.get(column.name) for row in rows] for column in table.columns),
                   bool(rows))


def schema_content(tables: Tables, name: str) -> Content:
    """Every column of the schema in its order, then the planner's own, with the cells given."""
    if name == "settings":
        return _every_setting(tables)
    content = given_content(tables, name)
    by_name = {column if isinstance(column, str) else column.name: cells
               for column, cells in zip(content.columns, content.cells, strict=True)}
    own = [column for column in content.columns if isinstance(column, str)]
    columns: tuple[Column | str, ...] = (*TABLES[name].columns, *own)
    blank = [None] * content.rows
    return Content(TABLES[name], columns,
                   tuple(by_name.get(column if isinstance(column, str) else column.name, blank) for column in columns))


def given_content(tables: Tables, name: str) -> Content:
    """The columns and cells that were given, the planner's own among them, from left to right."""
    table, raw = TABLES[name], tables.book.tables.get(name)
    if raw is None:
        return Content(table, table.columns, tuple([] for _ in table.columns))
    columns: list[Column | str] = []
    cells: list[Sequence[object]] = []
    typed = dict(zip(("key", "value"), _settings(tables), strict=True)) if name == "settings" else {}
    # What has no letter stands in no file: it was added to the table after reading.
    for header in [*raw.letters, *(column for column in raw.columns if column not in raw.letters)]:
        if header in raw.extras:
            columns.append(header)
            cells.append(raw.extras[header])
        elif header in raw.columns:
            columns.append(table.by_name[header])
            cells.append(typed[header] if typed else _given(raw, header, tables.frames[name][header]))
    return Content(table, tuple(columns), tuple(cells))


def _every_setting(tables: Tables) -> Content:
    """All settings in the schema's order, the planner's own columns beside those that were given."""
    keys, values = _settings(tables)
    given = dict(zip(keys, values, strict=True))
    extras = tables.book.tables["settings"].extras
    own = [dict(zip(keys, cells, strict=True)) for cells in extras.values()]
    columns: tuple[Column | str, ...] = (*TABLES["settings"].columns, *extras)
    return Content(TABLES["settings"], columns,
                   (list(SETTINGS), *([column.get(key) for key in SETTINGS] for column in (given, *own))))


def _given(raw: RawTable, column: str, typed: pd.Series) -> list[object]:
    """Typed values of the cells that were not blank; none of the row that stands for a table without rows."""
    return [None if written is None else value
            for written, value in zip(raw.columns[column], typed.head(len(raw.row_numbers)), strict=True)]


def _settings(tables: Tables) -> tuple[list[object], list[object]]:
    raw = tables.book.tables["settings"]
    keys = [find_setting(shown(key)) for key in raw.columns["key"]]
    contents = raw.columns.get("value", [None] * len(keys))
    values = [parse_cell(SETTINGS[key], content) if key else None for key, content in zip(keys, contents, strict=True)]
    return list(keys), [None if isinstance(value, Bad) else value for value in values]
