"""Proves: the looks of a planner's cells survive in a marked copy; the marks of an earlier copy do not."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from openpyxl.styles import Alignment, Border, Color, Font, PatternFill, Side

from model.report.marked.looks import looks_of
from tests.report.marked import marked, workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def planners_book(path: Path) -> Path:
    """A good case whose orders have a coloured column of the planner's own, and a sheet of notes beside the tables."""
    source = workbook(path, Notes=[["Minutes"], [1234.5, "text"]])
    book = openpyxl.load_workbook(source)
    orders, notes = book["Orders"], book["Notes"]
    own = orders.max_column + 1
    orders.cell(1, own, "remark")
    for row in range(2, orders.max_row + 1):
        cell = orders.cell(row, own, "urgent")
        cell.fill, cell.font = PatternFill("solid", fgColor="92D050"), Font(bold=True, italic=True, color="C00000")
    notes["A1"].font = Font(name="Georgia", size=20, underline="single", color=Color(theme=4))
    notes["A2"].border = Border(bottom=Side("double", color="FF0000FF"), left=Side("thin"))
    notes["A2"].alignment = Alignment(horizontal="center", vertical="top", wrap_text=True)
    notes["B2"].alignment = Alignment(text_rotation=45, indent=2)
    notes["B2"].fill = PatternFill("lightUp", fgColor="00AA00", bgColor="FFFF00")
    book.save(source)
    return source


def test_looks_of_own_columns_and_sheets_survive(tmp_path: Path) -> None:
    """Would fail if colours, fonts, borders or alignment were lost: she could not find her own marks again."""
    copy = openpyxl.load_workbook(marked(planners_book(tmp_path / "case.xlsx")))
    orders, notes = copy["Orders"], copy["Notes"]
    own = next(cell.column for cell in orders[1] if cell.value == "remark")
    for row in range(2, orders.max_row + 1):
        cell = orders.cell(row, own)
        assert cell.fill.fgColor.rgb == "FF92D050" and cell.font.color.rgb == "FFC00000"
        assert cell.font.bold and cell.font.italic
    head = orders.cell(1, own)
    assert head.fill.fgColor.rgb == "FF24435C" and head.font.color.rgb == "FFFFFFFF", "black on dark is not read"
    assert (notes["A1"].font.name, notes["A1"].font.size, notes["A1"].font.underline) == ("Georgia", 20, "single")
    assert notes["A1"].font.color.rgb == "FF4F81BD", "the theme's first accent, as a colour of its own"
    assert notes["A2"].border.bottom.style == "double" and notes["A2"].border.bottom.color.rgb == "FF0000FF"
    assert notes["A2"].border.left.style == "thin" and notes["A2"].border.right.style is None
    assert (notes["A2"].alignment.horizontal, notes["A2"].alignment.vertical) == ("center", "top")
    assert notes["A2"].alignment.wrap_text and notes["B2"].alignment.textRotation == 45
    assert notes["B2"].fill.patternType == "lightUp" and notes["B2"].fill.fgColor.rgb == "FF00AA00"


def test_marks_go_when_their_cause_is_gone(tmp_path: Path) -> None:
    """By hand: a cell is marked, corrected in the copy and checked again. Else it would stay red for ever, as if red
    were the planner's own colour."""
    source = planners_book(tmp_path / "case.xlsx")
    book = openpyxl.load_workbook(source)
    column = next(cell.column for cell in book["Orders"][1] if cell.value == "quantity")
    right = book["Orders"].cell(2, column).value
    book["Orders"].cell(2, column).value = "many"
    book.save(source)
    first = marked(source)
    book = openpyxl.load_workbook(first)
    assert book["Orders"].cell(2, column).fill.fgColor.rgb == "FFF9DEDB"
    book["Orders"].cell(2, column).value = right
    again = tmp_path / "corrected.xlsx"
    book.save(again)
    cell = openpyxl.load_workbook(marked(again))["Orders"].cell(2, column)
    assert cell.fill.patternType is None and cell.border.left.style is None


@pytest.mark.parametrize(("colour", "shown"), [
    ('rgb="FF112233"', "#112233"), ('rgb="112233"', "#112233"), ('theme="1"', "#000000"), ('theme="0"', "#FFFFFF"),
    ('theme="4" tint="-0.5"', "#254061"), ('theme="4" tint="0.4"', "#95B3D7"), ('indexed="10"', "#FF0000"),
    ('indexed="64"', None), ('auto="1"', None), ('rgb="zz"', None), ('theme="99"', None), ('theme="x"', None)])
def test_colours_are_resolved(colour: str, shown: str | None) -> None:
    """Proves: plain, indexed and theme colours, the latter lighter or darker; what is none is left out.

    95B3D7 and 254061 are what spreadsheet programs show for the accent 4F81BD, 40 % lighter and half as light."""
    styles = ElementTree.fromstring(
        f'<styleSheet xmlns="{MAIN}"><fonts><font/><font><color {colour}/></font></fonts>'
        '<cellXfs><xf fontId="1"/></cellXfs></styleSheet>')
    theme = ElementTree.fromstring(
        '<t><clrScheme><dk1><sysClr val="windowText" lastClr="000000"/></dk1><lt1><sysClr lastClr="FFFFFF"/></lt1>'
        '<accent1><srgbClr val="4F81BD"/></accent1></clrScheme></t>')
    assert dict(looks_of(styles, theme)[0]).get("font_color") == shown


def test_odd_styles_are_left_out() -> None:
    """Proves: figures out of all reason, unknown words and parts that are missing are no look, and no error."""
    styles = ElementTree.fromstring(
        f'<styleSheet xmlns="{MAIN}"><fonts><font/><font><sz val="1e9"/><name val="{"x" * 99}"/></font></fonts><fills>'
        '<fill><gradientFill/></fill></fills><borders><border><left style="wavy"/></border></borders><cellXfs>'
        '<xf fontId="1" fillId="0" borderId="0"><alignment horizontal="odd" indent="99" textRotation="400"/></xf>'
        '<xf fontId="9" fillId="-1" borderId="x"/></cellXfs></styleSheet>')
    assert looks_of(styles, None) == [(), ()]
