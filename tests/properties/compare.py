"""The program's answer beside the oracle's."""

from __future__ import annotations

from pprint import pformat
from typing import Any

from model.plan_tables import MISS_KINDS
from model.planning import Result, best_outcome
from tests import support
from tests.oracle.plain import OracleAnswer

Records = dict[str, Any]
KIND_OF_MISS = {"frozen_plan": 1, "pin": 1, "firm_order": 2, "contract_minimum": 3, "safety_stock": 3, "final_stock": 3}
assert set(KIND_OF_MISS) == set(MISS_KINDS)


def near(left: float, right: float) -> bool:
    """Whether two amounts are the same but for the arithmetic of solvers and the rounding of plan tables."""
    return abs(left - right) <= 1e-3 + 1e-6 * abs(right)


def best(records: Records) -> float:
    """Margin of the best plan by the search alone, proven; the audit costs more than the search of a small case."""
    outcome = best_outcome(support.tables_of(records))
    assert outcome.margin is not None, outcome
    assert outcome.bound is not None, outcome
    assert near(outcome.bound, outcome.margin), outcome
    return outcome.margin


def search_differences(records: Records, expected: OracleAnswer) -> list[str]:
    """Where what the program's search answers departs from the oracle's answer; empty where it does not."""
    outcome = best_outcome(support.tables_of(records))
    if outcome.margin is None or outcome.bound is None:
        return [f"no plan: {outcome}"]
    found = [] if near(outcome.margin, expected.margin) else [f"{outcome}, the oracle's margin {expected.margin}"]
    if not (near(outcome.bound, outcome.margin) and outcome.promises_proven):
        found.append(f"not proven: {outcome}")
    if outcome.promises_missed != any(amount > 1e-6 for amount in expected.missed_by_kind.values()):
        found.append(f"misses: {outcome}, the oracle's {expected.missed_by_kind}")
    return found


def missed_by_kind(result: Result) -> dict[int, float]:
    """What the plan misses: firm orders in base money, frozen plan, pins, minimums and stocks in units."""
    assert result.plan is not None
    sums = dict.fromkeys((1, 2, 3), 0.0)
    for row in result.plan.frames["misses"].to_dict("records"):
        kind = KIND_OF_MISS[row["kind"]]
        sums[kind] += row["value"] if kind == 2 else row["missed"]
    return sums


def differences(records: Records, expected: OracleAnswer) -> list[str]:
    """Where the program's audited plan departs from the oracle's answer; empty where it does not."""
    result = support.plan(records)
    if result.plan is None or result.audit is None:
        return [f"no plan: {result.outcome}"]
    assert result.outcome.margin is not None
    assert result.outcome.bound is not None
    found = [] if result.audit.passed else [f"the audit fails: {result.audit.failures()}"]
    margin, bound, missed = result.outcome.margin, result.outcome.bound, missed_by_kind(result)
    if not near(margin, expected.margin):
        found.append(f"margin {margin}, the oracle's {expected.margin}")
    if not near(bound, margin):
        found.append(f"not proven: margin {margin}, bound {bound}")
    found += [f"missed of kind {kind}: {missed[kind]}, the oracle's {expected.missed_by_kind[kind]}"
              for kind in missed if not near(missed[kind], expected.missed_by_kind[kind])]
    return found


def reproducer(seed: object, records: Records) -> str:
    """What to paste to see a case again."""
    return f"seed {seed!r}\nrecords = {pformat(records, width=118, sort_dicts=False)}"
