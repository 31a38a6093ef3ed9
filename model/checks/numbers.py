"""Figures that differ so much in size that one of them is probably in another unit."""

from __future__ import annotations

import numpy as np

from model.checks.draft import Draft
from model.tables.filling import blank

_ORDERS_OF_MAGNITUDE = 1e6
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
