"""The front page: what is decided, what it earns, how sure that is; one A4 page."""

from __future__ import annotations

import math

from xlsxwriter.chart import Chart

from model.report.chart_data import ChartData
from model.report.charts import FRONT_LOAD_CHARTS, load_chart, margin_chart, orders_chart
from model.report.fields import plain_text
from model.report.headline_words import Mood, subtitle, tiles, verdict
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
from model.report.summary import headlines

TILES = ((1, 2), (3, 5), (7, 8), (9, 10), (11, 12), (13, 14))  # first and last column of each
SPACE = 10  # pixels between the page's parts
LEAST_ROWS = 37  # rows beside which the charts are still tall enough to read
MOOD_COLOURS: dict[Mood, dict[str, object]] = {
    "good": {"font_color": GREEN, "bg_color": PALE_GREEN},
    "warn": {"font_color": AMBER_INK, "bg_color": PALE_AMBER},
    "alarm": {"font_color": "#FFFFFF", "bg_color": RED},
}


def write_front_page(book: Book, data: ChartData) -> None:
    """The first sheet, called Summary; the figures of its charts are added to ``data``."""
    book.chart_data = data
    page = Page(book, book.add_sheet(book.case.say("sheet.summary")), headlines(book.case))
    widths = (EDGE_WIDTH, *LEFT_WIDTHS, GAP_WIDTH, *RIGHT_WIDTHS, EDGE_WIDTH)
    for column, width in enumerate(widths):
        page.sheet.set_column_pixels(column, column, width, page.style())
    # XlsxWriter takes points here: a pixel is 0.75 of one.
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
    sheet.merge_range(0, LEFT, 0, LAST, plain_text(settings.plan_name), page.style(
        font_size=18, bold=True, font_color="#FFFFFF", bg_color=SLATE, indent=1, shrink=True))
    sheet.set_row_pixels(1, 24)
    sheet.merge_range(1, LEFT, 1, LAST, subtitle(case), page.style(
        font_color="#DCE6EC", bg_color=SLATE, align="left", indent=1, valign="top", shrink=True))
    text, mood = verdict(case, page.figures)
    sheet.set_row_pixels(2, 52 if rejected else 28)
    sheet.merge_range(2, LEFT, 2, LAST, text, page.style(
        bold=True, indent=1, font_size=22 if rejected else 11, shrink=True, **MOOD_COLOURS[mood]))
    sheet.set_row_pixels(3, SPACE)


def _tiles(page: Page) -> None:
    for row, height in ((4, 22), (5, 34), (6, 22), (7, SPACE)):
        page.sheet.set_row_pixels(row, height)
    edge: dict[str, object] = {"bg_color": MIST, "left": 5, "left_color": TEAL, "indent": 1, "shrink": True}
    small = page.style(font_color=FAINT, font_size=9, **edge)
    for (first, last), tile in zip(TILES, tiles(page.case, page.figures), strict=True):
        large = page.style(font_size=17, bold=True, align="left", num_format=tile.number, **edge)
        # A cell holds neither NaN nor infinity.
        finite = isinstance(tile.value, str) or math.isfinite(tile.value)
        page.sheet.merge_range(4, first, 4, last, tile.name, small)
        page.sheet.merge_range(5, first, 5, last, tile.value if finite else tile.text, large)
        page.sheet.merge_range(6, first, 6, last, tile.note, small)


def _place_charts(page: Page, data: ChartData, rows: int) -> None:
    """Load charts above, orders and margin below, together as tall as ``rows`` rows."""
    above: list[Chart] = [load_chart(page.book, data, line, load)
                          for line, load in page.figures.bottlenecks[:FRONT_LOAD_CHARTS]]
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
