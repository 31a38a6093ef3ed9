"""Which line can make which item in which bucket, and the limits of a single run."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.buckets import buckets_starting_within, first_end_on_or_after
from model.instance.use import Use
from model.lots import in_whole_lots, smallest_lot
from model.tables import Tables


def routing_buckets(tables: Tables, horizon: pd.DataFrame, hours: pd.DataFrame) -> pd.DataFrame:
    """Every line, item and bucket in which the item can be made and will be there inside the horizon.

    Columns: ``line, item, bucket``, the routing's own columns, ``site``, ``available`` (bucket from whose end the
    units exist), ``line_hours`` [h, regular and overtime, of the best expansion option], ``open_share``,
    ``has_setup``, ``output_limit`` (most units one bucket can hold by the hours of line and resources, setup taken
    off). A line that is closed in a bucket makes nothing; what takes no hours needs an open line and no more.
    """
    routings = tables.frames["routings"].merge(tables.frames["lines"][["line", "site"]], on="line")
    routings["has_setup"] = (routings["setup_hours"] > 0) | (routings["setup_cost"] > 0)
    valid = np.array([buckets_starting_within(horizon, row.from_date, row.to_date) for row in routings.itertuples()])
    # Reshaped because the array of no rows at all has one dimension only.
    which, bucket = np.nonzero(valid.reshape(len(routings), len(horizon)))
    rows = routings.iloc[which].reset_index(drop=True).assign(bucket=bucket)
    ready = horizon["end"].to_numpy()[bucket] + pd.to_timedelta(rows["lead_time_days"], unit="D")
    rows["available"] = first_end_on_or_after(horizon, ready)
    best = hours.assign(line_hours=hours["regular_hours"] + hours["overtime_limit"])
    # Which option is chosen the model decides; at most one is, so that the best of them is a valid limit.
    best = best.groupby(["line", "bucket"], as_index=False)[["line_hours", "open_share"]].max()
    rows = rows.merge(best, on=["line", "bucket"], how="left")
    rows = rows[(rows["available"] < len(horizon)) & (rows["open_share"] > 0)].reset_index(drop=True)
    return rows.assign(output_limit=_most_by_line(rows))


def _most_by_line(rows: pd.DataFrame) -> pd.Series:
    left = (rows["line_hours"] - rows["setup_hours"]).clip(lower=0.0)
    per_unit = rows["hours_per_unit"].where(rows["hours_per_unit"] > 0)
    unlimited = pd.Series(np.where(rows["line_hours"] >= rows["setup_hours"], np.inf, 0.0), index=rows.index)
    # What takes no hours has only the setup to fit.
    return (left / per_unit).fillna(unlimited)


def tighten_by_resources(routing: pd.DataFrame, uses: pd.DataFrame) -> pd.DataFrame:
    """``output_limit`` lowered to what the shared resources of the bucket can carry."""
    if uses.empty:
        return routing
    positive = uses[uses["resource_hours_per_unit"] > 0]
    most = (positive.assign(most=positive["resource_hours"] / positive["resource_hours_per_unit"])
            .groupby(["line", "item", "bucket"], as_index=False)["most"].min())
    merged = routing.merge(most, on=["line", "item", "bucket"], how="left")
    # fmin, not minimum: a run that uses no resource has NaN here, which is no limit.
    return routing.assign(output_limit=np.fmin(routing["output_limit"].to_numpy(), merged["most"].to_numpy()))


def resource_uses(tables: Tables, routing: pd.DataFrame, hours: pd.DataFrame) -> pd.DataFrame:
    """Hours of a shared resource that a unit takes: ``resource, bucket, line, item``, ``resource_hours_per_unit``."""
    needs = tables.frames["routing_resources"].rename(columns={"hours_per_unit": "resource_hours_per_unit"})
    uses = routing[["line", "item", "bucket"]].merge(needs, on=["line", "item"])
    return uses.merge(hours, on=["resource", "bucket"])


def forbid_what_cannot_fit(routing: pd.DataFrame) -> pd.DataFrame:
    """Rows without those where not even the smallest lot, or anything at all, fits into the bucket."""
    # A lot that fills the bucket exactly fits, whatever the last digit of the division says.
    room = routing["output_limit"] * (1 + 1e-9)
    fits = (room > 0) & (room >= smallest_lot(routing["min_lot"], routing["lot_multiple"]))
    return routing[fits].reset_index(drop=True)


def limit_by_use(tables: Tables, routing: pd.DataFrame, use: Use) -> pd.DataFrame:
    """``output_limit`` lowered to what there is a use for, rounded up to lots and to what a published plan may hold."""
    # Of all lines and buckets together: more than one run holds, but a valid limit without a join.
    published = tables.frames["published_plan"].groupby("item")["quantity"].sum()
    need = routing["item"].map({item: use.of(item) for item in sorted(set(routing["item"]))}).astype(float)
    need = need + routing["item"].map(published).astype(float).fillna(0.0)
    # A run that has more left over than the last of its lots, or than all of a smallest lot, could do with less.
    need = np.maximum(in_whole_lots(need, routing["lot_multiple"]),
                      smallest_lot(routing["min_lot"], routing["lot_multiple"]))
    return routing.assign(output_limit=np.minimum(routing["output_limit"], need))
