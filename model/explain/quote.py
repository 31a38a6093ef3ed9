"""Quotes: for an order not yet in the book, the lowest price for a date and the earliest date at a price.

The lowest price is the one at which the best plan with the whole order in it, on time, earns what the best plan
without it earns; both keep every promise as the published plan does. Where a gap is left open it is an interval.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace

import numpy as np
import pandas as pd

from model.explain.asking import base_margin, best, proven, shipments_of
from model.explain.dates import Dates
from model.explain.displaced import Move, closest_values, moves
from model.explain.enquiries import Enquiry
from model.explain.ground import Ground
from model.explain.known import Known
from model.explain.near import with_setups_of
from model.explain.offer import SAME_SLOPE, Offer, Quote, Verdict, between, latest
from model.solve.change import Change
from model.solve.standing import Answer

MOST_STEPS = 5
SHARE_OF_TIME = 0.85  # searches overrun their limit, and what was found is yet to be told
BOOK_SHARE = 0.4
LOADING_SHARE = 0.5
QUESTIONS = 4
"""The time for an enquiry is shared by so many dates where each takes all it may."""
OPENING = 1.0
LARGEST_TO_SETTLE = 400_000
"""Decisions of a book in which the plan that displaces least is searched among equals; beyond, it takes too long."""


class Desk:
    """A loaded book that answers enquiries, each of which is closed in it until it is asked about.

    ``seconds``: time for each enquiry. The first includes loading the book and, where its gap is open, a further search
    of it, of which at most a half of its time is taken off.
    """

    def __init__(self, ground: Ground, seconds: float) -> None:
        self.ground = ground
        self._seconds = seconds * SHARE_OF_TIME
        self._began: float | None = time.monotonic()
        self._shipments = shipments_of(ground)
        self._held = Change()
        ground.standing.bound_of()  # so that the first enquiry finds the relaxation solved
        loading = time.monotonic() - self._began
        self._base, self._values = base_margin(ground.standing, max(0.0, self._seconds * BOOK_SHARE - loading))
        # Each enquiry sets the moment at which its own time is over.
        self._until = math.inf

    @property
    def has_whole(self) -> bool:
        """Whether any decision is a whole number, so that the relaxation alone proves less than a search."""
        return bool(self.ground.matrix.is_whole.any())

    @property
    def is_small(self) -> bool:
        """Whether a search takes next to no time."""
        return self.ground.is_small

    @property
    def base(self) -> Known:
        """Margin of the book as it stands, enquiries taken in turn included."""
        return self._base

    def quote(self, enquiry: Enquiry) -> Quote:
        """The answer to an enquiry on the book as it stands."""
        now = time.monotonic()
        # The first clock runs from before loading, by half of its time at most; then None: that is charged once.
        begun, self._began = max(self._began or now, now - LOADING_SHARE * self._seconds), None
        self._until = begun + self._seconds
        ways = self._shipments[self._shipments["order"] == enquiry.order]
        days = list(pd.DatetimeIndex(ways["met_on"].drop_duplicates().sort_values()))
        search = Dates(self, enquiry, ways, days)
        search.sketch()
        asked = None if enquiry.date is None else search.offer(latest(days, enquiry.date), enquiry.date)
        first, possible = search.earliest()
        search.finish()
        chosen = self._chosen(asked, search, first)
        moved: tuple[Move, ...] = ()
        if chosen is not None and chosen.values is not None:
            # Of the plans that earn the same, the one that takes least from others is shown.
            if len(self.ground.matrix.cost) <= LARGEST_TO_SETTLE:
                chosen = self._settled(enquiry, ways, chosen)
            assert chosen.values is not None
            moved = moves(self.ground, self._shipments, self._values, chosen.values, enquiry.order)
        return Quote(enquiry, _verdict(enquiry, asked, first, possible, search), asked, first, possible,
                     tuple(search.offers()), chosen, moved, self._base, time.monotonic() - begun)

    def take(self, quote: Quote) -> bool:
        """Put an enquiry into the book for all that follow, if it is surely worth it; whether it was.

        One that names no price is taken at its lowest, and one that names no date at its earliest.
        """
        offer = quote.chosen
        if offer is None or offer.values is None or offer.price is None or not math.isfinite(offer.price.high):
            return False
        price = quote.enquiry.price if quote.enquiry.price is not None else offer.price.high
        if offer.verdict(price) != "yes":
            return False
        ways = self._shipments[self._shipments["order"] == quote.enquiry.order]
        change = self._forced(quote.enquiry, ways, offer.date, price)
        # Asked about at one price, taken at another: the plan moves by its own units, its bound by the steepest way.
        own = float((self._earns(quote.enquiry, ways, price) * offer.values[ways["position"]]).sum())
        at_asked = float((self._earns(quote.enquiry, ways, offer.asked_price) * offer.values[ways["position"]]).sum())
        earned = offer.earned
        slopes = quote.enquiry.quantity * quote.enquiry.rate * self._slopes(quote.enquiry, ways)
        step = price - offer.asked_price
        low = earned.low + own - at_asked
        high = earned.high + step * float(slopes.max() if step > 0 else slopes.min())
        self._held = self._held.also(change)
        self._base = Known(low, max(low, high))
        self._values = offer.values
        return True

    def offer(self, enquiry: Enquiry, ways: pd.DataFrame, date: pd.Timestamp) -> Offer:
        """The lowest price for delivery of the whole order by a date."""
        in_time = ways[ways["met_on"] <= date]
        slopes = self._slopes(enquiry, in_time) * enquiry.rate * enquiry.quantity
        # Any price above zero does to begin with: what a plan earns at it gives the next price to ask at.
        price, found = enquiry.price or OPENING, Known(0.0, math.inf)
        kept: tuple[float, Answer] | None = None
        until = min(self._until, time.monotonic() + self._seconds / QUESTIONS)
        for _ in range(MOST_STEPS):
            left = until - time.monotonic()
            if left <= 0:
                break
            answer = best(self.ground.standing, self._held.also(self._forced(enquiry, ways, date, price)),
                          seconds=left, start=self._values)
            if answer.is_impossible:
                return Offer(date, None)
            # A later step without a plan does not take away the plan of an earlier one.
            kept = (price, answer) if answer.values is not None or kept is None else kept
            found = found.within(between(price, answer, self._base, slopes, self._slope_of(enquiry, ways, answer)))
            # Where every way brings the same per unit of price, one step says as much as further ones would.
            same = float(slopes.max() - slopes.min()) <= SAME_SLOPE * float(slopes.max())
            if found.is_exact or same or answer.values is None or not math.isfinite(found.high):
                break
            price = found.high
        if kept is None:
            return Offer(date, None, is_examined=False)
        level = self._level(*kept, self._slope_of(enquiry, ways, kept[1]))
        return Offer(date, found, True, kept[1].values, kept[0], level, proven(kept[1]))

    def limit(self, enquiry: Enquiry, ways: pd.DataFrame, date: pd.Timestamp) -> Offer:
        """What is known in little time of the lowest price for a date: at least so much by the relaxation, at most what
        a plan shows that has the whole decisions of the plan in hand."""
        left = self._until - time.monotonic()
        if left <= 0:
            return Offer(date, None, is_examined=False)
        in_time = ways[ways["met_on"] <= date]
        price = enquiry.price or OPENING
        change = self._held.also(self._forced(enquiry, ways, date, price))
        relaxed = self.ground.standing.bound_of(change, left)
        if relaxed.is_impossible:
            return Offer(date, None)
        near = self._near(change, relaxed, max(0.0, self._until - time.monotonic()))
        # Margin of a plan, bound of the relaxation: each proves its own end.
        answer = replace(near, bound=max(near.margin, relaxed.bound))
        slopes = self._slopes(enquiry, in_time) * enquiry.rate * enquiry.quantity
        slope = self._slope_of(enquiry, ways, answer)
        return Offer(date, between(price, answer, self._base, slopes, slope), True, answer.values, price,
                     self._level(price, answer, slope), proven(answer))

    def _near(self, change: Change, relaxed: Answer, seconds: float) -> Answer:
        """The plan with the whole decisions in hand; where there is none, set up wherever the relaxation is, too."""
        answer = self.ground.standing.exact(change, self._values, seconds)
        if answer.values is not None or relaxed.values is None:
            return answer
        return self.ground.standing.exact(change, with_setups_of(self.ground, self._values, relaxed.values), seconds)

    def _level(self, price: float, answer: Answer, slope: float) -> float | None:
        """The price at which a plan with the order earns as much as the plan in hand."""
        return max(0.0, price + (self._base.low - answer.margin) / slope) if slope > 0 else None

    def _forced(self, enquiry: Enquiry, ways: pd.DataFrame, date: pd.Timestamp, price: float) -> Change:
        """The whole order at a price, all of it on time."""
        delivered = self.ground.standing.column("delivered", enquiry.order)
        assert delivered is not None
        late = ways.loc[ways["met_on"] > date, "position"]
        earns = dict(zip(ways["position"].tolist(), self._earns(enquiry, ways, price).tolist(), strict=True))
        # The upper limit, too: in the loaded book an enquiry is closed.
        return Change(lower={delivered: enquiry.quantity},
                      upper={delivered: enquiry.quantity, **dict.fromkeys(late.tolist(), 0.0)}, earns=earns)

    def _earns(self, enquiry: Enquiry, ways: pd.DataFrame, price: float) -> np.ndarray:
        """Base money per unit shipped at a price."""
        # No damages: all of it is on time.
        return (self._slopes(enquiry, ways) * enquiry.rate * price + ways["unit_freight"].to_numpy(dtype=float))

    @staticmethod
    def _slopes(enquiry: Enquiry, ways: pd.DataFrame) -> np.ndarray:
        """What a unit of price brings per unit shipped: price factor of the item, less duty where it is ours."""
        # The price is above zero: with_enquiries puts one in where none is named.
        per_price = (ways["unit_revenue"] + ways["unit_duty"]) / ways["base_price"]
        return per_price.to_numpy(dtype=float)

    def _slope_of(self, enquiry: Enquiry, ways: pd.DataFrame, answer: Answer) -> float:
        if answer.values is None:
            return 0.0
        return float((self._slopes(enquiry, ways) * answer.values[ways["position"]]).sum()) * enquiry.rate

    def _settled(self, enquiry: Enquiry, ways: pd.DataFrame, offer: Offer) -> Offer:
        """The offer with the plan that changes least of what the other orders get, at the same margin."""
        assert offer.values is not None
        change = self._held.also(self._forced(enquiry, ways, offer.date, offer.asked_price))
        # What was kept back of the time, too, so that the plan shown is no other than need be.
        kept_back = self._seconds * (1 / SHARE_OF_TIME - 1)
        values = closest_values(self.ground, self._shipments, change, self._values, offer.values, offer.earned.low,
                                max(0.0, self._until - time.monotonic()) + kept_back)
        return replace(offer, values=values)

    def _chosen(self, asked: Offer | None, search: Dates, first: pd.Timestamp | None) -> Offer | None:
        if asked is not None:
            return asked
        if first is not None:
            return search.looked_at[first]
        possible = [offer for offer in search.offers() if offer.price is not None and offer.values is not None]
        return possible[-1] if possible else None


def _verdict(enquiry: Enquiry, asked: Offer | None, first: pd.Timestamp | None, possible: pd.Timestamp | None,
             search: Dates) -> Verdict:
    if asked is not None:
        return asked.verdict(enquiry.price)
    if enquiry.price is not None:
        if first is not None:
            return "yes"
        if possible is not None:
            return "open"
    offers = list(search.looked_at.values())
    if offers and not any(offer.is_examined for offer in offers):
        return "not_examined"
    if all(offer.price is None and offer.is_examined for offer in offers):
        return "impossible"
    return "no" if enquiry.price is not None else "priced"
