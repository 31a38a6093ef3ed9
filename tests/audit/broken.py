"""Small plans that break one law each: made for a looser book, or with a few cells overwritten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from model.plan import Plan
from tests.audit.corruption import with_cell
from tests.constraints.book import ENDS, STARTS, book, line, order, routing
from tests.support import Records

Spoil = Callable[[Plan], Plan]


@dataclass(frozen=True)
class Broken:
    """``planned``: the book the plan is made for. ``audited``: the book it is held against. ``spoil``: cells changed.

    ``law`` must be named; ``also`` are the laws that notice besides, because a column or a balance depends on the same.
    """

    law: str
    planned: Records
    audited: Records
    also: frozenset[str] = frozenset()
    spoil: Spoil = lambda plan: plan


def stricter(law: str, planned: Records, audited: Records, *also: str) -> Broken:
    """A plan that is right for the looser book and breaks the law of the stricter one."""
    return Broken(law, planned, audited, frozenset(also))


def spoilt(law: str, records: Records, *cells: tuple[str, str, int, object], also: tuple[str, ...] = ()) -> Broken:
    """A plan with some cells overwritten: table, column, row, value."""

    def spoil(plan: Plan) -> Plan:
        for table, column, row, value in cells:
            plan = with_cell(plan, table, column, row, value)
        return plan

    return Broken(law, records, records, frozenset(also), spoil)


WEEK, SECOND = ENDS[0], ENDS[1]
TWO = [line(hours=10), line("L2", 10)]
BOTH = [routing(), routing("L2")]
SOLD_ABROAD = {"markets": [{"market": "M"}], "orders": [order(market="M")]}
TWO_SITES = {"sites": [{"site": "main"}, {"site": "west"}], "lines": [line(site="west")],
             "markets": [{"market": "M"}], "lanes": [{"site": "main", "market": "M"}], "orders": [order(market="M")]}
STOCKED = [{"item": "A", "opening_stock": 10}]
CHEAPER_B = {"items": [{"item": "A"}, {"item": "B"}], "routings": [routing(unit_cost=9), routing("L1", "B")],
             "substitutes": [{"item": "A", "substitute": "B"}]}
BOUGHT = {"routings": [routing("L1", "B")], "items": [{"item": "A"}, {"item": "B"}]}


# What is nothing of two million pieces is the whole order of 0.15 MWh.
PIECES_AND_MWH = {"items": [{"item": "A", "unit": "pcs"}, {"item": "B"}],
                  "routings": [routing(hours_per_unit=1e-6), routing("L1", "B")],
                  "orders": [order("A1", quantity=2e6, unit_price=1), order("A2", quantity=2e6, unit_price=1),
                             order("B", item="B", quantity=0.15, unit_price=900000)]}


def supply(**changes: object) -> list[dict[str, object]]:
    """A supplier of A at 5."""
    return [{"supplier": "S", "item": "A", "unit_cost": 5, **changes}]


def published(quantity: float) -> list[dict[str, object]]:
    """A published plan of so many A on L1 in the first week."""
    return [{"item": "A", "line": "L1", "bucket_start": STARTS[0], "quantity": quantity}]


ORDERS = (
    stricter("delivery_limit", book(), book(orders=[order(quantity=6)]), "decisions"),
    stricter("firm_delivery", book(lines=[line(hours=10)]),
             book(lines=[line(hours=10)], orders=[order(commitment="firm")]), "decisions"),
    stricter("minimum_fill", book(lines=[line(hours=10)]),
             book(lines=[line(hours=10)], orders=[order(min_fill=0.8)])),
    stricter("ship_window", book(2, lines=[line(hours=10)], orders=[order(latest_date=SECOND)]),
             book(2, lines=[line(hours=10)]), "decisions"),
    stricter("ship_window", book(2), book(2, orders=[order(earliest_ship_date="2025-01-13", due_date=SECOND)]),
             "decisions"),
    stricter("shipment_lanes", book(**SOLD_ABROAD, lanes=[{"site": "main", "market": "M", "mode": "sea"}]),
             book(**SOLD_ABROAD, lanes=[{"site": "main", "market": "M", "mode": "air"}]), "shipments", "ship_window",
             "decisions"),
    stricter("item_eligibility",
             book(**CHEAPER_B, orders=[order(substitution=True)]), book(**CHEAPER_B), "shipments"),
    stricter("item_eligibility", book(), book(orders=[order(min_c_rate=2)]), "shipments"),
    stricter("single_line", book(lines=TWO, routings=BOTH),
             book(lines=TWO, routings=BOTH, orders=[order(single_line=True)])),
    stricter("single_delivery", book(2, lines=[line(hours=10)], orders=[order(due_date=SECOND)]),
             book(2, lines=[line(hours=10)], orders=[order(due_date=SECOND, single_delivery=True)])),
    stricter("approved_lines", book(customers=[{"customer": "K"}], orders=[order(customer="K")]),
             book(customers=[{"customer": "K"}], orders=[order(customer="K")], lines=[line(), line("L2", 0)],
                  routings=BOTH, approvals=[{"customer": "K", "item": "A", "line": "L2"}]), "line_load"),
    stricter("left_out", book(), book(orders=[order(decision="decline")]), "decisions"),
)
MAKING = (
    stricter("capacity_limit", book(), book(lines=[line(hours=16)]), "line_load"),
    stricter("overtime_limit", book(lines=[line(hours=16, overtime_hours=4)]),
             book(lines=[line(hours=16, overtime_hours=2)]), "capacity_limit", "line_load"),
    stricter("open_lines", book(lines=[line(hours=1)], routings=[routing(hours_per_unit=0)]),
             book(lines=[line(hours=1)], routings=[routing(hours_per_unit=0)], calendar=[{"availability": 0}]),
             "line_load"),
    stricter("resource_limit",
             book(resources=[{"resource": "R", "hours": 20}],
                  routing_resources=[{"line": "L1", "item": "A", "resource": "R", "hours_per_unit": 2}]),
             book(resources=[{"resource": "R", "hours": 15}],
                  routing_resources=[{"line": "L1", "item": "A", "resource": "R", "hours_per_unit": 2}]),
             "resource_load"),
    stricter("setup_needs", book(), book(routings=[routing(setup_hours=2)]), "line_load"),
    stricter("minimum_lot", book(), book(routings=[routing(min_lot=12)])),
    stricter("lot_multiple", book(), book(routings=[routing(lot_multiple=4)])),
    stricter("routing_dates", book(), book(routings=[routing(from_date="2025-01-07")])),
    stricter("routing_dates", book(lines=TWO, orders=[order(quantity=5)]),
             book(lines=TWO, orders=[order(quantity=5)], routings=[routing("L2")]), "line_load", "production",
             "stock_balance", "first_in_first_out"),
    stricter("lead_times", book(), book(routings=[routing(lead_time_days=7)]), "stock_balance", "pegging"),
    stricter("expansion_choice", book(expansions=[{"line": "L1", "start_date": STARTS[0], "cost": 9}]),
             book(expansions=[{"line": "L1", "start_date": STARTS[0], "cost": 11}])),
    stricter("expansion_choice", book(expansions=[{"line": "L1", "start_date": STARTS[0], "cost": 9}]),
             book(expansions=[{"line": "L1", "start_date": "2025-01-07", "cost": 9}])),
)
STOCK = (
    stricter("stock_balance", book(stock=STOCKED, routings=[routing(unit_cost=9)]),
             book(stock=[{"item": "A", "opening_stock": 4}], routings=[routing(unit_cost=9)]),
             "first_in_first_out"),
    stricter("stock_balance", book(**PIECES_AND_MWH, stock=[{"item": "B", "opening_stock": 0.15}]),
             book(**PIECES_AND_MWH, stock=[{"item": "B"}]), "first_in_first_out"),
    stricter("storage_limit", book(2, lines=[line(end_date=WEEK)], orders=[order(earliest_ship_date=STARTS[1],
                                                                               due_date=SECOND)]),
             book(2, lines=[line(end_date=WEEK)], stock=[{"item": "A", "storage_limit": 8}],
                  orders=[order(earliest_ship_date=STARTS[1], due_date=SECOND)]), "stock_levels"),
    stricter("safety_stock", book(), book(stock=[{"item": "A", "safety_stock": 3}]), "stock_levels"),
    stricter("final_stock", book(2), book(2, stock=[{"item": "A", "final_stock": 3}])),
    stricter("supply_limit", book(**BOUGHT, supply=supply()), book(**BOUGHT, supply=supply(max_qty=7))),
    stricter("supply_limit", book(**BOUGHT, supply=supply()), book(**BOUGHT, supply=supply(lead_time_days=7)),
             "material_needs"),
    stricter("take_or_pay", book(**BOUGHT, supply=supply()), book(**BOUGHT, supply=supply(min_qty=12)),
             "material_needs"),
    stricter("transfer_routes", book(**TWO_SITES, transfers=[{"from_site": "west", "to_site": "main"}]),
             book(**TWO_SITES), "stock_balance", "stock_levels", "transfer_plan",
             "first_in_first_out"),
)
POLICY = (
    stricter("allocation_quota", book(), book(allocations=[{"rule": "Q", "max_qty": 7}])),
    stricter("contract_minimum", book(), book(allocations=[{"rule": "Q", "min_qty": 12}])),
    stricter("pins", book(), book(pins=[{"order": "O", "line": "L1", "quantity": 4}])),
    stricter("frozen_plan", book(published_plan=published(4)),
             book(1, {"frozen_until": STARTS[1]}, published_plan=published(4)), "changes"),
    stricter("misses", book(lines=[line(hours=10)], orders=[order(commitment="firm")]),
             book(lines=[line(hours=10)], orders=[order(commitment="firm")], items=[{"item": "A", "unit": "pcs"}])),
)
EACH_OF_TWO = book(2, lines=[line(hours=10)], orders=[
    order("A", quantity=5, earliest_ship_date=STARTS[1], due_date=SECOND, latest_date=ENDS[2]),
    order("B", quantity=5, earliest_ship_date=STARTS[1], due_date=ENDS[2])])
TURNED = book(2, lines=[line(hours=10)], orders=[
    order("A", quantity=5, earliest_ship_date=STARTS[1], due_date=ENDS[2]),
    order("B", quantity=5, earliest_ship_date=STARTS[1], due_date=SECOND, latest_date=ENDS[2])])
RESOURCE = book(resources=[{"resource": "R", "hours": 25}],
                routing_resources=[{"line": "L1", "item": "A", "resource": "R", "hours_per_unit": 2}])
MOVED = book(**TWO_SITES, transfers=[{"from_site": "west", "to_site": "main", "unit_cost": 1}])
HELD = book(stock=[{"item": "A", "opening_stock": 14, "holding_cost": 2}])
# The first week's packs use up the cells in stock: K can only get what L1 makes in the second week.
CELLS_AND_PACKS = {"items": [{"item": "cell"}, {"item": "pack"}],
                   "bill_of_materials": [{"item": "pack", "component": "cell", "quantity_per": 1}]}
PACKS_FIRST = book(
    2, **CELLS_AND_PACKS, lines=[line(start_date=STARTS[1]), line("L2", 0), line("P1")],
    routings=[routing("L1", "cell"), routing("L2", "cell"), routing("P1", "pack")],
    stock=[{"item": "cell", "opening_stock": 10}], customers=[{"customer": "K"}],
    orders=[order("P", item="pack"), order("K", item="cell", customer="K", earliest_ship_date=STARTS[1],
                                           due_date=SECOND)])
APPROVED = {**PACKS_FIRST, "approvals": [{"customer": "K", "item": "cell", "line": "L2"}]}
# A pack of 5000 cells at 1 each costs 100,000 to make: half a pack 52,500.
LARGE_BILL = book(
    items=[{"item": "cell"}, {"item": "pack"}], lines=[line(), line("P1")],
    bill_of_materials=[{"item": "pack", "component": "cell", "quantity_per": 5000}],
    routings=[routing("L1", "cell", hours_per_unit=0.0001, unit_cost=1), routing("P1", "pack", unit_cost=100000)],
    orders=[order(item="pack", quantity=0.5, unit_price=300000)])


def as_if_from_stock(plan: Plan) -> Plan:
    """K's cells, made on L1, said to be made for the packs, and those of the packs said to be K's."""
    return with_cell(with_cell(plan, "production", "order", 1, "P"), "shipments", "line", 1, None)


TABLES = (
    spoilt("pegging", EACH_OF_TWO, ("production", "order", 0, None), also=("first_in_first_out",)),
    Broken("pegging", PACKS_FIRST, APPROVED, spoil=as_if_from_stock),
    stricter("first_in_first_out", EACH_OF_TWO, TURNED, "decisions"),
    spoilt("variable_cost", book(routings=[routing(unit_cost=4)]), ("decisions", "variable_cost", 0, -50),
           ("decisions", "margin", 0, 250), ("decisions", "unit_margin", 0, 25)),
    spoilt("variable_cost", LARGE_BILL, ("decisions", "variable_cost", 0, -52600), ("decisions", "margin", 0, 97400),
           ("decisions", "unit_margin", 0, 194800)),
    spoilt("decisions", book(), ("decisions", "status", 0, "partial")),
    spoilt("decisions", book(), ("decisions", "reason", 0, " ")),
    spoilt("order_money", book(), ("decisions", "revenue", 0, 310), ("decisions", "margin", 0, 310),
           ("decisions", "unit_margin", 0, 31)),
    spoilt("margin", book(), ("margin", "amount", 0, 310)),
    Broken("bound", book(), book(), spoil=lambda plan: replace(plan, bound=plan.margin - 1)),
    Broken("bound", book(), book(), spoil=lambda plan: replace(plan, bound=float("nan"))),
    spoilt("production", book(), ("production", "run_hours", 0, 21)),
    spoilt("shipments", book(), ("shipments", "late_days", 0, 1), also=("decisions",)),
    spoilt("line_load", book(), ("line_load", "idle_hours", 0, 19)),
    spoilt("resource_load", RESOURCE, ("resource_load", "load", 0, 0.9)),
    spoilt("stock_levels", HELD, ("stock_levels", "holding", 0, -6), also=("margin",)),
    spoilt("material_needs", book(**BOUGHT, supply=supply()), ("material_needs", "unit_cost", 0, 4)),
    spoilt("transfer_plan", MOVED, ("transfer_plan", "transfer", 0, -9), also=("margin",)),
    spoilt("changes", book(published_plan=published(4)), ("changes", "difference", 0, 5)),
)
BROKEN = (*ORDERS, *MAKING, *STOCK, *POLICY, *TABLES)
