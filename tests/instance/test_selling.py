"""Which orders are planned, with which items, and every shipment the dates allow."""

from __future__ import annotations

import pytest

from tests.constraints.book import ENDS, Row, book, order, routing
from tests.instance.reading import coefficient, instance_of

TWO = [{"item": "A"}, {"item": "B"}]


def buckets_of(records, name: str = "O") -> list[int]:
    """Buckets in which an order can ship."""
    shipments = instance_of(records).frames["shipments"]
    return shipments.loc[shipments["order"] == name, "bucket"].tolist()


def shipping(transit_days: int = 0, **terms: object) -> list[int]:
    """Buckets of a four-week book in which an order to M can ship on a lane of so many days."""
    return buckets_of(book(4, markets=[{"market": "M"}],
                           lanes=[{"site": "main", "market": "M", "transit_days": transit_days}],
                           orders=[order(market="M", **terms)]))


def factors(substitutes: list[Row], items: list[Row] = TWO, **terms: object) -> dict[str, float]:
    """Items with which K's order to M can be served, with their price factors."""
    eligible = instance_of(book(
        items=items, routings=[routing(), routing(item="B")], markets=[{"market": "M"}, {"market": "N"}],
        customers=[{"customer": "K"}, {"customer": "L"}], substitutes=substitutes,
        orders=[order(market="M", customer="K", substitution=True, **terms)])).frames["eligible"]
    return dict(zip(eligible["item"], eligible["price_factor"], strict=True))


def duty_of(duties: list[Row], **terms: object) -> float:
    """Duty on a unit of 30 that arrives in M on Sunday 01-19, a week after it left; M's own rate is 0.1."""
    instance = instance_of(book(
        markets=[{"market": "M", "duty_rate": 0.1}], lanes=[{"site": "main", "market": "M", "transit_days": 7}],
        duties=duties, orders=[order(market="M", due_date=ENDS[1], **terms)]))
    (duty,) = coefficient(instance, "SHIPMENTS", "unit_duty").values()
    return -duty


def test_arrival_dates_bind_the_day_of_arrival() -> None:
    """Proves: with 10 days on the way, what leaves on 01-19 arrives on 01-29. By hand: latest 01-29 allows weeks 1 and
    2; 01-28 only week 1. If the departure were bound: weeks 1 to 3."""
    assert shipping(10, due_date="2025-01-29") == [0, 1]
    assert shipping(10, due_date="2025-01-28") == [0]


def test_departure_dates_bind_the_day_of_departure() -> None:
    """Proves: with 10 days on the way, latest 01-19 allows departures on 01-12 and 01-19. If arrival were bound: none."""
    assert shipping(10, due_date=ENDS[1], due_basis="departure") == [0, 1]


def test_latest_date_bounds_the_window_and_the_due_date_does_not() -> None:
    """Proves: due in week 1, impossible after week 3: weeks 1 to 3. A latest date in the middle of week 2 ends it at
    week 1. If the due date bound: week 1."""
    assert shipping(latest_date=ENDS[2]) == [0, 1, 2]
    assert shipping(latest_date="2025-01-18") == [0]


def test_earliest_ship_date_opens_the_window() -> None:
    """Proves: from Sunday 01-19 on, weeks 2 and 3; from Monday 01-20, week 3. If the week's start counted: one week
    later each."""
    assert shipping(earliest_ship_date="2025-01-19", due_date=ENDS[2]) == [1, 2]
    assert shipping(earliest_ship_date="2025-01-20", due_date=ENDS[2]) == [2]


def test_dates_outside_the_horizon_are_allowed() -> None:
    """Proves: an order due before the start has no shipment, one due long after has four weeks, one that may ship only
    after the horizon none."""
    assert shipping(due_date="2025-01-01") == []
    assert shipping(due_date="2026-01-01") == [0, 1, 2, 3]
    assert shipping(earliest_ship_date="2025-03-01", due_date="2025-04-01") == []


def test_only_sites_with_a_lane_serve_a_market_that_has_one() -> None:
    """Proves: one lane to M shuts out the site without; a market without lanes, and an order without market, is reached
    from both at once and free. If lanes were optional: four ways for each."""
    stock = [{"item": "A", "site": site, "opening_stock": 1} for site in ("main", "north")]
    shipments = instance_of(book(
        sites=[{"site": "main"}, {"site": "north"}], stock=stock, markets=[{"market": "M"}, {"market": "N"}],
        lanes=[{"site": "north", "market": "M", "mode": "sea", "freight_cost": 2}],
        orders=[order("M1", market="M"), order("N1", market="N"), order("X1")])).frames["shipments"]
    ways = {name: list(zip(rows["site"], rows["mode"], rows["unit_freight"], strict=True))
            for name, rows in shipments.groupby("order")}
    free = [("main", "standard", 0.0), ("north", "standard", 0.0)]
    assert {name: sorted(rows) for name, rows in ways.items()} == {"M1": [("north", "sea", -2.0)], "N1": free, "X1": free}


