"""The workbook while it is written: its file, its styles and a record of what was put where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from xlsxwriter import Workbook

from model.report.case import Case
from model.report.chart_data import ChartData
from model.report.fields import Cell, Field
from model.report.sheets.plain_sheet import PlainSheet
from model.report.styles import Styles

CHECKED_ROWS = 200  # rows of each sheet that are compared cell by cell after reopening
# Nothing that a planner typed becomes a formula, a link or a figure: =A1 and 007 are names.
WRITER_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True)
class Written:
    """What a sheet must contain when the file is opened again: header, number of rows, and its first rows."""

    sheet: str
    header: tuple[str, ...] = ()
    rows: int = 0
    first_rows: tuple[tuple[Cell, ...], ...] = ()


@dataclass
class Book:
    """An open workbook for one case."""

    file: Workbook
    case: Case
    styles: Styles
    written: list[Written] = field(default_factory=list)
    chart_data: ChartData = field(default_factory=lambda: ChartData(""))  # the one sheet that every chart reads

    @classmethod
    def create(cls, path: Path, case: Case) -> Book:
        """An empty workbook at ``path``, in the font of the case's language."""
        file = Workbook(str(path), WRITER_OPTIONS)
        file.worksheet_class = PlainSheet
        styles = Styles(file, case.language)
        file.formats[0].set_font_name(styles.font)
        file.formats[0].set_font_size(10)
        file.set_properties({"title": case.tables.settings.plan_name})
        return cls(file, case, styles)

    def add_sheet(self, name: str) -> PlainSheet:
        """A new sheet without gridlines, with page footer and margins."""
        sheet: PlainSheet = self.file.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.45, bottom=0.55)
        # & begins a code in a footer, and a footer holds 255 characters.
        title = self.case.tables.settings.plan_name[:80].replace("&", "&&")
        sheet.set_footer(f"&L&8{title} - {name}&R&8&P / &N")
        return sheet

    def record(self, sheet: str, fields: Sequence[Field], rows: int) -> None:
        """Remember what was written, for the check after reopening."""
        few = min(rows, CHECKED_ROWS)
        columns = [field.values[:few] for field in fields]
        first_rows = tuple(zip(*columns, strict=True)) if columns else ()
        self.written.append(Written(sheet, tuple(field.header for field in fields), rows, first_rows))
