"""How precisely a plan is written: decimals by kind of figure, chosen from the size of the orders and the money."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from model.plan_tables import PLAN_TABLES, SMALL_ORDER

# A double holds 15: five are left for what sums of many rows lose.
MONEY_DIGITS = 10


def decimals_for(typical_quantity: float, largest_money: float) -> dict[str, int]:
    """Decimals by kind: six for quantities, more where orders are tiny; ten digits of the largest amount of money."""
    tiny = max(0, -math.floor(math.log10(typical_quantity))) if typical_quantity < SMALL_ORDER else 0
    money = int(np.clip(MONEY_DIGITS - math.ceil(math.log10(max(largest_money, 1e-9))), 2, 12))
    return {"quantity": min(6 + tiny, 12), "hours": 6, "money": money, "price": 9, "share": 9, "days": 0, "count": 0}


def rounded(table: str, frame: pd.DataFrame, decimals: dict[str, int]) -> pd.DataFrame:
    """The frame with exactly the table's columns, numbers rounded as they will be written, text None where blank."""
    out = {}
    for column in PLAN_TABLES[table]:
        values = frame[column.name]
        if column.kind == "text":
            out[column.name] = pd.Series([None if is_blank else value for value, is_blank in
                                          zip(values, values.isna(), strict=True)], dtype=object)
        elif column.kind == "date":
            out[column.name] = pd.to_datetime(values).astype("datetime64[ns]").reset_index(drop=True)
        else:
            figures = values.astype(float).round(decimals[column.kind]).reset_index(drop=True)
            # + 0.0 turns -0.0 into 0.0, which is shown without a sign.
            out[column.name] = figures + 0.0
    return pd.DataFrame(out)
