"""The front page's grid, and the lines its blocks are made of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from model.report.case import Case
from model.report.sheets.book import Book
from model.report.styles import FAINT, LINE, RED, SLATE, TEAL, visible
from model.report.summary import Headlines

LEFT, RIGHT = 1, 7  # first columns of the two halves
EDGE_WIDTH, LEFT_WIDTHS, GAP_WIDTH, RIGHT_WIDTHS = 12, (146, 62, 98, 98, 112), 18, (98,) * 8  # pixels
LEFT_LAST, LAST = LEFT + len(LEFT_WIDTHS) - 1, RIGHT + len(RIGHT_WIDTHS) - 1
ROW_HEIGHT, FIRST_ROW = 20, 8  # pixels; the row in which the blocks begin
WHOLE = visible("#,##0", 0.5)


@dataclass
class Page:
    """The front page while its left half is filled from top to bottom."""

    book: Book
    sheet: Worksheet
    figures: Headlines
    row: int = FIRST_ROW

    @property
    def case(self) -> Case:
        """The case shown."""
        return self.book.case

    def style(self, **properties: object) -> Format:
        """A cell format."""
        return self.book.styles.cell(**properties)

    def put(self, column: int, value: object, style: Format) -> None:
        """Text or a figure in the current row; anything absent or not finite leaves the cell blank."""
        if isinstance(value, str):
            self.sheet.write_string(self.row, column, value, style)
        elif isinstance(value, (int, float)) and math.isfinite(value):
            self.sheet.write_number(self.row, column, value, style)
        else:
            self.sheet.write_blank(self.row, column, None, style)

    def block_header(self, *words: str) -> None:
        """Title of a block and heads of its columns, underlined over the half's whole width."""
        words = (*words, *[""] * (len(LEFT_WIDTHS) - len(words)))
        for column, word in enumerate(words, start=LEFT):
            title = column == LEFT
            self.put(column, word, self.style(
                bold=True, font_size=11 if title else 9, font_color=SLATE if title else FAINT, bottom=2,
                bottom_color=TEAL, align="left" if title else "right", shrink=True))
        self.row += 1

    def line(self, values: Sequence[object], numbers: Sequence[str], **properties: object) -> None:
        """A line of the block: its name on the left, figures on the right."""
        for column, (value, number) in enumerate(zip(values, numbers, strict=True), start=LEFT):
            self.put(column, value, self.style(num_format=number, bottom=1, bottom_color=LINE, shrink=True,
                                               align="left" if column == LEFT else "right", **properties))
        self.row += 1

    def span(self, first: int, last: int, words: str, **properties: object) -> None:
        """Words across several columns of the current row."""
        # A cell that wraps does not shrink.
        style = self.style(shrink="text_wrap" not in properties, **properties)
        self.sheet.merge_range(self.row, first, self.row, last, words, style)

    def alarm(self, words: str) -> None:
        """A line in red over the half's whole width."""
        self.span(LEFT, LEFT_LAST, words, font_color=RED, bold=True)
        self.row += 1
