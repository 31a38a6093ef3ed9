"""One pass over the XML of a sheet or of the shared strings, keeping only what holds something.

Expat is driven directly: a tree of elements costs several times as much for a sheet of a million cells. Document type
definitions, and with them entity bombs, are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import IO
from xml.parsers import expat

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CHUNK = 2**20
_YES = frozenset(("1", "true"))
_LETTERS = re.compile(r"[A-Za-z]+")


class ForbiddenXmlError(Exception):
    """The XML declares a document type, which no workbook does."""


class _TextParser:
    """Collects the characters inside wanted elements; end and character events are asked for only there.

    Phonetic guides (``rPh``), which repeat a text's pronunciation, are left out.
    """

    wanted: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self.start
        self._parser.StartDoctypeDeclHandler = _refuse_doctype
        self._collected: list[str] = []
        self._tags: dict[str, str] = {}
        self._is_phonetic = False

    def parse(self, stream: IO[bytes]) -> None:
        """Read the whole stream. expat.ExpatError if it is broken, ForbiddenXmlError if it declares a document type."""
        while chunk := stream.read(_CHUNK):
            self._parser.Parse(chunk, False)
        self._parser.Parse(b"", True)
        self.finish()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        # A handful of names, met millions of times.
        tag = self._tags.get(name)
        if tag is None:
            tag = self._tags[name] = name.rpartition(":")[2]
        self.opened(tag, attributes)
        if tag in self.wanted:
            self._collected = []
            self._parser.CharacterDataHandler = self._collected.append
            self._parser.EndElementHandler = self._end

    def _end(self, name: str) -> None:
        self._parser.EndElementHandler = None
        self._parser.CharacterDataHandler = None
        if not self._is_phonetic:
            self.text(self._tags[name], "".join(self._collected))

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        """An element opens, known by its name without namespace."""
        raise NotImplementedError

    def text(self, tag: str, text: str) -> None:
        """The characters of a wanted element."""
        raise NotImplementedError

    def finish(self) -> None:
        """The stream has ended."""


class StringsParser(_TextParser):
    """Collects the text of every shared string, runs joined."""

    wanted = frozenset("t")

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        """A string item starts, or a run in it."""
        if tag == "si":
            self.texts.append("")
            self._is_phonetic = False
        elif tag in ("rPh", "r"):
            self._is_phonetic = tag == "rPh"

    def text(self, tag: str, text: str) -> None:
        """The characters of a run."""
        self.texts[-1] += unescaped(text)


class SheetParser(_TextParser):
    """Calls ``keep(row, column, attributes, parts)`` for every cell with parts (v, f, t); collects merged ranges and
    the rows that are hidden, by hand or by a filter."""

    wanted = frozenset(("v", "f", "t"))

    def __init__(self, keep: Callable[[int, int, dict[str, str], dict[str, str]], None]) -> None:
        super().__init__()
        self.merged: list[str] = []
        self.hidden: set[int] = set()
        self._keep = keep
        self._row = 0
        self._place: int | str = 0
        self._cell: dict[str, str] = {}
        self._parts: dict[str, str] = {}
        self._columns: dict[str, int] = {}

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        """A cell or row starts: what came before it is complete."""
        if tag == "c":
            if self._parts:
                self._keep(self._row, self._column(), self._cell, self._parts)
                self._parts = {}
            # Made a number only where the cell holds something; without a reference cells follow one another.
            self._place = attributes.get("r") or self._column() + 1
            self._cell = attributes
            self._is_phonetic = False
        elif tag == "row":
            self.finish()
            self._row = int(float(attributes.get("r") or self._row + 1))
            self._place = 0
            if attributes.get("hidden") in _YES:
                self.hidden.add(self._row)
        elif tag in ("rPh", "r"):
            self._is_phonetic = tag == "rPh"
        elif tag == "mergeCell":
            self.merged.append(attributes.get("ref", ""))

    def text(self, tag: str, text: str) -> None:
        """A part of the cell: its stored value, its formula or a run of its inline text."""
        self._parts[tag] = self._parts[tag] + text if tag in self._parts else text

    def finish(self) -> None:
        """The last cell of a row is complete."""
        if self._parts:
            self._keep(self._row, self._column(), self._cell, self._parts)
            self._parts = {}

    def _column(self) -> int:
        """The cell's column number, from its reference ("AB12") or counted where it has none."""
        place = self._place
        if isinstance(place, int):
            return place
        found = _LETTERS.match(place)
        letters = found[0] if found else ""
        if letters not in self._columns:
            number = 0
            for letter in letters.upper():
                number = number * 26 + ord(letter) - 64
            self._columns[letters] = number
        return self._columns[letters]


def refuse_document_types(data: bytes) -> None:
    """ForbiddenXmlError where a part declares a document type; ExpatError where it is no XML."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.Parse(data, True)


def _refuse_doctype(*_: object) -> None:
    raise ForbiddenXmlError("document type declaration")


def unescaped(text: str) -> str:
    """Text with the escapes of control characters (_x000D_) resolved, as a spreadsheet shows it."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
