"""The front page of a comparison: both margins, what led from one to the other, what changed; one A4 page."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from model.compare.charts import bridge_chart, bridge_rows, loads_chart, movers_chart
from model.compare.comparison import Comparison, Side, Step
from model.compare.text import horizon, money, percent, proof_words, signed
from model.report.chart_data import ChartData
from model.report.facts import miss_name
from model.report.outcome_words import outcome_words
from model.report.sheets.book import Book
from model.report.sheets.page import (
    EDGE_WIDTH,
    FIRST_ROW,
    GAP_WIDTH,
    LAST,
    LEFT,
    LEFT_LAST,
    LEFT_WIDTHS,
    RIGHT,
    RIGHT_WIDTHS,
    ROW_HEIGHT,
    WHOLE,
    Page,
)
from model.report.styles import (
    FAINT,
    GREEN,
    LINE,
    MIST,
    PALE_AMBER,
    PALE_GREEN,
    PALE_RED,
    RED,
    SLATE,
    TEAL,
    number_format,
    reddened,
)
from model.report.summary import headlines

TILES = ((1, 2), (3, 5), (7, 8), (9, 10), (11, 12), (13, 14))  # first and last column of each
SPACE, LEAST_ROWS, MOST_MOVERS, MOST_LINES, MOST_COUNTS = 10, 37, 8, 6, 2
POINTS = '[>=0.0005]+0.0%;[<=-0.0005]-0.0%;"–"'


def write_front_page(book: Book, data: ChartData, comparison: Comparison) -> None:
    """The first sheet; the figures of its charts are added to ``data``."""
    page = Page(book, book.add_sheet(book.case.say("compare.sheet.summary")), headlines(book.case))
    for column, width in enumerate((EDGE_WIDTH, *LEFT_WIDTHS, GAP_WIDTH, *RIGHT_WIDTHS, EDGE_WIDTH)):
        page.sheet.set_column_pixels(column, column, width, page.style())
    page.sheet.set_default_row(ROW_HEIGHT * 0.75)
    _banner(page, comparison)
    _tiles(page, comparison)
    for block in (_terms, _movers, _orders, _lines, _misses):
        block(page, comparison)
        page.row += 1
    last_row = max(page.row, FIRST_ROW + LEAST_ROWS)
    _place_charts(page, data, comparison, last_row - FIRST_ROW)
    page.sheet.print_area(0, 0, last_row, LAST + 1)
    page.sheet.fit_to_pages(1, 1)
    page.sheet.center_horizontally()
    page.sheet.hide_row_col_headers()
    page.sheet.activate()


def _banner(page: Page, comparison: Comparison) -> None:
    case, sheet = page.case, page.sheet
    sheet.set_row_pixels(0, 42)
    sheet.merge_range(0, LEFT, 0, LAST, case.say("compare.title"), page.style(
        font_size=18, bold=True, font_color="#FFFFFF", bg_color=SLATE, indent=1, shrink=True))
    sides = ("A", comparison.before), ("B", comparison.after)
    files = [case.say("compare.file", side=name, file=Path(side.file).name, plan=side.plan_name,
                      horizon=horizon(side, case)) for name, side in sides]
    sheet.set_row_pixels(1, 24)
    sheet.merge_range(1, LEFT, 1, LAST, "   |   ".join(files), page.style(
        font_color="#DCE6EC", bg_color=SLATE, align="left", indent=1, valign="top", shrink=True))
    words, colour = _verdict(page, comparison)
    sheet.set_row_pixels(2, 28)
    sheet.merge_range(2, LEFT, 2, LAST, words, page.style(bold=True, indent=1, shrink=True, bg_color=colour))
    sheet.set_row_pixels(3, SPACE)


def _verdict(page: Page, comparison: Comparison) -> tuple[str, str]:
    case = page.case
    rejected = [f"{name}: {outcome_words('rejected_plan', case.language)}" for name, side in (
        ("A", comparison.before), ("B", comparison.after)) if side.status == "rejected_plan"]
    if rejected:
        return "   ".join(rejected), PALE_RED
    if comparison.nothing_changed:
        return case.say("compare.nothing_changed"), PALE_GREEN
    same = comparison.before.input_hash == comparison.after.input_hash
    hashes = [side.input_hash[:8] for side in (comparison.before, comparison.after)]
    words = case.say("compare.same_input") if same else case.say(
        "compare.other_input", before=hashes[0], after=hashes[1])
    colour = PALE_GREEN if comparison.proven == "after" else PALE_AMBER
    return "   ".join([words, proof_words(comparison, case)]), colour


def _tiles(page: Page, comparison: Comparison) -> None:
    for row, height in ((4, 22), (5, 34), (6, 22), (7, SPACE)):
        page.sheet.set_row_pixels(row, height)
    edge: dict[str, object] = {"bg_color": MIST, "left": 5, "left_color": TEAL, "indent": 1, "shrink": True}
    small = page.style(font_color=FAINT, font_size=9, **edge)
    for (first, last), (name, value, number, note) in zip(TILES, _tile_words(page, comparison), strict=True):
        large = page.style(font_size=17, bold=True, align="left", num_format=number, **edge)
        page.sheet.merge_range(4, first, 4, last, name, small)
        page.sheet.merge_range(5, first, 5, last, value, large)
        page.sheet.merge_range(6, first, 6, last, note, small)


def _tile_words(page: Page, comparison: Comparison) -> Iterator[tuple[str, float | str, str, str]]:
    case, before, after, margin = page.case, comparison.before, comparison.after, comparison.margin
    unit, number = f" [{case.currency}]", reddened(number_format("money", [before.margin, after.margin]))

    def proof(side: Side) -> str:
        """How far the margin of a side is proven."""
        return case.listed([f"{case.say('compare.bound')} {money(side.bound)}",
                            f"{case.say('compare.gap')} {percent(side.gap, 3)}"], "phrases")

    yield case.say("compare.before", name=case.say("compare.margin")) + unit, before.margin, number, \
        proof(before)
    yield case.say("compare.after", name=case.say("compare.margin")) + unit, after.margin, number, \
        proof(after)
    share = margin.difference / abs(before.margin) if before.margin else math.nan
    yield case.say("compare.difference", name=case.say("compare.margin")) + unit, signed(margin.difference), "@", \
        percent(share, 2)
    counts = [pair for pair in sorted(comparison.counts.items(), key=lambda pair: -pair[1]) if pair[1]][:MOST_COUNTS]
    yield case.say("compare.sheet.orders"), f"{len(comparison.changed_orders)} / {len(comparison.orders)}", "@", \
        case.listed(f"{case.say(f'compare.change.{change}')} {count}" for change, count in counts)
    changed = comparison.lines[comparison.lines["changed"]]
    fullest = changed.head(1).to_dict("records")
    yield case.say("compare.changed_lines"), f"{len(changed)} / {len(comparison.lines)}", "@", "".join(
        f"{row['line']} {percent(row['load_before'])} -> {percent(row['load_after'])}" for row in fullest)
    misses = comparison.misses["change"].value_counts(sort=False)
    yield case.say("compare.misses"), f"{before.misses} -> {after.misses}", "@", case.listed(
        f"{case.say(f'compare.miss.{change}')} {count}" for change, count in misses.items())


def _terms(page: Page, comparison: Comparison) -> None:
    case = page.case
    page.block_header(case.say("compare.by_term"), "", "A", "B", f"B - A [{case.currency}]")
    steps = [step for step in (*comparison.terms, comparison.margin) if step.before or step.after]
    formats = _step_formats(steps)
    for step in steps:
        total: dict[str, object] = {"bold": True, "bg_color": MIST} if step.name == "margin" else {}
        page.line((case.say(f"term.{step.name}"), "", step.before, step.after, step.difference), formats, **total)


def _movers(page: Page, comparison: Comparison) -> None:
    case, margin = page.case, comparison.margin
    page.block_header(case.say("compare.by_order"), "", "A", "B", f"B - A [{case.currency}]")
    rows = bridge_rows(comparison, page.book, MOST_MOVERS)
    formats = _step_formats([*(step for _, step in rows), margin])
    for name, step in rows:
        page.line((name, "", step.before, step.after, step.difference), formats)
    page.line((case.say("compare.total"), "", None, None, margin.difference), formats, bold=True, bg_color=MIST)


def _step_formats(steps: Sequence[Step]) -> tuple[str, ...]:
    """As many decimals in all columns as the amounts need; only losses against A are red, not every cost."""
    number = number_format("money", [amount for step in steps for amount in (step.before, step.after, step.difference)])
    return "@", "@", number, number, reddened(number)


def _orders(page: Page, comparison: Comparison) -> None:
    case = page.case
    page.block_header(case.say("compare.sheet.orders"), "", "", "", case.say("summary.count"))
    for change, count in comparison.counts.items():
        if count:
            page.line((case.say(f"compare.change.{change}"), "", "", "", count), ("@", "@", "@", "@", WHOLE))
    if not len(comparison.changed_orders):
        page.span(LEFT, LEFT_LAST, case.say("compare.unchanged"), font_color=FAINT)
        page.row += 1


def _lines(page: Page, comparison: Comparison) -> None:
    case = page.case
    page.block_header(case.say("compare.technologies"), "", "A", "B", f"B - A [{case.say('compare.column.points')}]")
    for row in comparison.technologies.head(MOST_LINES).to_dict("records"):
        page.line((row["technology"] or case.say("summary.no_name"), "", row["load_before"], row["load_after"],
                   row["load_difference"]), ("@", "@", "0.0%", "0.0%", POINTS))


def _misses(page: Page, comparison: Comparison) -> None:
    case, changed = page.case, comparison.changed_misses
    if changed.empty:
        return
    page.block_header(case.say("compare.misses"), "", "A", "B", "")
    for row in changed.head(MOST_LINES).to_dict("records"):
        bad = row["change"] in ("appeared", "larger")
        look: dict[str, object] = {"font_color": RED if bad else GREEN, "bold": True, "bottom": 1, "bottom_color": LINE}
        name = f"{case.say('miss.' + row['kind'])} {miss_name(row['kind'], row['name'], case.language) or ''}"
        page.span(LEFT, LEFT + 1, name, **look)
        figures = ((row["missed_before"], "#,##0.000"), (row["missed_after"], "#,##0.000"), (row["unit"] or "", "@"))
        for column, (value, number) in enumerate(figures, start=LEFT + 2):
            page.put(column, value, page.style(num_format=number, align="right", shrink=True, **look))
        page.row += 1
    if len(changed) > MOST_LINES:
        page.span(LEFT, LEFT_LAST, case.say("compare.more", count=len(changed) - MOST_LINES), font_color=FAINT)
        page.row += 1


def _place_charts(page: Page, data: ChartData, comparison: Comparison, rows: int) -> None:
    """The bridge above; movers and loads side by side below."""
    below = [chart for chart in (movers_chart(page.book, data, comparison),
                                 loads_chart(page.book, data, comparison) if len(comparison.lines) else None)
             if chart is not None]
    height, width = (rows * ROW_HEIGHT - SPACE) / 2, sum(RIGHT_WIDTHS)
    stacks = [[bridge_chart(page.book, data, comparison)], below]
    for place, charts in enumerate(stacks):
        each = (width - SPACE * (len(charts) - 1)) / max(1, len(charts))
        for position, chart in enumerate(charts):
            chart.set_size({"width": each, "height": height})
            page.sheet.insert_chart(FIRST_ROW, RIGHT, chart, {
                "x_offset": position * (each + SPACE), "y_offset": place * (height + SPACE)})
