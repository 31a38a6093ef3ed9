"""``check``: everything wrong with an input, without planning it."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from model.commands.common import load, say_findings
from model.labels import counted, label, reason_words
from model.planning import versions
from model.report.document import json_document, json_text
from model.report.files import NotWritten
from model.report.text import say


def run_check(options: Namespace) -> int:
    """Check the input; returns 0, or 3 with any error, or 9 if the marked-up copy cannot be written."""
    checked, seconds = load(options)
    say_findings(checked.findings, options.lang)
    errors = sum(finding.severity == "error" for finding in checked.findings)
    warnings = len(checked.findings) - errors
    files: list[Path] = []
    written = True
    if options.out:
        from model.report.marked_input import write_marked_input

        try:
            files = [write_marked_input(Path(options.out), Path(options.input), checked.findings, options.lang)]
        except NotWritten as failure:
            say(label("cli.not_written", options.lang).format(reason=reason_words(failure, options.lang)), sys.stderr)
            written = False
    if options.json:
        status = ("rejected_input" if errors else "accepted_input") if written else "not_written"
        document = json_document(None, checked.findings, files, versions(), {"load": seconds, "total": seconds},
                                 status=status, language=options.lang)
        # The document takes the hash from a result, and here is none.
        document["input_hash"] = checked.tables.input_hash if checked.tables is not None else None
        say(json_text(document))
    else:
        key = counted("cli.checked_rejected", errors) if errors else counted("cli.accepted", warnings)
        say(label(key, options.lang).format(count=errors, warnings=warnings))
        for file in files:
            say(label("cli.marked", options.lang).format(file=file))
    if not written:
        return 9
    return 3 if errors else 0
