"""Alternatives: by hand, and on random books each signed by the audit and within the loss."""

from __future__ import annotations

from dataclasses import replace
from inspect import signature
from typing import Any
from unittest.mock import patch

import pytest

from model.explain.alternatives import AIMS, Alternative, alternatives
from model.solve.standing import Standing
from tests.explain.grounds import grounded
from tests.oracle.random_books import SMALL, random_book
from tests.support import settings

Records = dict[str, Any]
SECONDS = 20.0


def book(**others: object) -> Records:
    """10 h a week for three weeks, 1 h a unit. EARLY, 10 due in week 1, may come 2 weeks late at 1 % a week; RUSH, 10
    at 20 due in week 1, may not be late.

    By hand: RUSH in week 1: 200; EARLY a week late: 10 * 10 * 0.99 = 99.
    """
    return {"settings": settings(3), "items": [{"item": "A"}], "lines": [{"line": "L", "regular_hours": 10}],
            "routings": [{"line": "L", "item": "A", "hours_per_unit": 1}],
            "orders": [{"order": "EARLY", "item": "A", "quantity": 10, "unit_price": 10, "due_date": "2025-01-12",
                        "latest_date": "2025-01-26", "late_rate": 0.01},
                       {"order": "RUSH", "item": "A", "quantity": 10, "unit_price": 20, "due_date": "2025-01-12"}],
            **others}


def found(records: Records, loss: float) -> dict[str, Alternative]:
    """Every alternative that applies, by its aim; each signed."""
    _, ground = grounded(records)
    kept = {each.aim: each for each in alternatives(ground, loss, SECONDS) if each.is_applicable}
    assert all(each.is_signed for each in kept.values()), kept
    return kept


@pytest.mark.parametrize(("loss", "late_days"), [(0.0, 7.0), (49.5, 3.5), (99.0, 0.0), (500.0, 0.0)])
def test_fewest_late_days(loss: float, late_days: float) -> None:
    """Proves: late days are weighed by the share that is late. By hand: 7 days for all of EARLY; whoever may lose 49.5
    leaves half of it out: 3.5; for 99 it is declined and nothing is late."""
    only = found(book(), loss)["fewest_late_days"]
    assert (only.before, only.after.is_exact, round(only.after.high, 5)) == (7.0, True, late_days)
    assert only.margin >= 299 - loss - 1e-6
    assert only.plan is not None and only.plan.margin == pytest.approx(only.margin)


def test_of_equally_punctual_plans_the_dearest_is_shown() -> None:
    """Proves: a loss that does not help is not taken: with 500 allowed, 99 are given up and no more."""
    assert found(book(), 500.0)["fewest_late_days"].margin == pytest.approx(200)


def test_the_dearest_of_the_punctual_plans_is_sought_in_the_time_given() -> None:
    """Proves: the last step of an alternative ends in its time, too. If it were not told, it might take ten minutes."""
    _, ground = grounded(book())
    with patch.object(Standing, "exact", autospec=True, side_effect=Standing.exact) as exact:
        alternatives(ground, 500.0, SECONDS, aims=("fewest_late_days",))
    last = signature(Standing.exact).bind(*exact.call_args_list[-1].args, **exact.call_args_list[-1].kwargs)
    assert 0 < last.arguments["time_limit"] <= SECONDS


def test_fewest_setups() -> None:
    """Proves: holding costs 0.1 a unit and week; one setup of 0.5 a week earns less than it costs to keep. By hand: 3
    orders of 2 in three weeks: three setups cost 1.5; one setup and 2 * 1 + 2 * 2 unit weeks at 0.3 cost 0.5 + 1.8.
    Within 1 of loss one setup is enough, within 0.1 it is not: two cost 1 + 0.6."""
    orders = [{"order": f"O{week}", "item": "A", "quantity": 2, "unit_price": 10, "earliest_ship_date": day,
               "due_date": day} for week, day in enumerate(("2025-01-12", "2025-01-19", "2025-01-26"))]
    routings = [{"line": "L", "item": "A", "hours_per_unit": 1, "setup_cost": 0.5}]
    records = book(orders=orders, routings=routings, stock=[{"item": "A", "holding_cost": 0.3}])
    assert [round(found(records, loss)["fewest_setups"].after.high) for loss in (0.0, 0.2, 1.0)] == [3, 2, 1]


def test_closest_to_the_published_plan() -> None:
    """Proves: added units count as changed, too. By hand: 10 of RUSH are published on the dear line L2 in week 1. The
    best plan makes them on L, 20 units changed, and earns 10 more; within 10 nothing is changed."""
    published = [{"order": "RUSH", "item": "A", "line": "L2", "bucket_start": "2025-01-06", "quantity": 10}]
    records = book(lines=[{"line": "L", "regular_hours": 10}, {"line": "L2", "regular_hours": 10}],
                   routings=[{"line": "L", "item": "A", "hours_per_unit": 1},
                             {"line": "L2", "item": "A", "hours_per_unit": 1, "unit_cost": 1}],
                   orders=book()["orders"][1:], published_plan=published)
    results = [found(records, loss)["fewest_changes"] for loss in (0.0, 5.0, 10.0)]
    assert [round(each.before, 6) for each in results] == [20.0, 20.0, 20.0]
    assert [round(each.after.high, 5) for each in results] == [20.0, 10.0, 0.0]


def test_a_negative_loss_is_refused() -> None:
    """Proves: no plan earns more than the best."""
    _, ground = grounded(book())
    with pytest.raises(ValueError, match="loss"):
        alternatives(ground, -1.0, SECONDS)


def check_book(seed: int) -> int:
    """One random book: alternatives are signed, within the loss, no worse in their aim; how many there were."""
    result, ground = grounded(random_book(f"alternatives {seed}", replace(SMALL, lines=3)))
    margin = ground.standing.margin
    count = 0
    for share in (0.0, 0.05):
        loss = share * abs(margin)
        for each in alternatives(ground, loss, SECONDS, aims=AIMS):
            if not each.is_applicable:
                continue
            assert each.is_signed, (seed, each.aim, each.audit and each.audit.failures())
            assert each.after.low - 1e-6 <= each.after.high <= each.before + 1e-5, (seed, each)
            assert each.margin >= margin - loss - 1e-6 * max(1.0, abs(margin)), (seed, each, margin)
            assert each.plan is not None and result.plan is not None
            missed = (plan.frames["misses"]["missed"].sum() for plan in (each.plan, result.plan))
            assert next(missed) <= next(missed) + 1e-5, (seed, each.aim)
            count += 1
    return count


def test_alternatives_of_random_books_are_signed() -> None:
    """Proves: what is shown is a plan that the audit signs, and keeps what the published plan keeps."""
    assert all(check_book(seed) for seed in (0, 3))


@pytest.mark.slow
def test_alternatives_of_many_books_are_signed() -> None:
    """The same on a hundred books."""
    assert sum(check_book(seed) for seed in range(100)) >= 100
