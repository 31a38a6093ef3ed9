"""Which orders are planned, with which items, and every shipment the dates allow."""

from __future__ import annotations

import pytest

from tests.constraints.book import ENDS, Row, book, order, routing
from tests.instance.reading import coefficient, instance_of

TWO = [{"item": "A"}, {"item": "B"}]


def windows(transit_days: int, **orders: Row) -> dict[str, list[int]]:
    """Buckets in which each order to M, with the terms given, can ship: four weeks, a lane of so many days."""
    shipments = instance_of(book(
        4, markets=[{"market": "M"}], lanes=[{"site": "main", "market": "M", "transit_days": transit_days}],
        orders=[order(name, market="M", **terms) for name, terms in orders.items()])).frames["shipments"]
    return {name: shipments.loc[shipments["order"] == name, "bucket"].tolist() for name in orders}


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


def test_dates_bind_the_day_of_arrival_or_departure() -> None:
    """Proves: with 10 days on the way, what leaves on 01-19 arrives on 01-29. By hand: latest 01-29 allows weeks 1 and
    2, 01-28 only week 1; by departure 01-19 allows both. If the departure were always bound: weeks 1 to 3 for the
    first; if the arrival: none for the last."""
    found = windows(10, tight={"due_date": "2025-01-28"}, exact={"due_date": "2025-01-29"},
                    leaves={"due_date": ENDS[1], "due_basis": "departure"})
    assert found == {"tight": [0], "exact": [0, 1], "leaves": [0, 1]}


def test_the_window_is_from_earliest_ship_date_to_latest_date() -> None:
    """Proves: the due date does not bound it; a date in the middle of week 2 ends it at week 1; from Sunday 01-19 on is
    weeks 2 and 3, from Monday 01-20 week 3. If the due date bound: week 1. If starts of weeks counted: one week off."""
    found = windows(0, late={"latest_date": ENDS[2]}, middle={"latest_date": "2025-01-18"},
                    sunday={"earliest_ship_date": "2025-01-19", "due_date": ENDS[2]},
                    monday={"earliest_ship_date": "2025-01-20", "due_date": ENDS[2]})
    assert found == {"late": [0, 1, 2], "middle": [0], "sunday": [1, 2], "monday": [2]}


def test_dates_outside_the_horizon_are_allowed() -> None:
    """Proves: an order due before the start has no shipment, one due long after has four weeks, one that may ship only
    after the horizon none."""
    found = windows(0, before={"due_date": "2025-01-01"}, after={"due_date": "2026-01-01"},
                    never={"earliest_ship_date": "2025-03-01", "due_date": "2025-04-01"})
    assert found == {"before": [], "after": [0, 1, 2, 3], "never": []}


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
    by_sea = [("north", "sea", -2.0)]
    assert {name: sorted(rows) for name, rows in ways.items()} == {"M1": by_sea, "N1": free, "X1": free}


def test_tenders_and_declined_orders_are_left_out() -> None:
    """Proves: below the threshold of 0.5 an order is a tender, at it planned as won; decisions go before both."""
    orders = [order("low", win_probability=0.49), order("even", win_probability=0.5),
              order("taken", win_probability=0.1, decision="accept"), order("declined", decision="decline"),
              order("firm", commitment="firm")]
    planned = instance_of(book(orders=orders)).frames["orders"]
    assert dict(zip(planned["order"], planned["is_firm"], strict=True)) == {"even": False, "taken": True, "firm": True}


def test_the_most_specific_substitute_row_wins() -> None:
    """Proves: customer and market go before one of them, one of them before none, in whatever order the rows stand;
    a row for another customer or market is none; and the customer alone goes before the market alone. If the first or
    the last row won: 0.9 or 0.6; if the last two were one as good as the other, the input would be refused."""
    rows = [{"price_factor": 0.9}, {"market": "M", "customer": "K", "price_factor": 0.7},
            {"customer": "K", "price_factor": 0.8}, {"market": "M", "price_factor": 0.6}]
    rows = [{"item": "A", "substitute": "B", **row} for row in rows]
    assert factors(rows) == {"A": 1, "B": 0.7}
    assert factors([rows[2], rows[0]]) == factors([rows[3], rows[2]]) == factors(rows[2:]) == {"A": 1, "B": 0.8}
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
    """Proves: an item below the rate or the minutes asked for, or not rated, is not eligible. If unrated items
    passed: A too."""
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


def test_incoterms_say_who_bears_freight_and_duty() -> None:
    """Proves: the customer bears freight of EXW, FCA and FOB, and duty of all but DDP; dates are the same for all. By
    hand: freight 2, duty 30 x 0.1 = 3."""
    paid = {"EXW": (0, 0), "FCA": (0, 0), "FOB": (0, 0), "CPT": (2, 0), "CIP": (2, 0), "CFR": (2, 0), "CIF": (2, 0),
            "DAP": (2, 0), "DDP": (2, 3)}
    shipments = instance_of(book(
        2, markets=[{"market": "M", "duty_rate": 0.1}],
        lanes=[{"site": "main", "market": "M", "freight_cost": 2, "transit_days": 7}],
        orders=[order(term, market="M", due_date=ENDS[1], incoterm=term) for term in paid])).frames["shipments"]
    assert shipments["bucket"].tolist() == [0] * len(paid)
    found = {row.order: (-row.unit_freight, -row.unit_duty) for row in shipments.itertuples()}
    assert found == {term: pytest.approx(costs) for term, costs in paid.items()}
