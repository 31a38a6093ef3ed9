"""The comparison as one JSON document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from model.compare.comparison import Comparison, Step
from model.compare.production import KEY as PRODUCTION
from model.findings import Finding
from model.report.document import plain

Document = dict[str, Any]
ORDER_WORDS = ("customer", "market", "item", "unit")
ORDER_PAIRS = ("status", "quantity", "delivered", "promised_date", "last_arrival", "lines", "sites", "margin")
LOAD_PAIRS = ("regular_hours", "used_hours", "overtime_hours", "load")
MISS_KEYS = ("change", "kind", "name", "bucket", "unit", "missed_before", "missed_after", "value_before", "value_after")


def comparison_document(comparison: Comparison | None, files: Iterable[str | Path] = (),
                        findings: Sequence[Finding] = (), *, status: str = "compared",
                        language: str = "en") -> Document:
    """What changed as plain values: money in base currency, shares as fractions, dates in ISO form, null for nothing.

    - ``status``: compared | rejected_input | not_written; ``errors`` [{cell, value, rule, message, remedy}]; ``files``
      written. Where the input was rejected the other keys are null.
    - ``before``, ``after``: {file, plan_name, status (of that run; rejected_plan where its audit failed), margin,
      bound, gap, gap_asked, input_hash, currency, quantity_unit, bucket, bucket_count, start_date, end_date, orders and
      misses (counts)}
    - ``nothing_changed``; ``margin_difference``; ``proven``: after | before, where that plan earns more than any plan
      of the other can, else null
    - ``differences`` of the runs [{topic, name, before, after}]
    - ``bridge``: {terms [{name, before, after, difference}], orders [the same, largest first, every order that moved
      the margin], unassigned {the same}}: terms, and orders with unassigned, sum to ``margin_difference``
    - ``order_counts`` {change: orders}; ``orders`` changed [{order, changes [only_before | only_after | terms |
      decision | delivered | promise_date | lines | sites | production | shipments], terms [{name, before, after}],
      customer, market, item, unit, and <name>_before and <name>_after of status, quantity, delivered, promised_date
      (last_arrival or, where due_basis is departure, the last departure), last_arrival, lines ("": from stock), sites,
      margin}]
    - ``lines`` [{line, site, technology, changed, load_difference, and <name>_before and <name>_after of regular_hours,
      used_hours, overtime_hours, load, moved_hours (used in other buckets)}], ``technologies`` the same without line
      and site
    - ``production`` changed [{line, item, bucket_start, quantity_before, quantity_after}]
    - ``misses`` changed [{change (appeared | disappeared | larger | smaller), kind, name, bucket, unit, missed_before,
      missed_after, value_before, value_after}]
    """
    document: Document = {"status": status, **dict.fromkeys((
        "before", "after", "nothing_changed", "margin_difference", "proven", "differences", "bridge", "order_counts",
        "orders", "lines", "technologies", "production", "misses"))}
    if comparison is not None:
        document |= _contents(comparison)
    return {**document, "files": [str(file) for file in files], "errors": [
        {"cell": finding.cell, "value": finding.value, "rule": finding.rule, "message": finding.rule_text(language),
         "remedy": finding.remedy_text(language)} for finding in findings]}


def _contents(comparison: Comparison) -> Document:
    loads = [f"{name}_{side}" for name in LOAD_PAIRS for side in ("before", "after")]
    return {
        "before": {name: _plain(value) for name, value in asdict(comparison.before).items()},
        "after": {name: _plain(value) for name, value in asdict(comparison.after).items()},
        "nothing_changed": bool(comparison.nothing_changed),
        "margin_difference": comparison.margin.difference,
        "proven": comparison.proven,
        "differences": [{"topic": each.topic, "name": each.name, "before": _plain(each.before),
                         "after": _plain(each.after)} for each in comparison.differences],
        "bridge": {"terms": [_step(step) for step in comparison.terms],
                   "orders": [_step(step) for step in comparison.movers], "unassigned": _step(comparison.unassigned)},
        "order_counts": comparison.counts,
        "orders": [_order(row) for row in comparison.changed_orders.to_dict("records")],
        "lines": _rows(comparison.lines, ("line", "site", "technology", "changed", *loads, "load_difference",
                                           "moved_hours")),
        "technologies": _rows(comparison.technologies, ("technology", "changed", *loads, "load_difference",
                                                        "moved_hours")),
        "production": _rows(comparison.production, (*PRODUCTION, "quantity_before", "quantity_after")),
        "misses": _rows(comparison.changed_misses, MISS_KEYS),
    }


def _step(step: Step) -> Document:
    return {"name": step.name, "before": step.before, "after": step.after, "difference": step.difference}


def _order(row: Document) -> Document:
    # In the words of the later plan, unless the order is gone from it.
    side = "before" if "only_before" in row["changes"] else "after"
    words = {name: _plain(row[f"{name}_{side}"]) for name in ORDER_WORDS}
    pairs = {f"{name}_{each}": _plain(row[f"{name}_{each}"]) for name in ORDER_PAIRS for each in ("before", "after")}
    return {"order": row["order"], "changes": list(row["changes"]), "terms": [
        {"name": name, "before": _plain(row[f"{name}_before"]), "after": _plain(row[f"{name}_after"])}
        for name in row["terms"]], **words, **pairs}


def _rows(frame: pd.DataFrame, keys: Sequence[str]) -> list[Document]:
    columns = [[_plain(value) for value in frame[key].astype(object)] for key in keys]
    return [dict(zip(keys, row, strict=True)) for row in zip(*columns, strict=True)]


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, date) and not isinstance(value, pd.Timestamp) and value is not pd.NaT:
        return value.isoformat()[:10]
    return plain(value)
