"""The rule of thumb beside the plan: what it would have earned, and the firm orders it would have missed."""

from __future__ import annotations

from model.report.case import Case
from model.report.shapes import ResultFacts


def thumb_facts(result: ResultFacts) -> dict[str, float | int] | None:
    """``margin`` of the rule of thumb in base currency and the count of ``missed_orders``; None without such a plan."""
    if result.rule_of_thumb is None:
        return None
    missed = result.rule_of_thumb.frames["decisions"]["status"] == "missed"
    return {"margin": result.rule_of_thumb.margin, "missed_orders": int(missed.sum())}


def thumb_words(case: Case) -> str | None:
    """The same for a reader: the margin, how much less that is, and the firm orders missed."""
    facts = thumb_facts(case.result)
    if facts is None:
        return None
    less = case.plan.margin - facts["margin"]
    key = "thumb.missing" if facts["missed_orders"] else "thumb.keeping"
    return case.say(key, margin=f"{facts['margin']:,.0f}", less=f"{less:,.0f}", currency=case.currency,
                    count=facts["missed_orders"])
