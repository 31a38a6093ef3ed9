"""Raw tables: what was written, cell by cell, before any of it is understood; every cell knows its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from model.findings import Finding


@dataclass(frozen=True)
class Bad:
    """A cell whose content cannot be used; ``rule`` names why, ``written`` is what the planner sees there."""

    rule: str
    written: str


@dataclass
class RawTable:
    """One table as written: columns of equal length, known ones by their schema name, the planner's own as extras.

    ``source`` is the sheet's real name or the file's name, ``headers`` what is written above the columns,
    ``row_numbers`` are the rows' numbers in it, the header
    standing in ``header_row``. ``places`` holds the address of cells whose content came from elsewhere (a scenario,
    the command line).
    """

    name: str
    source: str
    kind: Literal["sheet", "file"]
    columns: dict[str, list[object]] = field(default_factory=dict)
    extras: dict[str, list[object]] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    row_numbers: list[int] = field(default_factory=list)
    header_row: int = 1
    places: dict[tuple[int, str], str] = field(default_factory=dict)

    def address(self, position: int, column: str) -> str:
        """Where the cell of a row (counted from 0) and column stands: "Orders!F17" or "orders.csv F17"."""
        if (position, column) in self.places:
            return self.places[position, column]
        if not 0 <= position < len(self.row_numbers):
            return self.source
        if column not in self.letters:
            return f"{self.source} row {self.row_numbers[position]}"
        return self._join(f"{self.letters[column]}{self.row_numbers[position]}")

    def header_address(self, column: str = "") -> str:
        """Where the header of a column stands, or the whole header row."""
        return self._join(f"{self.letters[column]}{self.header_row}") if column in self.letters else self.source

    def _join(self, coordinate: str) -> str:
        return f"{self.source}!{coordinate}" if self.kind == "sheet" else f"{self.source} {coordinate}"

    def copy(self) -> RawTable:
        """An independent copy, to be changed by a scenario or the command line."""
        return RawTable(self.name, self.source, self.kind, {name: list(cells) for name, cells in self.columns.items()},
                        {name: list(cells) for name, cells in self.extras.items()}, dict(self.letters),
                        dict(self.headers), list(self.row_numbers), self.header_row, dict(self.places))


@dataclass
class RawBook:
    """All tables of one input, what was wrong in reading them, and the files or sheets that are no table."""

    source: str
    tables: dict[str, RawTable] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
