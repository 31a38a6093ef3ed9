"""CSV files read for copying: tables as the checks read them, any other file as its plain fields."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
import re
from collections.abc import Collection, Mapping
from pathlib import Path

from openpyxl.utils.datetime import to_excel

from model.report.marked.cells import AS_TEXT, GENERAL, Cell, NumberFormat, SourceSheet, number_cell, text_cell
from model.report.styles import DATE_FORMAT
from model.schema import SETTINGS, TABLES, Column
from model.tables import Bad
from model.tables.csv_folder import _SILENT, _decode, _fill
from model.tables.grid import Grid
from model.tables.names import find_column, find_setting, find_table
from model.tables.parse import parse_cell, shown

_LONGEST_AS_TEXT = 255  # longer text in a cell formatted as text shows as ##### in older spreadsheets
_FIRST_YEAR = 1901      # earlier days have no agreed number in spreadsheets
_LARGEST_WHOLE = 10**15
_PLAIN_NUMBER = re.compile(r"-?\d+(\.\d{1,15})?", re.ASCII)


def read_folder(folder: Path) -> tuple[list[SourceSheet], list[str]]:
    """The CSV files of a folder, all cells as text, in the order of their names; and the files not copied."""
    sheets, left_out = [], []
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        is_csv = path.suffix.casefold() == ".csv"
        table = find_table(path.stem) if is_csv else None
        if table is None and path.name.casefold().startswith(_SILENT):
            continue
        grid = _grid(path, table) if is_csv else None
        if grid is None:
            left_out.append(path.name)
            continue
        # A file that is no table keeps its ending, so that its sheet is no table either.
        sheet = SourceSheet(path.name, "file", path.stem if table else path.name, table)
        for column, rows in grid.cells.items():
            for row, content in rows.items():
                cell = text_cell(row, column, str(content))
                sheet.lost["cut"] += cell.written != content
                sheet.cells.append(cell)
        sheet.cells.sort(key=lambda cell: cell[:2])
        sheets.append(sheet)
    return sheets, left_out


def _grid(path: Path, table: str | None) -> Grid | None:
    """The fields of a file; None if it cannot be opened or is no text."""
    grid = Grid(path.name, "file")
    try:
        text = _decode(path.read_bytes())
    except OSError:
        return None
    if text is None:
        return None
    if table is not None:
        _fill(grid, table, text)
        return grid
    first_line = text.partition("\n")[0]
    # On a tie the comma: max keeps the first.
    mark = max(",;\t", key=first_line.count)
    with contextlib.suppress(csv.Error):  # what comes before the fault is kept
        for row, record in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=mark), start=1):
            for column, field in enumerate(record, start=1):
                if field and not field.isspace():
                    grid.cells.setdefault(column, {})[row] = field
    return grid


def type_cells(sheet: SourceSheet, marked: Collection[tuple[int, int]]) -> None:
    """Turn text of a table into the figures and dates that it stands for, in place; everything else stays as typed.

    A ``marked`` cell is left as typed wherever its finding would otherwise quote something else.
    """
    if sheet.table is None:
        return
    columns = {cell.column: TABLES[sheet.table].by_name[name] for cell in sheet.cells if cell.row == sheet.header_row
               and (name := find_column(sheet.table, str(cell.written).strip()))}
    settings = _settings_by_row(sheet, columns) if sheet.table == "settings" else {}
    for position, cell in enumerate(sheet.cells):
        if cell.row == sheet.header_row:
            continue
        column = columns.get(cell.column)
        if column is not None and column.name == "value":
            column = settings.get(cell.row, column)
        sheet.cells[position] = _typed(cell, column, (cell.row, cell.column) in marked)


def _settings_by_row(sheet: SourceSheet, columns: Mapping[int, Column]) -> dict[int, Column]:
    """Which setting stands in which row."""
    keys = {cell.row: find_setting(str(cell.written)) for cell in sheet.cells
            if cell.column in columns and columns[cell.column].name == "key"}
    return {row: SETTINGS[key] for row, key in keys.items() if key is not None}


def _typed(cell: Cell, column: Column | None, is_marked: bool) -> Cell:
    written = str(cell.written)
    value = parse_cell(column, written) if column is not None and column.kind in ("number", "date") else None
    # A finding quotes what was typed: 01.50 must not stand there as 1.5.
    is_usable = value is not None and not isinstance(value, Bad) and not (is_marked and shown(value) != written.strip())
    if is_usable and isinstance(value, float):
        # A whole figure is written without a point, as far as a spreadsheet keeps all its digits.
        number = int(value) if value.is_integer() and abs(value) < _LARGEST_WHOLE else value
        return number_cell(cell.row, cell.column, number, number, _decimals(written.strip()))
    if is_usable and isinstance(value, dt.date) and value.year >= _FIRST_YEAR:
        moment = dt.datetime.combine(value, dt.time())
        return number_cell(cell.row, cell.column, int(to_excel(moment)), moment, DATE_FORMAT)
    is_name = column is None or column.kind == "text"
    return cell._replace(number_format=AS_TEXT if is_name and len(written) <= _LONGEST_AS_TEXT else GENERAL)


def _decimals(written: str) -> NumberFormat:
    """The number format that shows a figure with the decimals it was typed with."""
    found = _PLAIN_NUMBER.fullmatch(written)
    decimals = len(found[1]) - 1 if found and found[1] else 0
    return "0." + "0" * decimals if decimals else GENERAL
