"""Further answers of ``explain``: what-if, why-not, value of capacity, price of each rule, alternatives."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from model.commands.common import run_facts
from model.compare import Comparison, compare, comparison_document, comparison_text
from model.compare.planned import as_stored
from model.explain.alternatives import Alternative, alternatives
from model.explain.asking import NoPlanError
from model.explain.bottlenecks import bottlenecks, margin_per_hour
from model.explain.capacity_value import capacity_values
from model.explain.ground import Ground
from model.explain.known import Known
from model.explain.rule_prices import rule_prices
from model.explain.what_if import ask_what_if, changes_of
from model.explain.what_if_menu import WhatIfError, menu_text
from model.explain.why_not import WhyNot, ask_why_not
from model.findings import Finding
from model.planning import Options, Result
from model.report.answers import (
    Line,
    alternative_document,
    alternative_lines,
    capacity_document,
    capacity_lines,
    known_document,
    known_words,
    rule_document,
    rule_lines,
)
from model.report.case import Case
from model.report.document import finding_document
from model.report.files import NotWritten
from model.report.outcome_words import result_words
from model.report.text import say
from model.report.widths import display_width, padded
from model.report.workbook import write_result
from model.tables import Tables
from model.template.inputs import write_inputs

USAGE = 2
NOTHING = Known(0.0, 0.0)
MOST_RESOLVES = 15
"""Value of capacity and price of rules take at most so many times the time of one re-solve each."""


@dataclass
class Answers:
    """The answers to the further questions: ``document`` by question, ``blocks`` of text, ``files`` written."""

    document: dict[str, Any] = field(default_factory=dict)
    blocks: list[str] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    unwritten: NotWritten | None = None  # why an alternative could not be written

    @property
    def text(self) -> str:
        """All of them for the terminal."""
        return "\n\n".join(self.blocks)


def check_questions(options: Namespace, tables: Tables) -> int:
    """0, or 2 with the reason and the menu on stderr where a question is not on it; costs no search."""
    try:
        for question in options.what_if:
            changes_of(tables, question)
        known = set(tables.frames["orders"]["order"])
        for order in options.why_not:
            if order not in known:
                raise WhatIfError("unknown", subject="order", name=order, names="-")
        if options.alternatives:
            # The margin is not known yet; any figure serves to read the words.
            loss_of(options.alternatives, 0.0)
    except WhatIfError as failure:
        say(failure.text(options.lang), sys.stderr)
        say(menu_text(options.lang), sys.stderr)
        return USAGE
    return 0


def answer(options: Namespace, result: Result, ground: Ground, seconds: float, findings: Sequence[Finding] = (),
           stopped: Callable[[], bool] | None = None) -> Answers:
    """The answers to every further question, ``seconds`` for each re-solve; why there is none where there is none.
    ``findings`` stand in the workbooks of alternatives."""
    assert result.plan is not None
    answers, case = Answers(), Case(result, result.tables, result.plan, [], options.lang)
    if options.what_if:
        answers.document["what_if"] = [_what_if(answers, case, options, question, stopped)
                                       for question in options.what_if]
    if options.why_not:
        answers.document["why_not"] = [_why_not(answers, case, result, ground, order, seconds, stopped)
                                       for order in options.why_not]
    if options.capacity:
        found, curves = bottlenecks(ground, result.plan), capacity_values(
            ground, result.plan, seconds, MOST_RESOLVES * seconds, result.options["gap"])
        ranking = margin_per_hour(result.plan, found)
        answers.document["capacity"] = capacity_document(found, curves, ranking)
        answers.blocks.append(_text(capacity_lines(case, found, curves, ranking)))
    if options.rules:
        prices = rule_prices(ground, result.plan, seconds, MOST_RESOLVES * seconds)
        answers.document["rules"] = rule_document(prices)
        answers.blocks.append(_text(rule_lines(case, prices)))
    if options.alternatives:
        loss = loss_of(options.alternatives, result.plan.margin)
        others = alternatives(ground, loss, seconds, options.lang)
        answers.document["alternatives"] = alternative_document(others, result.plan.margin)
        answers.blocks.append(_text(alternative_lines(case, others, result.plan.margin, loss)))
        if options.alternatives_out:
            _write(answers, options, result, others, findings)
    return answers


def loss_of(written: str, margin: float) -> float:
    """``0.5%`` of the margin, or an amount of money. WhatIfError where it is neither, or below zero."""
    try:
        share = written.strip().removesuffix("%")
        loss = float(share) / 100 * abs(margin) if share != written.strip() else float(written)
        # Written this way round, NaN is refused, too.
        if not 0 <= float(share) < float("inf"):
            raise ValueError
    except ValueError:
        raise WhatIfError("loss", value=written) from None
    return loss


def _what_if(answers: Answers, case: Case, options: Namespace, question: str,
             stopped: Callable[[], bool] | None) -> dict[str, Any]:
    result = case.result
    assert isinstance(result, Result)
    chosen = Options(gap=result.options["gap"], time_limit=result.options["time_limit"],
                     seed=int(result.options["seed"]), threads=int(result.options["threads"]),
                     language=case.language, rule_of_thumb=False)
    asked = ask_what_if(result, question, chosen, stopped)
    document: dict[str, Any] = {"question": question, "status": "rejected_input", "margin_difference": None,
                                "comparison": None, "errors": [finding_document(each, case.language)
                                                               for each in asked.checked.findings
                                                               if each.severity == "error"]}
    head = f"{case.say('what_if.title')}  {question}"
    if asked.after is None:
        errors = [each for each in asked.checked.findings if each.severity == "error"]
        answers.blocks.append("\n".join([head, f"  {case.say('what_if.refused')}", *_rules_of(errors, case.language)]))
        return document
    document["status"] = asked.after.outcome.status
    comparison = compared(case, asked.after, question)
    if comparison is None:
        status = result_words(asked.after, case.language)
        answers.blocks.append(f"{head}\n  {case.say('what_if.no_plan', status=status)}")
        return document
    gain = difference(asked.after, result)
    gained = case.say("what_if.margin", difference=known_words(case, gain), currency=case.currency)
    answers.blocks.append("\n".join([head, gained, comparison_text(comparison, language=case.language)]))
    return {**document, "margin_difference": known_document(gain),
            "comparison": comparison_document(comparison, language=case.language)}


def difference(after: Result, before: Result) -> Known:
    """What the best plan of one book earns more than that of another, as far as it is proven."""
    # The best plan of a book lies between what was found and what is proven.
    ends = [Known(each.outcome.margin, each.outcome.bound) for each in (after, before)
            if each.outcome.margin is not None and each.outcome.bound is not None]
    return ends[0].less(ends[1])


def compared(case: Case, after: Result, name: str) -> Comparison | None:
    """The published plan beside another one; None where there is none, or the audit does not sign it."""
    if after.plan is None or after.audit is None or not after.audit.passed:
        return None
    # The name stands where a file's path does; a slash in it would count as a folder.
    return compare(as_stored(case.result, case.say("what_if.before")), as_stored(after, name.replace("/", "_")))


def _why_not(answers: Answers, case: Case, result: Result, ground: Ground, order: str, seconds: float,
             stopped: Callable[[], bool] | None) -> dict[str, Any]:
    head = f"{case.say('why_not.title')}  {order}"
    try:
        asked = ask_why_not(result, ground, order, seconds, case.language, stopped)
    # Nothing found in the time proves neither that it can be nor that it cannot.
    except NoPlanError:
        asked = WhyNot(order, "open", None, None)
    except WhatIfError as failure:
        answers.blocks.append("\n".join([head, f"  {failure.text(case.language)}",
                                         *_rules_of(failure.findings, case.language)]))
        return {"order": order, "status": "refused", "cost": known_document(None), "comparison": None,
                "errors": [finding_document(each, case.language) for each in failure.findings]}
    lines = [head]
    if asked.status != "forced":
        lines.append(case.say(f"why_not.{asked.status}"))
    if asked.cost is not None and asked.status == "forced":
        # Only an order that a rule left out may earn more.
        key, cost = ("cost", asked.cost) if asked.cost.high >= 0 else ("gain", NOTHING.less(asked.cost))
        lines.append(case.say(f"why_not.{key}", cost=known_words(case, cost), currency=case.currency))
    comparison = compared(case, asked.after, order) if asked.after is not None else None
    if comparison is not None:
        lines.append(comparison_text(comparison, language=case.language))
    elif asked.after is not None:
        lines.append(case.say("why_not.rejected"))
    answers.blocks.append("\n".join(lines))
    return {"order": order, "status": asked.status, "cost": known_document(asked.cost),
            "comparison": comparison_document(comparison, language=case.language) if comparison is not None else None}


def _rules_of(findings: Sequence[Finding], language: str) -> list[str]:
    # One change may break the same rule in several cells.
    return list(dict.fromkeys(f"  {each.rule_text(language)}" for each in findings))


def _write(answers: Answers, options: Namespace, result: Result, others: list[Alternative],
           findings: Sequence[Finding]) -> None:
    """Each alternative that the audit has signed as a result workbook of its own."""
    folder, stem = Path(options.alternatives_out), Path(options.input).stem
    for each in others:
        if each.plan is None or not each.is_signed:
            continue
        # The published plan's proof is not this plan's: nothing says that it is the best of its kind.
        outcome = replace(result.outcome, margin=each.plan.margin, status="limit")
        planned = replace(result, plan=each.plan, audit=each.audit, outcome=outcome, rule_of_thumb=None)
        facts = {**run_facts(options), "alternative": each.aim}
        try:
            answers.files += write_result(folder / f"{stem}.{each.aim}.xlsx", planned, result.tables, findings,
                                          options.lang, facts, [write_inputs])
        # The answers stand without their files.
        except NotWritten as failure:
            answers.unwritten = failure
            return


def _text(lines: Iterator[Line]) -> str:
    kept = list(lines)
    width = max(display_width(name) for name, _ in kept) + 2
    return "\n".join((padded(name, width) + value).rstrip() for name, value in kept)
