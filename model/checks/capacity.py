"""Orders that are larger than anything the lines could make in time, by a simple upper bound."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.checks.draft import Draft
from model.checks.sources import eligible_substitutes, planned_orders, substitutes_of


def check_order_size(draft: Draft) -> None:
    """A planned order does not exceed what every eligible line together, stock and purchases could bring in time.

    bound = opening stock + receipts + purchases + sum over lines of hours to the latest date / hours per unit
    (for a single-line order: the best line, or stock and purchases).
    """
    if draft.horizon is None or not all(draft.sound(table, columns) for table, columns in _NEEDED.items()):
        return
    orders = draft.frame("orders")
    ends = draft.horizon["end"].to_numpy()
    latest = orders["latest_date"].fillna(pd.Timestamp(ends[-1]))
    counts = np.searchsorted(ends, (latest - _shortest_transit(draft)).to_numpy(), side="right")
    too_old = (latest < ends[0]).to_numpy()
    bounds = _Bounds(draft)
    eligible = eligible_substitutes(draft)
    planned = planned_orders(draft).to_numpy()
    columns = (orders[name] for name in ("item", "customer", "quantity", "single_line", "substitution"))
    for position, (item, customer, quantity, single_line, substitution) in enumerate(zip(*columns, strict=True)):
        count = int(counts[position])
        # What nobody can make, and what must be there before the first bucket ends, has findings of its own.
        if not planned[position] or too_old[position] or not bounds.knows(item):
            continue
        bound = bounds.of(item, customer, bool(single_line), count)
        if quantity <= bound:
            continue
        for other in substitutes_of(eligible, orders, position) if substitution else ():
            bound += bounds.of(other, customer, bool(single_line), count)
        # Sums of quotients: a hair above the bound is not above it.
        if quantity > bound * (1 + 1e-9):
            draft.warn("order_too_large", "orders", position, "quantity", bound=float(f"{bound:.6g}"),
                       latest=latest.iloc[position])


def _shortest_transit(draft: Draft) -> pd.Series:
    """Least time from any site to each order's market, where its dates are met by arrival."""
    lanes, orders = draft.frame("lanes"), draft.frame("orders")
    days = orders["market"].map(lanes.groupby("market")["transit_days"].min()).astype("float64").fillna(0.0)
    days = days.where(orders["due_basis"] == "arrival", 0.0)
    return pd.to_timedelta(days, unit="D")


_NEEDED = {"lines": ("line", "regular_hours", "overtime_hours"), "routings": ("line", "item", "hours_per_unit"),
           "stock": ("item", "opening_stock"), "supply": ("item", "max_qty"), "receipts": ("item", "quantity"),
           "calendar": ("availability",), "approvals": ("customer", "item", "line"),
           "lanes": ("market", "transit_days")}


class _Bounds:
    """Most units of an item that can be had by the end of the n-th bucket."""

    def __init__(self, draft: Draft) -> None:
        lines = draft.frame("lines").drop_duplicates("line")
        extra = draft.frame("calendar")["availability"]
        # Rows above 1 multiply where they overlap: their product bounds every day.
        boost = float(np.prod(extra[extra > 1].to_numpy()))
        hours = dict(zip(lines["line"], (lines["regular_hours"] + lines["overtime_hours"]) * boost, strict=True))
        self._rates: dict[str, dict[str, float]] = {}
        routings = draft.frame("routings")
        for line, item, each in zip(routings["line"], routings["item"], routings["hours_per_unit"], strict=True):
            offered = hours.get(line, 0.0)
            self._rates.setdefault(item, {})[line] = offered / each if each > 0 else np.inf
        self._approved: dict[tuple[str, str], set[str]] = {}
        approvals = draft.frame("approvals")
        for customer, item, line in zip(approvals["customer"], approvals["item"], approvals["line"], strict=True):
            self._approved.setdefault((customer, item), set()).add(line)
        self._bought = _sums(draft.frame("supply"), "max_qty", blank=np.inf)
        self._there = _sums(draft.frame("stock"), "opening_stock")
        for item, quantity in _sums(draft.frame("receipts"), "quantity").items():
            self._there[item] = self._there.get(item, 0.0) + quantity

    def knows(self, item: str | None) -> bool:
        """Whether the item comes from anywhere at all."""
        return item in self._rates or item in self._bought or item in self._there

    def of(self, item: str, customer: str | None, single_line: bool, count: int) -> float:
        """The bound in units of the item, after ``count`` buckets."""
        rates = self._rates.get(item, {})
        approved = self._approved.get((customer, item)) if customer is not None else None
        usable = [rate for line, rate in rates.items() if approved is None or line in approved]
        other = self._there.get(item, 0.0) + self._bought.get(item, 0.0) * count
        if count == 0:
            return 0.0
        if single_line:
            return max([other, *(rate * count for rate in usable)])
        return other + sum(usable) * count


def _sums(frame: pd.DataFrame, column: str, blank: float = 0.0) -> dict[str, float]:
    sums = frame[column].fillna(blank).groupby(frame["item"]).sum()
    return dict(zip(sums.index.tolist(), sums.tolist(), strict=True))
