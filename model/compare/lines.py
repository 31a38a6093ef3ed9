"""What changed on the lines: hours and load over the horizon, by line and by technology."""

from __future__ import annotations

import math

import pandas as pd

HOURS = ("regular_hours", "used_hours", "overtime_hours")
SAME_HOURS = 1e-5  # hours are written with six decimals


def line_changes(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """One row per line of either ``line_load``, the one whose load moved most first.

    Columns line, site, technology, <hours>_before and <hours>_after [h], load_before and load_after (used / regular
    hours of the whole horizon, NaN without regular hours or line), load_difference, moved_hours (used in other buckets
    than before, half the sum of what differs, 0 where a plan lacks the line) [h], changed.
    """
    return _changes(before, after, "line", ("site", "technology"))


def technology_changes(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """The same by technology of the lines; a line without one counts under the blank name."""
    named = [frame.assign(technology=frame["technology"].fillna("")) for frame in (before, after)]
    return _changes(named[0], named[1], "technology", ())


def _changes(before: pd.DataFrame, after: pd.DataFrame, key: str, words: tuple[str, ...]) -> pd.DataFrame:
    sums = {side: frame.assign(used_hours=frame["run_hours"] + frame["setup_hours"]).groupby(key)[list(HOURS)].sum()
            for side, frame in (("before", before), ("after", after))}
    # After first: a line known to both stands with its later site and technology.
    both = pd.concat([after, before], ignore_index=True).drop_duplicates(key)[[key, *words]].reset_index(drop=True)
    for side, hours in sums.items():
        mine = hours.reindex(both[key])
        for name in HOURS:
            both[f"{name}_{side}"] = mine[name].to_numpy()
        both[f"load_{side}"] = (mine["used_hours"] / mine["regular_hours"].where(mine["regular_hours"] > 0)).to_numpy()
    # Noise beyond the ninth digit would put equal lines in an order.
    both["load_difference"] = (both["load_after"] - both["load_before"]).round(9)
    both["moved_hours"] = _moved_hours(before, after, key).reindex(both[key]).fillna(0.0).to_numpy()
    differs = [any(_differ(*pair) for pair in zip(row[::2], row[1::2], strict=True)) for row in both[
        [f"{name}_{side}" for name in HOURS for side in sums]].itertuples(index=False, name=None)]
    both["changed"] = (both["moved_hours"] > 0) | pd.Series(differs, both.index, dtype=bool)
    # Changed without two loads to compare, as where one plan lacks the line: first of all. Unchanged: last.
    size = both["load_difference"].abs().where(both["changed"], -1.0).fillna(math.inf)
    return both.loc[size.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def _moved_hours(before: pd.DataFrame, after: pd.DataFrame, key: str) -> pd.Series:
    """By name: hours that are used in another bucket, where both plans know it. [h]"""
    used = [frame.assign(used_hours=frame["run_hours"] + frame["setup_hours"]).groupby([key, "bucket_start"])[
        "used_hours"].sum() for frame in (before, after)]
    differences = used[1].sub(used[0], fill_value=0.0).abs()
    moved = differences.where(differences > SAME_HOURS, 0.0).groupby(level=0).sum() / 2
    return moved[moved.index.isin(before[key]) & moved.index.isin(after[key])]


def _differ(before: float, after: float) -> bool:
    if math.isnan(before) or math.isnan(after):
        return math.isnan(before) != math.isnan(after)
    return abs(after - before) > SAME_HOURS
