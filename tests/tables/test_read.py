"""What planners' files look like is read as it is, and what cannot be read is named, never guessed."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from model.findings import Finding
from model.tables import Bad, from_records, read
from model.template import write_workbook
from tests.tables.cases import Case, checked, good_case, proven, rules, write_csv, write_xlsx

RULES = {
    "not_found", "unsupported_file", "cannot_open", "broken_workbook", "not_a_workbook", "password", "old_workbook",
    "workbook_too_large", "not_a_table", "table_twice", "encoding", "csv_broken", "row_length", "duplicate_header",
    "merged_cells", "error_cell", "formula_without_value",
}
DAY = dt.date


def only(path: Path) -> Finding:
    """The one finding of reading a file."""
    findings = read(path).findings
    assert len(findings) == 1, findings
    proven(read(path))
    return findings[0]


def edited(path: Path, change) -> Path:
    """A workbook changed through openpyxl."""
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path


def repacked(path: Path, changes: dict[str, object]) -> Path:
    """A workbook whose parts (by the end of their name) were replaced by functions of their text, or dropped (None)."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            change = next((change for end, change in changes.items() if name.endswith(end)), str)
            if change is None:
                continue
            new.writestr(name, content if change is str else change(content.decode()))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_encodings(encoding, tmp_path):
    """Proves: Chinese text is read alike from every encoding planners save in."""
    case = good_case()
    case["items"][0]["name"] = "高压锂电"
    result = checked(write_csv(tmp_path, case, encoding))
    assert result.tables is not None
    assert result.tables.frames["items"]["name"].iloc[0] == "高压锂电"
    assert "item" in result.tables.book.tables["items"].columns  # a byte-order mark is no part of the first header


def test_unknown_encoding(tmp_path):
    """Proves: a file in another encoding is refused and named, not read as nonsense."""
    folder = write_csv(tmp_path, good_case())
    (folder / "items.csv").write_bytes("item\nÄ\n".encode("utf-16"))
    assert ("encoding", "items.csv") in {(finding.rule, finding.cell) for finding in checked(folder).findings}


@pytest.mark.parametrize(("old", "new", "rule", "cell"), [
    ("pack,Pack,", 'pack,"Pack,', "csv_broken", None),
    ("pack,Pack,ess", "pack,Pack, big,ess", "row_length", "items.csv row 2"),
    ("pack,Pack,ess,2.0,60", "pack,Pack", "row_length", "items.csv row 2"),
    ("item,name", "item,物料", "duplicate_header", "items.csv B1"),
    ("item,name", "item, Item [id]", "duplicate_header", "items.csv B1"),
])
def test_broken_csv(old, new, rule, cell, tmp_path):
    """Proves: a file that falls apart is named with its row."""
    folder = write_csv(tmp_path, good_case())
    text = (folder / "items.csv").read_text(encoding="utf-8")
    assert old in text
    (folder / "items.csv").write_text(text.replace(old, new, 1), encoding="utf-8")
    found = [finding for finding in checked(folder).findings if finding.rule == rule]
    assert found
    assert cell in (None, found[0].cell)


@pytest.mark.parametrize("mark", [";", "\t"])
def test_other_separators(mark, tmp_path):
    """Proves: files separated by semicolons or tabs are recognised by their headers."""
    folder = write_csv(tmp_path, good_case())
    for name in ("items", "lines"):
        file = folder / f"{name}.csv"
        file.write_text(file.read_text(encoding="utf-8").replace(",", mark), encoding="utf-8")
    assert checked(folder).findings == []


def test_csv_rows_are_counted_as_in_the_file(tmp_path):
    """Proves: blank rows are skipped but counted, so that addresses agree with the file on screen."""
    folder = write_csv(tmp_path, good_case())
    file = folder / "items.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([lines[0], "", ",,,,", *lines[1:], "", ",bad name without key,,,"]), encoding="utf-8")
    found = {(finding.rule, finding.cell, finding.row) for finding in checked(folder).findings}
    assert found == {("missing_value", "items.csv A9", 9)}


def test_files_that_are_no_table(tmp_path):
    """Proves: other files are named once in a warning; notes every folder has are not."""
    folder = write_csv(tmp_path, good_case())
    for name in ("machines.csv", "orders.xlsx", "README.md", ".DS_Store", "~$orders.csv"):
        (folder / name).write_text("x", encoding="utf-8")
    result = checked(folder)
    assert [(finding.rule, finding.severity, finding.value) for finding in result.findings] == [
        ("not_a_table", "warning", "machines.csv"), ("not_a_table", "warning", "orders.xlsx")]
    assert result.tables is not None
    assert result.tables.book.ignored == ["machines.csv", "orders.xlsx"]


