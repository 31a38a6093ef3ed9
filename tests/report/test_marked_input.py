"""The marked copy of an input: a mark where each finding belongs, a list of them all, and the input untouched."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from openpyxl import load_workbook

from model.checks import check
from model.findings import Finding
from model.labels import label_table
from model.report import marked_input
from model.report.files import NotWritten
from model.report.marked import errors_sheet, notes
from model.report.marked_input import write_marked_input
from model.tables import read
from tests.report.marked import (
    DAY,
    ORDERS,
    assert_same,
    fills,
    folder,
    listed,
    marked,
    workbook,
)


def test_a_sound_workbook_comes_back_as_it_is(tmp_path):
    source = workbook(tmp_path / "case.xlsx")
    copy = marked(source)
    assert_same(source, copy)
    assert check(read(copy)).tables.input_hash == check(read(source)).tables.input_hash
    assert fills(copy) == {}
    assert [row[0] for row in listed(copy)] == ["Note", "Note"]
    assert listed(copy)[0][4] == "Nothing is wrong with this input."
    assert load_workbook(copy).sheetnames == ["Errors", "Settings", "Items", "Lines", "Routings", "Orders"]


def test_every_finding_is_coloured_noted_and_listed(tmp_path):
    """Would fail if a mark slipped by a row or column, or a blank cell, which nobody typed, were forgotten."""
    orders = [ORDERS[0], ["O1", "A", 20, 500, DAY, "x"], ["O1", "C", None, "5%", "2025-13-01", "x"],
              ["O3", "B", -5, 1, dt.date(2031, 1, 1), "x"]]
    source = workbook(tmp_path / "case.xlsx", orders=orders)
    copy = marked(source)
    assert_same(source, copy)
    findings = check(read(source)).findings
    cells = {finding.cell for finding in findings}
    assert {"Orders!A3", "Orders!B3", "Orders!C3", "Orders!D3", "Orders!E3", "Orders!C4"} <= cells
    assert fills(copy) == {cell: "error" if any(finding.cell == cell and finding.severity == "error"
                                                for finding in findings) else "warning" for cell in cells}
    book = load_workbook(copy)
    commented = {f"{sheet.title}!{cell.coordinate}": cell.comment.text for sheet in book.worksheets
                 for row in sheet.iter_rows() for cell in row if cell.comment}
    assert commented.keys() == cells
    for finding in findings:
        assert finding.rule_text() in commented[finding.cell]
        assert finding.remedy_text() in commented[finding.cell]
    rows = [row for row in listed(copy) if row[0] != "Note"]
    assert rows == [(finding.severity.capitalize(), *finding.cell.split("!"), finding.value, finding.rule_text(),
                     finding.remedy_text()) for finding in findings]


def test_a_header_wider_than_its_column_has_the_lines_it_needs(tmp_path):
    """Proves: the row of headers is as high as its longest one wrapped. Else LibreOffice shows half of each line."""
    source = workbook(tmp_path / "in.xlsx")
    book = load_workbook(source)
    book["Orders"].column_dimensions["A"].width = 30
    book["Orders"].column_dimensions["B"].width = 4
    book.save(source)
    copy = load_workbook(write_marked_input(tmp_path / "out.xlsx", source, check(read(source)).findings))
    assert copy["Orders"].row_dimensions[1].height > 30


def test_links_lead_to_the_marked_cells(tmp_path):
    source = workbook(tmp_path / "case.xlsx", **{"It's #1": [["x"]]}, orders=[*ORDERS, ["O2", "A", 1, 1, DAY]])
    sheet = load_workbook(marked(source)).worksheets[0]
    links = {cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    assert links == {"'Orders'!A4", "'It''s #1'!A1"}


def test_two_findings_share_a_cell_and_the_error_decides_its_colour(tmp_path):
    findings = [Finding("warning", "not_a_number", "orders", 2, "item", "Orders!B2", "A"),
                Finding("error", "no_such_day", "orders", 2, "item", "Orders!B2", "A")]
    copy = write_marked_input(tmp_path / "out.xlsx", workbook(tmp_path / "case.xlsx"), findings)
    assert fills(copy) == {"Orders!B2": "error"}
    note = load_workbook(copy)["Orders"]["B2"].comment.text
    assert all(finding.rule_text() in note for finding in findings)
    assert [row[0] for row in listed(copy)[:2]] == ["Error", "Warning"]


def test_chinese_words_and_sheet_name(tmp_path):
    source = workbook(tmp_path / "表.xlsx", orders=[ORDERS[0], ["O1", "A", "abc", 1, DAY]])
    copy = marked(source, "zh")
    book = load_workbook(copy)
    assert book.sheetnames[0] == "错误"
    assert [cell.value for cell in book["错误"][1]] == ["级别", "工作表或文件", "单元格", "内容", "问题", "处理办法"]
    assert listed(copy)[0][:5] == ("错误", "Orders", "C2", "abc", "abc 不是数字。")
    assert "abc 不是数字。" in book["Orders"]["C2"].comment.text
    assert_same(source, copy)


def test_sheets_that_cannot_be_kept_as_they_were_called(tmp_path):
    source = workbook(tmp_path / "case.xlsx", Errors=[["my own"]], **{"Errors_": [["mine too"]]})
    copy = marked(source)
    assert load_workbook(copy).sheetnames[-2:] == ["Errors_", "Errors__"]
    assert {row[3]: row[1] for row in listed(copy) if "is called" in row[4]} == {"Errors": "Errors_",
                                                                                 "Errors_": "Errors__"}
    assert_same(source, copy)


def test_a_marked_copy_can_be_corrected_and_marked_again(tmp_path):
    """Its list of errors, in either language, is replaced; its notes are not counted as the planner's."""
    source = workbook(tmp_path / "case.xlsx", orders=[*ORDERS, ["O3", "A", "abc", 1, DAY]])
    first = marked(source, "zh", "first.xlsx")
    again = marked(first, "en", "again.xlsx")
    assert load_workbook(again).sheetnames == ["Errors", "Settings", "Items", "Lines", "Routings", "Orders"]
    assert_same(first, again)
    assert [row[4] for row in listed(again) if row[0] == "Note" and "Notes on cells" in row[4]] == []
    corrected = load_workbook(again)
    corrected["Orders"]["C4"] = 7
    corrected.save(again)
    assert check(read(again)).findings == []


