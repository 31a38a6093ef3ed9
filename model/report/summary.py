"""The headline figures of a plan, from its tables alone; the front page and the terminal text show the same."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from model.report.case import Case
from model.report.shapes import gap_of

STATUSES = ("accepted", "partial", "declined", "missed", "left_out")
TAKEN = ("accepted", "partial", "missed")
Quantities = Mapping[str, float]  # by unit: amounts of different units are never added up


@dataclass(frozen=True)
class OrderGroup:
    """Orders that share a decision or a region; values are quantity x unit price in base currency."""

    name: str
    count: int
    ordered: Quantities
    delivered: Quantities
    value: float
    margin: float


@dataclass(frozen=True)
class TechnologyLoad:
    """Hours of all lines of one technology over the horizon; load = used / regular hours."""

    name: str
    used_hours: float
    regular_hours: float
    overtime_hours: float

    @property
    def load(self) -> float:
        """Share of regular hours used; NaN where there are none."""
        return self.used_hours / self.regular_hours if self.regular_hours > 0 else math.nan


@dataclass(frozen=True)
class Headlines:
    """What the first page says. Money in base currency, shares as fractions (NaN where nothing is accepted)."""

    margin: float
    bound: float
    gap: float
    revenue: float
    on_time_share: float
    by_status: tuple[OrderGroup, ...]
    all_orders: OrderGroup
    by_region: tuple[OrderGroup, ...]
    by_technology: tuple[TechnologyLoad, ...]
    bottlenecks: tuple[tuple[str, float], ...]
    misses: pd.DataFrame
    defaults_used: int

    @property
    def gap_money(self) -> float:
        """How much better than this plan the best possible one may be."""
        return self.bound - self.margin

    def count(self, status: str) -> int:
        """Number of orders with this decision."""
        return next(group.count for group in self.by_status if group.name == status)


def headlines(case: Case) -> Headlines:
    """The headline figures of a case."""
    decisions = _valued(case)
    load = case.frame("line_load")
    margin_terms = case.frame("margin")
    taken = decisions[decisions["status"].isin(TAKEN)]
    return Headlines(
        margin=case.plan.margin,
        bound=case.plan.bound,
        gap=gap_of(case.plan),
        revenue=float(margin_terms.loc[margin_terms["term"] == "revenue", "amount"].sum()),
        on_time_share=_on_time_share(taken),
        by_status=tuple(_group(status, decisions[decisions["status"] == status]) for status in STATUSES),
        all_orders=_group("", decisions),
        by_region=tuple(_group(name, rows) for name, rows in taken.groupby("region_name", sort=True)),
        by_technology=_technology_loads(load),
        bottlenecks=fullest_lines(load),
        misses=case.frame("misses").sort_values("value", ascending=False, kind="stable"),
        defaults_used=sum(case.tables.defaults_used.values()),
    )


def quantity_text(amounts: Quantities) -> str:
    """Amounts by unit in words: "1,200 MWh + 30 t"."""
    return " + ".join(f"{amount:,.{0 if amount >= 100 or amount == int(amount) else 1}f} {unit}"
                      for unit, amount in amounts.items() if amount) or "–"


def _valued(case: Case) -> pd.DataFrame:
    decisions = case.frame("decisions").copy()
    decisions["unit"] = case.units_of(decisions["item"])
    decisions["value"] = decisions["quantity"] * decisions["unit_price"]
    decisions["technology"] = [case.technology_of_item.get(item) or "" for item in decisions["item"]]
    decisions["region_name"] = decisions["region"].fillna("").astype(str)
    return decisions


def order_values(case: Case) -> pd.DataFrame:
    """Order value in base currency by region, technology (rows) and decision (columns), largest first."""
    decisions = _valued(case)
    if decisions.empty:
        return pd.DataFrame(columns=list(STATUSES))
    values = decisions.pivot_table(index=["region_name", "technology"], columns="status", values="value",
                                   aggfunc="sum", fill_value=0.0)
    values = values.reindex(columns=list(STATUSES), fill_value=0.0)
    return values.loc[values.sum(axis=1).sort_values(ascending=False, kind="stable").index]


def _group(name: object, rows: pd.DataFrame) -> OrderGroup:
    return OrderGroup(str(name), len(rows), _amounts(rows, "quantity"), _amounts(rows, "delivered"),
                      float(rows["value"].sum()), float(rows["margin"].fillna(0.0).sum()))


def _amounts(rows: pd.DataFrame, column: str) -> Quantities:
    sums = rows.groupby("unit", sort=True)[column].sum()
    return {str(unit): float(amount) for unit, amount in sums.items()}


def _on_time_share(taken: pd.DataFrame) -> float:
    """Value delivered on time / value accepted; of a partly accepted optional order only what is delivered counts."""
    accepted = taken["quantity"].where(taken["status"] != "partial", taken["delivered"])
    value = float((accepted * taken["unit_price"]).sum())
    on_time = float((taken["delivered_on_time"] * taken["unit_price"]).sum())
    return on_time / value if value > 0 else math.nan


def _technology_loads(load: pd.DataFrame) -> tuple[TechnologyLoad, ...]:
    hours = load.assign(used=load["run_hours"] + load["setup_hours"], technology=load["technology"].fillna(""))
    sums = hours.groupby("technology", sort=True)[["used", "regular_hours", "overtime_hours"]].sum()
    rows = [TechnologyLoad(str(name), *(float(figure) for figure in row))
            for name, row in zip(sums.index, sums.to_numpy(), strict=True)]
    # A technology without regular hours has no load and comes last.
    return tuple(sorted(rows, key=lambda row: -row.load if row.load == row.load else math.inf))


def fullest_lines(load: pd.DataFrame, most: int = 5) -> tuple[tuple[str, float], ...]:
    """Lines in use, by their load over the horizon, fullest first."""
    # sort=False and a stable sort: lines of equal load stay in the plan's order.
    sums = load.assign(used=load["run_hours"] + load["setup_hours"]).groupby("line", sort=False)
    hours = sums[["used", "regular_hours"]].sum()
    hours = hours[(hours["used"] > 0) & (hours["regular_hours"] > 0)]
    shares = (hours["used"] / hours["regular_hours"]).sort_values(ascending=False, kind="stable")
    return tuple((str(line), float(share)) for line, share in shares.head(most).items())
