"""The front page's native charts: load against capacity, order value by decision, from revenue to margin."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
from xlsxwriter.chart import Chart

from model.plan_tables import MONEY_TERMS
from model.report.case import Case, coded_word
from model.report.chart_data import ChartData
from model.report.chart_parts import add_series, axis, dress, font, grid
from model.report.sheets.book import Book
from model.report.styles import AMBER, FAINT, GREEN, INK, RED, SLATE, STATUS_COLOURS, STEEL, TEAL
from model.report.summary import STATUSES, order_values

MOST_GROUPS, MOST_TICKS = 8, 14
FRONT_LOAD_CHARTS = 2  # lines whose load the front page shows; the next ones stand on the sheet Insight


def money_scale(case: Case, largest: float) -> tuple[str, str]:
    """Number format and unit in which amounts up to ``largest`` are short to read."""
    # Each comma behind the digits divides what is shown by a thousand.
    if largest >= 1e9:
        return "#,##0,,", case.say("unit.million", unit=case.currency)
    if largest >= 1e7:
        return "#,##0.0,,", case.say("unit.million", unit=case.currency)
    if largest >= 1e5:
        return "#,##0,", case.say("unit.thousand", unit=case.currency)
    return "#,##0", case.currency


def load_chart(book: Book, data: ChartData, line: str, load: float) -> Chart:
    """Hours of a line by bucket, run and setup stacked, against its regular hours and those with overtime. [h]"""
    case, key = book.case, book.case.say("chart.load_key", line=line)
    frame = case.frame("line_load")
    rows = frame[frame["line"] == line].sort_values("bucket_start")
    buckets = [pd.Timestamp(day).to_pydatetime() for day in rows["bucket_start"]]
    unit = case.say("unit.hours")
    columns = book.file.add_chart({"type": "column", "subtype": "stacked"})
    for name, colour in (("run_hours", TEAL), ("setup_hours", AMBER)):
        if name == "run_hours" or rows[name].sum() > 0:
            add_series(columns, data, key, case.say(f"chart.{name}"), buckets, rows[name].tolist(), unit,
                       fill={"color": colour}, border={"none": True}, gap=35)
    limits = book.file.add_chart({"type": "line"})
    add_series(limits, data, key, case.say("chart.regular_hours"), buckets, rows["regular_hours"].tolist(), unit,
               line={"color": SLATE, "width": 1.75})
    if rows["overtime_limit"].sum() > 0:
        hours = (rows["regular_hours"] + rows["overtime_limit"]).tolist()
        add_series(limits, data, key, case.say("chart.all_hours"), buckets, hours, unit,
                   line={"color": RED, "width": 1.25, "dash_type": "dash"})
    columns.combine(limits)
    dress(book, columns, case.say("chart.load", line=line, load=f"{load:.0%}"))
    # As text: on an axis of dates a column would be as narrow as one day of its bucket.
    step = max(1, math.ceil(len(buckets) / MOST_TICKS))
    columns.set_x_axis({**axis(book), "num_font": {**font(book, 8, FAINT), "rotation": -45},
                        "text_axis": True, "num_format": "mm-dd", "interval_unit": step,
                        "interval_tick": step, "major_tick_mark": "none"})
    columns.set_y_axis({**axis(book), **grid(), "num_format": "#,##0", "min": 0,
                        "name": case.say("chart.hours_axis"), "name_font": font(book, 8, FAINT)})
    return columns


def orders_chart(book: Book, data: ChartData) -> Chart | None:
    """Order value by region and technology, split by decision; None where no order has any. [money]"""
    case = book.case
    values = order_groups(case)[::-1]  # a bar chart draws its first category at the bottom
    statuses = [status for status in STATUSES if values[status].sum() > 0]
    # The writer refuses a chart without series.
    if not statuses:
        return None
    names = values.index.tolist()
    number, unit = money_scale(case, float(values.sum(axis=1).max()))
    chart = book.file.add_chart({"type": "bar", "subtype": "stacked"})
    for status in statuses:
        add_series(chart, data, case.say("chart.orders_key"), case.say(f"status.{status}"), names,
                   values[status].tolist(), case.currency, fill={"color": STATUS_COLOURS[status]},
                   border={"none": True}, gap=45)
    dress(book, chart, case.say("chart.orders", unit=unit))
    chart.set_x_axis({**axis(book), **grid(), "num_format": number.replace(".0", "")})
    chart.set_y_axis({**axis(book), "major_tick_mark": "none", "major_gridlines": {"visible": False}})
    return chart


def margin_chart(book: Book, data: ChartData) -> Chart:
    """From revenue down by each cost to the margin: a waterfall of the terms that are not zero. [money]"""
    case, key = book.case, book.case.say("chart.margin_key")
    steps = margin_steps(case)
    names = [case.say(f"term.{term}") for term in (*(term for term, _ in steps), "margin")]
    number, unit = money_scale(case, max(abs(amount) for _, amount in [*steps, ("", case.plan.margin)]))
    chart = book.file.add_chart({"type": "column", "subtype": "stacked"})
    fills = {"base": {"none": True}, "gain": {"color": TEAL}, "cost": {"color": STEEL}, "cost_below": {"color": STEEL},
             "result": {"color": GREEN if case.plan.margin >= 0 else RED}}
    columns = waterfall([amount for _, amount in steps])
    for name, points in columns.items():
        if any(point is not None for point in points):
            add_series(chart, data, key, case.say(f"chart.{name}"), names, points, case.currency, fill=fills[name],
                       border={"none": True}, gap=40)
    # What hangs below zero is labelled at the axis.
    tops = [max(0.0, sum(points[place] or 0.0 for points in columns.values())) for place in range(len(names))]
    amounts_shown = [short_amount(amount, number) for amount in (*(amount for _, amount in steps), case.plan.margin)]
    chart.combine(_labels_above(book, data, key, names, tops, amounts_shown))
    dress(book, chart, case.say("chart.margin", unit=unit))
    chart.set_legend({"none": True})
    chart.set_x_axis({**axis(book), "major_tick_mark": "none", "label_position": "low"})
    chart.set_y_axis({**axis(book), **grid(), "num_format": number.replace(".0", "")})
    return chart


def margin_steps(case: Case) -> list[tuple[str, float]]:
    """Revenue and every term of the margin that is not zero, in their order. [money]"""
    frame = case.frame("margin")
    amounts = dict(zip(frame["term"], frame["amount"], strict=True))
    return [(term, amounts[term]) for term in MONEY_TERMS if term == "revenue" or abs(amounts.get(term, 0.0)) > 0]


def order_groups(case: Case) -> pd.DataFrame:
    """Order value by "region technology" (rows, the largest and the others) and decision (columns). [money]"""
    values = _with_others(order_values(case))
    return values.set_axis([_group_name(case, region, technology) for region, technology in values.index])


def _labels_above(book: Book, data: ChartData, key: str, names: Sequence[str], tops: Sequence[float],
                  texts: Sequence[str]) -> Chart:
    """An invisible line through the tops of stacked columns that carries their labels: columns have none above."""
    line = book.file.add_chart({"type": "line"})
    ink = font(book, 8, INK)
    add_series(line, data, key, book.case.say("chart.label"), names, tops, book.case.currency, line={"none": True},
               marker={"type": "none"}, data_labels={"value": True, "position": "above", "font": ink, "custom": [
                   {"value": text, "font": ink} for text in texts]})
    return line


def short_amount(amount: float, number: str) -> str:
    """An amount in the unit that its number format shows: one comma at its end stands for a thousand each."""
    scaled = amount / 1000.0 ** (len(number) - len(number.rstrip(",")))
    decimals = 1 if number.startswith("#,##0.0") else 0
    # What would read as zero keeps two digits: no term shown is nothing.
    return f"{scaled:,.{decimals}f}" if round(abs(scaled), decimals) > 0 else f"{scaled:.2g}"


def waterfall(steps: Sequence[float]) -> dict[str, list[float | None]]:
    """Stacked columns that lead from the first amount over the following ones to their sum.

    ``base`` is the invisible foot of a column; a cost that crosses zero shows a part above and a part below it.
    """
    names = ("base", "gain", "cost", "cost_below", "result")
    series: dict[str, list[float | None]] = {name: [None] * (len(steps) + 1) for name in names}
    level = 0.0
    for place, step in enumerate(steps):
        before, level = level, level + step
        low, high = min(before, level), max(before, level)
        # The foot ends where the step comes nearest to zero; a step across zero has none.
        series["base"][place] = low if low > 0 else high if high < 0 else None
        above, below = max(high, 0.0) - max(low, 0.0), min(low, 0.0) - min(high, 0.0)
        series["gain" if step > 0 else "cost"][place] = above or None
        series["cost_below"][place] = below or None
    series["result"][-1] = level
    return series


def _with_others(values: pd.DataFrame) -> pd.DataFrame:
    if len(values) <= MOST_GROUPS:
        return values
    # The last of the places goes to the others.
    others = values.iloc[MOST_GROUPS - 1:].sum().to_frame().T
    others.index = pd.MultiIndex.from_tuples([("", "others")], names=values.index.names)
    return pd.concat([values.iloc[:MOST_GROUPS - 1], others])


def _group_name(case: Case, region: str, technology: str) -> str:
    if (region, technology) == ("", "others"):
        return case.say("summary.others")
    words = [coded_word("region", region, case.language) if region else "", technology]
    return " ".join(word for word in words if word) or case.say("summary.no_name")
