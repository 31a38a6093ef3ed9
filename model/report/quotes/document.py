"""Quotes as one JSON document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from model.explain.displaced import Move
from model.explain.offer import Offer, Quote
from model.findings import Finding
from model.report.answers import known_document
from model.report.document import finding_document, plain
from model.report.quotes.book import QuotedBook, answers, levels

Document = dict[str, Any]


def quotes_document(book: QuotedBook | None, findings: Sequence[Finding], files: Iterable[str | Path],
                    versions: Mapping[str, str], seconds: Mapping[str, float], *, status: str,
                    language: str = "en") -> Document:
    """Every quote as plain values: prices in the order's currency per unit, other money in base currency.

    - ``status``: quoted | rejected_input | no_plan | failed | interrupted | not_written; ``errors``, ``warnings``,
      ``files``, ``versions``, ``seconds``, ``input_hash`` (of the book with its enquiries)
    - ``margin``, ``bound`` of the plan before any enquiry
    - ``quotes`` [{order, item, quantity, currency, price, date (as asked, null where open), verdict (yes | no | open |
      priced | impossible | not_examined), lowest_price at ``date``, earliest and earliest_possible date at ``price``,
      dates [{date, lowest_price, examined, answer (at the enquiry's price), at [{price, answer}]}], displaced [{order,
      item, delivered_before, delivered_after, last_before, last_after, days, only_later, earns}], by_date (the date the
      displacements are of), margin_without {low, high}, taken (in turn; else null), seconds}]
    - a ``lowest_price``: null where no plan delivers by then, else {low, high, exact, by_plans_found}; only between
      ``low`` and ``high`` is anything proven, and null stands for no proven end
    """
    document: Document = {"status": status, "margin": None, "bound": None, "quotes": []}
    if book is not None:
        document |= {"margin": plain(book.plan.margin), "bound": plain(book.plan.bound), "quotes": [
            _quote(quote, taken) for quote, taken in zip(book.quotes, book.taken, strict=True)]}
    return {**document, "seconds": dict(seconds),
            "errors": [finding_document(each, language) for each in findings if each.severity == "error"],
            "warnings": [finding_document(each, language) for each in findings if each.severity == "warning"],
            "files": [str(file) for file in files], "versions": dict(versions),
            "input_hash": book.tables.input_hash if book is not None else None}


def _quote(quote: Quote, taken: bool | None) -> Document:
    enquiry = quote.enquiry
    return {
        "order": enquiry.order, "item": enquiry.item, "quantity": enquiry.quantity, "currency": enquiry.currency,
        "price": enquiry.price, "date": plain(enquiry.date), "verdict": quote.verdict,
        "lowest_price": _price(quote.asked), "earliest": plain(quote.earliest),
        "earliest_possible": plain(quote.earliest_possible),
        "dates": [{"date": plain(offer.date), "lowest_price": _price(offer), "examined": offer.is_examined,
                   "answer": offer.verdict(enquiry.price), "at": [
                       {"price": price, "answer": answer}
                       for price, answer in zip(levels(quote), answers(quote, offer), strict=True)]}
                  for offer in quote.offers],
        "displaced": [move_document(move) for move in quote.moves],
        "by_date": plain(quote.chosen.date) if quote.chosen is not None else None,
        "margin_without": known_document(quote.base), "taken": taken, "seconds": quote.seconds,
    }


def _price(offer: Offer | None) -> Document | None:
    if offer is None or offer.price is None:
        return None
    document = known_document(offer.price) or {}
    return {**document, "by_plans_found": offer.by_plans_found}


def move_document(move: Move) -> Document:
    """What becomes of one order."""
    return {"order": move.order, "item": move.item, "delivered_before": move.delivered_before,
            "delivered_after": move.delivered_after, "last_before": plain(move.last_before),
            "last_after": plain(move.last_after), "days": move.days, "only_later": move.is_only_later,
            "earns": move.earns}
