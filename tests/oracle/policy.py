"""Allocations, pins, the published plan and its frozen part."""

from __future__ import annotations

from tests.oracle.algebra import Lin, total
from tests.oracle.facts import Delivery
from tests.oracle.horizon import Row, within
from tests.oracle.making import Book
from tests.oracle.selling import Shipped


def in_scope(book: Book, rule: Row, order: Row, delivery: Delivery) -> bool:
    """Whether what leaves on that day for the order counts for the rule."""
    market = book.facts.markets.get(order["market"], {})
    actual = {"customer": order["customer"], "market": order["market"], "region": market.get("region"),
              "item": delivery.item, "family": book.facts.items[delivery.item]["family"]}
    return (within(delivery.departure, rule["from_date"], rule["to_date"])
            and all(rule[column] in (None, value) for column, value in actual.items()))


def allocate(book: Book, shipped: dict[str, Shipped]) -> None:
    """What ships in a rule's period and scope stays within its quota and reaches its contract minimum."""
    orders = {order["order"]: order for order in book.facts.planned_orders}
    for rule in book.facts.table["allocations"]:
        counted = total(units for name, rows in shipped.items() for delivery, _, units in rows
                        if in_scope(book, rule, orders[name], delivery))
        if rule["max_qty"] is not None:
            book.program.at_most(counted, rule["max_qty"])
        first, last = rule["from_date"], rule["to_date"]
        ahead = first is not None and first > book.facts.horizon.ends[-1]
        past = last is not None and last < book.facts.horizon.starts[0]
        if rule["min_qty"] > 0 and not ahead and not past:
            short = book.program.number()
            book.program.at_least(counted + short, rule["min_qty"])
            book.miss(3, short)


def keep_pins(book: Book) -> None:
    """Units made for a pinned order are exactly, at least or at most what the pin says."""
    for pin in book.facts.table["pins"]:
        day = pin["bucket_start"]
        bucket = None if day is None else book.facts.horizon.containing(day)
        made = Lin() if day is not None and bucket is None else book.made_for(pin["order"], pin["line"], bucket)
        short, excess = book.program.number(), book.program.number()
        if pin["sense"] in ("fixed", "min"):
            book.program.at_least(made + short, pin["quantity"])
            book.miss(1, short)
        if pin["sense"] in ("fixed", "max"):
            book.program.at_most(made - excess, pin["quantity"])
            book.miss(1, excess)


def keep_published_plan(book: Book) -> None:
    """Frozen production equals the published plan; later, each published unit no longer made costs change_cost."""
    facts = book.facts
    pairs = {(row["line"], row["item"]) for name in ("routings", "published_plan") for row in facts.table[name]}
    for line, item in sorted(pairs):
        for bucket in facts.horizon.buckets:
            published = facts.published.get((line, item, bucket), 0.0)
            made = book.made_of(line, item, bucket)
            short, excess = book.program.number(), book.program.number()
            book.program.at_least(made + short, published)
            if facts.is_frozen(bucket):
                book.program.at_most(made - excess, published)
                book.miss(1, short + excess)
            else:
                book.pay("change", -facts.settings.change_cost * short)


def formulate_policy(book: Book, shipped: dict[str, Shipped]) -> None:
    """Every law about allocations, pins and the published plan."""
    allocate(book, shipped)
    keep_pins(book)
    keep_published_plan(book)
