"""Sifting: the optimum of a few columns is that of all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from model.build import build_model
from model.instance import build_instance
from model.planning import Options, plan_order_book
from model.solve.compiled import compile_model
from model.solve.highs import Highs
from model.solve.matrix import Matrix
from model.solve.outcome import Run
from model.solve.places import Places
from model.solve.placing import places
from model.solve.sifting import Sifting, first_columns
from tests import support
from tests.bench.generate import book, checked


def relaxed(tables: support.Tables) -> tuple[Matrix, Places]:
    """The linear relaxation of a book with every promise kept, and the places of its columns."""
    instance = build_instance(tables)
    matrix = compile_model(build_model(instance))
    return matrix.relaxed, places(instance, matrix)


def by_interior_point(monkeypatch: pytest.MonkeyPatch) -> None:
    """No program is so small that simplex is faster without a basis."""
    for limit in ("LARGEST_FOR_SIMPLEX", "LARGEST_STAGED"):
        monkeypatch.setattr(f"model.solve.method.{limit}", 0)


@pytest.mark.parametrize("family", ["plain", "setups", "single", "staged"])
@pytest.mark.parametrize("is_large", [False, True])
def test_the_optimum_is_that_of_all_columns(monkeypatch: pytest.MonkeyPatch, family: str, is_large: bool) -> None:
    """Proves: same objective as the whole program, at a point that keeps every row, though columns were left out, large
    ones by interior points. If pricing stopped too early, the objective would be worse."""
    if is_large:
        by_interior_point(monkeypatch)
    matrix, where = relaxed(checked(book("XS", family, 1)))
    start = first_columns(matrix, where)
    program = Sifting(matrix, where, start, Highs)
    found = program.optimum(lambda: 60.0)
    assert found is not None and found.values is not None
    direct = Highs(matrix).run(60.0)
    assert found.objective == pytest.approx(direct.objective, rel=1e-9)
    assert start.sum() <= program.used.sum() < len(matrix.cost)
    values = found.values
    assert float(matrix.cost @ values) + matrix.offset == pytest.approx(direct.objective, rel=1e-9)
    activity = matrix.rows @ values
    assert (activity >= matrix.row_lower - 1e-5).all() and (activity <= matrix.row_upper + 1e-5).all()
    assert (values[~program.used] == 0).all()


class Watched(Highs):
    """Knows by which method it was asked to solve."""

    methods: list[str]

    def set(self, **options: Any) -> None:
        """Keeps the method."""
        self.methods = [*getattr(self, "methods", []), *([options["solver"]] if "solver" in options else [])]
        super().set(**options)


def test_a_basis_that_knows_the_columns_is_gone_on_from(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: a large program is begun by an interior point, and other costs are answered from its basis, by simplex.
    If that were forgotten, every price of materials would cost a solve from nothing."""
    by_interior_point(monkeypatch)
    matrix, where = relaxed(checked(book("XS", "setups", 1)))
    made: list[Watched] = []

    def solver(program: Matrix) -> Highs:
        """One that is watched."""
        made.append(Watched(program))
        return made[-1]

    program = Sifting(matrix, where, first_columns(matrix, where), solver)
    first = program.optimum(lambda: 60.0)
    assert first is not None and made[0].methods[0] == "ipm"
    before, used = len(made[0].methods), program.used.sum()
    program.set_costs(matrix.cost * 1.001)
    again = program.optimum(lambda: 60.0)
    assert again is not None and again.objective == pytest.approx(first.objective * 1.001, rel=1e-6)
    assert program.used.sum() == used and made[0].methods[before:] == ["simplex"]


def one_order() -> support.Records:
    """10 h in each of three weeks make 10 units each; 25 units are wanted by the end of the third.

    By hand: all 25 are made; what is made early is held or, as nothing stops it, shipped early.
    """
    return {
        "settings": support.settings(3), "items": [{"item": "A"}], "lines": [{"line": "L", "regular_hours": 10}],
        "routings": [{"line": "L", "item": "A", "hours_per_unit": 1}],
        "stock": [{"item": "A", "holding_cost": 0.5}],
        "orders": [{"order": "O", "item": "A", "quantity": 25, "unit_price": 3, "due_date": "2025-01-26"}]}


def test_weeks_that_pay_are_added() -> None:
    """From the last week alone 5 units would be held two weeks and 10 one week, at 0.5 each: 75 - 5 - 5 = 65; the weeks
    before pay and are added, so nothing is held: 75."""
    matrix, where = relaxed(support.tables_of(one_order()))
    start = first_columns(matrix, where)
    shipped = [position for position, (name, _) in enumerate(matrix.columns) if name == "shipped"]
    assert [matrix.columns[position][1][-1] for position in shipped if start[position]] == [2]  # type: ignore[index]
    program = Sifting(matrix, where, start, Highs)
    found = program.optimum(lambda: 60.0)
    assert found is not None and -found.objective == pytest.approx(75)
    assert program.used.sum() > start.sum()


