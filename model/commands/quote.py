"""``quote``: for orders not yet in the book, the lowest price for a date and the earliest date at a price."""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from pathlib import Path

from model.checks.storing import goods_without_room
from model.commands.common import interruptible, load, say_findings, say_rejected
from model.explain.asking import NoPlanError, load_book
from model.explain.enquiries import TERMS_NOT_QUOTED, Enquiries, EnquiryError, enquiry_of, with_enquiries
from model.explain.quote import Desk
from model.findings import Finding
from model.labels import label, listed, reason_words
from model.planning import Options, versions
from model.report.document import json_text
from model.report.files import NotWritten
from model.report.outcome_words import outcome_words
from model.report.quotes import QuotedBook, quotes_document, quotes_text, write_quotes
from model.report.text import say
from model.schema import TABLES
from model.solve.highs import SolverFailed
from model.tables import RawTable, Tables
from model.tables.one_table import read_table

EXIT_CODES = {"quoted": 0, "rejected_input": 3, "no_plan": 6, "failed": 7, "not_written": 9, "interrupted": 130}
USAGE = 2


def run_quote(options: Namespace) -> int:
    """Plan the book, answer every enquiry, say and write the quotes; returns the exit code."""
    started = time.monotonic()
    try:
        asked = [enquiry_of(text) for text in options.orders]
    except EnquiryError as failure:
        return _usage(label("quote.bad_part", options.lang).format(part=failure.part))
    if not asked and not options.enquiries:
        return _usage(label("quote.needs_enquiry", options.lang))
    checked, _ = load(options)
    findings = list(checked.findings)
    # A book that is rejected answers nothing, so its enquiries need not be read.
    if checked.tables is not None and options.enquiries:
        table, further = _enquiry_table(Path(options.enquiries))
        findings += further
        asked += [table] if table is not None else []
    refused = any(finding.severity == "error" for finding in findings)
    enquiries = Enquiries(None, (), [])
    if checked.tables is not None and not refused:
        enquiries = with_enquiries(checked.tables, asked, options.lang)
        findings = [finding for finding in enquiries.findings if finding.severity == "error" or not options.quiet]
    say_findings(findings, options.lang)
    if enquiries.tables is None:
        return _finish(options, None, findings, [], "rejected_input", started)
    _say_unused(asked, options)
    return _quoted(options, enquiries, enquiries.tables, findings, started)


def _usage(text: str) -> int:
    say(text, sys.stderr)
    return USAGE


def _enquiry_table(path: Path) -> tuple[RawTable | None, list[Finding]]:
    book = read_table(path, "orders")
    table = book.tables.get("orders")
    findings = list(book.findings)
    if table is not None and not table.row_numbers and not findings:
        findings.append(Finding("error", "empty_enquiries", "orders", cell=path.name, value=path.name))
    return table, findings


def _say_unused(asked: list[RawTable], options: Namespace) -> None:
    unused = [name for name in TERMS_NOT_QUOTED if any(
        cell is not None for table in asked for cell in table.columns.get(name, ()))]
    if unused and not options.quiet:
        names = [TABLES["orders"].by_name[name].label_zh if options.lang == "zh" else name for name in unused]
        say(label("quote.ignored", options.lang).format(columns=listed(names, options.lang)), sys.stderr)


def _quoted(options: Namespace, enquiries: Enquiries, tables: Tables, findings: list[Finding], started: float) -> int:
    chosen = Options(gap=options.gap, time_limit=options.time_limit, seed=options.seed, threads=options.threads,
                     language=options.lang)
    status = "quoted"
    with interruptible(options.lang, options.quiet) as interrupt:
        try:
            ground, outcome = load_book(tables, chosen, [each.order for each in enquiries.asked], interrupt)
        except NoPlanError as failure:
            no_room = goods_without_room(tables, failure.outcome.notes)
            if no_room:
                say_findings(no_room, options.lang)
                return _finish(options, None, [*findings, *no_room], [], "rejected_input", started)
            words = outcome_words(failure.outcome.status, options.lang)
            say(label("quote.no_base", options.lang).format(status=words), sys.stderr)
            status = failure.outcome.status if failure.outcome.status in ("failed", "interrupted") else "no_plan"
            return _finish(options, None, findings, [], status, started)
        except SolverFailed as failure:
            say(label("quote.no_base", options.lang).format(status=failure), sys.stderr)
            return _finish(options, None, findings, [], "failed", started)
        desk, quotes, taken = Desk(ground, options.quote_seconds), [], []
        for enquiry in enquiries.asked:
            if interrupt():
                status = "interrupted"
                break
            quotes.append(desk.quote(enquiry))
            # What pays joins the book before the next enquiry is asked.
            taken.append(desk.take(quotes[-1]) if options.in_turn else None)
    book = QuotedBook(tables, outcome, quotes, taken)
    files: list[Path] = []
    if options.out:
        try:
            files.append(write_quotes(Path(options.out), book, options.lang))
        except NotWritten as failure:
            say(label("quote.written_not", options.lang).format(reason=reason_words(failure, options.lang)), sys.stderr)
            # Exit 9 goes before 130, as for a plan.
            status = "not_written"
    return _finish(options, book, findings, files, status, started)


def _finish(options: Namespace, book: QuotedBook | None, findings: list[Finding], files: list[Path], status: str,
            started: float) -> int:
    seconds = {"total": time.monotonic() - started}
    if options.json:
        say(json_text(quotes_document(book, findings, files, versions(), seconds, status=status,
                                        language=options.lang)))
    elif book is not None:
        say(quotes_text(book, files, options.lang))
    elif status == "rejected_input":
        say_rejected(findings, options.lang)
    return EXIT_CODES[status]
