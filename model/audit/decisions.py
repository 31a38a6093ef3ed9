"""The table of decisions held against the order book, the shipments and the pegged costs; the margin and its bound."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.audit.align import align
from model.audit.facts import Facts
from model.audit.tally import Tally
from model.plan_tables import MONEY_TERMS

# Share of an order that sums of its shipments lose in a double.
HAIR = 1e-9
SALES_TERMS = ("revenue", "late", "freight", "duty")
SOURCES = {"revenue": "shipments", "late": "shipments", "freight": "shipments", "duty": "shipments",
           "materials": "material_needs", "conversion": "production", "setup": "setups", "overtime": "line_load",
           "holding": "stock_levels", "transfer": "transfer_plan", "expansion": "openings", "change": "changes"}


def book_and_sums(facts: Facts) -> pd.DataFrame:
    """The order book with the sums of its shipments."""
    shipped = facts.shipments
    in_time = shipped["quantity"].where(shipped["judged"].to_numpy() <= shipped["due_date"].to_numpy(), 0.0)
    # Dates and money as written: the law of shipments holds them against the input.
    sums = shipped.assign(in_time=in_time).groupby("order").agg(
        in_time=("in_time", "sum"), first=("departure", "min"), last=("arrival", "max"), latest=("late_days", "max"),
        **{f"sum_{term}": (term, "sum") for term in SALES_TERMS})
    book = facts.orders.merge(sums.reset_index(), on="order", how="left")
    return book.fillna({"in_time": 0.0, **{f"sum_{term}": 0.0 for term in SALES_TERMS}})


def beside_orders(facts: Facts, tally: Tally) -> pd.DataFrame:
    """Rows of decisions with the order book and the sums of their shipments; each order of the book stands once."""
    return align(tally, "decisions", facts.book.rows("decisions"), facts.once("book", book_and_sums), ["order"])


def decisions(facts: Facts, tally: Tally) -> None:
    """Each order of the book stands once, as it was ordered, with what its shipments give it."""
    rows = beside_orders(facts, tally)
    for column in ("customer", "market", "item", "commitment", "earliest_ship_date", "due_date", "latest_date"):
        tally.same("decisions", rows, column, rows[f"{column}_expected"].to_numpy())
    tally.same("decisions", rows, "region", rows["region_expected"].to_numpy())
    unit = facts.book.half["quantity"]
    summed = unit * (rows["terms"] + 1)
    tally.same("decisions", rows, "quantity", rows["quantity_expected"], unit)
    tally.same("decisions", rows, "delivered", rows["shipped"], summed)
    tally.same("decisions", rows, "delivered_on_time", rows["in_time"], summed)
    wanted = rows["firm"] & ~rows["left_out"]
    missing = np.maximum(rows["quantity_expected"] - rows["shipped"], 0.0)
    tally.same("decisions", rows, "missed", missing.where(wanted, 0.0), summed)
    tally.same("decisions", rows, "delivered_share", rows["shipped"] / rows["quantity_expected"],
               facts.book.half["share"] + summed / rows["quantity_expected"])
    tally.same("decisions", rows, "first_ship", rows["first"].to_numpy())
    tally.same("decisions", rows, "last_arrival", rows["last"].to_numpy())
    tally.same("decisions", rows, "late_days", rows["latest"])
    tally.holds("decisions", rows, "reason", rows["reason"].str.strip() != "")
    hold_statuses(tally, rows, unit, summed)


def hold_statuses(tally: Tally, rows: pd.DataFrame, unit: float, slack: pd.Series) -> None:
    """The status of each order says what became of it; where tolerance hides whether it is in full, both pass."""
    room = slack + 1e-6 * rows["quantity_expected"]
    missing = rows["quantity_expected"] - rows["shipped"]
    nothing = rows["shipped"] <= 0.0
    # Short by less than what is written is full; short by less than tolerance allows may be called full or not.
    surely = missing <= HAIR * rows["quantity_expected"] + unit
    full = surely | ((missing <= room) & (rows["status"] == "accepted"))
    # The order matters: a firm order that gets nothing is missed, not declined.
    status = np.select([rows["left_out"], rows["firm"] & ~full, nothing & ~rows["firm"], ~full],
                       ["left_out", "missed", "declined", "partial"], "accepted")
    tally.same("decisions", rows, "status", status)


def order_money(facts: Facts, tally: Tally) -> None:
    """The money of each order is that of its shipments, and its margin their sum with the variable cost."""
    # Into a tally of its own: rows missing or standing twice are for the law of decisions to name.
    rows = beside_orders(facts, Tally())
    unit = facts.book.half["money"]
    tally.same("decisions", rows, "unit_price", rows["base_price"], facts.book.half["price"])
    for term in SALES_TERMS:
        tally.same("decisions", rows, term, rows[f"sum_{term}"], unit * (rows["terms"] + 1))
    margin = rows[[*SALES_TERMS, "variable_cost"]].sum(axis=1)
    tally.same("decisions", rows, "margin", margin, unit * 6)
    per_unit = rows["margin"] / rows["delivered"].where(rows["delivered"] > 0)
    # A quotient of two rounded figures: the smaller the delivery, the more their rounding counts.
    blur = unit + facts.book.half["quantity"] * per_unit.abs()
    tally.same("decisions", rows, "unit_margin", per_unit,
               facts.book.half["price"] + (blur / rows["delivered"]).where(rows["delivered"] > 0, 0.0))


def margin(facts: Facts, tally: Tally) -> None:
    """Each term of the margin is the sum of its rows, and the terms add up to the margin of the plan."""
    book = facts.book
    unit = book.half["money"]
    sums = {term: (float(book.rows(table)[term].sum()), len(book.rows(table))) for term, table in SOURCES.items()}
    wanted = pd.DataFrame({"term": list(MONEY_TERMS), "want": [sums[term][0] for term in MONEY_TERMS],
                           "terms": [sums[term][1] for term in MONEY_TERMS]})
    rows = align(tally, "margin", book.rows("margin"), wanted, ["term"])
    tally.same("margin", rows, "amount", rows["want"], unit * (rows["terms"] + 1))
    whole = pd.DataFrame({"term": ["margin"]})
    tally.equals("margin", whole, "sum", book.rows("margin")["amount"].sum(), facts.plan.margin,
                 unit * (len(MONEY_TERMS) + 1))


def bound(facts: Facts, tally: Tally) -> None:
    """No plan is better than its bound."""
    whole = pd.DataFrame({"term": ["bound"]})
    # For at_most a blank limit is none, but every plan has a bound.
    tally.holds("margin", whole, "bound", not np.isnan(facts.plan.bound))
    tally.at_most("margin", whole, "bound", facts.plan.margin, facts.plan.bound, facts.book.half["money"])


LAWS = (decisions, order_money, margin, bound)
