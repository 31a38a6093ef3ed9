"""An answer of the solver that is not a number is never taken for a plan."""

from collections.abc import Callable

import numpy as np
import pytest

from model.solve import highs
from model.solve.highs import Highs
from model.solve.outcome import Run
from model.solve.self_test import _models


@pytest.mark.parametrize("nonsense", [
    lambda values: Run("optimal", np.full_like(values, np.nan), np.nan, np.nan),
    lambda values: Run("failed", None, np.nan, np.nan),
    lambda values: Run("infeasible", values, 0.0, np.nan),
])
def test_what_is_not_a_number_is_asked_for_again(monkeypatch: pytest.MonkeyPatch,
                                                 nonsense: Callable[[np.ndarray], Run]) -> None:
    """Proves: HiGHS calling a plan of NaN optimal, ending with an error, or with a plan whose bound is no number is not
    believed. By hand the orders earn 95; if the answer were taken, the plan would hold NaN, or there would be none."""
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
