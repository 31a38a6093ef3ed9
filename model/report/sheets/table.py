"""Writes one rectangle: a header row with units, typed columns, conditions that mean something, a page to print."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from model.report.case import coded_word
from model.report.fields import Field
from model.report.sheets.book import Book
from model.report.sheets.plain_sheet import PlainSheet
from model.report.styles import (
    AMBER,
    CELL,
    DATE_FORMAT,
    FILTER_BUTTON_INDENT,
    LARGE,
    LINE_HEIGHTS,
    RED,
    ROW_LINE,
    SLATE,
    is_markup,
    spaced,
    write_text,
)
from model.report.widths import wrapped_lines

MOST_ROWS = 1_048_575  # a sheet holds this many beneath its header
PAGE_WIDTH = 200.0  # column units that an A4 page still shows readably; wider tables go over several pages
HEADER_HEIGHT = 30
OVER_FULL = 1.0005  # loads from here on are fully red; the scale passes from amber to red between 1 and this


@dataclass(frozen=True)
class Mark:
    """A condition that changes how cells look: ``column`` (or ``*``, the whole row) where ``formula`` holds.

    Whole rows come last: LibreOffice lets the range that comes first win where several match.

    The formula names columns of the same row in braces and a plan's coded words in angles:
    ``{closing}<{safety_stock}``, ``{status}=<missed>``.
    """

    column: str
    formula: str
    look: str


@dataclass(frozen=True)
class Heat:
    """Shades neighbouring ``columns`` (shares) from white at 0 to amber at 1; what is above 1 stands out in red."""

    columns: tuple[str, ...]


@dataclass(frozen=True)
class Shade:
    """What is above zero in the neighbouring columns from ``first`` to ``last`` stands out."""

    first: str
    last: str
    look: str


Condition = Mark | Heat | Shade


def write_table(book: Book, name: str, fields: Sequence[Field], *, freeze: int = 1,
                conditions: Sequence[Condition] = (), record: bool = True) -> Worksheet:
    """A sheet with ``fields`` side by side, its first ``freeze`` columns always in view.

    What is too long for one sheet goes on in sheets of the same name with a number.
    """
    rows = len(fields[0].values)
    sheet = _write_part(book, name, fields, freeze, conditions, record)
    for part, start in enumerate(range(MOST_ROWS, rows, MOST_ROWS), start=2):
        rest = [replace(field, values=field.values[start:]) for field in fields]
        _write_part(book, f"{name} {part}", rest, freeze, conditions, record)
    return sheet


def _write_part(book: Book, name: str, fields: Sequence[Field], freeze: int, conditions: Sequence[Condition],
                record: bool) -> Worksheet:
    sheet = book.add_sheet(name)
    rows = min(len(fields[0].values), MOST_ROWS)
    for column, field in enumerate(fields):
        _write_column(book, sheet, column, field, rows)
    _set_heights(sheet, fields, rows, LINE_HEIGHTS[book.case.language])
    _lay_out(sheet, fields, rows, freeze)
    for condition in conditions if rows else ():
        _apply(book, sheet, fields, rows, condition)
    if record:
        book.record(name, fields, rows)
    return sheet


def header_format(book: Book, kind: str, **properties: object) -> Format:
    """The format of a header cell: left above words, right above figures."""
    align: dict[str, object] = {"align": "right", "indent": FILTER_BUTTON_INDENT}
    if kind in ("text", "prose", "any", "date"):
        align = {"align": "center"} if kind == "date" else CELL
    return book.styles.cell(**{"bold": True, "font_color": "#FFFFFF", "bg_color": SLATE, "text_wrap": True,
                               **align, **properties})


def _write_column(book: Book, sheet: PlainSheet, column: int, field: Field, rows: int) -> None:
    sheet.write_string(0, column, field.header, header_format(book, field.kind))
    sheet.set_column(column, column, field.width)
    values, style = field.values[:rows], _cell_format(book, field)
    if field.kind == "any":
        _write_mixed(book, sheet, column, field, values, style)
        return
    if sheet.write_cells(1, column, values, style):
        return
    # Cell by cell: very long texts, what looks like markup, NumPy's own types.
    write = sheet.write_string if field.kind in ("text", "prose") else sheet.write_number
    for row, value in enumerate(values, start=1):
        if value is None:
            sheet.write_blank(row, column, None, style)
        elif isinstance(value, str) and is_markup(value):
            write_text(sheet, book.styles, row, column, value, style)
        else:
            write(row, column, value, style)


def _set_heights(sheet: Worksheet, fields: Sequence[Field], rows: int, line_height: float) -> None:
    """Rows as high as the longest of their wrapped texts: spreadsheet programs do not all find that out themselves."""
    lines = [1] * rows
    for field in fields:
        if field.kind == "prose" or field.wrapped:
            lines_of = {value: wrapped_lines(str(value), field.width) for value in {*field.values} - {None}}
            lines = [max(so_far, lines_of.get(value, 1)) for so_far, value in zip(lines, field.values, strict=False)]
    for row, count in enumerate(lines, start=1):
        if count > 1:
            sheet.set_row(row, line_height * count + 3)


def _write_mixed(book: Book, sheet: Worksheet, column: int, field: Field, values: Sequence[object],
                 style: Format) -> None:
    as_date = book.styles.cell(**{**CELL, **ROW_LINE, "num_format": DATE_FORMAT})
    large = book.styles.cell(**{**CELL, **ROW_LINE, "num_format": field.number or "General"})
    for row, value in enumerate(values, start=1):
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value, style)
        elif isinstance(value, (int, float)):
            sheet.write_number(row, column, value, large if abs(value) >= LARGE else style)
        elif isinstance(value, datetime):
            sheet.write_datetime(row, column, value, as_date)
        else:
            sheet.write_string(row, column, "" if value is None else str(value), style)


def _cell_format(book: Book, field: Field) -> Format:
    by_kind: dict[str, dict[str, object]] = {
        "text": {"num_format": "@"}, "prose": {"text_wrap": True}, "any": {"text_wrap": True} if field.wrapped else {},
        "date": {"num_format": field.number, "align": "center", "indent": 0}}
    own = by_kind.get(field.kind, {"num_format": spaced(field.number), "align": "right", "indent": 0})
    return book.styles.cell(**{**CELL, **ROW_LINE, **own})


def _lay_out(sheet: Worksheet, fields: Sequence[Field], rows: int, freeze: int) -> None:
    last = len(fields) - 1
    sheet.set_row(0, HEADER_HEIGHT)
    sheet.freeze_panes(1, freeze)
    sheet.autofilter(0, 0, rows, last)
    sheet.print_area(0, 0, rows, last)
    sheet.repeat_rows(0)
    sheet.repeat_columns(0, freeze - 1)
    # 0: as many pages downwards as it takes.
    sheet.fit_to_pages(math.ceil(sum(field.width for field in fields) / PAGE_WIDTH), 0)
    sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_col_to_name(last)}{rows + 1}"})


def _apply(book: Book, sheet: Worksheet, fields: Sequence[Field], rows: int, condition: Condition) -> None:
    position = {field.name: column for column, field in enumerate(fields) if field.name}
    if isinstance(condition, Heat):
        _heat(book, sheet, position[condition.columns[0]], position[condition.columns[-1]], rows)
    elif isinstance(condition, Shade):
        sheet.conditional_format(1, position[condition.first], rows, position[condition.last], {
            "type": "cell", "criteria": ">", "value": 0, "format": book.styles.look(condition.look)})
    else:
        first, last = (0, len(fields) - 1) if condition.column == "*" else (position[condition.column],) * 2
        sheet.conditional_format(1, first, rows, last, {
            "type": "formula", "criteria": "=" + _resolved(condition.formula, position, book.case.language),
            "format": book.styles.look(condition.look)})


def _resolved(formula: str, position: Mapping[str, int], language: str) -> str:
    with_words = re.sub(r"\{(\w+)\}=<(\w+)>",
                        lambda match: f'{{{match[1]}}}="{coded_word(match[1], match[2], language)}"', formula)
    # Row 2, the first of the range: programs move it along with each cell.
    return re.sub(r"\{(\w+)\}", lambda match: f"${xl_col_to_name(position[match[1]])}2", with_words)


def _heat(book: Book, sheet: Worksheet, first: int, last: int, rows: int) -> None:
    sheet.conditional_format(1, first, rows, last, {
        "type": "cell", "criteria": ">", "value": OVER_FULL, "format": book.styles.look("heat_over")})
    sheet.conditional_format(1, first, rows, last, {
        "type": "3_color_scale", "min_type": "num", "mid_type": "num", "max_type": "num",
        "min_value": 0, "mid_value": 1, "max_value": OVER_FULL,
        "min_color": "#FFFFFF", "mid_color": AMBER, "max_color": RED})
