"""The planner's own input written back as a workbook in which everything that was found is listed and marked."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from xlsxwriter import Workbook

from model.findings import Finding
from model.labels import label
from model.report.fields import plain_text
from model.report.files import NotWritten, write_safely
from model.report.marked.cells import Source, SourceSheet, shortened
from model.report.marked.copies import Copier
from model.report.marked.csv_source import read_folder, type_cells
from model.report.marked.errors_sheet import MOST_LISTED, entry_of, is_own_list, write_errors_sheet
from model.report.marked.notes import MOST_NOTES, notes_of
from model.report.marked.package import FormattedPackage
from model.report.marked.places import Marks, marks_of, place_of
from model.report.sheets.book import WRITER_OPTIONS
from model.report.styles import Styles
from model.tables.names import find_table
from model.tables.xlsx import Package

_LONGEST_NAME = 31
_UNREADABLE = frozenset({"broken_workbook", "workbook_too_large", "password", "old_workbook", "not_a_workbook"})
"""What refuses a file as a whole: it is not opened a second time."""
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\\n\t", "_"))


def write_marked_input(target: Path, source: Path, findings: Sequence[Finding], language: str = "en") -> Path:
    """Write the workbook or folder ``source`` anew at ``target``, with every cell that has a finding marked.

    The first sheet lists the findings; the others are the planner's, value for value. Returns the file written.
    Raises NotWritten where ``target`` is the input itself, cannot be written, or does not read like the input.
    """
    _refuse_input(target, source)
    is_refused = any(finding.rule in _UNREADABLE for finding in findings)
    given = Source(is_open=False) if is_refused else _read(source)
    _name_sheets(given.sheets, label("sheet.errors", language))
    by_source = {sheet.source: sheet for sheet in given.sheets}
    marks = marks_of(findings, by_source)
    for sheet in given.sheets:
        # Behind the marks: a marked cell keeps what its finding quotes.
        if sheet.kind == "file":
            type_cells(sheet, marks[sheet.source])
    # Errors first; the sort is stable, so that either kind stays in the order of the input.
    entries = [entry_of(finding, place_of(finding, by_source), language)
               for finding in sorted(findings, key=lambda finding: finding.severity != "error")[:MOST_LISTED]]
    entries += notes_of(given, source.name, len(findings), sum(map(len, marks.values())), language)

    def write(path: Path) -> None:
        """Write the copy with its marks."""
        # Day numbers are copied as they are, so the copy counts from the same day 0.
        book = Workbook(str(path), {**WRITER_OPTIONS, "date_1904": given.counts_from_1904})
        styles = Styles(book, language)
        book.formats[0].set_font_name(styles.font)
        book.formats[0].set_font_size(10)
        write_errors_sheet(book, styles, entries, language)
        copier = Copier(book, styles, language)
        noted = _noted(marks)
        for sheet in given.sheets:
            copier.copy(sheet, marks[sheet.source], noted.get(sheet.source, []))
        book.close()

    return write_safely(target, write, lambda path: _check(path, target, given.sheets, language))


def _refuse_input(target: Path, source: Path) -> None:
    try:
        inputs = [source, *(path for path in source.iterdir() if path.suffix.casefold() == ".csv")]
    except OSError:  # not a folder
        inputs = [source]
    # samefile also knows links, and names that differ in case only where the system takes them as equal.
    is_input = any(path.exists() and target.samefile(path) for path in inputs) if target.exists() else False
    if is_input or target.resolve() == source.resolve():
        raise NotWritten(f"{target} is the input itself, which is never changed")


def _read(source: Path) -> Source:
    try:
        if source.is_dir():
            sheets, left_out = read_folder(source)
            return Source(sheets, left_out=left_out)
        with FormattedPackage(source) as package:
            return _read_sheets(package)
    except Exception:  # whatever a damaged or foreign file raises: what was found can still be listed
        return Source(is_open=False)


def _read_sheets(package: FormattedPackage) -> Source:
    given = Source(lost=Counter(package.lost), is_workbook=True, counts_from_1904=package.counts_from_1904)
    for title, part in package.sheets:
        try:
            sheet = package.source_sheet(title, part)
        except Exception:  # a damaged sheet beside the tables; a damaged table refuses the whole file
            if find_table(title) is not None:
                raise
            given.left_out.append(title)
            continue
        if is_own_list(sheet):
            del given.lost["comments"]  # they are the earlier copy's own
        else:
            given.sheets.append(sheet)
    return given


def _name_sheets(sheets: Sequence[SourceSheet], first: str) -> None:
    """Give every sheet a name that a workbook accepts; ``first`` is taken.

    An underscore tells equal names apart, because the names of tables are compared without it.
    """
    taken = {first.casefold()}
    for sheet in sheets:
        wanted = plain_text(sheet.name).translate(_NOT_IN_NAMES)
        # A name must not begin or end with an apostrophe.
        base = shortened(wanted, _LONGEST_NAME).strip("'") or "_"
        name = base
        for count in itertools.count(1):
            if name.casefold() not in taken:
                break
            name = shortened(base, _LONGEST_NAME - count) + "_" * count
        taken.add(name.casefold())
        sheet.name = name


def _noted(marks: dict[str, Marks]) -> dict[str, list[tuple[int, int]]]:
    """By sheet, the cells that get a note: all of them within reason, errors first."""
    places = [(source, place, found) for source, cells in marks.items() for place, found in cells.items()]
    places.sort(key=lambda entry: all(finding.severity != "error" for finding in entry[2]))
    noted: dict[str, list[tuple[int, int]]] = {}
    for source, place, _ in places[:MOST_NOTES]:
        noted.setdefault(source, []).append(place)
    return noted


def _check(path: Path, target: Path, sheets: Sequence[SourceSheet], language: str) -> None:
    """NotWritten unless the program itself reads in the copy what stands in the input."""
    try:
        with Package(path) as package:
            names = [label("sheet.errors", language), *(sheet.name for sheet in sheets)]
            if [title for title, _ in package.sheets] != names:
                raise NotWritten(f"{target}: its sheets are not those of the input")
            for sheet, (title, part) in zip(sheets, package.sheets[1:], strict=True):
                grid = package.grid(title, part)
                found = {(row, column): content for column, cells in grid.cells.items()
                         for row, content in cells.items()}
                if found != {(cell.row, cell.column): cell.content for cell in sheet.cells} or \
                        grid.merged != sheet.merged:
                    raise NotWritten(f"{target}: the sheet {title} does not read like the input")
    except NotWritten:
        raise
    except Exception as problem:  # whatever a damaged copy raises
        raise NotWritten(f"{target}: {problem}") from problem
