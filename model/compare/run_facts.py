"""The sheet Run read back: settings, options, input and outcome of the run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast, get_args

import pandas as pd

from model.compare.sheets import Sheet, understood
from model.compare.wording import fact_code, run_name
from model.schema import SETTINGS
from model.solve.outcome import Outcome, Status
from model.tables import Bad, Settings
from model.tables.grid import as_text
from model.tables.names import find_setting

Facts = Mapping[tuple[str, str], object]
"""Facts of a run by topic and name."""


def run_facts(sheets: Sequence[Sheet]) -> Facts:
    """Every fact by topic and name, in the order of the sheet; blank cells as None."""
    facts: dict[tuple[str, str], object] = {}
    for sheet in sheets:
        columns = (sheet.columns.get(name, []) for name in ("topic", "name", "value"))
        for topic, name, value in zip(*columns, strict=False):
            about = run_name(as_text(topic))
            setting = find_setting(as_text(name)) if about == "settings" else None
            known = setting or run_name(as_text(name))
            # The first counts: remarks and warnings repeat their names.
            facts.setdefault((about, known), None if isinstance(value, Bad) else fact_code(known, value))
    return facts


def figure(facts: Facts, name: str, otherwise: float, topic: str = "outcome") -> float:
    """A figure of the outcome, or of another topic; ``otherwise`` where there is none."""
    value = understood(name, "money", facts.get((topic, name)))
    return value if isinstance(value, float) else otherwise


def settings_of(facts: Facts) -> Settings | None:
    """The settings of the run, defaults where an older program had not yet written one; None without a horizon."""
    values = {name: _setting(name, facts.get(("settings", name))) for name in SETTINGS}
    if not isinstance(values["start_date"], pd.Timestamp) or not isinstance(values["bucket_count"], float):
        return None
    values["bucket_count"] = int(values["bucket_count"])
    return Settings(**values)  # type: ignore[arg-type]  # each value is of its setting's kind, or its default


def _setting(name: str, cell: object) -> object:
    column = SETTINGS[name]
    # "money" stands for any figure.
    kind = {"number": "money", "date": "date"}.get(column.kind, "text")
    value = understood(name, kind, cell)  # type: ignore[arg-type]  # one of the three kinds above
    if value is None or isinstance(value, Bad):
        value = column.default
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def outcome_of(facts: Facts, margin: float, bound: float) -> Outcome:
    """How the search ended; a status nobody knows counts as one without proof."""
    written = str(facts.get(("outcome", "status")) or "")
    status = cast(Status, written if written in get_args(Status) else "limit")
    return Outcome(status, margin, bound, promises_missed=status == "promises_missed",
                   interrupted=status == "interrupted")
