"""The oracle against cases of orders and promises solved by hand; each says what a misread rule would answer."""

from __future__ import annotations

import pytest

from tests.oracle.cases import Row, case, margin, order, routing, solved


def test_all_or_nothing_orders_fill_the_line_best() -> None:
    """10 h, 1 h a unit: 6 for 60, 5 for 48, 5 for 47, none divisible: 48 + 47 = 95. Divided: 60 + 4/5 x 48 = 98.4."""
    orders = [order("A", quantity=6, unit_price=10, min_fill=1), order("B", quantity=5, unit_price=9.6, min_fill=1),
              order("C", quantity=5, unit_price=9.4, min_fill=1)]
    book = case(lines=[{"line": "L1", "regular_hours": 10}], routings=[routing(hours_per_unit=1, unit_cost=0)],
                orders=orders)
    assert margin(book) == pytest.approx(95)


def test_late_weeks_are_started_weeks_after_grace() -> None:
    """Made in week 2, 7 days late. Grace 2: 5 days are 1 week, 10 %: 260 - 30 = 230. Grace 7: 260. Cap 4 %: 248."""
    late: Row = {"latest_date": "2025-01-19", "late_rate": 0.1, "earliest_ship_date": "2025-01-13"}
    assert margin(case(2, orders=[order(**late, late_grace_days=2)])) == pytest.approx(230)
    assert margin(case(2, orders=[order(**late, late_grace_days=7)])) == pytest.approx(260)
    assert margin(case(2, orders=[order(**late, late_cap=0.04)])) == pytest.approx(248)


def test_an_accepted_tender_is_planned_as_firm() -> None:
    """Sold at 1 below its cost of 4, 10 units: -30. Left out as a tender, or taken as optional: 0."""
    assert margin(case(orders=[order(win_probability=0.1, decision="accept", unit_price=1)])) == pytest.approx(-30)


LANE = [{"site": "main", "market": "M", "freight_cost": 2, "transit_days": 3}]


@pytest.mark.parametrize(("incoterm", "expected"), [("DDP", 210), ("DAP", 240), ("FOB", 260)])
def test_incoterms_say_whose_freight_and_duty_it_is(incoterm: str, expected: float) -> None:
    """Freight 2 a unit, duty 10 % of 30: DDP bears both (26 - 2 - 3), DAP freight only, FOB neither."""
    book = case(markets=[{"market": "M", "duty_rate": 0.1}], lanes=LANE,
                orders=[order(market="M", incoterm=incoterm, due_date="2025-01-15")])
    assert margin(book) == pytest.approx(expected)


def test_due_dates_count_arrival_unless_departure_is_asked() -> None:
    """Departure on 01-12 is on time, arrival on 01-15 is not: nothing ships by arrival, 10 x 24 by departure."""
    book = case(markets=[{"market": "M"}], lanes=LANE, orders=[order(market="M")])
    assert margin(book) == pytest.approx(0)
    assert margin({**book, "orders": [order(market="M", due_basis="departure")]}) == pytest.approx(240)


def test_duty_rows_count_by_arrival_and_the_item_wins() -> None:
    """Arrival 01-15: the item's row from 01-14 says 20 %: 260 - 20 - 60 = 180. By departure the blank row: 225."""
    duties = [{"market": "M", "duty_rate": 0.05}, {"market": "M", "item": "A", "from_date": "2025-01-14",
                                                   "duty_rate": 0.2}]
    book = case(markets=[{"market": "M", "duty_rate": 0.1}], lanes=LANE, duties=duties,
                orders=[order(market="M", due_date="2025-01-15")])
    assert margin(book) == pytest.approx(180)


def test_prices_are_in_the_order_s_currency_and_costs_in_base() -> None:
    """10 x (30 x 7 - 4) = 2060. The cost converted too: 1820."""
    book = case(currencies=[{"currency": "USD", "rate": 7}], markets=[{"market": "M", "currency": "USD"}],
                orders=[order(market="M")])
    assert margin(book) == pytest.approx(2060)


def test_firm_orders_are_kept_by_value_before_margin() -> None:
    """10 h for 5 units: the firm order at 3, below cost, gets them: 5 x (3 - 4) = -5, missing 5 x 3 = 15. Margin
    first: 130."""
    book = case(lines=[{"line": "L1", "regular_hours": 10}],
                orders=[order("F", unit_price=3, commitment="firm"), order("O", unit_price=30)])
    answer = solved(book)
    assert answer.margin == pytest.approx(-5)
    assert answer.missed_by_kind == pytest.approx({1: 0, 2: 15, 3: 0})


def test_missed_firm_orders_are_weighed_by_value() -> None:
    """5 units, firm orders of 10 at 20 and at 30, the latter costlier to make: the dearer one is served."""
    book = case(items=[{"item": "A"}, {"item": "B"}], lines=[{"line": "L1", "regular_hours": 10}],
                routings=[routing(), routing(item="B", unit_cost=25)],
                orders=[order("F", unit_price=20, commitment="firm"),
                        order("G", item="B", unit_price=30, decision="accept")])
    answer = solved(book)
    assert answer.missed_by_kind[2] == pytest.approx(200 + 150)
    assert answer.margin == pytest.approx(25)


def test_a_firm_order_short_of_its_minimum_fill_gets_nothing() -> None:
    """5 of 10 can be made, at least 6 would have to be: the miss is all of it, 300, and the margin 0."""
    book = case(lines=[{"line": "L1", "regular_hours": 10}], orders=[order(commitment="firm", min_fill=0.6)])
    answer = solved(book)
    assert (answer.margin, answer.missed_by_kind[2]) == pytest.approx((0, 300))


