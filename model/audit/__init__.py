"""A second opinion on a plan: every law and every number recomputed from input and plan tables, without a solver."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from model.audit import decisions, first_in, making, misses, orders, pegging, policy, stock, tables
from model.audit.facts import Facts
from model.audit.result import Audit, AuditRow
from model.audit.tally import Tally

if TYPE_CHECKING:
    from model.plan import Plan
    from model.tables import Tables

__all__ = ["LAWS", "Audit", "AuditRow", "audit", "held"]

LAWS: dict[str, Callable[[Facts, Tally], None]] = {
    law.__name__: law
    for part in (orders, making, stock, policy, misses, pegging, first_in, decisions, tables)
    for law in part.LAWS
}


def audit(tables: Tables, plan: Plan) -> Audit:
    """Every law held against the plan's tables as they are written.

    Reads the typed input and the plan's tables only. A broken law is a finding, never an exception.
    """
    findings = tuple(held(tables, plan))
    return Audit(all(row.passed for row in findings), findings)


def held(tables: Tables, plan: Plan, first: Sequence[str] = ()) -> Iterator[AuditRow]:
    """The finding of each law in turn, those named in ``first`` first, for callers that need not wait for all."""
    # One for all laws: what one of them works out, the next ones find remembered.
    facts = Facts(tables, plan)
    for name in dict.fromkeys((*first, *LAWS)):
        tally = Tally()
        LAWS[name](facts, tally)
        yield tally.row(name)
