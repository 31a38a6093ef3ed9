"""The result on the terminal: a few aligned lines, readable where colours and rare characters are not."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import pandas as pd

from model.findings import Finding
from model.report.case import Case, remark, words
from model.report.facts import miss_name
from model.report.outcome_words import result_words
from model.report.shapes import ResultFacts, is_rejected
from model.report.summary import Headlines, headlines
from model.report.thumb import thumb_words
from model.report.widths import display_width, padded

MOST_MISSES, MOST_LINES = 10, 3
Line = tuple[str, str]  # name, words


def result_text(result: ResultFacts, findings: Sequence[Finding], files: Iterable[str | Path], language: str = "en",
                asked: str | Path | None = None) -> str:
    """What came out, in a few lines: status, margin, gap, orders, fullest lines, misses, files.

    ``asked`` is the file name asked for; where the result stands elsewhere because it is in use, that is said.
    """
    written = [str(file) for file in files]
    lines = list(_lines(result, findings, language))
    lines += [(words("text.written", language), file) for file in written]
    width = max(display_width(name) for name, _ in lines) + 2
    text = [padded(name, width) + value for name, value in lines]
    if not is_rejected(result):
        text += elsewhere(written, language, asked)
    return "\n".join(text)


def say(text: str, stream: TextIO | None = None) -> None:
    """Print ``text``; what the console's code page lacks becomes a question mark, never an error.

    Nor is it one that the reader has gone: what else a command does goes on, and its exit code stands.
    """
    stream = stream or sys.stdout
    encoding = stream.encoding or "utf-8"
    with suppress(BrokenPipeError):
        stream.write(text.encode(encoding, "replace").decode(encoding) + "\n")


def written_text(files: Sequence[str | Path], language: str, asked: str | Path | None = None) -> str:
    """The files written, one a line; where the one asked for is in use and another stands beside it, that is said."""
    name = words("text.written", language)
    return "\n".join([*(f"{name}  {file}" for file in files), *elsewhere(files, language, asked)])


def elsewhere(files: Sequence[str | Path], language: str, asked: str | Path | None) -> list[str]:
    """A line that says so where files were written, and none of them is the one asked for."""
    is_there = asked is None or not files or Path(asked) in map(Path, files)
    return [] if is_there else [words("text.elsewhere", language, asked=asked)]


def _lines(result: ResultFacts, findings: Sequence[Finding], language: str) -> Iterator[Line]:
    if result.plan is None:
        yield words("text.status", language), result_words(result, language)
        yield from _remarks(result, language)
        return
    case = Case(result, result.tables, result.plan, findings, language)
    figures = headlines(case)
    yield case.say("text.status"), result_words(result, language)
    yield case.say("text.margin"), _money(case, figures.margin)
    yield case.say("text.bound"), _money(case, figures.bound)
    yield case.say("text.gap"), case.aside(_percent(figures.gap, 3), _money(case, figures.gap_money))
    thumb = thumb_words(case)
    if thumb is not None:
        yield case.say("text.thumb"), thumb
    yield case.say("text.on_time"), _percent(figures.on_time_share, 1)
    counts = [case.say("text.order_count", count=group.count, status=case.say(f"status.{group.name}"))
              for group in figures.by_status if group.count]
    yield case.say("text.orders"), case.listed(counts) or "0"
    if figures.bottlenecks:
        fullest = figures.bottlenecks[:MOST_LINES]
        yield case.say("text.bottlenecks"), case.listed(f"{line} {load:.0%}" for line, load in fullest)
    yield from _promises(case, figures)
    if case.warnings:
        yield case.say("text.warnings"), case.say("text.warnings_value", count=len(case.warnings))
    if result.audit is not None:
        yield case.say("text.audit"), case.say("text.passed" if result.audit.passed else "text.rejected")
    yield from _remarks(result, language)


def _remarks(result: ResultFacts, language: str) -> Iterator[Line]:
    for note in result.outcome.notes:
        yield words("text.remark", language), remark(note, language)


def _promises(case: Case, figures: Headlines) -> Iterator[Line]:
    misses = figures.misses
    yield (case.say("text.misses"), str(len(misses))) if len(misses) else ("", case.say("text.kept"))
    for miss in misses.head(MOST_MISSES).to_dict("records"):
        day = "" if pd.isna(miss["bucket"]) else f"{miss['bucket']:%Y-%m-%d}"
        name = miss_name(miss["kind"], miss["name"], case.language) or ""
        if day:
            name = case.say("text.miss_bucket", name=name, bucket=day)
        text = case.say("text.miss_line", kind=case.say(f"miss.{miss['kind']}"), name=name,
                        missed=f"{miss['missed']:,.6g}", unit=miss["unit"] or "")
        if miss["value"] > 0:
            text += case.say("text.miss_value", value=f"{miss['value']:,.0f}", currency=case.currency)
        yield "", text
    if len(misses) > MOST_MISSES:
        yield "", case.say("text.more", count=len(misses) - MOST_MISSES)
    is_said = result_words(case.result, case.language) == case.say("outcome.misses_not_proven")
    if len(misses) and not case.result.outcome.promises_proven and not is_said:
        yield "", case.say("summary.not_proven")


def _money(case: Case, amount: float) -> str:
    return f"{amount:,.0f} {case.currency}" if math.isfinite(amount) else "-"


def _percent(share: float, decimals: int) -> str:
    return f"{share:.{decimals}%}" if math.isfinite(share) else "-"
