"""Margin by term, changes against the published plan, and the promises that are missed."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from model.buckets import bucket_of
from model.instance import Instance
from model.plan.decided import Decided, typical_quantity
from model.plan.orders import full_quantity
from model.plan_tables import MONEY_TERMS, frozen_rounding

TERM_TABLES = {
    "revenue": "shipments", "late": "shipments", "freight": "shipments", "duty": "shipments",
    "materials": "material_needs", "conversion": "production", "setup": "setups", "overtime": "line_load",
    "holding": "stock_levels", "transfer": "transfer_plan", "expansion": "openings", "change": "changes",
}


def margin(made: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Each money term as the sum of its column in the table where it arises."""
    amounts = [float(made[TERM_TABLES[term]][term].sum()) for term in MONEY_TERMS]
    return pd.DataFrame({"term": list(MONEY_TERMS), "amount": amounts})


def changes(instance: Instance, production: pd.DataFrame) -> pd.DataFrame:
    """Production against the published plan by line, item and bucket; empty without a published plan."""
    published = instance.frames["published"]
    # Without a plan in force there is nothing to differ from.
    if instance.tables.frames["published_plan"].empty:
        published = published.iloc[:0]
        production = production.iloc[:0]
    made = production.assign(bucket=bucket_of(instance.horizon, production["bucket_start"])).groupby(
        ["line", "item", "bucket"], as_index=False)["quantity"].sum().rename(columns={"quantity": "planned"})
    rows = made.astype({"bucket": int}).merge(
        published.rename(columns={"published_qty": "published"}).astype({"bucket": int}),
        on=["line", "item", "bucket"], how="outer")
    rows = rows.astype({"published": float, "planned": float}).fillna({"published": 0.0, "planned": 0.0})
    rows["bucket_start"] = instance.horizon["start"].reindex(rows["bucket"]).to_numpy()
    until = instance.tables.settings.frozen_until
    is_frozen = rows["bucket_start"] < (until if until is not None else instance.horizon["start"].iloc[0])
    rows["frozen"] = is_frozen.map({True: "yes", False: "no"})
    difference = rows["planned"] - rows["published"]
    rounding = frozen_rounding(typical_quantity(instance))
    rows["difference"] = difference.mask(is_frozen & (difference.abs() <= 2 * rounding), 0.0)
    # Added units are free, and the frozen part is a promise, not a price.
    left = rows["difference"].clip(upper=0.0).mask(is_frozen, 0.0)
    rows["change"] = left * instance.tables.settings.change_cost
    return rows.sort_values(["bucket", "line", "item"], kind="stable")


def _apart(decided: Decided, short: str, excess: str) -> pd.DataFrame:
    """Units by which what is made differs from what is fixed: a plan may be short of it and above it at once, within
    the room that rounding has."""
    both = pd.concat([decided[short], decided[excess].assign(value=-decided[excess]["value"])], ignore_index=True)
    keys = [name for name in both if name != "value"]
    net = both.groupby(keys, as_index=False, sort=False)["value"].sum()
    return net.assign(value=net["value"].abs())


def misses(instance: Instance, decided: Decided, shipments: pd.DataFrame, decimals: int) -> pd.DataFrame:
    """Every promise that is not kept: kind, name, bucket, quantity, unit and, for firm orders, value.

    What a firm order misses is what its ``shipments`` leave: they are written after the flows that reach it, which
    rounding may have made a hair more than was decided.
    """
    items = instance.tables.frames["items"].set_index("item")["unit"].to_dict()
    starts = instance.horizon["start"]
    base = instance.tables.settings.quantity_unit
    orders = instance.frames["orders"].set_index("order")
    pins = instance.frames["pins"].set_index("pin")
    pinned_day = dict(zip(pins.index, pins["bucket"].map(lambda bucket: starts.get(bucket, pd.NaT)), strict=True))
    pinned_unit = {pin: items[orders.at[order, "item"]] for pin, order in pins["order"].items()}
    rows: list[tuple[object, ...]] = []
    shipped = shipments.groupby("order")["quantity"].sum()
    full = pd.Series(full_quantity(orders["quantity"], typical_quantity(instance)))
    for order in decided["missed_firm"]["order"]:
        delivered = float(shipped.get(order, 0.0))
        if delivered >= full[order]:
            continue
        missed = orders.at[order, "quantity"] - delivered
        rows.append(("firm_order", order, pd.NaT, missed, items[orders.at[order, "item"]],
                     missed * orders.at[order, "base_price"]))
    for rule, missed in decided["missed_contract"].itertuples(index=False):
        rows.append(("contract_minimum", rule, pd.NaT, missed, base, 0.0))
    for kind, name in (("safety_stock", "missed_safety"), ("final_stock", "missed_final")):
        for item, site, bucket, missed in decided[name].itertuples(index=False):
            rows.append((kind, f"{item} / {site}", starts[bucket], missed, items[item], 0.0))
    for line, item, bucket, missed in _apart(decided, "frozen_short", "frozen_excess").itertuples(index=False):
        rows.append(("frozen_plan", f"{line} / {item}", starts[bucket], missed, items[item], 0.0))
    for pinned in (_apart(decided, "fixed_pin_short", "fixed_pin_excess"), decided["minimum_pin_short"],
                   decided["maximum_pin_excess"]):
        for pin, missed in pinned.itertuples(index=False):
            rows.append(("pin", pin, pinned_day[pin], missed, pinned_unit[pin], 0.0))
    frame = pd.DataFrame(rows, columns=["kind", "name", "bucket", "missed", "unit", "value"])
    frame["missed"] = frame["missed"].astype(float).round(decimals)
    rounding = frozen_rounding(typical_quantity(instance))
    noise = frame["kind"].map({"frozen_plan": 2 * rounding}).astype(float).fillna(0.0)
    return frame[frame["missed"] > noise].sort_values(["kind", "name", "bucket"], kind="stable")
