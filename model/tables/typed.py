"""Typed tables: every cell a value of its column, defaults filled; what the rest of the program works on."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pandas as pd

from model.schema import TABLES, Column
from model.tables.raw import RawBook


@dataclass(frozen=True)
class Settings:
    """What is planned; every value as the schema describes it."""

    plan_name: str
    start_date: pd.Timestamp
    bucket: str
    bucket_count: int
    currency: str
    quantity_unit: str
    frozen_until: pd.Timestamp | None
    change_cost: float
    tender_threshold: float
    gap: float
    time_limit: float


@dataclass(frozen=True)
class Tables:
    """Checked input: one frame per table of the schema except ``settings``, its columns in the schema's order.

    Text is str or None, numbers float64, dates datetime64[ns], yes/no bool; defaults are filled and counted in
    ``defaults_used`` by "table.column". ``extras`` are the planner's own columns, row for row. ``present`` names the
    tables that were given with at least one row.
    """

    frames: Mapping[str, pd.DataFrame]
    settings: Settings
    extras: Mapping[str, pd.DataFrame]
    defaults_used: Mapping[str, int]
    input_hash: str
    present: frozenset[str]
    book: RawBook = field(repr=False, compare=False)

    def cell(self, table: str, row_position: int, column: str) -> str:
        """Address of a cell, such as "Orders!F17" or "orders.csv F17"; the table's name where it was not given."""
        raw = self.book.tables.get(table)
        return raw.address(row_position, column) if raw else table


def series(column: Column, values: Sequence[object]) -> pd.Series:
    """Values of one column in the type in which frames hold it; yes/no stays object while a value is missing."""
    if column.kind == "number":
        return pd.Series(np.array([np.nan if value is None else value for value in values], dtype="float64"))
    if column.kind == "date":
        days = np.array(["NaT" if value is None else value for value in values], dtype="datetime64[D]")
        return pd.Series(days.astype("datetime64[ns]"))
    if column.kind == "yes_no" and all(value is not None for value in values):
        return pd.Series(list(values), dtype=bool)
    return pd.Series(list(values), dtype=object)


def empty_frame(table: str) -> pd.DataFrame:
    """The frame of a table that was not given, with every column in its type."""
    return _empty(table).copy()


@cache
def _empty(table: str) -> pd.DataFrame:
    return pd.DataFrame({column.name: series(column, []) for column in TABLES[table].columns})


def content_hash(frames: Mapping[str, pd.DataFrame], settings: Settings) -> str:
    """sha256 over the typed content; the order of tables, rows and columns as written does not matter."""
    digest = hashlib.sha256()
    words = {name: value.isoformat() if isinstance(value, pd.Timestamp) else value
             for name, value in sorted(vars(settings).items())}
    digest.update(json.dumps(words, ensure_ascii=False).encode())
    for name in sorted(frames):
        frame = frames[name]
        if frame.empty:
            continue
        digest.update(name.encode())
        rows = frame.iloc[_row_order(frame)]
        for column in TABLES[name].columns:
            digest.update(b"\x00" + column.name.encode() + b"\x00")
            digest.update(_bytes(column, rows[column.name]))
    return digest.hexdigest()


def _row_order(frame: pd.DataFrame) -> np.ndarray:
    """Positions of the rows sorted by everything in them, blanks first."""
    keys = []
    # lexsort takes its last key first.
    for name in reversed(frame.columns):
        cells = frame[name]
        if cells.dtype == object:
            # The sign before every text lets a blank sort before all of them.
            keys.append(np.unique(np.array(["" if cell is None else "=" + cell for cell in cells]),
                                  return_inverse=True)[1])
        else:
            keys.append(cells.to_numpy())
    return np.lexsort(keys)


def _bytes(column: Column, cells: pd.Series) -> bytes:
    # One byte order and width, so that every machine gets the same hash.
    if column.kind == "number":
        return cells.to_numpy(dtype="<f8").tobytes()
    if column.kind == "date":
        return cells.to_numpy().astype("datetime64[D]").astype("<i8").tobytes()
    if column.kind == "yes_no":
        return cells.to_numpy(dtype=bool).tobytes()
    return json.dumps(cells.tolist(), ensure_ascii=False).encode()


def to_records(tables: Tables) -> dict[str, list[dict[str, object]]]:
    """The tables as records that ``from_records`` takes, blanks as None; for variants of a case in memory."""
    records: dict[str, list[dict[str, object]]] = {
        name: [{str(column): _native(cell) for column, cell in row.items()} for row in frame.to_dict("records")]
        for name, frame in tables.frames.items() if name in tables.present}
    records["settings"] = [{"key": key, "value": _native(value)} for key, value in vars(tables.settings).items()]
    return records


def _native(cell: object) -> object:
    if isinstance(cell, pd.Timestamp):
        return cell.date()
    if cell is pd.NaT or (isinstance(cell, float) and np.isnan(cell)):
        return None
    return cell if not isinstance(cell, dt.datetime) else cell.date()
