"""Purchases, goods on the way and transfers, bucket by bucket."""

from __future__ import annotations

from tests.constraints.book import book, line, order
from tests.instance.reading import coefficient, instance_of, members

SITES = [{"site": "main"}, {"site": "north"}]


def test_receipts_join_the_first_bucket_that_ends_on_or_after_their_day() -> None:
    """Proves: Sunday 01-12 is week 1, Monday 01-13 week 2, what is overdue joins week 1, what comes after the horizon
    never; receipts of a bucket add up. If they joined at the next start: a week later."""
    days = {"2025-01-01": 1, "2025-01-12": 2, "2025-01-13": 4, "2025-01-20": 8}
    instance = instance_of(book(2, receipts=[
        {"item": "A", "date": day, "quantity": quantity} for day, quantity in days.items()]))
    assert instance.groups["RECEIVED"] == {("A", "all", "main", 0): (3,), ("A", "all", "main", 1): (4,)}


def test_an_offer_is_reachable_once_its_lead_time_has_passed() -> None:
    """Proves: 6 days after Monday 01-06 is Sunday 01-12, week 1; 7 days are week 2. The minimum is paid in both weeks
    all the same. If it were due only where goods can arrive: week 2."""
    offer = {"supplier": "S", "item": "A", "min_qty": 1, "max_qty": 5}
    soon = instance_of(book(2, supply=[{**offer, "lead_time_days": 6}]))
    later = instance_of(book(2, supply=[{**offer, "lead_time_days": 7}]))
    assert (members(soon, "PURCHASES"), members(later, "PURCHASES")) == ([(0, 0), (0, 1)], [(0, 1)])
    assert members(later, "LIMITED_PURCHASES") == [(0, 1)]
    assert members(later, "TAKE_OR_PAY") == [(0, 0), (0, 1)]


def test_a_dated_offer_holds_for_whole_buckets_by_their_first_day() -> None:
    """Proves: from Tuesday 01-07 to Monday 01-20 is weeks 2 and 3; two rows of one supplier are two offers."""
    offer = {"supplier": "S", "item": "A"}
    instance = instance_of(book(4, supply=[{**offer, "from_date": "2025-01-07", "to_date": "2025-01-20"},
                                           {**offer, "from_date": "2025-01-21", "unit_cost": 2}]))
    assert coefficient(instance, "PURCHASES", "purchase_price") == {(0, 1): 0, (0, 2): 0, (1, 3): 2}


def test_a_limit_of_nothing_is_a_limit_and_a_blank_is_none() -> None:
    """Proves: max_qty 0 forbids, storage_limit 0 forbids, a blank allows anything. If 0 were blank: no limit."""
    offer, kept = {"supplier": "S", "item": "A"}, {"item": "A"}
    limited = instance_of(book(supply=[{**offer, "max_qty": 0}], stock=[{**kept, "storage_limit": 0}]))
    free = instance_of(book(supply=[offer], stock=[kept]))
    assert coefficient(limited, "LIMITED_PURCHASES", "max_qty") == {(0, 0): 0}
    assert coefficient(limited, "LIMITED_STOCK", "storage_limit") == {("A", "main", 0): 0}
    assert (members(free, "LIMITED_PURCHASES"), members(free, "LIMITED_STOCK")) == ([], [])


def test_the_transfer_row_of_an_item_replaces_the_blank_one() -> None:
    """Proves: A moves by its own row (3 a unit), B by the blank one (1). If both were open: A at 1 as well."""
    instance = instance_of(book(
        sites=SITES, items=[{"item": "A"}, {"item": "B"}], lines=[line(site="north")],
        stock=[{"item": item, "site": "north", "opening_stock": 1} for item in ("A", "B")],
        transfers=[{"from_site": "north", "to_site": "main", "unit_cost": 1},
                   {"from_site": "north", "to_site": "main", "item": "A", "unit_cost": 3}]))
    prices = {key[2]: price for key, price in coefficient(instance, "TRANSFERS", "transfer_price").items()}
    assert prices == {"A": 3, "B": 1}
    assert len(members(instance, "TRANSFERS")) == 2


def test_a_transfer_arrives_in_the_first_bucket_that_ends_so_much_later() -> None:
    """Proves: 7 days after Sunday 01-12 is Sunday 01-19, week 2; 8 days are week 3; what would arrive after the horizon
    does not leave. At once is the same week."""
    def arrivals(days: int) -> list[int]:
        route = {"from_site": "north", "to_site": "main", "transit_days": days}
        instance = instance_of(book(3, sites=SITES, lines=[line(site="north")], transfers=[route]))
        return instance.frames["transfers"]["arrival_bucket"].tolist()

    assert (arrivals(0), arrivals(7), arrivals(8)) == ([0, 1, 2], [1, 2], [2])


def test_items_are_where_they_can_come_to() -> None:
    """Proves: an item is at the sites where it is made, kept, bought, received, consumed or moved to, in any number
    of moves, and nowhere else. By hand: cells are bought at main and moved to north and on to south; A is made at
    north."""
    instance = instance_of(book(
        sites=[*SITES, {"site": "south"}, {"site": "west"}], items=[{"item": "A"}, {"item": "cell"}],
        lines=[line(site="north")], bill_of_materials=[{"item": "A", "component": "cell", "quantity_per": 1}],
        supply=[{"supplier": "S", "item": "cell"}],
        transfers=[{"from_site": "main", "to_site": "north", "item": "cell"},
                   {"from_site": "north", "to_site": "south", "item": "cell"},
                   {"from_site": "west", "to_site": "main"}]))
    present = instance.frames["present"]
    assert list(zip(present["item"], present["site"], strict=True)) == [
        ("A", "north"), ("cell", "main"), ("cell", "north"), ("cell", "south")]


def test_an_order_for_a_component_ships_from_where_the_component_is() -> None:
    """Proves: orders may ask for any item. By hand: the cell bought at main ships from main."""
    instance = instance_of(book(items=[{"item": "A"}, {"item": "cell"}], supply=[{"supplier": "S", "item": "cell"}],
                                orders=[order(item="cell")]))
    assert members(instance, "SHIPMENTS") == [("O", "cell", "open", "main", "standard", 0)]
