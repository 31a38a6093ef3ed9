"""Plans compared without a file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from model.compare import compare
from model.compare.planned import as_stored
from tests.compare.books import after, before
from tests.support import plan


def test_plans_compare_as_their_workbooks_do() -> None:
    """Proves: by hand 154 and 211.5, SILVER 51 dearer; a plan in memory is read as one from a file."""
    found = compare(as_stored(plan(before()), "before"), as_stored(plan(after()), "after"))
    assert found.margin.difference == pytest.approx(57.5)
    assert {step.name: step.difference for step in found.movers}["SILVER"] == pytest.approx(51)
    assert found.proven == "after"


def test_without_a_plan_there_is_nothing_to_compare() -> None:
    """Proves: a search that found nothing is refused, instead of compared as an empty plan."""
    with pytest.raises(ValueError, match="no plan"):
        as_stored(replace(plan(before()), plan=None), "none")
