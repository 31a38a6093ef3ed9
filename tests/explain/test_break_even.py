"""Break-even prices: by hand, and against planning again at prices a little lower and higher."""

from __future__ import annotations

import copy
import math
import time
from dataclasses import replace
from unittest.mock import patch

import pytest

from model.audit import Audit
from model.explain.break_even import BreakEven, Clock
from model.explain.curve import last_unit, supply_curve
from model.explain.examine import explained
from model.explain.ground import Ground, Wanted, ground_of
from model.explain.interval import Balance, Interval
from model.explain.near import Nearby
from model.explain.unpromised import needs_planning, unpromised
from model.planning import Result
from model.solve.standing import Answer, Standing
from tests.constraints.book import book, line, order, routing
from tests.constraints.orders import LUMPY
from tests.oracle.random_books import Shape, random_book
from tests.support import Records, plan, tables_of

SHAPE = Shape(lines=3, products=2, orders=4, buckets=3)
NUDGE = 1e-4


def planned(records: Records) -> Result:
    """The book planned without its audit, which takes longest."""
    with patch("model.publishing.audit", return_value=Audit(True, ())):
        return plan(records)


def clock() -> Clock:
    """Time enough."""
    return Clock(time.monotonic() + 120)


def search_of(ground: Ground, wanted: Wanted) -> BreakEven:
    """The finished search for an order's price."""
    search = BreakEven(ground, wanted, ground.taken(wanted), wanted.least)
    search.published()
    search.solved(clock())
    return search


def prices_of(records: Records) -> dict[str, Interval]:
    """Every order's break-even price."""
    ground = ground_of(planned(records))
    assert ground is not None
    return {name: search_of(ground, wanted).interval for name, wanted in ground.orders.items()}


def test_lumpy_orders_need_what_they_push_out() -> None:
    """Capacity 10; of A 6 h for 60, B 5 h for 48, C 5 h for 47 the last two are taken. A must bring all 95 that they
    earn, B and C what is left beside the other: A alone earns 60, so B may fall to 60 - 47 = 13, C to 60 - 48 = 12.
    The prices of the relaxation would have said 57.6 for A."""
    prices = prices_of(LUMPY)
    assert all(price.is_exact for price in prices.values())
    assert {name: price.high for name, price in prices.items()} == {
        "A": pytest.approx(95 / 6), "B": pytest.approx(13 / 5), "C": pytest.approx(12 / 5)}


def test_the_price_of_each_unit() -> None:
    """10 units of P compete with X (5 units at 20) and Y (3 units at 40) for 10 h at 1 h each: 2 hours are free, the
    next 5 cost 20 each, the last 3 cost 40. Were the whole order weighed at once: (100 + 120) / 10 = 22."""
    records = book(lines=[line("L1", 10)], routings=[routing(hours_per_unit=1)], orders=[
        order("P", quantity=10, unit_price=1), order("X", quantity=5, unit_price=20),
        order("Y", quantity=3, unit_price=40)])
    ground = ground_of(planned(records))
    assert ground is not None
    wanted = ground.orders["P"]
    search = search_of(ground, wanted)
    assert search.interval.high == pytest.approx(0.0, abs=1e-6)
    curve = supply_curve(search, clock())
    assert [(pytest.approx(price, abs=1e-6), pytest.approx(units)) for price, units in curve] == [
        (0, 2), (20, 7), (40, 10)]
    whole = BreakEven(ground, wanted, ground.in_full(wanted), wanted.quantity)
    whole.published()
    whole.solved(clock())
    assert whole.interval.is_exact and whole.interval.high == pytest.approx(22)
    paid = book(lines=[line("L1", 10)], routings=[routing(hours_per_unit=1, unit_cost=5)],
                orders=[order("P", quantity=10, unit_price=1), order("X", quantity=5, unit_price=25),
                        order("Y", quantity=3, unit_price=45)])
    ground = ground_of(planned(paid))
    assert ground is not None
    curve = supply_curve(search_of(ground, ground.orders["P"]), clock())
    assert [(pytest.approx(price), pytest.approx(units)) for price, units in curve] == [(5, 2), (25, 7), (45, 10)]
    assert last_unit(curve, 10).high == pytest.approx(45)


