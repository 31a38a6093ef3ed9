"""What is made, shipped, bought, moved and kept, bucket by bucket."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.buckets import bucket_of
from model.instance import Instance
from model.plan.decided import Decided
from model.plan.flows import Flows

# Units of the last place that rounding may leave an order of many shipments short, and each of its shipments; what is
# short by more was not made.
ROUNDING_UNITS, UNITS_OF_SHIPMENT = 20, 3
STOCK_COLUMNS = ("made", "received", "bought", "transferred_in", "consumed", "shipped", "transferred_out")


def production(instance: Instance, flows: Flows, decimals: int) -> pd.DataFrame:
    """Good units by order, item, line and bucket, with the day from which they exist, their hours and cost."""
    rows = _rounded_shares(flows.by_order("production"), ["line", "item", "bucket"], "order", decimals)
    facts = instance.frames["routing"][["line", "item", "bucket", "site", "available", "hours_per_unit", "unit_cost"]]
    rows = rows.merge(facts, on=["line", "item", "bucket"])
    rows["bucket_start"] = instance.horizon["start"].reindex(rows["bucket"]).to_numpy()
    rows["available_on"] = instance.horizon["end"].reindex(rows["available"]).to_numpy()
    rows["run_hours"] = rows["quantity"] * rows["hours_per_unit"]
    rows["conversion"] = -rows["quantity"] * rows["unit_cost"]
    return rows.sort_values(["bucket", "line", "item", "order"], na_position="last", kind="stable")


def _rounded_shares(pegged: pd.DataFrame, whole: list[str], share: str, decimals: int) -> pd.DataFrame:
    """Shares summed by what they are a share of, rounded so that they add up to the rounded whole."""
    # A blank order (stays in stock) or line (not made here) is a share of its own.
    rows = pegged.groupby([*whole, share], as_index=False, dropna=False)["quantity"].sum()
    rows = rows.astype({"quantity": float, share: object})
    # Where the shares end is rounded, not their sizes.
    ends = rows.groupby(whole)["quantity"].cumsum().round(decimals)
    before = ends.groupby([rows[name] for name in whole]).shift(fill_value=0.0)
    rows["quantity"] = (ends - before).round(decimals)
    return rows[rows["quantity"] > 0]


def shipments(instance: Instance, flows: Flows, decimals: int) -> pd.DataFrame:
    """What leaves for each order, by the line that made it, with dates and money."""
    keys = ["order", "item", "site", "mode", "bucket"]
    rows = _completed(instance, _rounded_shares(flows.by_line("shipment"), keys, "line", decimals), decimals)
    terms = ["departure", "arrival", "market", "due_basis", "due_date", "unit_revenue", "unit_late", "unit_freight",
             "unit_duty"]
    # Money and dates are the same whichever pool the units come from.
    facts = instance.frames["shipments"].drop_duplicates(keys)[[*keys, *terms]]
    rows = rows.merge(facts, on=keys)
    rows["bucket_start"] = instance.horizon["start"].reindex(rows["bucket"]).to_numpy()
    met_on = rows["arrival"].where(rows["due_basis"] == "arrival", rows["departure"])
    rows["late_days"] = (met_on - rows["due_date"]).dt.days.clip(lower=0)
    for term in ("revenue", "late", "freight", "duty"):
        rows[term] = rows["quantity"] * rows[f"unit_{term}"]
    return rows.sort_values(["bucket", *keys[:4], "line"], na_position="last", kind="stable")


def _completed(instance: Instance, rows: pd.DataFrame, decimals: int) -> pd.DataFrame:
    """Shipments of an order that rounding left a hair short of its quantity, or above, made to add up to it.

    One unit of the last place each, the largest first: no shipment is far from what was made for it.
    """
    ordered = instance.frames["orders"].set_index("order")["quantity"]
    rest = ordered.reindex(rows["order"].unique()) - rows.groupby("order")["quantity"].sum()
    units = (rest * 10.0 ** decimals).round()
    most = np.minimum(ROUNDING_UNITS, UNITS_OF_SHIPMENT * rows.groupby("order").size()).reindex(units.index)
    missing = rows["order"].map(units.where(units.abs() <= most, 0.0))
    place = rows.sort_values("quantity", ascending=False, kind="stable").groupby("order").cumcount()
    # So many units for each row of the order, and one more for its largest ones.
    for_all, for_some = np.divmod(missing.abs(), rows.groupby("order")["order"].transform("size"))
    steps = np.sign(missing) * (for_all + (place.reindex(rows.index) < for_some))
    quantity = (rows["quantity"] + steps * 10.0 ** -decimals).round(decimals)
    return rows.assign(quantity=quantity)[quantity > 0]


def material_needs(instance: Instance, decided: Decided, decimals: int) -> pd.DataFrame:
    """Purchases by offer and bucket, with the day by which they must be ordered and what is paid."""
    bought = decided["bought"].rename(columns={"value": "quantity"}).astype({"offer": int, "bucket": int})
    rows = instance.frames["offers"].merge(bought, on=["offer", "bucket"], how="left").fillna({"quantity": 0.0})
    rows["quantity"] = rows["quantity"].round(decimals)
    rows["paid_quantity"] = np.maximum(rows["quantity"], rows["min_qty"])
    rows = rows[rows["paid_quantity"] > 0].rename(columns={"purchase_price": "unit_cost"})
    rows["bucket_start"] = instance.horizon["start"].reindex(rows["bucket"]).to_numpy()
    ends = pd.Series(instance.horizon["end"].reindex(rows["bucket"]).to_numpy(), index=rows.index)
    rows["order_by"] = ends - pd.to_timedelta(rows["lead_time_days"], unit="D")
    rows["materials"] = -rows["paid_quantity"] * rows["unit_cost"]
    return rows.sort_values(["bucket", "item", "supplier", "site"], kind="stable")


def transfer_plan(instance: Instance, decided: Decided, decimals: int) -> pd.DataFrame:
    """What is moved between sites, with departure, arrival and cost."""
    keys = ["from_site", "to_site", "item", "bucket"]
    rows = decided["moved"].astype({"bucket": int}).groupby(keys, as_index=False)["value"].sum()
    rows = rows.assign(quantity=rows["value"].astype(float).round(decimals)).merge(
        instance.frames["transfers"], on=keys)
    rows = rows[rows["quantity"] > 0]
    rows["bucket_start"] = instance.horizon["start"].reindex(rows["bucket"]).to_numpy()
    rows["departure"] = instance.horizon["end"].reindex(rows["bucket"]).to_numpy()
    rows["arrival"] = rows["departure"] + pd.to_timedelta(rows["transit_days"], unit="D")
    rows["transfer"] = -rows["quantity"] * rows["transfer_price"]
    return rows.sort_values(["bucket", "from_site", "to_site", "item"], kind="stable")


def stock_levels(instance: Instance, made: pd.DataFrame, shipped: pd.DataFrame, needs: pd.DataFrame,
                 moves: pd.DataFrame, decimals: int) -> pd.DataFrame:
    """Stock of every item and site through all buckets, each movement in its own column."""
    horizon = instance.horizon
    rows = instance.frames["present"].merge(pd.DataFrame({"bucket": horizon.index}), how="cross")
    for name, frame in _movements(instance, made, shipped, needs, moves).items():
        sums = frame.groupby(["item", "site", "bucket"], as_index=False)["quantity"].sum()
        rows = rows.merge(sums.rename(columns={"quantity": name}), on=["item", "site", "bucket"], how="left")
    rows = rows.merge(instance.tables.frames["stock"], on=["item", "site"], how="left")
    filled = dict.fromkeys((*STOCK_COLUMNS, "opening_stock", "safety_stock", "holding_cost"), 0.0)
    rows = rows.fillna(filled).sort_values(["item", "site", "bucket"], kind="stable").reset_index(drop=True)
    rows[list(STOCK_COLUMNS)] = rows[list(STOCK_COLUMNS)].round(decimals)
    change = (rows["made"] + rows["received"] + rows["bought"] + rows["transferred_in"] - rows["consumed"]
              - rows["shipped"] - rows["transferred_out"])
    closing = rows["opening_stock"] + change.groupby([rows["item"], rows["site"]]).cumsum()
    # What rounding can take off a sum: a unit of the last place for each row, and some.
    noise = 10.0 ** -decimals * (10 + len(made) + len(shipped))
    rows["closing"] = closing.mask((closing < 0) & (closing > -noise), 0.0).round(decimals)
    before = rows.groupby(["item", "site"])["closing"].shift()
    rows["opening"] = before.fillna(rows["opening_stock"])
    rows["holding"] = -rows["closing"] * rows["holding_cost"]
    rows["bucket_start"] = horizon["start"].reindex(rows["bucket"]).to_numpy()
    rows["bucket_end"] = horizon["end"].reindex(rows["bucket"]).to_numpy()
    return rows


def _movements(instance: Instance, made: pd.DataFrame, shipped: pd.DataFrame, needs: pd.DataFrame,
               moves: pd.DataFrame) -> dict[str, pd.DataFrame]:
    horizon = instance.horizon
    arrivals = instance.frames["transfers"][["from_site", "to_site", "item", "bucket", "arrival_bucket"]]

    def dated(frame: pd.DataFrame, column: str) -> pd.DataFrame:
        """The frame with the bucket of the date in the column."""
        return frame.assign(bucket=bucket_of(horizon, frame[column]))

    bill = instance.tables.frames["bill_of_materials"]
    yields = instance.tables.frames["routings"][["line", "item", "yield_share"]]
    used = dated(made, "bucket_start").merge(bill, on="item").merge(yields, on=["line", "item"])
    used = used.assign(quantity=used["quantity"] * used["quantity_per"] / used["yield_share"], item=used["component"])
    moved = dated(moves, "bucket_start")
    incoming = moved.merge(arrivals, on=["from_site", "to_site", "item", "bucket"])
    return {
        "made": dated(made, "available_on"),
        "received": instance.frames["receipts"].rename(columns={"received": "quantity"}),
        "bought": dated(needs, "bucket_start"),
        "transferred_in": incoming.drop(columns="bucket").rename(
            columns={"to_site": "site", "arrival_bucket": "bucket"}),
        "consumed": used,
        "shipped": dated(shipped, "bucket_start"),
        "transferred_out": moved.rename(columns={"from_site": "site"}),
    }