def test_table_given_twice(tmp_path):
    """Proves: two files for one table are an error; taking either would be a guess."""
    folder = write_csv(tmp_path, good_case())
    (folder / "物料.csv").write_text("item\nx\n", encoding="utf-8")
    assert "table_twice" in rules(checked(folder))
    book = write_xlsx(tmp_path / "a.xlsx", good_case())
    edited(book, lambda book: book.create_sheet("订 单"))
    assert "table_twice" in rules(checked(book))


def test_names_in_chinese_and_any_case(tmp_path):
    """Proves: sheets and headers are found by English name or Chinese label, in any case and spacing."""
    book = write_xlsx(tmp_path / "a.xlsx", good_case())

    def rename(book):
        book["orders"].title = "订单"
        book["bill_of_materials"].title = " Bill Of-Materials "
        book["routings"].title = "interim"
        book["interim"].title = "ROUTINGS"
        for cell in book["lines"][1]:
            cell.value = {"line": "产线", "regular_hours": "Regular Hours [h/week]"}.get(cell.value, cell.value)
    result = checked(edited(book, rename))
    assert result.findings == []
    assert result.tables is not None
    assert result.tables.cell("orders", 0, "order") == "订单!A2"


def test_sheets_of_this_program_need_no_warning(tmp_path):
    """Proves: the template's and the result's own sheets are passed over; a planner's notes are named."""
    book = write_xlsx(tmp_path / "a.xlsx", good_case())

    def add(book):
        for title in ("Read-me", "Dictionary", "使用说明", "Summary", "Decisions", "摘要", "my notes"):
            book.create_sheet(title)
    assert [finding.value for finding in checked(edited(book, add)).findings] == ["my notes"]


def test_extra_columns_are_kept(tmp_path):
    """Proves: a planner's own columns come back beside the same rows, unread: an error in them stops nothing."""
    case = good_case()
    for number, row in enumerate(case["orders"]):
        row["my note"] = [None, "call back", 7, DAY(2025, 5, 1)][number]
    book = write_xlsx(tmp_path / "a.xlsx", case)
    edited(book, lambda book: book["orders"].cell(2, book["orders"].max_column).__setattr__("value", "#N/A"))
    tables = checked(book).tables
    assert tables is not None
    assert tables.extras["orders"]["my note"].tolist() == ["#N/A", "call back", 7, dt.datetime(2025, 5, 1)]
    assert tables.extras["items"].shape == (4, 0)


def test_ids_stay_text(tmp_path):
    """Proves: 007, NA, 1e5 and TRUE are names; a number typed as a name keeps no decimal point."""
    case = good_case()
    case["orders"][1]["order"] = "007"
    case["scenarios"].clear()
    book = write_xlsx(tmp_path / "a.xlsx", case)

    def retype(book):
        sheet = book["orders"]
        sheet["A2"], sheet["A4"], sheet["A5"] = 1.0, 100000, True
        book["pins"]["A2"], book["pins"]["A3"], book["published_plan"]["A2"] = 1, 1, 1
    tables = checked(edited(book, retype)).tables
    assert tables is not None
    assert tables.frames["orders"]["order"].tolist() == ["1", "007", "100000", "TRUE"]
    assert tables.frames["pins"]["order"].tolist() == ["1", "1"]


def test_csv_and_workbook_are_the_same_input(tmp_path):
    """Proves: frames, settings, extras' names and hash agree between a folder, a workbook and records."""
    parts = [checked(write_csv(tmp_path / "a", good_case())).tables,
             checked(write_xlsx(tmp_path / "a.xlsx", good_case())).tables, proven(from_records(good_case())).tables]
    for tables in parts:
        assert tables is not None
        assert tables.settings == parts[0].settings
        assert tables.input_hash == parts[0].input_hash
        assert tables.defaults_used == parts[0].defaults_used
        assert tables.present == parts[0].present
        for name, frame in tables.frames.items():
            assert frame.equals(parts[0].frames[name]), name


def test_hash_sees_content_not_order(tmp_path):
    """Proves: reordered rows are the same input, any other figure is another one."""
    def digest(change) -> str:
        case = good_case()
        change(case)
        tables = proven(from_records(case)).tables
        assert tables is not None
        return tables.input_hash
    base = digest(lambda case: None)
    assert digest(lambda case: case["orders"].reverse()) == base
    assert digest(lambda case: case["receipts"].append(dict(case["receipts"][0]))) != base
    assert digest(lambda case: case["orders"][0].update(quantity=11)) != base
    assert digest(lambda case: case["orders"][0].update(customer=None)) != base
    assert digest(lambda case: case["orders"][3].update(priority=5)) == base  # a default written out is no change


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


def shared_strings(path: Path) -> Path:
    """The good case with its text in one shared part, as spreadsheet programs write it."""
    tables = proven(from_records(good_case())).tables
    assert tables is not None
    return write_workbook(path, tables)


