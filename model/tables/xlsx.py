"""The parts of a workbook file: its sheets, shared strings, date formats, and the cells that hold something.

openpyxl builds an object for every formatted cell and gives either formulas or values; this reader takes both from the
same pass, at a fraction of the time, and is not stopped by charts, comments and styles it has no use for. The tests
hold it to openpyxl's answer.
"""

from __future__ import annotations

import posixpath
import zipfile
from pathlib import Path
from types import TracebackType
from typing import IO
from xml.etree.ElementTree import Element, fromstring

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel, from_ISO8601

from model.tables.grid import Grid
from model.tables.raw import Bad
from model.tables.sheet_parser import SheetParser, StringsParser, refuse_document_types, unescaped

MOST_BYTES = 2**29
"""All parts together, unpacked."""
MOST_TREE_BYTES = 2**24
"""A part that becomes a tree of elements, which takes twenty times its size: styles, relations, the list of sheets."""
BOMB_BYTES, BOMB_RATIO = 2**26, 150
"""A part this large that shrinks more than this is no planner's: sheets of formatted blank rows shrink to a tenth."""
_READ = (".xml", ".rels")


class PackageError(Exception):
    """The file is a zip archive but not a workbook that can be read; ``rule`` names why."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def _tag(element: Element) -> str:
    """The element's name without its namespace: strict and transitional files differ only there."""
    return element.tag.rpartition("}")[2]


class Package:
    """An open workbook file: its sheets in order, and the grid of each."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path)
        try:
            # Not every program writes names alike: backslashes, a leading slash, another case.
            self._parts = {name.replace("\\", "/").lstrip("/").casefold(): name for name in self._zip.namelist()}
            # Only what is read counts: pictures may be large.
            read = [info for info in self._zip.infolist() if info.filename.casefold().endswith(_READ)]
            if sum(info.file_size for info in read) > MOST_BYTES or any(map(_is_bomb, read)):
                raise PackageError("workbook_too_large")
            self._open_workbook()
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> Package:
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._zip.close()

    def _open_workbook(self) -> None:
        main = next(iter(self._related("", "officeDocument").values()), "")
        if main.casefold() not in self._parts:
            raise PackageError("not_a_workbook")
        worksheets = self._related(main, "worksheet")
        self.sheets: list[tuple[str, str]] = []
        self._is_calculated = True
        self._epoch = WINDOWS_EPOCH
        for element in self._root(main).iter():
            tag = _tag(element)
            if tag == "sheet":
                part = worksheets.get(_relationship(element))
                if part is not None and part.casefold() in self._parts:
                    self.sheets.append((element.get("name", ""), part))
            elif tag == "workbookPr" and element.get("date1904") in ("1", "true"):
                self._epoch = MAC_EPOCH
            elif tag == "calcPr" and element.get("fullCalcOnLoad") in ("1", "true"):
                # The values stored are then not those of the formulas.
                self._is_calculated = False
        self._strings = self._shared_strings(main)
        self._dates, self._durations = self._date_styles(main)

    def _related(self, part: str, kind: str) -> dict[str, str]:
        """Parts of a kind that ``part`` refers to, by relationship id."""
        folder, name = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, str] = {}
        if relations.casefold() not in self._parts:
            return found
        for element in self._root(relations):
            if element.get("Type", "").endswith(f"/{kind}"):
                target = element.get("Target", "").replace("\\", "/")
                full = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                found[element.get("Id", "")] = posixpath.normpath(full)
        return found

    def _stream(self, part: str) -> IO[bytes]:
        return self._zip.open(self._parts[part.casefold()])

    def _root(self, part: str) -> Element:
        if self._zip.getinfo(self._parts[part.casefold()]).file_size > MOST_TREE_BYTES:
            raise PackageError("workbook_too_large")
        with self._stream(part) as stream:
            data = stream.read()
        refuse_document_types(data)  # defusedxml would build the tree without the fast parser, in ten times the time
        return fromstring(data)

    def _shared_strings(self, main: str) -> list[str]:
        texts: list[str] = []
        for part in self._related(main, "sharedStrings").values():
            if part.casefold() in self._parts:
                strings = StringsParser()
                with self._stream(part) as stream:
                    strings.parse(stream)
                texts.extend(strings.texts)
        return texts

    def _date_styles(self, main: str) -> tuple[set[str], set[str]]:
        """Style numbers under which a figure is a date, and among them those under which it is a length of time."""
        dates: set[str] = set()
        durations: set[str] = set()
        for part in self._related(main, "styles").values():
            root = self._root(part) if part.casefold() in self._parts else Element("none")
            formats = {element.get("numFmtId", ""): element.get("formatCode", "")
                       for element in root.iter() if _tag(element) == "numFmt"}
            styles = [style for group in root if _tag(group) == "cellXfs" for style in group]
            for number, style in enumerate(styles):
                identity = style.get("numFmtId", "0")
                code = formats.get(identity) or BUILTIN_FORMATS.get(int(identity), "General")
                if is_date_format(code):
                    dates.add(str(number))
                if is_timedelta_format(code):
                    durations.add(str(number))
        return dates, durations

    def grid(self, title: str, part: str) -> Grid:
        """Every cell of a sheet that holds something, its merged ranges and its hidden rows."""
        grid = Grid(title, "sheet")

        def keep(row: int, column: int, attributes: dict[str, str], parts: dict[str, str]) -> None:
            """Put what a cell holds into the grid."""
            content = self._content(attributes, parts)
            if content is not None:
                grid.cells.setdefault(column, {})[row] = content

        parser = SheetParser(keep)
        with self._stream(part) as stream:
            parser.parse(stream)
        grid.hidden = parser.hidden
        for reference in parser.merged:
            left, top, right, bottom = range_boundaries(reference)
            if left and top and right and bottom:
                grid.merged.append((top, left, bottom, right))
        return grid

    def _content(self, attributes: dict[str, str], parts: dict[str, str]) -> object:
        """What a cell holds: None for nothing, Bad where it holds no usable value."""
        kind, value = attributes.get("t", "n"), parts.get("v")
        if "f" in parts and (value is None or not self._is_calculated):
            return Bad("formula_without_value", f"={parts['f']}")
        if kind == "inlineStr":
            return _something(unescaped(parts.get("t", "")))
        if not value:
            return None
        if kind == "n":
            return self._figure(attributes.get("s", "0"), value)
        if kind == "s":
            return _something(self._strings[int(value)])
        if kind == "str":
            return _something(unescaped(value))
        if kind == "b":
            return value.strip() in ("1", "true")
        return Bad("error_cell", value) if kind == "e" else from_ISO8601(value)

    def _figure(self, style: str, written: str) -> object:
        try:
            # An int where it is whole, so that an identifier keeps its digits.
            number: int | float = int(written)
        except ValueError:
            number = float(written)
        if style not in self._dates and style not in self._durations:
            return number
        try:
            return from_excel(number, self._epoch, timedelta=style in self._durations)
        except (OverflowError, ValueError):
            return Bad("not_a_date", written)


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > BOMB_BYTES and part.file_size > BOMB_RATIO * part.compress_size


def _relationship(sheet: Element) -> str:
    """The relationship id of a sheet: the attribute ``id`` of the relationships' namespace, not ``sheetId``."""
    return next((value for name, value in sheet.items() if name.startswith("{") and name.endswith("}id")), "")


def _something(text: str) -> str | None:
    return None if not text or text.isspace() else text

