"""Promises missed by very little, beside much larger numbers: there is a plan, and it says what is missed."""

from __future__ import annotations

import pytest

from model.planning import Options
from model.solve.scaling import choose_scaling
from tests.support import Records, plan, settings

DUE = "2025-01-12"


def two_lines(first: dict[str, float], second: dict[str, float], hours: float = 10, **routing: float) -> Records:
    """Two firm orders, each of its own item on its own line; ``routing`` of the first line."""
    return {
        "settings": settings(), "items": [{"item": "X"}, {"item": "Y"}],
        "lines": [{"line": "L", "regular_hours": hours}, {"line": "M", "regular_hours": 10}],
        "routings": [{"line": "L", "item": "X", "hours_per_unit": 1, **routing},
                     {"line": "M", "item": "Y", "hours_per_unit": 1}],
        "orders": [{"order": "A", "item": "X", "due_date": DUE, "commitment": "firm", **first},
                   {"order": "B", "item": "Y", "due_date": DUE, "commitment": "firm", **second}]}


@pytest.mark.parametrize(("quantity", "hours_per_unit", "hours"), [
    (10, 3.3333334, 33.333333), (10, 1, 9.9999995), (3, 1 / 3 + 1e-7, 1.0)])
def test_hours_that_are_short_by_a_rounding_still_make_a_plan(quantity: float, hours_per_unit: float,
                                                              hours: float) -> None:
    """Proves: hours written with fewer digits than needed miss less than a millionth of a unit, which is no miss; both
    orders are delivered. If not a hair might be missed, there would be no plan at all: exit 7."""
    result = plan(two_lines({"quantity": quantity, "unit_price": 100}, {"quantity": 1, "unit_price": 100}, hours,
                            hours_per_unit=hours_per_unit))
    assert result.outcome.margin == pytest.approx(100 * (quantity + 1), rel=1e-6), result.outcome
    assert result.audit is not None and result.audit.passed, result.audit.failures()
    assert result.plan is not None and result.plan.frames["misses"].empty
    assert (result.outcome.promises_missed, result.outcome.status) == (False, "optimal")


@pytest.mark.parametrize("price", [1e6, 1e7])
def test_what_is_worth_little_beside_another_order_is_missed_as_little_as_can_be(price: float) -> None:
    """Proves: 11 of B at 1 are wanted and 10 can be made: 1 is missed, beside an order of any price. If what is worth a
    millionth of the dearest were noise: no plan, or B not made at all."""
    result = plan(two_lines({"quantity": 5, "unit_price": price}, {"quantity": 11, "unit_price": 1}))
    assert result.outcome.status == "promises_missed" and result.outcome.promises_proven, result.outcome
    assert result.plan is not None and result.plan.frames["misses"]["missed"].tolist() == pytest.approx([1])
    assert result.outcome.margin == pytest.approx(5 * price + 10)


def test_what_is_worth_little_is_missed_no_more_than_needed_beside_a_dear_miss() -> None:
    """Proves: A misses 1 of 11 at ten million; B, 10 at 0.5 that lose 2 each, is delivered in full. If B were noise
    beside A, it would not be made, which earns 15 more."""
    records = two_lines({"quantity": 11, "unit_price": 1e7}, {"quantity": 10, "unit_price": 0.5})
    records["routings"][1]["unit_cost"] = 2
    result = plan(records)
    assert result.outcome.status == "promises_missed" and result.plan is not None
    misses = result.plan.frames["misses"]
    assert dict(zip(misses["name"], misses["missed"], strict=True)) == pytest.approx({"A": 1})
    assert result.outcome.margin == pytest.approx(1e8 - 15)


