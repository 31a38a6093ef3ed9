"""Figures behind the insight pages and the planner's extracts, from the plan's tables alone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.report.case import Case
from model.report.summary import TAKEN, fullest_lines

BOTTLENECK_LOAD = 0.95  # lines fuller than this over the horizon count as bottlenecks
MOST_SECTORS, MOST_TIMELINE = 6, 40


def bottleneck_lines(case: Case) -> list[str]:
    """Lines whose run and setup hours exceed 95 % of their regular hours over the horizon, fullest first."""
    load = case.frame("line_load")
    return [line for line, share in fullest_lines(load, load["line"].nunique()) if share > BOTTLENECK_LOAD]


def margin_per_bottleneck_hour(case: Case) -> pd.Series:
    """Each decision's margin over its pegged run hours on bottleneck lines; NaN without such hours. [money/h]

    margin_per_bottleneck_hour[o] = margin[o] / sum(run_hours[o,l,t] for bottleneck lines l and buckets t)
    """
    made, decisions = case.frame("production"), case.frame("decisions")
    hours = made[made["line"].isin(bottleneck_lines(case))].groupby("order")["run_hours"].sum()
    pegged = decisions["order"].map(hours).astype(float)
    # where: an order without such hours gets NaN instead of an infinite margin.
    return decisions["margin"] / pegged.where(pegged > 0)


def due_by_departure(case: Case) -> pd.Series:
    """Whether the dates of each decision's order are met when its goods leave, not when they arrive."""
    orders = case.tables.frames["orders"]
    return case.frame("decisions")["order"].isin(orders.loc[orders["due_basis"] == "departure", "order"])


def promised_on(case: Case) -> pd.Series:
    """The day on which the plan meets each decision: its last arrival or, by its due basis, its last departure."""
    decisions = case.frame("decisions")
    left = case.frame("shipments").groupby("order")["departure"].max().reindex(decisions["order"])
    # Found by order, put back by row.
    return decisions["last_arrival"].mask(due_by_departure(case), left.set_axis(decisions.index))


def days_after_due(case: Case) -> pd.Series:
    """Days from each decision's due date to its promised date, negative where early; NaN where nothing ships. [days]"""
    return (promised_on(case) - case.frame("decisions")["due_date"]).dt.days.astype(float)


def sector_margins(case: Case) -> pd.DataFrame:
    """Orders' own margin by month of departure (rows, "2025-04") and sector (columns, largest first). [money]

    Of an order's variable cost each of its shipments carries the share of its quantity; the sum over everything is
    the sum of the orders' margins.
    """
    shipped, decisions = case.frame("shipments"), case.frame("decisions").set_index("order")
    cost = shipped["order"].map(decisions["variable_cost"]) / shipped["order"].map(decisions["delivered"])
    margin = shipped[["revenue", "late", "freight", "duty"]].sum(axis=1) + cost * shipped["quantity"]
    items = case.tables.frames["items"]
    sector_of = dict(zip(items["item"], items["sector"], strict=True))
    sectors = [_sector(case, sector_of.get(item)) for item in shipped["order"].map(decisions["item"])]
    months = shipped["departure"].dt.strftime("%Y-%m")
    sums = pd.DataFrame({"month": months, "sector": sectors, "margin": margin}).pivot_table(
        index="month", columns="sector", values="margin", aggfunc="sum", fill_value=0.0)
    # By size, whatever the sign: a sector that loses much is not small.
    sums = sums[sums.abs().sum().sort_values(ascending=False, kind="stable").index]
    if sums.shape[1] > MOST_SECTORS:
        others = case.say("summary.others")
        # A sector that is itself called so is one of them: the name stands once.
        shown = [sector for sector in sums.columns if sector != others][:MOST_SECTORS - 1]
        sums = sums[shown].assign(**{others: sums.drop(columns=shown).sum(axis=1)})
    # A month in which nothing leaves keeps its place on the axis.
    return sums.reindex(_months(shipped["departure"]), fill_value=0.0)