def test_damages_and_duty_bear_the_price_too() -> None:
    """A unit brings 90 % of its price after 10 % duty and costs 18 to make: it pays from 20, not from 18."""
    records = book(markets=[{"market": "abroad", "duty_rate": 0.1}], routings=[routing(unit_cost=18)],
                   orders=[order("O", market="abroad", incoterm="DDP", unit_price=15, min_fill=1)])
    price = prices_of(records)["O"]
    assert price.is_exact and price.high == pytest.approx(20)


def test_an_order_that_cannot_be_made_pays_at_no_price() -> None:
    """30 h hold 15 of the 16 units, all or nothing. A search that ignored it would answer 0."""
    price = prices_of(book(lines=[line("L1", 30)], orders=[order("O", quantity=16, min_fill=1)]))["O"]
    assert price.low == math.inf


def test_a_search_that_ran_out_of_time_proves_no_never() -> None:
    """Proves: "at no price" is said of what is proven. X at 60 fills the line, O of which any part counts gets nothing.
    How much of O could be delivered was asked for, and in time nothing but the published plan was found, ten units
    being left open. If that were taken for an answer, no price would do, where 60 does."""
    ground = ground_of(planned(book(
        lines=[line(hours=10)], routings=[routing(hours_per_unit=1, setup_cost=5)],
        orders=[order("X", unit_price=60), order("O")])))
    assert ground is not None
    standing, wanted = ground.standing, ground.orders["O"]
    search = BreakEven(ground, wanted, ground.taken(wanted), wanted.least)
    search.published()
    search.balance.most = search.balance.least
    in_time = Answer(0.0, 10.0, standing.values, False, 0.0)
    with patch.object(Standing, "ask", return_value=in_time), patch.object(
            Standing, "bound_of", return_value=Answer(-math.inf, 10.0, standing.values, False, 0.0)):
        search.solved(clock())
        assert search.most_deliverable(clock()) == pytest.approx(10)
    assert search.interval.low < 60 <= search.interval.high


def test_without_its_promise_others_come_first() -> None:
    """15 units; F, 10 at 30, and G, 8 at 20, are promised, of G 3 are missed; O wants 4 at 12. Were F not promised, all
    of G would come first: 3 units are left for F at any price, 4 more from 12 on, and all 10 at none. If G could go
    without the 3 it misses beside F, all 10 of F would be delivered from 20 on."""
    records = book(lines=[line("L1", 30)], orders=[
        order("F", commitment="firm"), order("G", quantity=8, unit_price=20, commitment="firm"),
        order("O", quantity=4, unit_price=12)])
    found = explained(planned(records), 120.0).explanations
    assert [(round(price, 6), round(units, 6)) for price, units in found["F"].curve] == [(0, 3), (12, 7)]
    assert found["F"].whole.low == math.inf == found["F"].in_full.low
    # G is the one that is missed: without its promise F is still kept in full.
    assert [(round(price, 6), round(units, 6)) for price, units in found["G"].curve] == [(0, 1), (12, 5)]


def test_an_accepted_tender_is_no_tender_without_its_promise() -> None:
    """The same of F, an unlikely tender that the planner accepts: were it left out once it is not promised, it had no
    price at all."""
    records = book(changes={"tender_threshold": 0.2}, lines=[line("L1", 30)], orders=[
        order("F", decision="accept", win_probability=0.1), order("G", quantity=8, unit_price=20, commitment="firm"),
        order("O", quantity=4, unit_price=12)])
    found = explained(planned(records), 120.0, ["F"]).explanations
    assert [(round(price, 6), round(units, 6)) for price, units in found["F"].curve] == [(0, 3), (12, 7)]


def test_an_open_gap_leaves_an_interval() -> None:
    """Stopped before the first search for a plan, the price of A lies between what the proven plan says, which declines
    A at 60 (the relaxation alone proves 9.4 x 6 = 56.6, 95 is right), and nothing: an end that is not proven is not
    claimed."""
    ground = ground_of(planned(LUMPY))
    assert ground is not None
    wanted = ground.orders["A"]
    search = BreakEven(ground, wanted, ground.taken(wanted), wanted.least)
    search.published()
    search.quick(Nearby(ground), clock())
    assert not search.interval.is_exact
    assert search.interval.low * 6 == pytest.approx(60) and search.interval.high >= 95 / 6


