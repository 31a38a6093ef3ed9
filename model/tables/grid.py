"""From a grid of written cells to a raw table: header row, known columns, the planner's own columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from openpyxl.utils import get_column_letter

from model.findings import Finding
from model.tables.names import find_column
from model.tables.raw import Bad, RawTable


@dataclass
class Grid:
    """The cells of one sheet or file that hold anything: column number (from 1) -> row number (from 1) -> content."""

    source: str
    kind: Literal["sheet", "file"]
    cells: dict[int, dict[int, object]] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)


def as_text(content: object) -> str:
    """What a planner sees in a cell, for headers, extras and messages."""
    if isinstance(content, Bad):
        return content.written
    return "" if content is None else str(content)


def raw_table(name: str, grid: Grid) -> tuple[RawTable, list[Finding]]:
    """The raw table of a grid whose first row that holds anything is the header; rows that hold nothing are skipped."""
    table = RawTable(name, grid.source, grid.kind)
    rows = sorted(set().union(*grid.cells.values())) if grid.cells else []
    if not rows:
        return table, []
    table.header_row, table.row_numbers = rows[0], rows[1:]
    findings: list[Finding] = []
    numbers: dict[str, int] = {}
    for number in sorted(grid.cells):
        cells = grid.cells[number]
        header = as_text(cells.get(table.header_row)).strip()
        letter = get_column_letter(number)
        column = find_column(name, header) if header else None
        extra = header or f"column {letter}"
        if (column or extra) in table.letters:
            findings.append(_finding(table, "duplicate_header", letter, column or extra, header))
            continue
        table.letters[column or extra] = letter
        table.headers[column or extra] = header
        content = [cells.get(row) for row in table.row_numbers]
        if column is None:
            # Own columns are only handed back: a cell in error as the text that is seen there.
            table.extras[extra] = [_plain(cell) for cell in content]
        else:
            table.columns[column] = content
            numbers[column] = number
    return table, [*findings, *_merged(table, grid, numbers), *_hidden(table, grid)]


def _finding(table: RawTable, rule: str, letter: str, column: str, value: str) -> Finding:
    mark = "!" if table.kind == "sheet" else " "
    return Finding("error", rule, table.name, table.header_row, column,
                   f"{table.source}{mark}{letter}{table.header_row}", value)


def _plain(cell: object) -> object:
    return cell.written if isinstance(cell, Bad) else cell


def _merged(table: RawTable, grid: Grid, numbers: Mapping[str, int]) -> list[Finding]:
    """One finding for each merged range that touches a known column of the table."""
    findings = []
    last = table.row_numbers[-1] if table.row_numbers else table.header_row
    for top, left, bottom, right in grid.merged:
        touched = [column for column, number in numbers.items() if left <= number <= right]
        if touched and top <= last and bottom >= table.header_row:
            cell = f"{get_column_letter(left)}{top}"
            findings.append(Finding("error", "merged_cells", table.name, top, touched[0],
                                    f"{table.source}!{cell}", as_text(grid.cells.get(left, {}).get(top)),
                                    {"range": f"{cell}:{get_column_letter(right)}{bottom}"}))
    return findings


def _hidden(table: RawTable, grid: Grid) -> list[Finding]:
    """A warning where rows that hold something are hidden: they count like all others."""
    rows = [row for row in table.row_numbers if row in grid.hidden] if grid.hidden else []
    if not rows:
        return []
    return [Finding("warning", "hidden_rows", table.name, rows[0], cell=f"{table.source}!A{rows[0]}",
                    details={"count": str(len(rows)), "first": str(rows[0])})]
