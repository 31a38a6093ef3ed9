"""The marked copy of a workbook: every value, format and oddity comes back as it was."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation
from xlsxwriter import Workbook as Writer

from model.checks import check
from model.labels import label_table
from model.report.files import NotWritten
from model.report.marked.copies import ExactSheet
from model.tables import Bad, read
from tests.report.marked import (
    CASE,
    DAY,
    HOSTILE,
    LONG_ID,
    ORDERS,
    assert_same,
    fills,
    listed,
    marked,
    merged,
    patched,
    workbook,
)


def test_hostile_text_stays_text(tmp_path):
    """Would fail if "=1+1" became a formula, "007" a number, or "<r>" the writer's own markup."""
    orders = [ORDERS[0], *([word, "A", 1, 1, DAY, word] for word in HOSTILE)]
    source = workbook(tmp_path / "case.xlsx", orders=orders)
    copy = marked(source)
    assert_same(source, copy)
    assert {"=1+1", "@x", "007", "<r>bold</r>", "  kept ", LONG_ID} <= set(
        read(copy).tables["orders"].extras["my remark"])
    sheet = load_workbook(copy)["Orders"]
    assert {sheet.cell(row, column).data_type for row in range(2, len(HOSTILE) + 2) for column in (1, 6)} == {"s"}
    with zipfile.ZipFile(copy) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())


def with_number(folder_path: Path, stored: str) -> Path:
    """A workbook in whose sheet "notes" a number is stored in exactly these digits."""
    source = workbook(folder_path / "plain.xlsx", notes=[[1234.5]])
    return patched(source, folder_path / "case.xlsx", {
        "xl/worksheets/sheet6.xml": (b"<v>1234.5</v>", f"<v>{stored}</v>".encode())})


@pytest.mark.parametrize("stored", ["0.30000000000000004", "0.3333333333333333", "1e-300", "1.7976931348623157e+308",
                                    "12345678901234567890", "-7", "0.0"])
def test_numbers_keep_all_their_digits(tmp_path, stored):
    """The writer alone keeps sixteen digits: 0.30000000000000004 would come back as 0.3, with another hash."""
    copy = marked(with_number(tmp_path, stored))
    with zipfile.ZipFile(copy) as archive:
        assert f"<v>{stored}</v>".encode() in archive.read("xl/worksheets/sheet7.xml")


def test_a_number_beyond_all_numbers_shows_as_an_error(tmp_path):
    """As the text "inf" it would be accepted in a column of names."""
    source = workbook(tmp_path / "plain.xlsx", orders=[*ORDERS, [1234.5, "A", 1, 1, DAY]])
    copy = marked(patched(source, tmp_path / "case.xlsx", {
        "xl/worksheets/sheet5.xml": (b"<v>1234.5</v>", b"<v>1e999</v>")}))
    assert read(copy).tables["orders"].columns["order"][2] == Bad("error_cell", "#NUM!")
    assert fills(copy) == {"Orders!A4": "error"}


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
    widely = patched(source, tmp_path / "merged.xlsx", {
        "xl/worksheets/sheet3.xml": (b"</sheetData>", b"</sheetData>" + merged("B4:C1048576")),
        "xl/worksheets/sheet6.xml": (b"</sheetData>", b"</sheetData>" + merged("A4:XFD1048576"))})
    copy = marked(widely)
    assert_same(widely, copy)
    assert {"merged_cells", "duplicate_header"} <= {finding.rule for finding in check(read(copy)).findings}
    with zipfile.ZipFile(copy) as archive:
        assert b'<mergeCell ref="A4:XFD1048576"/>' in archive.read("xl/worksheets/sheet7.xml")
    assert copy.stat().st_size < 100_000
    unmerged = marked(source, name="unmerged.xlsx")
    assert fills(unmerged)["Lines!D2"] == "error"
    free = load_workbook(unmerged)["My notes"]
    assert [[cell.value for cell in row] for row in free["A1:B2"]] == [[None, "free text"], [3.5, True]]


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
    empty = "".join(f'<row r="{row}"><c r="A{row}" s="0"/><c r="XFD{row}" s="0"/></row>' for row in range(10, 200_000))
    bloated = patched(source, tmp_path / "bloated.xlsx", {
        "xl/worksheets/sheet5.xml": (b"</sheetData>", empty.encode() + b"</sheetData>")})
    copy = marked(bloated)
    assert_same(source, copy)
    assert load_workbook(copy)["Orders"].max_row == 3
    assert copy.stat().st_size < 30_000


def test_a_copy_that_reads_otherwise_is_not_kept(tmp_path, monkeypatch):
    """The copy is read again before it stands: the writer's own way of writing numbers drops a digit."""
    source = with_number(tmp_path, "0.30000000000000004")
    monkeypatch.delattr(ExactSheet, "_xml_number_element")
    with pytest.raises(NotWritten, match="notes"):
        marked(source)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case.xlsx", "plain.xlsx"]


def test_damaged_sheet_beside_the_tables_is_named(tmp_path):
    source = workbook(tmp_path / "case.xlsx", notes=[["x"]])
    damaged = patched(source, tmp_path / "damaged.xlsx", {
        "xl/worksheets/sheet6.xml": (b"</sheetData>", b"</sheet")})
    copy = marked(damaged)
    assert "notes" not in load_workbook(copy).sheetnames
    assert "notes" in {row[3] for row in listed(copy) if "could not be copied" in row[4]}


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(st.one_of(st.floats(-1e300, 1e300), st.integers(-10**30, 10**30),
                                 st.booleans(), st.dates(dt.date(1901, 1, 1), dt.date(2199, 1, 1)),
                                 st.sampled_from(HOSTILE)), min_size=1, max_size=8))
def test_any_value_of_a_workbook_survives(tmp_path_factory, values):
    source = workbook(tmp_path_factory.mktemp("any") / "case.xlsx",
                      orders=[*ORDERS, *([value, "A", value, 1, DAY, value] for value in values)])
    assert_same(source, marked(source))