def test_tenders_and_declined_orders_are_left_out() -> None:
    """Proves: below the threshold of 0.5 an order is a tender, at it planned as won; decisions go before both."""
    orders = [order("low", win_probability=0.49), order("even", win_probability=0.5),
              order("taken", win_probability=0.1, decision="accept"), order("declined", decision="decline"),
              order("firm", commitment="firm")]
    planned = instance_of(book(orders=orders)).frames["orders"]
    assert dict(zip(planned["order"], planned["is_firm"], strict=True)) == {"even": False, "taken": True, "firm": True}


def test_the_most_specific_substitute_row_wins() -> None:
    """Proves: customer and market go before one of them, one of them before none, in whatever order the rows stand; a row
    for another customer or market is none. If the first or the last row won: 0.9 or 0.6."""
    rows = [{"price_factor": 0.9}, {"market": "M", "customer": "K", "price_factor": 0.7},
            {"customer": "K", "price_factor": 0.8}, {"market": "M", "price_factor": 0.6}]
    rows = [{"item": "A", "substitute": "B", **row} for row in rows]
    assert factors(rows) == {"A": 1, "B": 0.7}
    assert factors([rows[2], rows[0]]) == {"A": 1, "B": 0.8}
    assert factors([rows[3], rows[0]]) == {"A": 1, "B": 0.6}
    assert factors([{**rows[1], "customer": "L"}, {**rows[3], "market": "N"}]) == {"A": 1}


def test_substitution_is_asked_for_and_not_transitive() -> None:
    """Proves: an order that does not allow it gets its own item; B for A and C for B is not C for A."""
    rows = [{"item": "A", "substitute": "B"}, {"item": "B", "substitute": "C"}]
    items = [*TWO, {"item": "C"}]
    assert factors(rows, items) == {"A": 1, "B": 1}
    book_without = book(items=TWO, substitutes=rows[:1], orders=[order()])
    assert instance_of(book_without).frames["eligible"]["item"].tolist() == ["A"]


def test_ratings_make_items_eligible() -> None:
    """Proves: an item below the rate or the minutes asked for, or not rated, is not eligible. If unrated items passed: A
    too."""
    rated = [{"item": "A"}, {"item": "B", "max_c_rate": 2, "max_backup_minutes": 60}]
    rows = [{"item": "A", "substitute": "B"}]
    assert factors(rows, rated, min_c_rate=2) == {"B": 1}
    assert factors(rows, rated, backup_minutes=60) == {"B": 1}
    assert factors(rows, rated, min_c_rate=2, backup_minutes=61) == {}


def test_duty_takes_the_row_of_its_day_of_arrival() -> None:
    """Proves: a dated row replaces the market's rate for arrivals in its dates, both ends included. By hand: 30 x 0.2.
    If the departure on 01-12 counted, or the end were open: 3."""
    row = {"market": "M", "duty_rate": 0.2}
    assert duty_of([]) == pytest.approx(3)
    assert duty_of([{**row, "from_date": "2025-01-19", "to_date": "2025-01-19"}]) == pytest.approx(6)
    assert duty_of([{**row, "from_date": "2025-01-20"}]) == pytest.approx(3)
    assert duty_of([{**row, "to_date": "2025-01-18"}]) == pytest.approx(3)


def test_the_duty_row_that_names_the_item_wins() -> None:
    """Proves: A's own row goes before the row of every item, wherever it stands, but only for its dates."""
    blank, own = {"market": "M", "duty_rate": 0.3}, {"market": "M", "item": "A", "duty_rate": 0.0}
    assert duty_of([own, blank]) == duty_of([blank, own]) == 0
    assert duty_of([blank, {**own, "to_date": "2025-01-18"}]) == pytest.approx(9)


@pytest.mark.parametrize(("incoterm", "freight", "duty"), [
    ("EXW", 0, 0), ("FCA", 0, 0), ("FOB", 0, 0), ("CPT", 2, 0), ("CIP", 2, 0), ("CFR", 2, 0), ("CIF", 2, 0),
    ("DAP", 2, 0), ("DDP", 2, 3)])
def test_incoterms_say_who_bears_freight_and_duty(incoterm: str, freight: float, duty: float) -> None:
    """Proves: the customer bears freight of EXW, FCA and FOB, and duty of all but DDP. Dates are the same for all."""
    shipments = instance_of(book(
        2, markets=[{"market": "M", "duty_rate": 0.1}],
        lanes=[{"site": "main", "market": "M", "freight_cost": 2, "transit_days": 7}],
        orders=[order(market="M", due_date=ENDS[1], incoterm=incoterm)])).frames["shipments"]
    assert shipments[["bucket", "unit_freight", "unit_duty"]].to_numpy().tolist() == [[0, -freight, pytest.approx(-duty)]]
