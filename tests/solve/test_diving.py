"""Diving: a plan with all whole decisions fixed, close to the relaxation it began from."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from model.build import build_model
from model.instance import build_instance
from model.solve.compiled import compile_model
from model.solve.diving import dive
from model.solve.highs import Highs
from model.solve.matrix import Matrix
from model.solve.places import Places
from model.solve.placing import places
from model.solve.sifting import Sifting, first_columns
from tests import support
from tests.bench.generate import book, checked


def begun(family: str) -> tuple[Sifting, np.ndarray, float, np.ndarray, np.ndarray, np.ndarray]:
    """A program, its relaxed values and objective, and the whole decisions with their bounds."""
    instance = build_instance(checked(book("XS", family, 1)))
    matrix = compile_model(build_model(instance))
    where = places(instance, matrix)
    program = Sifting(matrix.relaxed, where, first_columns(matrix, where), Highs)
    relaxed = program.optimum(lambda: 60.0)
    assert relaxed is not None and relaxed.values is not None
    whole = np.flatnonzero(matrix.is_whole)
    return (program, relaxed.values, relaxed.objective, whole, matrix.column_lower[whole], matrix.column_upper[whole])


def test_the_plan_is_whole_and_near_the_relaxation() -> None:
    """Proves: every setup is 0 or 1, the plan earns no more than the relaxation and at most 1 % less. If the
    dive paid for setups it does not use, or none of those it needs, it would be further off."""
    program, relaxed, best, whole, lower, upper = begun("setups")
    run = dive(program, relaxed, whole, lower, upper, lambda: 60.0)
    assert run is not None and run.values is not None
    assert run.values[whole] == pytest.approx(np.round(run.values[whole]), abs=1e-6)
    assert best <= run.objective <= best + 0.01 * abs(best)


def test_what_does_not_fit_together_is_fixed_one_by_one() -> None:
    """Two smallest lots of 6 and two setups of 1 h do not fit into 10 h; the relaxation sets up both by 5/9. By hand:
    one lot, and of it the 5 units that are wanted, at 30 each: 150. If both were rounded up, or both down, there would
    be no plan or an empty one."""
    instance = build_instance(support.tables_of({
        "settings": support.settings(1), "items": [{"item": "A"}, {"item": "B"}],
        "lines": [{"line": "L", "regular_hours": 10}],
        "routings": [{"line": "L", "item": item, "hours_per_unit": 1, "setup_hours": 1, "min_lot": 6} for item in "AB"],
        "orders": [{"order": item, "item": item, "quantity": 5, "unit_price": 30, "due_date": "2025-01-12"}
                   for item in "AB"]}))
    matrix = compile_model(build_model(instance))
    where = places(instance, matrix)
    program = Sifting(matrix.relaxed, where, first_columns(matrix, where), Highs)
    relaxed = program.optimum(lambda: 60.0)
    whole = np.flatnonzero(matrix.is_whole)
    assert relaxed is not None and relaxed.values is not None and len(whole) == 2
    run = dive(program, relaxed.values, whole, np.zeros(2), np.ones(2), lambda: 60.0)
    assert run is not None and run.objective == pytest.approx(-150)


def test_a_decision_that_fits_neither_way_ends_the_dive() -> None:
    """A whole number between 0.3 and 0.7: there is none. A dive that went on with nothing left to fix would ask for
    the time again and again until it is over."""
    matrix = Matrix(np.ones(1), 0.0, sparse.csc_array(np.ones((1, 1))), np.array([0.3]), np.array([0.7]), np.zeros(1),
                    np.ones(1), np.zeros(1, dtype=bool), [("x", 0)])
    program = Sifting(matrix, Places(), np.ones(1, dtype=bool), Highs)
    asked = iter([60.0] * 100)  # seconds; asked more often, it raises
    assert dive(program, np.array([0.3]), np.zeros(1, dtype=int), np.zeros(1), np.ones(1), asked.__next__) is None


def test_what_was_fixed_too_soon_is_opened_once_more() -> None:
    """An order wanted as a whole from one of two lines, each of which can make 0.6 of it: the relaxation takes it and
    makes it on both, a dive takes it at the first step and then fits on neither line. By hand: it is not taken, cost 0.
    A dive that never doubts what it has fixed finds no plan."""
    rows = sparse.csc_array(np.array([[-1.0, 1, 1], [0, 1, 0], [0, 0, 1]]))
    matrix = Matrix(np.array([-1.0, 0, 0]), 0.0, rows, np.array([0.0, -np.inf, -np.inf]), np.array([0.0, 0.6, 0.6]),
                    np.zeros(3), np.ones(3), np.zeros(3, dtype=bool), [("x", position) for position in range(3)])
    program = Sifting(matrix, Places(), np.ones(3, dtype=bool), Highs)
    relaxed = program.optimum(lambda: 60.0)
    assert relaxed is not None and relaxed.values is not None and relaxed.objective == pytest.approx(-1)
    run = dive(program, relaxed.values, np.arange(3), np.zeros(3), np.ones(3), lambda: 60.0)
    assert run is not None and run.values is not None
    assert run.values == pytest.approx(np.zeros(3)) and run.objective == pytest.approx(0)
