"""Figures of a size that suggests another unit: shares like percentages, and columns of very unlike figures."""

from __future__ import annotations

import numpy as np

from model.checks.draft import Draft, where
from model.schema import TABLES
from model.tables.filling import blank

_ORDERS_OF_MAGNITUDE = 1e6
_LARGE_SHARE = 2.0
# Shares with an upper end, such as yields, are held to that in each cell.
_SHARES = tuple((table.name, column.name) for table in TABLES.values() for column in table.columns
                if column.unit.startswith("share") and column.high is None)
_COLUMNS = {
    "routings": ("hours_per_unit", "unit_cost"), "routing_resources": ("hours_per_unit",),
    "orders": ("quantity", "unit_price"), "supply": ("unit_cost", "max_qty"), "lines": ("regular_hours",),
    "stock": ("opening_stock", "holding_cost"), "receipts": ("quantity",), "bill_of_materials": ("quantity_per",),
    "lanes": ("freight_cost",), "transfers": ("unit_cost",), "resources": ("hours",),
}


def check_magnitudes(draft: Draft) -> None:
    """The figures of one column span at most six orders of magnitude, zeros and defaults aside."""
    for table, columns in _COLUMNS.items():
        for column in columns:
            values = draft.frame(table)[column]
            positive = np.flatnonzero(~blank(values) & (values.to_numpy() > 0))
            if not len(positive):
                continue
            figures = values.to_numpy()[positive]
            low, high = int(positive[figures.argmin()]), int(positive[figures.argmax()])
            if values[high] > values[low] * _ORDERS_OF_MAGNITUDE:
                draft.warn("magnitudes", table, low, column, high=float(values[high]),
                           other=draft.address(table, high, column))


def check_shares(draft: Draft) -> None:
    """A share that may exceed 1 is not of the size of a percentage."""
    for table, column in _SHARES:
        values = draft.frame(table)[column].to_numpy(dtype="float64")
        for position in where(values >= _LARGE_SHARE):
            draft.warn("share_large", table, position, column, percent=100 * values[position],
                       share=values[position] / 100)
