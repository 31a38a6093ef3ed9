"""What each promise of the input misses in the plan, recomputed: firm orders, pins, the frozen plan, minimums."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from model.audit.book import words
from model.audit.facts import Facts

COLUMNS = ["name", "bucket", "missed", "slack", "unit", "value"]
SCOPES = ("customer", "market", "region", "item", "family")
SEPARATOR = " / "


def firm_orders(facts: Facts) -> pd.DataFrame:
    """Units a firm order does not get, and their value at the order's price in base currency."""
    orders = facts.orders[facts.orders["firm"] & ~facts.orders["left_out"]]
    missing = np.maximum(orders["quantity"] - orders["shipped"], 0.0)
    return promise_table(facts, orders["order"], np.datetime64("NaT"), missing, orders["terms"], orders["item"],
                         missing * orders["base_price"])


def frozen_plan(facts: Facts) -> pd.DataFrame:
    """Units by which frozen production differs from the published plan, by line, item and bucket."""
    rows = facts.published_beside_made
    rows = rows[rows["is_frozen"]]
    names = rows["line"] + SEPARATOR + rows["item"]
    return promise_table(facts, names, facts.book.start_of(rows["t"]), (rows["made"] - rows["published"]).abs(),
                         rows["terms"], rows["item"])


def pins(facts: Facts) -> pd.DataFrame:
    """Units by which what is made for an order misses its pin."""
    book = facts.book
    rows = book.input("pins").merge(facts.selling.orders[["order", "item", "left_out"]], on="order", how="inner")
    rows["t"] = book.bucket_holding(rows["bucket_start"].to_numpy())
    rows = rows[~rows["left_out"] & (rows["bucket_start"].isna() | (rows["t"] >= 0))].reset_index(drop=True)
    # Substitutes made for the order count like its own item.
    made = facts.production.merge(facts.selling.possible_items, on=["order", "item"], how="inner")
    sums = [_made_for(made, *pin) for pin in zip(rows["order"], rows["line"], rows["t"], strict=True)]
    rows["made"], rows["terms"] = [value for value, _ in sums], [count for _, count in sums]
    difference = rows["made"] - rows["quantity"]
    missed = np.select([rows["sense"] == "min", rows["sense"] == "max"],
                       [np.maximum(-difference, 0.0), np.maximum(difference, 0.0)], difference.abs())
    return promise_table(facts, pin_names(rows), book.start_of(rows["t"]), missed, rows["terms"], rows["item"])


def _made_for(made: pd.DataFrame, order: str, line: str, bucket: int) -> tuple[float, int]:
    chosen = made["order"] == order
    if line:
        chosen &= made["line"] == line
    if bucket >= 0:
        chosen &= made["t"] == bucket
    return float(made.loc[chosen, "quantity"].sum()), int(chosen.sum())


def pin_names(rows: pd.DataFrame) -> pd.Series:
    """Order, line, first day and sense of each pin, numbered where the same stands twice."""
    # The names that model.instance.policy gives, made again: a miss is known by its name alone.
    days = rows["bucket_start"].dt.strftime("%Y-%m-%d").fillna("")
    parts = zip(rows["order"], rows["line"], days, rows["sense"], strict=True)
    names = pd.Series([SEPARATOR.join(part for part in pin if part) for pin in parts], index=rows.index, dtype=object)
    again = names.groupby(names).cumcount()
    return names.where(again == 0, names + " #" + (again + 1).astype(str))


def contract_sums(facts: Facts) -> pd.DataFrame:
    """Each allocation rule with what ``shipped`` in its period and scope and the number of shipments ``terms``."""
    book = facts.book
    items = book.input("items").set_index("item")["family"]
    rows = facts.shipments[facts.shipments["known"]]
    rows = rows.assign(market=rows["ordered_market"], family=words(rows["item"].map(items)))
    leaves, quantity = rows["leaves"].to_numpy(), rows["quantity"].to_numpy()
    # Words as numbers, once: books have many rules, each asked of every shipment.
    coded = {scope: pd.factorize(rows[scope]) for scope in SCOPES}
    rules = book.input("allocations").reset_index(drop=True)
    sums = np.zeros((len(rules), 2))
    for place in range(len(rules)):
        counts = book.covers(rules.iloc[[place]], leaves)
        for scope, (codes, names) in coded.items():
            wanted = rules[scope].iloc[place]
            if wanted != "":
                counts = counts & (codes == (names.get_loc(wanted) if wanted in names else -1))
        sums[place] = quantity[counts].sum(), counts.sum()
    return rules.assign(shipped=sums[:, 0], terms=sums[:, 1])


def contract_minimum(facts: Facts) -> pd.DataFrame:
    """Units short of each contract minimum; one whose whole period lies outside the horizon binds nothing."""
    rules = facts.once("contracts", contract_sums)
    rules = rules[~((rules["from_date"] > facts.book.ends[-1]) | (rules["to_date"] < facts.book.starts[0]))]
    missed = np.maximum(rules["min_qty"] - rules["shipped"], 0.0)
    return promise_table(facts, rules["rule"], np.datetime64("NaT"), missed, rules["terms"], pd.Series("", rules.index))


def safety_stock(facts: Facts) -> pd.DataFrame:
    """Units short of safety stock, by item, site and bucket."""
    return _stock_promise(facts, "want_safety_stock", facts.book.rows("stock_levels"))


def final_stock(facts: Facts) -> pd.DataFrame:
    """Units short of final stock at the end of the last bucket, by item and site."""
    rows = facts.book.rows("stock_levels")
    return _stock_promise(facts, "want_final_stock", rows[rows["t"] == len(facts.book.ends) - 1])


def _stock_promise(facts: Facts, target: str, levels: pd.DataFrame) -> pd.DataFrame:
    # Stock as written: stock_balance holds it against the movements.
    rows = facts.flows_beside(levels)
    missed = np.maximum(rows[target] - rows["closing"], 0.0)
    names = rows["item"] + SEPARATOR + rows["site"]
    return promise_table(facts, names, facts.book.start_of(rows["t"]), missed, rows["drift_weight"], rows["item"])


def promise_table(facts: Facts, names: pd.Series, buckets: object, missed: object, terms: object, items: pd.Series,
                  value: object = 0.0) -> pd.DataFrame:
    """Promises with what is missed of each, the rounding in it (``slack``), the item's unit and the value."""
    units = facts.book.input("items").set_index("item")["unit"]
    frame = pd.DataFrame({"name": names.to_numpy(dtype=object)})
    frame["bucket"] = np.broadcast_to(np.asarray(buckets, dtype="datetime64[ns]"), (len(frame),))
    frame["missed"] = np.asarray(missed, dtype=np.float64)
    frame["slack"] = facts.book.rounding("quantity", np.asarray(terms, dtype=np.float64) + 1.0,
                                           items.to_numpy())
    named = items.astype(object).map(units).astype(object)
    frame["unit"] = named.where(named.notna(), facts.book.settings.quantity_unit).to_numpy()
    frame["value"] = np.broadcast_to(np.asarray(value, dtype=np.float64), (len(frame),))
    return frame


PROMISES: dict[str, Callable[[Facts], pd.DataFrame]] = {
    "frozen_plan": frozen_plan, "pin": pins, "firm_order": firm_orders, "contract_minimum": contract_minimum,
    "safety_stock": safety_stock, "final_stock": final_stock,
}
