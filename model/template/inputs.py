"""The input tables behind a result's own sheets, so that the result is itself an input."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Sequence

from model.report.sheets.book import Book, Written
from model.report.styles import STEEL
from model.schema import SETTINGS, TABLES, Column
from model.tables.parse import shown
from model.template.contents import Content, empty_content, given_content
from model.template.table_sheet import TableSheet
from model.template.words import header_of, name_of, word

_ALWAYS = ("pins",)
"""Tables a planner fills in a result: they have an empty sheet where none was given."""
_FIRST_DAY = dt.date(1900, 3, 1)
"""Earlier days have no number that all spreadsheets agree on."""


def write_inputs(book: Book) -> None:
    """The tables that were planned, one plain sheet each, as they were given; scenario and settings of the run in them.

    Read again they are the same input, cells filled by defaults staying blank.
    """
    tables, language = book.case.tables, book.case.language
    # Tables that a program made have nothing that was typed.
    if not tables.book.tables:
        return
    for name in TABLES:
        if name in tables.book.tables:
            content = _storable(given_content(tables, name))
            content = _settings_in(content, language) if name == "settings" else content
        elif name in _ALWAYS:
            content = empty_content(name)
        else:
            continue
        TableSheet(book.file, book.styles, language, content).write_plain()
        sheet = book.file.worksheets()[-1]
        sheet.set_tab_color(STEEL)
        header = tuple(column if isinstance(column, str) else header_of(column, language) for column in content.columns)
        if header:
            book.written.append(Written(sheet.get_name(), header, content.rows))


def _storable(content: Content) -> Content:
    """The content with what no spreadsheet cell holds, in the planner's own columns, as text."""
    cells = tuple([_cell(cell) for cell in column] if isinstance(header, str) else column
                  for header, column in zip(content.columns, content.cells, strict=True))
    return dataclasses.replace(content, cells=cells)


def _settings_in(content: Content, language: str) -> Content:
    """The settings with their names, and those of choices, in the reader's language."""
    cells = {column.name: values for column, values in zip(content.columns, content.cells, strict=True)
             if isinstance(column, Column)}
    keys = [str(key) for key in cells["key"]]
    values = [word(str(value), language) if value is not None and SETTINGS[key].choices else value
              for key, value in zip(keys, cells.get("value", keys), strict=True)]
    worded: dict[str, Sequence[object]] = {"key": [name_of(SETTINGS[key], language) for key in keys], "value": values}
    return dataclasses.replace(content, cells=tuple(
        worded[column.name] if isinstance(column, Column) else own
        for column, own in zip(content.columns, content.cells, strict=True)))


def _cell(cell: object) -> object:
    if isinstance(cell, dt.date) and (cell.date() if isinstance(cell, dt.datetime) else cell) < _FIRST_DAY:
        return shown(cell)
    if isinstance(cell, float) and math.isinf(cell):
        return shown(cell)
    return cell
