"""The web page's charts: load against capacity, order value by decision, from revenue to margin."""

from __future__ import annotations

from collections.abc import Iterator

from model.report.case import Case
from model.report.charts import margin_steps, money_scale, order_groups, short_amount, waterfall
from model.report.insight import sector_margins
from model.report.insight_charts import SECTOR_COLOURS, order_name
from model.report.styles import AMBER, GREEN, RED, SLATE, STATUS_COLOURS, STEEL, TEAL
from model.report.summary import STATUSES, Headlines
from model.report.web.markup import Markup, element
from model.report.web.svg import Series, Show, bars, columns, legend

MOST_LOAD_CHARTS = 3


def chart_figures(case: Case, figures: Headlines) -> Iterator[Markup]:
    """Every chart with its title, one after the other."""
    yield _margin(case)
    if not case.frame("decisions").empty:
        yield _orders(case)
    margins = sector_margins(case)
    if not margins.empty:
        number, unit = money_scale(case, float(margins.abs().sum(axis=1).max()))
        stacks = [Series(str(sector), colour, margins[sector].tolist())
                  for sector, colour in zip(margins.columns, SECTOR_COLOURS, strict=False)]
        title = case.say("chart.sector_margin", unit=unit)
        yield _figure(title, columns(title, margins.index.tolist(), stacks, [], _money(number)), legend(stacks))
    for line, load in figures.bottlenecks[:MOST_LOAD_CHARTS]:
        yield _load(case, line, load)


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


def _figure(title: str, *content: Markup) -> Markup:
    return element("figure", None, element("figcaption", None, title), *content)
