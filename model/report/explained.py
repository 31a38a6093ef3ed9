"""Explanations of orders for readers: columns of the Decisions sheet, JSON, a table and stories on a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from model.explain.explanation import Explanation, Relaxation
from model.explain.interval import Interval
from model.explain.words import Wording, amount
from model.report.case import Case
from model.report.fields import Field, number_field
from model.report.widths import display_width, padded

PRICE_COLUMNS = (("pays_from", "break_even", "low"), ("pays_surely_from", "break_even", "high"),
                 ("full_from", "whole", "low"), ("full_surely_from", "whole", "high"))


def explanations_of(result: object) -> Mapping[str, Explanation]:
    """By order; empty where none were asked for."""
    # Results read back from a workbook, and books of quotes, have none.
    return getattr(result, "explanations", {}) or {}


def price_fields(case: Case, orders: Sequence[str]) -> list[Field]:
    """From which price each order pays, and surely pays: the same figure where it is exact; none without explanations.

    Blank where it pays at no price, or nothing is proven.
    """
    unit = f"{case.currency}/{case.unit_of(case.frame('decisions')['item'])}"
    return [number_field(name, f"{case.say(f'explain.column.{name}')} [{unit}]", "price", values)
            for name, values in price_columns(case, orders).items()]


def price_columns(case: Case, orders: Sequence[str]) -> dict[str, list[float]]:
    """The same figures by column; NaN where it pays at no price, or nothing is proven."""
    known = explanations_of(case.result)
    if not known:
        return {}
    return {name: [_end(getattr(known.get(order), kind, None), end) for order in orders]
            for name, kind, end in PRICE_COLUMNS}


def price_spans(case: Case, orders: Sequence[str]) -> dict[str, list[float | tuple[float, float]]]:
    """The same in one column each: the price, or both ends of what is proven of it, NaN where nothing is."""
    columns = price_columns(case, orders)
    names = [name for name, _, end in PRICE_COLUMNS if end == "low"], [
        name for name, _, end in PRICE_COLUMNS if end == "high"]
    return {} if not columns else {first: [
        low if Interval(low, high).is_exact or (math.isnan(low) and math.isnan(high)) else (low, high)
        for low, high in zip(columns[first], columns[last], strict=True)]
        for first, last in zip(*names, strict=True)}


def _end(interval: Interval | None, end: str) -> float:
    value = getattr(interval, end) if interval is not None else math.nan
    return value if math.isfinite(value) else math.nan


def explanation_document(explanation: Explanation | None) -> dict[str, Any] | None:
    """One explanation as plain values: money and prices in base currency, null for what is not known or infinite."""
    if explanation is None:
        return None
    return {
        "examined": explanation.is_examined, "goal": explanation.goal or None, "class": explanation.reason or None,
        "costs": _ends(explanation.costs), "break_even": _ends(explanation.break_even),
        "whole": _ends(explanation.whole), "in_full": _ends(explanation.in_full),
        "curve": [{"price": price, "quantity": units} for price, units in explanation.curve],
        "losers": [{"order": loser.order, "quantity": loser.quantity, "margin": loser.margin}
                   for loser in explanation.losers],
        "places": [{"line": place.line, "first": _day(place.first), "last": _day(place.last)}
                   for place in explanation.places],
        "term": explanation.term or None, "term_amount": explanation.term_amount,
        "most_quantity": explanation.most_quantity,
        "relaxation": None if explanation.relaxation is None else {
            **_part(explanation.relaxation), "also": [_part(part) for part in explanation.relaxation.also]},
        "barrier": None if explanation.barrier is None else {
            "kind": explanation.barrier.kind, "names": [*explanation.barrier.names],
            "day": None if explanation.barrier.day is None else _day(explanation.barrier.day)},
        "rule": None if explanation.rule is None else {
            "kind": explanation.rule.kind, "name": explanation.rule.name or None, "gain": explanation.rule.gain},
    }


def _part(relaxation: Relaxation) -> dict[str, Any]:
    return {"kind": relaxation.kind, "name": relaxation.name, "site": relaxation.site or None,
            "amount": relaxation.amount, "overtime": relaxation.overtime,
            "weeks": [{"week": _day(week), "hours": hours} for week, hours in relaxation.weeks]}


def _ends(interval: Interval | None) -> dict[str, Any] | None:
    if interval is None:
        return None
    # JSON has no infinity; "never" keeps apart what null would run together.
    low, high = (value if math.isfinite(value) else None for value in (interval.low, interval.high))
    return {"low": low, "high": high, "exact": interval.is_exact, "never": interval.low == math.inf}


def _day(day: pd.Timestamp) -> str:
    return f"{day:%Y-%m-%d}"


def explained_table(case: Case, orders: Sequence[str]) -> str:
    """One line per order: price, from which price it pays, from which all of it pays, and why."""
    wording, known = Wording(case.tables, case.language), explanations_of(case.result)
    decisions = case.frame("decisions").set_index("order")
    head = [case.say(f"explain.table.{name}") for name in ("order", "price", "pays_from", "full_from", "reason")]
    head[1:4] = [f"{name} [{case.currency}]" for name in head[1:4]]
    rows = [head]
    for order in orders:
        found = known[order]
        reason = str(decisions.at[order, "reason"])
        rows.append([order, amount(found.price), wording.price(found.break_even), wording.price(found.whole), reason])
    widths = [max(display_width(row[column]) for row in rows) + 2 for column in range(4)]
    return "\n".join("".join(padded(cell, width) for cell, width in zip(row[:4], widths, strict=True)) + row[4]
                     for row in rows)


def story(case: Case, order: str) -> str:
    """All that is known of one order, line by line."""
    return "\n".join(_story(case, order))


def _story(case: Case, order: str) -> Iterator[str]:
    wording, found = Wording(case.tables, case.language), explanations_of(case.result)[order]
    unit = wording.unit(order)
    yield case.pair(order, str(case.frame("decisions").set_index("order").at[order, "reason"]))
    if found.break_even is not None:
        yield "  " + wording.say("explain.story.price", price=amount(found.price), unit=unit,
                                 **{"from": wording.price(found.break_even)})
    # A price is told only where it differs from the one told before.
    if found.whole is not None and found.whole != found.break_even:
        yield "  " + wording.say("explain.story.whole", **{"from": wording.price(found.whole)})
    full = found.in_full
    if full is not None and full not in (found.whole, found.break_even) and math.isfinite(full.low):
        if math.isfinite(full.high):
            yield "  " + wording.say("explain.story.full", **{"from": wording.price(full)})
        # Not "from at least so much on": it need not be delivered in full at every price above.
        elif full.low > 0:
            yield "  " + wording.say("explain.story.full.open", amount=amount(full.low))
    for price, units in found.curve if len(found.curve) > 1 else ():
        yield "    " + wording.say("explain.story.step", price=amount(price), quantity=amount(units), unit=unit)
    for loser in found.losers:
        yield "    " + wording.say("explain.story.loser", loser=wording.loser(loser))
