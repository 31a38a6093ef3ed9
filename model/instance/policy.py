"""Rules and earlier decisions: allocations, pins, the published plan and its frozen part."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.buckets import bucket_of
from model.tables import Tables


def allocation_shipments(tables: Tables, horizon: pd.DataFrame, shipments: pd.DataFrame,
                         orders: pd.DataFrame) -> pd.DataFrame:
    """Which shipments each allocation rule counts: ``rule`` and the shipment's index columns.

    A rule counts what leaves in its period and matches every scope column it fills; the item is the one shipped.
    """
    keys = ["order", "item", "pool", "site", "mode", "bucket"]
    facts = shipments[keys].merge(orders[["order", "customer", "market"]], on="order", how="left")
    facts = facts.merge(tables.frames["markets"][["market", "region"]], on="market", how="left")
    facts = facts.merge(tables.frames["items"][["item", "family"]], on="item", how="left")
    leaves = horizon["end"].to_numpy()[facts["bucket"].to_numpy(dtype=int)]
    parts = []
    for row in tables.frames["allocations"].itertuples():
        counts = np.ones(len(facts), dtype=bool)
        if not pd.isna(row.from_date):
            counts &= leaves >= np.datetime64(row.from_date)
        if not pd.isna(row.to_date):
            counts &= leaves <= np.datetime64(row.to_date)
        for scope in ("customer", "market", "region", "item", "family"):
            wanted = getattr(row, scope)
            if wanted is not None:
                counts &= (facts[scope] == wanted).to_numpy()
        parts.append(facts.loc[counts, keys].assign(rule=row.rule))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["rule", *keys])


def contracts(tables: Tables, horizon: pd.DataFrame) -> pd.DataFrame:
    """Allocation rules with a minimum, but for those whose whole period lies outside the horizon: they bind nothing."""
    rules = tables.frames["allocations"]
    # A blank end is never outside: comparisons with NaT are False.
    outside = (rules["from_date"] > horizon["end"].iloc[-1]) | (rules["to_date"] < horizon["start"].iloc[0])
    return rules[(rules["min_qty"] > 0) & ~outside]


def published_making(tables: Tables, horizon: pd.DataFrame) -> pd.DataFrame:
    """The published plan inside the horizon, summed over orders: ``line, item, bucket``, ``published_qty``."""
    plan = tables.frames["published_plan"]
    rows = plan.assign(bucket=bucket_of(horizon, plan["bucket_start"]))
    rows = rows[(rows["bucket"] >= 0) & (rows["bucket"] < len(horizon))]
    return rows.groupby(["line", "item", "bucket"], as_index=False)["quantity"].sum().rename(
        columns={"quantity": "published_qty"})


def frozen_buckets(tables: Tables, horizon: pd.DataFrame) -> pd.Index:
    """Buckets in which production follows the published plan: those that start before ``frozen_until``."""
    until = tables.settings.frozen_until
    if until is None or tables.frames["published_plan"].empty:
        return horizon.index[:0]
    return horizon.index[horizon["start"] < until]


def frozen_making(routing: pd.DataFrame, published: pd.DataFrame, frozen: pd.Index) -> pd.DataFrame:
    """Every ``line, item, bucket`` of the frozen part with its ``frozen_qty``: zero where nothing is published."""
    possible = routing.loc[routing["bucket"].isin(frozen), ["line", "item", "bucket"]]
    # Outer: what is published for a run that does not exist has to be counted as missed.
    rows = possible.merge(published[published["bucket"].isin(frozen)], on=["line", "item", "bucket"], how="outer")
    return rows.rename(columns={"published_qty": "frozen_qty"}).fillna({"frozen_qty": 0.0})


def pin_table(tables: Tables, horizon: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Pins of planned orders: ``pin`` (named after what it says), ``sense``, ``pinned_qty``, ``order, line, bucket``.

    ``bucket`` is -1 where the pin speaks of all buckets together; a pin outside the horizon binds nothing there.
    """
    pins = tables.frames["pins"]
    pins = pins[pins["order"].isin(orders["order"])]
    # Any day will do for a blank one, whose bucket becomes -1 below.
    bucket = bucket_of(horizon, pins["bucket_start"].fillna(horizon["start"].iloc[0]))
    dated = pins["bucket_start"].notna()
    rows = pins.assign(bucket=np.where(dated, bucket, -1), pinned_qty=pins["quantity"])
    inside = ~dated | ((bucket >= 0) & (bucket < len(horizon)))
    rows = rows[inside]
    names = pd.Series([pin_name(row.order, row.line, row.bucket_start, row.sense) for row in rows.itertuples()],
                      index=rows.index, dtype=object)
    # The same pin may be written twice; a member of a set may not.
    repeats = names.groupby(names).cumcount()
    return rows.assign(pin=[name if count == 0 else f"{name} #{count + 1}"
                            for name, count in zip(names, repeats, strict=True)])


def pin_name(order: str, line: str | None, bucket_start: pd.Timestamp, sense: str) -> str:
    """What a miss of the pin is called: order, line, first day and sense."""
    day = None if pd.isna(bucket_start) else bucket_start.strftime("%Y-%m-%d")
    return " / ".join(part for part in (order, line, day, sense) if part)
