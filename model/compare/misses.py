"""Promises that one plan breaks and the other keeps."""

from __future__ import annotations

import pandas as pd

KEY = ["kind", "name", "bucket"]
SAME_SHARE = 1e-6  # a miss that differs by less than this share of itself is the same
MISS_CHANGES = ("appeared", "disappeared", "larger", "smaller", "same")


def miss_changes(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """One row per miss of either plan, those that appeared first.

    Columns change (MISS_CHANGES), kind, name, bucket, unit, missed_before and missed_after [unit], value_before and
    value_after [money]; 0 where the promise is kept.
    """
    # pandas joins blank keys, too: misses without a bucket meet each other.
    joined = before.merge(after, on=KEY, how="outer", suffixes=("_before", "_after"), indicator="found")
    joined["unit"] = joined["unit_after"].where(joined["unit_after"].notna(), joined["unit_before"])
    figures = [f"{name}_{side}" for name in ("missed", "value") for side in ("before", "after")]
    joined[figures] = joined[figures].fillna(0.0).astype(float)
    joined["change"] = [_change(*row) for row in zip(
        joined["found"].astype(str), joined["missed_before"], joined["missed_after"], strict=True)]
    rank = joined["change"].map(MISS_CHANGES.index)
    joined = joined.assign(rank=rank).sort_values(["rank", "value_after", "value_before"], kind="stable",
                                                  ascending=[True, False, False])
    return joined[["change", *KEY, "unit", *figures]].reset_index(drop=True)


def _change(found: str, before: float, after: float) -> str:
    if found != "both":
        return "disappeared" if found == "left_only" else "appeared"
    if abs(after - before) <= SAME_SHARE * max(abs(before), abs(after)):
        return "same"
    return "larger" if after > before else "smaller"
