"""The rule of thumb beside the plan, order by order, as text and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from model.explain.thumb import ThumbPlan
from model.explain.words import Wording, amount
from model.report.case import Case

MOST_NAMED = 5


def thumb_beside_document(plans: Sequence[ThumbPlan]) -> dict[str, Any]:
    """``rules_of_thumb``: margin of each, the difference to the plan, and the difference of each order's margin."""
    return {"rules_of_thumb": [
        {"rule": plan.rule, "margin": plan.margin, "less": plan.less, "missed_orders": plan.missed_orders,
         "orders": [{"order": order, "less": less} for order, less in plan.by_order]} for plan in plans]}


def thumb_beside_text(case: Case, plans: Sequence[ThumbPlan]) -> list[str]:
    """One line for each rule: what it would earn less, and where most of that comes from."""
    lines = []
    for plan in plans:
        named = Wording(case.tables, case.language).listed([
            case.say("explain.thumb.order", order=order, amount=amount(less), currency=case.currency)
            for order, less in plan.by_order[:MOST_NAMED]])
        lines.append(case.say("explain.thumb.total", rule=case.say(f"explain.thumb.{plan.rule}"),
                              margin=amount(plan.margin), amount=amount(plan.less), currency=case.currency,
                              orders=named or "-"))
    return lines
