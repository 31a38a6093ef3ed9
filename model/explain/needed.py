"""Which other orders matter to whether an order can be made at all: those that promises or full stores speak of.

What a plan delivers to an order that may be declined could as well stay in stock, and no promise is missed for it:
unless a contract or a pin counts the order, or what would stay, or goes into it, has a store that may be full. Without
all others thousands of orders become a few, and the same is possible.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from model.explain.explanation import Goal
from model.explain.ground import Ground, Wanted
from model.solve.change import Change
from model.tables import Tables


def with_needed(tables: Tables, ground: Ground, wanted: Wanted, goal: Goal) -> Tables:
    """The tables with every other order declined that makes no difference to whether the goal can be granted."""
    orders = tables.frames["orders"].copy()
    orders.loc[~orders["order"].isin(needed(ground, wanted, goal)), "decision"] = "decline"
    return replace(tables, frames={**tables.frames, "orders": orders})


def only_needed(ground: Ground, wanted: Wanted, goal: Goal) -> Change:
    """The same in the loaded book: those other orders get nothing."""
    kept = needed(ground, wanted, goal)
    return Change(upper={each.delivered: 0.0 for each in ground.orders.values() if each.order not in kept})


def needed(ground: Ground, wanted: Wanted, goal: Goal) -> set[str]:
    """The order itself and all that matter to it.

    On its published line an order is made beside all that is made there of its item, whoever gets it.
    """
    instance, tables = ground.instance, ground.instance.tables
    orders, counted = instance.frames["orders"], instance.frames["allocation_shipments"]
    stock = tables.frames["stock"]
    # Quotas are not among them: what others do not get leaves more of a quota.
    kept = {wanted.order, *orders.loc[orders["is_firm"], "order"], *tables.frames["pins"]["order"],
            *counted.loc[counted["rule"].isin(instance.sets["CONTRACTS"].members()), "order"]}
    # A store that may be full empties into orders for its item, and into all that is made of it.
    items = set(stock.loc[stock["storage_limit"].notna(), "item"])
    if goal == "published_line":
        items |= eligible_items(ground, wanted)
    eligible = instance.frames["eligible"]
    return kept | set(eligible.loc[eligible["item"].isin(
        reached(items, tables.frames["bill_of_materials"], "component", "item")), "order"])


def eligible_items(ground: Ground, wanted: Wanted) -> set[str]:
    """The items that the order can be served with."""
    eligible = ground.instance.frames["eligible"]
    return set(eligible.loc[eligible["order"] == wanted.order, "item"])


def reached(items: Iterable[str], bill: pd.DataFrame, start: str, end: str) -> set[str]:
    """The items and all that follow in the bill of materials, from the column ``start`` to the column ``end``."""
    found = set(items)
    # Ends, in a bill of materials with a circle, too: the set only grows, and within the items of the bill.
    while True:
        grown = found | set(bill.loc[bill[start].isin(found), end])
        if grown == found:
            return found
        found = grown
