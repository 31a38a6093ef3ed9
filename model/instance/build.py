"""From checked tables to the planning problem: index tables and groups, each built once and in one place."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.buckets import buckets
from model.instance.hours import line_hours, resource_hours
from model.instance.index import Groups, IndexTable, group, index_table
from model.instance.instance import Instance
from model.instance.making import (
    forbid_what_cannot_fit,
    limit_by_use,
    most_useful,
    resource_uses,
    routing_buckets,
    tighten_by_resources,
)
from model.instance.policy import (
    allocation_shipments,
    frozen_buckets,
    frozen_making,
    pin_table,
    published_making,
)
from model.instance.pools import FOR_ORDER, OPEN_USE, Pools, divide_supply
from model.instance.selling import eligible_items, planned_orders, possible_shipments
from model.instance.supplying import item_sites, offer_buckets, receipt_buckets, transfer_buckets, transfer_routes
from model.instance.tightening import tightening_groups, tightening_sets
from model.tables import Tables

SHIPMENT = ("order", "item", "pool", "site", "mode", "bucket")
MAKING = ("line", "item", "bucket")


def build_instance(tables: Tables) -> Instance:
    """The planning problem behind the tables."""
    horizon = buckets(tables.settings)
    frames = _wide_frames(tables, horizon)
    return Instance(tables, horizon, _sets(tables, frames), _groups(tables, frames), frames)


def _wide_frames(tables: Tables, horizon: pd.DataFrame) -> dict[str, pd.DataFrame]:
    orders = planned_orders(tables)
    eligible = eligible_items(tables, orders)
    hours = line_hours(tables, horizon)
    capacity = resource_hours(tables, horizon)
    routing = routing_buckets(tables, horizon, hours)
    uses = resource_uses(tables, routing, capacity)
    routing = tighten_by_resources(routing, uses)
    routing = forbid_what_cannot_fit(routing)
    routing = limit_by_use(tables, routing, most_useful(tables, orders, eligible, routing))
    uses = uses.merge(routing[list(MAKING)], on=list(MAKING))
    offers = offer_buckets(tables, horizon)
    receipts = receipt_buckets(tables, horizon)
    routes = transfer_routes(tables, tables.frames["items"]["item"].tolist())
    present = item_sites(tables, routing, offers, receipts, routes)
    pins = pin_table(tables, horizon, orders)
    pools = divide_supply(set(present["item"]), orders, eligible, tables.frames["approvals"], _makers(routing),
                          _bought_items(tables, offers, receipts), set(pins["order"]))
    shipments = possible_shipments(tables, horizon, orders, eligible, present).merge(pools.served, on=["order", "item"])
    published = published_making(tables, horizon)
    frozen = frozen_buckets(tables, horizon)
    own = routing.merge(pools.own_lines, on=["item", "line"])
    return {
        "orders": orders, "eligible": eligible, "hours": hours, "capacity": capacity, "routing": routing, "uses": uses,
        "offers": offers, "receipts": receipts, "present": present, "pins": pins, "shipments": shipments,
        "transfers": transfer_buckets(routes, present, horizon), "published": published,
        "frozen": frozen_making(routing, published, frozen),
        "later": published[~published["bucket"].isin(frozen)], "own_making": own,
        "pools": pools.pools, "line_pool": pools.line_pool, "sources": pools.sources,
        "pool_stock": _pool_stock(pools, present, horizon),
        "allocation_shipments": allocation_shipments(tables, horizon, shipments, orders),
    }


def _makers(routing: pd.DataFrame) -> dict[str, list[str]]:
    return {item: sorted(lines.unique()) for item, lines in routing.groupby("item")["line"]}


def _bought_items(tables: Tables, offers: pd.DataFrame, receipts: pd.DataFrame) -> set[str]:
    stock = tables.frames["stock"]
    return (set(stock.loc[stock["opening_stock"] > 0, "item"]) | set(receipts["item"])
            | set(offers.loc[offers["is_reachable"], "item"]))


def _pool_stock(pools: Pools, present: pd.DataFrame, horizon: pd.DataFrame) -> pd.DataFrame:
    places = pools.pools.merge(present, on="item")
    return places.merge(pd.DataFrame({"bucket": horizon.index}), how="cross")


def _sets(tables: Tables, frames: dict[str, pd.DataFrame]) -> dict[str, IndexTable]:
    tables_of_sets = [*_order_sets(frames), *_making_sets(tables, frames), *_stock_sets(tables, frames),
                      *_policy_sets(tables, frames), *tightening_sets(frames)]
    return {table.name: table for table in tables_of_sets}


def _order_sets(frames: dict[str, pd.DataFrame]) -> list[IndexTable]:
    orders, shipments = frames["orders"], frames["shipments"]
    key = ("order",)
    sources = frames["sources"].merge(orders[["order", "quantity"]], on="order")
    ways = shipments[["order", "site", "mode", "bucket"]].drop_duplicates()
    ways = ways.merge(orders.loc[orders["single_delivery"], ["order", "quantity"]], on="order")
    ways = ways[ways.duplicated("order", keep=False)]
    lumpy = orders[orders["min_fill"] > 0]
    return [
        index_table("ORDERS", key, orders, "quantity", "base_price"),
        index_table("FIRM_ORDERS", key, orders[orders["is_firm"]]),
        index_table("OPTIONAL_ORDERS", key, orders[~orders["is_firm"]]),
        index_table("MINIMUM_FILL_ORDERS", key, lumpy, "min_fill"),
        index_table("SHIPMENTS", SHIPMENT, shipments, "unit_revenue", "unit_late", "unit_freight", "unit_duty"),
        index_table("ORDER_SOURCES", ("order", "source"), sources),
        index_table("SINGLE_SOURCE_ORDERS", key, sources[["order"]].drop_duplicates()),
        index_table("ORDER_DEPARTURES", ("order", "site", "mode", "bucket"), ways),
        index_table("SINGLE_DELIVERY_ORDERS", key, ways[["order"]].drop_duplicates()),
    ]


def _making_sets(tables: Tables, frames: dict[str, pd.DataFrame]) -> list[IndexTable]:
    routing, hours = frames["routing"], frames["hours"]
    lines = tables.frames["lines"][["line", "overtime_cost"]]
    fixed = hours[hours["option"].isna()].merge(lines, on="line")
    optional = hours[hours["option"].notna()].rename(
        columns={"regular_hours": "option_regular_hours", "overtime_limit": "option_overtime_limit"})
    every = hours[["line", "bucket"]].drop_duplicates().merge(
        fixed[["line", "bucket", "regular_hours", "overtime_limit"]], on=["line", "bucket"], how="left")
    every = every.rename(columns={"overtime_limit": "overtime_hours"}).fillna(
        {"regular_hours": 0.0, "overtime_hours": 0.0}).merge(lines, on="line")
    expansions = tables.frames["expansions"].assign(
        option=tables.frames["expansions"]["start_date"].dt.strftime("%Y-%m-%d"))
    with_setup = routing[routing["has_setup"]]
    setups = with_setup.drop_duplicates(["line", "setup_group", "bucket"])
    group_size = tables.frames["routings"].groupby(["line", "setup_group"])["item"].transform("size")
    alone = tables.frames["routings"][group_size == 1][["line", "item"]].assign(is_alone=True)
    min_lots = routing[routing["min_lot"] > 0].merge(alone, on=["line", "item"], how="left")
    runs = min_lots[~(min_lots["has_setup"] & min_lots["is_alone"].eq(True))]
    covered = min_lots[min_lots["has_setup"] & min_lots["is_alone"].eq(True)]
    return [
        index_table("LINE_BUCKETS", ("line", "bucket"), every, "regular_hours", "overtime_hours", "overtime_cost"),
        index_table("EXPANSION_OPTIONS", ("line", "option"), expansions.rename(columns={"cost": "expansion_cost"}),
                    "expansion_cost"),
        index_table("EXPANSION_LINES", ("line",), expansions[["line"]].drop_duplicates()),
        index_table("OPTION_BUCKETS", ("line", "option", "bucket"), optional, "option_regular_hours",
                    "option_overtime_limit"),
        index_table("RESOURCE_BUCKETS", ("resource", "bucket"), frames["capacity"], "resource_hours"),
        index_table("RESOURCE_USES", ("resource", "bucket", "line", "item"), frames["uses"], "resource_hours_per_unit"),
        index_table("LINE_MAKES_ITEM", MAKING, routing, "hours_per_unit", "unit_cost", "output_limit"),
        index_table("SETUPS", ("line", "setup_group", "bucket"), setups, "setup_hours", "setup_cost"),
        index_table("SETUP_OUTPUTS", ("line", "item", "bucket", "setup_group"), with_setup),
        index_table("RUNS", MAKING, runs.rename(columns={"min_lot": "run_min_lot"}), "run_min_lot"),
        index_table("SETUP_LOTS", ("line", "item", "bucket", "setup_group"),
                    covered.rename(columns={"min_lot": "setup_min_lot"}), "setup_min_lot"),
        index_table("LOTS", MAKING, routing[routing["lot_multiple"].notna()], "lot_multiple"),
        index_table("OWN_MAKING", ("order", *MAKING), frames["own_making"]),
        index_table("POOL_MAKING", MAKING, routing.merge(
            frames["own_making"][list(MAKING)].drop_duplicates(), on=list(MAKING))),
    ]


def _stock_sets(tables: Tables, frames: dict[str, pd.DataFrame]) -> list[IndexTable]:
    pool_stock = frames["pool_stock"]
    rules = tables.frames["stock"]
    last = int(pool_stock["bucket"].max()) if len(pool_stock) else 0
    kept = pool_stock[["item", "site", "bucket"]].drop_duplicates()
    ruled = kept.merge(rules, on=["item", "site"])
    offers = frames["offers"]
    priced = frames["transfers"].merge(frames["pools"], on="item")
    orders_end = pool_stock[pool_stock["pool"].str.startswith(FOR_ORDER) & (pool_stock["bucket"] == last)]
    return [
        index_table("POOL_STOCK", ("item", "pool", "site", "bucket"), pool_stock),
        index_table("ITEM_SITE_BUCKETS", ("item", "site", "bucket"), kept),
        index_table("HELD_STOCK", ("item", "site", "bucket"), ruled[ruled["holding_cost"] > 0], "holding_cost"),
        index_table("LIMITED_STOCK", ("item", "site", "bucket"), ruled[ruled["storage_limit"].notna()],
                    "storage_limit"),
        index_table("SAFETY_STOCK", ("item", "site", "bucket"), ruled[ruled["safety_stock"] > 0], "safety_stock"),
        index_table("FINAL_STOCK", ("item", "site", "bucket"),
                    ruled[(ruled["final_stock"] > 0) & (ruled["bucket"] == last)], "final_stock"),
        index_table("DRAWN_STOCK", ("item", "pool", "site", "bucket"), _shared(pool_stock)),
        index_table("SPENT_ORDER_STOCK", ("item", "pool", "site", "bucket"), orders_end),
        index_table("PURCHASES", ("offer", "bucket"), offers[offers["is_reachable"]], "purchase_price"),
        index_table("LIMITED_PURCHASES", ("offer", "bucket"), offers[offers["is_reachable"] & offers["max_qty"].notna()],
                    "max_qty"),
        index_table("TAKE_OR_PAY", ("offer", "bucket"),
                    offers[offers["min_qty"] > 0].rename(columns={"purchase_price": "take_or_pay_price"}),
                    "min_qty", "take_or_pay_price"),
        index_table("TRANSFERS", ("from_site", "to_site", "item", "pool", "bucket"), priced, "transfer_price"),
    ]


def _shared(pool_stock: pd.DataFrame) -> pd.DataFrame:
    """Stock of pools that are not set apart for one pinned order."""
    return pool_stock[~pool_stock["pool"].str.startswith(FOR_ORDER)]


def _policy_sets(tables: Tables, frames: dict[str, pd.DataFrame]) -> list[IndexTable]:
    allocations = tables.frames["allocations"]
    counted = set(frames["allocation_shipments"]["rule"])
    pins = frames["pins"]
    return [
        index_table("QUOTAS", ("rule",), allocations[allocations["max_qty"].notna() & allocations["rule"].isin(counted)]
                    .rename(columns={"max_qty": "quota_qty"}), "quota_qty"),
        index_table("CONTRACTS", ("rule",),
                    allocations[allocations["min_qty"] > 0].rename(columns={"min_qty": "contract_qty"}), "contract_qty"),
        *(index_table(name, ("pin",), pins[pins["sense"] == sense].rename(columns={"pinned_qty": quantity}), quantity)
          for name, sense, quantity in (("FIXED_PINS", "fixed", "fixed_qty"), ("MINIMUM_PINS", "min", "pin_min_qty"),
                                        ("MAXIMUM_PINS", "max", "pin_max_qty"))),
        index_table("FROZEN_MAKING", MAKING, frames["frozen"], "frozen_qty"),
        index_table("PUBLISHED_MAKING", MAKING, frames["later"], "published_qty"),
    ]


def _groups(tables: Tables, frames: dict[str, pd.DataFrame]) -> dict[str, Groups]:
    shipments, routing, uses = frames["shipments"], frames["routing"], frames["uses"]
    drawn_open = shipments[shipments["pool"] == OPEN_USE]
    drawn_pool = shipments[shipments["pool"] != OPEN_USE]
    making = routing.merge(frames["line_pool"], on=["item", "line"])
    own = frames["own_making"].assign(pool=FOR_ORDER + frames["own_making"]["order"].astype(str))
    supply_pool = frames["pools"][frames["pools"]["pool"].isin(("all", "bought"))]
    offers = frames["offers"][frames["offers"]["is_reachable"]].merge(supply_pool, on="item")
    moves = frames["transfers"].merge(frames["pools"], on="item")
    move_key = ("from_site", "to_site", "item", "pool", "bucket")
    bill = tables.frames["bill_of_materials"]
    consumption = routing.merge(bill, on="item")
    consumption["use_per_unit"] = consumption["quantity_per"] / consumption["yield_share"]
    opening = tables.frames["stock"].merge(supply_pool, on="item").assign(bucket=0)
    received = frames["receipts"].merge(supply_pool, on="item")
    stock_key = ("item", "pool", "site", "bucket")
    setups = routing[routing["has_setup"]].drop_duplicates(["line", "setup_group", "bucket"])
    pool_stock = frames["pool_stock"]
    later = pool_stock[pool_stock["bucket"] > 0]
    expansions = tables.frames["expansions"]
    ways = shipments[["order", "site", "mode", "bucket"]].drop_duplicates()
    return {
        **tightening_groups(frames),
        "SOURCES_OF_ORDER": group(frames["sources"], ("order",), ("order", "source")),
        "DEPARTURES_OF_ORDER": group(ways, ("order",), ("order", "site", "mode", "bucket")),
        "OPTIONS_OF_EXPANSION": group(expansions.assign(option=expansions["start_date"].dt.strftime("%Y-%m-%d")),
                                      ("line",), ("line", "option")),
        "MAKING_OF": group(routing, MAKING, MAKING),
        "PURCHASE_OF_OFFER": group(offers, ("offer", "bucket"), ("offer", "bucket")),
        "STOCK_BEFORE": group(later.assign(before=later["bucket"] - 1), stock_key, ("item", "pool", "site", "before")),
        "DRAWN_FROM": group(_shared(pool_stock), stock_key, stock_key),
        "DRAWN_OF_ITEM_SITE": group(_shared(pool_stock), ("item", "site", "bucket"), stock_key),
        "SHIPMENTS_OF_ORDER": group(shipments, ("order",), SHIPMENT),
        "SHIPMENTS_OF_SOURCE": group(drawn_pool.assign(source=drawn_pool["pool"]), ("order", "source"), SHIPMENT),
        "SHIPMENTS_OF_DEPARTURE": group(shipments, ("order", "site", "mode", "bucket"), SHIPMENT),
        "SHIPMENTS_OF_RULE": group(frames["allocation_shipments"], ("rule",), SHIPMENT),
        "OPEN_SHIPMENTS": group(drawn_open, ("item", "site", "bucket"), SHIPMENT),
        "POOL_SHIPMENTS": group(drawn_pool, stock_key, SHIPMENT),
        "OWN_MAKING_OF_SOURCE": group(frames["own_making"].assign(source="made:" + frames["own_making"]["line"]),
                                      ("order", "source"), ("order", *MAKING)),
        "OWN_MAKING_OF_LINE": group(frames["own_making"], MAKING, ("order", *MAKING)),
        "OWN_MAKING_OF_PIN": _pinned_making(frames),
        "MADE_INTO_POOL": group(making.assign(bucket_made=making["bucket"]), ("item", "pool", "site", "available"),
                                ("line", "item", "bucket_made")),
        "MADE_FOR_ORDER_POOL": group(own, ("item", "pool", "site", "available"), ("order", *MAKING)),
        "ITEMS_ON_LINE": group(routing, ("line", "bucket"), MAKING),
        "SETUPS_ON_LINE": group(setups, ("line", "bucket"), ("line", "setup_group", "bucket")),
        "USES_OF_RESOURCE": group(uses, ("resource", "bucket"), ("resource", "bucket", "line", "item")),
        "OPTIONS_OF_LINE": group(frames["hours"][frames["hours"]["option"].notna()], ("line", "bucket"),
                                 ("line", "option", "bucket")),
        "PURCHASES_INTO_POOL": group(offers, stock_key, ("offer", "bucket")),
        "TRANSFERS_OUT": group(moves.assign(site=moves["from_site"]), stock_key, move_key),
        "TRANSFERS_IN": group(moves.assign(site=moves["to_site"]), ("item", "pool", "site", "arrival_bucket"), move_key),
        "CONSUMPTION": group(consumption, ("component", "site", "bucket"), (*MAKING, "use_per_unit")),
        "OPENING_STOCK": group(opening[opening["opening_stock"] > 0], stock_key, ("opening_stock",)),
        "RECEIVED": group(received, stock_key, ("received",)),
        "POOLS_OF_ITEM_SITE": group(pool_stock, ("item", "site", "bucket"), stock_key),
    }


def _pinned_making(frames: dict[str, pd.DataFrame]) -> Groups:
    pins = frames["pins"][["pin", "order", "line", "bucket"]]
    joined = pins.merge(frames["own_making"], on="order", suffixes=("_pinned", ""))
    matches = ((joined["line_pinned"].isna() | (joined["line_pinned"] == joined["line"]))
               & ((joined["bucket_pinned"] == -1) | (joined["bucket_pinned"] == joined["bucket"])))
    return group(joined[np.asarray(matches)], ("pin",), ("order", *MAKING))
