"""Movements of stock by item, site and bucket, from the plan's decisions and the input's stock and receipts."""

from __future__ import annotations

import pandas as pd

from model.audit.book import Book, attach
from model.audit.selling import Selling

INFLOWS = ("made", "received", "bought", "transferred_in")
OUTFLOWS = ("consumed", "shipped", "transferred_out")
KEYS = ["item", "site", "t"]


def routes(book: Book, rows: pd.DataFrame) -> pd.DataFrame:
    """Transfer rows with ``route_cost``, ``known``, the day each ``arrives`` and the bucket ``there`` that it joins.

    A route that names the item replaces the route for every item of the same two sites.
    """
    listed = book.input("transfers").rename(columns={"unit_cost": "route_cost", "transit_days": "route_days"})
    sites = ["from_site", "to_site"]
    for_all = listed[listed["item"] == ""].drop(columns="item").rename(
        columns={"route_cost": "general_cost", "route_days": "general_days"})
    rows = attach(rows, listed[listed["item"] != ""], [*sites, "item"])
    rows = attach(rows, for_all, sites)
    rows["route_cost"] = rows["route_cost"].fillna(rows["general_cost"])
    rows["route_days"] = rows["route_days"].fillna(rows["general_days"])
    rows["known"] = rows["route_days"].notna() & (rows["t"] >= 0)
    days = pd.to_timedelta(rows["route_days"].fillna(0.0), unit="D").to_numpy().astype("timedelta64[D]")
    rows["arrives"] = book.end_of(rows["t"]) + days
    rows["there"] = book.bucket_ending_from(rows["arrives"].to_numpy())
    return rows


def consumption(book: Book, made: pd.DataFrame) -> pd.DataFrame:
    """Components used by production rows: ``item`` becomes the component, ``quantity`` its units, ``per_unit`` the use
    for one good unit; the item made stands in ``parent``."""
    bill = book.input("bill_of_materials").rename(columns={"item": "parent"})
    used = made.rename(columns={"item": "parent"}).merge(bill, on="parent", how="inner")
    used["per_unit"] = used["quantity_per"] / used["yield_share"]
    used["quantity"] = used["quantity"] * used["per_unit"]
    return used.rename(columns={"component": "item"})


def receipts(book: Book) -> pd.DataFrame:
    """Goods on the way with the bucket ``t`` they join; those after the horizon fall out."""
    frame = book.input("receipts")
    frame = frame.assign(t=book.bucket_ending_from(frame["date"].to_numpy()))
    return frame[frame["t"] < len(book.ends)]


def movements(book: Book, selling: Selling) -> pd.DataFrame:
    """Every movement: ``item, site, t, flow, quantity`` and ``weight``, what a rounded unit of its source counts."""
    count = len(book.ends)
    made = book.production[book.production["known"]].assign(site=lambda rows: rows["line_site"])
    moved = routes(book, book.rows("transfer_plan"))
    moved = moved[moved["known"]]
    arrived = moved.assign(site=moved["to_site"], t=moved["there"])
    needs = book.rows("material_needs")
    parts = {
        "made": made.assign(t=made["ready"])[lambda rows: rows["t"] < count],
        "received": receipts(book),
        "bought": needs[needs["t"] >= 0],
        "transferred_in": arrived[arrived["t"] < count],
        "consumed": consumption(book, made),
        "shipped": selling.shipments[selling.shipments["known"]],
        "transferred_out": moved.assign(site=moved["from_site"]),
    }
    columns = [*KEYS, "quantity", "flow", "weight"]
    # Receipts are input and so not rounded; components carry the rounding of the units made, times their use.
    frames = [frame.assign(flow=flow, weight=frame["per_unit"] if flow == "consumed" else 0.0 if flow == "received"
                           else 1.0)[columns] for flow, frame in parts.items()]
    # Without empty frames, whose objects would decide the types; one stays where all are empty.
    return pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)


def possible_places(book: Book) -> pd.DataFrame:
    """Every ``item`` and ``site`` where units can be: kept, made, used in making, bought, expected or moved to."""
    making = book.input("routings")[["line", "item"]].merge(book.input("lines")[["line", "site"]], on="line")
    used = making.merge(book.input("bill_of_materials"), on="item")[["component", "site"]]
    given = [book.input(table)[["item", "site"]] for table in ("stock", "supply", "receipts")]
    places = pd.concat([*given, making[["item", "site"]], used.rename(columns={"component": "item"})]).drop_duplicates()
    legs = book.input("transfers").rename(columns={"item": "cargo", "from_site": "site"})
    # A transfer may lead on from where another one leads.
    while True:
        moved = places.merge(legs[["cargo", "site", "to_site"]], on="site")
        moved = moved[(moved["cargo"] == "") | (moved["cargo"] == moved["item"])]
        grown = pd.concat([places, moved[["item", "to_site"]].rename(columns={"to_site": "site"})]).drop_duplicates()
        if len(grown) == len(places):
            return places.reset_index(drop=True)
        places = grown


def stock_table(book: Book, selling: Selling) -> pd.DataFrame:
    """Every flow by item, site and bucket beside the terms of stock, with ``<flow>_weight`` (rounded units in it) and
    ``drift_weight`` (rounded units in everything up to the bucket).

    Item and site stand here if they have a stock row or any movement; each has every bucket of the horizon.
    """
    moves = movements(book, selling)
    sums = moves.groupby([*KEYS, "flow"])[["quantity", "weight"]].sum().reset_index()
    stock = book.input("stock")
    pairs = pd.concat([stock[["item", "site"]], sums.loc[sums["quantity"] > 0, ["item", "site"]]]).drop_duplicates()
    grid = pairs.merge(book.horizon_frame, how="cross").sort_values(KEYS, ignore_index=True)
    wide = sums.set_index([*KEYS, "flow"]).unstack("flow")
    wide.columns = [flow if value == "quantity" else f"{flow}_weight" for value, flow in wide.columns]
    weights = [f"{flow}_weight" for flow in (*INFLOWS, *OUTFLOWS)]
    wide = wide.reindex(columns=[*INFLOWS, *OUTFLOWS, *weights]).fillna(0.0)
    grid = grid.merge(wide.reset_index(), on=KEYS, how="left").fillna(dict.fromkeys(wide.columns, 0.0))
    moved = grid[weights].sum(axis=1)
    grid["drift_weight"] = moved.groupby([grid["item"], grid["site"]]).cumsum()
    grid = attach(grid, stock, ["item", "site"])
    return grid.fillna({"opening_stock": 0.0, "safety_stock": 0.0, "final_stock": 0.0, "holding_cost": 0.0})
