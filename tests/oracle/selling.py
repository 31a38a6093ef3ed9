"""What orders get: acceptance, fill, single line and delivery, and the money of every delivery."""

from __future__ import annotations

from tests.oracle.algebra import Lin, total
from tests.oracle.facts import Delivery
from tests.oracle.goods import Flow, Goods
from tests.oracle.horizon import Row
from tests.oracle.making import Book

Shipped = list[tuple[Delivery, str, Lin]]


def ship(book: Book, order: Row) -> Shipped:
    """Units of an order by way of delivery and source, with their revenue and costs."""
    shipped = []
    for delivery in book.facts.deliveries(order):
        for source in book.facts.sources(order, delivery.item):
            units = book.program.number(order["quantity"])
            shipped.append((delivery, source, units))
            book.pay("revenue", delivery.revenue * units)
            book.pay("late", -delivery.late * units)
            book.pay("freight", -delivery.freight * units)
            book.pay("duty", -delivery.duty * units)
    return shipped


def fill(book: Book, order: Row, shipped: Shipped) -> None:
    """An order gets nothing or at least its minimum fill, never more than asked; what a firm order lacks is missed."""
    delivered = total(units for _, _, units in shipped)
    book.program.at_most(delivered, order["quantity"])
    if order["min_fill"] > 0 and shipped:
        book.program.only_if(book.program.choice(), delivered, order["quantity"],
                             order["min_fill"] * order["quantity"])
    if book.facts.is_firm(order):
        book.miss(2, book.facts.price(order) * (order["quantity"] - delivered))


def choose_one(book: Book, order: Row, amounts: dict[object, list[Lin]]) -> None:
    """Only one of the alternatives carries any of the order."""
    choices = []
    for units in amounts.values():
        choices.append(book.program.choice())
        book.program.only_if(choices[-1], total(units), order["quantity"])
    book.program.at_most(total(choices), 1.0)


def restrict(book: Book, order: Row, shipped: Shipped) -> None:
    """One line (or none: stock and purchases), or one bucket, site and mode, where the order asks for it."""
    by_source: dict[object, list[Lin]] = {}
    by_departure: dict[object, list[Lin]] = {}
    for delivery, source, units in shipped:
        by_source.setdefault(source, []).append(units)
        by_departure.setdefault((delivery.bucket, delivery.site, delivery.mode), []).append(units)
    if order["single_line"]:
        choose_one(book, order, by_source)
    if order["single_delivery"]:
        choose_one(book, order, by_departure)


def draw(book: Book, goods: Goods, order: Row, shipped: Shipped) -> None:
    """What is shipped to an order leaves the stock that was meant for it."""
    for item in book.facts.price_factors(order):
        for source in book.facts.sources(order, item):
            flow: Flow = {}
            for delivery, origin, units in shipped:
                if (delivery.item, origin) == (item, source):
                    place = (delivery.site, delivery.bucket)
                    flow[place] = flow.get(place, Lin()) + units
            goods.keep_for_order(order["order"], item, source, flow)


def formulate_selling(book: Book, goods: Goods) -> dict[str, Shipped]:
    """Every law about orders; returns what is shipped to each."""
    result = {}
    for order in book.facts.planned_orders:
        shipped = ship(book, order)
        fill(book, order, shipped)
        restrict(book, order, shipped)
        draw(book, goods, order, shipped)
        result[order["order"]] = shipped
    return result
