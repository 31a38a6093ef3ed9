"""The native charts of a comparison: margin A to margin B by term, the orders that moved most, load of lines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from xlsxwriter.chart import Chart

from model.compare.comparison import Comparison, Step
from model.report.chart_data import ChartData
from model.report.chart_parts import add_series, axis, dress, font, grid
from model.report.charts import money_scale, short_amount
from model.report.sheets.book import Book
from model.report.styles import INK, RED, SLATE, STEEL, TEAL

MOST_BARS, LONGEST_NAME = 8, 22
LABEL_ROOM = 0.15  # share of a bar chart's range that is left for the figures beside the bars
CUT_SHARE = 0.6  # where every level is above this share of the highest, the axis is cut so that the steps are seen
ROOM = 0.5  # share of the levels' range that is left below the lowest of them


def bridge_chart(book: Book, data: ChartData, comparison: Comparison) -> Chart:
    """From margin A up and down by each term that changed to margin B, a waterfall. [money]"""
    case, key = book.case, book.case.say("compare.chart_key")
    steps = [step for step in comparison.terms if step.difference]
    start, differences = comparison.margin.before, [step.difference for step in steps]
    margin = case.say("term.margin")
    names = [f"{margin} A", *(case.say(f"term.{step.name}") for step in steps), f"{margin} B"]
    columns = bridge(start, differences)
    levels = _levels(start, differences)
    number, unit = money_scale(case, max(map(abs, levels)))
    fills = {"base": None, "total": SLATE, "gain": TEAL, "gain_below": TEAL, "loss": RED, "loss_below": RED}
    chart = book.file.add_chart({"type": "column", "subtype": "stacked"})
    for name, points in columns.items():
        if name == "total" or any(point is not None for point in points):
            fill = fills[name]
            add_series(chart, data, key, case.say(f"compare.series.{name}"), names, points, case.currency,
                       fill={"color": fill} if fill else {"none": True}, border={"none": True}, gap=40)
    tops = [max(0.0, sum(points[place] or 0.0 for points in columns.values())) for place in range(len(names))]
    shown = [short_amount(start, number), *(signed_short(amount, number) for amount in differences),
             short_amount(levels[-1], number)]
    chart.combine(_labels(book, data, key, names, tops, shown))
    floor = axis_floor(levels)
    dress(book, chart, case.say("compare.bridge_cut" if floor else "compare.bridge_title", unit=unit))
    chart.set_legend({"none": True})
    chart.set_x_axis({**axis(book), "major_tick_mark": "none", "label_position": "low"})
    chart.set_y_axis({**axis(book), **grid(), "num_format": number.replace(".0", ""),
                      **({"min": floor} if floor else {})})
    return chart


def bridge(start: float, differences: Sequence[float]) -> dict[str, list[float | None]]:
    """Stacked columns from ``start`` over the differences to their sum; ``base`` is the invisible foot.

    What crosses zero shows a part above and a part below it.
    """
    names = ("base", "total", "gain", "gain_below", "loss", "loss_below")
    series: dict[str, list[float | None]] = {name: [None] * (len(differences) + 2) for name in names}
    levels = _levels(start, differences)
    series["total"][0], series["total"][-1] = levels[0], levels[-1]
    for place, (before, after) in enumerate(pairwise(levels), start=1):
        low, high = min(before, after), max(before, after)
        name = "gain" if after > before else "loss"
        series["base"][place] = low if low > 0 else high if high < 0 else None
        series[name][place] = (max(high, 0.0) - max(low, 0.0)) or None
        series[f"{name}_below"][place] = (min(low, 0.0) - min(high, 0.0)) or None
    return series


def _labels(book: Book, data: ChartData, key: str, names: Sequence[str], tops: Sequence[float],
            texts: Sequence[str]) -> Chart:
    """An invisible line through the tops of the columns that carries their labels: stacked columns have none above."""
    line, ink = book.file.add_chart({"type": "line"}), font(book, 8, INK)
    add_series(line, data, key, book.case.say("compare.series.label"), names, tops, book.case.currency,
               line={"none": True}, marker={"type": "none"}, data_labels={
                   "value": True, "position": "above", "font": ink,
                   "custom": [{"value": text, "font": ink} for text in texts]})
    return line


def axis_floor(levels: Sequence[float]) -> float:
    """Where the axis begins: a round figure below all levels where they are high and close together, else 0."""
    low, high = min(levels), max(levels)
    if low <= CUT_SHARE * high or high <= low:
        return 0.0
    room = low - ROOM * (high - low)
    # Down to a whole multiple of the power of ten of the range.
    step = 10.0 ** math.floor(math.log10(high - low))
    return max(0.0, math.floor(room / step) * step)


def movers_chart(book: Book, data: ChartData, comparison: Comparison) -> Chart | None:
    """Orders that moved the margin most, all others and what is not assigned to orders; None without any. [money]"""
    case, key = book.case, book.case.say("compare.movers_key")
    rows = bridge_rows(comparison, book, MOST_BARS)[::-1]  # a bar chart draws its first category at the bottom
    if not rows:
        return None
    names = [name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME - 1]}…" for name, _ in rows]
    number, unit = money_scale(case, max(abs(step.difference) for _, step in rows))
    chart = book.file.add_chart({"type": "bar"})
    for name, sign, colour in (("gain", 1.0, TEAL), ("loss", -1.0, RED)):
        values = [step.difference if step.difference * sign > 0 else None for _, step in rows]
        if any(value is not None for value in values):
            # Each order is in one of the two series; in the other it has no label.
            labels = [{"value": signed_short(value, number)} if value is not None else {"delete": True}
                      for value in values]
            add_series(chart, data, key, case.say(f"compare.series.{name}"), names, values, case.currency,
                       fill={"color": colour}, border={"none": True}, gap=40, overlap=100,
                       data_labels={"value": True, "position": "outside_end", "font": font(book, 8, INK),
                                    "custom": labels})
    dress(book, chart, case.say("compare.movers_title", unit=unit))
    chart.set_legend({"none": True})
    lowest, highest = (choose(0.0, *(step.difference for _, step in rows)) for choose in (min, max))
    room = LABEL_ROOM * (highest - lowest)
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "max": highest + room,
                      "min": lowest - room if lowest < 0 else 0.0})
    chart.set_y_axis({**axis(book), "major_tick_mark": "none", "label_position": "low",
                      "major_gridlines": {"visible": False}})
    return chart


def bridge_rows(comparison: Comparison, book: Book, most: int) -> list[tuple[str, Step]]:
    """Top movers, the others in one sum and what is not assigned: with names as shown; those without difference out."""
    say = book.case.say
    top, rest = comparison.top_movers(most)
    rows = [(step.name, step) for step in top]
    if int(rest.name):
        rows.append((say("compare.others", count=rest.name), rest))
    return [*rows, *([(say("compare.unassigned"), comparison.unassigned)] if comparison.unassigned.difference else [])]


def loads_chart(book: Book, data: ChartData, comparison: Comparison) -> Chart:
    """Load of the lines that changed most over the whole horizon, A beside B. [share of regular hours]"""
    case, key = book.case, book.case.say("compare.loads_key")
    lines = comparison.lines.head(MOST_BARS)
    chart = book.file.add_chart({"type": "column"})
    for side, name, colour in (("before", "A", STEEL), ("after", "B", TEAL)):
        loads = [None if math.isnan(load) else load for load in lines[f"load_{side}"]]
        add_series(chart, data, key, name, lines["line"].tolist(), loads, case.say("unit.ratio"),
                   fill={"color": colour}, border={"none": True}, gap=60, overlap=-5)
    dress(book, chart, case.say("compare.loads_title"))
    chart.set_x_axis({**axis(book), "major_tick_mark": "none"})
    chart.set_y_axis({**axis(book), **grid(), "num_format": "0%", "min": 0})
    return chart


def signed_short(amount: float, number: str) -> str:
    """A difference in the unit that its number format shows, with its sign."""
    return ("+" if amount > 0 else "") + short_amount(amount, number)


def _levels(start: float, differences: Sequence[float]) -> list[float]:
    levels = [start]
    for step in differences:
        levels.append(levels[-1] + step)
    return levels
