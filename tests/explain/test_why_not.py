"""Why not: an order put into the plan, by hand."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np
import pytest

from model.explain import why_not
from model.explain.known import Known
from model.explain.what_if_menu import WhatIfError
from model.explain.why_not import WhyNot, ask_why_not
from model.solve.change import Change
from model.solve.standing import Answer, Standing
from tests.explain.grounds import grounded
from tests.support import settings

Records = dict[str, Any]


def order(name: str, quantity: float, price: float, **others: object) -> dict[str, object]:
    """An order for item A by the end of the only week."""
    return {"order": name, "item": "A", "quantity": quantity, "unit_price": price, "due_date": "2025-01-12", **others}


def book(*orders: dict[str, object], hours: float = 10) -> Records:
    """Orders of a line of 10 h a week at 1 h a unit."""
    return {"settings": settings(1), "items": [{"item": "A"}], "lines": [{"line": "L", "regular_hours": hours}],
            "routings": [{"line": "L", "item": "A", "hours_per_unit": 1}], "orders": list(orders)}


def asked(name: str, *orders: dict[str, object], hours: float = 10) -> WhyNot:
    """The question about one order of a line of 10 h a week at 1 h a unit."""
    result, ground = grounded(book(*orders, hours=hours))
    return ask_why_not(result, ground, name, 20.0)


LUMPY = (order("A", 6, 10, min_fill=1), order("B", 5, 48 / 5, min_fill=1), order("C", 5, 47 / 5, min_fill=1))


def test_what_a_declined_order_would_cost() -> None:
    """Proves: by hand, A instead of B and C: 60 for 95, 35 less. By the prices of the relaxation it would earn 2.4."""
    answer = asked("A", *LUMPY)
    assert answer.status == "forced" and answer.cost is not None and answer.cost.is_exact
    assert answer.cost.high == pytest.approx(35)
    assert answer.after is not None and answer.after.plan is not None and answer.after.audit is not None
    assert answer.after.audit.passed
    status = answer.after.plan.frames["decisions"].set_index("order")["status"]
    assert status.to_dict() == {"A": "accepted", "B": "declined", "C": "declined"}


def test_an_order_that_is_in_costs_nothing() -> None:
    """Proves: whoever asks about an accepted order is told so, instead of a cost."""
    answer = asked("B", *LUMPY)
    assert (answer.status, answer.after) == ("in_full", None)


@pytest.mark.parametrize("terms", [{}, {"commitment": "firm"}])
@pytest.mark.parametrize("size", [1.0, 1e-3])
def test_in_full_is_what_the_plan_calls_accepted(size: float, terms: dict[str, object]) -> None:
    """Proves: what is short by rounding is short for nobody. By hand: 10 h less half a millionth, and 10 asked for,
    which the plan calls accepted. Measured by another rule here, it would be impossible."""
    answer = asked("O", order("O", 10 * size, 5, **terms), hours=(10 - 5e-7) * size)
    assert (answer.status, answer.after) == ("in_full", None)


def test_in_full_but_for_rounding_is_possible() -> None:
    """Proves: another order is asked for no more exactly. By hand: X at 3 instead of O at 5 costs 20, and is then
    accepted. Asked for to the last digit, X would be impossible on the same line."""
    answer = asked("X", order("O", 10, 5), order("X", 10, 3), hours=10 - 5e-7)
    assert answer.status == "forced" and answer.cost is not None and answer.cost.high == pytest.approx(20)
    assert answer.after is not None and answer.after.plan is not None and answer.after.audit is not None
    assert answer.after.audit.passed
    status = answer.after.plan.frames["decisions"].set_index("order")["status"]
    assert status.to_dict() == {"O": "declined", "X": "accepted"}


def test_a_hair_more_is_still_impossible() -> None:
    """Proves: only rounding is forgiven. By hand: 10 h less a ten-thousandth make no 10 of O."""
    assert asked("O", order("O", 10, 5), hours=10 - 1e-4).status == "impossible"


def test_the_steps_of_an_answer_share_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: an answer takes no longer than it may. Every step takes all that it is given, on a clock of its own: a
    third of 20 s for the best plan, the rest for the order in full, nothing more for it but for rounding. If each had
    all of it: 60 s."""
    clock, given = [0.0], list[float]()

    def take(seconds: float) -> None:
        given.append(seconds)
        clock[0] += seconds

    def base_margin(standing: Standing, seconds: float) -> tuple[Known, np.ndarray]:
        take(seconds)
        return Known(standing.margin, standing.margin + 1), standing.values

    def best(standing: Standing, change: Change, *, seconds: float, start: np.ndarray) -> Answer:
        take(seconds)
        return Answer(-math.inf, -math.inf, None, is_proven=True, seconds=seconds)

    result, ground = grounded(book(*LUMPY))
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(why_not, "base_margin", base_margin)
    monkeypatch.setattr(why_not, "best", best)
    assert ask_why_not(result, ground, "A", 20.0).status == "impossible"
    assert given == pytest.approx([20 / 3, 40 / 3, 0])


