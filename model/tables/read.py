"""The input, wherever it lies: a folder of CSV files or a workbook."""

from __future__ import annotations

from pathlib import Path

from model.findings import Finding
from model.tables.csv_folder import read_folder
from model.tables.raw import RawBook
from model.tables.workbook import WORKBOOKS, read_workbook


def read(path: str | Path) -> RawBook:
    """The raw tables of a folder of CSV files or of a workbook; whatever is wrong with it is a finding inside."""
    place = Path(path)
    if place.is_dir():
        return read_folder(place)
    if not place.is_file():
        return _refused(place, "not_found")
    if place.suffix.casefold() in WORKBOOKS:
        return read_workbook(place)
    return _refused(place, "unsupported_file")


def _refused(place: Path, rule: str) -> RawBook:
    return RawBook(str(place), findings=[Finding("error", rule, cell=place.name, value=place.name)])
