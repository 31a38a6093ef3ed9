"""``template``: a documented input workbook."""

from __future__ import annotations

import sys
from pathlib import Path

from model.checks import check
from model.commands.common import say_findings
from model.labels import label, reason_words
from model.report.text import say
from model.tables import read
from model.template import write_template


def run_template(file: Path, language: str, source: str | None = None, empty: bool = False) -> int:
    """Write the template, filled with ``source`` if one is named, else with an example unless ``empty``.

    Returns 0, 3 if ``source`` is refused, 9 if nothing can be written.
    """
    tables = None
    if source is not None:
        checked = check(read(Path(source)))
        say_findings(checked.findings, language)
        if checked.tables is None:
            return 3
        tables = checked.tables
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        written = write_template(file, tables, language, example=not empty)
    # NotWritten is an OSError, too.
    except OSError as failure:
        say(label("cli.not_written", language).format(reason=reason_words(failure, language)), sys.stderr)
        return 9
    say(label("cli.template", language).format(file=written))
    return 0
