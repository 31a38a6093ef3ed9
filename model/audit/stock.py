"""Laws of stock: balance, limits and targets, purchases and transfers."""

from __future__ import annotations

import numpy as np

from model.audit.book import SOLVER, attach
from model.audit.facts import OFFER_KEYS, Facts
from model.audit.flows import INFLOWS, OUTFLOWS
from model.audit.misses import hold_misses
from model.audit.tally import Tally

STOCK_KEYS = ["item", "site", "t"]


def stock_balance(facts: Facts, tally: Tally) -> None:
    """What was there and what arrives is used, shipped, moved or kept; nothing is used before it is there."""
    book = facts.book
    rows = attach(book.rows("stock_levels"), facts.stock[[*STOCK_KEYS, "opening_stock"]], STOCK_KEYS)
    rows = rows.sort_values(STOCK_KEYS, ignore_index=True)
    before = rows.groupby(["item", "site"])["closing"].shift()
    opening = np.where(rows["t"] == 0, rows["opening_stock"].fillna(0.0), before)
    tally.same("stock_levels", rows, "opening", opening, book.rounding("quantity", 2, rows["item"]))
    closing = rows["opening"] + rows[list(INFLOWS)].sum(axis=1) - rows[list(OUTFLOWS)].sum(axis=1)
    flows = facts.flows_beside(rows)
    # A stock of nothing is written as nothing, whatever rounding has added up to until then.
    hidden = flows["drift_weight"].where((rows["closing"] == 0.0) | (rows["opening"] == 0.0), 0.0)
    size = rows[["opening", *INFLOWS]].abs().sum(axis=1)
    # Nine figures of the table: opening, seven flows, closing.
    tally.same("stock_levels", rows, "closing", closing,
               book.rounding("quantity", 9 + hidden, rows["item"]) + SOLVER * size)
    tally.at_most("stock_levels", rows, "closing", 0.0, rows["closing"], book.rounding("quantity", 2, rows["item"]))
    for flow in (*INFLOWS, *OUTFLOWS):
        tally.equals("stock_levels", flows, flow, flows[flow], flows[f"want_{flow}"],
                     book.rounding("quantity", 1 + flows[f"{flow}_weight"], flows["item"]))


def storage_limit(facts: Facts, tally: Tally) -> None:
    """Stock at the end of a bucket fits its store."""
    rows = facts.flows_beside(facts.book.rows("stock_levels"))
    tally.at_most("stock_levels", rows, "storage_limit", rows["closing"], rows["want_storage_limit"],
                  facts.book.rounding("quantity", 2, rows["item"]))


def safety_stock(facts: Facts, tally: Tally) -> None:
    """Safety stock is left at the end of every bucket; what is short of it is named as missed."""
    hold_misses(facts, tally, "safety_stock")


def final_stock(facts: Facts, tally: Tally) -> None:
    """Final stock is left at the end of the plan; what is short of it is named as missed."""
    hold_misses(facts, tally, "final_stock")


def supply_limit(facts: Facts, tally: Tally) -> None:
    """Purchases follow a supply row, in its dates, after its lead time and within its quantity."""
    rows = facts.purchases
    tally.holds("material_needs", rows, "supplier", rows["offers"] > 0)
    # Take or pay is owed even where nothing can arrive yet.
    tally.holds("material_needs", rows, "bucket_start", rows["reachable"].astype(bool) | ~(rows["quantity"] > 0))
    tally.at_most("material_needs", rows, "quantity", rows["bought"], rows["max_qty"],
                  facts.book.rounding("quantity", rows["copies"], rows["item"]))


def take_or_pay(facts: Facts, tally: Tally) -> None:
    """What is bought is paid for, and at least the minimum of a supply row in each bucket it covers."""
    book = facts.book
    rows = facts.purchases
    due = np.maximum(rows["bought"], rows["min_qty"])
    slack = book.rounding("quantity", 2 * rows["copies"], rows["item"])
    tally.at_most("material_needs", rows, "paid_quantity", due, rows["paid"], slack)
    terms = [*OFFER_KEYS, "want_unit_cost", "want_order_by"]
    # Where nothing is bought there must be a row all the same: it is paid for.
    owed = facts.offers[facts.offers["min_qty"] > 0]
    owed = owed.merge(rows[terms].drop_duplicates().assign(found=True), on=terms, how="left")
    owed["bucket_start"] = book.start_of(owed["t"])
    tally.holds("material_needs", owed, "min_qty", owed["found"].notna())


def transfer_routes(facts: Facts, tally: Tally) -> None:
    """Goods move between sites on routes that exist and arrive inside the horizon."""
    rows = facts.transfers
    tally.holds("transfer_plan", rows, "item", rows["known"])
    tally.holds("transfer_plan", rows, "bucket_start", rows["there"] < len(facts.book.ends))


LAWS = (stock_balance, storage_limit, safety_stock, final_stock, supply_limit, take_or_pay, transfer_routes)
