"""A single table in a file of its own: a CSV file, or a sheet of a workbook."""

from __future__ import annotations

from pathlib import Path

from model.findings import Finding
from model.tables.csv_folder import read_file
from model.tables.grid import raw_table
from model.tables.names import find_table
from model.tables.raw import RawBook
from model.tables.workbook import open_workbook
from model.tables.xlsx import Package


def read_table(path: Path, name: str) -> RawBook:
    """The table ``name`` from a CSV file, or from the sheet of that name, else the first sheet, of a workbook.

    What is wrong with the file is a finding in the book that comes back, which then lacks the table.
    """
    if not path.is_file():
        missing = Finding("error", "not_found", cell=str(path), value=str(path))
        return RawBook(str(path), findings=[missing])
    if path.suffix.casefold() == ".csv":
        book = RawBook(str(path))
        read_file(book, name, path)
        return book

    def take(book: RawBook, package: Package) -> None:
        """Read the sheet of this name, else the first one."""
        titled = [sheet for sheet in package.sheets if find_table(sheet[0]) == name]
        for title, part in (titled or package.sheets)[:1]:
            book.tables[name], findings = raw_table(name, package.grid(title, part))
            book.findings.extend(findings)

    return open_workbook(path, take)
