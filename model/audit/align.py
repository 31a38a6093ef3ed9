"""Rows of a plan table held against the rows that should stand in it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from model.audit.tally import Tally


def align(tally: Tally, name: str, rows: pd.DataFrame, wanted: pd.DataFrame, keys: list[str],
          must: Any = True) -> pd.DataFrame:
    """Rows of the plan with the wanted columns beside them, by ``keys``.

    A row that nothing asks for, a row that stands twice and a wanted row that is absent are noted as broken; ``must``
    marks the wanted rows that have to stand there (all, unless said otherwise).
    """
    taken = [column for column in wanted.columns if column in keys or column not in rows.columns]
    # What the plan has under the same name stands beside it as <column>_expected.
    again = [column for column in wanted.columns if column not in taken]
    beside = wanted[taken].assign(**{f"{column}_expected": wanted[column] for column in again}, is_wanted=True)
    found = rows.merge(beside, on=keys, how="left")
    is_wanted = found["is_wanted"].notna()
    tally.holds(name, found, "row", is_wanted & ~found.duplicated(keys, keep=False))
    here = wanted[keys].merge(rows[keys].drop_duplicates().assign(is_here=True), on=keys, how="left")
    needed = wanted.assign(is_missing=here["is_here"].isna().to_numpy())
    tally.holds(name, needed, "missing row", ~(needed["is_missing"] & np.broadcast_to(must, (len(needed),))))
    # Flags that the left merge made objects, for the gaps that are now gone, become flags again.
    kept = found[is_wanted & ~found.duplicated(keys)].drop(columns="is_wanted")
    return kept.reset_index(drop=True).infer_objects()
