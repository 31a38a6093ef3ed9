"""Defaults of blank cells, counted."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.schema import SETTINGS, TABLES, Column

Frames = dict[str, pd.DataFrame]


def blank(cells: pd.Series) -> np.ndarray:
    """Which cells hold nothing."""
    return cells.isna().to_numpy()


def fill_defaults(frames: Frames, settings: dict[str, object]) -> dict[str, int]:
    """Fill every blank cell that has a default, in place; number of cells filled by "table.column".

    ``settings`` are the values given; what they leave open has the schema's default.
    """
    used: dict[str, int] = {}
    # In the schema's order: markets have their currency before orders look it up.
    for name, frame in frames.items():
        # Where there are no rows there is nothing to fill, and the columns have their types.
        for column in TABLES[name].columns if len(frame) else ():
            missing = blank(frame[column.name])
            if not missing.any():
                if column.kind == "yes_no":
                    frame[column.name] = frame[column.name].astype(bool)
                continue
            default = _default(column, name, frames, settings)
            if default is None:
                continue
            fillers = default if isinstance(default, pd.Series) else pd.Series([default] * len(frame), dtype=object)
            filled = missing & ~blank(fillers)
            used[f"{name}.{column.name}"] = int(filled.sum())
            frame[column.name] = _filled(column, frame[column.name], fillers, filled)
    return {key: count for key, count in used.items() if count}


def _filled(column: Column, cells: pd.Series, fillers: pd.Series, where: np.ndarray) -> pd.Series:
    values = np.where(where, fillers.to_numpy(), cells.to_numpy())
    kinds = {"number": "float64", "date": "datetime64[ns]", "yes_no": "bool"}
    return pd.Series(values.astype(kinds.get(column.kind, "object")), dtype=kinds.get(column.kind, "object"))


def _default(column: Column, name: str, frames: Frames, settings: dict[str, object]) -> object:
    """A single default, a series of defaults row by row, or None where the column has none."""
    if not column.default_from:
        return column.default
    source, _, field = column.default_from.rpartition(".")
    if not source:
        return frames[name][field]
    if source == "settings":
        return setting_or_default(field, settings)
    # The row referred to: markets.currency of the order's market, else the base currency.
    key = TABLES[source].key[0]
    referred = {row: value for row, value in zip(frames[source][key], frames[source][field], strict=True)
                if value is not None}
    base = setting_or_default(field, settings)
    own = next(own.name for own in TABLES[name].columns if source in own.refers)
    return pd.Series([referred.get(row, base) for row in frames[name][own]], dtype=object)


def setting_or_default(key: str, settings: dict[str, object]) -> object:
    """A setting's value, or its default where it was left open."""
    given = settings.get(key)
    return SETTINGS[key].default if given is None else given


def derive_sites(frames: Frames) -> None:
    """Without a table of sites every site named anywhere stands for itself; "main" if none is named."""
    named = {site for name, frame in frames.items() for column in TABLES[name].columns
             if "sites" in column.refers for site in frame[column.name] if site is not None}
    rows = sorted(named) or ["main"]
    frames["sites"] = pd.DataFrame({"site": pd.Series(rows, dtype=object),
                                    "name": pd.Series([None] * len(rows), dtype=object)})
