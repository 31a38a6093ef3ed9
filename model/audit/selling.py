"""What each shipment should say: its dates, price, damages, freight and duty, from the input alone."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd

from model.audit.book import Book, attach
from model.audit.tally import Flags, Floats

FREIGHT_IS_THEIRS = ("EXW", "FCA", "FOB")
DUTY_IS_OURS = "DDP"
UNNAMED_MODE = "standard"
DAY = np.timedelta64(1, "D")


class Selling:
    """Orders and shipments of a plan with the terms the input gives them."""

    def __init__(self, book: Book) -> None:
        self.book = book

    @cached_property
    def orders(self) -> pd.DataFrame:
        """The order book with ``firm``, ``left_out``, ``region`` and ``base_price`` [base money per unit]."""
        book = self.book
        orders = book.input("orders")
        rates = book.input("currencies").set_index("currency")["rate"]
        # Only the base currency may be missing from the table: the checks refuse any other.
        rate = orders["currency"].map(rates).where(orders["currency"].isin(rates.index), 1.0).astype(np.float64)
        accepted = orders["decision"] == "accept"
        tender = (orders["win_probability"] < book.settings.tender_threshold) & ~accepted
        orders = orders.assign(base_price=orders["unit_price"] * rate,
                               firm=(orders["commitment"] == "firm") | accepted,
                               left_out=(orders["decision"] == "decline") | tender)
        return attach(orders, book.input("markets")[["market", "region"]], ["market"]).fillna({"region": ""})

    @cached_property
    def shipments(self) -> pd.DataFrame:
        """Shipment rows with what they should say; ``known``: of an order of the book, in a bucket."""
        orders = self.orders.rename(columns={"item": "ordered", "market": "ordered_market"}).assign(known=True)
        frame = attach(self.book.rows("shipments"), orders, ["order"])
        frame["known"] = frame["known"].notna() & (frame["t"] >= 0)
        frame["allowed_factor"] = self.price_factors(frame)
        frame = self._with_lanes(frame)
        frame["leaves"] = self.book.end_of(frame["t"])
        frame["arrives"] = frame["leaves"].to_numpy() + self._days(frame["transit_days"])
        by_arrival = (frame["due_basis"] != "departure").to_numpy()
        frame["judged"] = np.where(by_arrival, frame["arrives"].to_numpy(), frame["leaves"].to_numpy())
        lateness = (frame["judged"].to_numpy() - frame["due_date"].to_numpy().astype("datetime64[D]")) / DAY
        frame["days_late"] = np.maximum(lateness, 0.0)
        return self._with_money(frame)

    def _with_money(self, frame: pd.DataFrame) -> pd.DataFrame:
        weeks = np.ceil(np.maximum(frame["days_late"] - frame["late_grace_days"], 0.0) / 7.0)
        damages = np.minimum(weeks * frame["late_rate"], frame["late_cap"])
        price = frame["base_price"] * frame["allowed_factor"]
        ours = ~frame["incoterm"].isin(FREIGHT_IS_THEIRS)
        duty = self.duty_rates(frame).where(frame["incoterm"] == DUTY_IS_OURS, 0.0)
        return frame.assign(unit_revenue=price, unit_late=-damages * price, unit_duty=-duty * price,
                            unit_freight=-frame["freight_cost"].where(ours, 0.0))

    def _with_lanes(self, frame: pd.DataFrame) -> pd.DataFrame:
        lanes = self.book.input("lanes").assign(has_lane=True)
        frame = frame.merge(lanes.rename(columns={"market": "ordered_market"}),
                            on=["site", "ordered_market", "mode"], how="left")
        # As soon as a market has one lane, every site needs one to it.
        free = ~frame["ordered_market"].isin(lanes["market"]) & (frame["mode"] == UNNAMED_MODE)
        frame["reachable"] = frame["has_lane"].notna() | free
        return frame.assign(freight_cost=frame["freight_cost"].mask(free, 0.0),
                            transit_days=frame["transit_days"].mask(free, 0.0))

    @staticmethod
    def _days(values: pd.Series) -> np.ndarray:
        return pd.to_timedelta(values, unit="D").to_numpy().astype("timedelta64[D]")

    def price_factors(self, frame: pd.DataFrame) -> pd.Series:
        """Price factor of the item shipped for the order (1 for its own), NaN where it may not be shipped.

        ``frame``: ``item`` (shipped) beside the order's columns, its own item as ``ordered``. The substitutes row that
        names the customer wins over one naming the market, that over one naming neither.
        """
        listed = self.book.input("substitutes").rename(columns={"item": "ordered", "substitute": "item"})
        wanted = frame[["ordered", "item", "ordered_market", "customer"]].reset_index(drop=True)
        own = (wanted["ordered"] == wanted["item"]).to_numpy()
        factor = np.where(own, 1.0, np.nan)
        # From the least specific to the most: the later one wins.
        for named in ([], ["market"], ["customer"], ["customer", "market"]):
            rows = listed
            for column in ("market", "customer"):
                rows = rows[(rows[column] != "") == (column in named)]
            if rows.empty:
                continue
            rows = rows.rename(columns={"market": "ordered_market"})
            keys = ["ordered", "item", *("ordered_market" if name == "market" else name for name in named)]
            found = wanted.merge(rows[[*keys, "price_factor"]].drop_duplicates(keys), on=keys, how="left")
            factor = np.where(found["price_factor"].notna() & ~own, found["price_factor"], factor)
        may = own | (frame["substitution"].fillna(False).astype(bool)).to_numpy()
        return pd.Series(np.where(may & self.rated(frame), factor, np.nan), index=frame.index)

    def rated(self, frame: pd.DataFrame) -> Flags:
        """Whether the item shipped is known to meet the discharge rate and backup time the order asks for."""
        items = self.book.input("items").set_index("item")
        # A rating that is not known compares as false: the item is not eligible.
        rate = frame["item"].map(items["max_c_rate"]).to_numpy(dtype=np.float64)
        minutes = frame["item"].map(items["max_backup_minutes"]).to_numpy(dtype=np.float64)
        fast = frame["min_c_rate"].isna().to_numpy() | (rate >= frame["min_c_rate"].to_numpy())
        long = frame["backup_minutes"].isna().to_numpy() | (minutes >= frame["backup_minutes"].to_numpy())
        return np.asarray(fast & long, dtype=bool)

    def duty_rates(self, frame: pd.DataFrame) -> pd.Series:
        """Share of the value due as duty: the dated row for the item, else for the market, else the market's own."""
        own = self.book.input("markets").set_index("market")["duty_rate"]
        rate: Floats = frame["ordered_market"].map(own).fillna(0.0).to_numpy(dtype=np.float64)
        duties = self.book.input("duties").rename(columns={"duty_rate": "dated_rate", "item": "duty_item"})
        if duties.empty:
            return pd.Series(rate, index=frame.index)
        pairs = frame[["ordered_market", "item", "arrives"]].assign(row=np.arange(len(frame))).merge(
            duties.rename(columns={"market": "ordered_market"}), on="ordered_market", how="inner")
        applies = self.book.covers(pairs, pairs["arrives"].to_numpy())
        applies &= ((pairs["duty_item"] == "") | (pairs["duty_item"] == pairs["item"])).to_numpy()
        pairs = pairs[applies].assign(named=lambda rows: rows["duty_item"] != "")
        # The row that names the item comes last; of two alike the checks refuse one.
        last = pairs.sort_values(["row", "named", "from_date"], na_position="first", kind="stable").drop_duplicates(
            "row", keep="last")
        rate = rate.copy()
        rate[last["row"].to_numpy()] = last["dated_rate"].to_numpy()
        return pd.Series(rate, index=frame.index)

    @cached_property
    def possible_items(self) -> pd.DataFrame:
        """Every ``order`` and ``item`` that may be shipped to it."""
        orders = self.orders.rename(columns={"item": "ordered", "market": "ordered_market"})
        listed = self.book.input("substitutes")[["item", "substitute"]].drop_duplicates()
        swaps = orders.merge(listed, left_on="ordered", right_on="item").drop(columns="item")
        pairs = pd.concat([orders.assign(item=orders["ordered"]), swaps.rename(columns={"substitute": "item"})],
                          ignore_index=True)
        return pairs.loc[self.price_factors(pairs).notna().to_numpy(), ["order", "item"]].drop_duplicates()
