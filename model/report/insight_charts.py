"""The insight pages' native charts: margin by sector, revenue by month, and the timeline of the largest orders."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from xlsxwriter.chart import Chart

from model.report.case import Case
from model.report.chart_parts import add_series, axis, dress, grid
from model.report.charts import MOST_TICKS, money_scale
from model.report.fields import FIRST_DAY, plain_text, since_first_day
from model.report.insight import revenue_by_month, sector_margins, timeline
from model.report.sheets.book import Book
from model.report.styles import AMBER, DATE_FORMAT, RED, SAGE, SLATE, STEEL, TEAL
from model.report.widths import display_width

# As many as insight.MOST_SECTORS: each sector shown has one.
SECTOR_COLOURS = (TEAL, AMBER, SLATE, SAGE, "#8A78A6", STEEL)
TIMELINE_PARTS = {"before": "", "in_time": TEAL, "slack": "#BFDDE0", "due": AMBER, "wait": "", "on_its_way": TEAL,
                  "too_late": RED}
MOST_WEEK_MARKS = 12
MARKS_PER_PAGE, MOST_NAME = 250, 26  # marks of due dates side by side; terminal cells of an order's name


def sector_chart(book: Book) -> Chart | None:
    """The orders' margin by month of departure, sectors stacked; None where nothing ships. [money]"""
    margins = sector_margins(book.case)
    if margins.empty:
        return None
    number, unit = money_scale(book.case, float(margins.abs().sum(axis=1).max()))
    chart = book.file.add_chart({"type": "column", "subtype": "stacked"})
    for sector, colour in zip(margins.columns, SECTOR_COLOURS, strict=False):
        add_series(chart, book.chart_data, book.case.say("chart.sector_margin_key"), plain_text(str(sector)),
                   margins.index.tolist(), margins[sector].tolist(), book.case.currency, fill={"color": colour},
                   border={"none": True}, gap=45)
    _dress_months(book, chart, book.case.say("chart.sector_margin", unit=unit), len(margins), number)
    return chart


def revenue_chart(book: Book) -> Chart | None:
    """Revenue by the month it ships beside that by the month it arrives; None where nothing ships. [money]"""
    revenue = revenue_by_month(book.case)
    if revenue.empty:
        return None
    number, unit = money_scale(book.case, float(revenue.to_numpy().max()))
    chart = book.file.add_chart({"type": "column"})
    for name, colour in (("shipped", SLATE), ("arrived", SAGE)):
        add_series(chart, book.chart_data, book.case.say("chart.month_revenue_key"), book.case.say(f"chart.{name}"),
                   revenue.index.tolist(), revenue[name].tolist(), book.case.currency, fill={"color": colour},
                   border={"none": True}, gap=60, overlap=0)
    _dress_months(book, chart, book.case.say("chart.month_revenue", unit=unit), len(revenue), number)
    return chart


def timeline_chart(book: Book) -> Chart | None:
    """One bar per order from its first departure to its last arrival, with a mark on its due date; None without any.

    The bars are one stack on an invisible foot; TIMELINE_PARTS names its parts from left to right.
    """
    rows = timeline(book.case)[::-1]  # a bar chart draws its first category at the bottom
    if rows.empty:
        return None
    names = [plain_text(order_name(order)) for order in rows["order"]]
    parts = timeline_parts(rows)
    chart = book.file.add_chart({"type": "bar", "subtype": "stacked"})
    for part, colour in TIMELINE_PARTS.items():
        if (parts[part] > 0).any():
            fill = {"color": colour} if colour else {"none": True}
            add_series(chart, book.chart_data, book.case.say("chart.timeline_key"), book.case.say(f"chart.{part}"),
                       names, parts[part].tolist(), book.case.say("unit.days"), fill=fill, border={"none": True},
                       gap=45)
    dress(book, chart, book.case.say("chart.timeline"))
    chart.set_legend({"none": True})
    first, last, step = whole_weeks(float(parts["before"].min()), float(parts.sum(axis=1).max()),
                                    float((pd.Timestamp(book.case.tables.settings.start_date) - FIRST_DAY).days))
    chart.set_x_axis({**axis(book), **grid(), "min": first, "max": last, "num_format": DATE_FORMAT,
                      "major_unit": step})
    # Every order is named; programs would leave some out where it is tight.
    chart.set_y_axis({**axis(book), "major_tick_mark": "none", "major_gridlines": {"visible": False},
                      "interval_unit": 1})
    return chart


def whole_weeks(first: float, last: float, start: float) -> tuple[float, float, float]:
    """First and last day of an axis around these days, and its step: whole weeks from the plan's start. [days]"""
    # Three days of air on either side.
    low = start + 7 * math.floor((first - 3 - start) / 7)
    return low, last + 3, 7.0 * max(1, math.ceil((last + 3 - low) / 7 / MOST_WEEK_MARKS))


def timeline_parts(rows: pd.DataFrame) -> pd.DataFrame:
    """Lengths of the parts of each order's bar; the foot ``before`` counts from day 0 of spreadsheet dates. [days]

    A bar covers its days from the first to the last whole, a mark stands at the end of the due day. What is on its way
    after the due date is late, unless the order is due by its departure and left in time.
    """
    first, last, due = (since_first_day(rows[name]).dt.days.astype(float) for name in (
        "first_ship", "last_arrival", "due_date"))
    last, due = last + 1, due + 1
    # The mark of a due date is a day wide, or wider where a day would not be seen.
    width = max(1.0, float(pd.concat([last, due]).max() - first.min()) / MARKS_PER_PAGE)
    after = (last - np.maximum(due + width, first)).clip(lower=0)
    late = rows["days_after_due"] > 0
    return pd.DataFrame({
        "before": np.minimum(first, due), "in_time": (np.minimum(last, due) - first).clip(lower=0),
        "slack": (due - last).clip(lower=0), "due": width, "wait": (first - due - width).clip(lower=0),
        "on_its_way": after.where(~late, 0.0), "too_late": after.where(late, 0.0)})


def order_name(order: str) -> str:
    """An order's id, its end cut off where it is too long to stand beside a bar."""
    if display_width(order) <= MOST_NAME:
        return order
    kept = order
    while display_width(kept) > MOST_NAME - 1:
        kept = kept[:-1]
    return kept + "…"


def split_words(case: Case, orders: float) -> str:
    """How the orders' margins and what no order carries make up the plan's margin."""
    number, unit = money_scale(case, max(abs(orders), abs(case.plan.margin)))
    scale = 1000.0 ** (len(number) - len(number.rstrip(",")))
    decimals = 1 if scale > 1 else 0
    texts = {name: f"{amount / scale:,.{decimals}f}" for name, amount in (
        ("orders", orders), ("rest", case.plan.margin - orders), ("margin", case.plan.margin))}
    return case.say("insight.split", unit=unit, **texts)


def _dress_months(book: Book, chart: Chart, title: str, months: int, number: str) -> None:
    dress(book, chart, title)
    step = max(1, math.ceil(months / MOST_TICKS))
    chart.set_x_axis({**axis(book), "major_tick_mark": "none", "label_position": "low", "interval_unit": step})
    chart.set_y_axis({**axis(book), **grid(), "num_format": number.replace(".0", "")})
