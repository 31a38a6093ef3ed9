"""What changed order by order: decision, quantity, promised date, making lines, sites, and the margin it moved."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from model.compare.money import difference
from model.compare.stored import StoredResult

CHANGES = ("only_before", "only_after", "terms", "decision", "delivered", "promise_date", "lines", "sites",
           "production", "shipments")
"""Kinds of change, in the order in which they are told. ``terms``: what was ordered, its price or its dates.

``promise_date``, ``lines`` and ``sites`` are changes of an order that both plans deliver; otherwise ``delivered`` says
it all. ``production`` and ``shipments`` are other weeks of making and other days of leaving, told where none of these
kinds already says so.
"""
SHARE_OF_ORDER = 1e-6  # a delivered quantity that differs by less than this share of the order is the same
TERMS = ("customer", "market", "item", "commitment", "quantity", "unit", "unit_price", "earliest_ship_date",
         "due_date", "latest_date")
MONEY = ("revenue", "late", "freight", "duty", "variable_cost", "margin")
MOVES = {"production": "made", "shipments": "shipped"}  # kinds of change, and the columns in which they are seen
FROM_STOCK = ""  # stands for the line where units come from opening stock, receipts and purchases


def order_changes(before: StoredResult, after: StoredResult) -> pd.DataFrame:
    """One row per order of either result, the one whose margin moved most first.

    Columns ``<name>_before`` and ``<name>_after`` for everything known of an order (blank where it is not in that
    result), ``changes`` (tuple of CHANGES), ``terms`` (tuple of the TERMS that differ), ``margin_difference`` and the
    same for the other money columns.
    """
    sides = {"before": _orders(before), "after": _orders(after)}
    names = list(dict.fromkeys([*sides["after"].index, *sides["before"].index]))
    joined = pd.concat([sides[side].reindex(names).add_suffix(f"_{side}") for side in sides], axis=1)
    rows = [_compared(str(name), dict(zip(joined.columns, values, strict=True)))
            for name, values in zip(names, joined.itertuples(index=False, name=None), strict=True)]
    columns = ["order", "changes", "terms", *joined.columns, *(f"{name}_difference" for name in MONEY)]
    frame = pd.DataFrame(rows, columns=columns)
    by_size = frame["margin_difference"].astype(float).abs().sort_values(ascending=False, kind="stable").index
    return frame.loc[by_size].reset_index(drop=True)


def _orders(result: StoredResult) -> pd.DataFrame:
    frame = result.plan.frames["decisions"].assign(promised_date=result.plan.promised).set_index("order")
    frame["unit"] = result.case("en").units_of(frame["item"])
    shipments = result.plan.frames["shipments"]
    shipments = shipments[shipments["quantity"] > 0]
    for column, name in (("line", "lines"), ("site", "sites")):
        found: dict[str, set[str]] = {}
        for order, source in zip(shipments["order"], shipments[column], strict=True):
            found.setdefault(order, set()).add(source or FROM_STOCK)
        frame[name] = [tuple(sorted(found.get(order, ()))) for order in frame.index]
    frame["made"] = _by_order(result.plan.frames["production"], ["line", "bucket_start"], frame.index)
    frame["shipped"] = _by_order(shipments, ["departure"], frame.index)
    frame["known"] = True
    # As objects: orders missing on one side must not turn whole columns into floats.
    return frame.astype(object)


def _by_order(frame: pd.DataFrame, key: list[str], orders: pd.Index) -> list[tuple[tuple[object, float], ...]]:
    """For each order its quantities by ``key``, as (key, quantity)."""
    found: dict[object, list[tuple[object, float]]] = {}
    for (order, *place), quantity in frame.groupby(["order", *key])["quantity"].sum().items():
        found.setdefault(order, []).append((tuple(place), float(quantity)))
    return [tuple(found.get(order, ())) for order in orders]


def _compared(order: str, cells: Mapping[str, object]) -> dict[str, object]:
    # is True: an order that one side lacks has NaN here, which counts as true.
    known = {side: cells[f"known_{side}"] is True for side in ("before", "after")}
    changes: Sequence[str] = ("only_after",) if not known["before"] else ("only_before",)
    if all(known.values()):
        changes = [change for change in CHANGES if change in _TESTS and _TESTS[change](cells)]
        if not {"delivered", "promise_date", "lines", "sites"} & {*changes}:
            changes += [change for change, name in MOVES.items() if _both_deliver(cells) and _moved(cells, name)]
    moved = {f"{name}_difference": difference(_figure(cells, f"{name}_before"), _figure(cells, f"{name}_after"))
             for name in MONEY}
    terms = tuple(name for name in TERMS if _differ(cells, name)) if "terms" in changes else ()
    return {"order": order, "changes": tuple(changes), "terms": terms, **cells, **moved}


def _figure(cells: Mapping[str, object], name: str) -> float:
    value = cells[name]
    return math.nan if value is None else float(value)  # type: ignore[arg-type]  # the column is one of figures


def _differ(cells: Mapping[str, object], name: str) -> bool:
    before, after = cells[f"{name}_before"], cells[f"{name}_after"]
    if _is_blank(before) or _is_blank(after):
        return _is_blank(before) != _is_blank(after)
    if isinstance(before, float) and isinstance(after, float):
        return not math.isclose(before, after, rel_tol=1e-9, abs_tol=0.0)
    return before != after


def _is_blank(value: object) -> bool:
    return value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value))


def _both_deliver(cells: Mapping[str, object]) -> bool:
    return _figure(cells, "delivered_before") > 0 and _figure(cells, "delivered_after") > 0


def _delivered_differs(cells: Mapping[str, object]) -> bool:
    if cells["unit_before"] != cells["unit_after"]:
        return False  # quantities in different units cannot be compared; that the unit changed is said
    before, after = _figure(cells, "delivered_before"), _figure(cells, "delivered_after")
    return abs(after - before) > SHARE_OF_ORDER * max(_figure(cells, "quantity_before"),
                                                      _figure(cells, "quantity_after"))


def _moved(cells: Mapping[str, object], name: str) -> bool:
    before, after = dict(cells[f"{name}_before"]), dict(cells[f"{name}_after"])  # type: ignore[call-overload]  # pairs
    # A result without these dates says nothing of them.
    if not before or not after or cells["unit_before"] != cells["unit_after"]:
        return False
    most = SHARE_OF_ORDER * max(_figure(cells, "quantity_before"), _figure(cells, "quantity_after"))
    return any(abs(after.get(key, 0.0) - before.get(key, 0.0)) > most for key in {*before, *after})


_TESTS: dict[str, Callable[[Mapping[str, object]], bool]] = {
    "terms": lambda cells: any(_differ(cells, name) for name in TERMS),
    "decision": lambda cells: _differ(cells, "status"),
    "delivered": _delivered_differs,
    "promise_date": lambda cells: _both_deliver(cells) and _differ(cells, "promised_date"),
    "lines": lambda cells: _both_deliver(cells) and _differ(cells, "lines"),
    "sites": lambda cells: _both_deliver(cells) and _differ(cells, "sites"),
}
