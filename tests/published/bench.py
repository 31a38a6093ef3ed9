"""Where the published files are, and how a case made from them is solved and judged."""

from __future__ import annotations

import math
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from model.checks import check
from model.planning import Options, plan_order_book
from model.tables import Tables, from_records

Records = dict[str, Any]
BENCH = Path(__file__).resolve().parents[2].parent / "shared" / "bench"
START = date(2025, 1, 6)


def bench_file(name: str) -> Path:
    """Path of a published file; the test is skipped where it is absent."""
    path = BENCH / name
    if not path.is_file():
        pytest.skip(f"published instance {name} is not here: it is read from {BENCH}, which is no part of the project")
    return path


def numbers(path: Path) -> list[float]:
    """Every number of a file of numbers, in order; text behind them is left."""
    found = []
    for word in path.read_text(encoding="utf-8").split():
        try:
            found.append(float(word))
        except ValueError:
            break
    return found


def settings(bucket_count: int = 1, **others: object) -> Records:
    """Weeks from Monday 2025-01-06, solved to the end within ten minutes."""
    return {"start_date": START.isoformat(), "bucket": "week", "bucket_count": bucket_count, "gap": 0.0,
            "time_limit": 600, **others}


def week(position: int) -> Records:
    """Dates of an order that belongs to one week: shipped in it, neither earlier nor later."""
    first = START + timedelta(days=7 * position)
    last = (first + timedelta(days=6)).isoformat()
    return {"earliest_ship_date": first.isoformat(), "due_date": last, "latest_date": last}


def tables_of(records: Records) -> Tables:
    """Checked tables of a case; AssertionError naming every finding if it is refused."""
    checked = check(from_records(records))
    assert checked.tables is not None, "\n".join(
        f"{finding.cell}: {finding.rule_text()}" for finding in checked.findings if finding.severity == "error")
    return checked.tables


def prove(records: Records, published: float) -> None:
    """The program reports the published optimum, proves it, keeps every promise, and its audit signs the plan."""
    result = plan_order_book(tables_of(records), Options(gap=0.0))
    assert result.plan is not None
    assert result.audit is not None
    assert result.audit.passed, result.audit.failures()
    assert result.plan.frames["misses"].empty
    assert result.outcome.margin is not None
    assert result.outcome.bound is not None
    tolerance = 1e-6 * abs(published)
    assert math.isclose(result.outcome.margin, published, rel_tol=0, abs_tol=tolerance)
    assert abs(result.outcome.bound - result.outcome.margin) < tolerance
