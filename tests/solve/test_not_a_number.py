"""An answer of the solver that is not a number is never taken for a plan."""

import time
from collections.abc import Callable
from typing import Any

import highspy
import numpy as np
import pytest

from model.solve import highs
from model.solve.highs import Highs
from model.solve.outcome import Run
from model.solve.self_test import _models
from tests.solve.test_highs import knapsack


@pytest.mark.parametrize("nonsense", [
    lambda values: Run("optimal", np.full_like(values, np.nan), np.nan, np.nan),
    lambda values: Run("failed", None, np.nan, np.nan),
    lambda values: Run("infeasible", values, 0.0, np.nan),
    lambda values: Run("failed", None, np.inf, -np.inf, "Unknown"),
])
def test_what_is_not_a_number_is_asked_for_again(monkeypatch: pytest.MonkeyPatch,
                                                 nonsense: Callable[[np.ndarray], Run]) -> None:
    """Proves: HiGHS calling a plan of NaN optimal, ending with an error, with a plan whose bound is no number, or with
    no answer at all is not believed. By hand the orders earn 95; if the answer were taken, the plan would hold NaN, or
    there would be none."""
    _, known, matrix = _models()[0]
    genuine, asked = Highs._run_once, []

    def first_answer_is_nonsense(self: Highs, time_limit: float) -> Run:
        asked.append(self)
        found = genuine(self, time_limit)
        assert found.values is not None
        return found if len(asked) > 1 else nonsense(found.values)

    monkeypatch.setattr(highs.Highs, "_run_once", first_answer_is_nonsense)
    found = Highs(matrix).run(10.0)
    assert found.objective == known
    assert len(asked) == 2


@pytest.mark.parametrize(("broken", "times"), [(3e-7, 1), (1e-3, 2)])
def test_an_optimum_that_breaks_its_rows(broken: float, times: int) -> None:
    """Proves: HiGHS calling optimal what it knows to break rows is no end without a plan: slightly, it is one, for the
    audit to judge; else it is asked for again. By hand the orders earn 95; if it were, a book of two hundred orders
    would end with "the solver failed"."""
    _, known, matrix = _models()[0]
    asked = Highs(matrix)
    genuine, told = asked._highs, []

    class Doubting:
        """HiGHS, which says once of its optimum that it breaks rows."""

        def __getattr__(self, name: str) -> Any:
            return self._info if name == "getInfo" else getattr(genuine, name)

        def _info(self) -> Any:
            info = genuine.getInfo()
            told.append(info.primal_solution_status)
            if len(told) == 1:
                info.primal_solution_status = highspy.SolutionStatus.kSolutionStatusInfeasible
                info.max_primal_infeasibility = broken
            return info

    asked._highs = Doubting()
    found = asked.run(10.0)
    assert found.values is not None and found.objective == known
    assert len(told) == times


def test_a_plan_within_the_absolute_gap_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: a search asked for no more than an absolute gap that ends within it is not doubted. If only the relative
    gap counted, it would be searched again from nothing, without presolve."""
    runs = _counted(monkeypatch)
    highs_of_it = Highs(knapsack())
    highs_of_it.set(mip_rel_gap=0.0, mip_abs_gap=200.0)
    found = highs_of_it.run(60.0)
    assert found.status == "within_gap" and 1.0 < found.objective - found.bound <= 200.0
    assert len(runs) == 1


def test_asking_again_keeps_time_limit_and_presolve(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: the second search has the time that the first left, and what was chosen of presolve holds after it. If
    it had the whole limit again: 10 s of 10 instead of about 9; presolve would be "choose" where it was "off"."""
    genuine, limits = Highs._run_once, []

    def slow_nonsense(self: Highs, time_limit: float) -> Run:
        limits.append(time_limit)
        if len(limits) > 1:
            return genuine(self, time_limit)
        time.sleep(1.0)
        return Run("failed", None, np.nan, np.nan)

    monkeypatch.setattr(Highs, "_run_once", slow_nonsense)
    asked = Highs(_models()[0][2])
    asked.set(presolve="off")
    assert asked.run(10.0).status == "optimal"
    assert limits[0] == 10.0 and limits[1] <= 9.0
    assert asked._highs.getOptionValue("presolve")[1] == "off"


def _counted(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time limits of all runs of the solver from here on."""
    genuine, limits = Highs._run_once, []

    def counted(self: Highs, time_limit: float) -> Run:
        limits.append(time_limit)
        return genuine(self, time_limit)

    monkeypatch.setattr(Highs, "_run_once", counted)
    return limits
