"""The marked copy of an input: the same values, the same findings, and a mark where each finding belongs."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from xlsxwriter import Workbook as Writer

from model.checks import check
from model.findings import Finding
from model.labels import label_table
from model.report import marked_input
from model.report.files import NotWritten
from model.report.marked import errors_sheet, notes
from model.report.marked.copies import ExactSheet
from model.report.marked_input import write_marked_input
from model.report.styles import PALE_AMBER, PALE_RED
from model.tables import Bad, read

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


def marked(source: Path, language: str = "en", name: str = "marked.xlsx") -> Path:
    """The marked copy of an input, outside the folder that it may be."""
    target = source.parent / name
    assert write_marked_input(target, source, check(read(source)).findings, language) == target
    return target


def known(finding: Finding, by_sheet: bool = True) -> tuple[object, ...]:
    """A finding as it is compared: with its cell, or for CSV files with the coordinate alone."""
    cell = finding.cell if by_sheet else re.sub(r"^.*(\.csv |!)", "", finding.cell).removesuffix(".csv")
    return finding.severity, finding.rule, finding.table, finding.row, finding.column, cell, finding.value


def assert_same(source: Path, copy: Path) -> None:
    """The copy's raw tables and findings are those of the source, to the letter."""
    before, after = read(source), read(copy)
    assert after.tables == before.tables
    assert [known(finding) for finding in check(after).findings] == [known(finding) for finding in
                                                                    check(before).findings]
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


def test_hostile_text_stays_text(tmp_path):
    """Would fail if "=1+1" became a formula, "007" a number, or "<r>" the writer's own markup."""
    orders = [ORDERS[0], *([word, "A", 1, 1, DAY, word] for word in HOSTILE)]
    source = workbook(tmp_path / "case.xlsx", orders=orders)
    copy = marked(source)
    assert_same(source, copy)
    assert read(copy).tables["orders"].extras["my remark"] == [
        word.replace("\r\n", "\n") for word in HOSTILE]  # XML knows one line end
    sheet = load_workbook(copy)["Orders"]
    assert {sheet.cell(row, column).data_type for row in range(2, len(HOSTILE) + 2) for column in (1, 6)} == {"s"}
    with zipfile.ZipFile(copy) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())


@pytest.mark.parametrize("number", [0.1 + 0.2, 1 / 3, 1e-300, 1.7976931348623157e308, 12345678901234567890, -7, 0.0])
def test_numbers_keep_all_their_digits(tmp_path, number):
    """The writer alone keeps sixteen digits: 0.30000000000000004 would come back as 0.3, with another hash."""
    source = workbook(tmp_path / "case.xlsx", notes=[["a"], [number]])
    copied = load_workbook(marked(source))["notes"]["A2"].value
    assert copied == number and type(copied) is type(number)


def test_formats_and_widths_are_kept(tmp_path):
    source = workbook(tmp_path / "case.xlsx", orders=[*ORDERS, ["007", "A", "abc", 1, None]])
    book = load_workbook(source)
    sheet = book["Orders"]
    formats = {"A4": "@", "C2": '#,##0.00 "MWh"', "E2": "yyyy/m/d;@", "E3": "mm-dd-yy", "C4": "0.000", "F2": "General"}
    for address, code in formats.items():
        sheet[address].number_format = code
    sheet.column_dimensions["B"].width = 31.5
    book.save(source)
    copy = marked(source)
    copied = load_workbook(copy)["Orders"]
    assert {address: copied[address].number_format for address in formats} == formats
    assert copied.column_dimensions["B"].width == pytest.approx(31.5, abs=0.8)
    assert [copied[f"E{row}"].value for row in (2, 3)] == [dt.datetime(2025, 1, 20)] * 2
    assert fills(copy) == {"Orders!C4": "error", "Orders!E4": "error"}
    assert copied["E4"].number_format == "yyyy/m/d;@"  # a blank takes the format of its column
    assert_same(source, copy)