def test_of_misses_of_little_worth_the_margin_chooses() -> None:
    """Proves: C and B, 10 at 1 each for 10 hours of one line, are alike as promises; C costs 0.5 less. If the first
    search fixed what is missed beside an order at ten million, B might be made: 5 less."""
    records = two_lines({"quantity": 5, "unit_price": 1e7}, {"quantity": 10, "unit_price": 1})
    records["items"].append({"item": "Z"})
    records["routings"][1]["unit_cost"] = 0.8
    records["routings"].append({"line": "M", "item": "Z", "hours_per_unit": 1, "unit_cost": 0.3})
    records["orders"].append({"order": "C", "item": "Z", "due_date": DUE, "commitment": "firm", "quantity": 10,
                              "unit_price": 1})
    result = plan(records)
    assert result.plan is not None
    misses = result.plan.frames["misses"]
    assert dict(zip(misses["name"], misses["missed"], strict=True)) == pytest.approx({"B": 10})
    assert result.outcome.margin == pytest.approx(5e7 + 7)


def test_the_rule_of_thumb_is_no_better_for_missing_fewer_units_of_the_same_value() -> None:
    """Proves: 10 h make A, 10 at 10 for 5 each, or B, 5 at 20 for 1 each: either misses 100; A earns 50, B 95, which is
    proven best. The rule makes A first and misses fewer units. If units counted beside value, its plan would be
    published: 50, and no proof."""
    records = two_lines({"quantity": 10, "unit_price": 10, "priority": 1},
                        {"quantity": 5, "unit_price": 20, "priority": 2}, unit_cost=5)
    records["routings"][1] = {"line": "L", "item": "Y", "hours_per_unit": 2, "unit_cost": 1}
    result = plan(records, Options())
    assert result.rule_of_thumb is not None and result.rule_of_thumb.margin == pytest.approx(50)
    assert (result.outcome.status, result.outcome.margin) == ("promises_missed", pytest.approx(95))


def mixed_units(hours: float, cells: int = 3, firm: bool = True) -> Records:
    """Cells by the million, and systems by the megawatt-hour on a line with so many hours, 5 of them ordered."""
    asked = [{"order": f"C{number}", "item": "cell", "quantity": 2e6, "unit_price": 1, "due_date": DUE}
             for number in range(cells)]
    return {
        "settings": settings(), "items": [{"item": "cell"}, {"item": "system"}],
        "lines": [{"line": "C", "regular_hours": 100}, {"line": "S", "regular_hours": hours}],
        "routings": [{"line": "C", "item": "cell", "hours_per_unit": 1e-5, "setup_hours": 1},
                     {"line": "S", "item": "system", "hours_per_unit": 1, "setup_hours": 1}],
        "orders": [*asked, {"order": "S", "item": "system", "quantity": 5, "unit_price": 800_000, "due_date": DUE,
                            **({"commitment": "firm"} if firm else {})}]}


@pytest.mark.parametrize("short", [1.0, 0.08, 1e-4])
def test_systems_beside_millions_of_cells_are_missed_by_what_they_are(short: float) -> None:
    """Proves: 5 MWh are ordered and less can be made, whatever is counted beside them: so much is missed, each worth
    800,000. If the cells gave the measure, a tenth of a megawatt-hour would be noise: no plan, or nothing missed."""
    result = plan(mixed_units(6 - short))
    assert result.outcome.status == "promises_missed", result.outcome
    assert result.audit is not None and result.audit.passed, result.audit.failures()
    assert result.plan is not None and result.plan.frames["misses"]["missed"].tolist() == pytest.approx([short])
    assert result.outcome.margin == pytest.approx(6e6 + (5 - short) * 8e5)


def test_items_side_by_side_are_each_measured_by_their_own_orders() -> None:
    """Proves: cells are scaled, systems and hours are not. If one median stood for both, both would be."""
    problem = plan(mixed_units(5, firm=False)).problem
    assert problem is not None
    column = choose_scaling(problem.matrix, problem.typical_quantity).column
    step = {(name, *key[:2]): column[place] for place, (name, key) in enumerate(problem.matrix.columns)
            if name in ("made", "is_set_up")}
    assert step["made", "C", "cell"] == 1e5 and step["made", "S", "system"] == 1.0
    assert step["is_set_up", "C", "cell"] == 1.0
