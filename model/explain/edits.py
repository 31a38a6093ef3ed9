"""Changes to the tables in memory: cells by the scenarios' own vocabulary, and whole rows put behind the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from model.checks import Checked, check
from model.scenarios import apply_scenario, check_scenarios
from model.tables import RawBook, RawTable, Tables

NAME = "what-if"


@dataclass(frozen=True)
class Edit:
    """One row of the scenarios table: ``row`` holds the first key values, or all; none for every row of the table.

    Without ``column`` whole rows are removed.
    """

    table: str
    row: tuple[str, ...]
    column: str | None
    operation: str
    value: object = None


@dataclass(frozen=True)
class Added:
    """A row put behind a table's own."""

    table: str
    record: Mapping[str, object]


def edited(tables: Tables, changes: Sequence[Edit | Added], place: str) -> Checked:
    """The tables after the changes, checked as any input; ``place`` stands as the address of what was changed.

    The book's own scenarios are left out: they may speak of rows that are gone.
    """
    book = tables.book
    edits = [change for change in changes if isinstance(change, Edit)]
    if edits:
        # One vocabulary for cells: an edit is a row of the scenarios table, checked and applied as such.
        asked = RawBook(book.source, {**book.tables, "scenarios": _scenario(edits, place)}, [], [])
        refused = check_scenarios(asked)
        if refused:
            return Checked(None, refused)
        book, _ = apply_scenario(asked, NAME)
    kept = {name: table for name, table in book.tables.items() if name != "scenarios"}
    for change in changes:
        if isinstance(change, Added):
            kept[change.table] = with_row(kept.get(change.table), change, place)
    return check(RawBook(tables.book.source, kept, [], []))


def with_row(table: RawTable | None, added: Added, place: str) -> RawTable:
    """A copy of the table with one row more, its cells addressed as ``place``."""
    table = RawTable(added.table, added.table, "sheet") if table is None else table.copy()
    position = len(table.row_numbers)
    for column in added.record:
        table.columns.setdefault(column, [None] * position)
        table.headers.setdefault(column, column)
    for column, cells in table.columns.items():
        cells.append(added.record.get(column))
        table.places[position, column] = place
    # Columns that are no table's own are handed back beside their row: they need a cell for it, too.
    for cells in table.extras.values():
        cells.append(None)
    table.row_numbers.append((table.row_numbers[-1] if table.row_numbers else table.header_row) + 1)
    return table


def _scenario(edits: Sequence[Edit], place: str) -> RawTable:
    count = len(edits)
    columns: dict[str, list[object]] = {
        "scenario": [NAME] * count, "table": [edit.table for edit in edits],
        # A blank cell is None, as the loaders read it.
        "row": [edit.row or None for edit in edits], "column": [edit.column for edit in edits],
        "operation": [edit.operation for edit in edits], "value": [edit.value for edit in edits]}
    places = {(position, column): place for position in range(count) for column in columns}
    return RawTable("scenarios", place, "sheet", columns, row_numbers=list(range(2, count + 2)), places=places)
