"""The input while it is being checked: typed as far as it could be, with everything found so far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from model.findings import Detail, Finding
from model.tables import RawBook, RawTable, Settings
from model.tables.names import find_setting
from model.tables.parse import shown
from model.tables.typed import empty_frame


@dataclass
class Draft:
    """Raw book, typed frames and findings; ``unusable`` holds the cells whose content could not be understood."""

    book: RawBook
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    unusable: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    setting_values: dict[str, object] = field(default_factory=dict)
    refused_settings: set[str] = field(default_factory=set)
    settings: Settings | None = None
    horizon: pd.DataFrame | None = None
    defaults_used: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def raw(self, table: str) -> RawTable | None:
        """The raw table, if it was given."""
        return self.book.tables.get(table)

    def has(self, table: str) -> bool:
        """Whether the table was given with at least one row."""
        raw = self.raw(table)
        return raw is not None and bool(raw.row_numbers)

    def frame(self, table: str) -> pd.DataFrame:
        """The typed frame, empty if the table was not given."""
        if table not in self.frames:
            self.frames[table] = empty_frame(table)
        return self.frames[table]

    def add(self, severity: Literal["error", "warning"], rule: str, table: str, position: int, column: str,
            value: object = None, **details: object) -> None:
        """A finding at the cell of a row (counted from 0) and column."""
        raw = self.raw(table)
        row = raw.row_numbers[position] if raw and 0 <= position < len(raw.row_numbers) else None
        if table == "settings" and column == "value":
            details["setting"] = find_setting(self.written(table, position, "key")) or ""
        self.findings.append(Finding(severity, rule, table, row, column, self.address(table, position, column),
                                     self.written(table, position, column) if value is None else shown(value),
                                     {key: _rounded(word) for key, word in details.items()}))

    def error(self, rule: str, table: str, position: int, column: str, **details: object) -> None:
        """An error at a cell."""
        self.add("error", rule, table, position, column, **details)

    def warn(self, rule: str, table: str, position: int, column: str, value: object = None, **details: object) -> None:
        """A warning at a cell; ``value`` is what counts there where the cell itself may be blank."""
        self.add("warning", rule, table, position, column, value, **details)

    def address(self, table: str, position: int, column: str) -> str:
        """Where a cell stands."""
        raw = self.raw(table)
        return raw.address(position, column) if raw else table

    def row_address(self, table: str, position: int) -> str:
        """Where the first given cell of a row stands."""
        raw = self.raw(table)
        return self.address(table, position, next(iter(raw.columns), "") if raw else "")

    def setting_position(self, key: str) -> int:
        """Row of a setting in the settings table, or -1 where it was not given."""
        raw = self.raw("settings")
        keys = raw.columns.get("key", []) if raw else []
        return next((row for row, written in enumerate(keys) if find_setting(shown(written)) == key), -1)

    def written(self, table: str, position: int, column: str) -> str:
        """What stands in a cell; nothing where the column was not given."""
        raw = self.raw(table)
        cells = raw.columns.get(column) if raw else None
        return shown(cells[position]) if cells and 0 <= position < len(cells) else ""

    def sound(self, table: str, columns: Iterable[str]) -> bool:
        """Whether the table's given columns hold no error so far, so that a check across tables can rely on them."""
        # A finding without a column concerns the whole table.
        wanted = {*columns, ""}
        return not any(found.severity == "error" and found.table == table and found.column in wanted
                       for found in self.findings)


def where(condition: pd.Series | np.ndarray) -> list[int]:
    """Positions of the rows for which the condition holds."""
    return [int(position) for position in np.flatnonzero(np.asarray(condition, dtype=bool))]


def rows_of(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows as named tuples, their position as ``Index``."""
    return iter(frame.itertuples())


def _rounded(word: object) -> Detail:
    if isinstance(word, tuple):
        return tuple(map(shown, word))
    # Of Python's own kind: numpy rounds by multiplying, and the largest numbers become infinite.
    return shown(round(float(word), 6)) if isinstance(word, float) else shown(word)