def test_the_input_is_never_overwritten(tmp_path):
    source = workbook(tmp_path / "case.xlsx")
    before = source.read_bytes()
    other = tmp_path / "link.xlsx"
    other.hardlink_to(source)
    for target in (source, tmp_path / "x" / ".." / "case.xlsx", other):
        with pytest.raises(NotWritten):
            write_marked_input(target, source, [])
    tables = folder(tmp_path / "tables")
    with pytest.raises(NotWritten):
        write_marked_input(tables / "orders.csv", tables, [])
    assert source.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case.xlsx", "link.xlsx", "tables"]


@pytest.mark.parametrize("content", [b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"",
                                     b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")])
def test_what_cannot_be_opened_gives_the_list_alone(tmp_path, content):
    source = tmp_path / "case.xlsx"
    source.write_bytes(content)
    copy = marked(source)
    assert load_workbook(copy).sheetnames == ["Errors"]
    rows = listed(copy)
    assert rows[0][0] == "Error" and rows[0][3] == "case.xlsx"
    assert rows[-1][0] == "Note"
    assert source.read_bytes() == content


def test_an_input_that_does_not_exist_gives_the_list_alone(tmp_path):
    assert load_workbook(marked(tmp_path / "none.xlsx")).sheetnames == ["Errors"]


def test_findings_without_a_cell_are_listed_only(tmp_path):
    source = workbook(tmp_path / "case.xlsx", orders=[["order"], ["O1"]])
    findings = [*check(read(source)).findings, Finding("error", "unknown_setting", "settings", column="key",
                                                       cell="--set gapp", value="gapp", details={"settings": "gap"})]
    copy = write_marked_input(tmp_path / "out.xlsx", source, findings)
    rows = {(row[1], row[2], row[3]) for row in listed(copy) if row[0] == "Error"}
    assert ("settings", "--set gapp", "gapp") in rows
    assert ("Orders", "", "") in rows
    assert fills(copy) == {}


def test_long_lists_are_cut_and_that_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(marked_input, "MOST_LISTED", 2)
    monkeypatch.setattr(notes, "MOST_LISTED", 2)
    monkeypatch.setattr(marked_input, "MOST_NOTES", 1)
    monkeypatch.setattr(notes, "MOST_NOTES", 1)
    source = workbook(tmp_path / "case.xlsx", orders=[ORDERS[0], ["O1", "A", "x", "y", DAY], ["O2", "A", "z", 1, DAY]])
    copy = marked(source)
    assert len(fills(copy)) == 3
    assert Counter(row[0] for row in listed(copy))["Error"] == 2
    assert [row[3] for row in listed(copy)[2:4]] == ["1", "2"]
    assert sum(cell.comment is not None for row in load_workbook(copy)["Orders"].iter_rows() for cell in row) == 1
    assert errors_sheet.MOST_LISTED <= 65_530  # links on a sheet


def test_every_word_stands_in_both_languages():
    words = {key: texts for key, texts in label_table().items() if key.startswith("marked.") or key == "sheet.errors"}
    assert all(texts["en"] and texts["zh"] for texts in words.values())
    assert {f"marked.{column}" for column in errors_sheet.COLUMNS} <= words.keys()
