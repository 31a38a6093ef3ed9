"""The web page's charts: those of the workbook's first page, of its insight pages and its load map."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from model.report.case import Case
from model.report.charts import margin_steps, money_scale, order_groups, short_amount, waterfall
from model.report.fields import FIRST_DAY
from model.report.insight import revenue_by_month, sector_margins, timeline
from model.report.insight_charts import SECTOR_COLOURS, TIMELINE_PARTS, order_name, timeline_parts, whole_weeks
from model.report.sheets.table import OVER_FULL
from model.report.styles import AMBER, GREEN, RED, SAGE, SLATE, STATUS_COLOURS, STEEL, TEAL
from model.report.summary import STATUSES, Headlines, fullest_lines
from model.report.web.markup import Markup, element
from model.report.web.svg import Series, Show, bars, columns, legend, shades

MOST_LOAD_CHARTS, MOST_MAPPED, TIMELINE_BAR = 5, 30, 12.0
SHADES = 10  # steps of a load from nothing to full


def chart_figures(case: Case, figures: Headlines) -> Iterator[Markup]:
    """Every chart with its title, one after the other; the timeline, twice as high as the others, comes third."""
    yield _margin(case)
    if not case.frame("decisions").empty:
        yield _orders(case)
    yield from _timeline(case)
    margins = sector_margins(case)
    if not margins.empty:
        number, unit = money_scale(case, float(margins.abs().sum(axis=1).max()))
        stacks = [Series(str(sector), colour, margins[sector].tolist())
                  for sector, colour in zip(margins.columns, SECTOR_COLOURS, strict=False)]
        title = case.say("chart.sector_margin", unit=unit)
        yield _figure(title, columns(title, margins.index.tolist(), stacks, [], _money(number)), legend(stacks))
    revenue = revenue_by_month(case)
    if not revenue.empty:
        number, unit = money_scale(case, float(revenue.to_numpy().max()))
        groups = [Series(case.say(f"chart.{name}"), colour, revenue[name].tolist())
                  for name, colour in (("shipped", SLATE), ("arrived", SAGE))]
        title = case.say("chart.month_revenue", unit=unit)
        drawing = columns(title, revenue.index.tolist(), groups, [], _money(number), side_by_side=True)
        yield _figure(title, drawing, legend(groups))
    for line, load in figures.bottlenecks[:MOST_LOAD_CHARTS]:
        yield _load(case, line, load)
    yield from _load_map(case)


def _load(case: Case, line: str, load: float) -> Markup:
    """Hours of a line by bucket against its regular hours and those with overtime. [h]"""
    rows = case.frame("line_load")
    rows = rows[rows["line"] == line].sort_values("bucket_start")
    days = rows["bucket_start"].dt.strftime("%m-%d").tolist()
    stacks = [Series(case.say(f"chart.{name}"), colour, rows[name].tolist())
              for name, colour in (("run_hours", TEAL), ("setup_hours", AMBER))
              if name == "run_hours" or rows[name].sum() > 0]
    limits = [Series(case.say("chart.regular_hours"), SLATE, rows["regular_hours"].tolist())]
    if rows["overtime_limit"].sum() > 0:
        hours = (rows["regular_hours"] + rows["overtime_limit"]).tolist()
        limits.append(Series(case.say("chart.all_hours"), RED, hours, "5 3"))
    title = case.say("chart.load", line=order_name(line), load=f"{load:.0%}")
    drawing = columns(title, days, stacks, limits, lambda amount: f"{amount:,.0f}")
    unit = element("p", {"class": "axis"}, case.say("chart.hours_axis"))
    return _figure(title, unit, drawing, legend(stacks, limits))


def _load_map(case: Case) -> Iterator[Markup]:
    """Load of the fullest lines by bucket: white when idle, amber when full, red in overtime, blank when closed."""
    frame = case.frame("line_load")
    names = [line for line, _ in fullest_lines(frame, MOST_MAPPED)]
    if not names:
        return
    loads = frame[frame["line"].isin(names)].pivot(index="line", columns="bucket_start", values="load").loc[names]
    title = case.say("page.load_map", count=len(names), total=frame["line"].nunique())
    drawing = shades(title, [order_name(name) for name in names], [f"{day:%m-%d}" for day in loads.columns],
                     [[_shade(load) for load in row] for row in loads.to_numpy(dtype=float)])
    yield _figure(title, drawing, legend([Series(words, _shade(load), ()) for words, load in (
        ("10%", 0.1), ("50%", 0.5), ("100%", 1.0), (">100%", 2.0))]))


def _shade(load: float) -> str:
    """Colour of a load; none where it is zero or the line is closed."""
    if not load > 0:
        return ""
    if load > OVER_FULL:
        return RED
    # In steps, so that neighbours of one colour become one shape.
    step = math.ceil(min(load, 1.0) * SHADES) / SHADES
    amber = (int(AMBER[place:place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(255 + (tone - 255) * step):02X}" for tone in amber)


def _timeline(case: Case) -> Iterator[Markup]:
    """One bar for each of the largest orders from its first departure to its last arrival, its due date marked."""
    rows = timeline(case)
    if rows.empty:
        return
    parts = timeline_parts(rows)
    start = float((pd.Timestamp(case.tables.settings.start_date) - FIRST_DAY).days)
    low, high, step = whole_weeks(float(parts["before"].min()), float(parts.sum(axis=1).max()), start)
    # The axis begins at low; the parts count from day 0 of spreadsheet dates.
    stacks = [Series(case.say(f"chart.{part}"), colour, (parts[part] - (low if part == "before" else 0.0)).tolist())
              for part, colour in TIMELINE_PARTS.items() if (parts[part] > 0).any()]
    title = case.say("chart.timeline")
    step *= 2  # a page is narrower than a sheet
    drawing = bars(title, [order_name(order) for order in rows["order"]], stacks,
                   lambda days: f"{FIRST_DAY + pd.Timedelta(days=low + days):%y-%m-%d}",
                   marks=[step * number for number in range(int((high - low) / step) + 1)], bar=TIMELINE_BAR,
                   tell=lambda days: f"{days:.0f} {case.say('unit.days')}")
    known = {part: Series(case.say(f"chart.{part}"), TIMELINE_PARTS[part], ()) for part in (
        "in_time", "slack", "due", "too_late")}
    yield _figure(title, element("p", {"class": "axis"}, case.say(
        "insight.timeline_note", count=len(rows), total=int(case.frame("decisions")["first_ship"].notna().sum()))),
        drawing, legend(list(known.values())), look="tall")


def _orders(case: Case) -> Markup:
    """Order value by region and technology, split by decision. [money]"""
    values = order_groups(case)
    number, unit = money_scale(case, float(values.sum(axis=1).max()))
    stacks = [Series(case.say(f"status.{status}"), STATUS_COLOURS[status], values[status].tolist())
              for status in STATUSES if values[status].sum() > 0]
    title = case.say("chart.orders", unit=unit)
    names = [order_name(str(name)) for name in values.index]
    return _figure(title, bars(title, names, stacks, _money(number)), legend(stacks))


def _margin(case: Case) -> Markup:
    """From revenue down by each cost to the margin. [money]"""
    steps = margin_steps(case)
    names = [case.say(f"term.{term}") for term in (*(term for term, _ in steps), "margin")]
    amounts = [*(amount for _, amount in steps), case.plan.margin]
    number, unit = money_scale(case, max(abs(amount) for amount in amounts))
    fills = {"base": "", "gain": TEAL, "cost": STEEL, "cost_below": STEEL,
             "result": GREEN if case.plan.margin >= 0 else RED}
    stacks = [Series(case.say(f"chart.{name}"), fills[name], [point or 0.0 for point in points])
              for name, points in waterfall(amounts[:-1]).items()]
    title = case.say("chart.margin", unit=unit)
    tops = [short_amount(amount, number) for amount in amounts]
    return _figure(title, columns(title, names, stacks, [], _money(number), tops))


def _money(number: str) -> Show:
    """Amounts in the unit of an Excel number format, whole ones without decimals."""
    return lambda amount: short_amount(amount, number).removesuffix(".0")


def _figure(title: str, *content: Markup, look: str | None = None) -> Markup:
    return element("figure", {"class": look}, element("figcaption", None, title), *content)
