"""Workbooks of every origin are read in full: Excel, WPS Office, LibreOffice, openpyxl, XlsxWriter."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess

import openpyxl
import pytest
import xlsxwriter

from model.tables import from_records, read
from tests.tables.cases import checked, good_case, proven, write_xlsx
from tests.tables.packages import edited, minimal, with_formula


@pytest.mark.parametrize(("part", "expected"), [
    ('<c r="E3"><f>2+3</f><v>5</v></c>', 5.0),
    ('<c r="E3" t="str"><f>"5"</f><v>5</v></c>', 5.0),
    ('<c r="E3" t="inlineStr"><is><r><t>1</t></r><r><t>2.5</t></r><rPh sb="0" eb="1"><t>9</t></rPh></is></c>', 12.5),
    ('<c t="n"><v>5</v></c>', None),
    ('<c r="E3" s="999"><v>5</v></c>', 5.0),
])
def test_stored_values(part, expected, tmp_path):
    """Proves: stored results, inline and rich text, cells without reference and with a missing style are read."""
    result = checked(with_formula(tmp_path / "a.xlsx", part))
    assert result.tables is not None
    assert result.tables.frames["orders"]["quantity"].iloc[1] == (expected or 5.0)



def test_wps_quirks(tmp_path):
    """Proves: what WPS Office writes is read in full: dimension of one cell, inline strings, no styles or references.

    A reader that trusts the dimension sees one cell; openpyxl's read-only mode does.
    """
    rows = [("item", "name"), ("pack", "Pack"), ("cell", "电芯")]
    cells = "".join("<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + "</row>"
                    for row in rows)
    sheet = ('<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1"/>'
             f"<sheetData>{cells}</sheetData></worksheet>")
    path = tmp_path / "wps.xlsx"
    minimal(path, sheet, "物料")
    book = read(path)
    assert book.findings == []
    assert book.tables["items"].columns == {"item": ["pack", "cell"], "name": ["Pack", "电芯"]}
    assert book.tables["items"].address(1, "name") == "物料!B3"



def test_strict_and_prefixed_workbooks(tmp_path):
    """Proves: the strict namespace and a namespace prefix, which openpyxl reads as empty, are read alike."""
    sheet = ('<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData>'
             '<x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>item</x:t></x:is></x:c></x:row>'
             '<x:row r="2"><x:c r="A2"><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>')
    path = tmp_path / "strict.xlsx"
    minimal(path, sheet, "items", relations="http://purl.oclc.org/ooxml/officeDocument/relationships")
    assert read(path).tables["items"].columns == {"item": [7]}



def test_escaped_characters(tmp_path):
    """Proves: escapes of control characters are resolved once, and text that looks like one survives."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("items")
        sheet.write_column(0, 0, ["item", "_x0041_", "two\nlines", " spaced "])
    assert read(path).tables["items"].columns["item"] == ["_x0041_", "two\nlines", " spaced "]



def test_dates_by_format_only(tmp_path):
    """Proves: a figure is a date only under a date format, in both epochs; a length of time is no number."""
    for epoch in (False, True):
        path = tmp_path / f"{epoch}.xlsx"
        with xlsxwriter.Workbook(str(path), {"date_1904": epoch}) as book:
            sheet = book.add_worksheet("receipts")
            sheet.write_row(0, 0, ["date", "quantity"])
            sheet.write_datetime(1, 0, dt.datetime(2025, 3, 31), book.add_format({"num_format": "yyyy-mm-dd"}))
            sheet.write_datetime(2, 0, dt.datetime(2025, 3, 31), book.add_format({"num_format": 'yyyy"年"m"月"d"日"'}))
            sheet.write_number(3, 0, 45747)
            sheet.write_number(1, 1, 1.5, book.add_format({"num_format": "[h]:mm"}))
            sheet.write_number(2, 1, 1.5, book.add_format({"num_format": '#,##0.00 "MWh"'}))
        table = read(path).tables["receipts"]
        assert table.columns["date"] == [dt.datetime(2025, 3, 31), dt.datetime(2025, 3, 31), 45747]
        assert table.columns["quantity"] == [dt.timedelta(days=1, hours=12), 1.5, None]



def test_agrees_with_openpyxl(tmp_path):
    """Proves: the sparse reader gives what openpyxl's normal mode gives, cell for cell."""
    path = write_xlsx(tmp_path / "a.xlsx", good_case())
    book, other = read(path), openpyxl.load_workbook(path, data_only=True)
    for name, table in book.tables.items():
        sheet = other[name]
        for number, header in enumerate((cell.value for cell in sheet[1]), start=1):
            expected = [sheet.cell(row, number).value for row in range(2, sheet.max_row + 1)]
            assert table.columns[header] == expected, (name, header)



def test_hidden_rows_are_read_and_named(tmp_path):
    """Proves: what a filter hides counts, and the planner is told; hidden rows without content are no rows."""
    path = write_xlsx(tmp_path / "a.xlsx", good_case())
    book = openpyxl.load_workbook(path)
    for row in (3, 4, 40):
        book["orders"].row_dimensions[row].hidden = True
    book.save(path)
    result = checked(path)
    assert result.tables is not None and len(result.tables.frames["orders"]) == len(good_case()["orders"])
    found = [finding for finding in result.findings if finding.rule == "hidden_rows"]
    assert [(finding.severity, finding.cell, dict(finding.details)) for finding in found] == [
        ("warning", "orders!A3", {"count": "2", "first": "3"})]


def test_million_formatted_rows(tmp_path):
    """Proves: formatted but empty cells cost next to nothing and are no rows."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("items")
        look = book.add_format({"bg_color": "#FFFFFF"})
        sheet.write_row(0, 0, ["item", "name"])
        for row in range(1, 60_000):
            sheet.write_blank(row, 0, None, look)
        sheet.write_row(60_000, 0, ["pack", "Pack"])
    table = read(path).tables["items"]
    assert table.columns["item"] == ["pack"]
    assert table.row_numbers == [60_001]



@pytest.mark.slow
def test_libreoffice_files(tmp_path):
    """Proves: a workbook saved by LibreOffice is the same input, dates and formulas included."""
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice is not installed here")
    path = write_xlsx(tmp_path / "a.xlsx", good_case())
    edited(path, lambda book: book["orders"].__setitem__("E3", "=2+3"))
    subprocess.run([soffice, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to",
                    "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "out"), str(path)], check=True,
                   capture_output=True, timeout=180)
    saved, plain = checked(tmp_path / "out" / "a.xlsx"), proven(from_records(good_case()))
    assert saved.findings == []
    assert saved.tables is not None
    assert plain.tables is not None
    assert saved.tables.input_hash == plain.tables.input_hash
