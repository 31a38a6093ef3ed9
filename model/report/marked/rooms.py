"""How the texts of a planner's sheet fit into their cells: which are wrapped, and how high that makes their rows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from model.report.marked.cells import Cell, SourceSheet
from model.report.widths import column_width, wrapped_lines

NARROWEST, PADDING = 9.0, 2.0
_MOST_LINES, _HIGHEST = 24, 400.0  # what is longer is read in the cell itself; points
_SPILL = 120.0  # column units over which a text may run across empty cells


@dataclass
class Rooms:
    """The cells of a sheet whose text needs several lines, and the heights in points that rows need for them."""

    wrapped: set[tuple[int, int]] = field(default_factory=set)
    heights: dict[int, float] = field(default_factory=dict)


def rooms_of(sheet: SourceSheet, widths: Mapping[int, float], line_height: float) -> Rooms:
    """What does not fit on one line: in its merged cells, or in its own with those to the right that are empty."""
    rooms = Rooms()
    merged = {(top, left): (bottom, right) for top, left, bottom, right in sheet.merged}
    filled = {(cell.row, cell.column) for cell in sheet.cells}
    for cell in sheet.cells:
        place = (cell.row, cell.column)
        if cell.kind != "text" or (sheet.table is not None and cell.row == sheet.header_row):
            continue
        bottom, right = merged.get(place, place)
        own = sum(widths.get(column, NARROWEST) for column in range(cell.column, right + 1))
        text = str(cell.written)
        # The fast path: it fits even if every letter is two digits wide.
        if 2 * len(text) <= own - PADDING and "\n" not in text:
            continue
        if "\n" not in text and place not in merged and _spills(cell, text, own, widths, filled):
            continue
        # split ends after the most lines: a cell may hold thousands.
        lines = min(_MOST_LINES, sum(max(1, wrapped_lines(line, own)) for line in text.split("\n", _MOST_LINES)))
        if lines > 1:
            rooms.wrapped.add(place)
            rows = range(cell.row, bottom + 1)
            height = min(_HIGHEST, (line_height * lines + 3) / len(rows))
            # What a row of usual height shows needs no height of its own.
            for row in rows if height > line_height + 3 else ():
                rooms.heights[row] = max(rooms.heights.get(row, 0.0), height)
    return rooms


def _spills(cell: Cell, text: str, own: float, widths: Mapping[int, float], filled: set[tuple[int, int]]) -> bool:
    """Whether a text fits on one line together with the empty cells on its right."""
    needed, column, room = column_width([text]) + PADDING, cell.column + 1, own
    if needed > max(own, _SPILL):
        return False
    while room < needed and (cell.row, column) not in filled:
        room += widths.get(column, NARROWEST)
        column += 1
    return math.ceil(room) >= needed
