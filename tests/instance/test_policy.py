"""Which shipments a rule counts, which production is frozen or published, what a pin speaks of."""

from __future__ import annotations

from tests.constraints.book import ENDS, STARTS, Row, book, line, order, routing
from tests.instance.reading import coefficient, instance_of, members


def counted(rule: Row) -> set[tuple[str, str, int]]:
    """Order, item and bucket of the shipments that a rule counts: K's order to M (overseas) may be served with B."""
    instance = instance_of(book(
        2, items=[{"item": "A", "family": "f"}, {"item": "B", "family": "g"}],
        routings=[routing(), routing(item="B")], customers=[{"customer": "K"}, {"customer": "L"}],
        markets=[{"market": "M", "region": "overseas"}, {"market": "N", "region": "domestic"}],
        lanes=[{"site": "main", "market": "M", "transit_days": 7}], substitutes=[{"item": "A", "substitute": "B"}],
        orders=[order(customer="K", market="M", substitution=True, due_date=ENDS[2]),
                order("P", customer="L", market="N")],
        allocations=[{"rule": "R", "max_qty": 1, **rule}]))
    return {(key[0], key[1], key[5]) for key in instance.groups["SHIPMENTS_OF_RULE"]["R"]}


def test_a_rule_counts_what_matches_every_scope_it_names() -> None:
    """Proves: blank is any; customer, market, region, item and family must all match. If one sufficed: P too."""
    everything = {("O", item, bucket) for item in "AB" for bucket in (0, 1)} | {("P", "A", 0)}
    of_k = everything - {("P", "A", 0)}
    assert counted({}) == everything
    assert counted({"customer": "K"}) == counted({"market": "M"}) == counted({"region": "overseas"}) == of_k
    assert counted({"customer": "K", "market": "N"}) == set()


def test_a_rule_counts_the_item_shipped() -> None:
    """Proves: B delivered instead of A counts as B. If the item ordered counted: none."""
    of_b = {("O", "B", 0), ("O", "B", 1)}
    assert counted({"item": "B"}) == counted({"family": "g"}) == of_b


def test_a_rule_counts_departures_in_its_period() -> None:
    """Proves: Sunday 01-12 leaves on the period's last or first day; its arrival on 01-19 does not matter. If arrivals
    were counted: week 1 for the second."""
    assert counted({"customer": "K", "item": "A", "to_date": ENDS[0]}) == {("O", "A", 0)}
    assert counted({"customer": "K", "item": "A", "from_date": "2025-01-13"}) == {("O", "A", 1)}


def test_a_minimum_that_nothing_can_meet_is_still_a_promise() -> None:
    """Proves: a rule without any possible shipment is a miss, not forgotten. If it were left out: no miss at all."""
    instance = instance_of(book(customers=[{"customer": "K"}],
                                allocations=[{"rule": "R", "customer": "K", "min_qty": 3}]))
    assert coefficient(instance, "CONTRACTS", "contract_qty") == {"R": 3}


def test_a_minimum_of_another_year_is_no_promise_of_this_plan() -> None:
    """Proves: a rule whose period lies wholly outside the horizon binds nothing, as its warning says; one that shares
    a day with it does. If it bound: a plan that misses it, whatever it does."""
    instance = instance_of(book(allocations=[
        {"rule": name, "from_date": first, "to_date": last, "min_qty": 3} for name, first, last in (
            ("before", None, "2025-01-05"), ("first", None, STARTS[0]), ("last", ENDS[0], None),
            ("after", STARTS[1], None))]))
    assert set(coefficient(instance, "CONTRACTS", "contract_qty")) == {"first", "last"}


def published(*rows: tuple[str, str, float], changes: Row | None = None):
    """An instance of two lines and two weeks with a published plan of line, day and quantity."""
    return instance_of(book(
        2, changes, lines=[line(), line("L2")], routings=[routing(), routing("L2")],
        published_plan=[{"item": "A", "line": name, "bucket_start": day, "quantity": quantity}
                        for name, day, quantity in rows]))


