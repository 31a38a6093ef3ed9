"""The rule of thumb: hand-solved sequences, and on random books a plan the audit signs and no plan beats the bound."""

import pytest

from model.audit import audit
from model.dispatch import dispatch
from model.dispatch.shop import Shop
from model.instance import build_instance
from model.plan import Plan, make_plan
from model.planning import best_outcome
from tests.bench.generate import book, checked
from tests.oracle.random_books import random_book
from tests.support import settings, tables_of

ONE_LINE = {
    "settings": settings(2),
    "items": [{"item": "A"}],
    "lines": [{"line": "L", "regular_hours": 10}],
    "routings": [{"line": "L", "item": "A", "hours_per_unit": 1, "unit_cost": 2}],
}


def thumb(records, sequence="priority") -> Plan | None:
    tables = tables_of(records)
    instance = build_instance(tables)
    found = dispatch(instance, sequence)
    if found is None:
        return None
    plan = make_plan(instance, found.decided, float("inf"))
    signed = audit(tables, plan)
    assert signed.passed, signed.failures()
    return plan


def order(name, quantity, price, due="2025-01-12", **others):
    return {"order": name, "item": "A", "quantity": quantity, "unit_price": price, "due_date": due, **others}


def status(plan):
    return dict(zip(plan.frames["decisions"]["order"], plan.frames["decisions"]["status"], strict=True))


def test_priority_goes_first():
    """Proves: priority decides, not money. By hand: B (priority 1) takes 8 h, A needs 6 of the 2 left: 8 x 3 = 24.
    If the dearer order went first: 6 x 8 = 48."""
    plan = thumb({**ONE_LINE, "orders": [order("A", 6, 10, min_fill=1), order("B", 8, 5, min_fill=1, priority=1)]})
    assert plan.margin == pytest.approx(24)
    assert status(plan) == {"A": "declined", "B": "accepted"}


def test_firm_orders_come_before_priority():
    """Proves: a promise beats a rank. By hand: F takes 8 h: 8 x 3 = 24, and 2 of P at 8: 40 in all.
    If priority ruled alone, F would be missed."""
    orders = [order("F", 8, 5, commitment="firm", priority=9), order("P", 10, 10, priority=1)]
    plan = thumb({**ONE_LINE, "orders": orders})
    assert plan.margin == pytest.approx(40)
    assert status(plan) == {"F": "accepted", "P": "partial"}


def test_what_does_not_pay_is_declined():
    """Proves: an optional order below its cost is left. By hand: price 1, cost 2: nothing. If it were taken: -10."""
    plan = thumb({**ONE_LINE, "orders": [order("A", 10, 1)]})
    assert plan.margin == 0
    assert status(plan) == {"A": "declined"}


def test_all_or_nothing_is_undone():
    """Proves: what was booked for an order that cannot be had in full is free again. By hand: 30 of A do not fit into
    20 h; B then takes 10: 10 x 3 = 30. If A's bookings stayed: 0."""
    plan = thumb({**ONE_LINE, "orders": [order("A", 30, 9, min_fill=1, due="2025-01-19", priority=1),
                                         order("B", 10, 5, due="2025-01-19")]})
    assert plan.margin == pytest.approx(30)


def test_what_counts_as_nothing_is_small_against_the_orders():
    """Proves: in a book of millionths of a unit the rule ships and misses millionths. By hand, in these: A takes 9.5 of
    10 h, B the last 0.5, and 0.4 of it are missed: 10 x 8 = 80. If a millionth of a unit were nothing, B's shipment and
    its miss would both be left out, and the audit would refuse the plan."""
    size = 1e-6
    routing = {"line": "L", "item": "A", "hours_per_unit": 1 / size, "unit_cost": 2 / size}
    plan = thumb({**ONE_LINE, "routings": [routing], "orders": [
        order("A", 9.5 * size, 10 / size, commitment="firm"), order("B", 0.9 * size, 10 / size, commitment="firm")]})
    assert plan.margin == pytest.approx(80)
    assert plan.frames["misses"][["name", "missed"]].to_numpy().tolist() == [["B", pytest.approx(0.4 * size)]]


def test_first_come_first_served():
    """Proves: the sequence of order dates. By hand: B came first and takes all ten hours: 10 x 3 = 30, A nothing."""
    orders = [order("A", 10, 9, order_date="2025-01-03"), order("B", 10, 5, order_date="2025-01-02")]
    assert thumb({**ONE_LINE, "orders": orders}, "first_come").margin == pytest.approx(30)
    assert thumb({**ONE_LINE, "orders": orders}, "priority").margin == pytest.approx(70)


def test_pins_are_not_known_to_the_rule():
    """Proves: where a planner has pinned production the rule of thumb says nothing rather than something else."""
    pins = [{"order": "A", "line": "L", "bucket_start": "2025-01-06", "quantity": 3, "sense": "min"}]
    assert thumb({**ONE_LINE, "orders": [order("A", 6, 10)], "pins": pins}) is None


def test_what_cannot_be_had_is_asked_for_once(monkeypatch):
    """Proves: on a plant of several stages a component that is used up is not tried again for every run of all that
    consume it. 200 orders look 5,000 times for a run; without memory 113,000 times, and 2,000 orders take minutes."""
    looked = []
    look = Shop.open_runs
    monkeypatch.setattr(Shop, "open_runs", lambda *given: looked.append(given) or look(*given))
    instance = build_instance(checked(book("S", "staged", 1)))
    found = dispatch(instance)
    plan = make_plan(instance, found.decided, float("inf"))
    assert audit(instance.tables, plan).passed
    assert 500 < len(looked) < 15_000


@pytest.mark.parametrize("seed", [*range(5), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(5, 400))])
def test_random_books_are_signed_and_never_beat_the_bound(seed):
    """Proves: on books that mix all rules the rule's plan keeps every law; where it misses no promise it cannot earn
    more than the best plan."""
    records = random_book(seed)
    plan = thumb(records)
    if plan is None or len(plan.frames["misses"]):
        return
    best = best_outcome(tables_of(records))
    assert plan.margin <= best.bound + 1e-6 * max(1.0, abs(best.bound))
