"""Books in which single orders are deprived of what they need: one order each of hours, time, material and so on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pandas as pd

from model.tables import Tables
from tests.explain.stating import with_cells

FEWEST_DAYS, FAR, EVER = 60, 1.02, 3650
SCARCE, CHOOSY, DEPOT, NOWHERE = "scarce foil", "choosy", "depot", "nowhere"


def deprived(tables: Tables) -> tuple[Tables, dict[str, str]]:
    """The tables with one order for each cause, and the cause by order: those of most value that may be declined, are
    made of their own item and have time enough."""
    start = tables.settings.start_date
    orders = tables.frames["orders"]
    made = set(tables.frames["routings"]["item"])
    free = orders[(orders["commitment"] == "optional") & orders["decision"].isna() & orders["item"].isin(made)
                  & (orders["win_probability"] >= 1) & orders["min_c_rate"].isna() & orders["backup_minutes"].isna()
                  & ~orders["substitution"] & (orders["latest_date"] >= pd.Timestamp(start) + pd.Timedelta(
                      days=FEWEST_DAYS))]
    names = free.sort_values(["quantity", "order"], ascending=[False, True])["order"].tolist()
    chosen = dict(zip(names, CAUSES, strict=False))
    for order, cause in chosen.items():
        # What a stock allows of a minimum fill is no sign that the order lacks nothing.
        if _cell(tables, order, "min_fill"):
            tables = with_cells(tables, order, min_fill=1.0)
        tables = CAUSES[cause](tables, order)
    return tables, chosen


def _cell(tables: Tables, order: str, column: str) -> object:
    return tables.frames["orders"].set_index("order").at[order, column]


def _with_rows(tables: Tables, table: str, *records: Mapping[str, object]) -> Tables:
    frame = tables.frames[table]
    rows = pd.DataFrame(records).reindex(columns=frame.columns)
    rows = rows.astype(frame.dtypes.to_dict())
    joined = rows if frame.empty else pd.concat([frame, rows], ignore_index=True)
    return replace(tables, frames={**tables.frames, table: joined})


def _copied(tables: Tables, order: str, item: str) -> Tables:
    """The order for an item of its own that is made like the one it asked for, from the same components."""
    own, frames = _cell(tables, order, "item"), dict(tables.frames)
    for name in ("items", "routings", "routing_resources", "bill_of_materials"):
        rows = frames[name][frames[name]["item"] == own].assign(item=item)
        if name == "routings":
            rows = rows.assign(setup_group=item)
        frames[name] = pd.concat([frames[name], rows], ignore_index=True)
    return with_cells(replace(tables, frames=frames), order, item=item)


def _of_hours(tables: Tables, order: str) -> Tables:
    """More than all lines that make it can make in the whole plan, so that no later date helps."""
    row = tables.frames["orders"].set_index("order").loc[order]
    routings = tables.frames["routings"]
    mine = routings[routings["item"] == row["item"]].merge(tables.frames["lines"], on="line")
    hours = (mine["regular_hours"] + mine["overtime_hours"]) * tables.settings.bucket_count
    most = float((hours / mine["hours_per_unit"]).sum())
    return with_cells(tables, order, quantity=FAR * most, min_fill=1.0, single_line=False, single_delivery=False,
                      latest_date=row["latest_date"] + pd.Timedelta(days=EVER))


def _of_time(tables: Tables, order: str) -> Tables:
    """Wanted on the plan's first day."""
    day = pd.Timestamp(tables.settings.start_date)
    return with_cells(tables, order, due_date=day, latest_date=day, earliest_ship_date=pd.NaT)


def _of_material(tables: Tables, order: str) -> Tables:
    """One foil of a scarce kind for each unit; half as many are in stock, and none can be had."""
    item = f"{order} special"
    lines = tables.frames["lines"].set_index("line")["site"]
    made = tables.frames["routings"]
    made = made[made["item"] == _cell(tables, order, "item")]
    site = lines[made["line"].iloc[0]]
    quantity = float(_cell(tables, order, "quantity"))  # type: ignore[arg-type]
    tables = _with_rows(_copied(tables, order, item), "items", {"item": SCARCE, "unit": "t"})
    tables = _with_rows(tables, "bill_of_materials", {"item": item, "component": SCARCE, "quantity_per": 1.0})
    tables = _with_rows(tables, "stock", {
        "item": SCARCE, "site": site, "opening_stock": quantity / 2, "safety_stock": 0.0, "final_stock": 0.0,
        "holding_cost": 0.0})
    return with_cells(tables, order, min_fill=1.0, single_line=False, single_delivery=False)


def _of_approval(tables: Tables, order: str) -> Tables:
    """Its customer approves one line only, which does not make its item."""
    item = _cell(tables, order, "item")
    makers = set(tables.frames["routings"].loc[tables.frames["routings"]["item"] == item, "line"])
    other = next(line for line in tables.frames["lines"]["line"] if line not in makers)
    tables = _with_rows(tables, "customers", {"customer": CHOOSY})
    tables = _with_rows(tables, "approvals", {"customer": CHOOSY, "item": item, "line": other})
    return with_cells(tables, order, customer=CHOOSY)


def _of_rating(tables: Tables, order: str) -> Tables:
    """It asks for a discharge rate that nothing has."""
    return with_cells(tables, order, min_c_rate=99.0)


def _of_lane(tables: Tables, order: str) -> Tables:
    """To its market goods travel from a site where there are none."""
    tables = _with_rows(tables, "sites", {"site": DEPOT})
    tables = _with_rows(tables, "markets", {"market": NOWHERE, "region": "overseas", "duty_rate": 0.0})
    tables = _with_rows(tables, "lanes", {
        "site": DEPOT, "market": NOWHERE, "mode": "standard", "freight_cost": 0.0, "transit_days": 0.0})
    return with_cells(tables, order, market=NOWHERE)


def _of_line(tables: Tables, order: str) -> Tables:
    """The lines learn to make its item only after its latest date."""
    item, latest = f"{order} later", _cell(tables, order, "latest_date")
    tables = _copied(tables, order, item)
    routings = tables.frames["routings"].copy()
    routings.loc[routings["item"] == item, "from_date"] = latest
    return replace(tables, frames={**tables.frames, "routings": routings})


CAUSES: Mapping[str, Callable[[Tables, str], Tables]] = {
    "hours": _of_hours, "material": _of_material, "time": _of_time, "approval": _of_approval, "rating": _of_rating,
    "lane": _of_lane, "line": _of_line}
