"""Which members of one set belong to a member of another: what the sums in the laws run over."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.instance.dividing import PART
from model.instance.hours import option_names
from model.instance.index import Groups, group
from model.instance.pools import ALL, BOUGHT, FOR_ORDER, MADE, OPEN_USE, shared_pools
from model.instance.sets import MAKING, SHIPMENT, STOCK
from model.instance.tightening import SETUP, tightening_groups
from model.tables import Tables


def index_groups(tables: Tables, frames: dict[str, pd.DataFrame]) -> dict[str, Groups]:
    """Every group by its name."""
    return {**_order_groups(frames), **_making_groups(tables, frames), **_stock_groups(tables, frames),
            **tightening_groups(frames)}


def _order_groups(frames: dict[str, pd.DataFrame]) -> dict[str, Groups]:
    shipments = frames["shipments"]
    is_open = shipments["pool"] == OPEN_USE
    traced = shipments[~is_open]
    ways = shipments[["order", "site", "mode", "bucket"]].drop_duplicates()
    return {
        "SHIPMENTS_OF_ORDER": group(shipments, ("order",), SHIPMENT),
        "SHIPMENTS_OF_SOURCE": group(traced.assign(source=traced["pool"]), ("order", "source"), SHIPMENT),
        "SHIPMENTS_OF_DEPARTURE": group(shipments, ("order", "site", "mode", "bucket"), SHIPMENT),
        "SHIPMENTS_OF_RULE": group(frames["allocation_shipments"], ("rule",), SHIPMENT),
        "OPEN_SHIPMENTS": group(shipments[is_open], ("item", "site", "bucket"), SHIPMENT),
        "POOL_SHIPMENTS": group(traced, STOCK, SHIPMENT),
        "SOURCES_OF_ORDER": group(frames["sources"], ("order",), ("order", "source")),
        "DEPARTURES_OF_ORDER": group(ways, ("order",), ("order", "site", "mode", "bucket")),
    }


def _making_groups(tables: Tables, frames: dict[str, pd.DataFrame]) -> dict[str, Groups]:
    routing, own, hours = frames["routing"], frames["own_making"], frames["hours"]
    setups = routing[routing["has_setup"]].drop_duplicates(list(SETUP))
    expansions = tables.frames["expansions"]
    options = expansions.assign(option=option_names(expansions["start_date"]))
    into_pool = routing.merge(frames["line_pool"], on=["item", "line"]).rename(columns={"bucket": "bucket_made"})
    for_order = own.assign(pool=FOR_ORDER + own["order"].astype(str))
    consumption = routing.merge(tables.frames["bill_of_materials"], on="item")
    consumption["use_per_unit"] = consumption["quantity_per"] / consumption["yield_share"]
    own_key = ("order", *MAKING)
    undivided = routing[~routing["item"].isin(frames["parts"]["item"])]
    return {
        # Each key leads to itself or to nothing: a sum over it spares a law the question whether the variable exists.
        "MAKING_OF": group(routing, MAKING, MAKING),
        "PUBLISHED_OF_FROZEN": group(frames["frozen"][frames["frozen"]["frozen_qty"] > 0], MAKING, MAKING),
        "UNDIVIDED_OF": group(undivided, MAKING, MAKING),
        "OTHER_USE_OF": group(frames["other_uses"], MAKING, MAKING),
        "PARTS_OF": group(frames["parts"], MAKING, PART),
        "UNDIVIDED_ON_LINE": group(undivided, ("line", "bucket"), MAKING),
        "OTHER_USE_ON_LINE": group(frames["other_uses"], ("line", "bucket"), MAKING),
        "PARTS_ON_LINE": group(frames["parts"], ("line", "bucket"), PART),
        "SETUP_ITEMS_ON_LINE": group(routing[routing["has_setup"]], ("line", "bucket"), MAKING),
        "ITEMS_OF_SETUP": group(routing[routing["has_setup"]], SETUP, MAKING),
        "SETUPS_ON_LINE": group(setups, ("line", "bucket"), SETUP),
        "USES_OF_RESOURCE": group(frames["uses"], ("resource", "bucket"), ("resource", "bucket", "line", "item")),
        "OPTIONS_OF_LINE": group(hours[hours["option"].notna()], ("line", "bucket"), ("line", "option", "bucket")),
        "OPTIONS_OF_EXPANSION": group(options, ("line",), ("line", "option")),
        # Named as in Pools.sources, whose pools of single lines are MADE and the line.
        "OWN_MAKING_OF_SOURCE": group(own.assign(source=MADE + own["line"]), ("order", "source"), own_key),
        "OWN_MAKING_OF_LINE": group(own, MAKING, own_key),
        "OWN_MAKING_OF_PIN": _pinned_making(frames),
        "MADE_INTO_POOL": group(into_pool, ("item", "pool", "site", "available"), ("line", "item", "bucket_made")),
        "MADE_FOR_ORDER_POOL": group(for_order, ("item", "pool", "site", "available"), own_key),
        "CONSUMPTION": group(consumption, ("component", "site", "bucket"), (*MAKING, "use_per_unit")),
    }


def _stock_groups(tables: Tables, frames: dict[str, pd.DataFrame]) -> dict[str, Groups]:
    pool_stock, pools = frames["pool_stock"], frames["pools"]
    place = ("item", "site", "bucket")
    given_pool = pools[pools["pool"].isin((ALL, BOUGHT))]
    offers = frames["offers"][frames["offers"]["is_reachable"]]
    moves = frames["transfers"].merge(pools, on="item")
    move = ("from_site", "to_site", "item", "pool", "bucket")
    stock = tables.frames["stock"]
    # It enters the balance of the first bucket, which has no stock before it.
    opening = stock[stock["opening_stock"] > 0].merge(given_pool, on="item").assign(bucket=0)
    later = pool_stock[pool_stock["bucket"] > 0]
    return {
        "PURCHASES_INTO_POOL": group(offers.merge(given_pool, on="item"), STOCK, ("offer", "bucket")),
        "PURCHASE_OF_OFFER": group(offers, ("offer", "bucket"), ("offer", "bucket")),
        "TRANSFERS_OUT": group(moves.assign(site=moves["from_site"]), STOCK, move),
        "TRANSFERS_IN": group(moves.assign(site=moves["to_site"]), ("item", "pool", "site", "arrival_bucket"), move),
        "OPENING_STOCK": group(opening, STOCK, ("opening_stock",)),
        "RECEIVED": group(frames["receipts"].merge(given_pool, on="item"), STOCK, ("received",)),
        "POOLS_OF_ITEM_SITE": group(pool_stock, place, STOCK),
        "STOCK_BEFORE": group(later.assign(before=later["bucket"] - 1), STOCK, ("item", "pool", "site", "before")),
        "DRAWN_FROM": group(shared_pools(pool_stock), STOCK, STOCK),
        "DRAWN_OF_ITEM_SITE": group(shared_pools(pool_stock), place, STOCK),
    }


def _pinned_making(frames: dict[str, pd.DataFrame]) -> Groups:
    pins = frames["pins"][["pin", "order", "line", "bucket"]]
    joined = pins.merge(frames["own_making"], on="order", suffixes=("_pinned", ""))
    matches = ((joined["line_pinned"].isna() | (joined["line_pinned"] == joined["line"]))
               & ((joined["bucket_pinned"] == -1) | (joined["bucket_pinned"] == joined["bucket"])))
    return group(joined[np.asarray(matches)], ("pin",), ("order", *MAKING))
