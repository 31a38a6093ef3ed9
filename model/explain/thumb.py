"""The rule of thumb beside the plan: by priority and due date, and first come, first served, on the same data."""

from __future__ import annotations

from dataclasses import dataclass

from model.audit import audit
from model.dispatch import dispatch
from model.dispatch.rule import Sequence
from model.plan import Plan, make_plan
from model.planning import Result

SEQUENCES: tuple[Sequence, ...] = ("priority", "first_come")


@dataclass(frozen=True)
class ThumbPlan:
    """What one rule would have earned, and by order how much less than the plan (negative: more) [base money]."""

    rule: str
    margin: float
    less: float
    by_order: tuple[tuple[str, float], ...]
    missed_orders: int


def thumb_plans(result: Result) -> tuple[ThumbPlan, ...]:
    """Each rule that applies to the book and whose plan the audit signs; orders with the largest difference first."""
    if result.plan is None:
        return ()
    return tuple(_beside(result.plan, rule, plan) for rule, plan in _plans(result))


def _plans(result: Result) -> list[tuple[str, Plan]]:
    found: list[tuple[str, Plan]] = []
    for rule in SEQUENCES:
        # Made with the plan already, and signed.
        if rule == "priority" and result.rule_of_thumb is not None:
            found.append((rule, result.rule_of_thumb))
            continue
        dispatched = dispatch(result.instance, rule)
        # A dispatching rule proves no bound.
        plan = None if dispatched is None else make_plan(result.instance, dispatched.decided, float("inf"))
        if plan is not None and audit(result.tables, plan).passed:
            found.append((rule, plan))
    return found


def _beside(ours: Plan, rule: str, theirs: Plan) -> ThumbPlan:
    ours_by, theirs_by = (plan.frames["decisions"].set_index("order")["margin"].astype(float)
                          for plan in (ours, theirs))
    # Rounded: a sum taken in another sequence is no difference.
    less = (ours_by - theirs_by.reindex(ours_by.index).fillna(0.0)).round(6)
    rows = sorted(((str(order), float(amount)) for order, amount in less.items() if amount), key=lambda row: (
        -abs(row[1]), row[0]))
    missed = int((theirs.frames["decisions"]["status"] == "missed").sum())
    return ThumbPlan(rule, theirs.margin, ours.margin - theirs.margin, tuple(rows), missed)
