"""For which items, sites, lines and buckets the rows that tighten lot sizing hold."""

from __future__ import annotations

import pandas as pd

from model.instance.dividing import PART
from model.instance.index import Groups, IndexTable, group, index_table

# Buckets; longer stretches add rows and hardly anything to the bound.
LONGEST_STRETCH = 12
SETUP = ("line", "setup_group", "bucket")


def tightening_sets(frames: dict[str, pd.DataFrame]) -> list[IndexTable]:
    """Stretches ``item, site, first, last`` that end in a bucket with certain shipments, of items whose making is not
    divided by bucket; buckets with certain shipments of those whose making is; lines with setups."""
    ends = frames["certain"][["item", "site", "bucket"]].drop_duplicates()
    is_divided = ends["item"].isin(frames["parts"]["item"])
    rows = [(item, site, first, last)
            for item, site, last in ends[~is_divided].itertuples(index=False)
            for first in range(max(0, last - LONGEST_STRETCH + 1), last + 1)]
    frame = pd.DataFrame(rows, columns=["item", "site", "first", "last"])
    return [index_table("LOOK_AHEADS", ("item", "site", "first", "last"), frame),
            index_table("DIVIDED_SHIPPING", ("item", "site", "bucket"), ends[is_divided]),
            index_table("SETUP_LINE_BUCKETS", ("line", "bucket"), _setup_line_buckets(frames)),
            index_table("SHARED_SETUPS", SETUP, _shared_setups(frames), "hours_after_setup")]


def _shared_setups(frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Setups that several items share in a bucket, with the hours they leave."""
    routing = frames["routing"][frames["routing"]["has_setup"]]
    shared = routing[routing.duplicated(list(SETUP), keep=False)].drop_duplicates(list(SETUP))
    # Never less than nothing: where not even the setup fits there is no row of the routing.
    return shared.assign(hours_after_setup=shared["line_hours"] - shared["setup_hours"])


def _setup_line_buckets(frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Lines and buckets with setups in which hours limit more than each output limit says: where there is overtime, or
    items share a setup. Lines that may be opened have no hours of their own."""
    routing, hours = frames["routing"], frames["hours"]
    may_open = hours.loc[hours["option"].notna(), "line"]
    needy = routing[routing["has_setup"] & ~routing["line"].isin(may_open)].merge(
        hours[hours["option"].isna()][["line", "bucket", "overtime_limit"]], on=["line", "bucket"])
    is_shared = needy.duplicated(list(SETUP), keep=False)
    return needy.loc[is_shared | (needy["overtime_limit"] > 0), ["line", "bucket"]].drop_duplicates()


def tightening_groups(frames: dict[str, pd.DataFrame]) -> dict[str, Groups]:
    """Certain shipments with their quantities, and setups by the bucket in which their output is available."""
    certain = frames["certain"]
    place = ("item", "site", "bucket")
    routing = frames["routing"]
    ready = routing[routing["has_setup"]].rename(columns={"bucket": "bucket_made"})
    quantity = certain.groupby(list(place), as_index=False)["quantity"].sum()
    sums = group(quantity, place, ("quantity",))
    return {
        "CERTAIN_SHIPMENTS": group(certain, place, ("order", "item", "pool", "site", "mode", "bucket")),
        "CERTAIN_QTY": _Zero(sums),
        "PARTS_SHIPPED": group(frames["parts"], ("item", "site", "ships_in"), PART),
        "SETUPS_READY": group(ready, ("item", "site", "available"), ("line", "setup_group", "bucket_made")),
    }


class _Zero(Groups):
    """Quantities by place; a place without any has zero."""

    def __missing__(self, key: object) -> tuple[float, ...]:
        return (0.0,)
