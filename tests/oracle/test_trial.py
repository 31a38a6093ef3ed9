"""The plain formulation's solver and its bounds on decisions, against trying every decision."""

from __future__ import annotations

import pytest

from tests.oracle.brute import best_margin_by_trial, decision_count
from tests.oracle.cases import tables_of
from tests.oracle.plain import best_margin, formulate
from tests.oracle.random_books import TINY, random_book


def agree(seed: int) -> None:
    """One tiny case, unless it has too many decisions to try."""
    tables = tables_of(random_book(seed, TINY))
    if decision_count(formulate(tables).program) <= 256:
        plain, trial = best_margin(tables), best_margin_by_trial(tables)
        assert plain.margin == pytest.approx(trial.margin, rel=1e-6, abs=1e-6)
        assert plain.missed_by_kind == pytest.approx(trial.missed_by_kind, abs=1e-5)


@pytest.mark.parametrize("seed", range(40))
def test_the_oracle_agrees_with_trying_every_decision(seed: int) -> None:
    """A bound on a decision that is too small would show as a lower margin."""
    agree(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(40, 500))
def test_the_oracle_agrees_with_trying_every_decision_of_many_cases(seed: int) -> None:
    """As above, on more cases."""
    agree(seed)
