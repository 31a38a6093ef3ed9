"""Stock, purchases, goods on the way and transfers between sites, by bucket."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.buckets import buckets_starting_within, first_end_on_or_after
from model.tables import Tables


def offer_buckets(tables: Tables, horizon: pd.DataFrame) -> pd.DataFrame:
    """Buckets each supply row covers: ``offer`` (its position), ``bucket``, the row's columns, ``is_reachable``.

    An offer is reachable in the buckets that end no earlier than its lead time after the plan's start.
    """
    supply = tables.frames["supply"].rename(columns={"unit_cost": "purchase_price"})
    # Its position names a row: the key holds dates, one of which may be blank.
    supply = supply.assign(offer=np.arange(len(supply)))
    covered = np.array([buckets_starting_within(horizon, row.from_date, row.to_date) for row in supply.itertuples()])
    which, bucket = np.nonzero(covered.reshape(len(supply), len(horizon)))
    rows = supply.iloc[which].reset_index(drop=True).assign(bucket=bucket)
    earliest = horizon["start"].iloc[0] + pd.to_timedelta(rows["lead_time_days"], unit="D")
    return rows.assign(is_reachable=horizon["end"].to_numpy()[bucket] >= earliest.to_numpy())


def receipt_buckets(tables: Tables, horizon: pd.DataFrame) -> pd.DataFrame:
    """Goods on the way by ``item, site, bucket``: ``received`` in the first bucket that ends on or after the date."""
    receipts = tables.frames["receipts"]
    rows = receipts.assign(bucket=first_end_on_or_after(horizon, receipts["date"]))
    rows = rows[rows["bucket"] < len(horizon)]
    return rows.groupby(["item", "site", "bucket"], as_index=False)["quantity"].sum().rename(
        columns={"quantity": "received"})


def transfer_routes(tables: Tables, items: list[str]) -> pd.DataFrame:
    """Routes by ``item, from_site, to_site`` with ``transfer_price`` and ``transit_days``.

    A row that names the item replaces the row for every item of the same two sites.
    """
    routes = tables.frames["transfers"].rename(columns={"unit_cost": "transfer_price"})
    named = routes[routes["item"].notna()]
    general = routes[routes["item"].isna()].drop(columns="item").merge(pd.DataFrame({"item": items}), how="cross")
    # Named rows stand first and are the ones kept.
    both = pd.concat([named, general[named.columns]], ignore_index=True)
    return both.drop_duplicates(["item", "from_site", "to_site"], keep="first").reset_index(drop=True)


def item_sites(tables: Tables, routing: pd.DataFrame, offers: pd.DataFrame, receipts: pd.DataFrame,
               routes: pd.DataFrame) -> pd.DataFrame:
    """Every ``item, site`` where units can be: made, kept, bought, received, consumed or moved to."""
    bill = tables.frames["bill_of_materials"][["item", "component"]]
    consumed = routing[["item", "site"]].merge(bill, on="item")[["component", "site"]]
    present = pd.concat([
        routing[["item", "site"]],
        tables.frames["stock"][["item", "site"]],
        offers.loc[offers["is_reachable"], ["item", "site"]],
        receipts[["item", "site"]],
        consumed.rename(columns={"component": "item"}),
    ]).drop_duplicates()
    while True:
        # Goods may move on from where they were moved to: until no route leads to a further place.
        moved = present.merge(routes, left_on=["item", "site"], right_on=["item", "from_site"])
        moved = moved[["item", "to_site"]].rename(columns={"to_site": "site"})
        grown = pd.concat([present, moved]).drop_duplicates()
        if len(grown) == len(present):
            return present.sort_values(["item", "site"]).reset_index(drop=True)
        present = grown


def transfer_buckets(routes: pd.DataFrame, present: pd.DataFrame, horizon: pd.DataFrame) -> pd.DataFrame:
    """Possible transfers ``from_site, to_site, item, bucket`` with ``transfer_price`` and the bucket of ``arrival``."""
    usable = routes.merge(present.rename(columns={"site": "from_site"}), on=["item", "from_site"])
    rows = usable.merge(pd.DataFrame({"bucket": horizon.index}), how="cross")
    there = horizon["end"].to_numpy()[rows["bucket"].to_numpy(dtype=int)] + pd.to_timedelta(
        rows["transit_days"], unit="D")
    rows["arrival_bucket"] = first_end_on_or_after(horizon, there)
    return rows[rows["arrival_bucket"] < len(horizon)].reset_index(drop=True)
