"""The sheet of one input table: headers, formats, dropdowns, checks at the keyboard, and its rows."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name

from model.labels import label
from model.report.fields import since_first_day
from model.report.sheets.plain_sheet import PlainSheet
from model.report.styles import (
    CELL,
    DATE_FORMAT,
    FILTER_BUTTON_INDENT,
    INK,
    INPUT,
    LINE,
    LINE_HEIGHTS,
    MIST,
    PALE_RED,
    SLATE,
    TEAL,
    Styles,
    write_text,
)
from model.report.widths import column_width, display_width, header_width, wrapped_lines
from model.schema import SETTINGS, TABLES, Column
from model.tables.parse import shown
from model.template.contents import Content
from model.template.words import header_of, name_of, note_text, sheet_name, word

# blank rows beneath the content that are checked while they are typed
SPARE_ROWS = 5000
# characters of the words in a dropdown of their own
LONGEST_LIST = 255
SECONDS_OF_DAY = 86_400
FIRST_SURE_DAY = 61  # earlier days have no number that all spreadsheets agree on
WIDEST, MOST_WRAPPED, MOST_LINES = 66.0, 5_000, 20  # column units; rows whose height is set; lines of a row
WIDEST_PAGE = 160.0  # column units that are still read on one landscape page
_RIGHT = frozenset({"number", "date"})  # kinds that stand on the right of their cells
_HEADER_SIDES: dict[bool, dict[str, object]] = {True: {"align": "right", "indent": FILTER_BUTTON_INDENT}, False: CELL}
_KIND_FORMATS = {"text": "@", "date": DATE_FORMAT, "choice": "@", "yes_no": "@"}
_TAB_COLOURS = {True: SLATE, False: LINE}


class ExactNumber(float):
    """A number written with every digit; XlsxWriter keeps 16, which is one too few for some."""

    def __format__(self, spec: str) -> str:
        return repr(float(self))


class TableSheet:
    """One table's sheet in a workbook that is being written."""

    def __init__(self, book: Workbook, styles: Styles, language: str, content: Content,
                 rows: Mapping[str, int] | None = None) -> None:
        """``rows``: how many rows the other tables' sheets hold, by table, for the dropdowns that name them."""
        self._styles, self._language, self._content = styles, language, content
        self._table = content.table
        self._sheet: PlainSheet = book.add_worksheet(sheet_name(content.table.name, language), PlainSheet)
        self._rows = rows or {}
        # A filter needs a row beneath its header.
        self._last = max(content.rows, 1)
        self._look: dict[str, object] = {}
        self._width = 0.0
        self._wrapped: set[int] = set()
        self._lines: dict[int, int] = {}

    def write_plain(self) -> None:
        """Header and rows, nothing else."""
        self._write_headers(documented=False)
        self._write_rows()
        self._finish()

    def write_documented(self) -> None:
        """Header with units and notes, rows in the input colour, dropdowns and checks at the keyboard."""
        self._look = {**INPUT, "border": 1, "border_color": LINE}
        self._write_headers(documented=True)
        self._look["italic"] = self._content.is_example  # what is typed into a blank cell is no example
        self._write_rows()
        if self._table.name == "settings":
            self._document_settings()
        else:
            for number, column in enumerate(self._content.columns):
                if isinstance(column, Column):
                    self._validate(column, 1, number, self._content.rows + SPARE_ROWS)
            self._mark_gaps()
        self._sheet.set_tab_color(_TAB_COLOURS[self._table.required])
        self._finish()

    def _write_headers(self, documented: bool) -> None:
        edge: dict[str, object] = {"bold": True, "border": 1, "border_color": LINE, "text_wrap": True}
        colours: dict[bool, dict[str, object]] = {True: {"font_color": "#FFFFFF", "bg_color": TEAL},
                                                  False: {"font_color": INK, "bg_color": MIST}}
        for number, column in enumerate(self._content.columns):
            if isinstance(column, str):
                write_text(self._sheet, self._styles, 0, number, column,
                           self._styles.cell(italic=True, border=1, border_color=LINE, **CELL))
                self._sheet.set_column(number, number, max(10.0, column_width([column]) + 3), self._styles.cell())
                continue
            header = header_of(column, self._language)
            self._sheet.write_string(0, number, header, self._styles.cell(
                **edge, **colours[column.required and documented], **_HEADER_SIDES[column.kind in _RIGHT]))
            width = self._width_of(number, header)
            self._sheet.set_column(number, number, width, self._format(column))
            self._width += width
            if documented:
                self._note(0, number, column)

    def _width_of(self, number: int, header: str) -> float:
        """Width of a column that shows its header and its cells; words that are longer go on in further lines."""
        cells = self._content.cells[number]
        # The first rows decide: a long table is not measured whole.
        words = column_width(shown(cell).partition("\n")[0] for cell in cells[:500])
        width = max(10.0, min(WIDEST, max(header_width(header) + 2, words) + 3))
        if words + 3 > WIDEST:
            self._wrapped.add(number)
            for row, cell in enumerate(cells[:MOST_WRAPPED], start=1):
                lines = wrapped_lines(cell, width) if isinstance(cell, str) else 1
                if lines > self._lines.get(row, 1):
                    self._lines[row] = min(MOST_LINES, lines)
        return width

    def _note(self, row: int, number: int, column: Column) -> None:
        text = note_text(self._table.name, column, self._language)
        lines = sum(1 + display_width(line) // 44 for line in text.split("\n"))
        self._sheet.write_comment(row, number, text, {"width": 300, "height": 18 * lines + 12, "font_size": 9,
                                                      "font_name": self._styles.font, "color": "#FFFFFF"})

    def _format(self, column: Column) -> Format:
        pattern, side = _KIND_FORMATS.get(column.kind), {} if column.kind in _RIGHT else CELL
        return self._cell(num_format=pattern, **side) if pattern else self._cell()

    def _cell(self, **properties: object) -> Format:
        return self._styles.cell(**self._look, **properties)

    def _write_rows(self) -> None:
        plain = self._cell()
        for number, (column, cells) in enumerate(zip(self._content.columns, self._content.cells, strict=True)):
            look = self._format(column) if isinstance(column, Column) else plain
            if number in self._wrapped and isinstance(column, Column):
                look = self._cell(num_format="@", text_wrap=True, **CELL)
            if self._write_plainly(number, cells, look):
                continue
            for row, cell in enumerate(cells, start=1):
                self._write_cell(row, number, cell, look)

    def _write_plainly(self, number: int, cells: Sequence[object], look: Format) -> bool:
        """Whether the column is all figures, all words or all days, and was written in one piece."""
        kinds = set(map(type, cells)) - {type(None), type(pd.NaT)}
        column = self._content.columns[number]
        values: list[object] = [None if cell is None or cell is pd.NaT else cell for cell in cells]
        # A bool has its own type here, so yes and no go cell by cell.
        if kinds <= {float, int}:
            values = [ExactNumber(cell) if isinstance(cell, (float, int)) and cell == cell else None for cell in cells]
        elif kinds == {str} and isinstance(column, Column) and column.choices:
            words = {cell: word(str(cell), self._language) for cell in {*values} - {None}}
            values = [words.get(cell) for cell in values]
        elif kinds == {pd.Timestamp}:
            days = since_first_day(pd.Series(values, dtype="datetime64[ns]"))
            if (days.dt.total_seconds() % SECONDS_OF_DAY > 0).any() or (days.dt.days < FIRST_SURE_DAY).any():
                return False
            values = [None if day != day else day for day in days.dt.days.tolist()]
            look = self._cell(num_format=DATE_FORMAT)
        return self._sheet.write_cells(1, number, values, look, blanks=False)

    def _write_cell(self, row: int, number: int, cell: object, look: Format) -> None:
        if cell is None or cell is pd.NaT:
            return
        if isinstance(cell, float):
            if not math.isnan(cell):
                self._sheet.write_number(row, number, ExactNumber(cell), look)
        elif isinstance(cell, str):
            self._write_words(row, number, cell, look)
        # NumPy's bool is no subclass of Python's, but has its name.
        elif isinstance(cell, bool) or type(cell).__name__ == "bool":
            known = isinstance(self._content.columns[number], Column)
            if known:
                self._sheet.write_string(row, number, word("yes" if cell else "no", self._language), look)
            else:
                self._sheet.write_boolean(row, number, bool(cell), look)
        elif isinstance(cell, dt.datetime):
            whole = cell.time() == dt.time(0)
            self._sheet.write_datetime(row, number, cell, self._cell(
                num_format=DATE_FORMAT if whole else f"{DATE_FORMAT} hh:mm:ss"))
        elif isinstance(cell, dt.date):
            self._sheet.write_datetime(row, number, cell, self._cell(num_format=DATE_FORMAT))
        elif isinstance(cell, dt.time | dt.timedelta):
            pattern = "hh:mm:ss" if isinstance(cell, dt.time) else "[h]:mm:ss"
            self._sheet.write_datetime(row, number, cell, self._cell(num_format=pattern))
        elif isinstance(cell, int):
            self._sheet.write_number(row, number, ExactNumber(cell), look)
        else:
            self._write_words(row, number, str(cell), look)

    def _write_words(self, row: int, number: int, words: str, look: Format) -> None:
        column = self._content.columns[number]
        text = word(words, self._language) if isinstance(column, Column) and column.choices else words
        write_text(self._sheet, self._styles, row, number, text, look)

    def _document_settings(self) -> None:
        """Each setting has its own type, and a note at its key."""
        needed = self._styles.cell(bold=True, bg_color=MIST, font_color=TEAL)
        other = self._styles.cell(bg_color=MIST)
        for row, (key, column) in enumerate(SETTINGS.items(), start=1):
            written = column.label_zh if self._language == "zh" else key
            self._sheet.write_string(row, 0, written, needed if column.required else other)
            self._note(row, 0, column)
            self._validate(column, row, 1, row)
            value = self._content.cells[1][row - 1]
            if value is None:
                self._sheet.write_blank(row, 1, None, self._format(column))
            else:
                text = word(str(value), self._language) if column.choices else value
                self._write_cell(row, 1, text, self._format(column))
        self._sheet.set_column(0, 0, 24)
        self._sheet.set_column(1, 1, max(24.0, self._width_of(1, "")))

    def _validate(self, column: Column, first: int, number: int, last: int) -> None:
        rule = self._rule(column)
        if rule is not None:
            message = note_text(self._table.name, column, self._language)[:255]
            # Excel's limits of a message: 32 and 255 characters.
            texts = {"error_title": name_of(column, self._language)[:32], "error_message": message}
            self._sheet.data_validation(first, number, last, number, {"ignore_blank": True, **texts, **rule})

    def _rule(self, column: Column) -> dict[str, object] | None:
        """What the spreadsheet accepts in a cell of the column."""
        if column.choices:
            words = [word(choice, self._language) for choice in column.choices]
            return {"validate": "list", "source": words} if len(",".join(words)) <= LONGEST_LIST else None
        if column.refers:
            table = TABLES[column.refers[0]]
            letter = xl_col_to_name(table.columns.index(table.by_name[table.key[0]]))
            last = self._rows.get(table.name, 0) + SPARE_ROWS
            source = f"='{sheet_name(table.name, self._language)}'!${letter}$2:${letter}${last}"
            # A name may be typed before the table it refers to is filled in, or stand in a second table.
            return {"validate": "list", "source": source,
                    "error_type": "warning" if len(column.refers) == 1 else "information"}
        if column.kind == "date":
            return {"validate": "date", "criteria": "between", "minimum": dt.date(1900, 1, 1),
                    "maximum": dt.date(2200, 12, 31)}
        if column.kind != "number":
            return None
        rule: dict[str, object] = {"validate": "integer" if column.whole else "decimal"}
        low = column.low if column.low is not None else column.above
        if low is None:
            return {**rule, "criteria": "between", "minimum": -1e15, "maximum": 1e15}
        # "between" takes in both ends; whether low itself is allowed, the check says.
        if column.high is not None:
            return {**rule, "criteria": "between", "minimum": low, "maximum": column.high}
        return {**rule, "criteria": ">=" if column.above is None else ">", "value": low}

    def _mark_gaps(self) -> None:
        """A required cell left blank in a started row, and a key that stands twice, turn red."""
        last = self._content.rows + SPARE_ROWS
        width = xl_col_to_name(len(self._content.columns) - 1)
        red = self._styles.cell(bg_color=PALE_RED)
        for number, column in enumerate(self._content.columns):
            if isinstance(column, Column) and column.required:
                letter = xl_col_to_name(number)
                self._sheet.conditional_format(1, number, last, number, {
                    "type": "formula", "format": red,
                    "criteria": f"=AND(COUNTA($A2:${width}2)>0,LEN(${letter}2)=0)"})
        if len(self._table.key) == 1:
            self._sheet.conditional_format(1, 0, last, 0, {"type": "duplicate", "format": red})

    def _finish(self) -> None:
        self._sheet.freeze_panes(1, 1)
        if self._content.columns:
            self._sheet.autofilter(0, 0, self._last, len(self._content.columns) - 1)
        height = LINE_HEIGHTS[self._language]
        self._sheet.set_row(0, 2 * height + 4)
        for row, lines in self._lines.items():
            self._sheet.set_row(row, lines * height + 3)
        self._sheet.hide_gridlines(1)
        self._sheet.set_landscape()
        self._sheet.set_paper(9)
        self._sheet.fit_to_pages(math.ceil(self._width / WIDEST_PAGE), 0)
        self._sheet.repeat_rows(0)
        self._sheet.repeat_columns(0)
        self._sheet.set_footer(f"&L{label('template.footer', self._language)}&R&P / &N")
