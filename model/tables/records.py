"""Tables in memory: lists of records in place of sheets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from model.findings import Finding
from model.tables.grid import Grid, raw_table
from model.tables.names import find_table
from model.tables.raw import RawBook

Record = Mapping[str, object]


def from_records(records: Mapping[str, Sequence[Record] | Record]) -> RawBook:
    """A raw book from lists of records by table name; ``settings`` may be a plain {key: value} mapping.

    Cells are native values (str, int, float, bool, date, None); columns may be missing. A cell's address is that of
    a sheet named like the table, its header in row 1.
    """
    book = RawBook("records")
    for written, rows in records.items():
        name = find_table(written)
        if name is None:
            book.ignored.append(written)
            book.findings.append(Finding("warning", "not_a_table", cell=written, value=written))
            continue
        if isinstance(rows, Mapping):
            rows = [{"key": key, "value": value} for key, value in rows.items()]
        table, findings = raw_table(name, _grid(name, rows))
        book.tables[name] = table
        book.findings.extend(findings)
    return book


def _grid(name: str, rows: Sequence[Record]) -> Grid:
    headers = list(dict.fromkeys(header for row in rows for header in row))
    grid = Grid(name, "sheet")
    for number, header in enumerate(headers, start=1):
        cells: dict[int, object] = {1: header}
        for position, row in enumerate(rows, start=2):
            content = _native(row.get(header))
            if content is not None:
                cells[position] = content
        grid.cells[number] = cells
    return grid


def _native(content: object) -> object:
    """A plain Python value: numpy scalars unwrapped, blank text and not-a-time as nothing."""
    if content is None or (isinstance(content, str) and not content.strip()):
        return None
    # NaT passes for a date and is unlike itself.
    if isinstance(content, dt.date) and content != content:
        return None
    item = getattr(content, "item", None)
    return item() if callable(item) else content
