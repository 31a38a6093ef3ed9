"""The web page's blocks of words and figures: banner, headline tiles, misses, notes and the order table."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from model.report.audit_words import audit_verdict
from model.report.case import Case, coded_word, remark
from model.report.document import plain
from model.report.explained import price_spans
from model.report.facts import miss_name, missing_words
from model.report.fields import column_label
from model.report.headline_words import subtitle, tiles, verdict
from model.report.insight import days_after_due, hours_by_region
from model.report.shapes import is_rejected
from model.report.styles import FONTS
from model.report.summary import STATUSES, Headlines
from model.report.thumb import thumb_words
from model.report.web.markup import Markup, clean, element, embedded_json, joined

MOST_ORDERS, MOST_MISSES, MOST_WARNINGS = 2_000, 100, 50
TEXTS = ("order", "customer", "market", "item")
MARGIN_ID, DATA_ID = "margin", "orders"


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
    return _row([f"{case.say('miss.' + str(miss['kind']))} {name}".rstrip(),
                 "" if pd.isna(miss["bucket"]) else f"{miss['bucket']:%Y-%m-%d}",
                 missing_words(miss["missed"], miss["unit"]), f"{miss['value']:,.0f}"])


def notes_block(case: Case, figures: Headlines) -> Markup:
    """What the audit says, what to know about the input, and how the plan came about."""
    rows = [element("div", None, element("dt", None, name), element("dd", None, words))
            for name, words in _notes(case, figures)]
    parts = [element("h2", None, case.say("summary.notes")), element("dl", None, *rows)]
    if case.warnings:
        lines = [f"{finding.cell or finding.table or ''} {finding.text(case.language)}".strip()
                 for finding in case.warnings[:MOST_WARNINGS]]
        more = [case.say("text.more", count=len(case.warnings) - MOST_WARNINGS)] if len(
            case.warnings) > MOST_WARNINGS else []
        summary = f"{case.say('summary.warnings')}: {len(case.warnings)}"
        parts.append(element("details", None, element("summary", None, summary),
                             element("ul", None, *(element("li", None, line) for line in [*lines, *more]))))
    return element("section", {"class": "notes"}, *parts)


def order_table(case: Case) -> Markup:
    """Search, filter and an empty table that the script fills from the embedded rows; at most the 2,000 largest."""
    decisions = case.frame("decisions").assign(days_after_due=days_after_due(case))
    spans = price_spans(case, decisions["order"].tolist())
    decisions = decisions.assign(**{name: pd.Series(values, decisions.index, dtype=object)
                                    for name, values in spans.items()})
    rows = _largest(decisions)
    cut = [element("p", {"class": "alarm"}, case.say("page.cut", shown=f"{len(rows):,}", total=f"{len(decisions):,}"))
           ] if len(rows) < len(decisions) else []
    choices = [element("option", {"value": ""}, case.say("page.every_decision"))]
    choices += [element("option", {"value": words}, words) for words in (
        case.say(f"status.{status}") for status in STATUSES if (rows["status"] == status).any())]
    search = element("input", {"id": "search", "type": "search", "placeholder": case.say("page.search"),
                               "aria-label": case.say("page.search")})
    tools = element("div", {"class": "tools"}, search,
                    element("select", {"id": "status", "aria-label": case.say("column.status")}, *choices),
                    element("select", {"id": "sort", "aria-label": case.say("page.sort")}),
                    element("output", {"id": "count"}))
    reasons = [_cell(reason) for reason in rows["reason"]]
    told = {reason: place for place, reason in enumerate(dict.fromkeys(reasons))}  # each stands in the page once
    rows = rows.assign(reason=[told[reason] for reason in reasons])
    table = element("table", {"id": "table"}, element("thead"), element("tbody"))
    data = {"language": "zh-CN" if case.language == "zh" else "en", "sort": case.say("page.sort"),
            "count": case.say("page.count", shown="%1", total="%2"), "columns": _columns(case, rows, list(spans)),
            "bad": [case.say("status.missed")],
            "faint": [case.say(f"status.{status}") for status in ("declined", "left_out")],
            "rows": _order_rows(case, rows, list(spans)), "told": list(told)}
    return element("section", None, element("h2", None, case.say("summary.by_status")), *cut, tools,
                   element("div", {"class": "wide"}, table),
                   element("noscript", None, element("p", None, case.say("page.noscript"))),
                   embedded_json(DATA_ID, data))


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


def _largest(decisions: pd.DataFrame) -> pd.DataFrame:
    """The orders of the largest value, in the plan's order."""
    if len(decisions) <= MOST_ORDERS:
        return decisions
    value = decisions["quantity"] * decisions["unit_price"]
    return decisions.loc[value.sort_values(ascending=False, kind="stable").index[:MOST_ORDERS].sort_values()]


def _columns(case: Case, rows: pd.DataFrame, prices: Sequence[str]) -> list[dict[str, str]]:
    unit = case.unit_of(rows["item"])

    def column(name: str, kind: str, header: str | None = None, unit: str = "") -> dict[str, str]:
        words = header or column_label(case, "decisions", name)
        return {"name": name, "kind": kind, "header": (f"{words} [{unit}]" if unit else words).replace("_", " ")}

    return [*(column(name, "text") for name in TEXTS), column("status", "text"),
            column("quantity", "number", unit=unit), column("delivered", "number", unit=unit),
            column("last_arrival", "text", case.say("column.promised_date")), column("due_date", "text"),
            column("days_after_due", "signed", case.say("column.days_after_due"), case.say("unit.days")),
            column("margin", "money", unit=case.currency), column("reason", "told"),
            *(column(name, "price", case.say(f"explain.column.{name}"), f"{case.currency}/{unit}")
              for name in prices)]


def _order_rows(case: Case, rows: pd.DataFrame, prices: Sequence[str]) -> list[list[object]]:
    shown = rows.assign(status=[case.say(f"status.{status}") for status in rows["status"]])
    columns = [[_cell(value) for value in shown[column["name"]].astype(object)]
               for column in _columns(case, rows, prices)]
    return [list(row) for row in zip(*columns, strict=True)]


def _cell(value: object) -> object:
    if isinstance(value, tuple):
        return [_cell(end) for end in value]
    if isinstance(value, float) and math.isnan(value):
        return None
    cell = plain(value)
    return clean(cell) if isinstance(cell, str) else int(cell) if isinstance(
        cell, float) and cell.is_integer() else cell


def _row(cells: list[str], kind: str = "td") -> Markup:
    return element("tr", None, joined(*(element(kind, None, cell) for cell in cells)))
