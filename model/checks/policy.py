"""Policy and earlier decisions: pins that contradict an order or each other, rules that match nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.buckets import bucket_of
from model.checks.draft import Draft, rows_of, where
from model.checks.selling import rated_for
from model.checks.sources import eligible_substitutes, planned_orders, substitutes_of

# Bucket of a pin that speaks of all buckets together.
_ALL = -1
_MOST_NAMED = 5


def check_allocations(draft: Draft) -> None:
    """A rule's product family and region exist and go with its item and market, and something leaves in its period."""
    rules = draft.frame("allocations")
    for table, key, column in (("items", "item", "family"), ("markets", "market", "region")):
        group_of = dict(zip(draft.frame(table)[key], draft.frame(table)[column], strict=True))
        groups = set(group_of.values())
        for position, (named, group) in enumerate(zip(rules[key], rules[column], strict=True)):
            if group is not None and group not in groups:
                draft.warn("nothing_in_scope", "allocations", position, column)
            elif named is not None and group is not None and group_of.get(named, group) != group:
                draft.warn("scope_contradicts", "allocations", position, column, named=named, actual=group_of[named])
    _check_periods(draft, rules)


def _check_periods(draft: Draft, rules: pd.DataFrame) -> None:
    """A period that lies in the horizon holds the last day of a bucket, on which goods leave."""
    if draft.horizon is None:
        return
    starts, ends = draft.horizon["start"].to_numpy(), draft.horizon["end"].to_numpy()
    first = rules["from_date"].fillna(pd.Timestamp(starts[0])).to_numpy()
    last = rules["to_date"].fillna(pd.Timestamp(ends[-1])).to_numpy()
    next_end = ends[np.minimum(np.searchsorted(ends, first), len(ends) - 1)]
    for position in where((first <= ends[-1]) & (last >= starts[0]) & (first <= last) & (last < next_end)):
        draft.warn("no_departure_in_period", "allocations", position, "to_date", end=pd.Timestamp(next_end[position]))


def check_pins(draft: Draft) -> None:
    """A pin concerns an order in the plan, stays within its quantity, and agrees with the order's other pins."""
    pins, orders = draft.frame("pins"), draft.frame("orders").drop_duplicates("order")
    if pins.empty or not draft.sound("orders", ("order", "quantity")):
        return
    positions = {order: position for position, order in zip(orders.index, orders["order"], strict=True)}
    planned = planned_orders(draft)
    quantities = draft.frame("orders")["quantity"]
    for position, (order, quantity) in enumerate(zip(pins["order"], pins["quantity"], strict=True)):
        if order not in positions:
            continue
        if not planned.iloc[positions[order]]:
            draft.error("pin_of_left_out", "pins", position, "order")
        elif quantity > quantities.iloc[positions[order]]:
            draft.error("pin_above_order", "pins", position, "quantity", quantity=quantities.iloc[positions[order]])
    _check_pinned_lines(draft, pins, positions)
    _check_agreement(draft, pins, {order: float(quantities.iloc[place]) for order, place in positions.items()})


def _check_pinned_lines(draft: Draft, pins: pd.DataFrame, positions: dict[str, int]) -> None:
    """A line on which something has to be made for an order makes its item, or one that may replace it, and the
    customer has approved that line."""
    orders, routings = draft.frame("orders"), draft.frame("routings")
    makes = set(zip(routings["line"], routings["item"], strict=True))
    approvals = draft.frame("approvals")
    approved = set(zip(approvals["customer"], approvals["item"], approvals["line"], strict=True))
    ruled = {(customer, item) for customer, item, _ in approved}
    eligible = eligible_substitutes(draft)
    for position, (order, line, quantity, sense) in enumerate(
            zip(pins["order"], pins["line"], pins["quantity"], pins["sense"], strict=True)):
        if line is None or order not in positions or not quantity > 0 or sense == "max" or not draft.has("routings"):
            continue
        place = positions[order]
        customer, items = orders["customer"].iloc[place], [orders["item"].iloc[place]]
        if orders["substitution"].iloc[place]:
            items += rated_for(draft, place, substitutes_of(eligible, orders, place))
        made = [item for item in items if (line, item) in makes]
        if not made:
            draft.warn("pin_without_routing", "pins", position, "line", item=items[0])
        elif not any((customer, item) not in ruled or (customer, item, line) in approved for item in made):
            draft.warn("pin_not_approved", "pins", position, "line", item=made[0], customer=customer)


