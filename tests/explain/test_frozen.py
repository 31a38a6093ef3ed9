"""The frozen plan as what keeps an order out: weighed with what leaving the published plan costs."""

from __future__ import annotations

import pytest

from tests.constraints.book import ENDS, STARTS, book, line, order, routing
from tests.explain.test_reasons import told
from tests.support import Records

A_AND_B = [routing(hours_per_unit=1), routing(item="B", hours_per_unit=1)]
ITEMS = [{"item": "A"}, {"item": "B"}]


def frozen(change_cost: float, orders: list[dict[str, object]], weeks: int = 1) -> Records:
    """L1 has 10 h a week, in the first of which 10 B are frozen; a unit takes an hour."""
    return book(weeks, {"frozen_until": STARTS[1], "change_cost": change_cost}, items=ITEMS, lines=[line(hours=10)],
                routings=A_AND_B, orders=orders,
                published_plan=[{"item": "B", "line": "L1", "bucket_start": STARTS[0], "quantity": 10}])


@pytest.mark.parametrize(("change_cost", "gain", "said"), [
    (10, 200, "without that the plan would earn at least 200 CNY more"),
    (40, 0, "Declined: the frozen plan comes before it.")])
def test_units_no_longer_made_cost_what_leaving_the_plan_costs(change_cost: float, gain: float, said: str) -> None:
    """Proves: without the frozen part its units cost to leave what later ones do. O brings 10 x 30 = 300 in place of 10
    B: at 10 a unit 200 remain, at 40 nothing. If leaving were free, 300 would be said of both."""
    result = told(frozen(change_cost, [order()]))
    found = result.explanations["O"]
    assert (found.reason, found.rule.kind, found.rule.gain) == (
        "kept_out_by_rule", "frozen_plan", pytest.approx(gain))
    assert said in result.plan.frames["decisions"]["reason"].iloc[0]


@pytest.mark.parametrize(("change_cost", "reason"), [(10, "kept_out_by_rule"), (40, "crowded_out")])
def test_a_frozen_plan_that_it_does_not_pay_to_leave_is_not_named(change_cost: float, reason: str) -> None:
    """Proves: the frozen plan is named only where leaving it gains something. The second week is left for X at 50 or O
    at 30; O could be made in the first in place of 10 B, which pays at 10 a unit and not at 40: then it is X that O
    would crowd out, for 200. If leaving were free, the frozen plan would be named for both."""
    found = told(frozen(change_cost, [order(due_date=ENDS[1]), order("X", unit_price=50, due_date=ENDS[1])],
                        weeks=2)).explanations["O"]
    assert found.reason == reason
    assert found.costs is None or found.costs.low == pytest.approx(200)
