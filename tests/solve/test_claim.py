"""The plan's tables earn what the search claims, or the plan is not signed."""

from dataclasses import replace

from model.planning import held_to_search
from tests.support import plan, settings


def test_a_margin_the_tables_do_not_earn_is_refused():
    """Proves: 10 units at 30 earn 300. A search that claims 301, by a slip of a tolerance, would be believed without
    the law; within rounding it is signed."""
    result = plan({
        "settings": settings(1), "items": [{"item": "A"}], "lines": [{"line": "L", "regular_hours": 40}],
        "routings": [{"line": "L", "item": "A", "hours_per_unit": 1}],
        "orders": [{"order": "O", "item": "A", "quantity": 10, "unit_price": 30, "due_date": "2025-01-12"}]})
    assert result.plan is not None
    assert result.audit is not None
    assert result.audit.passed
    assert result.audit.findings[-1].law == "search_margin"
    for claimed, signed in ((300.0001, True), (301.0, False), (299.0, False)):
        verdict = held_to_search(result.audit, result.plan, replace(result.outcome, margin=claimed))
        assert verdict.passed is signed
