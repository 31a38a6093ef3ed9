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


@dataclass(frozen=True)
class _Terms:
    """What the orders ask of the origin of their units: lines ``allowed`` by order and item, orders ``bound`` to one
    source, orders ``pinned``; and what there is: ``makers`` by item, items that are not only made (``bought``)."""

    allowed: dict[tuple[str, str], list[str]]
    bound: set[str]
    pinned: set[str]
    makers: dict[str, list[str]]
    bought: set[str]

    def is_traced(self, order: str, item: str) -> bool:
        """Whether it matters to the order where its units of the item come from."""
        restricted = len(self.allowed[order, item]) < len(self.makers.get(item, []))
        return order in self.pinned or order in self.bound or restricted


def divide_supply(items: set[str], orders: pd.DataFrame, eligible: pd.DataFrame, approvals: pd.DataFrame,
                  makers: dict[str, list[str]], bought: set[str], pinned: set[str]) -> Pools:
    """The pools that the orders' terms make necessary. ``makers``: lines by item; ``bought``: items not only made."""
    wanted = eligible.merge(orders[["order", "customer", "single_line"]], on="order")
    allowed = allowed_lines(wanted, approvals, makers)
    terms = _Terms(allowed, _bound_to_one_source(wanted, allowed, bought), pinned, makers, bought)
    pairs = list(zip(wanted["order"], wanted["item"], strict=True))
    traced: dict[str, list[str]] = {}
    for order, item in pairs:
        if terms.is_traced(order, item):
            traced.setdefault(item, []).append(order)
    pools, line_pool = [], []
    for item in sorted(items | set(makers) | bought | set(traced)):
        of_item, of_lines = _pools_of_item(item, traced.get(item, []), terms)
        pools += [(item, pool) for pool in of_item]
        line_pool += [(item, line, pool) for line, pool in of_lines]
    pool_of = {(item, line): pool for item, line, pool in line_pool}
    served = [(order, item, pool) for order, item in pairs for pool in _pools_served(order, item, terms, pool_of)]
    own_lines = [(order, item, line) for order, item in pairs if order in pinned for line in allowed[order, item]]
    # The pool of a pinned order does not tell its lines apart: what is made for it there counts instead.
    sources = {(order, pool) for order, _, pool in served if order in terms.bound and not pool.startswith(FOR_ORDER)}
    sources |= {(order, MADE + line) for order, _, line in own_lines if order in terms.bound}
    return Pools(
        pd.DataFrame(pools, columns=["item", "pool"], dtype=object),
        pd.DataFrame(line_pool, columns=["item", "line", "pool"], dtype=object),
        pd.DataFrame(served, columns=["order", "item", "pool"], dtype=object),
        pd.DataFrame(sorted(sources), columns=["order", "source"], dtype=object),
        pd.DataFrame(own_lines, columns=["order", "item", "line"], dtype=object),
    )


def shared_pools(pool_stock: pd.DataFrame) -> pd.DataFrame:
    """Rows of pools that are not set apart for one pinned order."""
    return pool_stock[~pool_stock["pool"].str.startswith(FOR_ORDER)]


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


def _bound_to_one_source(terms: pd.DataFrame, allowed: dict[tuple[str, str], list[str]],
                         bought: set[str]) -> set[str]:
    """Single-line orders that have more than one source to choose from; for the others the term says nothing."""
    sources: dict[str, set[str]] = {}
    for order, item, single in zip(terms["order"], terms["item"], terms["single_line"], strict=True):
        if single:
            mine = sources.setdefault(order, set())
            mine.update(MADE + line for line in allowed[order, item])
            if item in bought:
                mine.add(BOUGHT)
    return {order for order, mine in sources.items() if len(mine) > 1}


def _pools_of_item(item: str, traced: list[str], terms: _Terms) -> tuple[list[str], list[tuple[str, str]]]:
    """The item's pools, and the pool into which each of its lines makes; ``traced``: orders that trace the item."""
    lines = terms.makers.get(item, [])
    if not traced:
        return [ALL], [(line, ALL) for line in lines]
    # Who is bound to one line tells all lines apart; approvals only those that not every order allows alike.
    apart = any(order in terms.bound for order in traced)
    classes: dict[tuple[object, ...], list[str]] = {}
    for line in lines:
        alike = (line,) if apart else tuple(line in terms.allowed[order, item] for order in traced)
        classes.setdefault(alike, []).append(line)
    names: dict[str, list[str]] = {}
    for members in classes.values():
        name = MADE + "+".join(members)
        # Lines A and B beside a line A+B; lines told apart have names of their own, which never meet.
        while name in names:
            name += "+"
        names[name] = members
    bought = [BOUGHT] if item in terms.bought else []
    own = [FOR_ORDER + order for order in traced if order in terms.pinned]
    return [*bought, *names, *own], [(line, name) for name, members in names.items() for line in members]


def _pools_served(order: str, item: str, terms: _Terms, pool_of: dict[tuple[str, str], str]) -> list[str]:
    """The pools an order can draw an item from."""
    if not terms.is_traced(order, item):
        return [OPEN_USE]
    bought = [BOUGHT] if item in terms.bought else []
    if order in terms.pinned:
        # Not from lines' pools: whatever a line makes for it is made into its own.
        return [*bought, FOR_ORDER + order]
    return [*bought, *sorted({pool_of[item, line] for line in terms.allowed[order, item]})]
