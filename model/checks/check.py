"""From a raw book to checked tables: scenario and overrides, types, defaults, and every rule of meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.checks.cells import check_tables_given, type_settings, type_tables
from model.checks.draft import Draft
from model.checks.keys import check_joined_names, check_keys, check_near_keys, check_references
from model.checks.overrides import apply_overrides
from model.checks.rules import RULES
from model.checks.units import check_header_spelling, check_header_units, check_own_columns
from model.findings import Finding
from model.scenarios import apply_scenario, check_scenarios
from model.schema import SETTINGS, TABLES
from model.tables import RawBook, Settings, Tables
from model.tables.filling import derive_sites, fill_defaults, setting_or_default
from model.tables.typed import content_hash


@dataclass(frozen=True)
class Checked:
    """The tables, or None if anything is an error, and everything found."""

    tables: Tables | None
    findings: list[Finding]


def check(book: RawBook, settings: Mapping[str, str] | None = None, scenario: str | None = None) -> Checked:
    """Check a raw book after one scenario's changes and the given settings (key -> value as typed) were put into it."""
    if not book.tables:
        unread = any(found.severity == "error" for found in book.findings)
        nothing = [] if unread else [Finding("error", "no_tables", cell=book.source, value=book.source)]
        return Checked(None, [*book.findings, *nothing])
    findings = [*book.findings, *check_scenarios(book)]
    if scenario is not None:
        book, more = apply_scenario(book, scenario)
        findings.extend(more)
    # After the scenario: what the command line sets overrules it.
    book = apply_overrides(book, settings or {}, findings)
    draft = Draft(book, findings=findings)
    check_tables_given(draft)
    type_tables(draft)
    type_settings(draft)
    check_header_spelling(draft)
    check_header_units(draft)
    check_own_columns(draft)
    # Before keys and references: a default may be part of a key, and must name something that is there.
    _fill(draft)
    check_keys(draft)
    check_near_keys(draft)
    check_references(draft)
    check_joined_names(draft)
    for rule in RULES:
        rule(draft)
    refused = any(found.severity == "error" for found in draft.findings)
    return Checked(None if refused else _tables(draft), _sorted(draft.findings))


def _fill(draft: Draft) -> None:
    """Fill defaults into frames and settings."""
    draft.defaults_used = fill_defaults(draft.frames, draft.setting_values)
    if not draft.has("sites"):
        derive_sites(draft.frames)
    values: dict[str, object] = {}
    for key, column in SETTINGS.items():
        value = setting_or_default(key, draft.setting_values)
        if value is not None and draft.setting_values.get(key) is None:
            draft.defaults_used[f"settings.{key}"] = 1
        if column.kind == "date" and value is not None:
            value = pd.Timestamp(value)
        values[key] = value
    if all(values[key] is not None for key, column in SETTINGS.items() if column.required):
        values["bucket_count"] = int(values["bucket_count"])  # type: ignore[call-overload]
        draft.settings = Settings(**values)  # type: ignore[arg-type]


def _tables(draft: Draft) -> Tables:
    assert draft.settings is not None
    present = frozenset(name for name in TABLES if draft.has(name))
    extras = {name: pd.DataFrame({header: pd.Series(cells, dtype=object) for header, cells in raw.extras.items()},
                                 index=pd.RangeIndex(len(raw.row_numbers)))
              for name, raw in draft.book.tables.items()}
    return Tables(draft.frames, draft.settings, extras, draft.defaults_used,
                  content_hash(draft.frames, draft.settings), present, draft.book)


def _sorted(findings: list[Finding]) -> list[Finding]:
    """Errors first, then by table in the schema's order and row."""
    order = {name: number for number, name in enumerate(TABLES)}
    return sorted(findings, key=lambda found: (found.severity != "error", order.get(found.table, -1),
                                               np.inf if found.row is None else found.row))
