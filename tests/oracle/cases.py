"""Tiny cases for the oracle's own tests: one line, one item and one order, changed where the test says so."""

from __future__ import annotations

from typing import Any

import pytest

from model.checks import check
from model.tables import Tables, from_records
from tests.oracle.brute import best_margin_by_trial
from tests.oracle.plain import OracleAnswer, best_margin

Records = dict[str, Any]
Row = dict[str, Any]


def tables_of(records: Records) -> Tables:
    """Checked tables of a case; AssertionError naming every finding if it is refused."""
    checked = check(from_records(records))
    assert checked.tables is not None, "\n".join(
        f"{finding.table} {finding.cell} {finding.rule}: {finding.rule_text()}"
        for finding in checked.findings if finding.severity == "error")
    return checked.tables


def order(name: str = "O1", **changes: object) -> Row:
    """An order of 10 A at 30 each, due in the first week, that may be cut."""
    return {"order": name, "item": "A", "quantity": 10, "unit_price": 30, "due_date": "2025-01-12", **changes}


def routing(**changes: object) -> Row:
    """L1 makes A at 2 hours and 4 money a unit."""
    return {"line": "L1", "item": "A", "hours_per_unit": 2, "unit_cost": 4, **changes}


def case(bucket_count: int = 1, settings: Row | None = None, **tables: list[Row]) -> Records:
    """Weeks from Monday 2025-01-06; line L1 with 40 hours makes A; one order. Tables given replace those."""
    return {
        "settings": {"start_date": "2025-01-06", "bucket_count": bucket_count, "gap": 0.0, **(settings or {})},
        "items": [{"item": "A"}], "lines": [{"line": "L1", "regular_hours": 40}], "routings": [routing()],
        "orders": [order()], **tables}


def solved(records: Records) -> OracleAnswer:
    """The oracle's answer, confirmed by trying every decision."""
    tables = tables_of(records)
    answer, trial = best_margin(tables), best_margin_by_trial(tables)
    assert trial.margin == pytest.approx(answer.margin, abs=1e-6)
    assert trial.missed_by_kind == pytest.approx(answer.missed_by_kind, abs=1e-6)
    return answer


def margin(records: Records) -> float:
    """Best margin of a case in which no promise is missed."""
    answer = solved(records)
    assert answer.missed_by_kind == pytest.approx({1: 0.0, 2: 0.0, 3: 0.0}, abs=1e-6)
    return answer.margin
