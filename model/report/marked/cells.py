"""The planner's cells between being read and being written again."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from model.report.marked.looks import PLAIN, Look
from model.tables import Bad

NumberFormat = str | int  # a format code, or the number of a built-in format, whose look depends on the country
Kind = Literal["text", "number", "yes_no", "error", "iso_date", "formula"]
GENERAL, AS_TEXT = "General", "@"
LONGEST_TEXT = 32_767
ERROR_CODES = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"))
_NO_NUMBER = "#NUM!"
_HALVES = re.compile("[\ud800-\udfff]")  # halves of a character, which no file can hold


class Cell(NamedTuple):
    """A cell that holds something: ``written`` is put into the file, ``content`` is what the reader makes of it.

    ``look`` is the planner's own: fonts, fill, borders and alignment.
    """

    row: int
    column: int
    kind: Kind
    written: str | int | float | bool
    content: object
    number_format: NumberFormat = GENERAL
    look: Look = PLAIN


@dataclass
class SourceSheet:
    """A sheet or CSV file of the planner's data; ``source`` is its name in findings, ``name`` the one in the copy.

    Cells are in the order of rows. ``table`` is the input table it holds, if any. Widths are in spreadsheet units.
    """

    source: str
    kind: Literal["sheet", "file"]
    name: str
    table: str | None
    cells: list[Cell] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    widths: dict[int, float] = field(default_factory=dict)
    column_formats: dict[int, NumberFormat] = field(default_factory=dict)
    column_looks: dict[int, Look] = field(default_factory=dict)
    lost: Counter[str] = field(default_factory=Counter)

    @property
    def header_row(self) -> int:
        """The first row that holds anything."""
        return self.cells[0].row if self.cells else 1


@dataclass
class Source:
    """What was read of the planner's input; ``lost`` counts by kind what its workbook holds besides sheets of cells.

    ``left_out`` names files and sheets that cannot be copied.
    """

    sheets: list[SourceSheet] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)
    left_out: list[str] = field(default_factory=list)
    is_workbook: bool = False
    is_open: bool = True
    counts_from_1904: bool = False


def text_cell(row: int, column: int, text: str, number_format: NumberFormat = GENERAL) -> Cell:
    """A cell of text, as far as a cell can hold it."""
    held = held_text(text)
    return Cell(row, column, "text", held, held, number_format)


def number_cell(row: int, column: int, number: int | float, content: object, number_format: NumberFormat) -> Cell:
    """A cell of a figure, or of a date that is stored as one.

    What is beyond all numbers becomes the error that a spreadsheet shows for it: as text it could pass for a name.
    """
    try:
        is_finite = math.isfinite(number)
    # A whole number beyond the largest float.
    except OverflowError:
        is_finite = False
    if not is_finite:
        return Cell(row, column, "error", _NO_NUMBER, Bad("error_cell", _NO_NUMBER), number_format)
    return Cell(row, column, "number", number, content, number_format)


def held_text(text: str) -> str:
    """Text as a cell can hold it: cut where it is too long; what no file can hold stays unreadable."""
    if text.isascii() and len(text) <= LONGEST_TEXT:
        return text
    return shortened(_HALVES.sub("\uffff", text), LONGEST_TEXT)


def shortened(text: str, units: int) -> str:
    """The first characters of a text, as many as fit into so many of the two-byte units that spreadsheets count."""
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")