def test_tenders_below_the_threshold_and_declined_orders_are_left_out() -> None:
    """Chance 0.4 and a firm order declined by the planner: 0. At the threshold of 0.5 an order is planned: 260."""
    assert margin(case(orders=[order(win_probability=0.4),
                               order("O2", commitment="firm", decision="decline")])) == pytest.approx(0)
    assert margin(case(orders=[order(win_probability=0.5)])) == pytest.approx(260)


def test_single_line_orders_come_from_one_line_or_none() -> None:
    """Two lines of 6 units: single_line takes 6 from one: 156, though 10 could be made. 7 in stock: 7 x 30 = 210."""
    lines = [{"line": "L1", "regular_hours": 12}, {"line": "L2", "regular_hours": 12}]
    book = case(lines=lines, routings=[routing(), routing(line="L2")], orders=[order(single_line=True)])
    assert margin(book) == pytest.approx(156)
    assert margin({**book, "stock": [{"item": "A", "opening_stock": 7}]}) == pytest.approx(210)


def test_single_deliveries_leave_together() -> None:
    """6 units a week: the delivery of 10 in week 2 keeps 4 or 6 for a week: 260 - 4 x 0.5 = 258. Twice: 260."""
    book = case(2, lines=[{"line": "L1", "regular_hours": 12}], stock=[{"item": "A", "holding_cost": 0.5}],
                orders=[order(single_delivery=True, due_date="2025-01-19")])
    assert margin(book) == pytest.approx(258)


def test_substitutes_bring_their_share_of_the_price_if_rated() -> None:
    """B costs 1, at 0.8 x 30: 10 x 23 = 230 where A's line has no hours. B unrated where a rating is asked: 0."""
    book = case(items=[{"item": "A", "max_c_rate": 2}, {"item": "B"}],
                lines=[{"line": "L1", "regular_hours": 40}, {"line": "L2", "regular_hours": 0}],
                routings=[routing(line="L2"), routing(item="B", unit_cost=1)],
                substitutes=[{"item": "A", "substitute": "B", "price_factor": 0.8}], orders=[order(substitution=True)])
    assert margin(book) == pytest.approx(230)
    assert margin({**book, "orders": [order(substitution=True, min_c_rate=1)]}) == pytest.approx(0)
    assert margin({**book, "orders": [order()]}) == pytest.approx(0)


def test_approved_lines_alone_serve_the_customer() -> None:
    """L2, approved, makes 6 of 10: 156; the other customer takes 10 from L1: 260."""
    lines = [{"line": "L1", "regular_hours": 40}, {"line": "L2", "regular_hours": 12}]
    book = case(lines=lines, routings=[routing(), routing(line="L2")],
                customers=[{"customer": "C"}, {"customer": "D"}],
                approvals=[{"customer": "C", "item": "A", "line": "L2"}],
                orders=[order(customer="C"), order("O2", customer="D")])
    assert margin(book) == pytest.approx(156 + 260)


def test_quotas_are_kept_and_contract_minimums_are_promises() -> None:
    """At most 4 leave: 104. At least 12 of the item that sells at 1: 10 x -3 = -30 and 2 missed."""
    assert margin(case(allocations=[{"rule": "R", "max_qty": 4}])) == pytest.approx(104)
    answer = solved(case(allocations=[{"rule": "R", "min_qty": 12}], orders=[order(unit_price=1)]))
    assert (answer.margin, answer.missed_by_kind[3]) == pytest.approx((-30, 2))


def test_pins_come_before_firm_orders() -> None:
    """5 units can be made; 4 are pinned to the optional order, so the firm one gets 1 and misses 9 x 30 = 270."""
    book = case(lines=[{"line": "L1", "regular_hours": 10}],
                orders=[order(unit_price=5), order("F", commitment="firm")],
                pins=[{"order": "O1", "quantity": 4, "line": "L1", "bucket_start": "2025-01-08"}])
    answer = solved(book)
    assert answer.missed_by_kind == pytest.approx({1: 0, 2: 270, 3: 0})
    assert answer.margin == pytest.approx(4 * 1 + 26)


def test_stock_does_not_keep_a_pin() -> None:
    """10 in stock, at least 4 to be made: 300 - 16 = 284. Stock counted: 300."""
    book = case(stock=[{"item": "A", "opening_stock": 10}], pins=[{"order": "O1", "quantity": 4, "sense": "min"}])
    assert margin(book) == pytest.approx(284)


def test_the_frozen_plan_is_followed_and_later_changes_cost() -> None:
    """Week 1 frozen at 3, 7 needed in week 2 where 8 are published: one too many at 4 is cheaper than a change at 5:
    300 - 44 = 256. Free changes: 260."""
    published = [{"item": "A", "line": "L1", "bucket_start": "2025-01-06", "quantity": 3},
                 {"item": "A", "line": "L1", "bucket_start": "2025-01-15", "quantity": 8}]
    book = case(2, {"frozen_until": "2025-01-07", "change_cost": 5}, published_plan=published,
                orders=[order(due_date="2025-01-19")])
    assert solved(book).margin == pytest.approx(256)


def test_a_frozen_plan_that_cannot_be_kept_is_missed_in_units() -> None:
    """25 published, 20 fit: 5 missed; 10 of the 20 are sold: 300 - 80 = 220."""
    published = [{"item": "A", "line": "L1", "bucket_start": "2025-01-06", "quantity": 25}]
    answer = solved(case(1, {"frozen_until": "2025-01-07"}, published_plan=published))
    assert (answer.margin, answer.missed_by_kind[1]) == pytest.approx((220, 5))
