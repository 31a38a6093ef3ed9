"""Laws of orders: how much each gets, of what, from where, when."""

from __future__ import annotations

import numpy as np

from model.audit.book import words
from model.audit.facts import Facts
from model.audit.misses import hold_misses
from model.audit.tally import Tally


def delivery_limit(facts: Facts, tally: Tally) -> None:
    """No order gets more than it asked for."""
    orders = facts.orders
    tally.at_most("decisions", orders, "delivered", orders["shipped"], orders["quantity"],
                  facts.book.rounding("quantity", orders["terms"], orders["item"]))


def firm_delivery(facts: Facts, tally: Tally) -> None:
    """What a firm order does not get is named as missed, and nothing else is."""
    hold_misses(facts, tally, "firm_order")


def minimum_fill(facts: Facts, tally: Tally) -> None:
    """An order that gets anything gets at least its minimum share."""
    # HiGHS takes is_accepted as whole within 1e-6: so much of the order is granted below.
    orders = facts.orders[facts.orders["shipped"] > 0]
    tally.at_most("decisions", orders, "min_fill", orders["min_fill"] * orders["quantity"], orders["shipped"],
                  facts.book.rounding("quantity", orders["terms"], orders["item"]) + 1e-6 * orders["quantity"])


def ship_window(facts: Facts, tally: Tally) -> None:
    """Nothing leaves before the earliest day or counts after the latest day of its order."""
    rows = facts.shipments
    earliest = rows["earliest_ship_date"].to_numpy().astype("datetime64[D]")
    latest = rows["latest_date"].to_numpy().astype("datetime64[D]")
    tally.holds("shipments", rows, "departure", np.isnat(earliest) | (rows["leaves"].to_numpy() >= earliest))
    tally.holds("shipments", rows, "arrival", np.isnat(latest) | (rows["judged"].to_numpy() <= latest))


def shipment_lanes(facts: Facts, tally: Tally) -> None:
    """Goods travel on lanes that exist, to the market of their order, and for orders of the book only."""
    rows = facts.shipments
    tally.holds("shipments", rows, "order", rows["known"])
    tally.holds("shipments", rows, "market", rows["market"] == words(rows["ordered_market"]))
    tally.holds("shipments", rows, "site", rows["site"].isin(facts.book.input("sites")["site"]))
    tally.holds("shipments", rows, "mode", rows["reachable"])


def item_eligibility(facts: Facts, tally: Tally) -> None:
    """An order gets its own item or a substitute it allows, rated for what it asks."""
    rows = facts.shipments
    tally.holds("shipments", rows, "item", rows["allowed_factor"].notna())


def single_line(facts: Facts, tally: Tally) -> None:
    """Everything a single-line order gets comes from one line, or all of it from stock and purchases."""
    rows = facts.shipments[facts.shipments["single_line"].fillna(False).astype(bool)]
    # Stock and purchases have the blank line "", which counts like any other.
    lines = rows.groupby("order")["line"].transform("nunique")
    tally.holds("shipments", rows, "line", lines <= 1)


def single_delivery(facts: Facts, tally: Tally) -> None:
    """A single-delivery order leaves in one bucket, from one site, by one mode."""
    rows = facts.shipments[facts.shipments["single_delivery"].fillna(False).astype(bool)]
    for column in ("bucket_start", "site", "mode"):
        tally.holds("shipments", rows, column, rows.groupby("order")[column].transform("nunique") <= 1)


def approved_lines(facts: Facts, tally: Tally) -> None:
    """A customer who approved lines for an item gets it from these lines only."""
    approvals = facts.book.input("approvals")
    # Lines are approved; what comes from opening stock or purchases was made on none.
    rows = facts.shipments[facts.shipments["line"] != ""]
    names = rows[["customer", "item", "line"]]
    asked = names.merge(approvals[["customer", "item"]].drop_duplicates().assign(asked=True), how="left")["asked"]
    given = names.merge(approvals.drop_duplicates(["customer", "item", "line"]).assign(given=True), how="left")["given"]
    tally.holds("shipments", rows, "line", (asked.isna() | given.notna()).to_numpy())


def left_out(facts: Facts, tally: Tally) -> None:
    """Declined orders and tenders below the threshold get nothing, and nothing is made for them."""
    out = facts.selling.orders.loc[facts.selling.orders["left_out"], "order"]
    for name, rows in (("shipments", facts.shipments), ("production", facts.production)):
        tally.holds(name, rows, "order", ~rows["order"].isin(out))


LAWS = (delivery_limit, firm_delivery, minimum_fill, ship_window, shipment_lanes, item_eligibility, single_line,
        single_delivery, approved_lines, left_out)
