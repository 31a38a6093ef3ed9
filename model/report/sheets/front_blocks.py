"""The left half of the front page: orders, regions, load, promises, notes."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from model.report.audit_words import audit_verdict
from model.report.case import coded_word, remark
from model.report.charts import money_scale
from model.report.facts import miss_name, missing_words
from model.report.insight import hours_by_region
from model.report.sheets.page import LEFT, LEFT_LAST, ROW_HEIGHT, WHOLE, Page
from model.report.sheets.table import OVER_FULL
from model.report.styles import AMBER_INK, FAINT, GREEN, INK, LINE, MIST, PALE_GREEN, RED
from model.report.summary import OrderGroup, Quantities, quantity_text
from model.report.thumb import thumb_words
from model.report.widths import display_width

MOST_TECHNOLOGIES, MOST_MISSES, MOST_REMARKS = 6, 20, 3
HIGH_LOAD = 0.9
NOTE_WIDTH = 56  # characters of a note that fit one line


def write_blocks(page: Page) -> None:
    """All blocks of the left half, one below the other."""
    for block in BLOCKS:
        before = page.row
        block(page)
        # A blank line behind a block that wrote anything.
        page.row += page.row > before


def orders_block(page: Page) -> None:
    """Orders by decision, with quantity and value, and their total."""
    names = [page.case.say(f"status.{group.name}") for group in page.figures.by_status]
    formats = _order_lines(page, page.case.say("summary.by_status"), names, page.figures.by_status)
    total = page.figures.all_orders
    page.line((page.case.say("summary.total"), *_order_figures(page, total)), formats, bold=True, bg_color=MIST)


def region_block(page: Page) -> None:
    """Orders taken, by the region they go to."""
    case, groups = page.case, page.figures.by_region
    names = [coded_word("region", group.name, case.language) or case.say("summary.no_name") for group in groups]
    _order_lines(page, case.say("summary.by_region"), names, groups)


def technology_block(page: Page) -> None:
    """Load of each technology's lines, fullest first."""
    case, hours = page.case, f" [{page.case.say('unit.hours')}]"
    page.block_header(case.say("summary.by_technology"), case.say("summary.load"),
                      *(case.say(f"summary.{name}_hours") + hours for name in ("used", "regular", "overtime")))
    for row in page.figures.by_technology[:MOST_TECHNOLOGIES]:
        colour = RED if row.load > OVER_FULL else AMBER_INK if row.load >= HIGH_LOAD else INK
        page.line((row.name or case.say("summary.no_name"), row.load, row.used_hours, row.regular_hours,
                   row.overtime_hours), ("@", "0%", WHOLE, WHOLE, WHOLE), font_color=colour)


def hours_block(page: Page) -> None:
    """Run hours of what is made for orders, by the region they go to, as a share of all lines' regular hours, too."""
    case, hours = page.case, hours_by_region(page.case)
    total = sum(hours.values())
    if total <= 0:
        return
    regular = sum(row.regular_hours for row in page.figures.by_technology)
    page.block_header(case.say("summary.by_order_region"), case.say("summary.load"),
                      f"{case.say('summary.used_hours')} [{case.say('unit.hours')}]",
                      case.say("summary.share_of_hours"))
    for region, used in hours.items():
        name = coded_word("region", region, case.language) or case.say("summary.no_name")
        page.line((name, used / regular if regular else None, used, used / total, None),
                  ("@", "0%", WHOLE, "0%", WHOLE))


def promises_block(page: Page) -> None:
    """Every promise the plan breaks, dearest first, where they are many the rest by kind; or that all are kept."""
    case, misses = page.case, page.figures.misses
    if misses.empty:
        page.block_header(case.say("summary.promises"))
        page.span(LEFT, LEFT_LAST, case.say("summary.all_kept"), font_color=GREEN, bold=True, bg_color=PALE_GREEN,
                  indent=1)
        page.row += 1
        return
    page.block_header(case.say("summary.missed_count"), "", case.say("summary.bucket"), case.say("summary.missing"),
                      f"{case.say('summary.value')} [{case.currency}]")
    for miss in misses.head(MOST_MISSES).to_dict("records"):
        name = miss_name(miss["kind"], miss["name"], case.language) or ""
        _miss_line(page, f"{case.say('miss.' + miss['kind'])} {name}".rstrip(), miss)
    # dropna=False: a miss without a unit counts, too.
    for (kind, unit), rest in misses.iloc[MOST_MISSES:].groupby(["kind", "unit"], sort=False, dropna=False):
        words = case.say("summary.more_of_kind", kind=case.say(f"miss.{kind}"), count=len(rest))
        _miss_line(page, words, {"bucket": None, "unit": unit, **rest[["missed", "value"]].sum()})
    if len(misses) > MOST_MISSES:
        page.alarm(case.say("summary.all_misses", sheet=case.say("sheet.misses")))
    if not case.result.outcome.promises_proven:
        page.alarm(case.say("summary.not_proven"))


