"""Inputs to be marked, and short ways to read a marked copy."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path

from openpyxl import Workbook, load_workbook

from model.checks import check
from model.findings import Finding
from model.report.marked_input import write_marked_input
from model.report.styles import PALE_AMBER, PALE_RED
from model.tables import read

DAY = dt.date(2025, 1, 20)
LONG_ID = "订单-" + "O" * 297
HOSTILE = ("=1+1", "@x", "+86 1", "-5", "007", "NA", "1E5", "http://a.cn/x", "<r>bold</r>", "<r></r>", "  kept ",
           "a\r\nb", "_x0041_", "a\tb", "'quoted", "😀" * 3, "=cmd|' /C calc'!A0", LONG_ID, "#REF!", "TRUE",
           "2025-01-06")
SETTINGS = [["key", "value"], ["start_date", dt.date(2025, 1, 6)], ["bucket_count", 8]]
ITEMS = [["item", "name"], ["A", "阀控铅酸电池"], ["B", "lithium"]]
LINES = [["line", "regular_hours"], ["L1", 120], ["007", 40.5]]
ROUTINGS = [["line", "item", "hours_per_unit"], ["L1", "A", 1], ["L1", "B", 0.1 + 0.2], ["007", "A", 2]]
ORDERS = [["order", "item", "quantity", "unit_price", "due_date", "my remark"], ["O1", "A", 20, 500, DAY, "first"],
          ["O2", "B", 5, 300.25, DAY, None]]
CASE = {"settings": SETTINGS, "items": ITEMS, "lines": LINES, "routings": ROUTINGS, "orders": ORDERS}


def workbook(path: Path, **changed) -> Path:
    """A sound case as a workbook, its sheets named like planners do, with ``changed`` tables or further sheets."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in (CASE | changed).items():
        sheet = book.create_sheet(name.replace("_", " ").capitalize() if name in CASE else name)
        for row, values in enumerate(rows, start=1):
            for column, value in enumerate(values, start=1):
                cell = sheet.cell(row, column)
                cell.value = value
                if isinstance(value, str):
                    cell.data_type = "s"
    book.save(path)
    return path


def folder(path: Path, **changed) -> Path:
    """The same case as CSV files."""
    path.mkdir()
    for name, rows in (CASE | changed).items():
        lines = [",".join("" if value is None else str(value) for value in row) for row in rows]
        (path / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def patched(source: Path, target: Path, changes: dict[str, tuple[bytes, bytes]]) -> Path:
    """The workbook with bytes of some of its parts replaced."""
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(*changes.get(name, (b"\0", b"\0"))))
    return target


def merged(cells: str) -> bytes:
    """The element for merged cells."""
    return f'<mergeCells count="1"><mergeCell ref="{cells}"/></mergeCells>'.encode()


def marked(source: Path, language: str = "en", name: str = "marked.xlsx") -> Path:
    """The marked copy of an input, outside the folder that it may be."""
    target = source.parent / name
    assert write_marked_input(target, source, check(read(source)).findings, language) == target
    return target


def known(finding: Finding) -> tuple[object, ...]:
    """A finding without the name of its file or sheet, which a copied folder changes from orders.csv to orders."""
    coordinate = re.sub(r"^.*(\.csv |!)", "", finding.cell).removesuffix(".csv")
    return finding.severity, finding.rule, finding.table, finding.row, finding.column, coordinate, finding.value


def assert_same(source: Path, copy: Path) -> None:
    """The copy's raw tables and findings are those of the source, to the letter."""
    before, after = read(source), read(copy)
    assert after.tables == before.tables
    assert check(after).findings == check(before).findings


def fills(path: Path) -> dict[str, str]:
    """Colour by address of every marked cell, as openpyxl sees it."""
    wanted = {f"FF{PALE_RED[1:]}": "error", f"FF{PALE_AMBER[1:]}": "warning"}
    book = load_workbook(path)
    return {f"{sheet.title}!{cell.coordinate}": wanted[cell.fill.fgColor.rgb] for sheet in book.worksheets[1:]
            for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb in wanted}


def listed(path: Path) -> list[tuple[str, ...]]:
    """The rows of the first sheet beneath its header."""
    sheet = load_workbook(path).worksheets[0]
    return [tuple("" if value is None else value for value in row)
            for row in sheet.iter_rows(min_row=2, values_only=True)]