def _check_agreement(draft: Draft, pins: pd.DataFrame, quantities: dict[str, float]) -> None:
    """Pins of one order can be kept together: same place, same figure; and the parts fit the whole.

    A place is a line and a bucket, either of them blank for all; the least of a place is at most its most.
    """
    if draft.horizon is None:
        return
    days = pins["bucket_start"].fillna(draft.horizon["start"].iloc[0])
    bucket = np.where(pins["bucket_start"].isna(), _ALL, bucket_of(draft.horizon, days))
    rows = pins.assign(bucket=bucket)[(bucket < len(draft.horizon)) & ((bucket >= 0) | pins["bucket_start"].isna())]
    for order, group in rows[rows["order"].isin(list(quantities)) & rows["quantity"].notna()].groupby("order"):
        least: dict[tuple[str | None, int], tuple[float, int]] = {}
        most: dict[tuple[str | None, int], tuple[float, int]] = {}
        for row in rows_of(group):
            place, entry = (row.line, int(row.bucket)), (float(row.quantity), int(row.Index))
            if row.sense != "max":
                least[place] = max(least.get(place, entry), entry)
            if row.sense != "min":
                most[place] = min(most.get(place, entry), entry)
        _compare(draft, least, most)
        parts = _disjoint(least, (None, _ALL))
        total = sum(quantity for quantity, _ in parts)
        if len(parts) > 1 and total > quantities[str(order)] * (1 + 1e-9):
            draft.error("pins_exceed_order", "pins", parts[-1][1], "quantity", total=total,
                        quantity=quantities[str(order)])


def _compare(draft: Draft, least: dict[tuple[str | None, int], tuple[float, int]],
             most: dict[tuple[str | None, int], tuple[float, int]]) -> None:
    for place, (limit, at) in most.items():
        parts = _disjoint(least, place)
        total = sum(quantity for quantity, _ in parts)
        if total > limit * (1 + 1e-9):
            position = max(index for _, index in parts) if all(index != at for _, index in parts) else at
            other = at if position != at else parts[0][1]
            draft.error("pins_contradict", "pins", position, "quantity", total=total, limit=limit,
                        other=draft.row_address("pins", other))


def _disjoint(least: dict[tuple[str | None, int], tuple[float, int]],
              whole: tuple[str | None, int]) -> list[tuple[float, int]]:
    """Lower bounds of places inside ``whole`` that share no unit: the place itself, or its parts, if these are more."""
    inside = {place: entry for place, entry in least.items()
              if whole[0] in (None, place[0]) and whole[1] in (_ALL, place[1])}
    exact = [inside[whole]] if whole in inside else []
    # Cells of one line and bucket never overlap; lines as a whole, or buckets as a whole, do not either.
    choices = [exact,
               [entry for place, entry in inside.items() if place[0] is not None and place[1] != _ALL],
               [entry for place, entry in inside.items() if place[0] is not None and place[1] == _ALL],
               [entry for place, entry in inside.items() if place[0] is None and place[1] != _ALL]]
    return max(choices, key=lambda parts: sum(quantity for quantity, _ in parts))


def check_published(draft: Draft) -> None:
    """What is published for an order names an order of the book."""
    known = set(draft.frame("orders")["order"])
    orders = draft.frame("published_plan")["order"]
    if draft.has("orders"):
        gone = where(orders.notna() & ~orders.isin(known))
        if len(gone) == 1:
            draft.warn("published_order_gone", "published_plan", gone[0], "order")
        elif gone:
            names = list(dict.fromkeys(orders.iloc[gone]))
            draft.warn("published_orders_gone", "published_plan", gone[0], "order", count=len(gone),
                       orders=(*names[:_MOST_NAMED], *(["…"] if len(names) > _MOST_NAMED else [])))
