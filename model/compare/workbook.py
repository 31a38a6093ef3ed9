"""The comparison as a workbook in the style of the result's, written safely and read again before it stands."""

from __future__ import annotations

from pathlib import Path

from model.compare import rows
from model.compare.comparison import Comparison
from model.compare.front_page import write_front_page
from model.report.chart_data import ChartData
from model.report.recheck import write_checked
from model.report.sheets.book import Book
from model.report.sheets.chart_data import write_chart_data

SHEETS = (rows.write_orders, rows.write_bridge, rows.write_lines, rows.write_technologies, rows.write_misses,
          rows.write_facts)


def write_comparison(path: str | Path, comparison: Comparison, language: str = "en") -> Path:
    """Write the comparison; returns where it stands: ``path``, or a time-stamped name beside it where that is in use.

    Raises NotWritten where no file can be written.
    """
    return write_checked(Path(path), lambda file: _write(file, comparison, language))


def _write(path: Path, comparison: Comparison, language: str) -> Book:
    book = Book.create(path, comparison.after_result.case(language))
    data = ChartData(book.case.say("compare.sheet.chart_data"))
    write_front_page(book, data, comparison)
    for write_sheet in SHEETS:
        write_sheet(book, comparison)
    write_chart_data(book, data)
    book.file.close()
    return book
