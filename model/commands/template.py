"""``template``: an empty, documented input workbook."""

from __future__ import annotations

import sys
from pathlib import Path

from model.labels import label
from model.report.text import say
from model.template import write_template


def run_template(file: Path, language: str) -> int:
    """Write the template; returns 0, or 9 if it cannot be written."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        written = write_template(file, language=language)
    except OSError as failure:
        say(label("cli.not_written", language).format(reason=failure), sys.stderr)
        return 9
    say(label("cli.template", language).format(file=written))
    return 0
