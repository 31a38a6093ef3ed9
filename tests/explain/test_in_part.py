"""Orders of which any part is acceptance, where whole decisions alone bar all of them: asked about for a part."""

from __future__ import annotations

import math
import time
from contextlib import AbstractContextManager
from unittest.mock import patch

import pytest

from model.explain.break_even import Clock
from model.explain.free_capacity import FreeBook
from model.explain.goals import goals_of
from model.explain.ground import Ground
from model.explain.near import Nearby
from model.explain.reasons import Reasons, Verdict
from model.explain.rules import Rules
from model.solve.standing import Answer, Standing
from tests.constraints.book import ENDS, book, line, order, routing
from tests.explain.grounds import grounded
from tests.explain.test_reasons import SECONDS, told
from tests.support import Records

ONE_HOUR = routing(hours_per_unit=1, unit_cost=20)
NO_STORE = [{"item": "A", "storage_limit": 0}]
BARRED: dict[str, tuple[Records, float]] = {
    "one line": (book(lines=[line("L1", 3), line("L2", 3)], routings=[ONE_HOUR, {**ONE_HOUR, "line": "L2"}],
                      orders=[order(quantity=5, unit_price=10, single_line=True)]), 3),
    "one delivery": (book(2, lines=[line("L1", 3)], routings=[ONE_HOUR], stock=NO_STORE,
                          orders=[order(quantity=5, unit_price=10, single_delivery=True, latest_date=ENDS[1])]), 3),
    "lots": (book(lines=[line("L1", 5)], routings=[{**ONE_HOUR, "lot_multiple": 2}], stock=NO_STORE,
                  orders=[order(quantity=5, unit_price=10)]), 4)}


@pytest.mark.parametrize("why", BARRED)
def test_a_part_that_would_be_taken_at_a_higher_price(why: str) -> None:
    """Proves: what cannot be had whole is asked about in part, where only whole decisions bar the whole, too. A unit
    costs 20 and brings 10; of the 5 wanted one line, or one week, makes 3, and whole lots of two make 4: each unit
    loses 10, and from 20 on the part is taken. Divided decisions deliver all 5, so that an order asked about in part
    only where the relaxation cannot have it whole would be told to be impossible, and to pay at no price."""
    records, part = BARRED[why]
    found = told(records).explanations["O"]
    assert (found.reason, found.term) == ("does_not_pay", "conversion")
    assert found.break_even.is_exact and found.break_even.high == pytest.approx(20)
    assert found.whole.low == math.inf
    assert [(pytest.approx(price), pytest.approx(units)) for price, units in found.curve] == [(20, part)]


def asked() -> tuple[Ground, Reasons, Verdict]:
    """The order that wants one line, begun: divided between two lines all 5 can be made."""
    _, ground = grounded(BARRED["one line"][0])
    goals = goals_of(ground)
    reasons = Reasons(goals, FreeBook(goals, 0.0), Rules(ground, Nearby(ground)))
    verdict = reasons.begin(ground.orders["O"], "accepted", clock())
    assert verdict.granted.lower[ground.orders["O"].delivered] == 5 and not verdict.is_impossible
    return ground, reasons, verdict


def clock() -> Clock:
    """Time enough."""
    return Clock(time.monotonic() + SECONDS)


def searched(standing: Standing, *first: Answer) -> AbstractContextManager[object]:
    """These answers first, then those of the solver: a search in which the time of some questions was over."""
    ask = standing.ask
    left = iter(first)
    return patch.object(standing, "ask", lambda *args, **kinds: next(left, None) or ask(*args, **kinds))


IMPOSSIBLE = Answer(-math.inf, -math.inf, None, True, 0.0)


def test_a_part_not_found_in_time_is_no_impossible_one() -> None:
    """Proves: what is not proven stays open. All 5 are proven to be impossible, and how much could be had was not found
    out in time: acceptance is not impossible (with free hours it loses, whatever lines there are), and with more time 3
    units are asked about, which lose 10 each. If what is known of the whole were taken for acceptance, the order would
    be told to be impossible for good."""
    ground, reasons, verdict = asked()
    with searched(ground.standing, IMPOSSIBLE, Answer(-math.inf, 5.0, None, False, 0.0)):
        reasons.solve(verdict, clock())
        assert verdict.is_short and not verdict.is_impossible and not verdict.is_proven
        assert reasons.explained(verdict, clock()).reason == "does_not_pay"
        reasons.solve(verdict, clock())
    assert (verdict.best, verdict.bound) == (pytest.approx(-30, rel=1e-5), pytest.approx(-30, rel=1e-5))


def test_as_much_is_asked_for_as_a_plan_delivers() -> None:
    """Proves: what is asked for is what a plan was found to deliver. A search that ended early found a plan with two
    units and proved that none delivers more than 4.9, which is more than the 3 that there are. If the 4.9 were asked
    for, no plan would grant them, and acceptance would be told to be impossible; two units lose 20."""
    ground, reasons, verdict = asked()
    standing, wanted = ground.standing, ground.orders["O"]
    two = standing.ask(goals_of(ground).granting(wanted, "accepted", 2.0))
    with searched(standing, IMPOSSIBLE, Answer(2.0, 4.9 - ground.matrix.offset, two.values, False, 0.0)):
        reasons.solve(verdict, clock())
    assert verdict.most_quantity == pytest.approx(4.9)
    assert (verdict.best, verdict.bound) == (pytest.approx(-20, rel=1e-5), pytest.approx(-20, rel=1e-5))
