"""What cannot be read is named with its own reason, never guessed and never an exception."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from model.tables import read
from tests.tables.cases import checked, good_case, rules, write_csv, write_xlsx
from tests.tables.packages import edited, only, repacked, shared_strings, with_formula

RULES = {
    "not_found", "unsupported_file", "cannot_open", "broken_workbook", "not_a_workbook", "password", "old_workbook",
    "workbook_too_large", "table_twice", "duplicate_header", "merged_cells", "error_cell", "formula_without_value",
    "no_tables",
}


def test_not_there(tmp_path):
    """Proves: a missing path, an unknown kind of file and a folder without tables are findings, not exceptions."""
    assert only(tmp_path / "none.xlsx").rule == "not_found"
    (tmp_path / "a.ods").write_text("x", encoding="utf-8")
    assert only(tmp_path / "a.ods").rule == "unsupported_file"
    (tmp_path / "folder").mkdir()
    assert rules(checked(tmp_path / "folder")) == {"no_tables"}



def test_broken_workbooks(tmp_path):
    """Proves: damaged, encrypted, old and empty files are refused with their own reason."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"not a workbook")
    assert only(path).rule == "broken_workbook"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100) + "EncryptedPackage".encode("utf-16-le"))
    assert only(path).rule == "password"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100))
    assert only(path).rule == "old_workbook"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "x")
    assert only(path).rule == "not_a_workbook"
    whole = write_xlsx(tmp_path / "b.xlsx", good_case()).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert only(path).rule == "broken_workbook"



def test_unreadable_file(tmp_path, monkeypatch):
    """Proves: a file that another program holds is a finding with the reason."""
    path = write_xlsx(tmp_path / "a.xlsx", good_case())
    folder = write_csv(tmp_path / "folder", good_case())

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")
    monkeypatch.setattr(Path, "open", refuse)
    assert only(path).rule == "cannot_open"
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert {finding.rule for finding in read(folder).findings} == {"cannot_open"}



@pytest.mark.parametrize("part", ["sheet1.xml", "sharedStrings.xml", "workbook.xml", "styles.xml"])
def test_corrupt_parts(part, tmp_path):
    """Proves: broken XML in any part refuses the workbook, never raises."""
    path = repacked(shared_strings(tmp_path / "a.xlsx"), {part: lambda text: text[: len(text) // 2]})
    assert only(path).rule == "broken_workbook"



@pytest.mark.parametrize("part", ["sheet1.xml", "sharedStrings.xml", "xl/workbook.xml", "styles.xml"])
def test_entity_bombs(part, tmp_path):
    """Proves: document types, and with them entity bombs, are refused wherever they stand."""
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'

    def arm(text: str) -> str:
        head, mark, tail = text.partition("?>")
        return head + mark + bomb + tail if mark else bomb + text
    path = repacked(shared_strings(tmp_path / "a.xlsx"), {part: arm})
    assert only(path).rule == "broken_workbook"



def test_zip_bomb(tmp_path, monkeypatch):
    """Proves: a workbook that unpacks to more than the limit is refused before it is unpacked."""
    monkeypatch.setattr("model.tables.xlsx.MOST_BYTES", 50_000)
    path = repacked(write_xlsx(tmp_path / "a.xlsx", good_case()),
                    {"sheet1.xml": lambda text: text + " " * 60_000})
    assert only(path).rule == "workbook_too_large"



def test_merged_cells(tmp_path):
    """Proves: merged cells in the data are named once by their range; below and beside it they do not matter."""
    book = write_xlsx(tmp_path / "a.xlsx", good_case())

    def merge(book):
        book["orders"].merge_cells("B2:B3")
        book["lines"].merge_cells("A20:C20")
        book["lines"].merge_cells("K1:L3")
    found = [finding for finding in checked(edited(book, merge)).findings if finding.rule == "merged_cells"]
    assert [(finding.cell, finding.column, finding.details["range"]) for finding in found] == [
        ("orders!B2", "customer", "B2:B3")]



def test_duplicate_header_in_workbook(tmp_path):
    """Proves: a second column of the same meaning is named at its header."""
    case = good_case()
    for row in case["orders"]:
        row["数量"] = 3
    found = {(finding.rule, finding.cell) for finding in checked(write_xlsx(tmp_path / "a.xlsx", case)).findings}
    assert found == {("duplicate_header", "orders!S1")}



def test_error_cells_and_formulas(tmp_path):
    """Proves: an error cell, and a formula nobody has calculated, are named; a calculated formula is its value."""
    book = write_xlsx(tmp_path / "a.xlsx", good_case())

    def change(book):
        sheet = book["orders"]
        sheet["E2"] = "#N/A"
        sheet["E2"].data_type = "e"
        sheet["E3"] = "=2+3"
    found = {(finding.rule, finding.cell, finding.value) for finding in checked(edited(book, change)).findings}
    assert found == {("error_cell", "orders!E2", "#N/A"), ("formula_without_value", "orders!E3", "=2+3")}



@pytest.mark.parametrize(("part", "recalculated", "rule"), [
    ('<c r="E3"><f>2+3</f></c>', True, "formula_without_value"),
    ('<c r="E3"><f>2+3</f><v>0</v></c>', False, "formula_without_value"),
    ('<c r="E3" t="e"><f>1/0</f><v>#DIV/0!</v></c>', True, "error_cell"),
    ('<c r="E3" t="str"><f>IF(1,"","")</f><v></v></c>', True, "missing_value"),
])
def test_formulas_without_result(part, recalculated, rule, tmp_path):
    """Proves: a formula is only as good as its stored result; a file marked for recalculation stores placeholders."""
    found = {(finding.rule, finding.cell) for finding in checked(
        with_formula(tmp_path / "a.xlsx", part, recalculated)).findings}
    assert (rule, "orders!E3") in found



def test_table_given_twice(tmp_path):
    """Proves: two files for one table are an error; taking either would be a guess."""
    folder = write_csv(tmp_path, good_case())
    (folder / "物料.csv").write_text("item\nx\n", encoding="utf-8")
    assert "table_twice" in rules(checked(folder))
    book = write_xlsx(tmp_path / "a.xlsx", good_case())
    edited(book, lambda book: book.create_sheet("订 单"))
    assert "table_twice" in rules(checked(book))
