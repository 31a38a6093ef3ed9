"""Orders for which it matters who makes what they get."""

from __future__ import annotations

import pandas as pd

from model.audit.facts import Facts
from model.audit.flows import receipts
from model.audit.hours import line_hours


def pinned_orders(facts: Facts) -> set[str]:
    """Orders a pin speaks of, inside the horizon."""
    rows = facts.book.input("pins")
    inside = rows["bucket_start"].isna() | (facts.book.bucket_holding(rows["bucket_start"].to_numpy()) >= 0)
    return set(rows.loc[inside, "order"])


def traced_pairs(facts: Facts) -> pd.DataFrame:
    """``order`` and ``item`` where a single line, approved lines or a pin are asked for, whether or not that binds.

    With ``customer``, ``single_line``, ``has_approvals`` and ``is_pinned``.
    """
    orders = facts.selling.orders[["order", "customer", "single_line", "left_out"]]
    pairs = facts.selling.possible_items.merge(orders, on="order")
    named = facts.book.input("approvals")[["customer", "item"]].drop_duplicates().assign(named=True)
    pairs = pairs.merge(named, on=["customer", "item"], how="left")
    pairs = pairs.assign(single_line=pairs["single_line"].astype(bool), has_approvals=pairs["named"].notna(),
                         is_pinned=pairs["order"].isin(pinned_orders(facts)))
    asked = pairs[["single_line", "has_approvals", "is_pinned"]].any(axis=1)
    return pairs[asked & ~pairs["left_out"]].drop(columns=["named", "left_out"]).reset_index(drop=True)


def untold_items(facts: Facts, pairs: pd.DataFrame) -> set[str]:
    """Traced items that also feed other items or move between sites: no table says which origin these uses drew on."""
    uses = set(facts.book.input("bill_of_materials")["component"]) | set(facts.book.rows("transfer_plan")["item"])
    return set(pairs["item"]) & uses


def binding_pairs(facts: Facts, pairs: pd.DataFrame) -> pd.DataFrame:
    """Of the traced pairs those whose term excludes a source that there is."""
    makers = possible_makers(facts)
    sources = pairs[["order", "item", "customer", "has_approvals"]].merge(makers, on="item", how="left")
    approved = facts.book.input("approvals").assign(is_approved=True)
    sources = sources.merge(approved, on=["customer", "item", "line"], how="left")
    sources["allowed"] = sources["line"].notna() & (~sources["has_approvals"] | sources["is_approved"].notna())
    excluded = sources[sources["line"].notna() & ~sources["allowed"]][["order", "item"]].drop_duplicates()
    from_stock = pairs.loc[pairs["item"].isin(bought_items(facts)), ["order"]].assign(line="")
    choices = pd.concat([sources.loc[sources["allowed"], ["order", "line"]], from_stock]).drop_duplicates()
    # A single line binds where there are two sources to choose from, an approval where it excludes one.
    count = pairs["order"].map(choices.groupby("order").size()).fillna(0)
    restricted = pairs[["order", "item"]].merge(excluded.assign(hit=True), on=["order", "item"], how="left")["hit"]
    return pairs[pairs["is_pinned"] | (pairs["single_line"] & (count > 1)) | restricted.notna().to_numpy()]


def possible_makers(facts: Facts) -> pd.DataFrame:
    """``line`` and ``item`` where the line is open in a bucket in which it may start the item."""
    book = facts.book
    # As if the earliest option of each line were chosen: whoever may ever make the item counts.
    hours = line_hours(book, book.input("expansions"))
    grid = book.input("routings").merge(hours[hours["share"] > 0], on="line")
    grid = grid[book.covers(grid, book.start_of(grid["t"]))]
    lead = pd.to_timedelta(grid["lead_time_days"], unit="D").to_numpy().astype("timedelta64[D]")
    ready = book.bucket_ending_from(book.end_of(grid["t"]) + lead)
    return grid.loc[ready < len(book.ends), ["line", "item"]].drop_duplicates()


def bought_items(facts: Facts) -> set[str]:
    """Items of which there is stock, goods on the way or a supplier in reach."""
    stock = facts.book.input("stock")
    offers = facts.offers
    return (set(stock.loc[stock["opening_stock"] > 0, "item"]) | set(receipts(facts.book)["item"])
            | set(offers.loc[offers["reachable"], "item"]))
