"""Cell by cell: tables and columns that are missing, values that cannot be understood or lie out of range."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.checks.draft import Draft, where
from model.findings import Finding
from model.schema import SETTINGS, TABLES, Column, Table
from model.tables import Bad, RawTable
from model.tables.names import find_setting
from model.tables.parse import parse_cell, parse_column, shown
from model.tables.typed import series


def check_tables_given(draft: Draft) -> None:
    """Every required table and column is there."""
    for table in TABLES.values():
        raw = draft.raw(table.name)
        if raw is None:
            if table.required:
                draft.findings.append(Finding("error", "missing_table", table.name, details={"zh": table.label_zh}))
            continue
        if not raw.row_numbers:
            if table.required:
                draft.findings.append(Finding("warning", "empty_table", table.name, cell=raw.source))
            continue
        for column in table.columns:
            if column.required and column.name not in raw.columns:
                draft.findings.append(Finding("error", "missing_column", table.name, raw.header_row, column.name,
                                              raw.source, details={"zh": column.label_zh}))


def type_tables(draft: Draft) -> None:
    """Turn every raw table into a typed one, blanks left blank; what cannot be understood becomes a finding."""
    for name, raw in draft.book.tables.items():
        if name != "settings":
            draft.frames[name] = _typed(draft, TABLES[name], raw)
    for name in TABLES:
        if name != "settings":
            draft.frame(name)
    # In the schema's order, on which fill_defaults relies.
    draft.frames = {name: draft.frames[name] for name in TABLES if name != "settings"}


def _typed(draft: Draft, table: Table, raw: RawTable) -> pd.DataFrame:
    columns = {}
    for column in table.columns:
        content = raw.columns.get(column.name)
        if content is None:
            columns[column.name] = series(column, [None] * len(raw.row_numbers))
            continue
        values, bad = parse_column(column, content)
        cells = series(column, values)
        columns[column.name] = cells
        draft.unusable[table.name, column.name] = set(bad)
        for position, reason in bad.items():
            _report(draft, table.name, position, column, reason)
        if column.required:
            for position in where(cells.isna()):
                if position not in bad:
                    draft.error("missing_value", table.name, position, column.name, zh=column.label_zh)
        if column.kind == "number":
            _check_range(draft, table.name, column, cells.to_numpy())
    return pd.DataFrame(columns)


def _report(draft: Draft, table: str, position: int, column: Column, reason: Bad) -> None:
    draft.error(reason.rule, table, position, column.name, value=reason.written, choices=column.choices,
                unit=column.unit)


def _check_range(draft: Draft, table: str, column: Column, values: np.ndarray) -> None:
    for rule, limit, wrong in _range_rules(column, values):
        for position in where(wrong):
            draft.error(rule, table, position, column.name, limit=limit, unit=column.unit)


def _range_rules(column: Column, values: np.ndarray) -> list[tuple[str, float, np.ndarray]]:
    rules: list[tuple[str, float, np.ndarray]] = []
    if column.low is not None:
        rules.append(("too_low", column.low, values < column.low))
    if column.above is not None:
        rules.append(("not_above", column.above, values <= column.above))
    if column.high is not None:
        rules.append(("too_high", column.high, values > column.high))
    if column.whole:
        rules.append(("not_whole", 0.0, ~np.isnan(values) & (values != np.floor(values))))
    return rules


def type_settings(draft: Draft) -> None:
    """Understand the settings one by one; unknown, repeated and missing ones are errors."""
    raw = draft.raw("settings")
    if raw is None:
        return
    seen: set[str] = set()
    keys = raw.columns.get("key", [])
    contents = raw.columns.get("value", [None] * len(keys))
    # Without a column of keys (an error of its own) there are values and nothing to pair them with.
    for position, (written, content) in enumerate(zip(keys, contents, strict=bool(keys))):
        key = find_setting(shown(written))
        if written is None:
            draft.error("missing_value", "settings", position, "key", zh=TABLES["settings"].by_name["key"].label_zh)
        elif key is None:
            draft.error("unknown_setting", "settings", position, "key", settings=tuple(SETTINGS))
        elif key in seen:
            draft.error("duplicate_key", "settings", position, "key", key=key,
                        other=draft.address("settings", draft.setting_position(key), "key"))
        else:
            seen.add(key)
            _type_setting(draft, position, SETTINGS[key], content)
    for key, column in SETTINGS.items():
        if column.required and key not in seen:
            draft.findings.append(Finding("error", "missing_setting", "settings", column="key", cell=raw.source,
                                          value=key, details={"meaning": column.meaning}))


def _type_setting(draft: Draft, position: int, column: Column, content: object) -> None:
    value = parse_cell(column, content)
    # Refused until understood: every early way out leaves it so.
    draft.refused_settings.add(column.name)
    if isinstance(value, Bad):
        draft.error(value.rule, "settings", position, "value", value=value.written,
                    choices=column.choices, unit=column.unit)
    elif value is None:
        if column.required:
            draft.error("missing_value", "settings", position, "value", zh=column.label_zh)
        else:
            draft.refused_settings.discard(column.name)
    else:
        if column.kind == "number":
            for rule, limit, wrong in _range_rules(column, np.array([value], dtype=float)):
                if wrong[0]:
                    draft.error(rule, "settings", position, "value", limit=limit, unit=column.unit)
                    return
        draft.setting_values[column.name] = value
        draft.refused_settings.discard(column.name)
