"""The headline figures in words, the same on the workbook's front page and on the web page."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from model.buckets import buckets
from model.labels import counted
from model.report.case import Case
from model.report.outcome_words import result_words
from model.report.shapes import is_rejected
from model.report.summary import Headlines, quantity_text

Mood = Literal["good", "warn", "alarm"]


@dataclass(frozen=True)
class Tile:
    """One headline figure: its name with the unit, the value (text, money or a share), and a remark.

    ``number`` is the Excel number format of the value.
    """

    name: str
    value: float | str
    number: str
    note: str

    @property
    def text(self) -> str:
        """The value as its number format shows it; a dash where it is not finite."""
        if isinstance(self.value, str):
            return self.value
        if not math.isfinite(self.value):
            return "–"
        return f"{self.value:.1%}" if self.number.endswith("%") else f"{self.value:,.0f}"


def tiles(case: Case, figures: Headlines) -> Iterator[Tile]:
    """Margin, bound, gap, revenue, on-time share and orders."""
    money = f" [{case.currency}]"
    share = figures.margin / figures.revenue if figures.revenue else math.nan
    yield Tile(case.say("summary.margin") + money, figures.margin, "#,##0;[Red]-#,##0",
               case.say("summary.margin_note", share=percent(share)))
    yield Tile(case.say("summary.bound") + money, figures.bound, "#,##0;-#,##0", case.say("summary.bound_note"))
    yield Tile(case.say("summary.gap") + money, figures.gap_money, "#,##0",
               case.say("summary.gap_note", share=percent(figures.gap, 3)))
    yield Tile(case.say("summary.revenue") + money, figures.revenue, "#,##0",
               case.say("summary.revenue_note", quantity=quantity_text(figures.all_orders.delivered)))
    yield Tile(case.say("summary.on_time"), figures.on_time_share, "0.0%", case.say("summary.on_time_note"))
    counts = {status: figures.count(status) for status in ("partial", "declined", "missed")}
    accepted = case.say("summary.orders_of", accepted=figures.count("accepted"), total=figures.all_orders.count)
    yield Tile(case.say("summary.orders"), accepted, "@", case.say("summary.orders_note", **counts))


def verdict(case: Case, figures: Headlines) -> tuple[str, Mood]:
    """What to think of the plan in one sentence: rejected and missed promises alarm, a gap larger than asked warns."""
    if is_rejected(case.result):
        return result_words(case.result, case.language).upper(), "alarm"
    text = result_words(case.result, case.language)
    if case.facts.get("alternative"):
        # Nothing is proven of it but what the audit has signed; the search's own verdict is the published plan's.
        text = case.say("summary.alternative", aim=case.say(f"alternatives.{case.facts['alternative']}"))
    if len(figures.misses):
        count = len(figures.misses)
        return case.say(counted("summary.verdict_misses", count), verdict=text, count=count), "alarm"
    return text, "good" if case.result.outcome.status in ("optimal", "within_gap") else "warn"


def subtitle(case: Case) -> str:
    """What the plan covers: dates, buckets, currency."""
    settings, calendar = case.tables.settings, buckets(case.tables.settings)
    first, last = f"{calendar['start'].iloc[0]:%Y-%m-%d}", f"{calendar['end'].iloc[-1]:%Y-%m-%d}"
    words = (case.say("summary.title"), case.say("summary.period", first=first, last=last),
             case.say(f"bucket.{settings.bucket}", count=settings.bucket_count),
             case.say("summary.amounts", currency=case.currency))
    # The web page splits at these bars again.
    return "   |   ".join(words)


def percent(share: float, decimals: int = 1) -> str:
    """A share in per cent; a dash where it is not finite."""
    return f"{share:.{decimals}%}" if math.isfinite(share) else "–"
