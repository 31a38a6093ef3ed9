"""The insight pages: money by month and further full lines on one A4 page, the order timeline on another."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.chart import Chart
from xlsxwriter.worksheet import Worksheet

from model.report.charts import FRONT_LOAD_CHARTS, load_chart
from model.report.insight import timeline, unassigned_margin
from model.report.insight_charts import TIMELINE_PARTS, revenue_chart, sector_chart, split_words, timeline_chart
from model.report.sheets.book import Book
from model.report.styles import FAINT, SLATE
from model.report.summary import fullest_lines

COLUMNS, COLUMN_WIDTH, EDGE, SPACE = 12, 100, 12, 10  # columns of the page; pixels
TOP_ROWS, ROW_HEIGHT, PAGE_ROWS = 3, 21, 36  # 20 pixels would be left to the font: the writer takes it for unset
MOST_LOAD_CHARTS, ORDER_ROW, TIMELINE_FRAME = 4, 20, 130  # charts; pixels of an order's bar and of what is around


def write_insight(book: Book) -> None:
    """Margin by sector and month, revenue by month, and the load of the fullest lines that the front page lacks."""
    case = book.case
    lines = fullest_lines(case.frame("line_load"), FRONT_LOAD_CHARTS + MOST_LOAD_CHARTS)[FRONT_LOAD_CHARTS:]
    months = [chart for chart in (sector_chart(book), revenue_chart(book)) if chart is not None]
    loads: list[Chart] = [load_chart(book, book.chart_data, line, load) for line, load in lines]
    note = split_words(case, case.plan.margin - unassigned_margin(case)) if months else case.say(
        "insight.nothing_ships")
    sheet = _page(book, case.say("sheet.insight"), case.say("insight.title"), note)
    rows = [charts for charts in (months, loads[:2], loads[2:]) if charts]
    # A lone row of charts is not stretched over the whole page.
    height = min(380.0, (PAGE_ROWS * ROW_HEIGHT - SPACE * (len(rows) - 1)) / max(1, len(rows)))
    for place, charts in enumerate(rows):
        _place(sheet, charts, place * (height + SPACE), height)
    _close(sheet, PAGE_ROWS)


def write_timeline(book: Book) -> None:
    """From first departure to last arrival, with the due date, of the largest orders that ship anything."""
    case = book.case
    shipped = int(case.frame("decisions")["first_ship"].notna().sum())
    count = len(timeline(case))
    note = case.say("insight.timeline_note", count=count, total=shipped) if count else case.say(
        "insight.nothing_ships")
    sheet = _page(book, case.say("sheet.timeline"), case.say("insight.timeline"), note)
    chart = timeline_chart(book)
    height = TIMELINE_FRAME + ORDER_ROW * count
    if chart is not None:
        _legend(book, sheet)
        _place(sheet, [chart], 0, height)
    _close(sheet, max(PAGE_ROWS, 1 + height // ROW_HEIGHT))


def _page(book: Book, name: str, title: str, note: str) -> Worksheet:
    sheet = book.add_sheet(name)
    style = book.styles.cell
    sheet.set_column_pixels(0, 0, EDGE, style())
    sheet.set_column_pixels(1, COLUMNS, COLUMN_WIDTH, style())
    sheet.set_column_pixels(COLUMNS + 1, COLUMNS + 1, EDGE, style())
    sheet.set_default_row(ROW_HEIGHT * 0.75)
    for row, text, height, properties in (
            (0, title, 36, {"font_size": 15, "bold": True, "font_color": "#FFFFFF", "bg_color": SLATE}),
            (1, note, 24, {"font_color": FAINT})):
        sheet.set_row_pixels(row, height)
        sheet.merge_range(row, 1, row, COLUMNS, text, style(align="left", indent=1, shrink=True, **properties))
    sheet.set_row_pixels(TOP_ROWS - 1, SPACE)
    return sheet


def _legend(book: Book, sheet: Worksheet) -> None:
    """What the timeline's colours mean, in a cell: programs disagree on how to leave parts out of a chart's legend."""
    words: list[object] = []
    for part in ("in_time", "slack", "due", "too_late"):
        words += [book.styles.cell(font_color=TIMELINE_PARTS[part]), "■ ",
                  book.styles.cell(font_color=FAINT), book.case.say(f"chart.{part}") + "     "]
    style = book.styles.cell(align="left", indent=1)
    sheet.set_row_pixels(TOP_ROWS - 1, 24)
    # Merging takes no rich text: the first cell is written over afterwards.
    sheet.merge_range(TOP_ROWS - 1, 1, TOP_ROWS - 1, COLUMNS, "", style)
    sheet.write_rich_string(TOP_ROWS - 1, 1, *words, style)


def _place(sheet: Worksheet, charts: Sequence[Chart], top: float, height: float) -> None:
    width = (COLUMNS * COLUMN_WIDTH - SPACE * (len(charts) - 1)) / len(charts)
    for position, chart in enumerate(charts):
        chart.set_size({"width": width, "height": height})
        sheet.insert_chart(TOP_ROWS, 1, chart, {"x_offset": position * (width + SPACE), "y_offset": top})


def _close(sheet: Worksheet, rows: int) -> None:
    """One printed page without headings."""
    sheet.print_area(0, 0, TOP_ROWS + rows, COLUMNS + 1)
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    sheet.hide_row_col_headers()
