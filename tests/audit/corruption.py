"""One wrong cell at a time: the kinds of mistakes an audit must see."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from model.plan import Plan
from model.plan_tables import PLAN_TABLES

KINDS = {(table, column.name): column.kind for table, columns in PLAN_TABLES.items() for column in columns}
FREE_TEXT = ("decisions", "reason")
UNITS_BEYOND_ROUNDING = 100


def cells(plan: Plan) -> list[tuple[str, str, int]]:
    """Every cell of a plan but for free text: table, column, row."""
    return [(table, column, row) for (table, column) in KINDS if (table, column) != FREE_TEXT
            for row in range(len(plan.frames[table]))]


def with_cell(plan: Plan, table: str, column: str, row: int, value: Any) -> Plan:
    """The plan with one cell overwritten."""
    frame = plan.frames[table].copy()
    values = frame[column].astype(object).tolist()
    values[row] = value
    dtype = frame[column].dtype
    frame[column] = pd.Series(values, index=frame.index, dtype=dtype)
    return replace(plan, frames={**plan.frames, table: frame})


def wrong_value(plan: Plan, table: str, column: str, row: int, random: np.random.Generator) -> Any:
    """Another value for the cell, wrong by more than rounding."""
    kind, old = KINDS[table, column], plan.frames[table][column].iloc[row]
    if kind == "text":
        return _wrong_text(plan, table, column, old, random)
    if kind == "date":
        return _wrong_date(plan, old, random)
    if np.isnan(old):
        return 1.0
    least = UNITS_BEYOND_ROUNDING * 10.0 ** -plan.decimals[kind]
    ways = [old * 1.01, old * 2.0, -old, 0.0, old + 1.0, old - least, old + 7 * least, np.nan]
    beyond = [value for value in ways if not abs(value - old) < max(least, 2e-5 * abs(old))]
    return beyond[random.integers(len(beyond))]


def _wrong_text(plan: Plan, table: str, column: str, old: Any, random: np.random.Generator) -> Any:
    related = {"name": "order", "setup_group": "item"}.get(column, column)
    words = {value for name, frame in plan.frames.items() for key in (column, related) if key in frame
             for value in frame[key]}
    words |= {None, "nobody", "yes", "no", "accepted", "declined", "partial", "missed", "left_out"}
    choices = sorted((word for word in words if not (word == old or (pd.isna(word) and pd.isna(old)))),
                     key=lambda word: word or "")
    return choices[random.integers(len(choices))]


def _wrong_date(plan: Plan, old: Any, random: np.random.Generator) -> Any:
    if pd.isna(old):
        return plan.frames["line_load"]["bucket_start"].iloc[0]
    days = [-371, -14, -7, -1, 1, 2, 7, 14, 400, None]
    chosen = days[random.integers(len(days))]
    return pd.NaT if chosen is None else old + pd.Timedelta(days=chosen)
