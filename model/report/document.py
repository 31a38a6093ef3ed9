"""The JSON document: one result for programs, as other programs rely on it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from model.audit.result import Audit
from model.findings import Finding
from model.report.explained import explanation_document, explanations_of
from model.report.shapes import PlanFacts, ResultFacts, gap_of, is_rejected
from model.report.thumb import thumb_facts

Document = dict[str, Any]
ORDER_KEYS = ("order", "status", "delivered", "first_ship", "last_arrival", "late_days", "margin")
MISS_KEYS = ("kind", "name", "bucket", "missed", "unit", "value")
SIZE_KEYS = ("rows", "columns", "integers", "nonzeros")
STEPS = ("load", "build", "solve", "report", "total")


def json_document(result: ResultFacts | None, findings: Sequence[Finding], files: Iterable[str | Path],
                  versions: Mapping[str, str], seconds: Mapping[str, float], *, status: str | None = None,
                  language: str = "en") -> Document:
    """The whole result as plain values: money in base currency, dates in ISO form, null for what does not exist.

    ``result`` is None where the input was rejected. ``status`` overrides the outcome's own (``not_written``).
    """
    plan = result.plan if result is not None else None
    outcome = result.outcome if result is not None else None
    return {
        "status": status or _status(result),
        "margin": _number(plan.margin if plan is not None else None),
        # A search without a plan may still have proven a bound.
        "bound": _number(plan.bound if plan is not None else outcome.bound if outcome is not None else None),
        "gap": _number(gap_of(plan) if plan is not None else None),
        "seconds": {step: _number(seconds.get(step)) for step in dict.fromkeys((*STEPS, *seconds))},
        "money": _money(plan),
        "orders": _orders(result, plan),
        "misses": _rows(plan, "misses", MISS_KEYS),
        "audit": _audit(result.audit if result is not None else None),
        "errors": [finding_document(finding, language) for finding in findings if finding.severity == "error"],
        "warnings": [finding_document(finding, language) for finding in findings if finding.severity == "warning"],
        "rule_of_thumb": thumb_facts(result) if result is not None else None,
        "notes": list(outcome.notes) if outcome is not None else [],
        "model": {key: result.size.get(key) if result is not None else None for key in SIZE_KEYS},
        "files": [str(file) for file in files],
        "versions": dict(versions),
        "input_hash": result.tables.input_hash if result is not None else None,
    }


def json_text(document: Document) -> str:
    """The document as strict JSON in ASCII, which any console can print."""
    return json.dumps(document, allow_nan=False, indent=1)


def plain(value: object) -> str | float | int | bool | None:
    """A frame's value as JSON knows it: dates as ISO text, NaN and NaT as None."""
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    # NumPy's figures are none of these: they become floats below.
    if isinstance(value, (str, bool, int)):
        return value
    return _number(float(value))  # type: ignore[arg-type]


def _status(result: ResultFacts | None) -> str:
    if result is None:
        return "rejected_input"
    return "rejected_plan" if is_rejected(result) else result.outcome.status


def _number(value: float | None) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None


def _money(plan: PlanFacts | None) -> dict[str, float | None]:
    if plan is None:
        return {}
    margin = plan.frames["margin"]
    return {str(term): _number(amount) for term, amount in zip(margin["term"], margin["amount"], strict=True)}


def _rows(plan: PlanFacts | None, table: str, keys: Sequence[str]) -> list[Document]:
    if plan is None:
        return []
    columns = [[plain(value) for value in plan.frames[table][key].astype(object)] for key in keys]
    return [dict(zip(keys, row, strict=True)) for row in zip(*columns, strict=True)]


def _orders(result: ResultFacts | None, plan: PlanFacts | None) -> list[Document]:
    """The decisions, each with its reason in words and what is proven of it, where that was asked for."""
    known = explanations_of(result)
    rows = _rows(plan, "decisions", (*ORDER_KEYS, "reason"))
    return [{**row, "explanation": explanation_document(known.get(row["order"]))} for row in rows]


def _audit(audit: Audit | None) -> Document:
    if audit is None:
        return {"passed": None, "findings": []}
    findings = [{"law": row.law, "checked": int(row.checked), "largest_residual": _number(row.largest_residual),
                 "tolerance": _number(row.tolerance), "passed": bool(row.passed), "detail": row.detail}
                for row in audit.findings]
    return {"passed": bool(audit.passed), "findings": findings}


def finding_document(finding: Finding, language: str) -> Document:
    """A finding with its place, what is wrong and what to do about it."""
    return {"table": finding.table, "row": finding.row, "cell": finding.cell, "column": finding.column,
            "value": finding.value, "rule": finding.rule, "message": finding.rule_text(language),
            "remedy": finding.remedy_text(language)}
