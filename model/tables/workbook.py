"""A workbook as a raw book."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from defusedxml.common import DefusedXmlException

from model.findings import Finding
from model.tables.grid import raw_table
from model.tables.names import find_table, is_own_sheet
from model.tables.raw import RawBook
from model.tables.sheet_parser import ForbiddenXmlError
from model.tables.xlsx import Package, PackageError

WORKBOOKS = (".xlsx", ".xlsm")
# What zip archives and XML raise when they are damaged, forged or of a kind that no spreadsheet program writes.
_BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, ParseError, ExpatError, DefusedXmlException,
           ForbiddenXmlError, KeyError, ValueError, IndexError, EOFError, NotImplementedError, RuntimeError)
# How an OLE file begins: an old .xls, or an .xlsx behind a password.
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PIECE = 2**22
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read_workbook(path: Path) -> RawBook:
    """Every sheet of the workbook that is a table; other sheets are named in a warning and ignored."""
    return open_workbook(path, _read_sheets)


def open_workbook(path: Path, take: Callable[[RawBook, Package], None]) -> RawBook:
    """What ``take`` puts into an empty book from the open file; a file that cannot be read is a finding inside."""
    book = RawBook(str(path))
    try:
        with path.open("rb") as file:
            if file.read(8) == _COMPOUND_FILE:
                return _refuse(book, path, "password" if _is_encrypted(file) else "old_workbook")
        with Package(path) as package:
            take(book, package)
    except _BROKEN as problem:
        return _refuse(book, path, "broken_workbook", f"{type(problem).__name__}: {problem}")
    except PackageError as problem:
        return _refuse(book, path, problem.rule)
    except OSError as problem:
        return _refuse(book, path, "cannot_open", problem.strerror or str(problem))
    return book


def _is_encrypted(file: IO[bytes]) -> bool:
    """Whether the rest of a compound file names an encrypted package; read piece by piece, however large it is."""
    tail = b""
    while piece := file.read(_PIECE):
        if _ENCRYPTED in tail + piece:
            return True
        tail = piece[-len(_ENCRYPTED):]
    return False


def _refuse(book: RawBook, path: Path, rule: str, reason: str = "") -> RawBook:
    book.tables.clear()
    book.findings.append(Finding("error", rule, cell=path.name, value=path.name, details={"reason": reason}))
    return book


def _read_sheets(book: RawBook, package: Package) -> None:
    for title, part in package.sheets:
        name = find_table(title)
        if name is None:
            if not is_own_sheet(title):
                book.ignored.append(title)
                book.findings.append(Finding("warning", "not_a_table", cell=title, value=title))
        elif name in book.tables:
            book.findings.append(Finding("error", "table_twice", name, cell=title, value=title,
                                         details={"other": book.tables[name].source}))
        else:
            table, findings = raw_table(name, package.grid(title, part))
            book.tables[name] = table
            book.findings.extend(findings)