def notes_block(page: Page) -> None:
    """What was relaxed, what the audit says, and what to know about the input."""
    page.block_header(page.case.say("summary.notes"))
    for name, words, colour in _notes(page):
        rows = min(3, 1 + display_width(words) // NOTE_WIDTH)
        page.sheet.set_row_pixels(page.row, rows * ROW_HEIGHT)
        page.put(LEFT, name, page.style(font_color=FAINT, bottom=1, bottom_color=LINE, shrink=True))
        page.span(LEFT + 1, LEFT_LAST, words, bottom=1, bottom_color=LINE, text_wrap=True,
                  **({"font_color": colour} if colour else {}))
        page.row += 1


BLOCKS = (orders_block, region_block, technology_block, hours_block, promises_block, notes_block)


def _order_lines(page: Page, title: str, names: Sequence[str], groups: Sequence[OrderGroup]) -> tuple[str, ...]:
    case = page.case
    number, unit = money_scale(case, page.figures.all_orders.value)
    units = list(page.figures.all_orders.ordered)
    counted = f" [{units[0]}]" if len(units) == 1 else ""
    page.block_header(title, case.say("summary.count"), case.say("summary.ordered") + counted,
                      case.say("summary.delivered") + counted, f"{case.say('summary.value')} [{unit}]")
    formats = ("@", WHOLE, WHOLE, WHOLE, f'{number};-{number};"–"')
    for name, group in zip(names, groups, strict=True):
        alarm = {"font_color": RED, "bold": True} if group.name == "missed" and group.count else {}
        page.line((name, *_order_figures(page, group)), formats, **alarm)
    return formats


def _order_figures(page: Page, group: OrderGroup) -> tuple[int, float | str, float | str, float]:
    return group.count, _amount(page, group.ordered), _amount(page, group.delivered), group.value


def _amount(page: Page, amounts: Quantities) -> float | str:
    """A figure where the header names the one unit of all orders, else words with their units, clear of the left."""
    if len(page.figures.all_orders.ordered) > 1:
        return "  " + quantity_text(amounts)
    return next(iter(amounts.values()), 0.0)


def _miss_line(page: Page, words: str, miss: Mapping[Hashable, Any]) -> None:
    red: dict[str, object] = {"font_color": RED, "bold": True, "bottom": 1, "bottom_color": LINE}
    page.span(LEFT, LEFT + 1, words, **red)
    missing = missing_words(miss["missed"], miss["unit"])
    figures = ("" if pd.isna(miss["bucket"]) else f"{miss['bucket']:%Y-%m-%d}", missing, miss["value"])
    for column, value in enumerate(figures, start=LEFT + 2):
        page.put(column, value, page.style(align="right", num_format=WHOLE, shrink=True, **red))
    page.row += 1


def _notes(page: Page) -> Iterator[tuple[str, str, str]]:
    case, figures, result = page.case, page.figures, page.case.result
    thumb = thumb_words(case)
    if thumb is not None:
        yield case.say("text.thumb"), thumb, ""
    kinds = figures.misses["kind"].value_counts(sort=False).to_dict()
    relaxed = case.listed(case.aside(case.say(f"miss.{kind}"), str(count)) for kind, count in kinds.items())
    yield case.say("summary.relaxed"), relaxed or case.say("summary.relaxed_none"), RED if relaxed else ""
    if case.tables.settings.frozen_until is not None:
        yield case.say("summary.frozen"), f"{pd.Timestamp(case.tables.settings.frozen_until):%Y-%m-%d}", ""
    if result.audit is not None:
        yield case.say("summary.audit"), audit_verdict(case, result.audit), GREEN if result.audit.passed else RED
    count, sheet = len(case.warnings), case.say("sheet.run")
    yield (case.say("summary.warnings"), case.say("summary.warnings_value", count=count, sheet=sheet),
           AMBER_INK if count else "")
    yield case.say("summary.defaults"), case.say("summary.defaults_value", count=f"{figures.defaults_used:,}"), ""
    if "solve" in result.seconds:
        seconds = f"{result.seconds['solve']:,.1f}"
        yield case.say("summary.solved"), case.say("summary.solved_value", seconds=seconds), ""
    for note in list(result.outcome.notes)[:MOST_REMARKS]:
        yield case.say("summary.remark"), remark(note, case.language), ""
