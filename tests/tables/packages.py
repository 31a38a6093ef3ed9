"""Ways to bring workbook files into the state in which they are found in the wild."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl

from model.findings import Finding
from model.tables import from_records, read
from model.template import write_workbook
from tests.tables.cases import good_case, proven, write_xlsx


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


def minimal(path: Path, sheet: str, title: str,
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
