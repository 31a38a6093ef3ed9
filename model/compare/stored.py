"""A result workbook read back: the plan's tables and the facts of its run, as any report sees a planned case."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from model.audit.result import Audit
from model.compare.money import exact_sum
from model.compare.run_facts import Facts, figure, outcome_of, run_facts, settings_of
from model.compare.sheets import Sheet, plan_frame, rows_named, sheet_of, units_of_rows
from model.compare.wording import PROMISED, code_of, is_sheet, mixed_units
from model.findings import Detail, Finding
from model.labels import label
from model.plan_tables import MONEY_TERMS, PLAN_TABLES
from model.report.case import Case
from model.report.facts import miss_code
from model.schema import TABLES
from model.solve.outcome import Outcome
from model.tables import RawBook, Settings, Tables
from model.tables.grid import as_text
from model.tables.typed import empty_frame
from model.tables.workbook import _BROKEN, read_workbook
from model.tables.xlsx import Package, PackageError

NEEDED: Mapping[str, tuple[str, ...]] = {
    "decisions": ("order", "item", "status", "quantity", "delivered", "last_arrival", "margin"),
    "shipments": ("order", "line", "site", "quantity"),
    "line_load": ("line", "technology", "bucket_start", "regular_hours", "run_hours", "setup_hours", "overtime_hours"),
    "margin": ("term", "amount"),
    "run": ("topic", "name", "value"),
}
"""Sheets and columns without which a workbook is no result; a comparison asks for nothing else but production
and misses."""
READ = (*NEEDED, "production", "misses", "audit")
MOST_NAMED = 3  # of what is missing, so that the message stays short


class NoResultError(Exception):
    """The file is no result workbook, or a damaged one; ``findings`` say why."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(finding.rule_text() for finding in findings))
        self.findings = list(findings)


@dataclass(frozen=True)
class StoredPlan:
    """The plan's tables as read; those no comparison asks for are empty. Money in base currency.

    ``promised``: the day each decision (its rows) is promised for.
    """

    frames: Mapping[str, pd.DataFrame]
    promised: pd.Series
    margin: float
    bound: float


@dataclass(frozen=True)
class StoredResult:
    """A planned case as its workbook tells it: of the input only the settings, the items and their units are known."""

    path: Path
    tables: Tables
    plan: StoredPlan
    outcome: Outcome
    audit: Audit
    facts: Facts
    seconds: Mapping[str, float] = field(default_factory=dict)
    size: Mapping[str, int] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, object] = field(default_factory=dict)
    rule_of_thumb: None = None

    def case(self, language: str) -> Case:
        """The case as reports see it, in the reader's language."""
        return Case(self, self.tables, self.plan, [], language)


def read_result(path: str | Path) -> StoredResult:
    """The result in a workbook of either language, as it was written or saved again by a spreadsheet program.

    Raises NoResultError where the file cannot be read, is no result workbook, or has cells that cannot be understood.
    """
    path = Path(path)
    sheets = _sheets(path)
    facts, settings = run_facts(sheets["run"]), None
    missing = [f"{label(f'sheet.{table}')} {column}" for table, columns in NEEDED.items() for column in columns
               if not any(column in sheet.columns for sheet in sheets[table])]
    if not missing:
        settings = settings_of(facts)
        missing = [] if settings is not None else [f"{label('sheet.run')} start_date"]
    if settings is None:
        raise NoResultError([_finding("no_result", path, missing=tuple(missing[:MOST_NAMED]))])
    findings: list[Finding] = []
    frames = {table: plan_frame(table, sheets[table], findings) for table in PLAN_TABLES}
    misses = frames["misses"]
    # Only here, with the kinds at hand: the name of a pin ends in a coded word, no other does.
    misses["name"] = pd.Series(list(map(miss_code, misses["kind"], misses["name"])), misses.index, dtype=object)
    decisions = frames["decisions"]
    # A result without promised dates has the arrivals alone.
    promised = decisions.pop(PROMISED).fillna(decisions["last_arrival"])
    orders = decisions["order"]
    findings += [_finding("result_order_twice", path, order=str(order or ""))
                 for order in orders[orders.isna() | orders.duplicated()].head(MOST_NAMED)]
    if findings:
        raise NoResultError(findings)
    margin = float(exact_sum(frames["margin"]["amount"]))
    plan = StoredPlan(frames, promised, margin, figure(facts, "bound", math.inf))  # a blank proves nothing
    return StoredResult(path, _tables(path, settings, facts, sheets["decisions"]), plan, outcome_of(facts, plan.margin,
                        plan.bound), _audit(sheets["audit"]), facts,
                        options={"gap": figure(facts, "gap", settings.gap, "options")})


def _finding(rule: str, path: Path, **details: Detail) -> Finding:
    return Finding("error", rule, cell=path.name, value=path.name, details=details)


def _sheets(path: Path) -> dict[str, list[Sheet]]:
    found: dict[str, list[Sheet]] = {table: [] for table in (*PLAN_TABLES, "run", "audit")}
    try:
        with Package(path) as package:
            for title, part in package.sheets:
                for table in (name for name in READ if is_sheet(title, name)):
                    found[table].append(sheet_of(table, package.grid(title, part)))
    except (*_BROKEN, PackageError, OSError) as problem:
        # The reader of inputs has the words for each way in which a file is broken.
        reasons = [finding for finding in read_workbook(path).findings if finding.severity == "error"]
        raise NoResultError(reasons or [_finding("broken_workbook", path, reason=str(problem))]) from problem
    # The sum at the foot of the sheet is no term.
    found["margin"] = [rows_named(sheet, "term", MONEY_TERMS) for sheet in found["margin"]]
    return found


def _tables(path: Path, settings: Settings, facts: Facts, decisions: Sequence[Sheet]) -> Tables:
    units: dict[str, str] = {}
    for sheet in decisions:
        for item, unit in zip(sheet.columns["item"], units_of_rows(sheet, "quantity", mixed_units()), strict=True):
            units[as_text(item)] = unit or settings.quantity_unit
    frames = {name: empty_frame(name) for name in TABLES if name != "settings"}
    items = pd.DataFrame({"item": list(units), "unit": list(units.values())}, dtype=object)
    frames["items"] = items.reindex(columns=frames["items"].columns).astype(object)
    return Tables(frames, settings, {}, {}, str(facts.get(("input", "input_hash")) or ""), frozenset(),
                  RawBook(str(path)))


def _audit(sheets: Sequence[Sheet]) -> Audit:
    verdicts = [code_of("passed", as_text(cell)) for sheet in sheets for cell in sheet.columns.get("passed", [])]
    return Audit("no" not in verdicts, ())
