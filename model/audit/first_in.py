"""First due, first served: who gets which unit, and what it cost, as the queues say when matched again."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.audit.book import words
from model.audit.facts import Facts
from model.audit.origins import binding_pairs, traced_pairs
from model.audit.replay import Replay
from model.audit.tally import Tally

MADE = ["order", "item", "line", "t"]
SENT = ["order", "item", "line", "site", "mode", "t"]


def replays(facts: Facts) -> list[Replay]:
    """The pegging done again; twice where terms that exclude nothing leave the order inside a bucket open."""
    pairs = facts.once("traced", traced_pairs)
    binding = binding_pairs(facts, pairs)
    return [Replay(facts, pairs, first) for first in ((binding, pairs) if len(binding) < len(pairs) else (pairs,))]


def first_in_first_out(facts: Facts, tally: Tally) -> None:
    """Units go to orders first in, first out, through stock, sites and further making."""
    # The plan has to follow one of the orders, whichever fits it better.
    trials = [hold_replay(facts, replay, Tally()) for replay in facts.once("replays", replays)]
    tally.take(min(trials, key=lambda trial: trial.score))


def hold_replay(facts: Facts, replay: Replay, tally: Tally) -> Tally:
    """Production by order and shipments by line, held against one replay of the queues."""
    book = facts.book
    # The ends of a stretch are uncertain by the rounding of every figure that stands before it in its queue.
    weights = facts.once("weights", item_weights)
    made = beside(facts.production[facts.production["known"]], made_for(replay), MADE, replay.opaque)
    slack = book.rounding("quantity", made["item"].map(weights).fillna(1.0), made["item"])
    made = made.assign(bucket_start=book.start_of(made["t"]))
    tally.equals("production", made, "pegged", made["found"], made["wanted"], slack)
    sent = beside(facts.shipments[facts.shipments["known"]], sent_from(replay), SENT, replay.opaque)
    slack = book.rounding("quantity", sent["item"].map(weights).fillna(1.0), sent["item"])
    sent = sent.assign(bucket_start=book.start_of(sent["t"]))
    tally.equals("shipments", sent, "pegged", sent["found"], sent["wanted"], slack)
    return tally


def beside(rows: pd.DataFrame, wanted: pd.DataFrame, keys: list[str], opaque: set[str]) -> pd.DataFrame:
    """Quantities of the plan (``found``) and of the replay (``wanted``) by keys."""
    found = rows.groupby(keys)["quantity"].sum().rename("found")
    both = pd.concat([found, wanted.groupby(keys)["size"].sum().rename("wanted")], axis=1).fillna(0.0)
    both.index.names = keys
    both = both.reset_index()
    return both[~both["item"].isin(opaque)].reset_index(drop=True)


def made_for(replay: Replay) -> pd.DataFrame:
    """Production by order as the replay says; what no order gets has a blank one."""
    labelled = replay.pegged.labelled
    # Replay numbers production lots first.
    named = labelled[labelled["lot"] < len(replay.made)]
    lots = replay.made[["lot", "line", "item", "t"]]
    left = replay.made.set_index("lot")["quantity"].sub(named.groupby("lot")["size"].sum(), fill_value=0.0)
    rest = pd.DataFrame({"lot": left.index, "order": "", "size": left.to_numpy()})
    return pd.concat([named[["lot", "order", "size"]], rest]).merge(lots, on="lot")


def sent_from(replay: Replay) -> pd.DataFrame:
    """Shipments by making line as the replay says."""
    sent = replay.pegged.sent.merge(replay.sent[["lot", "item", "site", "mode", "t"]].rename(
        columns={"lot": "shipment"}), on="shipment")
    lines = replay.made.set_index("lot")["line"]
    return sent.assign(line=words(sent["lot"].map(lines)))


def item_weights(facts: Facts) -> pd.Series:
    """Rounded figures that stand before a stretch of an item's queues, those of the items it goes into included."""
    book = facts.book
    parts = [facts.production, facts.shipments, facts.purchases, facts.transfers, book.input("stock"),
             book.input("receipts")]
    counts = pd.concat([part["item"] for part in parts]).value_counts().astype(np.float64)
    items = book.input("items")["item"]
    own = 2.0 * (1.0 + items.map(counts).fillna(0.0).to_numpy())
    bill = book.input("bill_of_materials").merge(book.input("routings")[["item", "yield_share"]], on="item")
    bill = bill.assign(use=bill["quantity_per"] / bill["yield_share"]).groupby(["item", "component"])["use"].max()
    bill = bill.reset_index()
    weights = pd.Series(own, index=items)
    # Each round carries weights one stage down; bills of materials have no loops, so the items bound the stages.
    for _ in range(len(items)):
        passed = (bill["item"].map(weights) * bill["use"]).groupby(bill["component"]).sum()
        grown = pd.Series(own, index=items).add(passed, fill_value=0.0).reindex(items)
        if np.allclose(grown, weights):
            break
        weights = grown
    return weights


