"""The front page: what is decided, what it earns, how sure that is; one A4 page."""

from __future__ import annotations

import math
from collections.abc import Iterator

from xlsxwriter.chart import Chart

from model.buckets import buckets
from model.report.case import Case
from model.report.chart_data import ChartData
from model.report.charts import load_chart, margin_chart, orders_chart
from model.report.shapes import is_rejected
from model.report.sheets.book import Book
from model.report.sheets.front_blocks import write_blocks
from model.report.sheets.page import (
    EDGE_WIDTH,
    FIRST_ROW,
    GAP_WIDTH,
    LAST,
    LEFT,
    LEFT_WIDTHS,
    RIGHT,
    RIGHT_WIDTHS,
    ROW_HEIGHT,
    Page,
)
from model.report.styles import AMBER_INK, FAINT, GREEN, MIST, PALE_AMBER, PALE_GREEN, RED, SLATE, TEAL
from model.report.summary import headlines, quantity_text

TILES = ((1, 2), (3, 5), (7, 8), (9, 10), (11, 12), (13, 14))  # first and last column of each
SPACE = 10  # pixels between the page's parts
LEAST_ROWS = 37  # rows beside which the charts are still tall enough to read
MOST_LOAD_CHARTS = 2


def write_front_page(book: Book, data: ChartData) -> None:
    """The first sheet, called Summary; the figures of its charts are added to ``data``."""
    page = Page(book, book.add_sheet(book.case.say("sheet.summary")), headlines(book.case))
    widths = (EDGE_WIDTH, *LEFT_WIDTHS, GAP_WIDTH, *RIGHT_WIDTHS, EDGE_WIDTH)
    for column, width in enumerate(widths):
        page.sheet.set_column_pixels(column, column, width, page.style())
    page.sheet.set_default_row(ROW_HEIGHT * 0.75)
    _banner(page)
    _tiles(page)
    write_blocks(page)
    last_row = max(page.row, FIRST_ROW + LEAST_ROWS)
    _place_charts(page, data, last_row - FIRST_ROW)
    page.sheet.print_area(0, 0, last_row, LAST + 1)
    page.sheet.fit_to_pages(1, 1)
    page.sheet.center_horizontally()
    page.sheet.hide_row_col_headers()
    page.sheet.activate()


def _banner(page: Page) -> None:
    case, sheet = page.case, page.sheet
    settings, rejected = case.tables.settings, is_rejected(case.result)
    sheet.set_row_pixels(0, 42)
    sheet.merge_range(0, LEFT, 0, LAST, settings.plan_name, page.style(
        font_size=18, bold=True, font_color="#FFFFFF", bg_color=SLATE, indent=1, shrink=True))
    first, last = _horizon(case)
    words = (case.say("summary.title"), case.say("summary.period", first=first, last=last),
             case.say(f"bucket.{settings.bucket}", count=settings.bucket_count),
             case.say("summary.amounts", currency=case.currency))
    sheet.set_row_pixels(1, 24)
    sheet.merge_range(1, LEFT, 1, LAST, "   |   ".join(words), page.style(
        font_color="#DCE6EC", bg_color=SLATE, align="left", indent=1, valign="top", shrink=True))
    text, colours = _verdict(page)
    sheet.set_row_pixels(2, 52 if rejected else 28)
    sheet.merge_range(2, LEFT, 2, LAST, text, page.style(
        bold=True, indent=1, font_size=22 if rejected else 11, shrink=True, **colours))
    sheet.set_row_pixels(3, SPACE)


