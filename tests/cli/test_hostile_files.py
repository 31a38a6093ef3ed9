"""Proves, with a program of its own for each file: hostile files end in a clear message, in 10 s and 1 GiB at most.

Seconds are those of the processor, which do not depend on what else the machine does; a program that would take more
memory than the machine has is stopped by a limit of 3 GiB on its addresses.
"""

from __future__ import annotations

import os
import resource
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from tests.source import ROOT
from tests.tables.cases import good_case, write_xlsx

pytestmark = pytest.mark.slow
LAUGHS = "<!DOCTYPE lolz [<!ENTITY a0 'lol'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)) + "]>"
PART = 2**20


class Ended:
    """How a program ended: its exit code, what it said, the seconds and the memory [GiB] it took."""

    def __init__(self, folder: Path, *arguments: object) -> None:
        said = folder / "said.txt"
        with said.open("wb") as stream:
            child = os.posix_spawn(sys.executable, [sys.executable, "-c", _LIMITED, *map(str, arguments)],
                                   {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}, file_actions=[
                (os.POSIX_SPAWN_DUP2, stream.fileno(), 1), (os.POSIX_SPAWN_DUP2, stream.fileno(), 2)])
            _, status, used = os.wait4(child, 0)
        self.code = os.waitstatus_to_exitcode(status)
        self.said = said.read_text(encoding="utf-8", errors="replace")
        self.seconds, self.memory = used.ru_utime + used.ru_stime, used.ru_maxrss / 2**20


_LIMITED = f"""import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (3 * 2**30, 3 * 2**30))
resource.setrlimit(resource.RLIMIT_CPU, (90, {int(resource.getrlimit(resource.RLIMIT_CPU)[1])}))
from model.cli import main
sys.exit(main(sys.argv[1:]))
"""


def packed(path: Path, part: str, head: bytes, piece: bytes, pieces: int) -> Path:
    """The good case with the part whose name ends in ``part`` replaced by a head and many times the same piece."""
    with zipfile.ZipFile(write_xlsx(path.with_name("whole.xlsx"), good_case())) as old, \
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        names = old.namelist()
        assert any(name.endswith(part) for name in names)
        for name in names:
            if not name.endswith(part):
                new.writestr(name, old.read(name))
                continue
            with new.open(name, "w", force_zip64=True) as stream:
                stream.write(head)
                for _ in range(pieces):
                    stream.write(piece)
    return path


def laughing(path: Path, part: str) -> Path:
    """The good case with an entity that unfolds to ten billion letters in a part."""
    return packed(path, part, b"<?xml version='1.0'?>" + LAUGHS.encode() + b"<x>&a9;</x>", b"", 0)


def encrypted(path: Path) -> Path:
    """What Excel writes for a workbook with a password: a compound file that holds an encrypted package."""
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2**20) + "EncryptedPackage".encode("utf-16-le"))
    return path


def half(path: Path) -> Path:
    """The first half of a workbook."""
    whole = write_xlsx(path, good_case()).read_bytes()
    path.write_bytes(whole[:len(whole) // 2])
    return path


CELLS = b'<row><c t="inlineStr"><is><t>' + b"a" * 80 + b"</t></is></c></row>"
FILES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "zeros": (lambda path: packed(path, "sheet1.xml", b"", bytes(PART), 600), "unpacks to more"),
    "below the limit": (lambda path: packed(path, "sheet1.xml", b"<worksheet><sheetData>", CELLS * 10_000, 300),
                        "unpacks to more"),
    "styles": (lambda path: packed(path, "styles.xml", b"<styleSheet>", b"<a/>" * 250_000, 30), "unpacks to more"),
    "many styles": (lambda path: packed(path, "styles.xml", b"<styleSheet>", b"<a/>" * 250_000, 12), "damaged"),
    "laughs in a sheet": (lambda path: laughing(path, "sheet1.xml"), "damaged"),
    "laughs in the book": (lambda path: laughing(path, "workbook.xml"), "damaged"),
    "password": (encrypted, "protected by a password"),
    "half": (half, "damaged"),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("command", ["check", "marked", "from", "compare"])
def test_refused_in_time(name: str, command: str, tmp_path: Path) -> None:
    """A clear message with the file's name and exit 3, whichever command reads the file."""
    make, words = FILES[name]
    path, target = make(tmp_path / "hostile.xlsx"), tmp_path / "out.xlsx"
    commands = {"check": ("check", path), "marked": ("check", path, "--out", target),
                "from": ("template", target, "--from", path), "compare": ("compare", path, path)}
    ended = Ended(tmp_path, *commands[command])
    assert ended.code == 3, ended.said
    is_unread = command == "compare" and name == "laughs in a sheet"  # no result has that sheet, so it is not opened
    assert ("no result workbook" if is_unread else words) in ended.said and "hostile.xlsx" in ended.said
    assert "Traceback" not in ended.said
    assert ended.seconds < 10 and ended.memory < 1, (ended.seconds, ended.memory)


def test_a_million_formatted_blank_rows(tmp_path: Path) -> None:
    """Below its data a sheet is formatted to its last row: it is read, and marked, within 60 s and 1 GiB."""
    path = tmp_path / "blank.xlsx"
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        look = book.add_format({"bg_color": "#FFF2CC", "border": 1})
        for name, rows in good_case().items():
            sheet = book.add_worksheet(name)
            headers = list(dict.fromkeys(header for row in rows for header in row))
            for number, row in enumerate([dict(zip(headers, headers, strict=True)), *rows]):
                for column, header in enumerate(headers):
                    if row.get(header) is not None:
                        sheet.write(number, column, str(row[header]) if not isinstance(row[header], int | float)
                                    else row[header])
            for number in range(len(rows) + 1, 1_048_576) if name == "orders" else ():
                sheet.write_blank(number, 0, None, look)
                sheet.write_blank(number, 1, None, look)
    read = Ended(tmp_path, "check", path)
    assert read.code == 0, read.said
    assert read.seconds < 60 and read.memory < 1, (read.seconds, read.memory)
    marked = Ended(tmp_path, "check", path, "--out", tmp_path / "marked.xlsx")
    assert marked.code == 0, marked.said
    assert marked.seconds < 60 and marked.memory < 1, (marked.seconds, marked.memory)
