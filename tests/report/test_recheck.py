"""Proves: a workbook that does not hold what was meant is never moved into place."""

from datetime import datetime

import pytest
import xlsxwriter

from model.report.files import NotWritten
from model.report.recheck import check_workbook, same_value
from model.report.sheets.book import Written

WANTED = [Written("Plan", ("order", "quantity [MWh]"), 2, (("A", 1.5), ("B", None)))]


def workbook(path, rows):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Plan")
        for number, row in enumerate([("order", "quantity [MWh]"), *rows]):
            sheet.write_row(number, 0, row)
    return path


def test_the_same_is_accepted(tmp_path):
    check_workbook(workbook(tmp_path / "plan.xlsx", [("A", 1.5), ("B", None)]), ["Plan"], WANTED)


@pytest.mark.parametrize(("rows", "why"), [
    ([("A", 1.5)], "has 2 rows"),
    ([("A", 1.6), ("B", None)], "holds 1.6 instead of 1.5"),
    ([("A", 1.5), ("B", 0)], "holds 0 instead of None"),
    ([("A", "1.5"), ("B", None)], "instead of 1.5"),
    ([("a", 1.5), ("B", None)], "instead of 'A'"),
])
def test_what_differs_is_named(tmp_path, rows, why):
    with pytest.raises(NotWritten, match=why):
        check_workbook(workbook(tmp_path / "plan.xlsx", rows), ["Plan"], WANTED)


def test_missing_sheet(tmp_path):
    with pytest.raises(NotWritten, match="sheets"):
        check_workbook(workbook(tmp_path / "plan.xlsx", []), ["Plan", "Margin"], [])


def test_broken_file(tmp_path):
    path = workbook(tmp_path / "plan.xlsx", [("A", 1.5), ("B", None)])
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(NotWritten):
        check_workbook(path, ["Plan"], WANTED)


@pytest.mark.parametrize(("cell", "value", "same"), [
    (datetime(2025, 1, 6), 45663.0, True), (datetime(2025, 1, 7), 45663.0, False),
    (datetime(2025, 1, 6), "2025-01-06", True), (None, "", True), (0, None, False), (1, True, True),
    (0.1 + 0.2, 0.3, True), (0.30001, 0.3, False), ("007", "007", True), (7, "007", False),
    ("a_x000D_\nb", "a\r\nb", True), ("a_b", "a_x005F_b", True), ("ab", "ax005F_b", True), ("_x000D_", "_x000D_", True),
    ("a_x000D_\nb", "a\nb", False)])
def test_same_value(cell, value, same):
    assert same_value(cell, value) is same