def variable_cost(facts: Facts, tally: Tally) -> None:
    """An order's variable cost is the making, materials and transfers of the units it ends up with."""
    trials = [hold_costs(facts, replay, Tally()) for replay in facts.once("replays", replays)]
    tally.take(min(trials, key=lambda trial: trial.score))


def hold_costs(facts: Facts, replay: Replay, tally: Tally) -> Tally:
    """Variable costs held against one replay; where tables do not tell, at least what was made for the order counts."""
    book = facts.book
    rows = book.rows("decisions")
    costs = order_costs(replay)
    wanted = rows["order"].map(costs).fillna(0.0)
    slack = book.half["money"] + rows["order"].map(cost_blur(facts, replay)).fillna(0.0)
    hidden = rows["order"].isin(touched(facts, replay))
    clear = rows[~hidden.to_numpy()]
    tally.same("decisions", clear, "variable_cost", -wanted[clear.index], slack[clear.index])
    # Costs carry a minus sign: at most this means at least as costly.
    made = facts.production.groupby("order")["conversion"].sum()
    least = rows["order"].map(made).fillna(0.0)
    tally.at_most("decisions", rows, "variable_cost", rows["variable_cost"], least,
                  slack + book.rounding("money", 1.0 + len(facts.production)))
    return tally


def order_costs(replay: Replay) -> pd.Series:
    """Making, materials and transfers by order [base money]."""
    prices = unit_costs(replay)
    labelled = replay.pegged.labelled
    return (labelled["size"] * labelled["lot"].map(prices).fillna(0.0)).groupby(labelled["order"]).sum()


def unit_costs(replay: Replay) -> pd.Series:
    """Cost of a unit by lot: making, purchase price or transfer."""
    # Opening stock and receipts have no price.
    return pd.concat([replay.made.set_index("lot")["unit_cost"], replay.bought.set_index("lot")["want_unit_cost"],
                      replay.moved.set_index("lot")["route_cost"]]).fillna(0.0)


def cost_blur(facts: Facts, replay: Replay) -> pd.Series:
    """What rounding can change in the cost of each order: the ends of its stretches, at their item's dearest lot."""
    items = pd.concat([lots.set_index("lot")["item"] for lots in (replay.made, replay.bought, replay.moved)])
    dearest = unit_costs(replay).groupby(items).max()
    weights = facts.once("weights", item_weights).reindex(dearest.index).fillna(1.0)
    blur = dearest * facts.book.rounding("quantity", weights, dearest.index)
    # Every part of what the order gets: which lots they come from may depend on the last digit.
    shipped = facts.shipments[["order", "item"]].drop_duplicates()
    parts = shipped.merge(parts_of(facts), on="item")[["order", "part"]].drop_duplicates()
    return parts["part"].map(blur).fillna(0.0).groupby(parts["order"]).sum()


def parts_of(facts: Facts) -> pd.DataFrame:
    """Every ``item`` with each ``part`` it consists of at any depth, itself included."""
    bill = facts.book.input("bill_of_materials")[["item", "component"]].rename(columns={"item": "part"})
    items = facts.book.input("items")["item"]
    reached = pairs = pd.DataFrame({"item": items, "part": items})
    # Bills of materials have no loops, so there is a last stage.
    while len(reached):
        reached = reached.merge(bill, on="part")[["item", "component"]].rename(columns={"component": "part"})
        pairs = pd.concat([pairs, reached]).drop_duplicates()
    return pairs


def touched(facts: Facts, replay: Replay) -> set[str]:
    """Orders that get opaque items, or something made of them."""
    opaque = replay.opaque
    bill = facts.book.input("bill_of_materials")
    made_of = set(bill.loc[bill["component"].isin(opaque), "item"]) | opaque
    labelled = replay.pegged.labelled.merge(replay.made.loc[replay.made["item"].isin(made_of), ["lot"]], on="lot")
    return set(labelled["order"]) | set(facts.shipments.loc[facts.shipments["item"].isin(opaque), "order"])


LAWS = (first_in_first_out, variable_cost)
