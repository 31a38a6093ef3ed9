"""What an order cannot have beside the others, however many hours there are: that is no loss of its own."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from tests.constraints.book import ENDS, STARTS, book, line, order, routing
from tests.explain.test_reasons import reason_of
from tests.support import Records

BOTH = [order("O", min_fill=1), order("P", unit_price=60, min_fill=1)]
FROZEN = {"frozen_until": STARTS[1], "change_cost": 1}
PUBLISHED = [{"order": "P", "item": "A", "line": "L1", "bucket_start": STARTS[0], "quantity": 10}]


@pytest.mark.parametrize("largest", [2_000, 0])
@pytest.mark.parametrize(("records", "by"), [
    (book(orders=BOTH, allocations=[{"rule": "ten", "item": "A", "max_qty": 10}]), "ten"),
    (book(2, FROZEN, orders=BOTH, published_plan=PUBLISHED), "frozen_plan"),
    (book(orders=BOTH, items=[{"item": "A"}, {"item": "B"}], routings=[routing(item="B")],
          stock=[{"item": "A", "opening_stock": 10}]), "P"),
    (book(orders=BOTH, lines=[line(hours=0, overtime_hours=20, overtime_cost=1)]), "P"),
], ids=["quota", "frozen plan", "stock", "overtime"])
def test_what_one_of_two_orders_can_have_is_no_loss_of_the_other(records: Records, by: str, largest: int) -> None:
    """Proves: what more hours and materials do not divide is said to be in the way. By hand: ten units for P at 60 or
    for O at 30; O earns 300 where it gets them, and P's 600 are lost. If P's loss in the book with free capacity were
    counted as O's: "does not pay, even with free hours and all the material wanted", by 300."""
    with patch("model.explain.ground.SMALL_MODEL", largest):
        found = reason_of(records)
    told = [loser.order for loser in found.losers] if found.rule is None else [found.rule.name or found.rule.kind]
    assert (found.reason, told) == ("crowded_out" if by == "P" else "kept_out_by_rule", [by])
    assert found.costs.low == pytest.approx(300)


def test_what_comes_in_time_for_one_of_two_orders_is_no_loss_of_the_other() -> None:
    """Proves: the dates of others are held as well as what they get. By hand: ten units arrive in week 1, ten in week
    2; O late costs 10 x 30 x 0.1 = 30, P late 60. O on time costs 30 more, all of them P's. If only what P gets were
    held: "does not pay, even with free hours", by 30."""
    late = {"latest_date": ENDS[1], "late_rate": 0.1}
    found = reason_of(book(
        2, orders=[order("O", **late), order("P", unit_price=60, **late)], routings=[routing(item="B")],
        items=[{"item": "A"}, {"item": "B"}],
        receipts=[{"item": "A", "date": start, "quantity": 10} for start in STARTS[:2]]))
    assert (found.goal, found.reason, [loser.order for loser in found.losers]) == ("on_time", "crowded_out", ["P"])
    assert found.costs.low == pytest.approx(30)


@pytest.mark.parametrize("largest", [2_000, 0])
def test_goods_on_the_way_that_others_leave_are_there(largest: int) -> None:
    """Proves: of twenty foils on the way P leaves ten to O, which earns 300 with them and is kept out by the hours of
    the line. If what is on the way were left out of a large book, O would have to buy at 35 and would not pay, by 50.
    """
    with patch("model.explain.ground.SMALL_MODEL", largest):
        found = reason_of(book(
            items=[{"item": "A"}, {"item": "foil"}], lines=[line(hours=20)], orders=BOTH,
            bill_of_materials=[{"item": "A", "component": "foil", "quantity_per": 1}],
            supply=[{"supplier": "S", "item": "foil", "unit_cost": 35}],
            receipts=[{"item": "foil", "date": "2025-01-07", "quantity": 20}]))
    assert (found.reason, [loser.order for loser in found.losers]) == ("crowded_out", ["P"])
