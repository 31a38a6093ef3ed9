"""A result workbook's plan sheets as raw tables, every cell with its place in that file."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path

from openpyxl.utils import get_column_letter

from model.findings import Finding
from model.labels import LANGUAGES, label, label_table
from model.plan_tables import PLAN_TABLES
from model.tables.grid import Grid, as_text
from model.tables.names import fold, split_unit
from model.tables.raw import RawBook, RawTable
from model.tables.workbook import WORKBOOKS, open_workbook
from model.tables.xlsx import Package

_COLUMNS = {name: tuple(column.name for column in columns) for name, columns in PLAN_TABLES.items()} | {
    "audit": ("law", "passed")}


def read_plan(path: Path, tables: Sequence[str]) -> RawBook:
    """The named plan tables (or ``audit``) of a result workbook in English or Chinese, with the sheets they go on in.

    Addresses name the file: "[plan.xlsx]Production!E5". A file that is no result workbook, and a sheet that is not
    there, are findings inside. What stands in columns that no plan has is left out.
    """
    if not path.exists():
        return _refused(path, "not_found")
    if not path.is_file() or path.suffix.casefold() not in WORKBOOKS:
        return _refused(path, "plan_no_workbook")
    return open_workbook(path, partial(_take, path=path, tables=tables))


def _refused(path: Path, rule: str) -> RawBook:
    return RawBook(str(path), findings=[Finding("error", rule, cell=path.name, value=path.name)])


def _take(book: RawBook, package: Package, path: Path, tables: Sequence[str]) -> None:
    for name in tables:
        for title, part in package.sheets:
            if _is_part(name, title):
                _add(book, name, f"[{path.name}]{title}", package.grid(title, part))
        if name not in book.tables:
            book.findings.append(Finding("error", "plan_sheet_missing", cell=path.name, value=path.name,
                                         details={"sheet": " / ".join(label(f"sheet.{name}", each)
                                                                      for each in LANGUAGES)}))


def _is_part(table: str, title: str) -> bool:
    """Whether a sheet holds the table or goes on with it: "Production", "Production 2"."""
    names = {fold(label(f"sheet.{table}", language)) for language in LANGUAGES}
    return fold(title) in names or fold(title).rstrip("0123456789") in names


@cache
def _columns_of(table: str) -> dict[str, str]:
    """The table's columns by the folded words that stand above them."""
    found: dict[str, str] = {}
    for column in _COLUMNS[table]:
        own = f"column.{table}.{column}"
        key = own if own in label_table() else f"column.{column}"
        found |= {fold(written): column for written in (column, *(label(key, each) for each in LANGUAGES))}
    return found


def _add(book: RawBook, name: str, source: str, grid: Grid) -> None:
    """Put a sheet's rows behind those that the table has from earlier sheets."""
    rows = sorted(set().union(*grid.cells.values())) if grid.cells else [1]
    table = book.tables.setdefault(name, RawTable(name, source, "sheet", header_row=rows[0]))
    letters: dict[str, str] = {}
    start = len(table.row_numbers)
    for number in sorted(grid.cells):
        header = as_text(grid.cells[number].get(rows[0])).strip()
        column = _columns_of(name).get(fold(split_unit(header)[0]))
        # The planner's own columns stand behind the plan's, so of two with one name the first is the plan's.
        if column is None or column in letters:
            continue
        letters[column] = get_column_letter(number)
        table.headers.setdefault(column, header)
        cells = table.columns.setdefault(column, [None] * start)
        cells.extend(grid.cells[number].get(row) for row in rows[1:])
    table.row_numbers.extend(rows[1:])
    # Columns that this sheet lacks are blank in its rows.
    for cells in table.columns.values():
        cells.extend([None] * (len(table.row_numbers) - len(cells)))
    # Letters speak for the first sheet; further ones give each cell its place.
    if table.source == source:
        table.letters.update(letters)
    else:
        table.places.update({(position, column): f"{source}!{letter}{row}" for column, letter in letters.items()
                             for position, row in enumerate(rows[1:], start=start)})