def test_a_firm_promise_is_not_broken_for_it() -> None:
    """Proves: 8 of 10 h are promised; 3 more cannot be made, whatever they pay. Planned as firm too, something would
    be missed instead."""
    answer = asked("X", order("F", 8, 1, commitment="firm"), order("X", 3, 1000, min_fill=1))
    assert (answer.status, answer.cost, answer.after) == ("impossible", None, None)


@pytest.mark.parametrize("terms", [{"decision": "decline"}, {"win_probability": 0.1}])
def test_an_order_that_was_left_out(terms: dict[str, object]) -> None:
    """Proves: a tender, or what a planner declined, is asked about as if it were planned. By hand: 4 of X at 3 push out
    4 of O at 5: 12 for 20, 8 less."""
    answer = asked("X", order("O", 10, 5), order("X", 4, 3, **terms))
    assert answer.status == "forced" and answer.cost is not None and answer.cost.high == pytest.approx(8)


@pytest.mark.parametrize("terms", [{"decision": "decline"}, {"win_probability": 0.1}])
def test_an_order_that_was_left_out_and_would_earn(terms: dict[str, object]) -> None:
    """Proves: what a rule kept out may earn more. By hand: there is room for 4 of X at 3 beside O, 12 more. Held at
    zero as for a planned order, it would earn nothing less."""
    answer = asked("X", order("O", 10, 5), order("X", 4, 3, **terms), hours=20)
    assert answer.status == "forced" and answer.cost is not None
    assert (answer.cost.low, answer.cost.high) == pytest.approx((-12, -12))


def test_a_declined_firm_order_misses_nothing() -> None:
    """Proves: the plan with it keeps every promise, and says so. By hand: 8 of F and 2 of X fill 10 h. As a promise in
    the book that closes it, X would be missed, and the plan called one that misses promises."""
    answer = asked("X", order("F", 8, 1, commitment="firm"), order("X", 2, 1000, commitment="firm", decision="decline"))
    assert answer.status == "forced" and answer.after is not None and answer.after.plan is not None
    assert answer.after.plan.frames["misses"].empty
    assert not answer.after.outcome.promises_missed
    assert answer.after.audit is not None and answer.after.audit.passed


def test_a_name_that_holds_a_semicolon() -> None:
    """Proves: a declined order is opened whatever its name. By hand: 4 of X;Y at 3 push out 4 of O at 5. Read as a key
    of two parts, it would be no order's."""
    answer = asked("X;Y", order("O", 10, 5), order("X;Y", 4, 3, decision="decline"))
    assert answer.cost is not None and answer.cost.high == pytest.approx(8)


def test_an_unknown_order() -> None:
    """Proves: a name that is not in the book is refused, with those that are."""
    with pytest.raises(WhatIfError) as refused:
        asked("Z", *LUMPY)
    assert refused.value.details["names"] == "A, B, C"
