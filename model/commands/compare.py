"""``compare``: what changed between two results."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from model.commands.common import say_findings
from model.compare import (
    Comparison,
    DifferentCurrenciesError,
    NoResultError,
    StoredResult,
    compare,
    comparison_document,
    comparison_text,
    read_result,
    write_comparison,
)
from model.findings import Finding
from model.labels import label, reason_words
from model.report.document import json_text
from model.report.files import NotWritten
from model.report.text import say

EXIT_CODES = {"compared": 0, "rejected_input": 3, "not_written": 9}


def run_compare(options: Namespace) -> int:
    """Say what changed; returns 0, 3 where a file is no result or money differs, 9 where nothing can be written."""
    comparison, findings = _compared(options)
    files: list[Path] = []
    status = "rejected_input" if comparison is None else "compared"
    say_findings(findings, options.lang)
    if comparison is not None and options.out:
        try:
            files.append(write_comparison(Path(options.out), comparison, options.lang))
        except NotWritten as failure:
            reason = reason_words(failure, options.lang)
            say(label("compare.not_written", options.lang).format(reason=reason), sys.stderr)
            status = "not_written"
    if options.json:
        say(json_text(comparison_document(comparison, files, findings, status=status, language=options.lang)))
    elif comparison is not None:
        say(comparison_text(comparison, files, options.lang, asked=options.out))
    return EXIT_CODES[status]


def _compared(options: Namespace) -> tuple[Comparison | None, Sequence[Finding]]:
    results: list[StoredResult] = []
    findings: list[Finding] = []
    # Both files are read before either is refused, so that everything wrong is said at once.
    for path in (options.before, options.after):
        try:
            results.append(read_result(path))
        except NoResultError as refusal:
            findings += refusal.findings
    if findings:
        return None, findings
    try:
        return compare(*results), []
    except DifferentCurrenciesError as refusal:
        return None, [Finding("error", "different_currencies", cell=Path(options.after).name, details={
            "before": refusal.before, "after": refusal.after})]