def test_no_plan_in_the_few_columns_is_no_answer() -> None:
    """Proves: a firm order that the columns at the start cannot serve is left to the whole program, not called
    impossible."""
    matrix, where = relaxed(support.tables_of(one_order()))
    start = first_columns(matrix, where)
    start[[position for position, (name, _) in enumerate(matrix.columns) if name == "shipped"]] = False
    delivered = next(position for position, (name, _) in enumerate(matrix.columns) if name == "delivered")
    lower = matrix.column_lower.copy()
    lower[delivered] = 25.0
    assert Sifting(replace(matrix, column_lower=lower), where, start, Highs).optimum(lambda: 60.0) is None


def test_other_bounds_are_answered_from_the_plan_before() -> None:
    """With 2 instead of 10 units in the second week 22 are made: 66; with 10 again: 75. If the bounds were forgotten or
    named other columns, the first would be 75, too."""
    matrix, where = relaxed(support.tables_of(one_order()))
    program = Sifting(matrix, where, first_columns(matrix, where), Highs)
    program.optimum(lambda: 60.0)
    made = np.array([position for position, (name, index) in enumerate(matrix.columns)
                     if name == "made" and index[-1] == 1])  # type: ignore[index]
    for most, margin in ((2.0, 66.0), (10.0, 75.0)):
        program.set_bounds(made, np.zeros(1), np.array([most]))
        found = program.optimum(lambda: 60.0)
        assert found is not None and -found.objective == pytest.approx(margin)


def test_a_book_of_middle_size_is_planned_as_without_sifting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: the same margin, proven, and the same preferred plan, from a basis that needs no further step. If columns
    were mixed up in that basis, the cleaning would find another plan or none."""
    tables = checked(book("XS", "plain", 1))
    whole = plan_order_book(tables)
    begun: list[int] = []
    start_at = Highs.start_at

    def counted(highs: Highs, basis: Any) -> None:
        """Starts there, and counts the steps to the optimum."""
        start_at(highs, basis)
        assert highs.run(10.0).status == "optimal"
        begun.append(highs._highs.getInfo().simplex_iteration_count)
        start_at(highs, basis)

    monkeypatch.setattr("model.solve.size.SIFTED_COLUMNS", 1)
    monkeypatch.setattr("model.solve.polish.Highs.start_at", counted)
    sifted: list[int] = []
    optimum = Sifting.optimum

    def watched(program: Sifting, *how: Any) -> Run | None:
        """Notes how many columns it left out."""
        run = optimum(program, *how)
        sifted.append(int((~program.used).sum()))
        return run

    monkeypatch.setattr(Sifting, "optimum", watched)
    told: list[tuple[float, float]] = []
    result = plan_order_book(tables, progress=lambda _, margin, bound: told.append((margin, bound)))
    assert len(told) > 1 and told[0][0] < result.outcome.margin < told[0][1]
    assert sifted and sifted[0] > 0 and begun == [0]
    assert result.outcome.status == "optimal" == whole.outcome.status
    assert result.outcome.margin == pytest.approx(whole.outcome.margin, rel=1e-9)
    assert result.audit is not None and result.audit.passed
    assert result.plan is not None and whole.plan is not None
    shipped = [made.frames["shipments"] for made in (result.plan, whole.plan)]
    weeks = [(rows["quantity"] * rows["departure"].dt.day_of_year).sum() for rows in shipped]
    assert weeks[0] == pytest.approx(weeks[1], rel=1e-6)


def test_a_plan_on_the_way_is_kept_where_the_search_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: stopped after the first solve, the plan of the few columns is published with a bound that holds. If it
    were forgotten there would be no plan, as simplex knows none before its end."""
    tables = checked(book("XS", "plain", 1))
    best = plan_order_book(tables).outcome.margin
    monkeypatch.setattr("model.solve.size.SIFTED_COLUMNS", 1)
    plans: list[float] = []
    result = plan_order_book(tables, Options(rule_of_thumb=False), stopped=lambda: bool(plans),
                             progress=lambda _, margin, bound: plans.append(margin) if np.isfinite(margin) else None)
    outcome = result.outcome
    assert outcome.status == "interrupted" and result.audit is not None and result.audit.passed
    assert best is not None and outcome.margin is not None and outcome.bound is not None
    assert outcome.margin < best - 1 and best <= outcome.bound
    assert outcome.margin == pytest.approx(plans[0], rel=1e-6)
