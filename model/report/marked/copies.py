"""Writes the planner's sheets anew, cell for cell, and marks what was found in them."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from model.findings import Finding
from model.labels import label
from model.report.fields import plain_text
from model.report.marked.cells import GENERAL, Cell, NumberFormat, SourceSheet
from model.report.marked.looks import MARKED, PLAIN, SIDES, Look
from model.report.marked.places import Marks
from model.report.marked.rooms import NARROWEST, PADDING, rooms_of
from model.report.styles import AMBER, LINE_HEIGHTS, RED, SLATE, Styles
from model.report.widths import column_width, display_width
from model.tables.parse import shown

_SAMPLE_ROWS = 300  # rows whose content decides the width of a column that has none
_SAMPLE_LINES = 9
_WIDEST, _INDENT = 48.0, 1.3
_BOLD = 1.1  # how much wider the letters of a header are
_NOTE_WIDTH, _NOTE_LETTERS, _NOTE_LINE = 320, 50, 15  # pixels, letters on a line, pixels a line is high
_LONGEST_NOTE = 4_000
_PARTS: dict[str, dict[str, object]] = {
    "header": {"bold": True, "font_color": "#FFFFFF", "bg_color": SLATE, "text_wrap": True, "align": "left",
               "indent": 1},
    "text": {"align": "left", "indent": 1},  # clear of the figure on its left
    "wrapped": {"align": "left", "indent": 1, "text_wrap": True, "valign": "top"},
}
_FILLED = frozenset({"bg_color", "fg_color", "pattern"})
_COVERED = _FILLED | {*SIDES, *(f"{side}_color" for side in SIDES)}
"""What a mark replaces of the planner's own look."""
_WIDEST_PAGE = 160.0  # column units that are still read on one landscape page


class _Verbatim(NamedTuple):
    """A cell that XlsxWriter has no way to write: an error value, an ISO date, a formula without a result."""

    kind: str
    text: str
    format: Format


class ExactSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter carries no types
    """A sheet that writes numbers with all their digits, and cells exactly as they were stored."""

    def put(self, cell: Cell, look: Format) -> None:
        """Write a cell as it was stored."""
        row, column, written = cell.row - 1, cell.column - 1, cell.written
        if cell.kind == "number":
            self.write_number(row, column, written, look)
        elif cell.kind == "yes_no":
            self.write_boolean(row, column, written, look)
        elif cell.kind == "text" and str(written).startswith("<r>") and str(written).endswith("</r>"):
            # Text in this form would be taken for the writer's own markup; as a rich string it is not.
            self.write_rich_string(row, column, look, "<", look, str(written)[1:], look)
        elif cell.kind == "text":
            self.write_string(row, column, written, look)
        # XlsxWriter answers 0 for a cell that a sheet has, and keeps what stands in its table.
        elif not self._check_dimensions(row, column):
            self.table[row][column] = _Verbatim(cell.kind, str(written), look)

    def _xml_number_element(self, number: int | float, attributes: Sequence[tuple[str, object]] = ()) -> None:
        words = "".join(f' {key}="{value}"' for key, value in attributes)
        # repr keeps every digit, where the writer keeps 16.
        self.fh.write(f"<c{words}><v>{number!r}</v></c>")

    def _write_cell(self, row: int, column: int, cell: object) -> None:
        if not isinstance(cell, _Verbatim):
            super()._write_cell(row, column, cell)
            return
        attributes: list[tuple[str, object]] = [("r", f"{xl_col_to_name(column)}{row + 1}"),
                                               ("s", cell.format._get_xf_index())]
        if cell.kind != "formula":
            attributes.append(("t", "e" if cell.kind == "error" else "d"))
        self._xml_start_tag("c", attributes)
        self._xml_data_element("f" if cell.kind == "formula" else "v", cell.text)
        self._xml_end_tag("c")


