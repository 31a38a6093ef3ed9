"""Long texts in a marked copy: whole in their cells, clear of the figures beside them."""

from __future__ import annotations

import openpyxl

from tests.report.marked import marked, workbook

LONG = "Please fill in the sheets from left to right and check them before they are sent on. " * 4


def test_long_texts_are_wrapped_and_their_rows_are_high_enough(tmp_path):
    """Would fail if a text in merged cells kept one row's height, or one beside a filled cell were cut off by it."""
    source = workbook(tmp_path / "case.xlsx", Read=[["Title that runs on over the empty cells beside it"], [LONG], [],
                                                    [LONG, 7], [3.5, "beside"]])
    book = openpyxl.load_workbook(source)
    book["Read"].merge_cells("A2:F2")
    book.save(source)
    sheet = openpyxl.load_workbook(marked(source))["Read"]
    wrapped = {cell.coordinate: bool(cell.alignment.wrap_text) for row in sheet.iter_rows() for cell in row
               if isinstance(cell.value, str)}
    assert wrapped == {"A1": False, "A2": True, "A4": True, "B5": False}
    heights = [sheet.row_dimensions[row].height for row in (2, 4)]
    assert all(height is not None and height > 40 for height in heights) and sheet.row_dimensions[1].height is None
    assert sheet["B5"].alignment.indent == 1 and sheet["A5"].alignment.indent == 0
