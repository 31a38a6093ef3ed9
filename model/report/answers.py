"""Answers about capacity, rules and alternatives: on the terminal and as plain values."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from model.explain.alternatives import Alternative
from model.explain.bottlenecks import Bottleneck
from model.explain.capacity_value import Curve
from model.explain.known import Known
from model.explain.rule_prices import RulePrice
from model.report.case import Case
from model.report.document import plain
from model.report.facts import miss_name

Document = dict[str, Any]
Line = tuple[str, str]  # name, words
MOST_ORDERS, MOST_RULES = 10, 25
# A share of the figure before: an alternative that saves less saves nothing.
SAME = 1e-6


def figure(value: float) -> str:
    """A figure as a planner reads it: whole where it is large, else six digits."""
    return f"{value + 0.0:,.0f}" if abs(value) >= 1e5 else f"{round(value, 6) + 0.0:,.6g}"


def known_words(case: Case, known: Known) -> str:
    """A figure where it is exact, else what it surely lies between."""
    if known.is_exact:
        # The ends of an exact figure differ by noise only.
        return figure((known.low + known.high) / 2)
    if math.isinf(known.high):
        return case.say("known.at_least", low=figure(known.low)) if math.isfinite(known.low) else case.say("known.open")
    if math.isinf(known.low):
        return case.say("known.at_most", high=figure(known.high))
    return case.say("known.between", low=figure(known.low), high=figure(known.high))


def known_document(known: Known | None) -> Document | None:
    """Both ends, null where nothing is proven on that side, and whether they are the same; null if not examined."""
    if known is None:
        return None
    low, high = (end if math.isfinite(end) else None for end in (known.low, known.high))
    return {"low": low, "high": high, "exact": known.is_exact}


def capacity_lines(case: Case, found: Sequence[Bottleneck], curves: Sequence[Curve],
                   ranking: pd.DataFrame) -> Iterator[Line]:
    """Bottlenecks, what more of each earns, and orders by margin per hour of the bottleneck lines."""
    if not found and not curves:
        yield case.say("capacity.title"), case.say("capacity.nothing")
        return
    full = [case.say("capacity.used_up" if each.kind == "stock" else "capacity.full", name=each.name, site=each.site,
                     full=each.full_buckets, all=each.open_buckets) for each in found]
    for place, words in enumerate(full or ["-"]):
        yield "" if place else case.say("capacity.title"), words
    if not case.frame("misses").empty:
        yield "", case.say("capacity.missed")
    for curve in curves:
        what = case.say(f"capacity.{curve.measure}", name=curve.name, site=curve.site)
        steps = [case.pair(f"+{step.amount:g}", case.say("quote.not_examined") if step.value is None
                           else known_words(case, step.value)) for step in curve.steps]
        yield "", case.pair(f"{what} [{case.currency}]", case.listed(steps, "clauses"))
    for place, row in enumerate(ranking.head(MOST_ORDERS).itertuples()):
        name = "" if place else case.say("capacity.ranking")
        yield name, case.say("capacity.order", order=row.order, per_hour=figure(row.margin_per_hour),
                             hours=figure(row.hours), currency=case.currency)
    if len(ranking) > MOST_ORDERS:
        yield "", case.say("quote.more", count=len(ranking) - MOST_ORDERS)


def capacity_document(found: Sequence[Bottleneck], curves: Sequence[Curve], ranking: pd.DataFrame) -> Document:
    """``bottlenecks`` [{kind, name, site, full_buckets, open_buckets}], ``curves`` [{kind, name, site, measure, steps
    [{amount, value}]}] and ``orders`` [{order, hours, margin, margin_per_hour}]; ``value`` is null if not examined, a
    ``site`` where it is not of a stock."""
    return {
        "bottlenecks": [{**vars(each), "site": each.site or None} for each in found],
        "curves": [{"kind": curve.kind, "name": curve.name, "site": curve.site or None, "measure": curve.measure,
                    "steps": [{"amount": step.amount, "value": known_document(step.value)} for step in curve.steps]}
                   for curve in curves],
        "orders": [{name: plain(value) for name, value in row.items()} for row in ranking.to_dict("records")],
    }


def rule_lines(case: Case, prices: Sequence[RulePrice]) -> Iterator[Line]:
    """What each rule costs, the dearest first."""
    if not prices:
        yield case.say("rules.title"), case.say("rules.none")
    for place, rule in enumerate(prices[:MOST_RULES]):
        what = case.say(f"rules.{rule.kind}", name=miss_name(rule.kind, rule.name, case.language) or "").strip()
        price = case.say("quote.not_examined") if rule.price is None else (
            f"{known_words(case, rule.price)} {case.currency}")
        yield "" if place else case.say("rules.title"), case.pair(what, price)
    if len(prices) > MOST_RULES:
        yield "", case.say("quote.more", count=len(prices) - MOST_RULES)


def rule_document(prices: Sequence[RulePrice]) -> list[Document]:
    """[{kind, name, price}]; a ``price`` is null where it was not examined."""
    return [{"kind": rule.kind, "name": rule.name, "price": known_document(rule.price)} for rule in prices]


def alternative_lines(case: Case, found: Sequence[Alternative], published: float, loss: float) -> Iterator[Line]:
    """Each alternative: what it has less of, and what it earns less; one that no audit has signed is not shown."""
    yield case.say("alternatives.title"), case.say("alternatives.within", loss=figure(loss), currency=case.currency)
    for each in found:
        name = case.say(f"alternatives.{each.aim}")
        least = "" if each.after.is_exact else case.say("alternatives.least", low=figure(each.after.low))
        if not each.is_applicable:
            yield "", case.pair(name, case.say("alternatives.none"))
        elif each.is_signed and each.after.high < each.before - SAME * max(1.0, each.before):
            yield "", case.pair(name, case.say(
                "alternatives.line", before=figure(each.before), after=figure(each.after.high), least=least,
                lost=figure(published - each.margin), currency=case.currency))
        else:
            # Unsigned, or no less than the plan has: either that is the least, or nothing less was found.
            key = "least_already" if each.after.is_exact else "not_found"
            yield "", case.pair(name, case.say(f"alternatives.{key}", before=figure(each.before), least=least))


def alternative_document(found: Sequence[Alternative], published: float) -> list[Document]:
    """[{aim, applicable, before, after {low, high, exact}, margin, lost, audit_passed}]; without a signed plan the last
    three are null."""
    return [{"aim": each.aim, "applicable": each.is_applicable, "before": each.before,
             "after": known_document(each.after) if each.is_signed else None,
             "margin": each.margin if each.is_signed else None,
             "lost": published - each.margin if each.is_signed else None,
             "audit_passed": None if each.audit is None else each.audit.passed} for each in found]
