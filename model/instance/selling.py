"""Which orders are planned, with which items they can be served, and every shipment that is possible."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.buckets import first_end_on_or_after, last_end_on_or_before
from model.tables import Tables

CUSTOMER_BEARS_FREIGHT = ("EXW", "FCA", "FOB")
WE_BEAR_DUTY = ("DDP",)
STANDARD_MODE = "standard"
DAYS_PER_WEEK = 7


def planned_orders(tables: Tables) -> pd.DataFrame:
    """Orders that are planned, with ``base_price`` [base money per unit] and ``is_firm``.

    Left out: orders declined by decision, and tenders below the threshold that nobody decided to accept.
    """
    orders = tables.frames["orders"]
    accepted = orders["decision"] == "accept"
    tender = (orders["win_probability"] < tables.settings.tender_threshold) & ~accepted
    planned = orders[(orders["decision"] != "decline") & ~tender].copy()
    rates = dict(zip(tables.frames["currencies"]["currency"], tables.frames["currencies"]["rate"], strict=True))
    # The base currency need not stand in the table.
    rates.setdefault(tables.settings.currency, 1.0)
    planned["base_price"] = planned["unit_price"] * planned["currency"].map(rates).astype(float)
    planned["is_firm"] = (planned["commitment"] == "firm") | (planned["decision"] == "accept")
    return planned.reset_index(drop=True)


def eligible_items(tables: Tables, orders: pd.DataFrame) -> pd.DataFrame:
    """Items with which each order can be served: ``order``, ``item``, ``price_factor``.

    An order's own item comes with factor 1; a substitute where the order allows it, at the factor of its most
    specific row (a row naming the customer beats one naming only the market). An item that is not rated for the
    order's discharge rate or backup time is not eligible.
    """
    own = orders[["order", "item"]].assign(price_factor=1.0)
    listed = orders.loc[orders["substitution"], ["order", "item", "market", "customer"]].merge(
        tables.frames["substitutes"], on="item", suffixes=("", "_listed"))
    matches = ((listed["market_listed"].isna() | (listed["market_listed"] == listed["market"]))
               & (listed["customer_listed"].isna() | (listed["customer_listed"] == listed["customer"])))
    listed = listed[matches].assign(
        specificity=lambda rows: 2 * rows["customer_listed"].notna() + rows["market_listed"].notna())
    # The most specific row stands last and is the one kept.
    best = listed.sort_values("specificity", kind="stable").drop_duplicates(["order", "substitute"], keep="last")
    best = best[["order", "substitute", "price_factor"]].rename(columns={"substitute": "item"})
    pairs = pd.concat([own, best], ignore_index=True).drop_duplicates(["order", "item"], keep="first")
    rated = (pairs.merge(orders[["order", "min_c_rate", "backup_minutes"]], on="order", how="left")
             .merge(tables.frames["items"][["item", "max_c_rate", "max_backup_minutes"]], on="item", how="left"))
    # A blank rating meets no demand: comparisons with NaN are False.
    meets = ((rated["min_c_rate"].isna() | (rated["max_c_rate"] >= rated["min_c_rate"]))
             & (rated["backup_minutes"].isna() | (rated["max_backup_minutes"] >= rated["backup_minutes"])))
    return pairs[meets.to_numpy()].sort_values(["order", "item"], kind="stable").reset_index(drop=True)


def order_lanes(tables: Tables, orders: pd.DataFrame, sites: list[str]) -> pd.DataFrame:
    """Ways each order can be reached: ``order``, ``site``, ``mode``, ``freight_cost`` [money/unit], ``transit_days``.

    An order without market, or whose market has no lane from any site, is reached from every site at once and free.
    """
    lanes = tables.frames["lanes"]
    has_lane = orders["market"].isin(lanes["market"])
    by_lane = orders.loc[has_lane, ["order", "market"]].merge(lanes, on="market")
    at_once = orders.loc[~has_lane, ["order"]].merge(pd.DataFrame({"site": sites}), how="cross")
    at_once = at_once.assign(mode=STANDARD_MODE, freight_cost=0.0, transit_days=0.0)
    columns = ["order", "site", "mode", "freight_cost", "transit_days"]
    return pd.concat([by_lane[columns], at_once[columns]], ignore_index=True)


def possible_shipments(tables: Tables, horizon: pd.DataFrame, orders: pd.DataFrame, eligible: pd.DataFrame,
                       item_sites: pd.DataFrame) -> pd.DataFrame:
    """Every shipment that the dates allow, with its money per unit in base currency.

    Index columns ``order, item, site, mode, bucket``; ``unit_revenue``, ``unit_late``, ``unit_freight`` and
    ``unit_duty`` are signed (costs negative).
    """
    ways = eligible.merge(order_lanes(tables, orders, sorted(item_sites["site"].unique())), on="order")
    ways = ways.merge(item_sites, on=["item", "site"])
    terms = ["order", "market", "base_price", "earliest_ship_date", "due_date", "latest_date", "due_basis",
             "late_rate", "late_grace_days", "late_cap", "incoterm"]
    ways = ways.merge(orders[terms], on="order")
    shipments = _spread_over_buckets(ways, horizon)
    return _with_money(shipments, tables.frames["markets"], tables.frames["duties"])


def _spread_over_buckets(ways: pd.DataFrame, horizon: pd.DataFrame) -> pd.DataFrame:
    counts_arrival = ways["due_basis"] == "arrival"
    transit = pd.to_timedelta(ways["transit_days"], unit="D")
    last_departure = ways["latest_date"] - transit.where(counts_arrival, pd.Timedelta(0))
    first = first_end_on_or_after(horizon, ways["earliest_ship_date"].fillna(horizon["start"].iloc[0]))
    last = last_end_on_or_before(horizon, last_departure)
    # Each way once for every bucket from first to last, without a loop over ways.
    repeats = np.maximum(last - first + 1, 0)
    rows = ways.loc[ways.index.repeat(repeats)].reset_index(drop=True)
    offset = np.arange(len(rows)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    rows["bucket"] = np.repeat(first, repeats) + offset
    rows["departure"] = horizon["end"].to_numpy()[rows["bucket"].to_numpy(dtype=int)]
    rows["arrival"] = rows["departure"] + pd.to_timedelta(rows["transit_days"], unit="D")
    return rows


def late_share(days_late: pd.Series, grace_days: pd.Series, weekly_rate: pd.Series, cap: pd.Series) -> np.ndarray:
    """Damages as a share of the late value: started weeks after due date and grace, times the rate, up to the cap."""
    weeks = np.ceil(np.maximum(days_late - grace_days, 0) / DAYS_PER_WEEK)
    return np.minimum(weeks * weekly_rate, cap).to_numpy()


def _with_money(shipments: pd.DataFrame, markets: pd.DataFrame, duties: pd.DataFrame) -> pd.DataFrame:
    value = shipments["base_price"] * shipments["price_factor"]
    met_on = shipments["arrival"].where(shipments["due_basis"] == "arrival", shipments["departure"])
    days_late = (met_on - shipments["due_date"]).dt.days
    share = late_share(days_late, shipments["late_grace_days"], shipments["late_rate"], shipments["late_cap"])
    freight = shipments["freight_cost"].where(~shipments["incoterm"].isin(CUSTOMER_BEARS_FREIGHT), 0.0)
    duty = duty_rates(shipments, markets, duties).where(shipments["incoterm"].isin(WE_BEAR_DUTY), 0.0)
    return shipments.assign(unit_revenue=value, unit_late=-share * value, unit_freight=-freight,
                            unit_duty=-duty * value)


def price_shares(tables: Tables, shipments: pd.DataFrame) -> np.ndarray:
    """What each possible shipment brings per unit and unit of price: revenue, less damages and duty, as a share."""
    at_one = _with_money(shipments.assign(base_price=1.0), tables.frames["markets"], tables.frames["duties"])
    return (at_one["unit_revenue"] + at_one["unit_late"] + at_one["unit_duty"]).to_numpy(dtype=float)


def duty_rates(shipments: pd.DataFrame, markets: pd.DataFrame, duties: pd.DataFrame) -> pd.Series:
    """Duty as a share of the value for each shipment, by market, item shipped and day of arrival.

    A dated row replaces the market's own rate, and a row that names the item replaces one for every item.
    """
    own = dict(zip(markets["market"], markets["duty_rate"], strict=True))
    rate = shipments["market"].map(own).astype(float).fillna(0.0)
    # Later rows overwrite earlier ones; of one market and item no two hold on the same day (checked).
    blank_first = duties.sort_values("item", na_position="first", kind="stable")
    for row in blank_first.itertuples():
        applies = shipments["market"] == row.market
        if row.item is not None:
            applies &= shipments["item"] == row.item
        if not pd.isna(row.from_date):
            applies &= shipments["arrival"] >= row.from_date
        if not pd.isna(row.to_date):
            applies &= shipments["arrival"] <= row.to_date
        rate = rate.mask(applies, row.duty_rate)
    return rate
