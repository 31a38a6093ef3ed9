"""Quotes as a workbook: the answers, what they displace, and dates against prices."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from model.explain.offer import Offer, Quote
from model.report.case import Case
from model.report.fields import Field, date_field, number_field, text_field
from model.report.quotes.book import LEVELS, QuotedBook, answers, levels
from model.report.quotes.text import verdict_words
from model.report.recheck import write_checked
from model.report.sheets.book import Book
from model.report.sheets.table import Mark, write_table
from model.report.styles import smallest_shown


def write_quotes(path: str | Path, quoted: QuotedBook, language: str = "en") -> Path:
    """Write the quotes; returns where they stand: ``path``, or a time-stamped name beside it where that is in use.

    Raises NotWritten where no file can be written.
    """
    return write_checked(Path(path), lambda file: _write(file, quoted, language))


def _write(path: Path, quoted: QuotedBook, language: str) -> Book:
    book = Book.create(path, quoted.case(language))
    _write_answers(book, quoted)
    _write_displaced(book, quoted)
    _write_dates(book, quoted)
    book.file.close()
    return book


def _write_answers(book: Book, quoted: QuotedBook) -> None:
    case, quotes = book.case, quoted.quotes
    ends = [_ends(quote.asked) for quote in quotes]
    taken = [None if each is None else case.say("quote.taken" if each else "quote.not_taken") for each in quoted.taken]
    fields = [
        *_enquiry_fields(case, quotes),
        text_field("verdict", case.say("quote.column.answer"), [verdict_words(case, each) for each in quotes], "prose"),
        *_price_fields(case, ends),
        date_field("earliest", case.say("quote.column.earliest"), _dates([quote.earliest for quote in quotes])),
        date_field("possible", case.say("quote.column.earliest_possible"),
                   _dates([quote.earliest_possible for quote in quotes])),
        number_field("moves", case.say("quote.column.displaced"), "count", [float(len(each.moves)) for each in quotes]),
    ]
    if any(each is not None for each in quoted.taken):
        fields.append(text_field("taken", case.say("quote.column.taken"), taken))
    write_table(book, case.say("quote.sheet.quotes"), fields)


def _enquiry_fields(case: Case, quotes: Sequence[Quote]) -> list[Field]:
    asked = [quote.enquiry for quote in quotes]
    return [
        text_field("order", case.say("quote.column.enquiry"), [each.order for each in asked]),
        text_field("item", case.say("column.item"), [each.item for each in asked]),
        number_field("quantity", f"{case.say('column.quantity')} [{case.unit_of([each.item for each in asked])}]",
                     "quantity", [each.quantity for each in asked]),
        text_field("unit", case.say("column.unit"), case.units_of([each.item for each in asked])),
        text_field("currency", case.say("quote.column.currency"), [each.currency for each in asked]),
        number_field("price", case.say("quote.column.price"), "price",
                     [math.nan if each.price is None else each.price for each in asked]),
        date_field("date", case.say("quote.column.date"), _dates([each.date for each in asked])),
    ]


def _ends(offer: Offer | None) -> tuple[float, float, float]:
    """Lowest price proven from and to, and by the plans found; NaN where there is none."""
    if offer is None or offer.price is None:
        return math.nan, math.nan, math.nan
    low, high = (end if math.isfinite(end) else math.nan for end in (offer.price.low, offer.price.high))
    return low, high, math.nan if offer.by_plans_found is None else offer.by_plans_found


def _price_fields(case: Case, ends: Sequence[tuple[float, float, float]]) -> list[Field]:
    names = ("lowest_from", "lowest_to", "by_plans_found")
    return [number_field(name, case.say(f"quote.column.{name}"), "price", [each[place] for each in ends])
            for place, name in enumerate(names)]


def _dates(days: Sequence[pd.Timestamp | None]) -> pd.Series:
    # Through objects: where every day is None pandas has no type to infer.
    return pd.Series(pd.to_datetime(pd.Series(days, dtype=object))).astype("datetime64[ns]")


def _write_displaced(book: Book, quoted: QuotedBook) -> None:
    case = book.case
    rows = [(quote.enquiry.order, move) for quote in quoted.quotes for move in quote.moves]
    moves = [move for _, move in rows]
    unit = case.unit_of([move.item for move in moves])
    earns = number_field("earns", f"{case.say('quote.column.earns')} [{case.currency}]", "money",
                         [move.earns for move in moves])
    seen = smallest_shown(earns.number)
    fields = [
        text_field("enquiry", case.say("quote.column.enquiry"), [name for name, _ in rows]),
        text_field("order", case.say("column.order"), [move.order for move in moves]),
        text_field("item", case.say("column.item"), [move.item for move in moves]),
        text_field("unit", case.say("column.unit"), case.units_of([move.item for move in moves])),
        number_field("before", f"{case.say('quote.column.delivered_before')} [{unit}]", "quantity",
                     [move.delivered_before for move in moves]),
        number_field("after", f"{case.say('quote.column.delivered_after')} [{unit}]", "quantity",
                     [move.delivered_after for move in moves]),
        date_field("last_before", case.say("quote.column.last_before"), _dates([move.last_before for move in moves])),
        date_field("last_after", case.say("quote.column.last_after"), _dates([move.last_after for move in moves])),
        earns,
    ]
    write_table(book, case.say("quote.sheet.displaced"), fields, conditions=(
        Mark("earns", f"{{earns}}<=-{seen}", "bad"), Mark("earns", f"{{earns}}>={seen}", "good")))


def _write_dates(book: Book, quoted: QuotedBook) -> None:
    case = book.case
    rows = [(quote, offer) for quote in quoted.quotes for offer in quote.offers]
    shown = [answers(quote, offer) or [""] * len(LEVELS) for quote, offer in rows]
    base = [levels(quote)[LEVELS.index(1.0)] if levels(quote) else math.nan for quote, _ in rows]
    fields = [
        text_field("enquiry", case.say("quote.column.enquiry"), [quote.enquiry.order for quote, _ in rows]),
        date_field("date", case.say("quote.column.date"), _dates([offer.date for _, offer in rows])),
        *_price_fields(case, [_ends(offer) for _, offer in rows]),
        number_field("level", case.say("quote.column.level"), "price", base),
        *(text_field(f"at_{place}", case.say("quote.column.at_share", share=f"{share:.0%}"),
                     [case.say(f"quote.cell.{row[place]}") if row[place] else None for row in shown])
          for place, share in enumerate(LEVELS)),
    ]
    write_table(book, case.say("quote.sheet.dates"), fields, freeze=2)
