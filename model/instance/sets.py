"""The model's index sets, each with its coefficients: one row here is one family of variables or constraints."""

from __future__ import annotations

import pandas as pd

from model.instance.dividing import PART, limited_runs
from model.instance.hours import option_names
from model.instance.index import IndexTable, index_table
from model.instance.pools import FOR_ORDER, shared_pools
from model.instance.tightening import SETUP, tightening_sets
from model.tables import Tables

SHIPMENT = ("order", "item", "pool", "site", "mode", "bucket")
MAKING = ("line", "item", "bucket")
STOCK = ("item", "pool", "site", "bucket")


def index_sets(tables: Tables, frames: dict[str, pd.DataFrame]) -> dict[str, IndexTable]:
    """Every index set of the model by its name."""
    tables_of_sets = [*_order_sets(frames), *_making_sets(tables, frames), *_stock_sets(tables, frames),
                      *_policy_sets(tables, frames), *tightening_sets(frames)]
    return {table.name: table for table in tables_of_sets}


def _order_sets(frames: dict[str, pd.DataFrame]) -> list[IndexTable]:
    orders, shipments = frames["orders"], frames["shipments"]
    key = ("order",)
    sources = frames["sources"].merge(orders[["order", "quantity"]], on="order")
    ways = shipments[["order", "site", "mode", "bucket"]].drop_duplicates()
    ways = ways.merge(orders.loc[orders["single_delivery"], ["order", "quantity"]], on="order")
    # Where there is only one departure there is nothing to choose.
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
    # A line that may be opened has no hours of its own: blank after the left join, they are zero.
    every = hours[["line", "bucket"]].drop_duplicates().merge(
        fixed[["line", "bucket", "regular_hours", "overtime_limit"]], on=["line", "bucket"], how="left")
    every = every.rename(columns={"overtime_limit": "overtime_hours"}).fillna(
        {"regular_hours": 0.0, "overtime_hours": 0.0}).merge(lines, on="line")
    expansions = tables.frames["expansions"].assign(option=option_names(tables.frames["expansions"]["start_date"]))
    with_setup = routing[routing["has_setup"]]
    # Any row of a group will do: that its setup values agree is checked with the input.
    setups = with_setup.drop_duplicates(list(SETUP))
    # Alone by the table, in every bucket: beside another item of its group a setup does not say which of them runs.
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
        index_table("SETUPS", SETUP, setups, "setup_hours", "setup_cost"),
        index_table("SETUP_OUTPUTS", ("line", "item", "bucket", "setup_group"), limited_runs(with_setup, frames)),
        index_table("DIVIDED_MAKING", MAKING, routing[routing["item"].isin(frames["parts"]["item"])]),
        index_table("OTHER_USES", MAKING, frames["other_uses"]),
        index_table("MAKING_PARTS", PART, frames["parts"]),
        index_table("PART_SETUPS", (*PART, "setup_group"), frames["parts"], "part_limit"),
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
    # From where units can be, not from the pools: an item without any source has no pool, and still nothing to ship.
    kept = frames["item_site_buckets"]
    ruled = kept.merge(rules, on=["item", "site"])
    offers = frames["offers"]
    priced = frames["transfers"].merge(frames["pools"], on="item")
    orders_end = pool_stock[pool_stock["pool"].str.startswith(FOR_ORDER) & (pool_stock["bucket"] == last)]
    return [
        index_table("POOL_STOCK", STOCK, pool_stock),
        index_table("ITEM_SITE_BUCKETS", ("item", "site", "bucket"), kept),
        index_table("HELD_STOCK", ("item", "site", "bucket"), ruled[ruled["holding_cost"] > 0], "holding_cost"),
        index_table("LIMITED_STOCK", ("item", "site", "bucket"), ruled[ruled["storage_limit"].notna()],
                    "storage_limit"),
        index_table("SAFETY_STOCK", ("item", "site", "bucket"), ruled[ruled["safety_stock"] > 0], "safety_stock"),
        index_table("FINAL_STOCK", ("item", "site", "bucket"),
                    ruled[(ruled["final_stock"] > 0) & (ruled["bucket"] == last)], "final_stock"),
        index_table("DRAWN_STOCK", STOCK, shared_pools(pool_stock)),
        index_table("SPENT_ORDER_STOCK", STOCK, orders_end),
        index_table("PURCHASES", ("offer", "bucket"), offers[offers["is_reachable"]], "purchase_price"),
        index_table("LIMITED_PURCHASES", ("offer", "bucket"),
                    offers[offers["is_reachable"] & offers["max_qty"].notna()], "max_qty"),
        # Reachable or not: what a row covers is paid for though nothing can arrive.
        index_table("TAKE_OR_PAY", ("offer", "bucket"),
                    offers[offers["min_qty"] > 0].rename(columns={"purchase_price": "take_or_pay_price"}),
                    "min_qty", "take_or_pay_price"),
        index_table("TRANSFERS", ("from_site", "to_site", "item", "pool", "bucket"), priced, "transfer_price"),
    ]


def _policy_sets(tables: Tables, frames: dict[str, pd.DataFrame]) -> list[IndexTable]:
    allocations = tables.frames["allocations"]
    # A quota that counts no shipment limits nothing; a contract that counts none stays, because it is missed.
    counted = set(frames["allocation_shipments"]["rule"])
    pins = frames["pins"]
    return [
        index_table("QUOTAS", ("rule",), allocations[allocations["max_qty"].notna() & allocations["rule"].isin(counted)]
                    .rename(columns={"max_qty": "quota_qty"}), "quota_qty"),
        index_table("CONTRACTS", ("rule",), frames["contracts"].rename(columns={"min_qty": "contract_qty"}),
                    "contract_qty"),
        *(index_table(name, ("pin",), pins[pins["sense"] == sense].rename(columns={"pinned_qty": quantity}), quantity)
          for name, sense, quantity in (("FIXED_PINS", "fixed", "fixed_qty"), ("MINIMUM_PINS", "min", "pin_min_qty"),
                                        ("MAXIMUM_PINS", "max", "pin_max_qty"))),
        index_table("FROZEN_MAKING", MAKING, frames["frozen"], "frozen_qty"),
        # Only there can less be made than is published; elsewhere the frozen plan asks for zero.
        index_table("FROZEN_PUBLISHED", MAKING, frames["frozen"][frames["frozen"]["frozen_qty"] > 0]),
        index_table("PUBLISHED_MAKING", MAKING, frames["later"], "published_qty"),
    ]
