"""One row for each order of the book: what was decided, when it arrives, what it earns."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.instance import Instance
from model.instance.index import group
from model.labels import label
from model.plan.barriers import Barriers, barrier_in_words
from model.plan.decided import smallest_quantity
from model.plan.flows import Flows

FULL = 1 - 1e-9
UNSERVED = ("cannot_be_delivered", "firm_missed", "earns_less", "loses_money")


def decisions(instance: Instance, flows: Flows, shipments: pd.DataFrame, misses: pd.DataFrame,
              language: str) -> pd.DataFrame:
    """The order book with its decisions; orders left out of the plan included."""
    book = _book(instance)
    rows = book.merge(_delivered(shipments), on="order", how="left").merge(_variable_cost(instance, flows), on="order",
                                                                          how="left")
    sums = ("delivered", "delivered_on_time", "revenue", "late", "freight", "duty", "variable_cost")
    rows = rows.astype(dict.fromkeys(sums, float)).fillna(dict.fromkeys(sums, 0.0))
    named = misses[misses["kind"] == "firm_order"].set_index("name")["missed"]
    rows["missed"] = rows["order"].map(named).astype(float).fillna(0.0)
    rows["delivered_share"] = rows["delivered"] / rows["quantity"]
    rows["status"] = _status(rows)
    met_on = rows["last_arrival"].where(rows["due_basis"] == "arrival", rows["last_departure"])
    rows["late_days"] = (met_on - rows["due_date"]).dt.days.clip(lower=0)
    rows["margin"] = rows[["revenue", "late", "freight", "duty", "variable_cost"]].sum(axis=1)
    rows["unit_margin"] = (rows["margin"] / rows["delivered"].where(rows["delivered"] > 0)).astype(float)
    rows["reason"] = _in_words(instance, rows["order"].tolist(), _reasons(instance, rows), language)
    return rows.sort_values("order", kind="stable")


def _book(instance: Instance) -> pd.DataFrame:
    tables = instance.tables
    orders = tables.frames["orders"]
    rates = dict(zip(tables.frames["currencies"]["currency"], tables.frames["currencies"]["rate"], strict=True))
    rates.setdefault(tables.settings.currency, 1.0)
    regions = dict(zip(tables.frames["markets"]["market"], tables.frames["markets"]["region"], strict=True))
    planned = set(instance.frames["orders"]["order"])
    firm = set(instance.frames["orders"].loc[instance.frames["orders"]["is_firm"], "order"])
    return orders.assign(
        region=[regions.get(market) for market in orders["market"]],
        unit_price=orders["unit_price"] * orders["currency"].map(rates).astype(float),
        is_planned=orders["order"].isin(planned), is_firm=orders["order"].isin(firm))


def _delivered(shipments: pd.DataFrame) -> pd.DataFrame:
    on_time = shipments.assign(on_time=shipments["quantity"].where(shipments["late_days"] <= 0, 0.0))
    return on_time.groupby("order", as_index=False).agg(
        delivered=("quantity", "sum"), delivered_on_time=("on_time", "sum"), first_ship=("departure", "min"),
        last_arrival=("arrival", "max"), last_departure=("departure", "max"), revenue=("revenue", "sum"),
        late=("late", "sum"), freight=("freight", "sum"), duty=("duty", "sum"))


def _variable_cost(instance: Instance, flows: Flows) -> pd.DataFrame:
    """Making, materials and transfers of the units each order ends up with, at every stage."""
    routings = instance.tables.frames["routings"]
    making = dict(zip(zip(routings["line"], routings["item"], strict=True), routings["unit_cost"], strict=True))
    prices = instance.tables.frames["supply"]["unit_cost"]
    # The price of a route is the same in every bucket.
    moves = instance.frames["transfers"].drop_duplicates(["from_site", "to_site", "item"]).set_index(
        ["from_site", "to_site", "item"])["transfer_price"].to_dict()
    made, bought, moved = (flows.by_order(kind) for kind in ("production", "purchase", "transfer"))
    routes = zip(moved["from_site"], moved["to_site"], moved["item"], strict=True)
    parts = [(made, [making[key] for key in zip(made["line"], made["item"], strict=True)]),
             (bought, [prices.iat[offer] for offer in bought["offer"]]),
             (moved, [moves[route] for route in routes])]
    costs = pd.concat([pd.DataFrame({"order": frame["order"],
                                     "variable_cost": -frame["quantity"].astype(float) * np.array(unit, dtype=float)})
                       for frame, unit in parts])
    return costs.groupby("order", as_index=False)["variable_cost"].sum()


def full_quantity(quantity: pd.Series | float, typical: float) -> pd.Series | float:
    """The least delivered of each order that is all it asks for but for rounding, in a book of ``typical`` orders."""
    few = smallest_quantity(typical)
    # As much short as read_decisions takes for nothing; of an order that is hardly more, half of it.
    return quantity * FULL - np.minimum(few, np.maximum(quantity, few) / 2)


def _status(rows: pd.DataFrame) -> np.ndarray:
    full = rows["delivered"] >= full_quantity(rows["quantity"], rows["quantity"].median())
    is_declined = ~rows["is_firm"] & (rows["delivered"] <= 0)
    return np.select(
        [~rows["is_planned"], is_declined, full, rows["is_firm"]],
        ["left_out", "declined", "accepted", "missed"], default="partial")


def _reasons(instance: Instance, rows: pd.DataFrame) -> list[str]:
    """What is known of each order without further search, as the end of a label's key."""
    reachable = set(instance.frames["shipments"]["order"])
    loses = _orders_that_lose(instance)
    reasons = []
    columns = ["order", "status", "decision", "is_firm", "late_days"]
    for order, status, decision, is_firm, late_days in zip(*(rows[name] for name in columns), strict=True):
        if status == "left_out":
            reasons.append("declined_by_planner" if decision == "decline" else "tender")
        elif status == "missed":
            reasons.append("firm_missed" if order in reachable else "cannot_be_delivered")
        elif status == "declined":
            known = "loses_money" if order in loses else "earns_less"
            reasons.append(known if order in reachable else "cannot_be_delivered")
        elif status == "partial":
            reasons.append("taken_in_part")
        else:
            reasons.append(("firm" if is_firm else "taken") + ("_late" if late_days > 0 else "_in_time"))
    return reasons


