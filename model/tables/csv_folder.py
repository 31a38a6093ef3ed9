"""A folder of CSV files as a raw book."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from model.findings import Finding
from model.tables.grid import Grid, raw_table
from model.tables.names import find_column, find_table
from model.tables.raw import RawBook

_SILENT = ("readme", "license", ".", "~$", "thumbs.db", "desktop.ini")


def read_folder(folder: Path) -> RawBook:
    """Every CSV file of the folder that is a table; other files are named in a warning and ignored."""
    book = RawBook(str(folder))
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as problem:
        book.findings.append(Finding("error", "cannot_open", cell=folder.name, value=folder.name,
                                     details={"reason": str(problem)}))
        return book
    for path in files:
        name = find_table(path.stem) if path.suffix.casefold() == ".csv" else None
        if name is None:
            if not path.name.casefold().startswith(_SILENT):
                book.ignored.append(path.name)
                book.findings.append(Finding("warning", "not_a_table", cell=path.name, value=path.name))
        elif name in book.tables:
            book.findings.append(Finding("error", "table_twice", name, cell=path.name, value=path.name,
                                         details={"other": book.tables[name].source}))
        else:
            read_file(book, name, path)
    return book


def read_file(book: RawBook, name: str, path: Path) -> None:
    """Put the table ``name`` from one CSV file into the book, with whatever is wrong with it."""
    grid = Grid(path.name, "file")
    findings: list[Finding] = []
    try:
        text = _decode(path.read_bytes())
    except OSError as problem:
        findings.append(Finding("error", "cannot_open", name, cell=path.name, value=path.name,
                                details={"reason": problem.strerror or str(problem)}))
    else:
        if text is None:
            findings.append(Finding("error", "encoding", name, cell=path.name))
        else:
            findings.extend(_fill(grid, name, text))
    table, more = raw_table(name, grid)
    book.tables[name] = table
    book.findings.extend(findings + more)


def _decode(content: bytes) -> str | None:
    """Strict utf-8 (with or without byte-order mark), then strict gb18030, else nothing."""
    # gb18030 contains GBK, in which Excel saves in Chinese; it comes second, as most bytes pass for it.
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _delimiter(name: str, text: str) -> str:
    """The separator under which the first line holds most known column names; a comma where none stands out."""
    lines = text.lstrip().splitlines()
    first = lines[0] if lines else ""

    def known(mark: str) -> int:
        """Number of column names that the table knows under this separator."""
        return sum(find_column(name, header.strip(' "')) is not None for header in first.split(mark))

    return max(",;\t", key=known)


def _fill(grid: Grid, name: str, text: str) -> list[Finding]:
    """Put the file's records into the grid; a record with more or fewer fields than the header is an error."""
    findings: list[Finding] = []
    width, row = 0, 0
    try:
        for row, record in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True,
                                                delimiter=_delimiter(name, text)), start=1):
            written = {number: cell for number, cell in enumerate(record, start=1) if cell and not cell.isspace()}
            if not written:
                continue
            # As in raw_table the first row that holds anything is the header; blank fields beyond it do no harm.
            width = width or len(record)
            if len(record) != width and (len(record) < width or max(written) > width):
                findings.append(Finding("error", "row_length", name, row, cell=f"{grid.source} row {row}",
                                        details={"fields": str(len(record)), "headers": str(width)}))
            for number, cell in written.items():
                grid.cells.setdefault(number, {})[row] = cell
    except csv.Error as problem:
        findings.append(Finding("error", "csv_broken", name, row + 1, cell=f"{grid.source} row {row + 1}",
                                details={"reason": str(problem)}))
    return findings
