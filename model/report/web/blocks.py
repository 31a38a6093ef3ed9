"""The web page's blocks of words and figures: banner, headline tiles, misses and notes."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import pandas as pd

from model.report.audit_words import audit_verdict
from model.report.case import Case, coded_word, remark
from model.report.facts import miss_name, missing_words
from model.report.headline_words import subtitle, tiles, verdict
from model.report.insight import hours_by_region
from model.report.shapes import is_rejected
from model.report.styles import FONTS
from model.report.summary import Headlines
from model.report.thumb import thumb_words
from model.report.web.markup import Markup, element, joined

MOST_MISSES, MOST_WARNINGS = 100, 50
LONGEST_NAME, LONGEST_WARNING = 120, 400  # letters of what stands in a line of its own
MARGIN_ID = "margin"


def banner(case: Case, figures: Headlines) -> Markup:
    """Name of the plan, what it covers, and what to think of it: large and red where the audit rejected it."""
    words, mood = verdict(case, figures)
    parts = [part.strip() for part in subtitle(case).split("|")]
    kind = f"verdict {mood}" + (" rejected" if is_rejected(case.result) else "")
    return element("header", None, element("h1", None, case.tables.settings.plan_name),
                   element("p", None, " · ".join(parts)), element("p", {"class": kind, "role": "status"}, words))


def headline_tiles(case: Case, figures: Headlines) -> Markup:
    """The same six figures as on the workbook's first page; the first is the margin."""
    return element("section", {"class": "tiles"}, *(element(
        "div", {"class": "tile"}, element("span", None, tile.name),
        element("strong", {"id": MARGIN_ID if place == 0 else None}, tile.text), element("small", None, tile.note))
        for place, tile in enumerate(tiles(case, figures))))


def misses_block(case: Case, figures: Headlines) -> Markup:
    """Every promise that is not kept, dearest first; or that all are kept."""
    if figures.misses.empty:
        return element("p", {"class": "kept"}, case.say("summary.all_kept"))
    heads = ("summary.missed_count", "summary.bucket", "summary.missing")
    value = f"{case.say('summary.value')} [{case.currency}]"
    rows = [_miss_row(case, miss) for miss in figures.misses.head(MOST_MISSES).to_dict("records")]
    block = [element("div", {"class": "wide"}, element(
        "table", {"class": "misses"}, element("thead", None, _row([*(case.say(head) for head in heads), value], "th")),
        element("tbody", None, *rows)))]
    if len(figures.misses) > MOST_MISSES:
        block.append(element("p", None, case.say("text.more", count=len(figures.misses) - MOST_MISSES)))
    if not case.result.outcome.promises_proven:
        block.append(element("p", {"class": "alarm"}, case.say("summary.not_proven")))
    return element("section", {"class": "alarmed"}, *block)


def _miss_row(case: Case, miss: Mapping[Hashable, Any]) -> Markup:
    name = miss_name(miss["kind"], miss["name"], case.language) or ""
    return _row([f"{case.say('miss.' + str(miss['kind']))} {_short(name, LONGEST_NAME)}".rstrip(),
                 "" if pd.isna(miss["bucket"]) else f"{miss['bucket']:%Y-%m-%d}",
                 missing_words(miss["missed"], miss["unit"]), f"{miss['value']:,.0f}"])


def notes_block(case: Case, figures: Headlines) -> Markup:
    """What the audit says, what to know about the input, and how the plan came about."""
    rows = [element("div", None, element("dt", None, name), element("dd", None, words))
            for name, words in _notes(case, figures)]
    parts = [element("h2", None, case.say("summary.notes")), element("dl", None, *rows)]
    if case.warnings:
        lines = [_short(f"{finding.cell or finding.table or ''} {finding.text(case.language)}".strip(), LONGEST_WARNING)
                 for finding in case.warnings[:MOST_WARNINGS]]
        more = [case.say("text.more", count=len(case.warnings) - MOST_WARNINGS)] if len(
            case.warnings) > MOST_WARNINGS else []
        summary = f"{case.say('summary.warnings')}: {len(case.warnings)}"
        parts.append(element("details", None, element("summary", None, summary),
                             element("ul", None, *(element("li", None, line) for line in [*lines, *more]))))
    return element("section", {"class": "notes"}, *parts)


def font_stack(case: Case) -> str:
    """Fonts that have the language's characters on common systems."""
    return f'"{FONTS[case.language]}", "PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", system-ui, sans-serif'


def _notes(case: Case, figures: Headlines) -> Iterator[tuple[str, str]]:
    audit, thumb = case.result.audit, thumb_words(case)
    if thumb is not None:
        yield case.say("text.thumb"), thumb
    if audit is not None:
        yield case.say("summary.audit"), audit_verdict(case, audit)
    for row in figures.by_technology:
        name = row.name or case.say("summary.no_name")
        load = f"{row.load:.0%}" if math.isfinite(row.load) else "–"
        yield f"{case.say('summary.load')} {name}", f"{load} ({row.used_hours:,.0f} / {row.regular_hours:,.0f} h)"
    regions = hours_by_region(case)
    for region, hours in regions.items() if sum(regions.values()) > 0 else ():
        name = coded_word("region", region, case.language) or case.say("summary.no_name")
        share = f"{hours / sum(regions.values()):.0%}"
        yield f"{case.say('summary.by_order_region')} {name}", f"{share} ({hours:,.0f} {case.say('unit.hours')})"
    yield case.say("summary.defaults"), case.say("summary.defaults_value", count=f"{figures.defaults_used:,}")
    if "solve" in case.result.seconds:
        yield case.say("summary.solved"), case.say(
            "summary.solved_value", seconds=f"{case.result.seconds['solve']:,.1f}")
    yield case.say("run.input_hash"), case.tables.input_hash[:16]
    for note in case.result.outcome.notes:
        yield case.say("summary.remark"), remark(note, case.language)


def _short(words: str, longest: int) -> str:
    return words if len(words) <= longest else words[:longest - 1] + "…"


def _row(cells: list[str], kind: str = "td") -> Markup:
    return element("tr", None, joined(*(element(kind, None, cell) for cell in cells)))