def test_ends_follow_from_what_is_proven() -> None:
    """Without the order between 90 and 100. A plan with it earns 40 + 5 p: surely pays from (100 - 40) / 5 = 12. At
    p = 8 none earns more than 70; each unit of price adds at most 5: surely not below 8 + (90 - 70) / 5 = 12 less what
    the open ten leave: (90 - 70) / 5 = 4, so 12 - 0."""
    balance = Balance((5.0, 5.0), least=90.0, most=100.0)
    balance.found(10.0, 90.0, 5.0)
    balance.proven(8.0, 70.0)
    assert balance.interval == Interval(pytest.approx(12.0), pytest.approx(12.0))
    wider = Balance((5.0, 5.0), least=90.0, most=110.0)
    wider.found(10.0, 90.0, 5.0)
    wider.proven(8.0, 70.0)
    assert wider.interval == Interval(pytest.approx(12.0), pytest.approx(14.0))


def test_rounding_is_measured_by_what_the_order_brings() -> None:
    """Without the order a loss of 8 is made; with it 57 are earned at 12 and 65 spent, and the solver proves 1.2e-8
    more than it finds. Were that more than the rounding of 8, nothing would be known below 12."""
    balance = Balance((0.0, 4.75), least=-8.0, most=-8.0)
    balance.found(12.0, -8.0, 4.75)
    balance.proven(12.0, -8.0 + 1.2e-8)
    assert balance.interval == Interval(pytest.approx(12.0), pytest.approx(12.0))


def at_price(records: Records, order: str, price: float) -> Records:
    """The book with an order as if it were optional, at another price in base currency."""
    changed = copy.deepcopy(records)
    for row in changed["orders"]:
        if row["order"] == order:
            row.update(unit_price=price, currency=changed["settings"].get("currency", "CNY"), commitment="optional")
            if row.get("decision") == "accept":
                del row["decision"]
    return changed


def is_taken(records: Records, order: str, price: float) -> bool:
    """Whether the best plan at that price delivers any of the order."""
    result = planned(at_price(records, order, price))
    assert result.values is not None and result.problem is not None
    return bool(result.values[result.problem.matrix.columns.index(("delivered", order))] > 1e-7)


def flips(records: Records) -> int:
    """How many orders of the book flip at their break-even price; AssertionError at the first that does not."""
    tables_of(records)
    result = planned(records)
    ground = ground_of(result)
    assert ground is not None
    count = 0
    for name, wanted in ground.orders.items():
        own = unpromised(ground, wanted, 120.0) if needs_planning(ground, wanted) else (ground, wanted)
        assert own is not None, name
        price = search_of(*own).interval
        assert price.is_exact, (name, price)
        if price.low == math.inf:
            assert not is_taken(records, name, 1e5), name
        elif price.high == 0.0:
            assert is_taken(records, name, 1e-3), name
        else:
            assert not is_taken(records, name, price.low * (1 - NUDGE)), (name, price)
            assert is_taken(records, name, price.high * (1 + NUDGE)), (name, price)
        count += 1
    return count


@pytest.mark.parametrize("seed", [0, 1, 56])
def test_random_books_flip_at_the_price(seed: int) -> None:
    """Proves: planned from scratch a ten-thousandth below its price each order is left out, above it is taken.

    In 218 firm orders are missed under a frozen plan: where its rounding might be used further than the published plan
    does, every other plan would earn a millionth more and no price would be exact. In 235 the solver ends with an
    error at first. In 56 the misses are held with a hair of room at first, and what is earned without it is better by
    less than a millionth: the price is that of the better plan. In 126 far more is earned by the order than is left.
    """
    flips(random_book(f"break even {seed}", SHAPE))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 300))
def test_more_random_books_flip_at_the_price(seed: int) -> None:
    """As above, on three hundred books together."""
    flips(random_book(f"break even {seed}", SHAPE))


def test_what_is_proven_of_the_book_limits_prices_before_any_search() -> None:
    """Proves: a gap of 3 leaves A (6 units at 10, declined) less than 3 / 6 below its price, and B (5 units at 9.6,
    taken) less than 3 / 5 above its own. Without that B's price had no upper end, and A's no lower one."""
    result = planned(LUMPY)
    outcome = replace(result.outcome, bound=result.outcome.margin + 3)
    ground = ground_of(replace(result, outcome=outcome))
    assert ground is not None
    known = {}
    for name in ("A", "B"):
        wanted = ground.orders[name]
        search = BreakEven(ground, wanted, ground.taken(wanted), wanted.least)
        search.published()
        known[name] = search.interval
    assert known["A"].low == pytest.approx(10 - 3 / 6)
    assert known["B"].high == pytest.approx(9.6 + 3 / 5)
