"""An answer of the solver that is not a number is never taken for a plan."""

import numpy as np
import pytest

from model.solve import highs
from model.solve.highs import Highs
from model.solve.outcome import Run
from model.solve.self_test import _models


def test_values_that_are_not_numbers_are_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: HiGHS calling a plan of NaN optimal is not believed. By hand the orders earn 95; if the answer were
    taken, the plan would hold NaN."""
    _, known, matrix = _models()[0]
    genuine, asked = Highs._run_once, []

    def first_answer_is_nonsense(self: Highs, time_limit: float) -> Run:
        asked.append(self)
        found = genuine(self, time_limit)
        assert found.values is not None
        return found if len(asked) > 1 else Run("optimal", np.full_like(found.values, np.nan), np.nan, np.nan)

    monkeypatch.setattr(highs.Highs, "_run_once", first_answer_is_nonsense)
    found = Highs(matrix).run(10.0)
    assert found.objective == known
    assert len(asked) == 2
