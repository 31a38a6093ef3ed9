"""Which making is divided by the bucket in which it ships: the strong form of lot sizing, where it stays small."""

from __future__ import annotations

import pandas as pd

from model.instance.pools import ALL
from model.tables import Tables

# On larger books the strong form costs more by its many rows than it gains by its bound.
MOST_PARTS = 20_000
PART = ("line", "item", "bucket", "ships_in")


def certain_shipments(frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Shipments of orders that can ship in one way and bucket only, of items whose supply at the site is made there
    after a setup and comes from nowhere else; with the order's ``quantity``."""
    shipments, routing = frames["shipments"], frames["routing"]
    alone = shipments[~shipments.duplicated("order", keep=False)]
    without_setup = set(routing.loc[~routing["has_setup"], "item"])
    other = without_setup | set(frames["receipts"]["item"]) | set(frames["offers"]["item"]) | set(
        frames["transfers"]["item"])
    # The rows for certain shipments speak of the pool of an undivided supply only.
    undivided = set(frames["pools"].loc[frames["pools"]["pool"] == ALL, "item"])
    fit = alone[alone["item"].isin((undivided & set(routing["item"])) - other)]
    return fit.merge(frames["orders"][["order", "quantity"]], on="order")


def parts_of_making(tables: Tables, certain: pd.DataFrame, shipments: pd.DataFrame,
                    routing: pd.DataFrame) -> pd.DataFrame:
    """Parts of what is made, by the bucket ``ships_in`` of the certain shipments they can be for.

    Columns: ``line, item, bucket, ships_in``, ``setup_group``, ``site``, ``part_limit`` (what ships then at most).
    Items with opening stock have none, nor has one most of whose orders may ship at several times, and no item has any
    where there would be more than ``MOST_PARTS``.
    """
    stock = tables.frames["stock"]
    possible = shipments.groupby("item")["order"].nunique()
    shares = certain.groupby("item").size() / possible
    mostly = set(possible.index[shares.reindex(possible.index) > 0.5])
    divided = mostly - set(stock.loc[stock["opening_stock"] > 0, "item"])
    wanted = certain[certain["item"].isin(divided)].groupby(["item", "site", "bucket"], as_index=False)["quantity"]
    needs = wanted.sum().rename(columns={"bucket": "ships_in", "quantity": "part_limit"})
    runs = routing[["line", "item", "bucket", "available", "setup_group", "site"]]
    runs = runs[runs["item"].isin(needs["item"])]
    # Counted by when it is there, before so many rows are written.
    ready = runs.groupby(["item", "site", "available"], as_index=False).size()
    if _in_time(ready.merge(needs, on=["item", "site"]))["size"].sum() > MOST_PARTS:
        runs = runs.iloc[:0]
    return _in_time(runs.merge(needs, on=["item", "site"]))


def _in_time(parts: pd.DataFrame) -> pd.DataFrame:
    """Only what is there in time can be for a shipment."""
    return parts[parts["available"] <= parts["ships_in"]].reset_index(drop=True)


def other_uses(tables: Tables, frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Rows of the routing whose making is divided and can serve more than certain shipments: other shipments, further
    making, stock to be kept, a published plan; or more than is shipped, by lots or to use components up."""
    routing, stock, bill = frames["routing"], tables.frames["stock"], tables.frames["bill_of_materials"]
    shipments = frames["shipments"]
    uncertain = shipments.loc[~shipments["order"].isin(frames["certain"]["order"]), "item"]
    kept = stock.loc[(stock["safety_stock"] > 0) | (stock["final_stock"] > 0), "item"]
    lots = routing.loc[(routing["min_lot"] > 0) | routing["lot_multiple"].notna(), "item"]
    several = {*uncertain, *kept, *lots, *bill["item"], *bill["component"], *tables.frames["published_plan"]["item"]}
    return routing[routing["item"].isin(several & set(frames["parts"]["item"]))]


def limited_runs(with_setup: pd.DataFrame, frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Runs whose output limit says more than the limits of their parts: those not divided, those with another use, and
    those of which one part alone is more than fits into the bucket."""
    run, parts = ["line", "item", "bucket"], frames["parts"]
    largest = parts.groupby(run, as_index=False)["part_limit"].max()
    runs = with_setup.merge(largest, on=run, how="left")
    several = runs["item"].isin(frames["other_uses"]["item"])
    return runs[~runs["item"].isin(parts["item"]) | several | (runs["part_limit"] > runs["output_limit"])]
