"""Hours: setups, lines, shared resources, and the lines that are opened."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.buckets import bucket_of
from model.instance import Instance
from model.instance.hours import option_names
from model.plan.decided import Decided


def openings(instance: Instance, decided: Decided) -> pd.DataFrame:
    """The expansion options chosen: line, start date, cost."""
    options = instance.tables.frames["expansions"]
    options = options.assign(option=option_names(options["start_date"]))
    chosen = options.merge(decided["is_opened"][["line", "option"]], on=["line", "option"])
    return chosen.assign(expansion=-chosen["cost"]).sort_values("line", kind="stable")


def setups(instance: Instance, production: pd.DataFrame) -> pd.DataFrame:
    """One row for each line, setup group and bucket in which it runs."""
    routing = instance.frames["routing"]
    # From what runs, not from is_set_up: a setup that the search left standing idle is not part of the plan.
    rows = production.assign(bucket=bucket_of(instance.horizon, production["bucket_start"])).merge(
        routing[routing["has_setup"]][["line", "item", "bucket", "setup_group", "setup_hours", "setup_cost"]],
        on=["line", "item", "bucket"])
    rows = rows.drop_duplicates(["line", "setup_group", "bucket"])
    return rows.assign(setup=-rows["setup_cost"]).sort_values(["bucket", "line", "setup_group"], kind="stable")


def line_load(instance: Instance, production: pd.DataFrame, set_up: pd.DataFrame,
              opened: pd.DataFrame) -> pd.DataFrame:
    """Hours offered and used by every line in every bucket; overtime is what exceeds the regular hours."""
    hours = instance.frames["hours"]
    chosen = set(zip(opened["line"], option_names(opened["start_date"]), strict=True))
    is_open = hours["option"].isna() | pd.Series(
        [pair in chosen for pair in zip(hours["line"], hours["option"], strict=True)], index=hours.index, dtype=bool)
    offered = hours.assign(regular_hours=hours["regular_hours"].where(is_open, 0.0),
                           overtime_limit=hours["overtime_limit"].where(is_open, 0.0))
    # Options that are not chosen count zero, and at most one is chosen: the sum is its hours.
    rows = offered.groupby(["line", "bucket"], as_index=False)[["regular_hours", "overtime_limit"]].sum()
    made = production.assign(bucket=bucket_of(instance.horizon, production["bucket_start"])).merge(
        instance.frames["routing"][["line", "item", "bucket", "hours_per_unit"]], on=["line", "item", "bucket"])
    # Not the sum of the rows' hours: where many small lots run, their rounding adds up.
    made["run_hours"] = made["quantity"] * made["hours_per_unit"]
    used = made.groupby(["line", "bucket"], as_index=False).agg(
        run_hours=("run_hours", "sum"), units=("quantity", "sum"))
    setting = set_up.assign(bucket=bucket_of(instance.horizon, set_up["bucket_start"])).groupby(
        ["line", "bucket"], as_index=False)["setup_hours"].sum()
    rows = rows.merge(used, on=["line", "bucket"], how="left").merge(setting, on=["line", "bucket"], how="left")
    rows = rows.fillna({"run_hours": 0.0, "units": 0.0, "setup_hours": 0.0}).astype({"setup_hours": float})
    rows = rows.merge(instance.tables.frames["lines"][["line", "site", "technology", "overtime_cost"]], on="line")
    work = rows["run_hours"] + rows["setup_hours"]
    rows["overtime_hours"] = (work - rows["regular_hours"]).clip(lower=0.0)
    rows["idle_hours"] = (rows["regular_hours"] - work).clip(lower=0.0)
    rows["load"] = np.where(rows["regular_hours"] > 0, work / rows["regular_hours"].where(rows["regular_hours"] > 0),
                            np.nan)
    rows["overtime"] = -rows["overtime_hours"] * rows["overtime_cost"]
    rows["bucket_start"] = instance.horizon["start"].reindex(rows["bucket"]).to_numpy()
    return rows.sort_values(["line", "bucket"], kind="stable")


def resource_load(instance: Instance, production: pd.DataFrame) -> pd.DataFrame:
    """Hours offered and used by every shared resource in every bucket."""
    rows = instance.frames["capacity"].rename(columns={"resource_hours": "hours"})
    rows = rows.merge(instance.tables.frames["resources"][["resource", "site"]], on="resource")
    made = production.assign(bucket=bucket_of(instance.horizon, production["bucket_start"]))
    used = made.merge(instance.frames["uses"], on=["line", "item", "bucket"])
    used["used_hours"] = used["quantity"] * used["resource_hours_per_unit"]
    sums = used.groupby(["resource", "bucket"], as_index=False)["used_hours"].sum()
    rows = rows.astype({"bucket": int}).merge(sums.astype({"bucket": int}), on=["resource", "bucket"], how="left")
    rows["used_hours"] = rows["used_hours"].astype(float).fillna(0.0)
    rows["idle_hours"] = (rows["hours"] - rows["used_hours"]).clip(lower=0.0)
    rows["load"] = (rows["used_hours"] / rows["hours"].where(rows["hours"] > 0)).astype(float)
    rows["bucket_start"] = instance.horizon["start"].reindex(rows["bucket"]).to_numpy()
    return rows.sort_values(["resource", "bucket"], kind="stable")
