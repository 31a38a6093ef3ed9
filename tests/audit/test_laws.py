"""Each law of the audit is broken by a plan that a planner could be shown, and the audit names it."""

from __future__ import annotations

import json
from functools import cache

import pytest

from model.audit import LAWS, audit
from model.planning import Result
from tests.audit.broken import BROKEN, Broken
from tests.support import Records, plan, tables_of


def planned(records: Records) -> Result:
    """The book's plan, made once for all cases that share the book."""
    return _planned(json.dumps(records))


@cache
def _planned(records: str) -> Result:
    return plan(json.loads(records))


@pytest.mark.parametrize("case", BROKEN, ids=[f"{place}-{case.law}" for place, case in enumerate(BROKEN)])
def test_the_broken_law_is_named(case: Broken) -> None:
    """The plan passes for the book it was made for; for the other book exactly the laws that it breaks fail."""
    result = planned(case.planned)
    assert result.plan is not None and result.audit is not None
    assert result.audit.passed, result.audit.failures()
    found = audit(tables_of(case.audited), case.spoil(result.plan))
    broken = {row.law for row in found.findings if not row.passed}
    assert case.law in broken, found.failures()
    assert broken == {case.law, *case.also}, found.failures()
    assert not found.passed


def test_every_law_has_a_plan_that_breaks_it() -> None:
    """No law of the audit is without a case that shows what it is for."""
    assert set(LAWS) == {case.law for case in BROKEN}


def test_a_failure_says_where_and_by_how_much() -> None:
    """The worst place is named with what stands there, what should, and the tolerance."""
    case = next(case for case in BROKEN if case.law == "delivery_limit")
    result = planned(case.planned)
    assert result.plan is not None
    found = audit(tables_of(case.audited), result.plan)
    row = next(row for row in found.findings if row.law == "delivery_limit")
    assert (row.checked, row.passed) == (1, False)
    assert row.largest_residual == pytest.approx(4.0)
    assert row.tolerance < 1e-4
    assert row.detail == "decisions [order=O] delivered: 10 > 6"
    assert f"delivery_limit: {row.detail}" in found.failures()
