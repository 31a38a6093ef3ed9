"""Every law of the model: a case solved by hand, and what the model would answer without the law."""

from __future__ import annotations

import pytest

from model.audit import LAWS
from model.constraints import CONSTRAINTS
from tests.constraints import capacity, lot_sizing, orders, policy, stock
from tests.constraints.book import Case, answer_without, audited, lacking, unaudited

CASES: tuple[Case, ...] = (*orders.CASES, *capacity.CASES, *lot_sizing.CASES, *stock.CASES, *policy.CASES)
FIRST_OF_LAW = tuple({case.law: case for case in reversed(CASES)}.values())


@pytest.mark.parametrize("case", CASES, ids=[f"{place}-{case.law}" for place, case in enumerate(CASES)])
def test_law(case: Case) -> None:
    """The plan earns what the case says by hand, the audit signs the law's first one, and without the law the answer is
    the other one."""
    result = audited(case.records) if case in FIRST_OF_LAW else unaudited(case.records)
    assert result.plan is not None and result.audit is not None, result.outcome
    assert result.audit.passed, result.audit.failures()
    assert result.outcome.margin == pytest.approx(case.margin, abs=1e-4), case.proves
    assert result.plan.margin == pytest.approx(case.margin, abs=1e-4), "the plan's tables earn something else"
    missed = result.plan.frames["misses"].groupby("kind")["missed"].sum().to_dict()
    assert missed == pytest.approx(case.missed, abs=1e-4), case.proves
    without = answer_without(result, case.law)
    assert without.margin == pytest.approx(case.without, abs=1e-4), f"without {case.law}: {without}"


@pytest.mark.parametrize("law", CONSTRAINTS, ids=[law.name for law in CONSTRAINTS])
def test_law_is_missed(law) -> None:
    """Each law has a case whose answer changes without it, and a law of the audit that would notice."""
    changed = [case for case in CASES if case.law == law.name and abs(case.margin - case.without) > 1e-3]
    assert changed, f"{law.name} has no hand-solved case"
    assert law.audited_by in LAWS, f"{law.name} names {law.audited_by}, which the audit does not know"


@pytest.mark.slow
@pytest.mark.parametrize("case", [case for case in CASES if abs(case.margin - case.without) > 1e-3],
                         ids=lambda case: case.law)
def test_a_plan_made_without_the_law_is_noticed(case: Case) -> None:
    """The audit rejects it, or the plan's own tables earn less than the search claims."""
    result = audited(case.records, lacking(case.law))
    assert result.plan is not None and result.audit is not None
    assert not result.audit.passed or result.plan.margin < result.outcome.margin - 1e-3


def test_every_case_is_of_a_law() -> None:
    """No case speaks of a law that is gone, and each says what it proves and by hand."""
    assert {case.law for case in CASES} <= {law.name for law in CONSTRAINTS}
    assert all(case.proves.startswith("Proves: ") and "By hand: " in case.proves for case in CASES)
