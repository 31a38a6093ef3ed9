"""Diving: a plan with all whole decisions fixed, close to the relaxation it began from."""

from __future__ import annotations

import numpy as np
import pytest

from model.build import build_model
from model.instance import build_instance
from model.solve.diving import dive
from model.solve.highs import Highs
from model.solve.matrix import compile_model
from model.solve.places import places
from model.solve.sifting import Sifting, first_columns
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
    """Proves: every setup is 0 or 1, the plan earns no more than the relaxation and at most 5 % less. If setups were
    merely rounded, the book would earn 10 % less."""
    program, relaxed, best, whole, lower, upper = begun("setups")
    run = dive(program, relaxed, whole, lower, upper, lambda: 60.0)
    assert run is not None and run.values is not None
    assert run.values[whole] == pytest.approx(np.round(run.values[whole]), abs=1e-6)
    assert best <= run.objective <= best + 0.05 * abs(best)


def test_no_time_is_no_plan() -> None:
    """Proves: a dive that runs out of time answers nothing, not a plan that is whole only in part."""
    program, relaxed, _, whole, lower, upper = begun("setups")
    assert dive(program, relaxed, whole, lower, upper, lambda: 0.0) is None
