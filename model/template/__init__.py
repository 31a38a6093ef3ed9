"""The input workbook: documented and empty (or filled) for planners, or plain for shipping a case."""

from __future__ import annotations

from pathlib import Path

from xlsxwriter import Workbook

from model.checks import check
from model.report.files import write_safely
from model.report.styles import Styles
from model.schema import SETTINGS, TABLES
from model.tables import Tables, read
from model.tables.names import find_setting
from model.template.contents import Content, empty_content, example_content, given_content, schema_content
from model.template.guide import write_dictionary, write_read_me
from model.template.table_sheet import TableSheet

__all__ = ["write_template", "write_workbook"]

_PLAIN_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_template(path: str | Path, tables: Tables | None = None, language: str = "en",
                   example: bool = False) -> Path:
    """Write the documented input workbook, holding ``tables``, an ``example`` or nothing; returns where it stands.

    Sheets, headers and choices are in ``language``. OSError where it cannot be written.
    """
    def content(name: str) -> Content:
        """What the sheet of a table holds."""
        if tables is not None:
            return schema_content(tables, name)
        return example_content(name, language) if example else empty_content(name)

    # Built before the file is opened: what fails here leaves nothing behind.
    contents = {name: content(name) for name in TABLES}

    def write(target: Path) -> None:
        """Every sheet of the documented workbook."""
        with Workbook(str(target), _PLAIN_TEXT) as book:
            book.set_properties({"title": "Order book input"})
            styles = Styles(book, language)
            write_read_me(book, styles, language)
            write_dictionary(book, styles, language)
            rows = {name: content.rows for name, content in contents.items()}
            for name in TABLES:
                TableSheet(book, styles, language, contents[name], rows).write_documented()

    return write_safely(Path(path), write, lambda target: _check(target, tables))


def write_workbook(path: str | Path, tables: Tables) -> Path:
    """Write the tables as they were given, one plain sheet each, the planner's own columns included.

    What the workbook is read back as equals ``tables``, cells filled by defaults staying blank. OSError where it
    cannot be written.
    """
    def write(target: Path) -> None:
        """A plain sheet of each table that was given."""
        with Workbook(str(target), _PLAIN_TEXT) as book:
            styles = Styles(book, "en")
            for name in TABLES:
                if name in tables.book.tables:
                    TableSheet(book, styles, "en", given_content(tables, name)).write_plain()

    return write_safely(Path(path), write, lambda target: _check(target, tables))


def _check(target: Path, tables: Tables | None) -> None:
    """The file reads back as what was to be written. OSError if not."""
    book = read(target)
    if tables is None:
        complete = set(book.tables) == set(TABLES) and not book.findings and \
            [find_setting(str(key)) for key in book.tables["settings"].columns["key"]] == list(SETTINGS)
    else:
        again = check(book).tables
        complete = again is not None and again.input_hash == tables.input_hash
    if not complete:
        raise OSError("the workbook does not read back as it was written")

