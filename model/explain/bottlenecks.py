"""What is used up, and which orders earn most with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.explain.ground import Ground
from model.plan import Plan

# Share from which capacity counts as used up: rounding and whole lots leave a little.
FULL = 0.999
MOST_BOTTLENECKS = 5

Place = tuple[str, str, int]
"""Item, site and bucket."""


@dataclass(frozen=True)
class Bottleneck:
    """A line, resource or material used up in ``full_buckets`` of the ``open_buckets`` in which it offers anything.

    ``kind``: line, resource, material (all that can be bought of it for a site) or stock (of a material at a ``site``).
    """

    kind: str
    name: str
    full_buckets: int
    open_buckets: int
    site: str = ""


def bottlenecks(ground: Ground, plan: Plan, most: int = MOST_BOTTLENECKS) -> list[Bottleneck]:
    """Lines, resources and materials used up in some bucket, the ones used up most often first, ``most`` of each."""
    load, shared = plan.frames["line_load"], plan.frames["resource_load"]
    offered = load["regular_hours"] + load["overtime_limit"]
    used = load["run_hours"] + load["setup_hours"]
    found = _full("line", load["line"], used, offered) + _full(
        "resource", shared["resource"], shared["used_hours"], shared["hours"])
    offered, further = _purchases(ground)
    found += _bought_up(offered, further)
    # A material bought to its limit is asked about as a purchase; its empty stock is the same shortage.
    asked = {each.name for each in found if each.kind == "material"}
    found += [each for each in _used_up(ground, plan, further) if each.name not in asked]
    ranked = sorted(found, key=lambda each: (-each.full_buckets / each.open_buckets, each.kind, each.name, each.site))
    return [each for kind in ("line", "resource", "material", "stock")
            for each in [one for one in ranked if one.kind == kind][:most]]


def _bought_up(offered: set[Place], further: set[Place]) -> list[Bottleneck]:
    """Materials of which no more can be bought for some site."""
    buckets: dict[str, dict[int, bool]] = {}
    for item, site, bucket in offered:
        of_item = buckets.setdefault(item, {})
        of_item[bucket] = of_item.get(bucket, False) or (item, site, bucket) not in further
    return [Bottleneck("material", item, sum(full.values()), len(full))
            for item, full in buckets.items() if any(full.values())]


def _used_up(ground: Ground, plan: Plan, further: set[Place]) -> list[Bottleneck]:
    """Materials, which are never made, whose stock at a site ends buckets at what must be kept though they are used,
    and of which no more can be bought for those buckets."""
    levels = plan.frames["stock_levels"]
    levels = levels[~levels["item"].isin(ground.instance.tables.frames["routings"]["item"])]
    if levels.empty:
        return []
    used = levels["consumed"] + levels["shipped"] + levels["transferred_out"]
    in_all = used.groupby([levels["item"], levels["site"]]).transform("sum")
    # Measured by what is used in all: stock has no capacity of its own to be a share of.
    is_empty = (in_all > 0) & (levels["closing"] - _kept(ground, levels) <= (1 - FULL) * in_all)
    bucket = levels.groupby(["item", "site"]).cumcount()
    can_buy = [key in further for key in zip(levels["item"], levels["site"], bucket, strict=True)]
    frame = levels.assign(is_full=is_empty & ~np.array(can_buy))
    sums = frame.groupby(["item", "site"])["is_full"].agg(["sum", "size"])
    return [Bottleneck("stock", str(item), int(full), int(size), str(site))
            for (item, site), full, size in sums.itertuples() if full]


def _kept(ground: Ground, levels: pd.DataFrame) -> pd.Series:
    """What must be left at the end of each bucket: safety stock, in the last one final stock, too."""
    stock = ground.instance.tables.frames["stock"]
    final = levels[["item", "site"]].merge(stock[["item", "site", "final_stock"]], how="left")["final_stock"]
    # `merge` drops the index of levels: from here on rows are paired by place.
    is_last = levels["bucket_end"] == levels["bucket_end"].max()
    return levels["safety_stock"].fillna(0.0).clip(lower=np.where(is_last, final.fillna(0.0), 0.0))


def _purchases(ground: Ground) -> tuple[set[Place], set[Place]]:
    """Where anything can be bought, and where more than the plan buys."""
    supply, limited = ground.instance.tables.frames["supply"], ground.instance.sets["LIMITED_PURCHASES"]
    most, items, sites = limited.coefficients()["max_qty"], supply["item"].tolist(), supply["site"].tolist()
    offered, further = set(), set()
    for offer, bucket in ground.instance.sets["PURCHASES"].members():
        # Unlimited offers have no row in LIMITED_PURCHASES.
        limit, place = most.get((offer, bucket), np.inf), (items[offer], sites[offer], bucket)
        if limit > 0:
            offered.add(place)
        if _value(ground, "bought", (offer, bucket)) < FULL * limit:
            further.add(place)
    return offered, further


def _full(kind: str, names: pd.Series, used: pd.Series, offered: pd.Series) -> list[Bottleneck]:
    frame = pd.DataFrame({"name": names, "is_open": offered > 0, "is_full": (used >= FULL * offered) & (offered > 0)})
    sums = frame.groupby("name")[["is_open", "is_full"]].sum()
    return [Bottleneck(kind, str(row.Index), int(row.is_full), int(row.is_open)) for row in sums.itertuples()
            if row.is_full]


def _value(ground: Ground, family: str, index: object) -> float:
    position = ground.standing.column(family, index)
    return 0.0 if position is None else float(ground.standing.values[position])


def margin_per_hour(plan: Plan, found: Iterable[Bottleneck]) -> pd.DataFrame:
    """Orders by margin per hour of the lines that are bottlenecks: ``order``, ``hours``, ``margin`` [base money],
    ``margin_per_hour``; what is made for stock is left out. The least rewarding stands last."""
    lines = {each.name for each in found if each.kind == "line"}
    made = plan.frames["production"]
    hours = made[made["line"].isin(lines) & made["order"].notna()].groupby("order")["run_hours"].sum()
    frame = plan.frames["decisions"][["order", "margin"]].merge(hours.rename("hours"), on="order")
    frame = frame[frame["hours"] > 0]
    frame = frame.assign(margin_per_hour=frame["margin"] / frame["hours"])
    return frame.sort_values("margin_per_hour", ascending=False, kind="stable")[
        ["order", "hours", "margin", "margin_per_hour"]].reset_index(drop=True)
