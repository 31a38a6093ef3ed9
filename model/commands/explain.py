"""``explain``: plan, then say why each order is where it is and from which price it pays; or answer a question."""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from pathlib import Path
from typing import Any

from model.checks.storing import goods_without_room
from model.commands.common import Progress, interruptible, load, run_facts, say_findings, say_rejected
from model.commands.explain_more import answer, check_questions
from model.commands.explain_options import is_asked
from model.explain.examine import explained
from model.explain.ground import ground_of
from model.explain.thumb import thumb_plans
from model.findings import Finding
from model.labels import label, reason_words
from model.planning import Options, Result, plan_order_book, versions
from model.report.case import Case
from model.report.document import json_document, json_text
from model.report.explained import explained_table, explanations_of, story
from model.report.files import NotWritten
from model.report.text import say, written_text
from model.report.thumb_beside import thumb_beside_document, thumb_beside_text
from model.report.workbook import write_result
from model.template.inputs import write_inputs

EXIT_CODES = {"optimal": 0, "within_gap": 0, "limit": 10, "promises_missed": 4, "no_plan": 6, "failed": 7,
              "interrupted": 130, "rejected_input": 3, "rejected_plan": 8, "not_written": 9}
USAGE = 2


def run_explain(options: Namespace) -> int:
    """Plan the input and explain it; returns the exit code of the plan, 2 where an order is not in the book."""
    started = time.monotonic()
    checked, load_seconds = load(options)
    say_findings([each for each in checked.findings if each.severity == "error" or not options.quiet], options.lang)
    seconds = {"load": load_seconds}
    if checked.tables is None:
        return _refused(options, checked.findings, seconds)
    # Orders and questions are checked before the search: a slip must not cost minutes.
    known = set(checked.tables.frames["orders"]["order"])
    for order in options.orders:
        if order not in known:
            say(label("explain.unknown_order", options.lang).format(order=order), sys.stderr)
            return USAGE
    if is_asked(options) and check_questions(options, checked.tables):
        return USAGE
    chosen = Options(gap=options.gap, time_limit=options.time_limit, seed=options.seed, threads=options.threads,
                     language=options.lang)
    progress = Progress(checked.tables.settings.currency, options.lang, options.quiet)
    with interruptible(options.lang, options.quiet) as interrupt:
        result = plan_order_book(checked.tables, chosen, progress, interrupt)
        seconds.update(result.seconds)
        return _answered(options, result, checked.findings, seconds, started, interrupt)


def _answered(options: Namespace, result: Result, findings: list[Finding], seconds: dict[str, float],
              started: float, stopped: Any) -> int:
    no_room = goods_without_room(result.tables, result.outcome.notes)
    if no_room:
        say_findings(no_room, options.lang)
        return _refused(options, [*findings, *no_room], seconds)
    if result.plan is None or result.audit is None or not result.audit.passed:
        failed = str(result.outcome.status) if result.plan is None else "rejected_plan"
        say(label("explain.no_plan", options.lang), sys.stderr)
        if options.json:
            say(json_text(json_document(result, findings, [], result.versions, seconds, status=failed,
                                        language=options.lang)))
        return EXIT_CODES[failed]
    status, files, document, blocks = str(result.outcome.status), list[Path](), dict[str, Any](), list[str]()
    before, target = time.monotonic(), Path(options.out) if options.out else None
    failure: NotWritten | None = None
    if is_asked(options):
        ground = ground_of(result, stopped)
        if ground is None:
            # The plan is there and is written; only its answers would stand on nothing.
            say(label("explain.no_ground", options.lang), sys.stderr)
        else:
            answers = answer(options, result, ground, options.question_seconds, findings, stopped)
            document, blocks, files, failure = answers.document, answers.blocks, answers.files, answers.unwritten
    # A further question alone asks for no word on every order; --order beside it does.
    if options.orders or not is_asked(options):
        result = _explained(options, result, stopped)
        document.update(thumb_beside_document(thumb_plans(result)))
        blocks.append(_text(options, result, time.monotonic() - before))
    # Last, because the workbook holds the explanations, too.
    written: list[Path] = []
    if target is not None:
        try:
            written = write_result(target, result, result.tables, findings, options.lang, run_facts(options),
                                   [write_inputs])
        except NotWritten as refusal:
            failure = refusal
    if failure is not None:
        say(label("cli.not_written", options.lang).format(reason=reason_words(failure, options.lang)), sys.stderr)
        status = "not_written"
    told = written_text(files, options.lang), written_text(written, options.lang, target)
    blocks += [text for text in told if text]
    files = [*files, *written]
    seconds["explain"] = time.monotonic() - before
    seconds["total"] = time.monotonic() - started
    if options.json:
        whole = json_document(result, findings, files, result.versions, seconds, status=status, language=options.lang)
        say(json_text({**whole, **document}))
    elif blocks:
        say("\n\n".join(blocks))
    return EXIT_CODES[status]


def _explained(options: Namespace, result: Result, stopped: Any) -> Result:
    if not options.quiet:
        say(label("explain.progress", options.lang).format(seconds=f"{options.seconds:g}"), sys.stderr)
    return explained(result, options.seconds, options.orders or None, options.lang, stopped)


def _text(options: Namespace, result: Result, seconds: float) -> str:
    assert result.plan is not None
    # Without the findings: they have been said on stderr.
    case = Case(result, result.tables, result.plan, [], options.lang)
    if options.orders:
        return "\n\n".join(story(case, order) for order in options.orders)
    known = explanations_of(result)
    prices = [each.break_even for each in known.values() if each.break_even is not None]
    summary = label("explain.summary", options.lang).format(
        examined=sum(each.is_examined for each in known.values()), count=len(known), seconds=f"{seconds:.0f}",
        exact=sum(price.is_exact for price in prices))
    beside = thumb_beside_text(case, thumb_plans(result))
    return "\n".join([explained_table(case, list(known)), "", *beside, summary])


def _refused(options: Namespace, findings: list[Finding], seconds: dict[str, float]) -> int:
    if options.json:
        say(json_text(json_document(None, findings, [], versions(), seconds, status="rejected_input",
                                    language=options.lang)))
    else:
        say_rejected(findings, options.lang)
    return EXIT_CODES["rejected_input"]
