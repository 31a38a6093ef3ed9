"""Where in the copied sheets each finding belongs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from openpyxl.utils import column_index_from_string

from model.findings import Finding
from model.report.marked.cells import SourceSheet

_COORDINATE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)
_ROW = re.compile(r"(.*) row ([1-9]\d{0,6})", re.ASCII | re.DOTALL)
_SEPARATORS = {"sheet": "!", "file": " "}

Marks = dict[tuple[int, int], list[Finding]]  # row and column of a cell, counted from 1 -> what was found there


@dataclass(frozen=True)
class Place:
    """A sheet of the copy and, where the finding has one, the row and the column, counted from 1."""

    sheet: SourceSheet
    row: int | None = None
    column: int | None = None


def place_of(finding: Finding, sheets: Mapping[str, SourceSheet]) -> Place | None:
    """Where a finding belongs among the sheets (by their names in findings); None where it stands in none of them."""
    for kind, separator in _SEPARATORS.items():
        # From the right: a sheet's name may hold the separator, too.
        source, _, coordinate = finding.cell.rpartition(separator)
        found = _COORDINATE.fullmatch(coordinate)
        if found and source in sheets and sheets[source].kind == kind:
            return Place(sheets[source], int(found[2]), column_index_from_string(found[1]))
    row = _ROW.fullmatch(finding.cell)
    if row and row[1] in sheets:
        return Place(sheets[row[1]], int(row[2]))
    return Place(sheets[finding.cell]) if finding.cell in sheets else None


def marks_of(findings: Iterable[Finding], sheets: Mapping[str, SourceSheet]) -> dict[str, Marks]:
    """By sheet, the cells to be marked and what was found in each."""
    marks: dict[str, Marks] = {source: {} for source in sheets}
    for finding in findings:
        place = place_of(finding, sheets)
        if place is not None and place.row is not None and place.column is not None:
            marks[place.sheet.source].setdefault((place.row, place.column), []).append(finding)
    return marks
