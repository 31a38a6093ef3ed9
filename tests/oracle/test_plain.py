"""The oracle against cases of making and stock solved by hand; each says what a misread rule would answer."""

from __future__ import annotations

import pytest

from tests.oracle.cases import case, margin, order, routing, solved


def test_hours_bound_what_is_made() -> None:
    """12 h at 2 h a unit make 6 of the 10 ordered: 6 x (30 - 4) = 156. Without the limit: 260."""
    assert margin(case(lines=[{"line": "L1", "regular_hours": 12}])) == pytest.approx(156)


def test_overtime_is_used_while_it_pays() -> None:
    """6 h overtime at 5/h make 3 more units at 26 - 10: 156 + 48 = 204. At 14/h a unit loses 2: 156. Free: 234."""
    line = {"line": "L1", "regular_hours": 12, "overtime_hours": 6}
    assert margin(case(lines=[{**line, "overtime_cost": 5}])) == pytest.approx(204)
    assert margin(case(lines=[{**line, "overtime_cost": 14}])) == pytest.approx(156)


def test_setup_takes_hours_and_money_in_every_bucket() -> None:
    """16 h less 4 h setup: 6 units, 6 x 26 - 10 = 146 a week, 10 units in two weeks: 260 - 20 = 240.
    One setup carried over: 250. Setup without hours: 8 a week, then 2 more: 260 - 20 = 240 too, but one week: 198."""
    rows = [routing(setup_hours=4, setup_cost=10)]
    lines = [{"line": "L1", "regular_hours": 16}]
    assert margin(case(routings=rows, lines=lines)) == pytest.approx(146)
    later = [order(due_date="2025-01-19")]
    assert margin(case(2, routings=rows, lines=lines, orders=later)) == pytest.approx(240)


def test_items_of_a_group_share_a_setup() -> None:
    """A and B, 2 units each, one group: 2 x 26 + 2 x 26 - 10 = 94. A setup each: 84."""
    rows = [routing(setup_cost=10, setup_group="g"), routing(item="B", setup_cost=10, setup_group="g")]
    book = case(items=[{"item": "A"}, {"item": "B"}], routings=rows,
                orders=[order(quantity=2), order("O2", item="B", quantity=2)])
    assert margin(book) == pytest.approx(94)


def test_lots_leave_a_surplus_in_stock() -> None:
    """Lots of 4 for an order of 10: 12 made, 300 - 48 = 252 less 2 kept at 1: 250; 8 made: 208. Any quantity: 260."""
    stock = [{"item": "A", "holding_cost": 1}]
    assert margin(case(routings=[routing(lot_multiple=4)], stock=stock)) == pytest.approx(250)
    assert margin(case(routings=[routing(min_lot=12)], stock=stock)) == pytest.approx(250)


def test_components_are_consumed_before_yield() -> None:
    """A unit of A takes 2 / 0.5 = 4 cells at 3: 30 - 4 - 12 = 14 each; 20 cells make 5: 70. Yield ignored: 10 x 20."""
    book = case(items=[{"item": "A"}, {"item": "cell"}], routings=[routing(yield_share=0.5)],
                bill_of_materials=[{"item": "A", "component": "cell", "quantity_per": 2}],
                supply=[{"supplier": "S", "item": "cell", "unit_cost": 3, "max_qty": 20}])
    assert margin(book) == pytest.approx(70)


def test_what_is_bought_must_arrive_after_its_lead_time() -> None:
    """With 7 days nothing arrives by Sunday 01-12, 6 days after the start; with 6 days it does: 10 x 25 = 250."""
    supply = {"supplier": "S", "item": "A", "unit_cost": 5}
    idle = [{"line": "L1", "regular_hours": 0}]
    assert margin(case(supply=[{**supply, "lead_time_days": 7}], lines=idle)) == pytest.approx(0)
    assert margin(case(supply=[{**supply, "lead_time_days": 6}], lines=idle)) == pytest.approx(250)


def test_take_or_pay_is_due_in_every_bucket_it_covers() -> None:
    """At least 4 are paid at 2 in both weeks, unreachable or not: -16. Only where it is taken: 0."""
    supply = [{"supplier": "S", "item": "A", "unit_cost": 2, "min_qty": 4, "lead_time_days": 10}]
    assert margin(case(2, supply=supply, lines=[{"line": "L1", "regular_hours": 0}])) == pytest.approx(-16)


def test_goods_with_a_lead_time_are_there_in_the_first_bucket_that_ends_so_much_later() -> None:
    """7 days after Sunday 01-12 is Sunday 01-19, in time; 8 days are not: 0. Counted from the week's start: 260."""
    late = [order(due_date="2025-01-19")]
    assert margin(case(2, routings=[routing(lead_time_days=7)], orders=late)) == pytest.approx(260)
    assert margin(case(2, routings=[routing(lead_time_days=8)], orders=late)) == pytest.approx(0)


def test_transfers_take_their_time_and_cost() -> None:
    """L1 at north, the lane from main: made in week 1, there in week 2: 10 x (26 - 1) = 250; due in week 1: 0."""
    book = case(2, sites=[{"site": "main"}, {"site": "north"}], markets=[{"market": "M"}],
                lines=[{"line": "L1", "site": "north", "regular_hours": 40}],
                lanes=[{"site": "main", "market": "M"}],
                transfers=[{"from_site": "north", "to_site": "main", "unit_cost": 1, "transit_days": 7}],
                orders=[order(market="M", due_date="2025-01-19")])
    assert margin(book) == pytest.approx(250)
    assert margin({**book, "orders": [order(market="M")]}) == pytest.approx(0)


