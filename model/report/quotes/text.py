"""Quotes on the terminal: a few aligned lines for each enquiry."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path

from model.explain.displaced import Move
from model.explain.known import Known
from model.explain.offer import Offer, Quote
from model.report.answers import figure, known_words
from model.report.case import Case
from model.report.quotes.book import QuotedBook
from model.report.widths import display_width, padded

MOST_MOVES = 8
Line = tuple[str, str]  # name, words


def quotes_text(book: QuotedBook, files: Iterable[str | Path] = (), language: str = "en") -> str:
    """Every quote: answer, lowest price, earliest date, price by date, what it displaces."""
    case = book.case(language)
    lines: list[Line] = [(case.say("quote.base"), _margin(case, Known(book.plan.margin, book.plan.bound)))]
    for quote, taken in zip(book.quotes, book.taken, strict=True):
        lines += [("", ""), *_lines(case, quote, taken)]
    lines += [(case.say("text.written"), str(file)) for file in files]
    width = max(display_width(name) for name, _ in lines) + 2
    return "\n".join((padded(name, width) + value).rstrip() for name, value in lines)


def _lines(case: Case, quote: Quote, taken: bool | None) -> Iterator[Line]:
    enquiry = quote.enquiry
    unit = case.units_of([enquiry.item])[0]
    asked = [case.say("quote.by", date=f"{enquiry.date:%Y-%m-%d}")] if enquiry.date is not None else []
    if enquiry.price is not None:
        asked.append(case.say("quote.at", price=figure(enquiry.price), unit=f"{enquiry.currency}/{unit}"))
    yield case.say("quote.enquiry"), case.pair(
        enquiry.order, case.listed([enquiry.item, f"{figure(enquiry.quantity)} {unit}", *asked], "phrases"))
    yield case.say("quote.answer"), verdict_words(case, quote)
    if quote.asked is not None:
        yield case.say("quote.lowest"), price_words(case, quote.asked, f" {enquiry.currency}/{unit}")
    if enquiry.price is not None:
        yield case.say("quote.earliest"), _earliest(case, quote)
    for place, offer in enumerate(quote.offers):
        yield ("" if place else case.say("quote.prices"),
               f"{offer.date:%Y-%m-%d}  {price_words(case, offer, f' {enquiry.currency}/{unit}')}")
    if quote.chosen is not None and quote.chosen.values is not None:
        yield case.say("quote.displaces"), _displaced(case, quote)
        for move in quote.moves[:MOST_MOVES]:
            yield "", move_words(case, move)
        if len(quote.moves) > MOST_MOVES:
            yield "", case.say("quote.more", count=len(quote.moves) - MOST_MOVES)
    if taken is not None:
        yield case.say("quote.book"), case.say("quote.taken" if taken else "quote.not_taken")


def verdict_words(case: Case, quote: Quote) -> str:
    """The answer in a sentence."""
    return case.say(f"quote.verdict.{quote.verdict}")


def price_words(case: Case, offer: Offer, unit: str = "") -> str:
    """The lowest price of an offer in a ``unit``: exact, or between what is proven."""
    if not offer.is_examined:
        return case.say("quote.not_examined")
    if offer.price is None:
        return case.say("quote.no_plan")
    # That a price is above zero is known of every order: nothing is proven.
    is_open = offer.price.low <= 0 and math.isinf(offer.price.high)
    words = case.say("known.open") if is_open else known_words(case, offer.price) + unit
    if not offer.price.is_exact and offer.by_plans_found is not None:
        words = case.aside(words, case.say("quote.by_plans_found", price=figure(offer.by_plans_found)))
    return words


def _margin(case: Case, known: Known) -> str:
    return f"{known_words(case, known)} {case.currency}"


def _earliest(case: Case, quote: Quote) -> str:
    first, possible = quote.earliest, quote.earliest_possible
    if first is None and possible is None:
        unknown = any(not offer.is_examined for offer in quote.offers)
        return case.say("quote.not_examined" if unknown else "quote.no_date")
    if first is None:
        return case.say("quote.not_before", date=f"{possible:%Y-%m-%d}")
    if possible == first:
        return f"{first:%Y-%m-%d}"
    early = "-" if possible is None else f"{possible:%Y-%m-%d}"
    return case.say("quote.date_between", first=early, last=f"{first:%Y-%m-%d}")


def _displaced(case: Case, quote: Quote) -> str:
    assert quote.chosen is not None
    day = f"{quote.chosen.date:%Y-%m-%d}"
    later = sum(move.is_only_later for move in quote.moves)
    return case.say("quote.displaced" if quote.moves else "quote.nothing_displaced", count=len(quote.moves) - later,
                    later=later, date=day)


def move_words(case: Case, move: Move) -> str:
    """What becomes of one order."""
    unit = case.units_of([move.item])[0]
    parts = [f"{figure(move.delivered_before)} -> {figure(move.delivered_after)} {unit}"]
    if move.days:
        parts.append(f"{move.last_before:%Y-%m-%d} -> {move.last_after:%Y-%m-%d}")
    return case.pair(move.order, case.listed([*parts, f"{round(move.earns) + 0:+,} {case.currency}"], "phrases"))
