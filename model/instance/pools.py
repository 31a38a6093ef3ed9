"""Where the origin of a unit matters: the pools into which an item's supply is divided.

Orders for one item are interchangeable, and its supply is one pool, until an order asks for a single line, its
customer has approved only some lines, or a planner has pinned it. Then the supply of that item is divided by origin:
what was there or is bought, what each class of lines makes, and what is made for each pinned order. Classes are as
coarse as the orders allow: lines that no order tells apart share a pool.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

ALL = "all"
BOUGHT = "bought"
OPEN_USE = "open"
MADE = "made:"
FOR_ORDER = "order:"


@dataclass(frozen=True)
class Pools:
    """``pools``: item, pool. ``line_pool``: item, line, pool. ``served``: order, item, pool an order can draw from,
    where ``open`` stands for every pool of the item. ``sources``: order, pool of orders bound to a single source.
    ``own_lines``: order, item, line on which a pinned order's units may be made."""

    pools: pd.DataFrame
    line_pool: pd.DataFrame
    served: pd.DataFrame
    sources: pd.DataFrame
    own_lines: pd.DataFrame


def divide_supply(items: set[str], orders: pd.DataFrame, eligible: pd.DataFrame, approvals: pd.DataFrame,
                  makers: dict[str, list[str]], bought: set[str], pinned: set[str]) -> Pools:
    """The pools that the orders' terms make necessary. ``makers``: lines by item; ``bought``: items not only made."""
    terms = eligible.merge(orders[["order", "customer", "single_line"]], on="order")
    allowed = allowed_lines(terms, approvals, makers)
    bound = _bound_to_one_source(terms, allowed, bought)
    traced: dict[str, list[tuple[str, str]]] = {}
    for order, item in zip(terms["order"], terms["item"], strict=True):
        restricted = len(allowed[order, item]) < len(makers.get(item, []))
        if order in pinned or order in bound or restricted:
            traced.setdefault(item, []).append((order, item))
    pools, line_pool = _pools_of_items(items, traced, allowed, makers, bought, bound, pinned)
    served, own_lines = [], []
    pool_of = {(item, line): pool for item, line, pool in line_pool}
    traced_pairs = {pair for pairs in traced.values() for pair in pairs}
    for order, item in zip(terms["order"], terms["item"], strict=True):
        pair = (order, item)
        if pair not in traced_pairs:
            served.append((order, item, OPEN_USE))
            continue
        if item in bought:
            served.append((order, item, BOUGHT))
        if order in pinned:
            served.append((order, item, FOR_ORDER + order))
            own_lines += [(order, item, line) for line in allowed[pair]]
        else:
            served += [(order, item, pool) for pool in sorted({pool_of[item, line] for line in allowed[pair]})]
    sources = {(order, pool) for order, _, pool in served if order in bound and not pool.startswith(FOR_ORDER)}
    sources |= {(order, MADE + line) for order, _, line in own_lines if order in bound}
    return Pools(
        pd.DataFrame(pools, columns=["item", "pool"], dtype=object),
        pd.DataFrame(line_pool, columns=["item", "line", "pool"], dtype=object),
        pd.DataFrame(served, columns=["order", "item", "pool"], dtype=object),
        pd.DataFrame(sorted(sources), columns=["order", "source"], dtype=object),
        pd.DataFrame(own_lines, columns=["order", "item", "line"], dtype=object),
    )


def allowed_lines(terms: pd.DataFrame, approvals: pd.DataFrame,
                  makers: dict[str, list[str]]) -> dict[tuple[str, str], list[str]]:
    """Lines that may make an item for an order: all its makers, or the approved ones once its customer names any."""
    approved: dict[tuple[str, str], set[str]] = {}
    for row in approvals.itertuples():
        approved.setdefault((row.customer, row.item), set()).add(row.line)
    allowed = {}
    for order, item, customer in zip(terms["order"], terms["item"], terms["customer"], strict=True):
        lines = makers.get(item, [])
        named = approved.get((customer, item))
        allowed[order, item] = lines if named is None else [line for line in lines if line in named]
    return allowed


def _bound_to_one_source(terms: pd.DataFrame, allowed: dict[tuple[str, str], list[str]], bought: set[str]) -> set[str]:
    """Single-line orders that have more than one source to choose from; for the others the term says nothing."""
    sources: dict[str, set[str]] = {}
    for order, item, single in zip(terms["order"], terms["item"], terms["single_line"], strict=True):
        if single:
            mine = sources.setdefault(order, set())
            mine.update(MADE + line for line in allowed[order, item])
            if item in bought:
                mine.add(BOUGHT)
    return {order for order, mine in sources.items() if len(mine) > 1}


def _pools_of_items(items: set[str], traced: dict[str, list[tuple[str, str]]], allowed: dict[tuple[str, str], list[str]],
                    makers: dict[str, list[str]], bought: set[str], bound: set[str],
                    pinned: set[str]) -> tuple[list[tuple[str, str]], list[tuple[str, str, str]]]:
    pools: list[tuple[str, str]] = []
    line_pool: list[tuple[str, str, str]] = []
    for item in sorted(items | set(makers) | bought | set(traced)):
        lines = makers.get(item, [])
        if item not in traced:
            pools.append((item, ALL))
            line_pool += [(item, line, ALL) for line in lines]
            continue
        if item in bought:
            pools.append((item, BOUGHT))
        apart = any(order in bound for order, _ in traced[item])
        classes: dict[tuple[object, ...], list[str]] = {}
        for line in lines:
            alike = (line,) if apart else tuple(line in allowed[pair] for pair in traced[item])
            classes.setdefault(alike, []).append(line)
        for members in classes.values():
            name = MADE + "+".join(members)
            pools.append((item, name))
            line_pool += [(item, line, name) for line in members]
        pools += [(item, FOR_ORDER + order) for order, _ in traced[item] if order in pinned]
    return pools, line_pool

