"""The first sheet of a marked copy: everything found, each with a link to its cell, and what the copy does not keep."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from model.findings import Finding
from model.labels import LANGUAGES, label
from model.report.fields import plain_text
from model.report.marked.cells import SourceSheet
from model.report.marked.places import Place
from model.report.styles import AMBER_INK, FAINT, LINE, PALE_AMBER, PALE_RED, RED, SLATE, TEAL, Styles
from model.report.widths import display_width
from model.tables.names import fold

COLUMNS = ("severity", "sheet", "cell", "value", "rule", "remedy")
MOST_LISTED = 60_000  # a sheet holds 65,530 links
_WIDTHS = (11, 20, 10, 26, 58, 58)
_LONGEST = (99, 200, 200, 200, 1_000, 1_000)  # letters shown
_LINE_HEIGHT, _HEADER_HEIGHT, _HIGHEST = 13.5, 24.0, 409.0  # points
_SEVERITIES: dict[str, dict[str, object]] = {
    "error": {"font_color": RED, "bg_color": PALE_RED, "bold": True},
    "warning": {"font_color": AMBER_INK, "bg_color": PALE_AMBER},
    "note": {"font_color": FAINT},
}


@dataclass(frozen=True)
class Entry:
    """One row of the list; ``severity`` is error, warning or note."""

    severity: str
    sheet: str
    cell: str
    value: str
    rule: str
    remedy: str
    place: Place | None = None


def entry_of(finding: Finding, place: Place | None, language: str) -> Entry:
    """The row for a finding, which belongs to ``place`` or to no sheet of the copy."""
    if place is None:
        is_elsewhere = finding.cell not in ("", finding.value)
        where = (finding.table, finding.cell if is_elsewhere else "")
    elif place.row is None:
        where = (place.sheet.source, "")
    elif place.column is None:
        where = (place.sheet.source, label("marked.row", language).format(row=place.row))
    else:
        where = (place.sheet.source, f"{xl_col_to_name(place.column - 1)}{place.row}")
    return Entry(finding.severity, *where, finding.value, finding.rule_text(language), finding.remedy_text(language),
                 place)


def is_own_list(sheet: SourceSheet) -> bool:
    """Whether a sheet is the list of errors of an earlier copy, which the new one replaces."""
    header = tuple(str(cell.written) for cell in sheet.cells if cell.row == 1)
    return any(fold(sheet.source) == fold(label("sheet.errors", language)) and header == _headers(language)
               for language in LANGUAGES)


def _headers(language: str) -> tuple[str, ...]:
    return tuple(label(f"marked.{column}", language) for column in COLUMNS)


def write_errors_sheet(book: Workbook, styles: Styles, entries: Sequence[Entry], language: str) -> None:
    """Write the list as the workbook's first sheet."""
    page = book.add_worksheet(label("sheet.errors", language))
    page.hide_gridlines(2)
    header = styles.cell(bold=True, font_color="#FFFFFF", bg_color=SLATE, align="left", indent=1)
    for column, (words, width) in enumerate(zip(_headers(language), _WIDTHS, strict=True)):
        page.set_column(column, column, width)
        page.write_string(0, column, words, header)
    # As text: what looks like a figure or a date stays as it was typed.
    body = {"text_wrap": True, "valign": "top", "bottom": 1, "bottom_color": LINE, "align": "left", "indent": 1,
            "num_format": "@"}
    plain, link = styles.cell(**body), styles.cell(**body, font_color=TEAL, underline=1)
    severities = {name: styles.cell(**{**body, **look}) for name, look in _SEVERITIES.items()}
    for row, entry in enumerate(entries, start=1):
        page.write_string(row, 0, label(f"marked.{entry.severity}", language), severities[entry.severity])
        _write_words(page, row, entry, plain, link)
    _lay_out(page, len(entries))
    if any(entry.severity == "error" for entry in entries):
        page.set_tab_color(RED)


def _write_words(page: Worksheet, row: int, entry: Entry, plain: Format, link: Format) -> None:
    """Everything right of the severity; the sheet or the cell leads to the place."""
    texts = (entry.sheet, entry.cell, entry.value, entry.rule, entry.remedy)
    words = [plain_text(text if len(text) <= longest else text[:longest] + "…")
             for text, longest in zip(texts, _LONGEST[1:], strict=True)]
    # One link in a row: at the cell where there is one, else at the sheet.
    linked = None if entry.place is None else 1 if entry.place.row is None else 2
    for column, text in enumerate(words, start=1):
        if column == linked and entry.place is not None:
            page.write_url(row, column, _address(entry.place), link, text)
        else:
            page.write_string(row, column, text, plain)
    lines = max(_lines(text, width) for text, width in zip(words, _WIDTHS[1:], strict=True))
    page.set_row(row, min(_HIGHEST, _LINE_HEIGHT * lines + 4))


def _address(place: Place) -> str:
    column = xl_col_to_name((place.column or 1) - 1)
    return f"internal:{_quoted(place.sheet.name)}!{column}{place.row or 1}"


def _quoted(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


def _lines(text: str, width: float) -> int:
    return sum(max(1, math.ceil(display_width(line) / width)) for line in text.split("\n"))


def _lay_out(page: Worksheet, rows: int) -> None:
    page.set_row(0, _HEADER_HEIGHT)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(1, rows), len(COLUMNS) - 1)
    page.ignore_errors({"number_stored_as_text": f"A1:{xl_col_to_name(len(COLUMNS) - 1)}{rows + 1}"})
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.4, right=0.4, top=0.45, bottom=0.55)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_footer("&R&8&P / &N")
