"""A result just planned, as if its workbook had been read back, so that it can be compared without a file."""

from __future__ import annotations

from pathlib import Path

from model.audit.result import Audit
from model.compare.stored import StoredPlan, StoredResult
from model.report.case import Case
from model.report.insight import promised_on
from model.report.shapes import ResultFacts


def as_stored(result: ResultFacts, name: str) -> StoredResult:
    """``result`` under a name of its own in place of a file's. ValueError where there is no plan to compare."""
    if result.plan is None:
        raise ValueError(f"{name} has no plan")
    facts = {("settings", key): value for key, value in vars(result.tables.settings).items()}
    promised = promised_on(Case(result, result.tables, result.plan, []))
    plan = StoredPlan(result.plan.frames, promised, result.plan.margin, result.plan.bound)
    return StoredResult(Path(name), result.tables, plan, result.outcome, result.audit or Audit(True, ()), facts,
                        result.seconds, result.size, result.versions, result.options)