class Copier:
    """Writes sheet after sheet into one workbook."""

    def __init__(self, book: Workbook, styles: Styles, language: str) -> None:
        self._book, self._styles, self._language = book, styles, language
        self._formats: dict[tuple[NumberFormat, str, str, Look], Format] = {}

    def copy(self, sheet: SourceSheet, marks: Marks, noted: Collection[tuple[int, int]]) -> None:
        """Write a sheet with its marks; the cells in ``noted`` get a note as well."""
        page = self._book.add_worksheet(sheet.name, worksheet_class=ExactSheet)
        column_formats = dict(sheet.column_formats)
        # A value that is missing is marked, too: its cell is written as a coloured blank.
        blank = dict.fromkeys(marks)
        # The planner's own width goes before the measured one.
        widths = _content_widths(sheet.cells) | sheet.widths
        rooms = rooms_of(sheet, widths, LINE_HEIGHTS[self._language])
        for cell in sheet.cells:
            place = (cell.row, cell.column)
            is_header = sheet.table is not None and cell.row == sheet.header_row
            if not is_header:
                # A blank is shown as the column's first value is.
                column_formats.setdefault(cell.column, cell.number_format)
            part = "header" if is_header else "wrapped" if place in rooms.wrapped else cell.kind
            page.put(cell, self._format(cell.number_format, part, _severity(marks.get(place, ())), cell.look))
            blank.pop(place, None)
        for row, column in blank:
            look = self._format(column_formats.get(column, GENERAL), "", _severity(marks[row, column]))
            page.write_blank(row - 1, column - 1, None, look)
        for row, column in noted:
            text = self._note(marks[row, column])
            page.write_comment(row - 1, column - 1, text, _note_size(text) | {"font_name": self._styles.font})
        # The range alone: the writer's own way fills every cell of it, which may be a million.
        page.merge.extend([top - 1, left - 1, bottom - 1, right - 1] for top, left, bottom, right in sheet.merged)
        for row, height in rooms.heights.items():
            page.set_row(row - 1, height)
        self._lay_out(page, sheet, marks, widths)

    def _format(self, number_format: NumberFormat, part: str, severity: str, own: Look = PLAIN) -> Format:
        """The look of a cell: ``part`` says whether it is a header, a text, one of several lines, or something else.

        The planner's own look goes before that of the part, and the mark of what was found before both.
        """
        key = (number_format, part, severity, own)
        if key not in self._formats:
            self._formats[key] = self._styles.cell(num_format=number_format, **_properties(part, severity, dict(own)))
        return self._formats[key]

    def _note(self, findings: Sequence[Finding]) -> str:
        lines = [label("marked.note_line", self._language).format(
            severity=label(f"marked.{finding.severity}", self._language), rule=finding.rule_text(self._language),
            remedy=finding.remedy_text(self._language)) for finding in findings]
        return plain_text("\n\n".join(lines))[:_LONGEST_NOTE]

    def _lay_out(self, page: ExactSheet, sheet: SourceSheet, marks: Marks, widths: Mapping[int, float]) -> None:
        last = max((cell.column for cell in sheet.cells), default=1)
        for column in range(1, last + 1):
            own = sheet.column_looks.get(column, PLAIN)
            look = self._format(sheet.column_formats.get(column, GENERAL), "", "", own)
            page.set_column(column - 1, column - 1, widths.get(column), look)
        severity = _severity([finding for found in marks.values() for finding in found])
        if severity:
            page.set_tab_color(RED if severity == "error" else AMBER)
        if sheet.cells:
            page.ignore_errors({"number_stored_as_text": f"A1:{xl_col_to_name(last - 1)}{sheet.cells[-1].row}"})
        page.set_landscape()
        page.set_paper(9)
        width = sum(widths.get(column, 0.0) for column in range(1, last + 1))
        page.fit_to_pages(max(1, math.ceil(width / _WIDEST_PAGE)), 0)
        if sheet.table is not None and sheet.cells:
            page.set_row(sheet.header_row - 1, _header_height(sheet, widths, LINE_HEIGHTS[self._language]))
            page.repeat_rows(sheet.header_row - 1)
            page.freeze_panes(sheet.header_row, 0)
            page.autofilter(sheet.header_row - 1, 0, sheet.cells[-1].row - 1, last - 1)


def _properties(part: str, severity: str, own: dict[str, object]) -> dict[str, object]:
    """What makes up a cell's look, as XlsxWriter names it."""
    given = dict(_PARTS.get(part, {}))
    if part == "header" and not _FILLED.isdisjoint(own):
        given = {"text_wrap": True, "align": "left"}
    elif part == "header":
        own.pop("font_color", None)  # it was chosen for another ground
    if "align" in own:
        given.pop("indent", None)
    if severity:
        own = {key: value for key, value in own.items() if key not in _COVERED}
    wrapped = {"text_wrap": True} if part == "wrapped" else {}
    return given | own | wrapped | MARKED.get(severity, {})


def _severity(findings: Collection[Finding]) -> str:
    """The worst of what was found; nothing where nothing was."""
    if any(finding.severity == "error" for finding in findings):
        return "error"
    return "warning" if findings else ""


def _note_size(text: str) -> dict[str, object]:
    """Width and height in pixels in which a note shows whole."""
    lines = sum(max(1, math.ceil(display_width(line) / _NOTE_LETTERS)) for line in text.split("\n"))
    return {"width": _NOTE_WIDTH, "height": (lines + 1) * _NOTE_LINE, "font_size": 9}


def _header_height(sheet: SourceSheet, widths: Mapping[int, float], line_height: float) -> float:
    """Height in points in which the table's headers show whole: LibreOffice does not find it out by itself."""
    rooms = {cell.column: max(1.0, widths.get(cell.column, NARROWEST) - PADDING) for cell in sheet.cells}
    lines = [math.ceil(column_width([shown(cell.content)]) * _BOLD / rooms[cell.column])
             for cell in sheet.cells if cell.row == sheet.header_row]
    return line_height * min(max(lines), _SAMPLE_LINES) + 6


def _content_widths(cells: Sequence[Cell]) -> dict[int, float]:
    """Column widths that show the first rows whole."""
    widths: dict[int, float] = {}
    for cell in cells:
        if cell.row > cells[0].row + _SAMPLE_ROWS:
            break
        width = column_width(shown(cell.content).split("\n")[:_SAMPLE_LINES])
        widths[cell.column] = min(_WIDEST, max(NARROWEST, widths.get(cell.column, 0.0), width + PADDING + _INDENT))
    return widths
