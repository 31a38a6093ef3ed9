"""Scenarios: named changes to the tables, put into the raw tables before they are understood."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from model.findings import Detail, Finding
from model.schema import SETTINGS, TABLES, Column
from model.tables import Bad, RawBook, RawTable
from model.tables.names import find_column, find_setting, find_table
from model.tables.parse import Parsed, parse_cell, parse_column, shown

Operation = Literal["set", "add", "multiply", "remove"]
_NOT_CHANGED = frozenset({"scenarios", "provenance"})
_FACTOR = Column("value", "number", "", "")  # of any size: a figure may be added to or lowered


_Key = tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """One understood row of the scenarios table; ``column`` None means whole rows."""

    scenario: str
    table: str
    rows: tuple[int, ...]
    column: Column | None
    operation: Operation
    value: object
    cell: str


@dataclass
class _Reader:
    """Understands the rows of the scenarios table against the tables as they were given."""

    book: RawBook
    findings: list[Finding] = field(default_factory=list)
    _keys: dict[str, list[_Key]] = field(default_factory=dict)
    _shapes: dict[str, set[tuple[int, ...]]] = field(default_factory=dict)

    def changes(self) -> list[Change]:
        """Every row that can be understood; the others become findings."""
        raw = self.book.tables.get("scenarios")
        if raw is None or not raw.row_numbers:
            return []
        columns = {column.name: parse_column(column, raw.columns.get(column.name, [None] * len(raw.row_numbers)))
                   for column in TABLES["scenarios"].columns}
        understood = []
        for position in range(len(raw.row_numbers)):
            # A cell that is missing or unusable is reported with the table's other cells.
            if any(position in bad for _, bad in columns.values()):
                continue
            change = self._change(raw, position, {name: values[position] for name, (values, _) in columns.items()})
            if change is not None:
                understood.append(change)
        return understood

    def _refuse(self, raw: RawTable, position: int, column: str, rule: str, value: object, **details: Detail) -> None:
        self.findings.append(Finding("error", rule, "scenarios", raw.row_numbers[position], column,
                                     raw.address(position, column), shown(value), details))

    def _change(self, raw: RawTable, position: int, row: dict[str, object]) -> Change | None:
        if row["scenario"] is None or row["table"] is None:
            return None
        name = find_table(str(row["table"]))
        table = self.book.tables.get(name) if name and name not in _NOT_CHANGED else None
        if name is None or table is None:
            self._refuse(raw, position, "table", "scenario_table", row["table"])
            return None
        operation: Operation = row["operation"] or "set"  # type: ignore[assignment]
        column = self._column(raw, position, name, row, operation)
        if column is None and not (operation == "remove" and row["column"] is None):
            return None
        named = raw.columns["row"][position] if "row" in raw.columns else None
        readings = self._readings(table, named if isinstance(named, tuple) else shown(row["row"]))
        if len(readings) > 1:
            self._refuse(raw, position, "row", "scenario_row_ambiguous", row["row"], table_changed=name,
                         key_columns=tuple(column.name for column in identity(name)))
            return None
        rows = next(iter(readings.values()), ())
        setting = find_setting(shown(row["row"])) if name == "settings" else None
        # A setting left to its default has no row yet; it gets one. Blank, it would be every setting at once.
        if not (setting and (rows or operation != "remove") if name == "settings" else rows):
            self._refuse(raw, position, "row", "scenario_row", row["row"], table_changed=name,
                         key_columns=tuple(column.name for column in identity(name)))
            return None
        if setting and column is not None:
            if column.key:
                self._refuse(raw, position, "column", "scenario_setting_key", row["column"])
                return None
            column = SETTINGS[setting]
        content = raw.columns["value"][position] if "value" in raw.columns else None
        value = self._value(raw, position, column, operation, content)
        if isinstance(value, Bad):
            self._refuse(raw, position, "value", value.rule, value.written, choices=_choices(column),
                         unit=column.unit if column else "", zh="值")
            return None
        # ``set`` keeps the cell as written: the checks understand it as they do the table's other cells.
        return Change(str(row["scenario"]), name, rows, column, operation, content if operation == "set" else value,
                      raw.address(position, "value"))

    def _column(self, raw: RawTable, position: int, name: str, row: dict[str, object],
                operation: Operation) -> Column | None:
        written = row["column"] or ("value" if name == "settings" and operation != "remove" else None)
        if written is None:
            if operation != "remove":
                self._refuse(raw, position, "column", "scenario_needs_column", "", operation=operation)
            return None
        found = find_column(name, str(written))
        if found is None:
            self._refuse(raw, position, "column", "scenario_column", written, table_changed=name,
                         columns=tuple(TABLES[name].by_name))
            return None
        column = TABLES[name].by_name[found]
        kind = SETTINGS[key].kind if name == "settings" and (key := find_setting(shown(row["row"]))) else column.kind
        if (operation == "multiply" and kind != "number") or (operation == "add" and kind not in ("number", "date")):
            self._refuse(raw, position, "operation", "scenario_operation", operation, operation=operation,
                         changed=found, table_changed=name)
            return None
        return column

    @staticmethod
    def _value(raw: RawTable, position: int, column: Column | None, operation: Operation,
               content: object) -> Parsed:
        if operation == "remove" or column is None:
            return None
        if operation == "set":
            return parse_cell(column, content)
        value = parse_cell(_FACTOR, content)
        if value is None:
            return Bad("missing_value", "")
        # Part of a day moves no date, or by more than is written.
        if column.kind == "date" and isinstance(value, float) and not value.is_integer():
            return Bad("not_whole", shown(value))
        return value

    def _readings(self, table: RawTable, named: tuple[str, ...] | str) -> dict[_Key, tuple[int, ...]]:
        """Rows whose key begins with the given values, by what these are; every row where nothing is given.

        Values in one text are separated by ``;``, which the table's own names may hold, too: read as they are written
        there, the same text may name several keys. As a tuple, values are what they are.
        """
        if table.name not in self._keys:
            keys = self._keys[table.name] = _keys(table)
            # How many separators each value holds.
            self._shapes[table.name] = {tuple(part.count(";") for part in key) for key in keys}
        if not named:
            wanted: set[_Key] = {()}
        elif isinstance(named, tuple):
            wanted = {_key(table.name, named)}
        else:
            parts = [_joined(named.split(";"), shape) for shape in self._shapes[table.name]]
            wanted = {_key(table.name, each) for each in parts if each is not None}
        found = {values: tuple(position for position, key in enumerate(self._keys[table.name])
                               if key[:len(values)] == values) for values in wanted}
        return {values: rows for values, rows in found.items() if rows}


@cache
def identity(table: str) -> tuple[Column, ...]:
    """The columns that name a row: the key, or where there is none the columns before the first figure."""
    columns = TABLES[table].columns
    key = tuple(column for column in columns if column.key)
    if key:
        return key
    first = next((number for number, column in enumerate(columns) if column.kind == "number"), len(columns))
    return columns[:first]


def _keys(table: RawTable) -> list[_Key]:
    blank = [None] * len(table.row_numbers)
    rows = zip(*(table.columns.get(column.name, blank) for column in identity(table.name)), strict=True)
    return [_key(table.name, row) for row in rows]


def _key(table: str, contents: Sequence[object]) -> _Key:
    # Compared as understood: a date as text and as date are one key, and a blank one is its default.
    values = [parse_cell(column, content) for column, content in zip(identity(table), contents, strict=False)]
    key = [shown(column.default if value is None or isinstance(value, Bad) else value)
           for column, value in zip(identity(table), values, strict=False)]
    return tuple(find_setting(part) or part for part in key) if table == "settings" else tuple(key)


def _joined(pieces: Sequence[str], shape: Sequence[int]) -> list[str] | None:
    """Values of which the first ones hold as many separators as ``shape`` says; None where no whole ones come of it."""
    values: list[str] = []
    begin = 0
    for separators in shape:
        end = begin + separators + 1
        values.append(";".join(pieces[begin:end]))
        if end >= len(pieces):
            return values if end == len(pieces) else None
        begin = end
    return None


def _choices(column: Column | None) -> tuple[str, ...]:
    return column.choices if column else ()


def check_scenarios(book: RawBook) -> list[Finding]:
    """Rows of the scenarios table that name what is not there, or do with it what cannot be done."""
    reader = _Reader(book)
    reader.changes()
    return reader.findings


def apply_scenario(book: RawBook, scenario: str) -> tuple[RawBook, list[Finding]]:
    """The book after one scenario's rows, in their order; a scenario that does not exist is an error.

    ``set`` writes the value, ``add`` and ``multiply`` change figures (``add`` moves dates by days), ``remove`` empties
    a cell or, without a column, takes whole rows out. A blank figure counts as its default, and stays blank if it has
    none. Each changed cell's address becomes that of the scenario's value.
    """
    changes = _Reader(book).changes()
    names = _names(book)
    if scenario not in names:
        finding = Finding("error", "unknown_scenario", "scenarios", cell=f"--scenario {scenario}", value=scenario,
                          details={"scenarios": tuple(names) or "-"})
        return book, [finding]
    tables = dict(book.tables)
    removed: dict[str, set[int]] = {}
    for change in changes:
        if change.scenario != scenario:
            continue
        if tables[change.table] is book.tables[change.table]:
            tables[change.table] = book.tables[change.table].copy()
        if change.operation == "remove" and change.column is None:
            removed.setdefault(change.table, set()).update(change.rows)
        elif change.table == "settings" and change.column is not None:
            _change_setting(tables["settings"], change)
        else:
            _change_cells(tables[change.table], change)
    # Last of all: every change counts rows as they were given.
    for name, positions in removed.items():
        _drop_rows(tables[name], positions)
    return RawBook(book.source, tables, book.findings, book.ignored), []


def _names(book: RawBook) -> list[str]:
    """The scenarios there are, those of rows that cannot be understood, too: such a row has its own finding."""
    raw = book.tables.get("scenarios")
    values, _ = parse_column(TABLES["scenarios"].by_name["scenario"], raw.columns.get("scenario", []) if raw else [])
    return list(dict.fromkeys(str(value) for value in values if value is not None))


def _change_setting(table: RawTable, change: Change) -> None:
    assert change.column is not None
    keys = table.columns.setdefault("key", [])
    values = table.columns.setdefault("value", [None] * len(keys))
    position = next((row for row, key in enumerate(keys) if find_setting(shown(key)) == change.column.name), len(keys))
    if position == len(keys):
        keys.append(change.column.name)
        values.append(None)
        table.row_numbers.append(table.row_numbers[-1] + 1 if table.row_numbers else table.header_row + 1)
        for cells in table.extras.values():
            cells.append(None)
    values[position] = _changed(change, change.column, values[position], None)
    table.places[position, "value"] = change.cell


def _change_cells(table: RawTable, change: Change) -> None:
    column = change.column
    assert column is not None
    cells = table.columns.setdefault(column.name, [None] * len(table.row_numbers))
    # With a dot the default comes from a setting or another table, and no such column is a figure or date.
    twin = table.columns.get(column.default_from) if "." not in column.default_from else None
    for position in change.rows:
        cells[position] = _changed(change, column, cells[position], twin[position] if twin else None)
        table.places[position, column.name] = change.cell


def _changed(change: Change, column: Column, content: object, twin: object) -> object:
    """The content of a cell after the change; ``twin`` is the cell of the same row that its default comes from."""
    if change.operation == "set":
        return change.value
    if change.operation == "remove":
        return None
    value = parse_cell(column, content)
    if value is None:
        value = column.default if twin is None else parse_cell(column, twin)
    if value is None or isinstance(value, Bad):
        # Blank without a default, or not understood, which the checks tell.
        return content
    figure = float(change.value)  # type: ignore[arg-type]
    if isinstance(value, dt.date):
        return _moved(column, value, figure)
    return float(value) * figure if change.operation == "multiply" else float(value) + figure


def _moved(column: Column, day: dt.date, days: float) -> Parsed:
    try:
        return parse_cell(column, day + dt.timedelta(days=days))
    except OverflowError:
        # There is no such date to be shown, so that the sum stands for it.
        return Bad("date_out_of_range", f"{shown(day)} {'-' if days < 0 else '+'} {shown(abs(days))}")


def _drop_rows(table: RawTable, positions: set[int]) -> None:
    kept = [position for position in range(len(table.row_numbers)) if position not in positions]
    moved = {old: new for new, old in enumerate(kept)}
    for columns in (table.columns, table.extras):
        for name, cells in columns.items():
            columns[name] = [cells[position] for position in kept]
    table.row_numbers = [table.row_numbers[position] for position in kept]
    table.places = {(moved[row], column): place for (row, column), place in table.places.items() if row in moved}
