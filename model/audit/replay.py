"""Pegging done again: first in, first out in every queue, with orders carried upstream to all they are made of.

A lot is a quantity supplied to a queue, demanded from one, or both. A queue is an item in a place; where orders ask
after the origin of an item, its queue is divided by line, and by order where what is made for it is pinned.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from model.audit import fifo
from model.audit.book import attach, total
from model.audit.facts import Facts
from model.audit.flows import consumption, receipts
from model.audit.origins import pinned_orders, untold_items

# Order of the supplies, and of the demands, of one bucket in a queue.
GIVEN, PURCHASE, PRODUCTION, TRANSFER = range(4)
TO_TRACED, TO_OPEN, TO_MAKING, TO_SITE = range(4)
SUPPLY = ["item", "site", "origin", "lot", "size", "t", "kind", "name"]
DEMAND = ["item", "site", "origin", "lot", "size", "t", "kind", "due", "name", "second", "into"]
LABELS = ["lot", "start", "end", "order", "shipment"]
# Far more than stages and sites in a row; free transfers in a circle would otherwise carry labels for ever.
MOST_STEPS = 1000
# Between the parts of a queue's name: no text of the input holds it, while line breaks are allowed.
BETWEEN = "\x1f"
# Making and transfers have no due date: the same day for all leaves their order to the names.
FIRST_DAY = pd.Timestamp(0)


@dataclass(frozen=True)
class Pegged:
    """``labelled``: stretches of lots with the order they end up with. ``sent``: shipments by making line."""

    labelled: pd.DataFrame
    sent: pd.DataFrame


class Replay:
    """The queues of a plan, matched again from its tables.

    ``first``: orders and items served from their own queue before what is open to every origin is drawn.
    ``opaque`` items are those whose origin is asked after while they also feed other items or move between sites: the
    plan's tables do not say which origin these uses drew on. What they are made of is opaque too.
    """

    def __init__(self, facts: Facts, traced_pairs: pd.DataFrame, first: pd.DataFrame) -> None:
        self.facts = facts
        self.book = facts.book
        self.traced_pairs = traced_pairs
        self.first = first
        self.pinned = pinned_orders(facts)

    @cached_property
    def opaque(self) -> set[str]:
        """Items whose queues cannot be matched again."""
        bill = self.book.input("bill_of_materials")
        opaque = untold_items(self.facts, self.traced_pairs)
        while True:
            parts = set(bill.loc[bill["item"].isin(opaque), "component"]) - opaque
            if not parts:
                return opaque
            opaque |= parts

    @cached_property
    def traced(self) -> set[str]:
        """Items whose queue is divided by origin."""
        return set(self.traced_pairs["item"]) - self.opaque

    def origin(self, rows: pd.DataFrame) -> pd.Series:
        """Queue of production or shipment rows inside their item and site: the line, and the order if pinned."""
        own = rows["order"].where(rows["order"].isin(self.pinned) & (rows["line"] != ""), "")
        return (rows["line"] + BETWEEN + own).where(rows["item"].isin(self.traced), "")

    @cached_property
    def made(self) -> pd.DataFrame:
        """Production lots; of a line and bucket those of pinned orders first, by due date, as they take components."""
        rows = self.facts.production[self.facts.production["known"]]
        rows = rows.assign(origin=self.origin(rows), site=rows["line_site"])
        keys = ["origin", "line", "item", "t"]
        lots = total(rows, keys, "quantity").merge(rows[[*keys, "site", "ready", "yield_share", "unit_cost"]]
                                                   .drop_duplicates(keys), on=keys)
        due = self.facts.selling.orders[["order", "due_date"]]
        lots = lots.assign(order=lots["origin"].str.split(BETWEEN).str[-1]).merge(due, on="order", how="left")
        lots = lots.sort_values(["due_date", "order"], kind="stable", ignore_index=True)
        return lots.drop(columns=["due_date", "order"]).assign(lot=np.arange(len(lots)))

    @cached_property
    def bought(self) -> pd.DataFrame:
        """Lots of opening stock, receipts and purchases, with the order of supply rows as ``position``."""
        stock, arrived = self.book.input("stock"), receipts(self.book)
        # Opening stock comes before the first bucket, 0.
        opening = stock.assign(t=-1, quantity=stock["opening_stock"], kind=GIVEN)
        coming = total(arrived, ["item", "site", "t"], "quantity").assign(kind=GIVEN)
        purchases = self.facts.purchases.assign(kind=PURCHASE)
        columns = ["item", "site", "t", "quantity", "kind", "position", "want_unit_cost"]
        rows = pd.concat([frame.reindex(columns=columns) for frame in (opening, coming, purchases)], ignore_index=True)
        rows = rows[(rows["quantity"] > 0) & (rows["t"] >= -1)].reset_index(drop=True)
        origin = rows["item"].map(lambda item: BETWEEN if item in self.traced else "")
        return rows.assign(lot=len(self.made) + np.arange(len(rows)), origin=origin)

    @cached_property
    def moved(self) -> pd.DataFrame:
        """Transfer lots."""
        rows = self.facts.transfers[self.facts.transfers["known"]].reset_index(drop=True)
        return rows.assign(lot=len(self.made) + len(self.bought) + np.arange(len(rows)), origin="")

    @cached_property
    def sent(self) -> pd.DataFrame:
        """Shipment lots: one for each order, item, site, mode and bucket, and origin where that is asked after."""
        rows = self.facts.shipments[self.facts.shipments["known"]]
        rows = rows.assign(origin=self.origin(rows))
        keys = ["order", "item", "origin", "site", "mode", "t"]
        lots = total(rows, keys, "quantity").merge(rows[["order", "due_date"]].drop_duplicates("order"), on="order")
        first = len(self.made) + len(self.bought) + len(self.moved)
        return lots.assign(lot=first + np.arange(len(lots)))

    @cached_property
    def fed(self) -> pd.DataFrame:
        """Component lots: what production lots (``into``) take, ``per_unit`` of a good unit."""
        rows = consumption(self.book, self.made.rename(columns={"lot": "into"})).assign(origin="")
        first = len(self.made) + len(self.bought) + len(self.moved) + len(self.sent)
        return rows.reset_index(drop=True).assign(lot=first + np.arange(len(rows)))

    @cached_property
    def supplies(self) -> pd.DataFrame:
        """All supplies in the order in which queues use them up: availability, then kind, then name."""
        made = self.made.assign(kind=PRODUCTION, name=bucket_names(self.made["t"]) + self.made["line"])
        # Queued by availability; the name, made above, still tells the bucket of making.
        made["t"] = made["ready"]
        # Positions as words (10 before 2), as the planner sorts them; NaN, which is unlike itself, has none.
        bought = self.bought.assign(name=self.bought["position"].map(lambda place: "" if place != place
                                                                     else str(int(place))))
        moved = self.moved.assign(kind=TRANSFER, name=bucket_names(self.moved["t"]) + self.moved["from_site"],
                                  site=self.moved["to_site"], t=self.moved["there"])
        rows = pd.concat([frame.rename(columns={"quantity": "size"})[SUPPLY] for frame in (made, bought, moved)])
        return self.queued(rows, ["t", "kind", "name"])

    @cached_property
    def demands(self) -> pd.DataFrame:
        """All demands in the order in which queues meet them: need, then orders by due date, making, other sites."""
        pairs = self.first.assign(is_traced=True)
        is_traced = attach(self.sent[["order", "item"]], pairs, ["order", "item"])["is_traced"].notna().to_numpy()
        sent = self.sent.assign(kind=np.where(is_traced, TO_TRACED, TO_OPEN), due=self.sent["due_date"],
                                name=self.sent["order"], second=self.sent["mode"], into=-1)
        fed = self.fed.assign(kind=TO_MAKING, due=FIRST_DAY, name=self.fed["parent"], second=self.fed["line"])
        moved = self.moved.assign(kind=TO_SITE, due=FIRST_DAY, name=self.moved["to_site"], second="",
                                  into=-1, site=self.moved["from_site"])
        rows = pd.concat([frame.rename(columns={"quantity": "size"})[DEMAND] for frame in (sent, fed, moved)])
        return self.queued(rows, ["t", "kind", "due", "name", "second", "into"])

    def queued(self, rows: pd.DataFrame, order: list[str]) -> pd.DataFrame:
        """Rows with their queue, sorted into the order of the queue; opaque items fall out."""
        rows = rows[~rows["item"].isin(self.opaque)].sort_values(order, kind="stable", ignore_index=True)
        queue = rows["item"] + BETWEEN + rows["site"] + BETWEEN + rows["origin"]
        return rows.assign(queue=queue)[["queue", "lot", "size"]]

    @cached_property
    def pegged(self) -> Pegged:
        """Every stretch of every lot with its order, from shipments upstream, one movement a step."""
        matches = fifo.match(self.supplies, self.demands)
        front = self.sent.rename(columns={"quantity": "end"}).assign(start=0.0, shipment=self.sent["lot"])[LABELS]
        found, lines = [front.iloc[:0]], []
        # Lots that were made or bought end a trace; those moved lead on to the site they came from.
        first_moved = len(self.made) + len(self.bought)
        # A stretch of a production lot wants the same stretch of each component, times its use.
        feeds = self.fed[["into", "lot", "per_unit"]].rename(columns={"lot": "feed"})
        for _ in range(MOST_STEPS):
            if front.empty:
                break
            reached = fifo.carry(front, matches)
            found.append(reached)
            lines.append(reached[(reached["shipment"] >= 0) & (reached["lot"] < first_moved)])
            fed = reached.merge(feeds, left_on="lot", right_on="into")
            fed = fed.assign(lot=fed["feed"], start=fed["start"] * fed["per_unit"], end=fed["end"] * fed["per_unit"],
                             shipment=-1)[LABELS]
            front = pd.concat([fed, reached[reached["lot"] >= first_moved]], ignore_index=True)
        # Concat of nothing raises; found holds one frame in any case.
        return Pegged(_sized(pd.concat(found, ignore_index=True)), _sized(pd.concat(lines or found, ignore_index=True)))


def _sized(labels: pd.DataFrame) -> pd.DataFrame:
    return labels.assign(size=labels["end"] - labels["start"]).drop(columns=["start", "end"])


def bucket_names(position: pd.Series) -> pd.Series:
    """Bucket positions as words that sort like them."""
    return position.astype(np.int64).astype(str).str.zfill(6).astype(object) + " "
