"""Short ways for tests to state a case, to plan it and to read the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from model.checks import check
from model.planning import Options, Result, plan_order_book
from model.tables import Tables, from_records

Records = dict[str, Any]


def settings(bucket_count: int = 1, **others: object) -> dict[str, object]:
    """Settings of a small weekly case from Monday 2025-01-06, solved to the end."""
    return {"start_date": "2025-01-06", "bucket": "week", "bucket_count": bucket_count, "gap": 0.0, **others}


def tables_of(records: Records, overrides: Mapping[str, str] | None = None) -> Tables:
    """Checked tables of a case in memory; AssertionError naming every finding if it is refused."""
    checked = check(from_records(records), settings=overrides or {})
    assert checked.tables is not None, "\n".join(
        f"{finding.cell}: {finding.rule_text()}" for finding in checked.findings if finding.severity == "error")
    return checked.tables


def plan(records: Records, options: Options | None = None) -> Result:
    """The case, planned through the public entry point."""
    return plan_order_book(tables_of(records), options or Options(rule_of_thumb=False))


def margin_of(records: Records) -> float:
    """Margin of the best plan, which the audit has signed."""
    result = plan(records)
    assert result.audit is not None and result.audit.passed, result.audit and result.audit.failures()
    return result.outcome.margin
