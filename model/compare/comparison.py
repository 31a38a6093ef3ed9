"""Everything that changed from one result to another, as plain values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from model.buckets import buckets
from model.compare.lines import line_changes, technology_changes
from model.compare.misses import miss_changes
from model.compare.money import difference, exact, exact_sum
from model.compare.orders import CHANGES, order_changes
from model.compare.production import production_changes
from model.compare.stored import StoredResult
from model.plan_tables import MONEY_TERMS
from model.report.shapes import gap_asked, gap_of, is_rejected

SAME_SHARE = 1e-6  # of a margin: by less no plan is better


class DifferentCurrenciesError(Exception):
    """The two results count in different money."""

    def __init__(self, before: str, after: str) -> None:
        super().__init__(f"{before}, {after}")
        self.before, self.after = before, after


@dataclass(frozen=True)
class Step:
    """What one term or order adds to the margin before and after, in base currency."""

    name: str
    before: float
    after: float

    @property
    def difference(self) -> float:
        """after - before, exact to the last digit written."""
        return difference(self.before, self.after)


@dataclass(frozen=True)
class Difference:
    """A fact of the two runs that is not the same; None where a run does not have it."""

    topic: str
    name: str
    before: object
    after: object


@dataclass(frozen=True)
class Side:
    """The headline facts of one result. Money in base currency, ``gap`` and the ``gap_asked`` for as shares."""

    file: str
    plan_name: str
    status: str
    margin: float
    bound: float
    gap: float
    gap_asked: float
    input_hash: str
    currency: str
    quantity_unit: str
    bucket: str
    bucket_count: int
    start_date: str
    end_date: str
    orders: int
    misses: int


@dataclass(frozen=True)
class Comparison:
    """What changed from ``before`` to ``after``.

    ``terms`` (all money terms) and ``movers`` with ``unassigned`` each sum exactly to the difference of the margins.
    ``orders``, ``lines``, ``technologies``, ``misses`` and ``production`` are the frames of the modules of the same
    names: production where it differs, the others whole.
    """

    before: Side
    after: Side
    differences: tuple[Difference, ...]
    terms: tuple[Step, ...]
    movers: tuple[Step, ...]
    unassigned: Step
    orders: pd.DataFrame
    lines: pd.DataFrame
    technologies: pd.DataFrame
    misses: pd.DataFrame
    production: pd.DataFrame
    after_result: StoredResult

    @property
    def margin(self) -> Step:
        """The margins themselves."""
        return Step("margin", self.before.margin, self.after.margin)

    @property
    def changed_orders(self) -> pd.DataFrame:
        """Orders with at least one change: other decisions first, then other quantities, by what moved the margin."""
        changed = self.orders[self.orders["changes"].map(len) > 0]
        ranks = changed["changes"].map(lambda changes: min(map(_rank, changes)))
        # Stable: within a rank the orders stay sorted by what moved the margin.
        return changed.loc[ranks.sort_values(kind="stable").index].reset_index(drop=True)

    @property
    def changed_misses(self) -> pd.DataFrame:
        """Misses that appeared, disappeared, grew or shrank."""
        return self.misses[self.misses["change"] != "same"].reset_index(drop=True)

    @property
    def proven(self) -> str | None:
        """``after`` or ``before`` where that plan earns more than any plan of the other can; None where it is open.

        What an audit refused proves nothing, neither do roundings.
        """
        if "rejected_plan" in (self.before.status, self.after.status):
            return None
        sides = {"after": (self.after, self.before), "before": (self.before, self.after)}
        return next((name for name, (best, other) in sides.items()
                     if best.margin - other.bound > SAME_SHARE * max(1.0, abs(best.margin))), None)

    @property
    def nothing_changed(self) -> bool:
        """Whether the two plans are the same, whatever their runs were like."""
        return not (any(step.difference for step in (*self.terms, *self.movers, self.unassigned))
                    or len(self.changed_orders) or len(self.changed_misses) or self.lines["changed"].any()
                    or len(self.production))

    def count(self, change: str) -> int:
        """Number of orders with this kind of change."""
        return sum(change in changes for changes in self.orders["changes"])

    @property
    def counts(self) -> dict[str, int]:
        """Number of orders by kind of change, every kind named."""
        return {change: self.count(change) for change in CHANGES}

    def top_movers(self, most: int) -> tuple[tuple[Step, ...], Step]:
        """The ``most`` orders that moved the margin most, and all others in one sum named by their number."""
        top, rest = self.movers[:most], self.movers[most:]
        return top, _sum(str(len(rest)), rest)


def _rank(change: str) -> int:
    return {"only_before": 0, "only_after": 0, "decision": 0, "delivered": 1}.get(change, 2)


def compare(before: StoredResult, after: StoredResult) -> Comparison:
    """What changed from ``before`` to ``after``. Raises DifferentCurrenciesError where money cannot be compared."""
    currencies = before.tables.settings.currency, after.tables.settings.currency
    if currencies[0] != currencies[1]:
        raise DifferentCurrenciesError(*currencies)
    orders = order_changes(before, after)
    steps = [Step(str(order), *(0.0 if pd.isna(cell) else float(cell) for cell in pair))
             for order, *pair in zip(orders["order"], orders["margin_before"], orders["margin_after"], strict=True)]
    movers = tuple(step for step in steps if step.difference)
    loads = before.plan.frames["line_load"], after.plan.frames["line_load"]
    return Comparison(
        before=_side(before), after=_side(after), differences=tuple(_differences(before, after)),
        terms=tuple(Step(term, _term(before, term), _term(after, term)) for term in MONEY_TERMS),
        movers=movers, unassigned=_rest("unassigned", before.plan.margin, after.plan.margin, steps), orders=orders,
        lines=line_changes(*loads), technologies=technology_changes(*loads),
        misses=miss_changes(before.plan.frames["misses"], after.plan.frames["misses"]),
        production=production_changes(before.plan.frames["production"], after.plan.frames["production"]),
        after_result=after)


def _side(result: StoredResult) -> Side:
    settings, calendar = result.tables.settings, buckets(result.tables.settings)
    return Side(
        file=str(result.path), plan_name=settings.plan_name,
        status="rejected_plan" if is_rejected(result) else result.outcome.status,
        margin=result.plan.margin, bound=result.plan.bound, gap=gap_of(result.plan),
        gap_asked=gap_asked(result), input_hash=result.tables.input_hash, currency=settings.currency,
        quantity_unit=settings.quantity_unit,
        bucket=settings.bucket, bucket_count=settings.bucket_count, start_date=f"{calendar['start'].iloc[0]:%Y-%m-%d}",
        end_date=f"{calendar['end'].iloc[-1]:%Y-%m-%d}", orders=len(result.plan.frames["decisions"]),
        misses=len(result.plan.frames["misses"]))


def _term(result: StoredResult, term: str) -> float:
    frame = result.plan.frames["margin"]
    return float(exact_sum(frame.loc[frame["term"] == term, "amount"]))


def _sum(name: str, steps: Sequence[Step]) -> Step:
    return Step(name, float(exact_sum(step.before for step in steps)), float(exact_sum(step.after for step in steps)))


def _rest(name: str, before: float, after: float, steps: Sequence[Step]) -> Step:
    """What of the margins the steps do not hold: setups, overtime, stock, expansions, take or pay."""
    return Step(name, float(exact(before) - exact_sum(step.before for step in steps)),
                float(exact(after) - exact_sum(step.after for step in steps)))


def _differences(before: StoredResult, after: StoredResult) -> list[Difference]:
    """Facts of input, settings, options and versions that differ, and items counted in different units."""
    found = [Difference(*key, before.facts.get(key), after.facts.get(key))
             for key in dict.fromkeys([*before.facts, *after.facts])
             if key[0] in ("input", "facts", "settings", "options", "versions")]
    units = before.case("en").unit_of_item, after.case("en").unit_of_item
    found += [Difference("units", item, units[0][item], units[1][item]) for item in units[0] if item in units[1]]
    return [each for each in found if not _same(each.before, each.after)]


def _same(before: object, after: object) -> bool:
    if isinstance(before, (int, float)) and isinstance(after, (int, float)):
        # Cells keep 15 or 16 digits of a figure.
        return math.isclose(before, after, rel_tol=1e-9)
    # A blank cell and an empty word are the same fact.
    return (None if before == "" else before) == (None if after == "" else after)
