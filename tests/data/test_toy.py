"""The toy case against the arithmetic of its README (data/toy/README.md)."""

from pathlib import Path

import pandas as pd
import pytest

from model.checks import check
from model.planning import Result, plan_order_book
from model.tables import read

TOY = Path(__file__).parents[2] / "data" / "toy"
WEEKS = [pd.Timestamp("2025-01-06"), pd.Timestamp("2025-01-13"), pd.Timestamp("2025-01-20")]


def planned(scenario: str | None = None) -> Result:
    """The toy case, or one of its scenarios, planned."""
    checked = check(read(TOY), scenario=scenario)
    assert checked.tables is not None, [finding.rule_text() for finding in checked.findings]
    return plan_order_book(checked.tables)


@pytest.fixture(scope="module")
def base() -> Result:
    """The case as it stands in the folder."""
    return planned()


def terms(result: Result) -> dict[str, float]:
    """Money by term."""
    assert result.plan is not None
    return dict(result.plan.frames["margin"][["term", "amount"]].itertuples(index=False))


def test_toy_data_has_no_error() -> None:
    """The one doubt is that an order is due after the plan's last day, as the case wants it."""
    findings = check(read(TOY)).findings
    assert [(finding.severity, finding.rule) for finding in findings] == [("warning", "due_after_horizon")]


def test_margin_is_the_one_on_paper(base: Result) -> None:
    """By hand: 21,000 of the lead line + 12,314 of the lithium line = 33,314. Without CN-LEAD-3: 30,814."""
    assert base.outcome.margin == pytest.approx(33_314, abs=1e-4)
    assert base.audit is not None and base.audit.passed, base.audit and base.audit.failures()


def test_every_money_term_is_the_one_on_paper(base: Result) -> None:
    """Each row of the README's table of the margin; what it does not name is zero."""
    expected = {"revenue": 49_400, "late": -126, "freight": -480, "duty": -1_680, "conversion": -13_200, "setup": -600}
    assert terms(base) == pytest.approx({term: expected.get(term, 0) for term in terms(base)}, abs=1e-4)


def test_decisions_are_those_on_paper(base: Result) -> None:
    """The cheapest order is taken in full, a dearer one in part: it takes 20 MWh or nothing."""
    assert base.plan is not None
    decisions = base.plan.frames["decisions"].set_index("order")
    assert decisions["status"].to_dict() == {
        "CN-LEAD-1": "accepted", "CN-LEAD-2": "partial", "CN-LEAD-3": "accepted",
        "US-HVL-4": "accepted", "CN-HVL-5": "accepted"}
    assert decisions["delivered"].to_dict() == pytest.approx(
        {"CN-LEAD-1": 20, "CN-LEAD-2": 20, "CN-LEAD-3": 20, "US-HVL-4": 16, "CN-HVL-5": 8}, abs=1e-6)


def test_weeks_are_those_on_paper(base: Result) -> None:
    """Each line's week as in the README's table."""
    assert base.plan is not None
    made = base.plan.frames["production"].set_index(["order", "bucket_start"])["quantity"].sort_index()
    paper = {("CN-LEAD-1", WEEKS[0]): 20, ("CN-LEAD-3", WEEKS[1]): 20, ("CN-LEAD-2", WEEKS[2]): 20,
             ("CN-HVL-5", WEEKS[0]): 8, ("US-HVL-4", WEEKS[0]): 1, ("US-HVL-4", WEEKS[1]): 9, ("US-HVL-4", WEEKS[2]): 6}
    assert made.to_dict() == pytest.approx(paper, abs=1e-6)


def test_the_last_six_leave_by_sea_and_are_a_week_late(base: Result) -> None:
    """306 by sea and late beat 720 by air."""
    assert base.plan is not None
    shipments = base.plan.frames["shipments"]
    last = shipments[(shipments["order"] == "US-HVL-4") & (shipments["bucket_start"] == WEEKS[2])]
    assert last[["mode", "quantity", "late_days", "late"]].to_numpy().tolist() == [["sea", 6, 7, -126]]
    assert last["arrival"].tolist() == [pd.Timestamp("2025-02-05")]


def test_dear_lateness_sends_the_last_six_by_air() -> None:
    """By hand: damages of 630 beat the 540 that air costs more, so 33,314 + 126 - 540 = 32,900. Ignored: 33,314."""
    result = planned("dear_lateness")
    assert result.outcome.margin == pytest.approx(32_900, abs=1e-4)
    assert terms(result)["late"] == 0
