"""``solve``: load, check, plan, audit, write, say."""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from model.checks.storing import goods_without_room
from model.commands.common import Progress, interruptible, load, run_facts, say_findings, say_rejected
from model.findings import Finding
from model.labels import label, reason_words
from model.planning import Options, Result, plan_order_book, versions
from model.report.document import json_document, json_text
from model.report.files import NotWritten, rejected_name
from model.report.shapes import is_rejected
from model.report.text import result_text, say
from model.report.workbook import write_result
from model.tables import Tables
from model.template.inputs import write_inputs

EXIT_CODES = {"optimal": 0, "within_gap": 0, "limit": 10, "promises_missed": 4, "no_plan": 6, "failed": 7,
              "interrupted": 130, "rejected_input": 3, "rejected_plan": 8, "not_written": 9}


def run_solve(options: Namespace) -> int:
    """Plan the input and write the result workbook; returns the exit code."""
    started = time.monotonic()
    checked, load_seconds = load(options)
    say_findings([each for each in checked.findings if each.severity == "error" or not options.quiet], options.lang)
    if checked.tables is None:
        return _finish(options, None, checked.findings, [], "rejected_input", {"load": load_seconds}, started)
    result = _plan(options, checked.tables)
    seconds = {"load": load_seconds, **result.seconds}
    # Only the search finds that what must arrive fits no store; at fault is the input then, not the search.
    no_room = goods_without_room(result.tables, result.outcome.notes)
    if no_room:
        say_findings(no_room, options.lang)
        return _finish(options, None, [*checked.findings, *no_room], [], "rejected_input", seconds, started)
    status, files = _status(result), list[Path]()
    before = time.monotonic()
    try:
        # One by one: what stands is named even where the next cannot be written.
        for file in _written(options, result, checked.findings):
            files.append(file)
    except NotWritten as failure:
        say(label("cli.not_written", options.lang).format(reason=reason_words(failure, options.lang)), sys.stderr)
        # Codes rank 8, 9, 130, 4, 10: a rejected plan stays rejected where it cannot be written, either.
        status = "not_written" if status != "rejected_plan" else status
    seconds["report"] = seconds.get("report", 0.0) + time.monotonic() - before
    return _finish(options, result, checked.findings, files, status, seconds, started)


def _plan(options: Namespace, tables: Tables) -> Result:
    # apart: only a process of its own can be held to limits of time and memory whatever the solver does.
    chosen = Options(gap=options.gap, time_limit=options.time_limit, seed=options.seed, threads=options.threads,
                     language=options.lang, apart=True, memory_limit=options.memory_limit)
    progress = Progress(tables.settings.currency, options.lang, options.quiet)
    with interruptible(options.lang, options.quiet) as interrupt:
        result = plan_order_book(tables, chosen, progress, interrupt)
        # Whoever pressed the key wants the file, not another half minute of searching.
        if options.explain_seconds <= 0 or interrupt.pressed or _status(result) in ("rejected_plan", "interrupted"):
            return result
        return _explained(options, result, interrupt)


def _explained(options: Namespace, result: Result, stopped: Callable[[], bool]) -> Result:
    """The result with a reason and a price for each order; imported here because most runs of tests need none."""
    from model.explain.examine import explained

    if result.plan is None:
        return result
    if not options.quiet:
        say(label("explain.progress", options.lang).format(seconds=f"{options.explain_seconds:g}"), sys.stderr)
    before = time.monotonic()
    told = explained(result, options.explain_seconds, None, options.lang, stopped)
    return replace(told, seconds={**told.seconds, "explain": time.monotonic() - before})


def _status(result: Result) -> str:
    if result.plan is None:
        return result.outcome.status
    if result.audit is None or not result.audit.passed:
        return "rejected_plan"
    return result.outcome.status


def _written(options: Namespace, result: Result, findings: list[Finding]) -> Iterator[Path]:
    target = _target(options, is_rejected(result))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise NotWritten(str(failure)) from failure
    # The tables stand behind the plan, so that the result is itself an input.
    yield from write_result(target, result, result.tables, findings, options.lang, run_facts(options), [write_inputs])
    if options.html and result.plan is not None:
        from model.report.page import write_page

        yield write_page(Path(options.html), result, findings, options.lang)


def _target(options: Namespace, refused: bool = False) -> Path:
    """Where the result goes: as asked, else after the input's name, but never onto a file that is read.

    ``refused`` where the audit refused the plan, which stands under another name then.
    """
    source = Path(options.input).resolve()
    name = source.name if source.is_dir() else source.stem
    asked = Path(options.out) if options.out else Path("results") / f"{name}.xlsx"
    read = {Path(file).resolve() for file in (options.input, options.from_plan) if file}
    endings = ("", ".plan", *(f".plan-{count}" for count in range(2, len(read) + 2)))
    names = (asked.with_name(f"{asked.stem}{ending}{asked.suffix}") for ending in endings)
    return next(each for each in names if (rejected_name(each) if refused else each).resolve() not in read)


def _finish(options: Namespace, result: Result | None, findings: list[Finding], files: list[Path], status: str,
            seconds: dict[str, float], started: float) -> int:
    seconds["total"] = time.monotonic() - started
    if options.json:
        used = result.versions if result is not None else versions()
        say(json_text(json_document(result, findings, files, used, seconds, status=status, language=options.lang)))
    elif result is not None:
        say(result_text(result, findings, files, options.lang, asked=_target(options)))
    else:
        say_rejected(findings, options.lang)
    return EXIT_CODES[status]
