"""The solver is trusted only after it has answered models whose answers are known."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

import pytest

from model.planning import plan_order_book
from model.solve import self_test as module
from model.solve.highs import Highs, SolverFailed
from model.solve.self_test import self_test
from tests.constraints.book import book
from tests.support import tables_of


def test_the_installed_solver_passes() -> None:
    """Proves: every known answer is found: 95 and 440 earned, 16 paid, 4 and 7 earned, and one model impossible."""
    self_test.__wrapped__()
    assert {name: known for name, known, _ in module._models()} == {
        "lumpy orders": -95, "setup": -440, "two setups": 16, "minimum lot": -4, "blending": -7,
        "impossible": float("inf")}


@pytest.mark.parametrize("name", [name for name, _, _ in module._models()])
def test_a_wrong_answer_is_refused(name: str) -> None:
    """Proves: a solver that is off by one in any of the models is not used, and the model is named."""
    wrong = [(name, 0.0 if known == float("inf") else known - 1, matrix)
             for other, known, matrix in module._models() if other == name]
    with patch.object(module, "_models", return_value=wrong), pytest.raises(SolverFailed, match=name):
        self_test.__wrapped__()


def test_a_solver_that_forgets_whole_numbers_is_refused() -> None:
    """Proves: the lumpy model tells a relaxation from a plan. Divided, the orders earn 60 + 4/5 x 48 = 98.4."""
    relaxed = [(name, known, replace(matrix, is_whole=matrix.is_whole & False))
               for name, known, matrix in module._models() if name == "lumpy orders"]
    with patch.object(module, "_models", return_value=relaxed), pytest.raises(SolverFailed, match=r"98\.4"):
        self_test.__wrapped__()


def test_no_plan_comes_from_a_solver_that_fails() -> None:
    """Proves: a failed self-test ends as the status `failed` with its message, not as a plan."""
    with patch("model.planning.self_test", side_effect=SolverFailed("answers 3 instead of 4")):
        result = plan_order_book(tables_of(book()))
    assert (result.outcome.status, result.outcome.notes) == ("failed", ("answers 3 instead of 4",))
    assert result.plan is None and result.audit is None


def test_an_unknown_option_is_refused() -> None:
    """Proves: a misspelt option, or a value it cannot have, is an error; HiGHS alone would only warn and go on."""
    highs = Highs(module._models()[0][2])
    highs.set(mip_rel_gap=0.5)
    for wrong in ({"mip_rel_gapp": 0.5}, {"presolve": "perhaps"}, {"mip_rel_gap": "half"}):
        with pytest.raises(SolverFailed, match=next(iter(wrong))):
            highs.set(**wrong)