def _verdict(page: Page) -> tuple[str, dict[str, object]]:
    case, figures = page.case, page.figures
    alarm: dict[str, object] = {"font_color": "#FFFFFF", "bg_color": RED}
    if is_rejected(case.result):
        return case.say("outcome.rejected_plan").upper(), alarm
    status = case.result.outcome.status
    text = case.say(f"outcome.{status}", gap=_percent(figures.gap, 3))
    if len(figures.misses):
        return case.say("summary.verdict_misses", verdict=text, count=len(figures.misses)), alarm
    if status in ("optimal", "within_gap"):
        return text, {"font_color": GREEN, "bg_color": PALE_GREEN}
    return text, {"font_color": AMBER_INK, "bg_color": PALE_AMBER}


def _horizon(case: Case) -> tuple[str, str]:
    calendar = buckets(case.tables.settings)
    return f"{calendar['start'].iloc[0]:%Y-%m-%d}", f"{calendar['end'].iloc[-1]:%Y-%m-%d}"


def _percent(share: float, decimals: int = 1) -> str:
    return f"{share:.{decimals}%}" if math.isfinite(share) else "–"


def _tiles(page: Page) -> None:
    for row, height in ((4, 22), (5, 34), (6, 22), (7, SPACE)):
        page.sheet.set_row_pixels(row, height)
    edge: dict[str, object] = {"bg_color": MIST, "left": 5, "left_color": TEAL, "indent": 1, "shrink": True}
    small = page.style(font_color=FAINT, font_size=9, **edge)
    for (first, last), (name, value, number, note) in zip(TILES, _tile_words(page), strict=True):
        large = page.style(font_size=17, bold=True, align="left", num_format=number, **edge)
        finite = isinstance(value, str) or math.isfinite(value)
        page.sheet.merge_range(4, first, 4, last, name, small)
        page.sheet.merge_range(5, first, 5, last, value if finite else "–", large)
        page.sheet.merge_range(6, first, 6, last, note, small)


def _tile_words(page: Page) -> Iterator[tuple[str, float | str, str, str]]:
    case, figures = page.case, page.figures
    money = f" [{case.currency}]"
    share = figures.margin / figures.revenue if figures.revenue else math.nan
    yield (case.say("summary.margin") + money, figures.margin, "#,##0;[Red]-#,##0",
           case.say("summary.margin_note", share=_percent(share)))
    yield case.say("summary.bound") + money, figures.bound, "#,##0;-#,##0", case.say("summary.bound_note")
    yield (case.say("summary.gap") + money, figures.gap_money, "#,##0",
           case.say("summary.gap_note", share=_percent(figures.gap, 3)))
    yield (case.say("summary.revenue") + money, figures.revenue, "#,##0",
           case.say("summary.revenue_note", quantity=quantity_text(figures.all_orders.delivered)))
    yield case.say("summary.on_time"), figures.on_time_share, "0.0%", case.say("summary.on_time_note")
    counts = {status: figures.count(status) for status in ("partial", "declined", "missed")}
    accepted = case.say("summary.orders_of", accepted=figures.count("accepted"), total=figures.all_orders.count)
    yield case.say("summary.orders"), accepted, "@", case.say("summary.orders_note", **counts)


def _place_charts(page: Page, data: ChartData, rows: int) -> None:
    """Load charts above, orders and margin below, together as tall as ``rows`` rows."""
    above: list[Chart] = [load_chart(page.book, data, line, load)
                          for line, load in page.figures.bottlenecks[:MOST_LOAD_CHARTS]]
    orders = orders_chart(page.book, data)
    below = [chart for chart in (orders, margin_chart(page.book, data)) if chart is not None]
    stacks = [charts for charts in (above, below) if charts]
    height = (rows * ROW_HEIGHT - SPACE * (len(stacks) - 1)) / len(stacks)
    width = sum(RIGHT_WIDTHS)
    for place, charts in enumerate(stacks):
        each = (width - SPACE * (len(charts) - 1)) / len(charts)
        for position, chart in enumerate(charts):
            chart.set_size({"width": each, "height": height})
            page.sheet.insert_chart(FIRST_ROW, RIGHT, chart, {
                "x_offset": position * (each + SPACE), "y_offset": place * (height + SPACE)})