def with_formula(path: Path, part: str, recalculated: bool = True) -> Path:
    """The good case whose order NA has the given XML as its quantity cell."""
    write_xlsx(path, good_case())
    with zipfile.ZipFile(path) as archive:
        number = openpyxl.load_workbook(path).sheetnames.index("orders") + 1
        assert f"xl/worksheets/sheet{number}.xml" in archive.namelist()
    calculation = '<calcPr calcId="191029" fullCalcOnLoad="0"/>' if recalculated else '<calcPr fullCalcOnLoad="1"/>'
    return repacked(path, {
        f"sheet{number}.xml": lambda text: re.sub(r'<c r="E3"[^>]*>.*?</c>', part, text, count=1),
        "xl/workbook.xml": lambda text: re.sub(r"<calcPr[^>]*/>", calculation, text)})


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


def test_header_need_not_be_in_the_first_row(tmp_path):
    """Proves: the first row that holds anything is the header, and addresses count from the sheet's first row."""
    book = edited(write_xlsx(tmp_path / "a.xlsx", good_case()), lambda book: book["orders"].insert_rows(1, 3))
    tables = checked(book).tables
    assert tables is not None
    assert tables.cell("orders", 0, "quantity") == "orders!E5"


def test_not_there(tmp_path):
    """Proves: a missing path, an unknown kind of file and a folder without tables are findings, not exceptions."""
    assert only(tmp_path / "none.xlsx").rule == "not_found"
    (tmp_path / "a.ods").write_text("x", encoding="utf-8")
    assert only(tmp_path / "a.ods").rule == "unsupported_file"
    (tmp_path / "folder").mkdir()
    assert rules(checked(tmp_path / "folder")) == {"missing_table"}


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


def test_wps_quirks(tmp_path):
    """Proves: what WPS Office writes is read in full: a dimension of one cell, inline strings, no styles, no references.

    A reader that trusts the dimension sees one cell; openpyxl's read-only mode does.
    """
    rows = [("item", "name"), ("pack", "Pack"), ("cell", "电芯")]
    cells = "".join("<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + "</row>"
                    for row in rows)
    sheet = ('<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1"/>'
             f"<sheetData>{cells}</sheetData></worksheet>")
    path = tmp_path / "wps.xlsx"
    _minimal(path, sheet, "物料")
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
    _minimal(path, sheet, "items", relations="http://purl.oclc.org/ooxml/officeDocument/relationships")
    assert read(path).tables["items"].columns == {"item": [7]}


def _minimal(path: Path, sheet: str, title: str,
             relations: str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships") -> None:
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{package}"><Relationship Id="r1" '
                         f'Type="{relations}/officeDocument" Target="/xl/workbook.xml"/></Relationships>')
        archive.writestr("xl/workbook.xml", '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
                         f' xmlns:r="{relations}"><sheets><sheet name="{title}" sheetId="4" r:id="r9"/></sheets>'
                         "</workbook>")
        archive.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}"><Relationship Id="r9" '
                         f'Type="{relations}/worksheet" Target="worksheets\\sheet1.xml"/></Relationships>')
        archive.writestr("xl/worksheets/sheet1.xml", sheet)


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


def test_million_formatted_rows(tmp_path):
    """Proves: formatted but empty cells cost next to nothing and are no rows."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("items")
        look = book.add_format({"bg_color": "#FFFFFF"})
        sheet.write_row(0, 0, ["item", "name"])
        for row in range(1, 200_000):
            sheet.write_blank(row, 0, None, look)
        sheet.write_row(200_000, 0, ["pack", "Pack"])
    table = read(path).tables["items"]
    assert table.columns["item"] == ["pack"]
    assert table.row_numbers == [200_001]


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


def test_bad_cells_know_what_was_written():
    """Proves: a cell without usable content still shows what stands there."""
    assert Bad("error_cell", "#REF!").written == "#REF!"


def test_records_of_numpy_and_pandas():
    """Proves: values taken from frames are plain values again, not-a-time included."""
    case: Case = good_case()
    case["orders"][0].update(quantity=np.float64(10), due_date=pd.Timestamp("2025-01-26"), order_date=pd.NaT,
                             single_line=np.bool_(True))
    tables = proven(from_records(case)).tables
    assert tables is not None
    assert tables.frames["orders"]["quantity"].iloc[0] == 10
    assert tables.frames["orders"]["order_date"].isna().all()


def test_records_may_name_unknown_tables():
    """Proves: a table that does not exist is named in a warning."""
    book = from_records({**good_case(), "machines": [{"machine": 1}]})
    assert [(finding.rule, finding.value) for finding in book.findings] == [("not_a_table", "machines")]
