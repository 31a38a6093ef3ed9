"""The price from which all of an order is delivered, where the time did not suffice to find every step up to it."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from model.explain.break_even import BreakEven
from model.explain.curve import price_of_all
from model.explain.examine import explained
from model.explain.interval import Balance
from model.report.case import Case
from model.report.explained import story
from tests.constraints.book import book, line, order, routing, unaudited
from tests.explain.grounds import grounded
from tests.explain.test_reasons import SECONDS
from tests.oracle.random_books import Shape, random_book

ONE_HOUR = [routing(hours_per_unit=1)]
CUT = book(lines=[line(hours=10)], routings=ONE_HOUR, orders=[
    order("P"), order("X", quantity=5, unit_price=20), order("Y", quantity=3, unit_price=40)])


def test_an_order_cut_at_its_own_price_is_delivered_whole_from_no_lower_price() -> None:
    """Proves: what is proven at its own price, and what a plan with a part earns, both limit the price of the last
    unit. At 30 P gets 7 of the 10 h, as X brings 20 and Y 40: 7 x 30 + 120 = 330, and with all of it 300. A further
    unit of price brings 7 or 10: they meet at 30 + 30 / 3 = 40. All of it as against none, 220, pays from 22: if that
    alone counted, "from at least 22 on" would be said of an order that costs 30 and is cut."""
    with patch("model.explain.examine.supply_curve", return_value=()):
        result = explained(unaudited(CUT), SECONDS)
    found = result.explanations["P"]
    assert (found.goal, found.whole.high) == ("in_full", pytest.approx(22))
    assert (found.in_full.low, found.in_full.high) == (pytest.approx(40), float("inf"))
    told = story(Case(result, result.tables, result.plan, []), "P")
    assert "The price from which on all of it is delivered is no lower than 40; more was not proven" in told


def test_a_gap_leaves_the_price_of_the_last_unit_open() -> None:
    """Proves: nothing is said beyond what is proven. A plan with 7 of 10 units earns 120 + 7 p, and plans with all of
    them are only proven to earn no more than 340 at 30, ten above that plan: it is surely the better one only below
    30 - 10 / 3. If any plan that is cut counted as proof, the price would be no lower than 30."""
    balance = Balance((10.0, 10.0))
    balance.proven(30.0, 340.0)
    assert balance.surpassed(120.0, 7.0) == pytest.approx(30 - 10 / 3)
    assert Balance((10.0, 10.0)).surpassed(120.0, 7.0) == 0.0


def test_rounding_makes_no_price() -> None:
    """Proves: a plan with all of it but a ten-thousandth of a unit says nothing. It earns 300 at 30, and no plan with
    all of it earns more than a hundred-thousandth less: rounding, but a further unit of price brings the two next to
    the same, so that they would meet only at 30 + 0.00001 / 0.0001 = 30.1."""
    _, ground = grounded(CUT)
    wanted = ground.orders["P"]
    search = BreakEven(ground, wanted, ground.taken(wanted), wanted.least)
    whole = BreakEven(ground, wanted, ground.in_full(wanted), wanted.quantity)
    whole.balance.proven(30.0, 300.0 - 1e-5)
    search.balance.found(30.0, 300.0, 9.9999)
    assert price_of_all(search, whole, ()).low == 0.0


@pytest.mark.parametrize("seed", [39, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (15, 26, 32))])
def test_what_is_known_early_holds_in_the_end(seed: int) -> None:
    """Proves: on random books the price said before the steps are found is no higher than the one found with them, and
    for some order higher than that of all of it as against none."""
    records = random_book(f"in full {seed}", Shape(lines=3, products=2, orders=4, buckets=3))
    result = unaudited(records)
    found = explained(result, SECONDS).explanations
    with patch("model.explain.examine.supply_curve", return_value=()):
        early = explained(result, SECONDS).explanations
    told = {name: each for name, each in found.items() if each.curve and each.in_full.is_exact}
    for name, each in told.items():
        assert early[name].in_full.low <= each.in_full.high * (1 + 1e-6) + 1e-6, name
    assert any(early[name].in_full.low > each.whole.high * (1 + 1e-6) for name, each in told.items())
