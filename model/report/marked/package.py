"""A workbook read for copying: what the checks see in every cell, with formats, widths and what will be lost."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import Element

from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.datetime import MAC_EPOCH

from model.report.marked.cells import (
    ERROR_CODES,
    GENERAL,
    Cell,
    NumberFormat,
    SourceSheet,
    number_cell,
    text_cell,
)
from model.report.marked.looks import PLAIN, Look, looks_of
from model.tables import Bad
from model.tables.names import find_table
from model.tables.sheet_parser import SheetParser
from model.tables.xlsx import Package

_CUSTOM_FORMATS = 164  # number formats below are built in
_PARTS = {kind: re.compile(pattern) for kind, pattern in {
    "charts": r"/charts/chart\d*\.xml$", "chart_sheets": r"/chartsheets/[^/]+\.xml$",
    "pivots": r"/pivottables/[^/]+\.xml$", "macros": r"/vbaproject\.bin$", "pictures": r"/media/",
    "comments": r"/comments(/comment)?\d*\.xml$"}.items()}
_ELEMENTS = {"conditionalFormatting": "conditions", "dataValidation": "dropdowns", "hyperlink": "links"}


class _CopyParser(SheetParser):
    """Besides the cells: column widths, and elements that a copy does not keep."""

    def __init__(self, keep: Callable[[int, int, dict[str, str], dict[str, str]], None]) -> None:
        super().__init__(keep)
        self.columns: list[dict[str, str]] = []
        self.lost: Counter[str] = Counter()

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        """An element opens; columns stand before the cells."""
        if tag == "col":
            self.columns.append(attributes)
        elif tag in _ELEMENTS:
            self.lost[_ELEMENTS[tag]] += 1
        super().opened(tag, attributes)


class FormattedPackage(Package):
    """An open workbook whose cells come with their number formats and looks."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        try:
            main = next(iter(self._related("", "officeDocument").values()))
            self._formats = [code for part in self._related(main, "styles").values() for code in self._codes(part)]
            theme = self._theme(main)
            self._looks = [look for part in self._related(main, "styles").values()
                           for look in looks_of(self._root(part), theme)]
            self.lost = self._lost(main)
        # The base class has opened the file, and nobody else would close it.
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> FormattedPackage:
        return self

    @property
    def counts_from_1904(self) -> bool:
        """Whether day 0 of the workbook's dates is in 1904."""
        return self._epoch == MAC_EPOCH

    def source_sheet(self, title: str, part: str) -> SourceSheet:
        """Everything a sheet holds."""
        sheet = SourceSheet(title, "sheet", title, find_table(title))

        def keep(row: int, column: int, attributes: dict[str, str], parts: dict[str, str]) -> None:
            """Put a cell that holds something into the sheet."""
            cell = self._cell(sheet, row, column, attributes, parts)
            if cell is not None:
                look = self._look(attributes.get("s", "0"))
                sheet.cells.append(cell._replace(look=look) if look else cell)
                # A formula without a result is copied as a formula; every other one becomes its value.
                sheet.lost["formulas"] += "f" in parts and cell.kind != "formula"

        parser = _CopyParser(keep)
        with self._stream(part) as stream:
            parser.parse(stream)
        sheet.lost.update(parser.lost)
        sheet.cells.sort(key=lambda cell: cell.row)  # already sorted unless the file is odd
        for reference in dict.fromkeys(parser.merged):
            left, top, right, bottom = range_boundaries(reference)
            if left and top and right and bottom:
                sheet.merged.append((top, left, bottom, right))
        self._read_columns(sheet, parser.columns)
        return sheet

    def _cell(self, sheet: SourceSheet, row: int, column: int, attributes: dict[str, str],
              parts: dict[str, str]) -> Cell | None:
        content = self._content(attributes, parts)
        if content is None:
            return None
        number_format = self._format(attributes.get("s", "0"))
        kind, value = attributes.get("t", "n"), parts.get("v", "")
        if isinstance(content, Bad) and content.rule == "formula_without_value":
            # A formula that only repeats its neighbour's has no text of its own; it must not become a value.
            formula = parts["f"] or "NA()"
            return Cell(row, column, "formula", formula, Bad(content.rule, f"={formula}"), number_format)
        if isinstance(content, str):
            cell = text_cell(row, column, content, number_format)
            sheet.lost["cut"] += cell.written != content
            return cell
        if isinstance(content, bool):
            return Cell(row, column, "yes_no", content, content, number_format)
        if kind == "e":
            code = value if value in ERROR_CODES else "#VALUE!"
            return Cell(row, column, "error", code, Bad("error_cell", code), number_format)
        if kind != "n":
            return Cell(row, column, "iso_date", value, content, number_format)
        return number_cell(row, column, _figure(value), content, number_format)

    def _format(self, style: str) -> NumberFormat:
        number = int(style)
        return self._formats[number] if number < len(self._formats) else GENERAL

    def _look(self, style: str) -> Look:
        number = int(style)
        return self._looks[number] if number < len(self._looks) else PLAIN

    def _theme(self, main: str) -> Element | None:
        """The workbook's theme, which names its colours; None without one, or where it cannot be read."""
        with contextlib.suppress(Exception):  # whatever a damaged part raises: the cells' figures do not need it
            for part in self._related(main, "theme").values():
                return self._root(part)
        return None

    def _codes(self, part: str) -> list[NumberFormat]:
        """The number format of every cell style."""
        root = self._root(part)
        own = {element.get("numFmtId", ""): element.get("formatCode", "")
               for element in root.iter() if element.tag.endswith("}numFmt")}
        codes: list[NumberFormat] = []
        for style in (style for group in root if group.tag.endswith("}cellXfs") for style in group):
            identity = style.get("numFmtId", "0")
            # Number 0 is the general format.
            built_in = int(identity) if 0 < int(identity) < _CUSTOM_FORMATS else GENERAL
            codes.append(own.get(identity) or built_in)
        return codes

    def _lost(self, main: str) -> Counter[str]:
        """What the workbook has besides cells, counted by kind."""
        lost = Counter({kind: sum(map(bool, map(mark.search, self._parts))) for kind, mark in _PARTS.items()})
        lost["names"] = sum(element.tag.endswith("}definedName") and not element.get("name", "").startswith("_xlnm")
                            for element in self._root(main).iter())
        return +lost

    def _read_columns(self, sheet: SourceSheet, columns: list[dict[str, str]]) -> None:
        """Width, number format and look of the columns in use."""
        used = max((cell.column for cell in sheet.cells), default=0)
        for attributes in columns:
            for column in range(int(attributes.get("min", "1")), min(int(attributes.get("max", "1")), used) + 1):
                width = float(attributes.get("width", "0"))
                if 0 < width <= 255:
                    sheet.widths[column] = width
                sheet.column_formats[column] = self._format(attributes.get("style", "0"))
                sheet.column_looks[column] = self._look(attributes.get("style", "0"))


def _figure(written: str) -> int | float:
    """A stored figure, whole numbers with all their digits."""
    try:
        # int first: a float has no room for more than 17 digits.
        return int(written)
    except ValueError:
        return float(written)
