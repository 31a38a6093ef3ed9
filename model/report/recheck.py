"""Opens a written workbook again and compares it with what was meant to be in it."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from model.report.fields import FIRST_DAY
from model.report.files import NotWritten, write_safely
from model.report.sheets.book import Book, Written
from model.tables.sheet_parser import unescaped


def write_checked(target: Path, write: Callable[[Path], Book]) -> Path:
    """Write a workbook, open it again and hold it against what was written, then move it into place.

    Returns where it stands: ``target``, or a time-stamped name beside it where that is in use. Raises NotWritten.
    """
    books: list[Book] = []

    def check(file: Path) -> None:
        """Hold the file against what was recorded while it was written."""
        # What was recorded is known only now that the book is written.
        check_workbook(file, [sheet.get_name() for sheet in books[-1].file.worksheets()], books[-1].written)

    return write_safely(target, lambda file: books.append(write(file)), check)


def check_workbook(path: Path, sheets: Sequence[str], written: Sequence[Written]) -> None:
    """NotWritten where the file is damaged, or sheets, headers, row counts or first rows differ from ``written``."""
    try:
        with zipfile.ZipFile(path) as archive:
            # The checksums cover the parts that openpyxl does not read, such as charts.
            damaged = archive.testzip()
        if damaged is not None:
            raise NotWritten(f"{path}: {damaged} is damaged")
        book = load_workbook(path, read_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise NotWritten(f"{path}: {error}") from error
    try:
        if book.sheetnames != list(sheets):
            raise NotWritten(f"{path}: sheets {book.sheetnames} instead of {list(sheets)}")
        for expected in written:
            _check_sheet(path, book[expected.sheet], expected)
    finally:
        book.close()


def _check_sheet(path: Path, sheet: Any, expected: Written) -> None:
    if (sheet.max_row or 1) < expected.rows + 1:
        raise NotWritten(f"{path}: {expected.sheet} has {sheet.max_row} rows instead of {expected.rows} and a header")
    rows = sheet.iter_rows(max_row=1 + len(expected.first_rows), max_col=len(expected.header), values_only=True)
    for number, (cells, wanted) in enumerate(zip(rows, (expected.header, *expected.first_rows), strict=False), start=1):
        # openpyxl leaves out blank cells at the end of a row.
        cells = (*cells, *[None] * (len(wanted) - len(cells)))
        for cell, value in zip(cells, wanted, strict=True):
            if not same_value(cell, value):
                raise NotWritten(f"{path}: {expected.sheet} row {number} holds {cell!r} instead of {value!r}")


def same_value(cell: object, value: object) -> bool:
    """Whether a cell read back holds what was written; dates come back as days, blank text as nothing."""
    # A day number comes back as a date; the header of a bucket was recorded as the same day in words.
    if isinstance(cell, datetime) and not isinstance(value, datetime):
        if isinstance(value, str):
            return value == f"{cell:%Y-%m-%d}"
        cell = float((cell - FIRST_DAY.to_pydatetime()).days)
    if value is None or value == "":
        return cell is None or cell == ""
    if isinstance(value, str) and isinstance(cell, str):
        return _without_escapes(cell) == _without_escapes(value)
    if isinstance(value, (bool, str, datetime)):
        return cell == value
    if isinstance(value, (int, float)) and isinstance(cell, (int, float)):
        # The writer keeps 16 digits.
        return math.isclose(cell, value, rel_tol=1e-12, abs_tol=0.0)
    return False


def _without_escapes(text: str) -> str:
    # openpyxl takes away x005F_, the escape of an escape, wherever it stands, and leaves those of control characters.
    return unescaped(text.replace("x005F_", ""))
