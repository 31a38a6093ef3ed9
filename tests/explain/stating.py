"""What an explanation states, applied to the tables: the order promised as it asked, its rule lifted."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from model.explain.explanation import Explanation, Rule
from model.explain.ground import Wanted
from model.explain.left_out import with_orders
from model.instance.policy import pin_name
from model.tables import Tables

HAIR = 1e-6


def with_cells(tables: Tables, order: str, others: bool = False, **cells: object) -> Tables:
    """The tables with other cells in the row of an order, or in those of all ``others``."""
    orders = tables.frames["orders"].copy()
    here = orders["order"] == order
    for column, value in cells.items():
        orders.loc[~here if others else here, column] = value
    return replace(tables, frames={**tables.frames, "orders": orders})


def promised(tables: Tables, found: Explanation, wanted: Wanted) -> Tables:
    """The order promised as it asked: what counts as accepted, all of it, on time, in its own item."""
    cells: dict[str, object] = {"commitment": "firm", "decision": None}
    if found.goal == "accepted" and wanted.is_lumpy:
        cells |= {"quantity": wanted.least, "min_fill": 1.0}
    elif found.goal == "accepted" and found.most_quantity:
        cells |= {"quantity": found.most_quantity * (1 - HAIR)}
    elif found.goal == "on_time":
        orders = tables.frames["orders"].set_index("order")
        cells |= {"latest_date": orders.at[found.order, "due_date"]}
    elif found.goal == "own_item":
        cells |= {"substitution": False}
    return with_cells(tables, found.order, **cells)


def lifted(tables: Tables, order: str, rule: Rule) -> Tables:
    """The tables without the rule that keeps an order out."""
    frames = tables.frames
    if rule.kind in ("decision", "tender"):
        return with_orders(tables, [order])
    if rule.kind == "frozen_plan":
        return replace(tables, settings=replace(tables.settings, frozen_until=None))
    if rule.kind == "pin":
        pins = frames["pins"]
        names = [pin_name(row.order, row.line, row.bucket_start, row.sense) for row in pins.itertuples()]
        kept = [name != rule.name.split(" #")[0] for name in names]
        return replace(tables, frames={**frames, "pins": pins[kept].reset_index(drop=True)})
    if rule.kind == "contract_minimum":
        contracts = frames["allocations"].copy()
        contracts.loc[contracts["rule"] == rule.name, "min_qty"] = 0.0
        return replace(tables, frames={**frames, "allocations": contracts})
    if rule.kind == "quota":
        quotas = frames["allocations"].copy()
        quotas.loc[quotas["rule"] == rule.name, "max_qty"] = float("nan")
        return replace(tables, frames={**frames, "allocations": quotas})
    customer, items = rule.name.split(" / ")
    approvals: pd.DataFrame = frames["approvals"]
    here = (approvals["customer"] == customer) & approvals["item"].isin(items.split(", "))
    return replace(tables, frames={**frames, "approvals": approvals[~here].reset_index(drop=True)})