def test_dates_counted_from_1904_and_iso_dates(tmp_path):
    for number, change in enumerate(("1904", "iso")):
        source = workbook(tmp_path / f"case{number}.xlsx", notes=[[dt.datetime(2025, 3, 1, 13, 30), dt.time(6, 15)]])
        book = load_workbook(source)
        if change == "1904":
            book.epoch = dt.datetime(1904, 1, 1)
        book.iso_dates = change == "iso"
        book.save(source)
        copy = marked(source, name=f"out{number}.xlsx")
        assert_same(source, copy)
        cells = load_workbook(copy)["notes"][1]
        assert [cell.value for cell in cells] == [dt.datetime(2025, 3, 1, 13, 30), dt.time(6, 15)]


def test_formulas_become_their_values_and_that_is_said(tmp_path):
    source = tmp_path / "case.xlsx"
    with Writer(source) as book:
        for name, rows in CASE.items():
            sheet = book.add_worksheet(name)
            for row, values in enumerate(rows):
                for column, value in enumerate(values):
                    if isinstance(value, dt.date):
                        sheet.write_datetime(row, column, value, book.add_format({"num_format": "yyyy-mm-dd"}))
                    else:
                        sheet.write(row, column, value)
        sheet.write_formula("D2", "=C2*25", None, 500)
        book.calc_on_load = False
    copy = marked(source)
    assert_same(source, copy)
    assert load_workbook(copy)["orders"]["D2"].value == 500
    assert ("Note", "orders", "", "1") in [row[:4] for row in listed(copy)]


def test_formulas_without_value_and_error_cells_stay_what_they_are(tmp_path):
    """As text, a formula in a column of names would be accepted as a name."""
    source = workbook(tmp_path / "case.xlsx", orders=[*ORDERS, [None, "A", None, 1, DAY]])
    book = load_workbook(source)
    book["Orders"]["A4"] = "=B4&C4"
    book["Orders"]["C4"] = "#DIV/0!"
    book.save(source)
    copy = marked(source)
    assert read(copy).tables["orders"].columns["order"][2] == Bad("formula_without_value", "=B4&C4")
    assert read(copy).tables["orders"].columns["quantity"][2] == Bad("error_cell", "#DIV/0!")
    assert_same(source, copy)


def test_headers_further_down_merged_cells_unknown_sheets_and_columns(tmp_path):
    orders = [[None], ["Orders of May"], *ORDERS]
    source = workbook(tmp_path / "case.xlsx", orders=orders, **{"My notes": [[None, "free text"], [3.5, True]]},
                      lines=[[None] * 3, [None, "line", "regular_hours", "line"], [None, "L1", 5, "x"],
                             [None, "007", 5, "x"]])
    book = load_workbook(source)
    book["Lines"].merge_cells("B5:C1048576")
    book["My notes"].merge_cells("A4:XFD1048576")
    book.save(source)
    copy = marked(source)
    assert_same(source, copy)
    assert {"merged_cells", "duplicate_header"} <= {finding.rule for finding in check(read(copy)).findings}
    assert fills(copy)["Lines!D2"] == "error"
    copied = load_workbook(copy)
    assert [str(merged) for merged in copied["My notes"].merged_cells.ranges] == ["A4:XFD1048576"]
    assert [[cell.value for cell in row] for row in copied["My notes"]["A1:B2"]] == [[None, "free text"], [3.5, True]]
    assert copy.stat().st_size < 100_000


def test_sheets_that_cannot_be_kept_as_they_were_called(tmp_path):
    source = workbook(tmp_path / "case.xlsx", Errors=[["my own"]], **{"Errors_": [["mine too"]]})
    copy = marked(source)
    assert load_workbook(copy).sheetnames[-2:] == ["Errors__", "Errors_"] or \
        load_workbook(copy).sheetnames[-2:] == ["Errors_", "Errors__"]
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