def _in_words(instance: Instance, orders: list[str], reasons: list[str], language: str) -> list[str]:
    """The reasons as sentences; where an order cannot be delivered at all, with what bars it."""
    barriers, bucket = Barriers(instance), instance.tables.settings.bucket
    said = []
    for order, reason in zip(orders, reasons, strict=True):
        barrier = barriers.of(order) if reason in UNSERVED else None
        what = "" if barrier is None else barrier_in_words(barrier, language, bucket)
        said.append(label("reason.barred", language).format(barrier=what) if what
                    else label(f"reason.{reason}", language))
    return said


def _orders_that_lose(instance: Instance) -> set[str]:
    """Orders whose every shipment brings less than the cheapest material and making of the item can cost."""
    cheapest = _cheapest_cost(instance)
    shipments = instance.frames["shipments"]
    net = shipments["unit_revenue"] + shipments["unit_late"] + shipments["unit_freight"] + shipments["unit_duty"]
    gain = net - shipments["item"].map(cheapest).astype(float)
    best = gain.groupby(shipments["order"]).max()
    return set(best.index[best < 0])


def _cheapest_cost(instance: Instance) -> dict[str, float]:
    """A lower bound on the cost of a unit of each item: nothing where it is in stock, else bought or made."""
    stock = instance.tables.frames["stock"]
    free = set(stock.loc[stock["opening_stock"] > 0, "item"]) | set(instance.frames["receipts"]["item"])
    bought = instance.frames["offers"].groupby("item")["purchase_price"].min().to_dict()
    # Up to a take-or-pay minimum a unit costs nothing more.
    paid_anyway = set(instance.frames["offers"].loc[instance.frames["offers"]["min_qty"] > 0, "item"])
    routings = group(instance.tables.frames["routings"], ("item",), ("unit_cost", "yield_share"))
    bill = group(instance.tables.frames["bill_of_materials"], ("item",), ("component", "quantity_per"))
    known: dict[str, float] = dict.fromkeys(free | paid_anyway, 0.0)

    def cost_of(item: str) -> float:
        """Base money per unit; infinite where it is neither made nor bought."""
        # Ends because bills of materials have no loops (checked).
        if item not in known:
            made = float("inf")
            for unit_cost, yield_share in routings[item]:
                parts = sum(quantity_per / yield_share * cost_of(component) for component, quantity_per in bill[item])
                made = min(made, unit_cost + parts)
            known[item] = min(made, bought.get(item, float("inf")))
        return known[item]

    return {item: cost_of(item) for item in instance.tables.frames["items"]["item"]}
