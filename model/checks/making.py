"""Making: lots that fit, setups that agree, resources and openings that have a routing."""

from __future__ import annotations

from model.checks.dates import overlapping
from model.checks.draft import Draft, rows_of, where
from model.lots import smallest_lot


def check_lines_and_resources(draft: Draft) -> None:
    """A line and a resource never share a name, since calendar rows name either."""
    lines = set(draft.frame("lines")["line"])
    for position in where(draft.frame("resources")["resource"].isin(lines - {None})):
        draft.error("line_is_resource", "resources", position, "resource")


def check_setups(draft: Draft) -> None:
    """Routings of one line and setup group carry the same setup hours and cost."""
    routings = draft.frame("routings")
    named = routings[routings["line"].notna() & routings["setup_group"].notna()]
    for column in ("setup_hours", "setup_cost"):
        # first passes over cells that could not be understood, which have a finding already.
        first = named.groupby(["line", "setup_group"])[column].transform("first")
        for position in named.index[(named[column] != first) & named[column].notna()]:
            row = routings.loc[position]
            draft.error("setup_differs", "routings", int(position), column, line=row["line"], group=row["setup_group"],
                        other=first[position])


def check_lots(draft: Draft) -> None:
    """The smallest lot of a routing fits the hours of a bucket."""
    routings, lines = draft.frame("routings"), draft.frame("lines").drop_duplicates("line")
    hours = dict(zip(lines["line"], lines["regular_hours"] + lines["overtime_hours"], strict=True))
    for position, row in enumerate(rows_of(routings)):
        least, multiple = row.min_lot, row.lot_multiple
        if not (least > 0 or multiple > 0) or row.line not in hours:
            continue
        lot = float(smallest_lot(least, multiple))
        needed = lot * row.hours_per_unit + row.setup_hours
        if needed > hours[row.line]:
            draft.warn("lot_too_large", "routings", position, "min_lot" if least > 0 else "lot_multiple",
                       lot=lot, needed=needed, hours=hours[row.line], line=row.line)


def check_routing_references(draft: Draft) -> None:
    """What speaks of a line and an item speaks of a routing that exists."""
    routings = set(zip(draft.frame("routings")["line"], draft.frame("routings")["item"], strict=True))
    if not draft.has("routings"):
        return
    for name in ("routing_resources", "approvals", "published_plan"):
        frame = draft.frame(name)
        for position, (line, item) in enumerate(zip(frame["line"], frame["item"], strict=True)):
            if line is not None and item is not None and (line, item) not in routings:
                draft.add("error" if name == "routing_resources" else "warning", f"{name}_without_routing", name,
                          position, "line", item=item)


def check_expansions(draft: Draft) -> None:
    """A line that may be opened needs hours for what it makes, else it could make it unopened; an option's date lies
    within the plan and the life of its line."""
    optional = set(draft.frame("expansions")["line"]) - {None}
    routings = draft.frame("routings")
    for position in where(routings["line"].isin(optional) & (routings["hours_per_unit"] == 0)):
        draft.error("free_on_expansion", "routings", position, "hours_per_unit", line=routings["line"].iloc[position])
    lines = draft.frame("lines").drop_duplicates("line")[["line", "start_date", "end_date"]]
    options = draft.frame("expansions").merge(lines, on="line", how="left", suffixes=("", "_of_line"))
    opens, begins = options["start_date"], options["start_date_of_line"]
    for position in where(opens > options["end_date"]):
        draft.warn("expansion_after_line", "expansions", position, "start_date", end=options["end_date"].iloc[position])
    for position in where(opens < begins):
        draft.warn("expansion_before_line", "expansions", position, "start_date", start=begins.iloc[position])
    if draft.horizon is not None:
        start = draft.horizon["start"].iloc[0]
        for position in where((opens < start) & ~(opens < begins)):
            draft.warn("expansion_before_start", "expansions", position, "start_date", start=start)


def check_stock(draft: Draft) -> None:
    """What is in stock, or has to be, fits the storage limit."""
    stock = draft.frame("stock")
    for position in where(stock["opening_stock"] > stock["storage_limit"]):
        draft.error("opening_above_limit", "stock", position, "opening_stock",
                    limit=stock["storage_limit"].iloc[position])
    for column in ("safety_stock", "final_stock"):
        for position in where(stock[column] > stock["storage_limit"]):
            draft.warn("promise_above_limit", "stock", position, column, limit=stock["storage_limit"].iloc[position])


def check_quantities(draft: Draft) -> None:
    """A minimum does not exceed its maximum."""
    for name in ("supply", "allocations"):
        frame = draft.frame(name)
        for position in where(frame["max_qty"] < frame["min_qty"]):
            draft.error("max_below_min", name, position, "max_qty", least=frame["min_qty"].iloc[position])


def check_supply_overlap(draft: Draft) -> None:
    """Rows of one supplier, item and site that overlap count as two offers, which is seldom meant."""
    supply = draft.frame("supply")
    named = supply[supply["supplier"].notna() & supply["item"].notna() & supply["site"].notna()]
    for _, rows in named.groupby(["supplier", "item", "site"]):
        for other, position in overlapping(supply, rows.index.to_numpy()) if len(rows) > 1 else ():
            draft.warn("supply_overlap", "supply", position, "from_date", other=draft.row_address("supply", other))


def check_transfers(draft: Draft) -> None:
    """Transfers lead from one site to another, once for each pair of sites and item."""
    transfers = draft.frame("transfers")
    for position in where(transfers["from_site"].notna() & (transfers["from_site"] == transfers["to_site"])):
        draft.error("same_site", "transfers", position, "to_site")
    key = ["from_site", "to_site", "item"]
    usable = transfers[transfers["from_site"].notna() & transfers["to_site"].notna()]
    for position in usable.index[usable.duplicated(key)]:
        # Blanks as words, since a blank equals nothing.
        same = (usable[key].fillna("") == usable.loc[position, key].fillna("")).all(axis=1)
        draft.error("duplicate_transfer", "transfers", int(position), "from_site",
                    other=draft.row_address("transfers", int(usable.index[same][0])))