def test_what_is_lost_is_named(tmp_path):
    source = workbook(tmp_path / "case.xlsx")
    book = load_workbook(source)
    sheet = book["Lines"]
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3))
    sheet.add_chart(chart, "E2")
    sheet["A1"].comment = Comment("mine", "me")
    rule = DataValidation(type="list", formula1='"L1,007"')
    rule.add("A2:A9")
    sheet.add_data_validation(rule)
    sheet["D1"].hyperlink = "http://a.cn"
    book.save(source)
    with zipfile.ZipFile(source, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
        archive.writestr("xl/pivotTables/pivotTable1.xml", b"<x/>")
    said = " ".join(row[4] for row in listed(marked(source)))
    for kind in ("charts", "comments", "dropdowns", "links", "macros", "pivots"):
        assert label_table()[f"marked.lost_{kind}"]["en"] in said
    assert "Formulas" not in said and "Pictures" not in said


def test_a_million_formatted_empty_rows_cost_nothing_in_the_copy(tmp_path):
    source = workbook(tmp_path / "case.xlsx")
    bloated = tmp_path / "bloated.xlsx"
    empty = "".join(f'<row r="{row}"><c r="A{row}" s="0"/><c r="XFD{row}" s="0"/></row>' for row in range(10, 300_000))
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(bloated, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            if name == "xl/worksheets/sheet5.xml":
                content = content.replace(b"</sheetData>", empty.encode() + b"</sheetData>")
            after.writestr(name, content)
    copy = marked(bloated)
    assert_same(source, copy)
    assert load_workbook(copy)["Orders"].max_row == 3
    assert copy.stat().st_size < 30_000


def test_the_input_is_never_overwritten(tmp_path):
    source = workbook(tmp_path / "case.xlsx")
    before = source.read_bytes()
    other = tmp_path / "link.xlsx"
    other.symlink_to(source)
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


def test_a_folder_becomes_a_workbook_with_the_same_plan(tmp_path):
    """Figures and dates become real ones; what is text stays text, and the hash of the content stays."""
    source = folder(tmp_path / "tables", orders=[ORDERS[0], ["007", "A", "20.50", "500", DAY, "=1+1"],
                                                 [LONG_ID, "B", "1e1", "３", "2025/1/20", " x "]])
    copy = marked(source)
    before, after = check(read(source)), check(read(copy))
    assert after.tables.input_hash == before.tables.input_hash
    assert after.findings == before.findings == []
    assert after.tables.extras["orders"].equals(before.tables.extras["orders"])
    sheet = load_workbook(copy)["orders"]
    assert [cell.value for cell in sheet[2]] == ["007", "A", 20.5, 500, dt.datetime(2025, 1, 20), "=1+1"]
    assert [cell.data_type for cell in sheet[2]] == ["s", "s", "n", "n", "d", "s"]
    assert sheet["C2"].number_format == "0.00" and sheet["A2"].number_format == "@"
    assert [cell.value for cell in sheet[3]][2:5] == [10, 3, dt.datetime(2025, 1, 20)]


def test_findings_in_files_are_marked_in_their_sheets(tmp_path):
    source = folder(tmp_path / "tables", orders=[ORDERS[0], ["O1", "A", "-5.00", "5%", "2025-13-01", ""],
                                                 ["O1", "C", "", "1", DAY, ""]], notes=[["a"], ["1;2"]])
    copy = marked(source)
    before, after = check(read(source)).findings, check(read(copy)).findings
    assert [known(finding, False) for finding in after] == [known(finding, False) for finding in before]
    assert fills(copy) == dict.fromkeys(("orders!C2", "orders!D2", "orders!E2", "orders!A3", "orders!B3", "orders!C3"),
                                        "error")
    assert ("Error", "orders.csv", "C2", "-5.00") in [row[:4] for row in listed(copy)]
    assert "notes.csv" in load_workbook(copy).sheetnames


def test_odd_files_in_a_folder(tmp_path):
    source = folder(tmp_path / "tables")
    (source / "orders.csv").unlink()
    orders = "订单号;物料;数量;单价;交货日期\n甲;A;1,5;2;2025-01-20\n乙;A;3\n"
    (source / "订单.csv").write_bytes(orders.encode("gb18030"))
    (source / "stock.csv").write_bytes(b"\xff\xfe\x00\xd8 not text \xff")
    (source / "plan.pdf").write_bytes(b"%PDF")
    (source / "README.md").write_text("words")
    (source / "x[1]:'.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    copy = marked(source)
    book = load_workbook(copy)
    assert book.sheetnames == ["Errors", "items", "lines", "routings", "settings", "x_1__'.csv", "订单"]
    assert [cell.value for cell in book["订单"][2]] == ["甲", "A", "1,5", 2, dt.datetime(2025, 1, 20)]
    assert [cell.value for cell in book["x_1__'.csv"][2]] == ["1", "2"]
    rows = listed(copy)
    assert {row[3] for row in rows if "could not be copied" in row[4]} == {"plan.pdf", "stock.csv"}
    assert ("Error", "订单.csv", "row 3") in [row[:3] for row in rows]
    assert fills(copy)["订单!C2"] == "error"


def test_text_longer_than_a_cell_is_cut_and_that_is_said(tmp_path):
    source = folder(tmp_path / "tables", orders=[*ORDERS[:2], ["O2", "A", 1, 1, DAY, "电" * 40_000]])
    copy = marked(source)
    assert read(copy).tables["orders"].extras["my remark"][1] == "电" * 32_767
    assert label_table()["marked.lost_cut"]["en"] in [row[4] for row in listed(copy)]


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


def test_a_copy_that_reads_otherwise_is_not_kept(tmp_path, monkeypatch):
    """The copy is read again before it stands: here the writer drops digits."""
    monkeypatch.setattr(ExactSheet, "_xml_number_element", lambda self, number, attributes: self.fh.write(
        f'<c r="{attributes[0][1]}"><v>{number:.3g}</v></c>'))
    source = workbook(tmp_path / "case.xlsx", notes=[[1234.5]])
    with pytest.raises(NotWritten, match="notes"):
        marked(source)
    assert [path.name for path in tmp_path.iterdir()] == ["case.xlsx"]


def test_damaged_sheet_beside_the_tables_is_named(tmp_path):
    source = workbook(tmp_path / "case.xlsx", notes=[["x"]])
    damaged = tmp_path / "damaged.xlsx"
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(damaged, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name)[: -40 if name == "xl/worksheets/sheet6.xml" else None])
    copy = marked(damaged)
    assert "notes" not in load_workbook(copy).sheetnames
    assert "notes" in {row[3] for row in listed(copy) if "could not be copied" in row[4]}


def test_the_reference_cases_come_back_the_same(tmp_path):
    for case in sorted((Path(__file__).parents[2] / "data").iterdir()):
        if case.is_dir():
            shutil.copytree(case, tmp_path / case.name)
            copy = marked(tmp_path / case.name, name=f"{case.name}.xlsx")
            before, after = check(read(case)), check(read(copy))
            assert after.tables.input_hash == before.tables.input_hash
            assert [known(finding, False) for finding in after.findings] == [known(finding, False) for finding in
                                                                             before.findings]


anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(st.lists(anything, min_size=3, max_size=3), min_size=1, max_size=6))
def test_any_text_of_a_file_survives(tmp_path_factory, cells):
    """Whatever characters a file holds, the copy holds them, in names, in figures and in the planner's own columns."""
    source = tmp_path_factory.mktemp("any") / "tables"
    folder(source)
    rows = ['"' + '","'.join(cell.replace('"', '""') for cell in row) + '"' for row in cells]
    (source / "orders.csv").write_text("\n".join(["order,quantity,my remark", *rows]), encoding="utf-8", newline="")
    before, after = read(source).tables["orders"], read(marked(source)).tables["orders"]
    assert after.row_numbers == before.row_numbers
    for position in range(len(before.row_numbers)):
        assert after.columns["order"][position] == before.columns["order"][position]
        assert after.extras["my remark"][position] == before.extras["my remark"][position]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers(-10**30, 10**30),
                                 st.booleans(), st.dates(dt.date(1901, 1, 1), dt.date(2199, 1, 1)),
                                 st.sampled_from(HOSTILE)), min_size=1, max_size=8))
def test_any_value_of_a_workbook_survives(tmp_path_factory, values):
    source = workbook(tmp_path_factory.mktemp("any") / "case.xlsx",
                      orders=[*ORDERS, *([value, "A", value, value, value, value] for value in values)])
    assert_same(source, marked(source))


def test_every_word_stands_in_both_languages():
    words = {key: texts for key, texts in label_table().items() if key.startswith("marked.") or key == "sheet.errors"}
    assert all(texts["en"] and texts["zh"] for texts in words.values())
    assert {f"marked.{column}" for column in errors_sheet.COLUMNS} <= words.keys()
    assert get_column_letter(len(errors_sheet.COLUMNS)) == "F"
