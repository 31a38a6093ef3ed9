"""Where the origin of a unit matters, and only there."""

from __future__ import annotations

import pytest

from tests.constraints.book import Row, audited, book, line, order, routing
from tests.instance.reading import instance_of, members

LINES = [line(), line("L2"), line("L3")]
ROUTINGS = [routing(), routing("L2"), routing("L3")]
CUSTOMERS = [{"customer": "K"}, {"customer": "L"}]
STOCK = [{"item": "A", "opening_stock": 1}]


def pools(orders: list[Row], **tables: list[Row]) -> tuple[list[str], dict[str, list[str]], dict[str, list[str]]]:
    """Pools of A, the pools each order can draw from, and the sources of single-line orders."""
    instance = instance_of(book(lines=LINES, routings=ROUTINGS, customers=CUSTOMERS, orders=orders, **tables))
    shipments = instance.frames["shipments"]
    served = {name: rows["pool"].tolist() for name, rows in shipments.groupby("order")}
    sources: dict[str, list[str]] = {}
    for name, source in members(instance, "ORDER_SOURCES"):
        sources.setdefault(name, []).append(source)
    return instance.frames["pools"]["pool"].tolist(), served, sources


def test_interchangeable_orders_share_one_pool() -> None:
    """Proves: where no order asks, three lines and stock are one pool. If each line had its own: four."""
    assert pools([order(), order("P")], stock=STOCK) == (["all"], {"O": ["open"], "P": ["open"]}, {})


def test_a_single_line_order_tells_every_line_apart() -> None:
    """Proves: its sources are each line, and stock with purchases; another order takes any origin."""
    lines = ["made:L1", "made:L2", "made:L3"]
    found = pools([order(single_line=True), order("P")], stock=STOCK)
    assert found == (["bought", *lines], {"O": ["bought", *lines], "P": ["open"]}, {"O": ["bought", *lines]})


def test_single_line_says_nothing_where_there_is_one_source() -> None:
    """Proves: one line and no stock need no pools. If the term were kept: a binary for nothing."""
    instance = instance_of(book(orders=[order(single_line=True)]))
    assert instance.frames["pools"]["pool"].tolist() == ["all"]
    assert members(instance, "SINGLE_SOURCE_ORDERS") == []


def test_approvals_divide_lines_into_those_approved_and_the_rest() -> None:
    """Proves: K has approved L1 and L2, which share a pool; L takes any. Stock is open to both: approvals restrict
    lines only. If approvals bound stock: K without `bought`."""
    approved = [{"customer": "K", "item": "A", "line": name} for name in ("L1", "L2")]
    found = pools([order(customer="K"), order("P", customer="L")], approvals=approved, stock=STOCK)
    assert found == (["bought", "made:L1+L2", "made:L3"], {"O": ["bought", "made:L1+L2"], "P": ["open"]}, {})


def test_lines_whose_names_add_up_to_another_lines_name_have_pools_of_their_own() -> None:
    """Proves: pools of A and B, and of a line called A+B, are two, whatever they are called. By hand: K has approved A
    and B, which make 10 each of its 30. If both pools were one: no plan at all, or 30 from all three lines."""
    result = audited(book(
        lines=[line(name, hours=20) for name in ("A", "B", "A+B")], customers=CUSTOMERS,
        routings=[routing(name) for name in ("A", "B", "A+B")], orders=[order(customer="K", quantity=30)],
        approvals=[{"customer": "K", "item": "A", "line": name} for name in ("A", "B")]))
    assert len(set(result.instance.frames["line_pool"]["pool"])) == 2
    assert result.outcome.margin == pytest.approx(600) and result.audit is not None and result.audit.passed


def test_approvals_of_every_line_restrict_nothing() -> None:
    """Proves: an approval list that names all lines that make the item divides nothing."""
    every = [{"customer": "K", "item": "A", "line": name} for name in ("L1", "L2", "L3")]
    assert pools([order(customer="K")], approvals=every)[0] == ["all"]


def test_a_pinned_order_has_a_pool_of_its_own() -> None:
    """Proves: what is made for it is kept apart; it may also take stock, but nothing made for others. By hand: O
    draws on stock and its own pool; its units may be made on each line. If it shared the lines' pool: pins could
    not be kept."""
    instance = instance_of(book(lines=LINES, routings=ROUTINGS, orders=[order(), order("P")], stock=STOCK,
                                pins=[{"order": "O", "line": "L2", "quantity": 1}]))
    shipments = instance.frames["shipments"]
    served = {name: rows["pool"].tolist() for name, rows in shipments.groupby("order")}
    assert instance.frames["pools"]["pool"].tolist() == ["bought", "made:L1+L2+L3", "order:O"]
    assert served == {"O": ["bought", "order:O"], "P": ["open"]}
    assert members(instance, "OWN_MAKING") == [("O", name, "A", 0) for name in ("L1", "L2", "L3")]
    assert instance.groups["OWN_MAKING_OF_PIN"] == {"O / L2 / fixed": (("O", "L2", "A", 0),)}
    assert ("A", "order:O", "main", 0) not in members(instance, "DRAWN_STOCK")


def test_a_pinned_single_line_order_is_bound_by_where_its_units_are_made() -> None:
    """Proves: its sources are the lines of its own making, and stock. If only shipments counted: `order:O` would be one
    source whatever the line."""
    _, _, sources = pools([order(single_line=True)], stock=STOCK, pins=[{"order": "O", "line": "L2", "quantity": 1}])
    assert sources == {"O": ["bought", "made:L1", "made:L2", "made:L3"]}


def test_a_pinned_orders_approvals_hold_for_its_own_making() -> None:
    """Proves: units for a pinned order are made on approved lines only. If the pin opened its line: L3 too."""
    instance = instance_of(book(
        lines=LINES, routings=ROUTINGS, customers=CUSTOMERS, orders=[order(customer="K")],
        approvals=[{"customer": "K", "item": "A", "line": "L1"}], pins=[{"order": "O", "quantity": 1}]))
    assert members(instance, "OWN_MAKING") == [("O", "L1", "A", 0)]


def test_a_source_is_a_line_whatever_item_it_makes() -> None:
    """Proves: an order served with A and B from L1 has one source. If items were told apart: two."""
    instance = instance_of(book(
        items=[{"item": "A"}, {"item": "B"}], lines=LINES[:2],
        routings=[routing(), routing("L1", "B"), routing("L2")], substitutes=[{"item": "A", "substitute": "B"}],
        orders=[order(single_line=True, substitution=True)]))
    assert members(instance, "ORDER_SOURCES") == [("O", "made:L1"), ("O", "made:L2")]
    shipped = instance.groups["SHIPMENTS_OF_SOURCE"]["O", "made:L1"]
    assert {key[1] for key in shipped} == {"A", "B"}
