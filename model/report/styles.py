"""Colours, fonts, number formats and cell formats of the workbook."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

FONTS = {"en": "Arial", "zh": "Microsoft YaHei"}
LINE_HEIGHTS = {"en": 13.5, "zh": 16.5}  # points of a text line of size 10
ROW_LINE = {"bottom": 1, "bottom_color": "#E6EBEE"}
INK, SLATE, FAINT, LINE, MIST = "#1F2D3A", "#24435C", "#7A8791", "#D8DFE4", "#F2F5F7"
TEAL, SAGE, AMBER, RED, GREEN, STEEL = "#2F7F8F", "#9CC5B5", "#E3A73B", "#B9382E", "#2E7D4F", "#B9C4CC"
PALE_RED, PALE_AMBER, PALE_GREEN, AMBER_INK = "#F9DEDB", "#FCEFD3", "#DFF0E5", "#8A5A00"
CELL: dict[str, object] = {"align": "left", "indent": 1}
FILTER_BUTTON_INDENT = 2  # keeps a right-aligned header clear of the button
INPUT: dict[str, object] = {"font_color": "#1B4DA0", "bg_color": "#EFF5FC"}
"""Cells that a planner fills in."""
STATUS_COLOURS = {"accepted": TEAL, "partial": SAGE, "missed": RED, "declined": STEEL, "left_out": "#E1E6EA"}
LOOKS: dict[str, dict[str, object]] = {
    "bad": {"font_color": RED, "bg_color": PALE_RED, "bold": True},
    "warn": {"font_color": AMBER_INK, "bg_color": PALE_AMBER},
    "good": {"font_color": GREEN, "bg_color": PALE_GREEN},
    "faint": {"font_color": FAINT, "italic": True},
    "dark": {"font_color": INK},
    "heat_over": {"font_color": "#FFFFFF", "bold": True},
    "filled": {"bg_color": "#DCEDEF"},
    "closed": {"bg_color": "#E9EDF0"},
}

DATE_FORMAT = "yyyy-mm-dd"
SHOWN_DECIMALS = {"quantity": 3, "hours": 1, "money": 2, "price": 2}
LARGE = 10_000.0  # from here on cents and thousandths are noise to a reader; the cell keeps them


class Styles:
    """The cell formats of one workbook, each made once."""

    def __init__(self, book: Workbook, language: str) -> None:
        self._book = book
        self._base: dict[str, object] = {"font_name": FONTS[language], "font_size": 10, "valign": "vcenter",
                                         "font_color": INK}
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    @property
    def font(self) -> str:
        """Name of the font every cell and chart uses."""
        return str(self._base["font_name"])

    def cell(self, **properties: object) -> Format:
        """A cell format with these XlsxWriter properties on top of the workbook's font."""
        return self._format({**self._base, **properties})

    def look(self, name: str) -> Format:
        """A look that conditions switch on; it leaves font and number format alone."""
        return self._format(LOOKS[name])

    def _format(self, properties: dict[str, object]) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(properties)
        return self._made[key]


def write_text(sheet: Worksheet, styles: Styles, row: int, column: int, text: str, look: Format) -> None:
    """Write a text exactly as it is into a cell."""
    if is_markup(text):
        # In one piece the writer would take it for its own markup and write a broken file.
        sheet.write_rich_string(row, column, text[:1], styles.cell(), text[1:], look)
    else:
        sheet.write_string(row, column, text, look)


def is_markup(text: str) -> bool:
    """Whether XlsxWriter would take the text for its own markup of rich strings."""
    return text.startswith("<r>") and text.endswith("</r>")


def number_format(kind: str, values: Iterable[float]) -> str:
    """Excel number format for a column of ``kind``: as many decimals as its values need, within what a reader uses."""
    if kind == "date":
        return DATE_FORMAT
    if kind == "share":
        return visible("0.0%", 0.0005)
    if kind in ("days", "count"):
        return visible("#,##0", 0.5)
    figures = np.fromiter(values, dtype=float)
    figures = figures[np.isfinite(figures)]
    decimals = _needed_decimals(figures, SHOWN_DECIMALS[kind])
    digits = "#,##0" + ("." + "0" * decimals if decimals else "")
    return visible(digits, 0.5 * 10.0**-decimals)


def visible(digits: str, smallest: float) -> str:
    """Number format that shows a dash for zero and for what would look like zero, anything below ``smallest``."""
    return f'[>={smallest:g}]{digits};[<=-{smallest:g}]-{digits};"–"'


def smallest_shown(number: str) -> str:
    """The smallest amount that such a number format shows as a figure."""
    return number.partition("]")[0].removeprefix("[>=")


def spaced(number: str) -> str:
    """The same number format with a digit's space on its right, so that figures do not touch the next column."""
    return ";".join(f"{section}_0" for section in number.split(";"))


def reddened(number: str) -> str:
    """The same number format with negative amounts in red."""
    positive, negative, *zero = number.split(";")
    return ";".join([positive, "[Red]" + negative, *zero])


def _needed_decimals(figures: np.ndarray, most: int) -> int:
    if figures.size == 0:
        return 0
    if np.abs(figures).max() >= LARGE:
        # Large quantities keep one decimal, money and hours none.
        most = min(most, 1 if most == SHOWN_DECIMALS["quantity"] else 0)
    for decimals in range(most):
        # Plans are rounded to six decimals or more: what differs by less than 1e-9 is binary noise.
        if np.all(np.abs(figures - np.round(figures, decimals)) < 1e-9):
            return decimals
    return most
