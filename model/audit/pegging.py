"""Pegging: which order ends up with which units, held against shipments, making and stock."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.audit.book import SOLVER, total
from model.audit.facts import Facts
from model.audit.flows import consumption, receipts
from model.audit.origins import traced_pairs, untold_items
from model.audit.tally import Floats, Tally

ORIGIN = ["order", "item", "line"]
NAMES = ("order", "item", "line")


def pegging(facts: Facts, tally: Tally) -> None:
    """What is made for an order is what is shipped to it or used in what is made for it; the rest stays in stock.

    Shipments are rounded so that an order's add up: what rounding allows goes by all of them. What no order gets is
    what all orders for the item leave, with the rounding of theirs.
    """
    made = total(facts.production, ORIGIN, "quantity").rename(columns={"quantity": "made", "terms": "rows"})
    shipped = facts.shipments[facts.shipments["line"] != ""]
    sent = total(shipped, ORIGIN, "quantity").rename(columns={"quantity": "sent"})
    both = made.merge(sent, on=ORIGIN, how="outer").fillna({"made": 0.0, "rows": 0.0, "sent": 0.0, "terms": 0.0})
    terms = both["rows"] + both["terms"] + _shipments_of(facts, both) + 1
    slack = facts.book.rounding("quantity", terms, both["item"])
    both = both.assign(slack=slack, used=both["made"] - both["sent"])
    named = both[both["order"] != ""]
    tally.at_most("production", named, "shipped from the line", named["sent"], named["made"], named["slack"],
                  keys=NAMES)
    _hold_use(facts, tally, both)
    _hold_times(facts, tally, shipped)
    _hold_origins(facts, tally)


def _shipments_of(facts: Facts, rows: pd.DataFrame) -> pd.Series:
    """Number of shipments to the order of each row."""
    return rows["order"].map(facts.orders.set_index("order")["terms"]).fillna(0.0)


def _hold_use(facts: Facts, tally: Tally, both: pd.DataFrame) -> None:
    """Units made for an order and not shipped to it are components of what is made for it, or stay in stock."""
    keys = ["order", "item"]
    used = both.groupby(keys)[["used", "slack"]].sum().reset_index()
    needed = consumption(facts.book, facts.production[facts.production["known"]])
    needed = needed.assign(blur=needed["per_unit"]).groupby(keys)[["quantity", "blur"]].sum().reset_index()
    beside = used.merge(needed, on=keys, how="left").fillna({"quantity": 0.0, "blur": 0.0})
    last = facts.book.rows("stock_levels")
    kept = last[last["t"] == len(facts.book.ends) - 1].groupby("item")["closing"].sum()
    # Only what no order gets may be left in stock at the end.
    spare = np.where(beside["order"] == "", beside["item"].map(kept).fillna(0.0), 0.0)
    count = beside["item"].map(both.groupby("item")[["rows", "terms"]].sum().sum(axis=1))
    slack = beside["slack"].mask(beside["order"] == "", facts.book.rounding("quantity", 2.0 * count, beside["item"]))
    tally.at_most("production", beside, "used", beside["used"], beside["quantity"] + spare,
                  slack + facts.book.rounding("quantity", beside["blur"] + 10.0, beside["item"]), keys=keys)


def _hold_times(facts: Facts, tally: Tally, shipped: pd.DataFrame) -> None:
    """Nothing is shipped from a line before it is available there."""
    ready = facts.production.assign(t=facts.production["ready"])
    events = pd.concat([ready[[*ORIGIN, "t", "quantity"]].assign(bucket_start=facts.book.start_of(ready["t"])),
                        shipped[[*ORIGIN, "t"]].assign(quantity=-shipped["quantity"],
                                                       bucket_start=facts.book.start_of(shipped["t"]))])
    # Within a bucket arrivals come first: what becomes available at its end can leave with it.
    events = events.assign(leaves=events["quantity"] < 0).sort_values([*ORIGIN, "t", "leaves"], ignore_index=True)
    events["left"] = events.groupby(ORIGIN)["quantity"].cumsum()
    events["count"] = events.groupby(ORIGIN).cumcount() + 1.0 + _shipments_of(facts, events)
    named = events[events["order"] != ""]
    tally.at_most("shipments", named, "not yet available", -named["left"], 0.0,
                  facts.book.rounding("quantity", named["count"], named["item"]), keys=[*NAMES, "bucket_start"])


def _hold_origins(facts: Facts, tally: Tally) -> None:
    """Where tables do not tell which origin making used, the origins that orders are said to get leave enough for it.

    left[l,t] = supplied[l,..t] - shipped[l,..t] >= 0, and used[..t] <= sum over l of min over s >= t of left[l,s]

    for every origin l of an item: a line, or what is in stock, received or bought. Where the item moves between sites,
    at all of them together.
    """
    items = untold_items(facts, facts.once("traced", traced_pairs))
    if not items:
        return
    count = len(facts.book.ends)
    events = _events_of_origins(facts, items)
    for (item, _), rows in events.groupby(["item", "place"], sort=True):
        size = rows.loc[~rows["is_used"], "quantity"].clip(lower=0.0).sum()
        slack = facts.book.rounding("quantity", rows["weight"].sum() + 10.0, [item]) + SOLVER * size
        lines = sorted(set(rows.loc[~rows["is_used"], "line"]))
        flows = [_by_bucket(rows[~rows["is_used"] & (rows["line"] == line)], count) for line in lines]
        left = np.cumsum(np.reshape(flows, (len(lines), count)), axis=1)
        # What is left only until a later shipment takes it is no one else's.
        free = np.minimum.accumulate(left[:, ::-1], axis=1)[:, ::-1]
        origins = pd.DataFrame({"item": item, "line": lines})
        tally.at_most("shipments", origins, "shipped of this origin", -free[:, 0], 0.0, slack,
                      keys=("item", "line"))
        used = facts.book.horizon_frame.assign(item=item)
        tally.at_most("production", used, "used in making", np.cumsum(_by_bucket(rows[rows["is_used"]], count)),
                      free.sum(axis=0), slack, keys=("item", "bucket_start"))


def _by_bucket(rows: pd.DataFrame, count: int) -> Floats:
    sums = np.bincount(rows["t"].to_numpy(), weights=rows["quantity"].to_numpy(), minlength=count)
    return np.asarray(sums, dtype=np.float64)


def _events_of_origins(facts: Facts, items: set[str]) -> pd.DataFrame:
    """What comes of each origin (``line``, blank for stock and purchases), ships, and is used in making (``is_used``).

    ``weight`` counts the rounded units in each; ``place`` is the site, blank for items that move between sites.
    """
    book, count = facts.book, len(facts.book.ends)
    made = facts.production[facts.production["known"]].assign(site=lambda rows: rows["line_site"])
    stock = book.input("stock")
    sent = facts.shipments[facts.shipments["known"]]
    used = consumption(book, made)
    parts = [
        made.assign(t=made["ready"], weight=1.0),
        stock.assign(t=0, quantity=stock["opening_stock"], line="", weight=0.0),
        receipts(book).assign(line="", weight=0.0),
        facts.purchases.assign(line="", weight=1.0),
        # Rounded, and then once more so that an order's add up.
        sent.assign(quantity=-sent["quantity"], weight=2.0),
        used.assign(weight=used["per_unit"]),
    ]
    columns = ["item", "site", "line", "t", "quantity", "weight", "is_used"]
    marked = [part.assign(is_used=place == len(parts) - 1)[columns] for place, part in enumerate(parts)]
    # Without empty frames, whose objects would decide the types; one stays where a plan has nothing of it.
    rows = pd.concat([part for part in marked if len(part)] or marked[:1], ignore_index=True)
    moved = set(book.rows("transfer_plan")["item"])
    rows = rows[rows["item"].isin(items) & (rows["t"] >= 0) & (rows["t"] < count)]
    return rows.astype({"t": np.int64}).assign(place=rows["site"].mask(rows["item"].isin(moved), ""))


LAWS = (pegging,)
