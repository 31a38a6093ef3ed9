"""Where items come from: bills of materials without loops, and nothing ordered or consumed that comes from nowhere."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from model.checks.draft import Draft, rows_of, where


def check_bill_of_materials(draft: Draft) -> None:
    """No item is, at any depth, a component of itself; each loop is named once."""
    bom = draft.frame("bill_of_materials")
    edges: dict[str, dict[str, int]] = {}
    for position, (item, component) in enumerate(zip(bom["item"], bom["component"], strict=True)):
        if item is not None and component is not None:
            edges.setdefault(item, {}).setdefault(component, position)
    done: set[str] = set()
    for root in edges:
        for loop in _loops(edges, root, done):
            draft.error("bom_loop", "bill_of_materials", edges[loop[-2]][loop[-1]], "component",
                        loop=" > ".join(loop))


def _loops(edges: dict[str, dict[str, int]], root: str, done: set[str]) -> list[list[str]]:
    """Loops met by a depth-first walk from ``root`` over items not done yet; each ends with its first item."""
    loops: list[list[str]] = []
    path: list[str] = []
    on_path: set[str] = set()
    # A stack of its own: bills of materials may be deeper than Python recurses.
    walk: list[tuple[str, Iterable[str]]] = []

    def enter(item: str) -> None:
        """Go down to the item: on the path, and not to be entered again."""
        done.add(item)
        path.append(item)
        on_path.add(item)
        walk.append((item, iter(edges.get(item, ()))))

    if root not in done:
        enter(root)
    while walk:
        component = next(iter(walk[-1][1]), None)
        if component is None:
            on_path.discard(path.pop())
            walk.pop()
        elif component in on_path:
            loops.append([*path[path.index(component):], component])
        elif component not in done:
            enter(component)
    return loops


_AMOUNTS = (("supply", "max_qty"), ("stock", "opening_stock"), ("receipts", "quantity"))


def obtainable_items(draft: Draft) -> set[str]:
    """Items that are made somewhere, bought, in stock or on their way."""
    found: set[str] = set(draft.frame("routings")["item"])
    for table, column in _AMOUNTS:
        frame = draft.frame(table)
        amount = frame[column]
        # A blank limit on a supply row is no limit.
        given = (amount > 0) | amount.isna() if table == "supply" else amount > 0
        found |= set(frame.loc[given, "item"])
    return found - {None}


def emptied_items(draft: Draft) -> set[str]:
    """Items with a source whose quantity is written as 0; a stock row that leaves it blank speaks of other things."""
    return {draft.frame(table)["item"].iloc[position] for table, column in _AMOUNTS
            for position in where(draft.frame(table)[column] == 0.0) if draft.written(table, position, column)}


_SOURCES = {"routings": ("item",), "supply": ("item",), "stock": ("item",), "receipts": ("item",),
            "substitutes": ("item", "substitute")}


def check_sources(draft: Draft) -> None:
    """Every item ordered, and every component of an item made, can come from somewhere.

    Where a source is there but empty, for want of goods or in a scenario, the plan does without: that is a warning.
    """
    if not all(draft.sound(table, columns) for table, columns in _SOURCES.items()) or not draft.has("routings"):
        return
    obtainable = obtainable_items(draft)
    bom = draft.frame("bill_of_materials")
    made = set(draft.frame("routings")["item"])
    # Items that stand nowhere have findings of their own.
    known = set(draft.frame("items")["item"])
    emptied = emptied_items(draft)
    for position in where(bom["item"].isin(made) & bom["component"].isin(known - obtainable)):
        _tell(draft, "component", bom["component"].iloc[position] in emptied, "bill_of_materials", position,
              "component", item=bom["item"].iloc[position])
    orders = draft.frame("orders")
    missing = planned_orders(draft) & orders["item"].isin(known - obtainable)
    if missing.any():
        eligible = eligible_substitutes(draft)
        for position in where(missing):
            others = substitutes_of(eligible, orders, position) if orders["substitution"].iloc[position] else []
            if not obtainable.intersection(others):
                _tell(draft, "item", orders["item"].iloc[position] in emptied, "orders", position, "item")


def _tell(draft: Draft, what: str, is_emptied: bool, table: str, position: int, column: str, **details: str) -> None:
    if is_emptied:
        draft.warn(f"{what}_sold_out", table, position, column, **details)
    else:
        draft.error(f"{what}_from_nowhere", table, position, column, **details)


def planned_orders(draft: Draft) -> pd.Series:
    """Which orders the plan considers: those the planner accepted, and all others but declined ones and tenders."""
    orders = draft.frame("orders")
    threshold = draft.settings.tender_threshold if draft.settings else 0.0
    likely = ~(orders["win_probability"] < threshold)
    return (orders["decision"] == "accept") | (likely & (orders["decision"] != "decline"))


def eligible_substitutes(draft: Draft) -> dict[str, list[tuple[str, str | None, str | None]]]:
    """Substitutes of each item with the market and customer they are limited to."""
    found: dict[str, list[tuple[str, str | None, str | None]]] = {}
    for row in rows_of(draft.frame("substitutes")):
        if row.item is not None and row.substitute is not None:
            found.setdefault(row.item, []).append((row.substitute, row.market, row.customer))
    return found


def substitutes_of(eligible: dict[str, list[tuple[str, str | None, str | None]]], orders: pd.DataFrame,
                   position: int) -> list[str]:
    """Items that may replace the one an order asks for, ratings aside."""
    market, customer = orders["market"].iloc[position], orders["customer"].iloc[position]
    return [substitute for substitute, of_market, of_customer in eligible.get(orders["item"].iloc[position], ())
            if of_market in (None, market) and of_customer in (None, customer)]
