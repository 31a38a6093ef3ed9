"""Everything the laws look at, worked out once from the input and the plan's own decisions."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
import pandas as pd

from model.audit.book import Book, total
from model.audit.flows import routes, stock_table
from model.audit.hours import line_hours, resource_hours
from model.audit.selling import Selling

if TYPE_CHECKING:
    from model.plan import Plan
    from model.tables import Tables


Result = TypeVar("Result")
OFFER_KEYS = ["supplier", "item", "site", "t"]


class Facts:
    """Input and plan side by side, with what follows from both."""

    def __init__(self, tables: Tables, plan: Plan) -> None:
        self.plan = plan
        self.book = Book(tables, plan)
        self.selling = Selling(self.book)
        self._once: dict[str, Any] = {}

    def once(self, name: str, work_out: Callable[[Facts], Result]) -> Result:
        """What ``work_out`` finds, worked out at the first call and remembered under ``name``."""
        if name not in self._once:
            self._once[name] = work_out(self)
        return cast(Result, self._once[name])

    @cached_property
    def orders(self) -> pd.DataFrame:
        """The order book with what was delivered: ``shipped`` and the number of shipment rows ``terms``."""
        sums = total(self.shipments, ["order"], "quantity").rename(columns={"quantity": "shipped"})
        orders = self.selling.orders.merge(sums, on="order", how="left")
        return orders.fillna({"shipped": 0.0, "terms": 0.0})

    @cached_property
    def shipments(self) -> pd.DataFrame:
        """Shipments with what they should say."""
        return self.selling.shipments

    @cached_property
    def production(self) -> pd.DataFrame:
        """Production with its routing."""
        return self.book.production

    @cached_property
    def runs(self) -> pd.DataFrame:
        """Quantity made by line, item and bucket with its routing."""
        return self.book.runs

    @cached_property
    def stock(self) -> pd.DataFrame:
        """Flows of every item, site and bucket."""
        return stock_table(self.book, self.selling)

    @cached_property
    def line_hours(self) -> pd.DataFrame:
        """Hours offered by line and bucket, with the openings the plan chose."""
        return line_hours(self.book, self.book.rows("openings"))

    @cached_property
    def resource_hours(self) -> pd.DataFrame:
        """Hours offered by resource and bucket."""
        return resource_hours(self.book)

    @cached_property
    def setups(self) -> pd.DataFrame:
        """Setups that the runs make necessary: ``line, setup_group, t`` with hours and cost of the group."""
        keys = ["line", "setup_group", "t"]
        runs = self.runs[self.runs["quantity"] > 0]
        # The checks see to it that all rows of a line and group carry the same values: any of them will do.
        return runs.groupby(keys)[["setup_hours", "setup_cost"]].first().reset_index()

    @cached_property
    def work(self) -> pd.DataFrame:
        """Every line and bucket: hours offered, ``run``, ``setup``, ``units``; ``slack`` is the rounding in ``run``."""
        runs = self.runs.assign(run=lambda rows: rows["quantity"] * rows["hours_per_unit"],
                                slack=lambda rows: rows["terms"] * rows["hours_per_unit"] * self.book.half["quantity"],
                                units=lambda rows: rows["quantity"])
        made = runs.groupby(["line", "t"])[["run", "slack", "units", "terms"]].sum().reset_index()
        setup = self.setups.groupby(["line", "t"])["setup_hours"].sum().rename("setup").reset_index()
        work = self.line_hours.merge(made, on=["line", "t"], how="left").merge(setup, on=["line", "t"], how="left")
        return work.fillna({"run": 0.0, "slack": 0.0, "units": 0.0, "terms": 0.0, "setup": 0.0}).assign(
            bucket_start=lambda rows: self.book.start_of(rows["t"]))

    @cached_property
    def resource_work(self) -> pd.DataFrame:
        """Every resource and bucket: hours ``offered`` and ``used``, and the rounding in the use as ``slack``."""
        book = self.book
        needs = book.input("routing_resources").rename(columns={"hours_per_unit": "resource_rate"})
        uses = self.runs.merge(needs, on=["line", "item"], how="inner")
        uses = uses.assign(used=uses["quantity"] * uses["resource_rate"],
                           slack=uses["terms"] * uses["resource_rate"] * book.half["quantity"])
        sums = uses.groupby(["resource", "t"])[["used", "slack"]].sum().reset_index()
        work = self.resource_hours.merge(sums, on=["resource", "t"], how="left").fillna({"used": 0.0, "slack": 0.0})
        return work.assign(bucket_start=book.start_of(work["t"]))

    def flows_beside(self, levels: pd.DataFrame) -> pd.DataFrame:
        """Rows of stock levels with the recomputed flows and the input's terms as ``want_...``."""
        stock = self.stock.drop(columns=["bucket_start"])
        keys = ["item", "site", "t"]
        weights = [column for column in stock.columns if column.endswith("_weight")]
        wanted = stock.rename(columns={column: f"want_{column}" for column in stock.columns
                                       if column not in (*keys, *weights)})
        beside = levels.merge(wanted, on=keys, how="left")
        # A blank limit is no limit; whatever else is missing beside a row is a flow or a target of nothing.
        numbers = [column for column in beside.columns
                   if column in weights or (column.startswith("want_") and column != "want_storage_limit")]
        return beside.fillna(dict.fromkeys(numbers, 0.0))

    @cached_property
    def offers(self) -> pd.DataFrame:
        """Supply by bucket covered; rows alike in supplier, item, site, price and lead time form one offer.

        ``max_qty``, ``min_qty`` and the number of rows ``offers`` are theirs together; ``reachable`` says whether the
        bucket ends no earlier than the lead time after the plan's start.
        """
        book = self.book
        supply = book.input("supply")
        grid = supply.assign(position=np.arange(len(supply))).merge(book.horizon_frame, how="cross")
        grid = grid[book.covers(grid, grid["bucket_start"].to_numpy())]
        grid = grid.assign(unlimited=grid["max_qty"].isna(), offers=1)
        # The plan does not say which of two like rows it draws on, so they are held together.
        keys = [*OFFER_KEYS, "unit_cost", "lead_time_days"]
        sums = dict.fromkeys(("max_qty", "min_qty", "unlimited", "offers"), "sum")
        merged = grid.groupby(keys, as_index=False).agg({**sums, "position": "min"})
        merged["max_qty"] = merged["max_qty"].mask(merged.pop("unlimited") > 0)
        ends = book.end_of(merged["t"])
        lead = pd.to_timedelta(merged["lead_time_days"], unit="D").to_numpy().astype("timedelta64[D]")
        return merged.assign(reachable=ends - lead >= book.starts[0], want_order_by=ends - lead).rename(
            columns={"unit_cost": "want_unit_cost"})

    @cached_property
    def purchases(self) -> pd.DataFrame:
        """Rows of material needs, each with the offer that its price and order date name.

        ``copies``, ``bought`` and ``paid`` are of all rows of the same offer together.
        """
        rows = self.book.rows("material_needs").reset_index(names="row")
        pairs = rows.merge(self.offers, on=OFFER_KEYS, how="left")
        off = (pairs["unit_cost"] - pairs["want_unit_cost"]).abs()
        slack = self.book.half["price"] + 1e-6 * pairs["want_unit_cost"]
        # Price and order date count one each: where one of them is wrong, the other still finds the offer meant.
        right = (off <= slack).astype(int) + (pairs["order_by"] == pairs["want_order_by"]).astype(int)
        best = pairs.assign(right=right, off=off).sort_values(["row", "right", "off"], ascending=[True, False, True],
                                                              kind="stable").drop(columns="off")
        best = best.drop_duplicates("row").reset_index(drop=True)
        offer = best.groupby([*OFFER_KEYS, "want_unit_cost", "want_order_by"], dropna=False)
        best = best.assign(copies=offer["row"].transform("size"), bought=offer["quantity"].transform("sum"),
                           paid=offer["paid_quantity"].transform("sum"))
        return best.fillna({"offers": 0.0, "min_qty": 0.0}).assign(
            reachable=best["reachable"].fillna(False).astype(bool))

    @cached_property
    def transfers(self) -> pd.DataFrame:
        """Rows of the transfer plan with their route."""
        return routes(self.book, self.book.rows("transfer_plan"))

    @cached_property
    def published_beside_made(self) -> pd.DataFrame:
        """Every line, item and bucket with published or planned production: ``published``, ``made``, ``is_frozen``."""
        book = self.book
        keys = ["line", "item", "t"]
        plan = book.input("published_plan")
        plan = plan.assign(t=book.bucket_holding(plan["bucket_start"].to_numpy()))
        published = plan[plan["t"] >= 0].groupby(keys)["quantity"].sum().rename("published").reset_index()
        made = self.runs[[*keys, "quantity", "terms"]].rename(columns={"quantity": "made"})
        rows = published.merge(made, on=keys, how="outer").fillna({"published": 0.0, "made": 0.0, "terms": 0.0})
        until = book.settings.frozen_until
        # Without a published plan nothing is frozen, whatever the setting says, and the table of changes is empty.
        frozen = until is not None and not pd.isna(until) and len(plan) > 0
        rows["is_frozen"] = (book.start_of(rows["t"]) < np.datetime64(until, "D")) if frozen else False
        return rows.assign(bucket_start=book.start_of(rows["t"])) if len(plan) else rows.iloc[:0].assign(
            bucket_start=book.start_of(rows["t"].iloc[:0]))
