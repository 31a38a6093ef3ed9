"""Sheets of a result workbook as frames: header words, coded words, numbers and dates understood again."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from model.compare.wording import REPORTED, code_of, column_of
from model.findings import Finding
from model.plan_tables import PLAN_TABLES, PlanColumn, PlanKind
from model.report.fields import FIRST_DAY
from model.tables.grid import Grid, as_text
from model.tables.raw import Bad


@dataclass
class Sheet:
    """One sheet by its columns' names: contents, units of the headers, and where each row and column stands."""

    title: str
    columns: dict[str, list[object]] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)


def sheet_of(table: str, grid: Grid) -> Sheet:
    """The sheet whose first row that holds anything is its header; what stands in columns nobody knows is left out.

    Of two columns of one name the first counts: the planner's own stand behind the plan's.
    """
    rows = sorted(set().union(*grid.cells.values())) if grid.cells else []
    sheet = Sheet(grid.source, rows=rows[1:])
    for number in sorted(grid.cells):
        cells = grid.cells[number]
        name, unit = column_of(table, as_text(cells.get(rows[0])))
        if name is not None and name not in sheet.columns:
            sheet.columns[name] = [cells.get(row) for row in sheet.rows]
            sheet.units[name], sheet.letters[name] = unit, xl_col_to_name(number - 1)
    return sheet


def plan_frame(table: str, sheets: Sequence[Sheet], findings: list[Finding]) -> pd.DataFrame:
    """The plan table with its columns and those REPORTED; a column that no sheet has is blank. ``findings`` gets every
    bad cell."""
    columns = (*PLAN_TABLES[table], *REPORTED.get(table, ()))
    parts = [_part(columns, sheet, findings) for sheet in sheets]
    if not parts:
        return pd.DataFrame({column.name: _typed(column.kind, []) for column in columns})
    return pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]


def _part(columns: Sequence[PlanColumn], sheet: Sheet, findings: list[Finding]) -> pd.DataFrame:
    made = {}
    for column in columns:
        cells = sheet.columns.get(column.name, [None] * len(sheet.rows))
        values: list[object] = []
        for row, cell in zip(sheet.rows, cells, strict=True):
            value = understood(column.name, column.kind, cell)
            if isinstance(value, Bad):
                findings.append(bad_cell(sheet, column.name, row, value))
                value = None
            values.append(value)
        made[column.name] = _typed(column.kind, values)
    return pd.DataFrame(made)


def bad_cell(sheet: Sheet, column: str, row: int, bad: Bad) -> Finding:
    """What is said of a cell that does not hold what its column holds."""
    cell = f"{sheet.title}!{sheet.letters.get(column, '')}{row}"
    return Finding("error", "result_cell", row=row, column=column, cell=cell, value=bad.written)


def understood(column: str, kind: PlanKind, cell: object) -> object:
    """A cell's content as its column's kind has it, None where it is blank, Bad where it is something else."""
    if cell is None or isinstance(cell, Bad):
        return cell
    if kind == "date":
        return _day(cell)
    if kind == "text":
        return code_of(column, _text(cell))
    return _number(cell)


def _text(cell: object) -> str:
    # An id such as 1001 becomes a figure once someone has typed it anew.
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == datetime.min.time():
        return f"{cell:%Y-%m-%d}"
    return str(cell)


def _number(cell: object) -> object:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return float(cell)
    try:
        # NFKC: figures as Chinese keyboards type them, in full width.
        figure = float(unicodedata.normalize("NFKC", str(cell)).replace(",", ""))
    except ValueError:
        return Bad("result_cell", str(cell))
    return figure if math.isfinite(figure) else Bad("result_cell", str(cell))


def _day(cell: object) -> object:
    if isinstance(cell, (date, datetime)):
        return pd.Timestamp(cell).normalize()
    try:
        if isinstance(cell, (int, float)) and not isinstance(cell, bool):
            return FIRST_DAY + pd.Timedelta(days=int(cell))
        return pd.Timestamp(datetime.fromisoformat(str(cell).strip())).normalize()
    except (ValueError, OverflowError):
        return Bad("result_cell", str(cell))


def _typed(kind: PlanKind, values: Sequence[object]) -> pd.Series:
    if kind == "text":
        return pd.Series(list(values), dtype=object)
    if kind == "date":
        # Through objects: a column of blanks has the type of its kind, too.
        return pd.to_datetime(pd.Series(list(values), dtype=object)).astype("datetime64[ns]")
    return pd.Series([math.nan if value is None else value for value in values], dtype="float64")


def units_of_rows(sheet: Sheet, column: str, mixed: frozenset[str]) -> list[str]:
    """The quantity unit of each row: its header's, or its own where the header says that rows differ."""
    unit = sheet.units.get(column, "")
    if unit in mixed and "unit" in sheet.columns:
        return ["" if cell is None else as_text(cell) for cell in sheet.columns["unit"]]
    return [unit] * len(sheet.rows)


def rows_named(sheet: Sheet, column: str, names: Sequence[str]) -> Sheet:
    """The sheet with the rows only whose ``column`` holds one of ``names``: a sum below them is no row of the table."""
    kept = [place for place, cell in enumerate(sheet.columns.get(column, []))
            if cell is not None and code_of(column, as_text(cell)) in names]
    columns = {name: [cells[place] for place in kept] for name, cells in sheet.columns.items()}
    return replace(sheet, columns=columns, rows=[sheet.rows[place] for place in kept])
