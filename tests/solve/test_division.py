"""Books that fall into components: how they are found, what materials cost them, and that nothing is lost by it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.build import build_model
from model.instance import build_instance
from model.planning import Options, Result, plan_order_book
from model.solve.compiled import compile_model
from model.solve.division import Division, component_of, divided
from model.solve.highs import Highs
from model.solve.materials import Materials
from model.solve.matrix import Matrix
from model.solve.places import Places
from model.solve.placing import places
from model.solve.promises import forbidden_misses
from tests import support
from tests.bench.generate import book, checked

WEEK_ENDS = ("2025-01-12", "2025-01-19")


def two_lines(**changes: list[dict[str, object]]) -> support.Records:
    """L1 makes A and L2 makes B, 20 units a week each, all of one unit of M; M costs 5, and 10 M are there for nothing.

    By hand: A sells at 30 and B at 20, 20 of each: 600 + 400 - 5 x (40 - 10) = 850.
    """
    return {
        "settings": support.settings(2), "items": [{"item": item} for item in "ABM"],
        "lines": [{"line": "L1", "regular_hours": 40}, {"line": "L2", "regular_hours": 40}],
        "routings": [{"line": line, "item": item, "hours_per_unit": 2} for line, item in (("L1", "A"), ("L2", "B"))],
        "bill_of_materials": [{"item": item, "component": "M", "quantity_per": 1} for item in "AB"],
        "stock": [{"item": "M", "opening_stock": 10}],
        "supply": [{"supplier": "S", "item": "M", "unit_cost": 5}],
        "orders": [{"order": f"O{item}", "item": item, "quantity": 20, "unit_price": price, "min_fill": 0.5,
                    "due_date": WEEK_ENDS[0]} for item, price in (("A", 30), ("B", 20))], **changes}


def division_of(monkeypatch: pytest.MonkeyPatch, records: support.Records) -> tuple[Matrix, Places, Division | None]:
    """A small book's model in which nothing is missed, its places and its division."""
    monkeypatch.setattr("model.solve.division.SMALLEST_COMPONENT", 0)
    instance = build_instance(support.tables_of(records))
    matrix = compile_model(build_model(instance))
    matrix = replace(matrix, column_upper=np.minimum(matrix.column_upper, forbidden_misses(matrix)))
    where = places(instance, matrix)
    return matrix, where, divided(matrix, where)


def items_of(matrix: Matrix, columns: np.ndarray) -> set[str]:
    """Items made in a component."""
    return {index[1] for name, index in (matrix.columns[column] for column in columns)  # type: ignore[index]
            if name == "made"}


