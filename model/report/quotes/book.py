"""A book with its quotes, as every report of them sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from model.explain.known import Known
from model.explain.offer import Offer, Quote
from model.report.case import Case
from model.solve.outcome import Outcome
from model.tables import Tables

LEVELS = (0.9, 0.95, 1.0, 1.05, 1.1)
"""Prices of the table of dates and prices, as shares of the enquiry's own, else of the lowest at its date."""


@dataclass(frozen=True)
class BasePlan:
    """The plan before any enquiry; of its tables none is shown."""

    margin: float
    bound: float
    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)


@dataclass(frozen=True)
class QuotedBook:
    """``quotes`` with whether each was ``taken`` into the book for those after it (None where each stands alone)."""

    tables: Tables
    outcome: Outcome
    quotes: Sequence[Quote]
    taken: Sequence[bool | None]
    seconds: Mapping[str, float] = field(default_factory=dict)
    size: Mapping[str, int] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, object] = field(default_factory=dict)
    audit: None = None
    rule_of_thumb: None = None

    @property
    def plan(self) -> BasePlan:
        """The plan before any enquiry."""
        assert self.outcome.margin is not None and self.outcome.bound is not None
        return BasePlan(self.outcome.margin, self.outcome.bound)

    def case(self, language: str) -> Case:
        """The case as reports see it, in the reader's language."""
        return Case(self, self.tables, self.plan, [], language)


def lowest(quote: Quote) -> Known | None:
    """The lowest price at the date that was chosen: the enquiry's own, else its earliest, else the last examined."""
    return None if quote.chosen is None else quote.chosen.price


def levels(quote: Quote) -> list[float]:
    """Prices of the table of dates and prices [order currency per unit]; none where there is none to start from."""
    price = quote.enquiry.price
    known = lowest(quote)
    # No price named, or 0, of which every share is the same.
    if not price:
        price = None if known is None or known.high == float("inf") else known.high
    return [] if not price else [round(price * share, 6) for share in LEVELS]


def answers(quote: Quote, offer: Offer) -> list[str]:
    """Whether the order pays by the offer's date at each of the levels."""
    return [offer.verdict(price) for price in levels(quote)]
