"""What the textbook model is written over, read from the input tables alone, without the program's instance.

Only what the benchmark's families use is known; a book that uses more is refused rather than answered wrongly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.tables import Tables

NOT_KNOWN = ("receipts", "substitutes", "approvals", "allocations", "expansions", "pins", "published_plan")
OURS_TO_BEAR = {"freight": {"CPT", "CIP", "CFR", "CIF", "DAP", "DDP"}, "duty": {"DDP"}}


@dataclass(frozen=True)
class TextbookData:
    """``share``: of its hours that a line or resource has in a bucket. ``routes``: line, item, bucket, ready (bucket in
    which the units are there), terms of the routing. ``ways``: order, site, mode, bucket, net [money per unit].
    ``made_for``: order, line, bucket, ready, site."""

    bucket_count: int
    orders: pd.DataFrame
    lines: pd.DataFrame
    resources: pd.DataFrame
    share: dict[tuple[str, int], float]
    resource_use: pd.DataFrame
    routes: pd.DataFrame
    ways: pd.DataFrame
    made_for: pd.DataFrame
    stock: pd.DataFrame
    offers: pd.DataFrame
    transfers: pd.DataFrame
    bill: pd.DataFrame


def read_textbook(tables: Tables) -> TextbookData:
    """The book in the form in which the textbook model wants it; ValueError where it uses what that does not know."""
    _refuse_the_unknown(tables)
    frames, count = tables.frames, tables.settings.bucket_count
    start = tables.settings.start_date
    ends = np.array([(7 * bucket + 6) for bucket in range(count)])
    orders = _orders(tables)
    routes = _routes(tables, ends)
    ways = _ways(tables, orders, ends, start)
    shares = {name: _shares(frames["calendar"], name, start, count)
              for name in [*frames["lines"]["line"], *frames["resources"]["resource"]]}
    share = {(name, bucket): each for name, weekly in shares.items() for bucket, each in enumerate(weekly.tolist())}
    return TextbookData(
        count, orders, frames["lines"], frames["resources"], share,
        frames["routing_resources"], routes, ways, _made_for(orders, routes, ways), frames["stock"],
        _offers(tables, ends), frames["transfers"].assign(
            ready_days=frames["transfers"]["transit_days"].astype(int)), frames["bill_of_materials"])


def _refuse_the_unknown(tables: Tables) -> None:
    orders, routings, stock = (tables.frames[name] for name in ("orders", "routings", "stock"))
    supply, lines = tables.frames["supply"], tables.frames["lines"]
    single = set(orders.loc[orders["single_line"], "item"])
    unknown = [name for name in NOT_KNOWN if name in tables.present]
    checks = {
        "buckets other than weeks": tables.settings.bucket != "week",
        "single_delivery": orders["single_delivery"].any(), "due_basis": (orders["due_basis"] != "arrival").any(),
        "decision": orders["decision"].notna().any(), "win_probability": (orders["win_probability"] < 1).any(),
        "orders without market": orders["market"].isna().any(), "lot_multiple": routings["lot_multiple"].notna().any(),
        "dated routings": routings[["from_date", "to_date"]].notna().any(axis=None),
        "dated supply": supply[["from_date", "to_date"]].notna().any(axis=None),
        "limited supply": (supply["max_qty"].notna() | (supply["min_qty"] > 0)).any(),
        "storage_limit": stock["storage_limit"].notna().any(),
        "stock targets": (stock[["safety_stock", "final_stock"]] > 0).any(axis=None),
        "dated lines": lines[["start_date", "end_date"]].notna().any(axis=None),
        "several lanes or sources of single-line orders": bool(single) and (
            "transfers" in tables.present or lines["site"].nunique() > 1 or supply["item"].isin(single).any()
            or stock.loc[stock["opening_stock"] > 0, "item"].isin(single).any()),
    }
    unknown += [name for name, found in checks.items() if found]
    if unknown:
        raise ValueError(f"the textbook model does not know: {', '.join(unknown)}")


def _orders(tables: Tables) -> pd.DataFrame:
    rates = {tables.settings.currency: 1.0, **dict(zip(*(tables.frames["currencies"][name]
                                                        for name in ("currency", "rate")), strict=True))}
    orders = tables.frames["orders"]
    return orders.assign(price=orders["unit_price"] * orders["currency"].map(rates),
                         is_firm=orders["commitment"] == "firm")


def _routes(tables: Tables, ends: np.ndarray) -> pd.DataFrame:
    lines = tables.frames["lines"][["line", "site"]]
    routes = tables.frames["routings"].merge(lines, on="line").merge(pd.DataFrame({"bucket": range(len(ends))}),
                                                                     how="cross")
    routes["ready"] = np.searchsorted(ends, ends[routes["bucket"]] + routes["lead_time_days"].to_numpy())
    return routes[routes["ready"] < len(ends)].reset_index(drop=True)


def _ways(tables: Tables, orders: pd.DataFrame, ends: np.ndarray, start: pd.Timestamp) -> pd.DataFrame:
    """Every shipment that the dates allow, with what a unit of it brings after damages, freight and duty."""
    terms = ["order", "item", "market", "price", "incoterm", "earliest_ship_date", "due_date", "latest_date",
             "late_rate", "late_grace_days", "late_cap"]
    ways = orders[terms].merge(tables.frames["lanes"], on="market")
    days = {name: (ways[name] - start).dt.days.to_numpy(dtype=float)
            for name in ("earliest_ship_date", "due_date", "latest_date")}
    first = np.searchsorted(ends, np.nan_to_num(days["earliest_ship_date"], nan=0.0))
    last = np.searchsorted(ends, days["latest_date"] - ways["transit_days"], side="right") - 1
    counts = np.maximum(last - first + 1, 0)
    row = np.repeat(np.arange(len(ways)), counts)
    bucket = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts) + first[row]
    ways = ways.iloc[row].assign(bucket=bucket)
    arrival = ends[bucket] + ways["transit_days"].to_numpy()
    weeks = np.ceil(np.maximum(arrival - days["due_date"][row] - ways["late_grace_days"].to_numpy(), 0) / 7)
    damages = np.minimum(ways["late_rate"] * weeks, ways["late_cap"])
    freight = ways["freight_cost"].where(ways["incoterm"].isin(OURS_TO_BEAR["freight"]), 0.0)
    duty = pd.Series(_duty(tables, ways, arrival, start), index=ways.index).where(
        ways["incoterm"].isin(OURS_TO_BEAR["duty"]), 0.0)
    return ways.assign(net=ways["price"] * (1 - damages - duty) - freight)[
        ["order", "item", "site", "mode", "bucket", "net"]].reset_index(drop=True)


def _duty(tables: Tables, ways: pd.DataFrame, arrival: np.ndarray, start: pd.Timestamp) -> np.ndarray:
    own = tables.frames["markets"].set_index("market")["duty_rate"]
    rate = ways["market"].map(own).to_numpy(dtype=float)
    day = (start + pd.to_timedelta(arrival, unit="D")).to_numpy()
    rows = tables.frames["duties"]
    for named in (False, True):
        for duty in rows[rows["item"].notna() == named].itertuples():
            first = start if pd.isna(duty.from_date) else duty.from_date
            last = pd.Timestamp.max if pd.isna(duty.to_date) else duty.to_date
            holds = (ways["market"] == duty.market).to_numpy() & (day >= first.to_datetime64()) & (
                day <= last.to_datetime64())
            rate = np.where(holds & (ways["item"] == duty.item).to_numpy() if named else holds, duty.duty_rate, rate)
    return rate


def _made_for(orders: pd.DataFrame, routes: pd.DataFrame, ways: pd.DataFrame) -> pd.DataFrame:
    """Order x line x bucket: making that is ready before the last departure of the order."""
    last = ways.groupby("order", as_index=False)["bucket"].max().rename(columns={"bucket": "last"})
    pairs = orders[["order", "item"]].merge(last, on="order").merge(
        routes[["line", "item", "bucket", "ready", "site"]], on="item")
    return pairs.loc[pairs["ready"] <= pairs["last"], ["order", "item", "line", "bucket", "ready", "site"]]


def _offers(tables: Tables, ends: np.ndarray) -> pd.DataFrame:
    supply = tables.frames["supply"].merge(pd.DataFrame({"bucket": range(len(ends))}), how="cross")
    return supply[ends[supply["bucket"]] >= supply["lead_time_days"].to_numpy()]


def _shares(calendar: pd.DataFrame, name: str, start: pd.Timestamp, count: int) -> np.ndarray:
    """Share of its hours that a line or resource has in each week."""
    days = np.ones(7 * count)
    for row in calendar[calendar["line"].isna() | (calendar["line"] == name)].itertuples():
        first = 0 if pd.isna(row.from_date) else max((row.from_date - start).days, 0)
        last = len(days) - 1 if pd.isna(row.to_date) else (row.to_date - start).days
        days[first:max(last + 1, 0)] *= row.availability
    return days.reshape(count, 7).mean(axis=1)
