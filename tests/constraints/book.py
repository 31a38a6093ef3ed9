"""Hand-solved cases: one line, one item and one order, changed where a case says so, and how an answer is stated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from model.audit import Audit
from model.constraints import TIGHTENING
from model.planning import Options, Result, best_outcome
from model.solve.outcome import Outcome
from tests.support import Records, plan, settings

Row = dict[str, Any]

STARTS = ("2025-01-06", "2025-01-13", "2025-01-20", "2025-01-27", "2025-02-03")
ENDS = ("2025-01-12", "2025-01-19", "2025-01-26", "2025-02-02", "2025-02-09")


@dataclass(frozen=True)
class Case:
    """A law with the book that needs it: the margin by hand, and the margin of a model ``without`` the law.

    ``missed``: quantity missed by kind of promise, where not every promise can be kept.
    """

    law: str
    proves: str
    records: Records
    margin: float
    without: float
    missed: Mapping[str, float] = field(default_factory=dict)


def order(name: str = "O", **changes: object) -> Row:
    """An order of 10 A at 30 each, due at the end of the first week, that may be declined or cut."""
    return {"order": name, "item": "A", "quantity": 10, "unit_price": 30, "due_date": ENDS[0], **changes}


def routing(line: str = "L1", item: str = "A", **changes: object) -> Row:
    """The line makes the item at 2 hours and no cost a unit."""
    return {"line": line, "item": item, "hours_per_unit": 2, **changes}


def line(name: str = "L1", hours: float = 40, **changes: object) -> Row:
    """A line with so many hours a week."""
    return {"line": name, "regular_hours": hours, **changes}


def book(bucket_count: int = 1, changes: Row | None = None, **tables: list[Row]) -> Records:
    """Weeks from Monday 2025-01-06; L1 makes 20 units of A a week; one order. Tables given replace those."""
    return {
        "settings": settings(bucket_count, **(changes or {})), "items": [{"item": "A"}], "lines": [line()],
        "routings": [routing()], "orders": [order()], **tables,
    }


def audited(records: Records, options: Options | None = None) -> Result:
    """The case planned and audited, without the rule of thumb that is planned and audited beside it."""
    with patch("model.planning.dispatch", return_value=None):
        return plan(records, options)


def unaudited(records: Records) -> Result:
    """The case planned without the audit, which takes longest, where a test asks for something else."""
    with patch("model.publishing.audit", return_value=Audit(True, ())):
        return audited(records)


def lacking(law: str) -> Options:
    """The model without the law, and without what only tightens it, which may say the same of a small book."""
    helpers = tuple(each.name for each in TIGHTENING)
    return Options(without=(law,) if law in helpers else (law, *helpers))


def answer_without(result: Result, law: str) -> Outcome:
    """What the search answers for the result's book when the model lacks the law."""
    with patch("model.planning.build_instance", return_value=result.instance):
        return best_outcome(result.tables, lacking(law))
