"""Columns written in one piece hold what single cells would hold."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from openpyxl import load_workbook
from xlsxwriter import Workbook

from model.report.sheets import plain_sheet
from model.report.sheets.plain_sheet import PlainSheet

TEXTS = ["a", None, "b & <c>", "a", " d ", ""]
FIGURES = [1.0, 0.1 + 0.2, None, -2, 12345678901234567.0, 1e-300]


def _book(path: Path) -> tuple[Workbook, PlainSheet]:
    file = Workbook(str(path), {"strings_to_formulas": False})
    file.worksheet_class = PlainSheet
    return file, file.add_worksheet("plain")


def _read(path: Path) -> list[tuple[object, ...]]:
    return [*load_workbook(path)["plain"].iter_rows(values_only=True)]


def test_columns_stand_beside_single_cells(tmp_path: Path, monkeypatch) -> None:
    """Proves: texts, figures and blanks come back in their places, across pieces, beside cells written one by one and
    in rows of a height of their own. If a piece began a row late, or a single cell in front were written behind its
    neighbours, the columns would be shifted or the file could not be read."""
    monkeypatch.setattr(plain_sheet, "ROWS_AT_ONCE", 2)
    file, sheet = _book(tmp_path / "book.xlsx")
    bold = file.add_format({"bold": True})
    for column, header in enumerate(("mixed", "text", "figure")):
        sheet.write_string(0, column, header, bold)
    for row in (2, 5):
        sheet.write_boolean(row, 0, True)
    sheet.set_row(3, 30)
    assert sheet.write_cells(1, 1, TEXTS, bold)
    assert sheet.write_cells(1, 2, FIGURES, bold, blanks=False)
    file.close()
    mixed = [None, True, None, None, True, None]
    figures = [None if figure is None else float(f"{figure:.16G}") for figure in FIGURES]
    assert _read(tmp_path / "book.xlsx") == [("mixed", "text", "figure"), *zip(mixed, TEXTS, figures, strict=True)]
    book = load_workbook(tmp_path / "book.xlsx")["plain"]
    assert book.row_dimensions[4].height == 30
    assert book["B3"].font.b
    assert not book["C4"].has_style


def test_what_is_not_plain_is_left_to_the_writer(tmp_path: Path) -> None:
    """Proves: a column that mixes kinds, holds what is no number, or what the writer would take for markup, is refused
    and nothing of it is written. If it were taken, the cell would show another value or the file would be damaged."""
    file, sheet = _book(tmp_path / "book.xlsx")
    look = file.add_format()
    for values in (["a", 1.0], [True], [float("nan")], [float("inf")], ["<r>x</r>"], [object()]):
        assert not sheet.write_cells(0, 0, values, look)
    assert sheet.write_cells(0, 0, [], look)
    file.close()
    assert _read(tmp_path / "book.xlsx") in ([], [(None,)])


def test_charts_show_columns_before_anything_is_computed(tmp_path: Path) -> None:
    """Proves: a chart holds the words and figures of its columns, a blank as nothing. Without them it would be empty in
    programs that do not compute on opening."""
    file, sheet = _book(tmp_path / "book.xlsx")
    look = file.add_format()
    assert sheet.write_cells(0, 0, ["east", "west", "north"], look)
    assert sheet.write_cells(0, 1, [3.5, None, 7.25], look)
    chart = file.add_chart({"type": "column"})
    chart.add_series({"categories": ["plain", 0, 0, 2, 0], "values": ["plain", 0, 1, 2, 1]})
    sheet.insert_chart("D2", chart)
    file.close()
    with zipfile.ZipFile(tmp_path / "book.xlsx") as archive:
        shown = re.findall(r"<c:v>([^<]*)</c:v>", archive.read("xl/charts/chart1.xml").decode())
    assert [value for value in shown if value] == ["east", "west", "north", "3.5", "0", "7.25"]
    assert _read(tmp_path / "book.xlsx") == [("east", 3.5), ("west", None), ("north", 7.25)]