def test_the_published_plan_is_summed_by_line_item_and_bucket() -> None:
    """Proves: rows of one week add up whichever day of it they name; what lies outside the horizon is ignored."""
    instance = published(("L1", STARTS[0], 2), ("L1", "2025-01-09", 3), ("L2", STARTS[1], 4), ("L2", "2025-01-27", 5))
    assert coefficient(instance, "PUBLISHED_MAKING", "published_qty") == {("L1", "A", 0): 5, ("L2", "A", 1): 4}
    assert members(instance, "FROZEN_MAKING") == []


def test_frozen_buckets_are_those_that_start_before_the_day() -> None:
    """Proves: frozen until Tuesday 01-14 freezes week 2 as well; frozen buckets cost no change. By hand: lines
    without a row are frozen at zero. If only whole weeks were frozen: week 1."""
    rows = (("L1", STARTS[0], 2), ("L2", STARTS[1], 4))
    until_monday = published(*rows, changes={"frozen_until": STARTS[1]})
    assert coefficient(until_monday, "FROZEN_MAKING", "frozen_qty") == {("L1", "A", 0): 2, ("L2", "A", 0): 0}
    assert members(until_monday, "PUBLISHED_MAKING") == [("L2", "A", 1)]
    until_tuesday = published(*rows, changes={"frozen_until": "2025-01-14"})
    assert coefficient(until_tuesday, "FROZEN_MAKING", "frozen_qty") == {
        ("L1", "A", 0): 2, ("L1", "A", 1): 0, ("L2", "A", 0): 0, ("L2", "A", 1): 4}


def test_freezing_without_a_published_plan_has_no_effect() -> None:
    """Proves: no rows, nothing frozen. If they stood for nothing published: no production at all."""
    assert members(published(changes={"frozen_until": STARTS[1]}), "FROZEN_MAKING") == []


def test_what_is_published_where_nothing_can_be_made_stays_a_promise() -> None:
    """Proves: a line closed in a frozen week misses its published quantity. If the row fell out: no miss."""
    instance = instance_of(book(
        1, {"frozen_until": STARTS[1]}, calendar=[{"line": "L1", "availability": 0}],
        published_plan=[{"item": "A", "line": "L1", "bucket_start": STARTS[0], "quantity": 2}]))
    assert coefficient(instance, "FROZEN_MAKING", "frozen_qty") == {("L1", "A", 0): 2}
    assert instance.groups["MAKING_OF"]["L1", "A", 0] == ()


def test_a_pin_speaks_of_its_line_and_bucket_or_of_all() -> None:
    """Proves: any day names its bucket, blanks mean all lines or buckets, repeats get a number, and what lies
    outside the horizon binds nothing."""
    places = {"first": {"line": "L1", "bucket_start": "2025-01-15"}, "line": {"line": "L2"},
              "week": {"bucket_start": STARTS[0]}, "all": {}, "again": {}, "outside": {"bucket_start": "2025-03-01"}}
    instance = instance_of(book(
        2, lines=[line(), line("L2")], routings=[routing(), routing("L2")], orders=[order(due_date=ENDS[1])],
        pins=[{"order": "O", "quantity": 1, "sense": "max", **place} for place in places.values()]))
    cells = {pin: [(key[1], key[3]) for key in keys] for pin, keys in instance.groups["OWN_MAKING_OF_PIN"].items()}
    every = [("L1", 0), ("L1", 1), ("L2", 0), ("L2", 1)]
    assert cells == {"O / L1 / 2025-01-15 / max": [("L1", 1)], "O / L2 / max": [("L2", 0), ("L2", 1)],
                     "O / 2025-01-06 / max": [("L1", 0), ("L2", 0)], "O / max": every, "O / max #2": every}
    assert set(members(instance, "MAXIMUM_PINS")) == set(cells)
