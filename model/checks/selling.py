"""Selling: substitutes, duties, lanes, currencies and orders whose columns contradict each other."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.checks.dates import overlapping
from model.checks.draft import Draft, where
from model.checks.sources import planned_orders

_RATINGS = (("min_c_rate", "max_c_rate"), ("backup_minutes", "max_backup_minutes"))


def check_substitutes(draft: Draft) -> None:
    """Nothing replaces itself."""
    frame = draft.frame("substitutes")
    for position in where(frame["item"].notna() & (frame["item"] == frame["substitute"])):
        draft.error("substitute_is_item", "substitutes", position, "substitute")


def check_duties(draft: Draft) -> None:
    """For one market and item at most one duty row holds on a day; a domestic market bears none."""
    duties, markets = draft.frame("duties"), draft.frame("markets")
    named = duties[duties["market"].notna()]
    for _, rows in named.groupby(["market", named["item"].fillna("")]):
        for other, position in overlapping(duties, rows.index.to_numpy()) if len(rows) > 1 else ():
            draft.error("duty_overlap", "duties", position, "from_date", other=draft.row_address("duties", other))
    domestic = set(markets.loc[markets["region"] == "domestic", "market"])
    for position in where((markets["region"] == "domestic") & (markets["duty_rate"] > 0)):
        draft.warn("domestic_duty", "markets", position, "duty_rate")
    for position in where(duties["market"].isin(domestic) & (duties["duty_rate"] > 0)):
        draft.warn("domestic_duty", "duties", position, "duty_rate")


def check_currencies(draft: Draft) -> None:
    """One unit of the base currency is worth one."""
    frame = draft.frame("currencies")
    base = draft.settings.currency if draft.settings else None
    for position in where((frame["currency"] == base) & frame["rate"].notna() & (frame["rate"] != 1.0)):
        draft.error("base_rate", "currencies", position, "rate")


def check_lanes(draft: Draft) -> None:
    """An order's market that has lanes has one from a site where what is ordered can be."""
    lanes, orders = draft.frame("lanes"), draft.frame("orders")
    # With transfers an item can come to sites other than these.
    if lanes.empty or draft.has("transfers") or not draft.sound("lanes", ("site", "market")):
        return
    from_sites: dict[str, set[str]] = {}
    for site, market in zip(lanes["site"], lanes["market"], strict=True):
        from_sites.setdefault(market, set()).add(site)
    sites = _sites_of_items(draft)
    for position, (item, market, substitution) in enumerate(
            zip(orders["item"], orders["market"], orders["substitution"], strict=True)):
        if market in from_sites and sites.get(item) and not substitution and not sites[item] & from_sites[market]:
            draft.warn("no_lane", "orders", position, "market", item=item, sites=tuple(sorted(sites[item])),
                       lanes=tuple(sorted(from_sites[market])))


def _sites_of_items(draft: Draft) -> dict[str, set[str]]:
    """Sites at which each item is made, bought, in stock or expected."""
    lines = draft.frame("lines")
    site_of = dict(zip(lines["line"], lines["site"], strict=True))
    routings = draft.frame("routings")
    found: dict[str, set[str]] = {}
    places = [zip(routings["item"], (site_of.get(line) for line in routings["line"]), strict=True)]
    for name in ("supply", "stock", "receipts"):
        places.append(zip(draft.frame(name)["item"], draft.frame(name)["site"], strict=True))
    for pairs in places:
        for item, site in pairs:
            if item is not None and site is not None:
                found.setdefault(item, set()).add(site)
    return found


def check_orders(draft: Draft) -> None:
    """An order does not say two things at once, and its own item meets what it demands."""
    orders = draft.frame("orders")
    firm, declined = orders["commitment"] == "firm", orders["decision"] == "decline"
    for position in where(firm & declined):
        draft.warn("firm_declined", "orders", position, "decision")
    if draft.settings is not None:
        # Neither declined nor planned: a tender that is not likely enough.
        for position in where(firm & ~declined & ~planned_orders(draft)):
            draft.warn("firm_tender", "orders", position, "win_probability", threshold=draft.settings.tender_threshold)
    _check_ratings(draft, orders)


def rated_for(draft: Draft, position: int, items: list[str]) -> list[str]:
    """Those of the items that are rated for the discharge rate and backup time of the order at the position."""
    table, order = draft.frame("items").drop_duplicates("item").set_index("item"), draft.frame("orders").iloc[position]
    wanted = [(rated, order[demanded]) for demanded, rated in _RATINGS if not np.isnan(order[demanded])]
    return [item for item in items if item in table.index and all(table.at[item, rated] >= least
                                                                  for rated, least in wanted)]


def _check_ratings(draft: Draft, orders: pd.DataFrame) -> None:
    items = draft.frame("items").drop_duplicates("item").set_index("item")
    for demanded, rated in _RATINGS:
        has = orders["item"].map(items[rated]).to_numpy(dtype="float64")
        wanted = orders[demanded].to_numpy(dtype="float64")
        known = orders["item"].isin(items.index).to_numpy()
        for position in where(known & ~np.isnan(wanted) & ~(has >= wanted)):
            draft.warn("own_item_rating", "orders", position, demanded, item=orders["item"].iloc[position],
                       rating="" if np.isnan(has[position]) else float(has[position]), rating_column=rated)
