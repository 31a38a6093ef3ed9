"""What the tables say, as plain Python: who may make what, who may get what, and at what price."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from tests.oracle.horizon import Horizon, Row, horizon, open_share, within

if TYPE_CHECKING:
    from model.tables import Tables

FREIGHT_OURS = {"CPT", "CIP", "CFR", "CIF", "DAP", "DDP"}
DUTY_OURS = {"DDP"}
BOUGHT = "(opening stock, receipts and purchases)"


def plain(value: Any) -> Any:
    """A cell as None, date, bool, float or text."""
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


@dataclass(frozen=True)
class Delivery:
    """One way to serve a unit of an order, with the money per unit in base currency."""

    order: str
    item: str
    site: str
    mode: str | None
    bucket: int
    departure: date
    revenue: float
    late: float
    freight: float
    duty: float


class Facts:
    """The typed tables of a case, row by row, with the answers that follow from single rows."""

    def __init__(self, tables: Tables) -> None:
        self.settings = tables.settings
        self.table: dict[str, list[Row]] = {
            name: [{str(column): plain(value) for column, value in row.items()} for row in frame.to_dict("records")]
            for name, frame in tables.frames.items()}
        self.horizon: Horizon = horizon(self.settings.start_date.date(), self.settings.bucket,
                                        self.settings.bucket_count)

    @cached_property
    def sites(self) -> list[str]:
        """Every site that is named anywhere."""
        named = [row["site"] for name in ("sites", "lines", "stock", "supply", "receipts", "lanes")
                 for row in self.table[name]]
        named += [row[end] for row in self.table["transfers"] for end in ("from_site", "to_site")]
        return sorted(set(named)) or ["main"]

    @cached_property
    def lines(self) -> dict[str, Row]:
        """Lines by name."""
        return {row["line"]: row for row in self.table["lines"]}

    @cached_property
    def items(self) -> dict[str, Row]:
        """Items by name."""
        return {row["item"]: row for row in self.table["items"]}

    @cached_property
    def markets(self) -> dict[str, Row]:
        """Markets by name."""
        return {row["market"]: row for row in self.table["markets"]}

    @cached_property
    def planned_orders(self) -> list[Row]:
        """Orders that take part in the plan: accepted by decision, or neither declined by it nor unlikely tenders."""
        return [row for row in self.table["orders"] if row["decision"] == "accept" or (
                row["decision"] is None and row["win_probability"] >= self.settings.tender_threshold)]

    def is_firm(self, order: Row) -> bool:
        """Whether the order must be delivered in full."""
        return order["commitment"] == "firm" or order["decision"] == "accept"

    def line_share(self, line: str, bucket: int, opened: date | None = None) -> float:
        """Share of its hours that a line offers in a bucket, if it is opened on that day where it needs opening."""
        row = self.lines[line]
        starts = [day for day in (row["start_date"], opened) if day is not None]
        return open_share(self.horizon.days(bucket), self.table["calendar"], line, max(starts, default=None),
                          row["end_date"])

    def resource_hours(self, resource: Row, bucket: int) -> float:
        """Hours of a resource in a bucket."""
        return resource["hours"] * open_share(self.horizon.days(bucket), self.table["calendar"], resource["resource"],
                                              None, None)

    def rate(self, currency: str) -> float:
        """Base money for a unit of a currency."""
        rates = {row["currency"]: row["rate"] for row in self.table["currencies"]}
        return rates.get(currency, 1.0 if currency == self.settings.currency else math.nan)

    def price(self, order: Row) -> float:
        """Base money for a unit of the order."""
        return order["unit_price"] * self.rate(order["currency"])

    def meets_ratings(self, order: Row, item: str) -> bool:
        """Whether an item is rated for what the order asks; an unknown rating is not enough."""
        for asked, rated in (("min_c_rate", "max_c_rate"), ("backup_minutes", "max_backup_minutes")):
            rating = self.items[item][rated]
            if order[asked] is not None and (rating is None or rating < order[asked]):
                return False
        return True

    def price_factors(self, order: Row) -> dict[str, float]:
        """Items that may serve the order, each with its share of the price."""
        factors = {order["item"]: 1.0}
        specific: dict[str, int] = {}
        for row in self.table["substitutes"] if order["substitution"] else []:
            fits = (row["item"] == order["item"] and row["market"] in (None, order["market"])
                    and row["customer"] in (None, order["customer"]))
            named = (row["market"] is not None) + 2 * (row["customer"] is not None)
            if fits and named >= specific.get(row["substitute"], 0):
                factors[row["substitute"]], specific[row["substitute"]] = row["price_factor"], named
        return {item: factor for item, factor in factors.items() if self.meets_ratings(order, item)}

    def sources(self, order: Row, item: str) -> list[str]:
        """Lines approved for what the order's customer gets of an item, and what is not made at all."""
        approved = {row["line"] for row in self.table["approvals"]
                    if row["customer"] == order["customer"] and row["item"] == item}
        return [row["line"] for row in self.table["routings"]
                if row["item"] == item and (not approved or row["line"] in approved)] + [BOUGHT]

    def duty_rate(self, market: str | None, item: str, arrival: date) -> float:
        """Duty share for an item that arrives in a market on a day."""
        rows = [row for row in self.table["duties"] if row["market"] == market and row["item"] in (None, item)
                and within(arrival, row["from_date"], row["to_date"])]
        for wanted in (item, None):
            for row in rows:
                if row["item"] == wanted:
                    return float(row["duty_rate"])
        return float(self.markets[market]["duty_rate"]) if market in self.markets else 0.0

    def ways(self, market: str | None) -> list[Row]:
        """How a market can be reached: its lanes, or, without any, from every site at once and free."""
        lanes = [row for row in self.table["lanes"] if row["market"] == market and market is not None]
        return lanes or [{"site": site, "mode": None, "freight_cost": 0.0, "transit_days": 0} for site in self.sites]

    def deliveries(self, order: Row) -> list[Delivery]:
        """Every way in which a unit of the order can be delivered without breaking its dates."""
        found = []
        for item, factor in self.price_factors(order).items():
            for way in self.ways(order["market"]):
                for bucket in self.horizon.buckets:
                    departure = self.horizon.ends[bucket]
                    arrival = departure + timedelta(days=int(way["transit_days"]))
                    counted = departure if order["due_basis"] == "departure" else arrival
                    if counted > order["latest_date"] or not within(departure, order["earliest_ship_date"], None):
                        continue
                    value = self.price(order) * factor
                    freight = way["freight_cost"] if order["incoterm"] in FREIGHT_OURS else 0.0
                    duty = self.duty_rate(order["market"], item, arrival) if order["incoterm"] in DUTY_OURS else 0.0
                    found.append(Delivery(order["order"], item, way["site"], way["mode"], bucket, departure, value,
                                          value * late_share(order, counted), freight, value * duty))
        return found

    def transfer_routes(self, item: str) -> list[Row]:
        """Routes for an item; a row that names it replaces the blank row of the same two sites."""
        chosen: dict[tuple[str, str], Row] = {}
        for row in self.table["transfers"]:
            ends = (row["from_site"], row["to_site"])
            if row["item"] == item or (row["item"] is None and ends not in chosen):
                chosen[ends] = row
        return list(chosen.values())

    @cached_property
    def published(self) -> dict[tuple[str, str, int], float]:
        """Published quantity by line, item and bucket, summed over orders; what lies outside the horizon is ignored."""
        sums: dict[tuple[str, str, int], float] = {}
        for row in self.table["published_plan"]:
            bucket = self.horizon.containing(row["bucket_start"])
            if bucket is not None:
                key = (row["line"], row["item"], bucket)
                sums[key] = sums.get(key, 0.0) + row["quantity"]
        return sums

    def is_frozen(self, bucket: int) -> bool:
        """Whether production in the bucket must equal the published plan."""
        until = plain(self.settings.frozen_until)
        return bool(self.table["published_plan"]) and until is not None and self.horizon.starts[bucket] < until

    @cached_property
    def plenty(self) -> float:
        """More of any item than any plan could use, for items that take no hours."""
        wanted = sum(row["quantity"] for name in ("orders", "pins", "published_plan") for row in self.table[name])
        wanted += sum(row["safety_stock"] + row["final_stock"] for row in self.table["stock"])
        wanted += sum(row["min_lot"] + (row["lot_multiple"] or 0.0) for row in self.table["routings"])
        worst_yield = min((row["yield_share"] for row in self.table["routings"]), default=1.0)
        for row in self.table["bill_of_materials"]:
            wanted *= 1.0 + row["quantity_per"] / worst_yield
        return 2.0 * float(wanted)


def late_share(order: Row, counted: date) -> float:
    """Damages as a share of the value of what counts as delivered on that day."""
    days = (counted - order["due_date"]).days - order["late_grace_days"]
    return min(order["late_cap"], order["late_rate"] * math.ceil(days / 7)) if days > 0 else 0.0