def revenue_by_month(case: Case) -> pd.DataFrame:
    """Revenue by the month in which it is shipped and in which it arrives; months from first to last. [money]"""
    shipped = case.frame("shipments")
    months = _months(pd.concat([shipped["departure"], shipped["arrival"]]))
    sums = {name: shipped.groupby(shipped[day].dt.strftime("%Y-%m"))["revenue"].sum().reindex(months, fill_value=0.0)
            for name, day in (("shipped", "departure"), ("arrived", "arrival"))}
    return pd.DataFrame(sums, index=months)


def unassigned_margin(case: Case) -> float:
    """What the margin has besides the orders' own margins: setup, overtime, holding, what stays in stock. [money]"""
    return case.plan.margin - float(case.frame("decisions")["margin"].fillna(0.0).sum())


def timeline(case: Case) -> pd.DataFrame:
    """The largest orders by value that ship anything, in the order of their first departure; at most 40.

    Columns order, first_ship, last_arrival, due_date, days_after_due.
    """
    decisions = case.frame("decisions").assign(days_after_due=days_after_due(case))
    decisions["value"] = decisions["quantity"] * decisions["unit_price"]
    rows = decisions[decisions["first_ship"].notna() & decisions["last_arrival"].notna()]
    # Sorted twice: by value to choose, by date to show.
    rows = rows.sort_values("value", ascending=False, kind="stable").head(MOST_TIMELINE)
    rows = rows.sort_values(["first_ship", "last_arrival", "order"], kind="stable")
    return rows[["order", "first_ship", "last_arrival", "due_date", "days_after_due"]].reset_index(drop=True)


def promised_dates(case: Case) -> pd.DataFrame:
    """Orders that are taken, as decisions with ``promised_date``, ``due_by_departure`` and ``days_after_due``, by
    promised date; what does not ship comes last."""
    decisions = case.frame("decisions").assign(
        promised_date=promised_on(case), due_by_departure=due_by_departure(case), days_after_due=days_after_due(case))
    taken = decisions[decisions["status"].isin(TAKEN)]
    return taken.sort_values(["promised_date", "order"], kind="stable", na_position="last").reset_index(drop=True)


def line_programme(case: Case) -> pd.DataFrame:
    """Good units by line and item (rows) and bucket of the horizon (columns, first days); lines in the plan's order."""
    made, load = case.frame("production"), case.frame("line_load")
    units = made.groupby(["line", "item", "bucket_start"])["quantity"].sum().unstack("bucket_start")
    # A bucket in which nothing is made stays, as a blank column.
    units = units.reindex(columns=sorted(load["bucket_start"].unique()))
    place = {line: position for position, line in enumerate(load["line"].unique())}
    return units.loc[sorted(units.index, key=lambda row: (place.get(row[0], len(place)), row[1]))]


def _sector(case: Case, sector: object) -> str:
    return str(sector) if isinstance(sector, str) and sector else case.say("summary.no_name")


def _months(days: pd.Series) -> list[str]:
    """Every month from the first of ``days`` to the last."""
    if days.empty:
        return []
    first, last = days.min().to_period("M"), days.max().to_period("M")
    return [str(month) for month in pd.period_range(first, last, freq="M")]


def hours_by_region(case: Case) -> dict[str, float]:
    """Pegged run hours by the region of the order that ends up with the units, largest first; stock left out. [h]"""
    decisions, made = case.frame("decisions"), case.frame("production")
    region_of = dict(zip(decisions["order"], decisions["region"], strict=True))
    regions = np.array([region_of.get(order) or "" for order in made["order"]], dtype=object)
    sums = made.loc[made["order"].notna(), "run_hours"].groupby(regions[made["order"].notna()]).sum()
    return {str(name): float(hours) for name, hours in sums.sort_values(ascending=False, kind="stable").items()}