def test_lines_that_share_only_a_material_are_components(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: A and B part, the flows of M belong to neither, and no more is drawn in a week than both lines can use.
    If lines were limited apart from their hours, 40 units a week could not be known as the most."""
    matrix, where, division = division_of(monkeypatch, two_lines())
    assert division is not None
    makers = [items_of(matrix, columns) for columns in division.components if items_of(matrix, columns)]
    assert sorted(map(sorted, makers)) == [["A"], ["B"]]
    assert {matrix.columns[column][0] for column in division.shared} == {"bought", "stock", "drawn"}
    assert np.maximum(-division.least, division.most).max() == pytest.approx(40)
    part, _ = component_of(matrix, where, division, 0)
    assert len(part.cost) == len(division.components[0]) and part.rows.shape[0] == len(division.rows[0])


@pytest.mark.parametrize("linked", [
    {"resources": [{"resource": "R", "hours": 50}],
     "routing_resources": [{"line": line, "item": item, "resource": "R", "hours_per_unit": 1}
                           for line, item in (("L1", "A"), ("L2", "B"))]},
    {"allocations": [{"rule": "Q", "max_qty": 30}]},
    {"routings": [{"line": line, "item": item, "hours_per_unit": 2} for line, item in
                  (("L1", "A"), ("L2", "B"), ("L1", "B"))]},
], ids=["resource", "quota", "line"])
def test_what_else_is_shared_holds_a_book_together(monkeypatch: pytest.MonkeyPatch, linked: support.Records) -> None:
    """Proves: a chamber, a quota or a line for both items leaves one component. If they were priced like materials,
    the components' plans would not go together."""
    matrix, _, division = division_of(monkeypatch, two_lines(**linked))
    assert division is None or len([1 for columns in division.components if items_of(matrix, columns)]) == 1


def test_materials_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """40 drawn in the first week: 30 are bought at 5, and one more costs 5. 4 drawn: 6 are left, one more costs
    nothing. At a price of 5 the opening stock alone is worth 50: the bound of the materials is -50."""
    matrix, _, division = division_of(monkeypatch, two_lines())
    assert division is not None
    materials = Materials(matrix, division, Highs)
    sign = np.where(division.least < 0, -1.0, 1.0)
    first_week = sign * np.arange(len(sign) - 1, -1, -1)
    for drawn, cost, price in ((40.0, 150.0, 5.0), (4.0, 0.0, 0.0)):
        served = materials.served(first_week * drawn)
        assert served is not None and served[1] == pytest.approx(cost)
        assert np.abs(served[2]).max() == pytest.approx(price)
    assert materials.bound(sign * 5.0) == pytest.approx(-50)


def searched_divided(monkeypatch: pytest.MonkeyPatch, tables: support.Tables, abreast: bool = False,
                     **options: float) -> Result:
    """A book searched component by component, however small it is: all at once, or one after the other."""
    monkeypatch.setattr("model.solve.division.SMALLEST_COMPONENT", 0)
    monkeypatch.setattr("model.solve.size.DIVIDED_INTEGERS", 1)
    monkeypatch.setattr("model.solve.divided.MOST_AT_ONCE", 1)
    if not abreast:
        monkeypatch.setattr("model.solve.divided.MOST_ABREAST", 0)
    return plan_order_book(tables, Options(**options))


def test_two_lines_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """850, and proven. If each line had all of the opening stock to itself: 900; if none had it: 800."""
    outcome = searched_divided(monkeypatch, support.tables_of(two_lines())).outcome
    assert "divided_search" in outcome.notes
    assert outcome.margin == pytest.approx(850) and outcome.bound == pytest.approx(850, rel=1e-6)


def test_scarce_materials_go_where_they_earn_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """12.5 M in the first week, 10 there and 2.5 to buy: 12.5 A, 375 - 12.5 = 362.5. Prices cannot
    say how A and B, half of them at least, share M, so the book may be searched as one: the answer is the same."""
    records = two_lines(supply=[{"supplier": "S", "item": "M", "unit_cost": 5, "max_qty": 2.5}])
    outcome = searched_divided(monkeypatch, support.tables_of(records)).outcome
    assert outcome.margin == pytest.approx(362.5)
    assert outcome.bound is not None and outcome.bound >= 362.5 - 1e-6


def test_an_impossible_promise_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """50 A are promised and 40 can be made in two weeks: 10 are missed, as in a book searched as one."""
    records = two_lines()
    records["orders"][0] |= {"quantity": 50, "commitment": "firm", "latest_date": WEEK_ENDS[1]}
    result = searched_divided(monkeypatch, support.tables_of(records))
    assert result.outcome.status == "promises_missed" and result.plan is not None
    assert result.plan.frames["misses"]["missed"].tolist() == pytest.approx([10])


@pytest.mark.parametrize("family, abreast", [("setups", False), ("single", False), ("setups", True)])
def test_the_bound_holds_and_the_plan_is_near(monkeypatch: pytest.MonkeyPatch, family: str, abreast: bool) -> None:
    """Proves: plan and bound of the components hold the optimum of the whole between them, and the audit signs it."""
    tables = checked(book("XS", family, 1))
    best = plan_order_book(tables, Options(gap=1e-3, time_limit=60)).outcome
    result = searched_divided(monkeypatch, tables, abreast, gap=1e-3, time_limit=30)
    assert best.margin is not None and best.bound is not None
    assert result.audit is not None and result.audit.passed, result.audit and result.audit.failures()
    assert "divided_search" in result.outcome.notes
    assert result.outcome.margin is not None and result.outcome.bound is not None
    assert result.outcome.margin <= best.bound * (1 + 1e-9)
    assert result.outcome.bound >= best.margin * (1 - 1e-9)
    assert result.outcome.margin >= 0.998 * best.margin


def test_the_same_plan_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that ends by its gap gives the same plan every time, whichever helper is done first."""
    tables = checked(book("XS", "single", 1))
    first, second = (searched_divided(monkeypatch, tables, True, gap=0.02, time_limit=60) for _ in range(2))
    assert first.plan is not None and second.plan is not None
    assert all(first.plan.frames[name].equals(frame) for name, frame in second.plan.frames.items())


def test_draws_without_limit_are_not_priced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: where a linking row could draw any amount, no bound of materials is known and the book stays whole."""
    matrix, where, division = division_of(monkeypatch, two_lines())
    assert division is not None
    hours = np.array([name == "capacity_limit" for name, _ in matrix.row_names])
    assert divided(replace(matrix, row_upper=np.where(hours, np.inf, matrix.row_upper)), where) is None
