"""The plan's tables beside the input: rows with their bucket and with the terms of the input that belong to them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from model.audit.tally import KINDS, Floats
from model.buckets import buckets

if TYPE_CHECKING:
    from model.plan import Plan
    from model.tables import Tables

Ints = npt.NDArray[np.int64]
# What HiGHS leaves open in a row or a whole decision, in the units of the model.
SOLVER = 1e-6
# As in model.plan.rounding, and not taken from there: below this median order a plan has more decimals.
SMALL_ORDER = 0.3


class Book:
    """The input's typed tables and the plan's written tables; everything else follows from these two.

    Frames come with blank texts as "" (so that blanks join), plan frames with ``t``, the bucket's position (-1 where
    ``bucket_start`` is no bucket's first day).
    """

    def __init__(self, tables: Tables, plan: Plan) -> None:
        self.tables = tables
        self.plan = plan
        self.settings = tables.settings
        # As much as rounding changes one figure.
        self.half = {kind: 0.5 * 10.0 ** -places for kind, places in plan.decimals.items()}
        self._inputs: dict[str, pd.DataFrame] = {}
        self._rows: dict[str, pd.DataFrame] = {}

    @cached_property
    def horizon(self) -> pd.DataFrame:
        """Start, end and days of each bucket."""
        return buckets(self.settings)

    @cached_property
    def starts(self) -> Any:
        """First days of the buckets."""
        return self.horizon["start"].to_numpy().astype("datetime64[D]")

    @cached_property
    def ends(self) -> Any:
        """Last days of the buckets."""
        return self.horizon["end"].to_numpy().astype("datetime64[D]")

    def input(self, table: str) -> pd.DataFrame:
        """An input table with blank texts as ""."""
        if table not in self._inputs:
            self._inputs[table] = without_blanks(self.tables.frames[table])
        return self._inputs[table]

    def rows(self, table: str) -> pd.DataFrame:
        """A plan table with blank texts as "" and the bucket's position ``t``."""
        if table not in self._rows:
            frame = without_blanks(self.plan.frames[table].reset_index(drop=True), KINDS[table])
            if "bucket_start" in frame:
                frame["t"] = self.position(frame["bucket_start"])
            self._rows[table] = frame
        return self._rows[table]

    def position(self, dates: pd.Series) -> Ints:
        """Position of the bucket that starts on each date, -1 if none does."""
        days = pd.to_datetime(dates).to_numpy().astype("datetime64[s]")
        place = np.searchsorted(self.starts, days, side="right") - 1
        known = ~np.isnat(days) & (place >= 0)
        exact = known & (self.starts[np.where(known, place, 0)] == days)
        return np.where(exact, place, -1).astype(np.int64)

    def bucket_holding(self, dates: Any) -> Ints:
        """Position of the bucket that contains each date, -1 outside the horizon or for a blank."""
        days = np.asarray(dates, dtype="datetime64[D]")
        place = np.searchsorted(self.starts, days, side="right") - 1
        inside = ~np.isnat(days) & (place >= 0) & (days <= self.ends[-1])
        return np.where(inside, place, -1).astype(np.int64)

    def bucket_ending_from(self, dates: Any) -> Ints:
        """Position of the first bucket that ends on or after each date; the bucket count where none does."""
        return np.searchsorted(self.ends, np.asarray(dates, dtype="datetime64[D]"), side="left").astype(np.int64)

    def end_of(self, position: Any) -> Any:
        """Last day of each bucket, NaT for a position outside the horizon."""
        place = np.asarray(position, dtype=np.int64)
        inside = (place >= 0) & (place < len(self.ends))
        return np.where(inside, self.ends[np.where(inside, place, 0)], np.datetime64("NaT", "D"))

    def start_of(self, position: Any) -> Any:
        """First day of each bucket, NaT for a position outside the horizon."""
        place = np.asarray(position, dtype=np.int64)
        inside = (place >= 0) & (place < len(self.starts))
        return np.where(inside, self.starts[np.where(inside, place, 0)], np.datetime64("NaT", "D"))

    def covers(self, frame: pd.DataFrame, dates: Any) -> Any:
        """Whether each date lies between ``from_date`` and ``to_date`` of its row (a blank end is open)."""
        days = np.asarray(dates, dtype="datetime64[D]")
        first = frame["from_date"].to_numpy().astype("datetime64[D]")
        last = frame["to_date"].to_numpy().astype("datetime64[D]")
        return (np.isnat(first) | (first <= days)) & (np.isnat(last) | (days <= last))

    @cached_property
    def production(self) -> pd.DataFrame:
        """Production rows with their routing, ``known`` (there is one) and ``ready``, the bucket of availability."""
        routings = self.input("routings").assign(known=True)
        frame = attach(self.rows("production"), routings, ["line", "item"])
        sites = self.input("lines")[["line", "site"]].rename(columns={"site": "line_site"})
        frame = attach(frame, sites, ["line"])
        frame["known"] = frame["known"].notna() & (frame["t"] >= 0)
        lead = pd.to_timedelta(frame["lead_time_days"].fillna(0.0), unit="D").to_numpy()
        frame["ready"] = self.bucket_ending_from(self.end_of(frame["t"]) + lead.astype("timedelta64[D]"))
        # What is made in no bucket is never there: lead_times and stock_balance see it.
        frame.loc[frame["t"] < 0, "ready"] = len(self.ends)
        return frame

    @cached_property
    def runs(self) -> pd.DataFrame:
        """Quantity made by line, item and bucket, summed over orders, with the number of rows summed as ``terms``."""
        return self.with_routing(total(self.production[self.production["t"] >= 0], ["line", "item", "t"], "quantity"))

    def with_routing(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Rows of line and item with the columns of their routing; rows without one fall out."""
        return frame.merge(self.input("routings"), on=["line", "item"], how="inner")

    @cached_property
    def horizon_frame(self) -> pd.DataFrame:
        """Positions and first days of all buckets, for joining."""
        return pd.DataFrame({"t": np.arange(len(self.starts)), "bucket_start": self.horizon["start"].to_numpy()})

    @cached_property
    def typical(self) -> float:
        """Median quantity of the orders, whatever their items; 1 without orders."""
        quantities = self.input("orders")["quantity"]
        return float(quantities.median()) if len(quantities) else 1.0

    @cached_property
    def noise(self) -> pd.Series:
        """Quantity by item that a solver cannot tell from nothing: its tolerance, by how large orders typically are.

        An item counts by its own orders and by what those of the items it goes into need of it: where one is ordered in
        millions of pieces and another by the MWh, what is nothing of the one is many orders of the other.
        """
        own = typical_quantities(self)
        # Less than this is written as nothing, and more than the solver leaves of the whole book is nobody's.
        return pd.Series(solver_noise(own), own.index).clip(SOLVER * min(1.0, self.typical), self.most_noise)

    @cached_property
    def most_noise(self) -> float:
        """What a solver cannot tell from nothing where quantities of several items stand together."""
        return float(solver_noise(self.typical))

    def rounding(self, kind: str, terms: Any = 1, items: Any = None) -> Floats:
        """What rounding can add up to in a sum of ``terms`` written numbers of the kind, each of its item if named."""
        # Money and shares are sums of written figures: there the solver leaves nothing open.
        noise: Any = {"quantity": self.most_noise, "hours": SOLVER}.get(kind, 0.0)
        if items is not None:
            noise = pd.Series(items).map(self.noise).fillna(self.most_noise).to_numpy(dtype=np.float64)
        return np.asarray(terms, dtype=np.float64) * self.half[kind] + noise


def solver_noise(typical: Any) -> Any:
    """A solver's tolerance where orders are typically so large."""
    return SOLVER * np.where(np.asarray(typical) < SMALL_ORDER, typical, np.maximum(1.0, np.asarray(typical) / 10.0))


def typical_quantities(book: Book) -> pd.Series:
    """Median order by item, or what one of an item it goes into takes of it if that is more; the book's if unknown."""
    items = book.input("items")["item"]
    own = book.input("orders").groupby("item")["quantity"].median().reindex(items).fillna(0.0)
    bill = book.input("bill_of_materials").merge(book.input("routings")[["item", "yield_share"]], on="item")
    typical = own
    # Each round carries quantities one stage down; bills of materials have no loops, so the items bound the stages.
    for _ in range(len(items)):
        needed = bill["item"].map(typical) * bill["quantity_per"] / bill["yield_share"]
        grown = np.maximum(own, needed.groupby(bill["component"]).max().reindex(items).fillna(0.0))
        if grown.equals(typical):
            break
        typical = grown
    return typical.where(typical > 0.0, book.typical)


def without_blanks(frame: pd.DataFrame, kinds: dict[str, Any] | None = None) -> pd.DataFrame:
    """A copy in which blank texts are "" and every number is a float."""
    columns = {}
    for name in frame.columns:
        values = frame[name]
        kind = (kinds or {}).get(name, "")
        # Input frames come typed, without kinds: their objects are texts, all else keeps its type.
        if kind == "text" or (kinds is None and values.dtype == object):
            words = values.to_numpy(dtype=object, copy=True)
            words[pd.isna(words)] = ""
            columns[name] = pd.Series(words, dtype=object)
        elif kind == "date":
            columns[name] = pd.Series(pd.to_datetime(values).to_numpy())
        else:
            columns[name] = pd.Series(values.to_numpy(dtype=np.float64 if kind else None))
    return pd.DataFrame(columns)


def words(values: pd.Series) -> pd.Series:
    """A column of texts with blanks as ""."""
    texts = values.astype(object)
    return texts.where(texts.notna(), "")


def attach(rows: pd.DataFrame, terms: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """``rows`` in their order with the columns of ``terms`` found by ``keys`` (unique there), blank where not found."""
    # A column that the rows have already is theirs; a repeated key must not multiply the rows.
    fresh = [column for column in terms.columns if column in keys or column not in rows.columns]
    return rows.merge(terms[fresh].drop_duplicates(keys), on=keys, how="left")


def total(frame: pd.DataFrame, keys: list[str], column: str) -> pd.DataFrame:
    """Sum of a column by keys, with the number of rows summed as ``terms``."""
    grouped = frame.groupby(keys, sort=True, dropna=False)[column]
    return grouped.agg(["sum", "size"]).rename(columns={"sum": column, "size": "terms"}).reset_index()
