"""Every column of every plan table, held against the input and against the other tables of the plan."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.audit.align import align
from model.audit.book import attach, words
from model.audit.facts import Facts
from model.audit.flows import INFLOWS, OUTFLOWS, possible_places
from model.audit.tally import Tally


def production(facts: Facts, tally: Tally) -> None:
    """Production rows are of orders there are, in positive quantity, at the line's site, with its hours and cost."""
    book, rows = facts.book, facts.production
    known = facts.selling.orders["order"]
    tally.holds("production", rows, "order", rows["order"].isin(known) | (rows["order"] == ""))
    tally.holds("production", rows, "row", ~rows.duplicated(["order", "item", "line", "t"], keep=False))
    tally.holds("production", rows, "quantity", rows["quantity"] > 0)
    tally.same("production", rows, "site", words(rows["line_site"]))
    # Hours and money may come from the quantity before or after it was rounded: both pass.
    slack = book.half["quantity"]
    tally.same("production", rows, "run_hours", rows["quantity"] * rows["hours_per_unit"],
               np.nan_to_num(book.half["hours"] + slack * rows["hours_per_unit"]))
    tally.same("production", rows, "conversion", -rows["quantity"] * rows["unit_cost"],
               np.nan_to_num(book.half["money"] + slack * rows["unit_cost"]))


def shipments(facts: Facts, tally: Tally) -> None:
    """Shipment rows are in positive quantity, with the dates, lateness and money that their terms give."""
    book, rows = facts.book, facts.shipments
    keys = ["order", "item", "line", "site", "mode", "t"]
    lines = facts.book.input("lines")["line"]
    tally.holds("shipments", rows, "row", ~rows.duplicated(keys, keep=False))
    tally.holds("shipments", rows, "quantity", rows["quantity"] > 0)
    tally.holds("shipments", rows, "line", rows["line"].isin(lines) | (rows["line"] == ""))
    tally.same("shipments", rows, "departure", rows["leaves"].to_numpy())
    tally.same("shipments", rows, "arrival", rows["arrives"].to_numpy())
    tally.same("shipments", rows, "late_days", rows["days_late"])
    for term in ("revenue", "late", "freight", "duty"):
        unit = rows[f"unit_{term}"]
        tally.same("shipments", rows, term, rows["quantity"] * unit,
                   np.nan_to_num(book.half["money"] + book.half["quantity"] * unit.abs()))


def line_load(facts: Facts, tally: Tally) -> None:
    """Each line and bucket stands once, with its hours, work, overtime, idle time, load and units."""
    book = facts.book
    work = facts.work.drop(columns="bucket_start").rename(columns={"overtime": "limit"})
    rows = align(tally, "line_load", book.rows("line_load"), work, ["line", "t"])
    lines = book.input("lines")[["line", "site", "technology", "overtime_cost"]]
    rows = rows.merge(lines.add_prefix("of_"), left_on="line", right_on="of_line", how="left")
    hour = book.half["hours"]
    tally.same("line_load", rows, "site", rows["of_site"])
    tally.same("line_load", rows, "technology", rows["of_technology"])
    tally.same("line_load", rows, "regular_hours", rows["regular"], hour)
    tally.same("line_load", rows, "overtime_limit", rows["limit"], hour)
    tally.same("line_load", rows, "run_hours", rows["run"], hour + rows["slack"])
    tally.same("line_load", rows, "setup_hours", rows["setup"], hour)
    load = rows["run"] + rows["setup"]
    # Nobody works overtime while regular hours are idle: overtime is what exceeds them, not a figure of its own.
    tally.same("line_load", rows, "overtime_hours", np.maximum(load - rows["regular"], 0.0), 2 * hour + rows["slack"])
    tally.same("line_load", rows, "idle_hours", np.maximum(rows["regular"] - load, 0.0), 2 * hour + rows["slack"])
    # Without regular hours there is no load to speak of: blank, not infinite.
    offered = rows["regular"].where(rows["regular"] > 0)
    tally.same("line_load", rows, "load", load / offered, book.half["share"] + (rows["slack"] / offered).fillna(0.0))
    tally.same("line_load", rows, "units", rows["units_expected"],
               book.rounding("quantity", rows["terms"] + 1))
    tally.same("line_load", rows, "overtime", -rows["overtime_hours"] * rows["of_overtime_cost"],
               book.half["money"] + hour * rows["of_overtime_cost"])


def resource_load(facts: Facts, tally: Tally) -> None:
    """Each resource and bucket stands once, with its hours, use, idle time and load."""
    book = facts.book
    hour = book.half["hours"]
    rows = align(tally, "resource_load", book.rows("resource_load"), facts.resource_work.drop(columns="bucket_start"),
                 ["resource", "t"])
    rows = attach(rows, book.input("resources")[["resource", "site"]].rename(columns={"site": "of_site"}), ["resource"])
    tally.same("resource_load", rows, "site", rows["of_site"])
    tally.same("resource_load", rows, "hours", rows["offered"], hour)
    tally.same("resource_load", rows, "used_hours", rows["used"], hour + rows["slack"])
    tally.same("resource_load", rows, "idle_hours", np.maximum(rows["offered"] - rows["used"], 0.0),
               hour + rows["slack"])
    offered = rows["offered"].where(rows["offered"] > 0)
    tally.same("resource_load", rows, "load", rows["used"] / offered,
               book.half["share"] + (rows["slack"] / offered).fillna(0.0))


