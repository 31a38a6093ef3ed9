"""What is made elsewhere or at another time: units by line, item and bucket, for orders and for stock."""

from __future__ import annotations

import pandas as pd

KEY = ["line", "item", "bucket_start"]
SAME_UNITS = 1e-6  # a quantity that differs by less than this share of itself, or of one unit, is the same


def production_changes(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """One row per line, item and bucket in which the plans do not make the same, in this order.

    Columns line, item, bucket_start, quantity_before and quantity_after [unit of the item].
    """
    units = {side: frame.groupby(KEY)["quantity"].sum() for side, frame in (("before", before), ("after", after))}
    # A result without this sheet says nothing of what is made when.
    if any(sums.empty for sums in units.values()):
        return pd.DataFrame(columns=[*KEY, "quantity_before", "quantity_after"])
    both = pd.DataFrame(units).fillna(0.0).add_prefix("quantity_").sort_index()
    size = both.abs().max(axis=1).clip(lower=1.0)
    moved = (both["quantity_after"] - both["quantity_before"]).abs() > SAME_UNITS * size
    return both[moved].reset_index()
