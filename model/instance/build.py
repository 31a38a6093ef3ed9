"""From checked tables to the planning problem: index tables and groups, each built once and in one place."""

from __future__ import annotations

import pandas as pd

from model.buckets import buckets
from model.instance.dividing import certain_shipments, other_uses, parts_of_making
from model.instance.groups import index_groups
from model.instance.hours import line_hours, resource_hours
from model.instance.instance import Instance
from model.instance.making import (
    forbid_what_cannot_fit,
    limit_by_use,
    resource_uses,
    routing_buckets,
    tighten_by_resources,
)
from model.instance.policy import (
    allocation_shipments,
    contracts,
    frozen_buckets,
    frozen_making,
    pin_table,
    published_making,
)
from model.instance.pools import Pools, divide_supply
from model.instance.selling import eligible_items, planned_orders, possible_shipments
from model.instance.sets import MAKING, index_sets
from model.instance.supplying import item_sites, offer_buckets, receipt_buckets, transfer_buckets, transfer_routes
from model.instance.use import Use
from model.tables import Tables


def build_instance(tables: Tables) -> Instance:
    """The planning problem behind the tables."""
    horizon = buckets(tables.settings)
    frames = _wide_frames(tables, horizon)
    return Instance(tables, horizon, index_sets(tables, frames), index_groups(tables, frames), frames)


def _wide_frames(tables: Tables, horizon: pd.DataFrame) -> dict[str, pd.DataFrame]:
    orders = planned_orders(tables)
    eligible = eligible_items(tables, orders)
    hours = line_hours(tables, horizon)
    capacity = resource_hours(tables, horizon)
    routing = routing_buckets(tables, horizon, hours)
    uses = resource_uses(tables, routing, capacity)
    # Hours and resources first: they alone forbid a run, and Use adds up what they let a line hold.
    routing = tighten_by_resources(routing, uses)
    routing = forbid_what_cannot_fit(routing)
    routing = limit_by_use(tables, routing, Use(tables, orders, eligible, routing))
    # Without the runs that have been forbidden since.
    uses = uses.merge(routing[list(MAKING)], on=list(MAKING))
    offers = offer_buckets(tables, horizon)
    receipts = receipt_buckets(tables, horizon)
    routes = transfer_routes(tables, tables.frames["items"]["item"].tolist())
    present = item_sites(tables, routing, offers, receipts, routes)
    pins = pin_table(tables, horizon, orders)
    # Before the shipments: one stands for each pool on which its order may draw.
    pools = divide_supply(set(present["item"]), orders, eligible, tables.frames["approvals"], _makers(routing),
                          _bought_items(tables, offers, receipts), set(pins["order"]))
    shipments = possible_shipments(tables, horizon, orders, eligible, present).merge(pools.served, on=["order", "item"])
    published = published_making(tables, horizon)
    frozen = frozen_buckets(tables, horizon)
    own = routing.merge(pools.own_lines, on=["item", "line"])
    frames = {
        "orders": orders, "eligible": eligible, "hours": hours, "capacity": capacity, "routing": routing, "uses": uses,
        "offers": offers, "receipts": receipts, "present": present, "pins": pins, "shipments": shipments,
        "transfers": transfer_buckets(routes, present, horizon), "published": published,
        "frozen": frozen_making(routing, published, frozen),
        "later": published[~published["bucket"].isin(frozen)], "own_making": own,
        "pools": pools.pools, "line_pool": pools.line_pool, "sources": pools.sources,
        "pool_stock": _pool_stock(pools, present, horizon),
        "item_site_buckets": present.merge(pd.DataFrame({"bucket": horizon.index}), how="cross"),
        "allocation_shipments": allocation_shipments(tables, horizon, shipments, orders),
        "contracts": contracts(tables, horizon),
    }
    # Each of the last three reads the frames before it.
    certain = certain_shipments(frames)
    frames |= {"certain": certain, "parts": parts_of_making(tables, certain, shipments, routing)}
    return {**frames, "other_uses": other_uses(tables, frames)}


def _makers(routing: pd.DataFrame) -> dict[str, list[str]]:
    return {item: sorted(lines.unique()) for item, lines in routing.groupby("item")["line"]}


def _bought_items(tables: Tables, offers: pd.DataFrame, receipts: pd.DataFrame) -> set[str]:
    stock = tables.frames["stock"]
    return (set(stock.loc[stock["opening_stock"] > 0, "item"]) | set(receipts["item"])
            | set(offers.loc[offers["is_reachable"], "item"]))


def _pool_stock(pools: Pools, present: pd.DataFrame, horizon: pd.DataFrame) -> pd.DataFrame:
    places = pools.pools.merge(present, on="item")
    return places.merge(pd.DataFrame({"bucket": horizon.index}), how="cross")