def stock_levels(facts: Facts, tally: Tally) -> None:
    """Each item and site with stock or movement stands once in every bucket, with its limits and holding cost."""
    book = facts.book
    levels = book.rows("stock_levels")
    # An item and site without stock row and movement may stand there, too, as long as nothing happens to it.
    empty = levels[[*INFLOWS, *OUTFLOWS, "opening", "closing"]].eq(0.0).all(axis=1)
    idle = levels.loc[empty, ["item", "site"]].drop_duplicates().merge(book.horizon_frame[["t"]], how="cross")
    wanted = pd.concat([facts.stock[["item", "site", "t"]], idle]).drop_duplicates(ignore_index=True)
    align(tally, "stock_levels", levels, wanted, ["item", "site", "t"])
    rows = facts.flows_beside(levels)
    places = attach(rows[["item", "site"]], possible_places(book).assign(is_place=True), ["item", "site"])
    tally.holds("stock_levels", rows, "site", places["is_place"].notna())
    tally.same("stock_levels", rows, "bucket_end", book.end_of(rows["t"]))
    tally.same("stock_levels", rows, "safety_stock", rows["want_safety_stock"], book.half["quantity"])
    tally.same("stock_levels", rows, "storage_limit", rows["want_storage_limit"], book.half["quantity"])
    tally.same("stock_levels", rows, "holding", -rows["closing"] * rows["want_holding_cost"],
               book.half["money"] + book.half["quantity"] * rows["want_holding_cost"])


def material_needs(facts: Facts, tally: Tally) -> None:
    """Each purchase stands once, with the day to order by, its price and what is paid for it."""
    book, rows = facts.book, facts.purchases
    paid = np.maximum(rows["quantity"], rows["min_qty"])
    tally.holds("material_needs", rows, "row", rows["copies"] <= np.maximum(rows["offers"], 1))
    tally.holds("material_needs", rows, "quantity", rows["quantity"] >= 0)
    tally.same("material_needs", rows, "order_by", rows["want_order_by"].to_numpy())
    tally.same("material_needs", rows, "unit_cost", rows["want_unit_cost"], book.half["price"])
    # Which of several supply rows alike a purchase draws on is open: take_or_pay holds their sum.
    single = rows[rows["offers"] <= 1]
    tally.same("material_needs", single, "paid_quantity", paid[single.index], 2 * book.half["quantity"])
    tally.same("material_needs", rows, "materials", -rows["paid_quantity"] * rows["want_unit_cost"],
               np.nan_to_num(book.half["money"] + book.half["quantity"] * rows["want_unit_cost"]))


def transfer_plan(facts: Facts, tally: Tally) -> None:
    """Each transfer stands once, in positive quantity, with its dates and cost."""
    book, rows = facts.book, facts.transfers
    tally.holds("transfer_plan", rows, "row", ~rows.duplicated(["from_site", "to_site", "item", "t"], keep=False))
    tally.holds("transfer_plan", rows, "quantity", rows["quantity"] > 0)
    tally.same("transfer_plan", rows, "departure", book.end_of(rows["t"]))
    tally.same("transfer_plan", rows, "arrival", rows["arrives"].to_numpy())
    tally.same("transfer_plan", rows, "transfer", -rows["quantity"] * rows["route_cost"],
               np.nan_to_num(book.half["money"] + book.half["quantity"] * rows["route_cost"]))


def changes(facts: Facts, tally: Tally) -> None:
    """Published and planned production stand side by side, and units given up cost what they should."""
    book = facts.book
    wanted = facts.published_beside_made.drop(columns="bucket_start").rename(columns={"published": "was"})
    rows = align(tally, "changes", book.rows("changes"), wanted, ["line", "item", "t"])
    slack = book.rounding("quantity", rows["terms"] + 1, rows["item"])
    frozen = rows["is_frozen"].astype(bool)
    # In frozen buckets a difference is a miss, not a change that is paid for.
    given_up = np.maximum(rows["was"] - rows["made"], 0.0).where(~frozen, 0.0)
    cost = book.settings.change_cost
    tally.same("changes", rows, "frozen", np.where(frozen, "yes", "no"))
    tally.same("changes", rows, "published", rows["was"], book.half["quantity"])
    tally.same("changes", rows, "planned", rows["made"], slack)
    tally.same("changes", rows, "difference", rows["made"] - rows["was"], slack + book.half["quantity"])
    tally.same("changes", rows, "change", -given_up * cost, book.half["money"] + (slack + book.half["quantity"]) * cost)


LAWS = (production, shipments, line_load, resource_load, stock_levels, material_needs, transfer_plan, changes)