def test_a_transfer_row_for_the_item_replaces_the_blank_row() -> None:
    """The item's row costs 3 a unit: 10 x 23 = 230. The cheaper blank row chosen: 250."""
    ends = {"from_site": "north", "to_site": "main"}
    book = case(sites=[{"site": "main"}, {"site": "north"}], markets=[{"market": "M"}],
                lines=[{"line": "L1", "site": "north", "regular_hours": 40}], lanes=[{"site": "main", "market": "M"}],
                transfers=[{**ends, "unit_cost": 1}, {**ends, "item": "A", "unit_cost": 3}],
                orders=[order(market="M")])
    assert margin(book) == pytest.approx(230)


def test_stock_is_kept_at_its_cost_and_within_its_limit() -> None:
    """Week 2's order of 30, 20 units a week: 8 kept at 1: 28 x 26 - 8 = 720. Without limit: 10 kept: 770."""
    book = case(2, stock=[{"item": "A", "holding_cost": 1, "storage_limit": 8}],
                orders=[order(quantity=30, earliest_ship_date="2025-01-13", due_date="2025-01-19")])
    assert margin(book) == pytest.approx(720)


def test_receipts_join_in_the_bucket_that_contains_them() -> None:
    """6 arrive on Sunday 01-12, in time and at no cost: 10 x 30 - 4 x 4 = 284; on Monday they do not: 260."""
    receipt = {"item": "A", "quantity": 6}
    assert margin(case(receipts=[{**receipt, "date": "2025-01-12"}])) == pytest.approx(284)
    assert margin(case(2, receipts=[{**receipt, "date": "2025-01-13"}])) == pytest.approx(260)


def test_safety_and_final_stock_are_promises_after_firm_orders() -> None:
    """8 units: 5 to the firm order, 3 of the 4 kept as safety stock, the optional order gets none: 5 x 30 - 32 = 118,
    missing 1; final stock of 6 misses 3 more."""
    book = case(lines=[{"line": "L1", "regular_hours": 16}], stock=[{"item": "A", "safety_stock": 4, "final_stock": 6}],
                orders=[order("F", quantity=5, commitment="firm"), order("O", unit_price=90)])
    answer = solved(book)
    assert answer.missed_by_kind == pytest.approx({1: 0, 2: 0, 3: 4})
    assert answer.margin == pytest.approx(118)


def test_calendar_shares_are_weighted_by_day_and_multiply() -> None:
    """Half the hours on 2 of 7 days, twice halved on one of them: 40 x (5 + 0.5 + 0.25) / 7 h / 2 = 16.43 units of 20.
    The lower of two rows: 17.14 units."""
    calendar = [{"line": "L1", "from_date": "2025-01-06", "to_date": "2025-01-07", "availability": 0.5},
                {"from_date": "2025-01-07", "to_date": "2025-01-07", "availability": 0.5}]
    book = case(calendar=calendar, orders=[order(quantity=20)])
    assert margin(book) == pytest.approx(26 * 20 * 5.75 / 7)


def test_lines_that_start_inside_a_bucket_have_the_share_of_its_days() -> None:
    """From Thursday on, 4 of 7 days: 28 h x 4 / 7 = 16 h, 8 units: 208. The whole week: 260."""
    assert margin(case(lines=[{"line": "L1", "regular_hours": 28, "start_date": "2025-01-09"}])) == pytest.approx(208)


def test_shared_resources_bound_lines_together() -> None:
    """Two lines of 6 units, a chamber of 8 h at 1 h a unit: 8 x 26 = 208. Per line: 260."""
    lines = [{"line": "L1", "regular_hours": 12}, {"line": "L2", "regular_hours": 12}]
    use = [{"line": line, "item": "A", "resource": "chamber", "hours_per_unit": 1} for line in ("L1", "L2")]
    book = case(lines=lines, routings=[routing(), routing(line="L2")],
                resources=[{"resource": "chamber", "hours": 8}], routing_resources=use)
    assert margin(book) == pytest.approx(208)


def test_a_line_is_opened_where_it_pays() -> None:
    """Opened on Thursday, 16 h of 28: 8 x 26 - 100 = 108. Opening costs 300: stays shut: 0."""
    line = [{"line": "L1", "regular_hours": 28}]
    for cost, expected in ((100, 108), (300, 0)):
        options = [{"line": "L1", "start_date": "2025-01-09", "cost": cost}]
        assert margin(case(lines=line, expansions=options)) == pytest.approx(expected)


def test_routings_apply_to_buckets_whose_first_day_they_cover() -> None:
    """From Tuesday 01-07 the routing misses week 1 as a whole: 0; until Monday 01-06 it has all of it: 260."""
    assert margin(case(routings=[routing(from_date="2025-01-07")])) == pytest.approx(0)
    assert margin(case(routings=[routing(to_date="2025-01-06")])) == pytest.approx(260)


def test_months_begin_on_the_start_date_s_day() -> None:
    """From 01-15 the second month is 02-15 to 03-14: an order due on 03-13 gets only the first month's 20 units."""
    book = case(2, {"start_date": "2025-01-15", "bucket": "month"},
                orders=[order(quantity=40, due_date="2025-03-13")])
    assert margin(book) == pytest.approx(520)
    assert margin({**book, "orders": [order(quantity=40, due_date="2025-03-14")]}) == pytest.approx(1040)
