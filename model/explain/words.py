"""An explanation as one sentence of a planner's words."""

from __future__ import annotations

import math
from collections.abc import Sequence

from model.buckets import buckets
from model.explain.explanation import Explanation, Loser, Place, Relaxation
from model.explain.ground import FEW
from model.explain.interval import Interval
from model.explain.least import SAFELY
from model.explain.promised import firm_orders, promises_more
from model.labels import label
from model.plan.barriers import barrier_in_words
from model.planning import Result
from model.tables import Tables

DECIMALS_BELOW = 1000.0
DIGITS = 4  # of a figure below 1, in which a price per Wh is written
MOST_DECIMALS = 6
HAIR = 1e-7  # share; what the solver leaves of a figure must not show as one more of its last digit


class Wording:
    """Sentences about the orders of one book in one language."""

    def __init__(self, tables: Tables, language: str) -> None:
        self._tables, self._language = tables, language
        items = tables.frames["items"]
        self._unit_of_item = dict(zip(items["item"], items["unit"], strict=True))
        orders = tables.frames["orders"]
        self._item = dict(zip(orders["order"], orders["item"], strict=True))
        self._quantity = dict(zip(orders["order"], orders["quantity"].astype(float), strict=True))
        self._currency = tables.settings.currency
        self._firm = firm_orders(tables)
        self._has_promises = bool(self._firm) or promises_more(tables)
        horizon = buckets(tables.settings)
        self._last_day = dict(zip(horizon["start"], horizon["end"], strict=True))

    def say(self, key: str, **details: object) -> str:
        """A label of this part, its placeholders filled."""
        return label(key, self._language).format(currency=self._currency, **details)

    def unit(self, order: str) -> str:
        """The unit in which an order is counted."""
        return str(self._unit_of_item.get(self._item.get(order, ""), self._tables.settings.quantity_unit))

    def sentence(self, explanation: Explanation, known: str) -> str:
        """The reason; ``known`` where nothing more is to be said."""
        if not explanation.is_examined:
            return self.say("explain.not_examined", reason=known)
        if not explanation.reason:
            return known
        # Not "Declined": what a rule of the planner's leaves out was never put to the plan.
        is_left_out = explanation.rule is not None and explanation.rule.kind in ("decision", "tender")
        goal = self.say(f"explain.goal.{'left_out' if is_left_out else explanation.goal}")
        body = {"cannot_be_made": self._cannot, "does_not_pay": self._no_pay, "crowded_out": self._crowded,
                "kept_out_by_rule": self._rule, "undecided": self._undecided}[explanation.reason]
        return self.say("explain.sentence", goal=goal, what=body(explanation))

    def price(self, interval: Interval | None) -> str:
        """A break-even price: a figure, two ends, any price or none."""
        if interval is None:
            return ""
        # In this sequence: a price of zero is exact, too, and NO_PRICE has an infinite end like an open one.
        if interval.high == 0.0:
            return self.say("explain.any_price")
        if interval.low == math.inf:
            return self.say("explain.no_price")
        if interval.is_exact:
            return amount(interval.high)
        if math.isinf(interval.high):
            return self.say("explain.at_least" if interval.low > 0 else "known.open", amount=amount(interval.low))
        return self.say("explain.between_prices", low=amount(interval.low), high=amount(interval.high))

    def _cannot(self, explanation: Explanation) -> str:
        most, quantity = explanation.most_quantity or 0.0, self._quantity[explanation.order]
        # What a firm order can have at most is asked with no promise kept, its own included.
        beside = ".promised" if self._has_promises and explanation.order not in self._firm else ""
        if explanation.barrier is not None:
            first = barrier_in_words(explanation.barrier, self._language, self._tables.settings.bucket)
        elif explanation.goal in ("on_time", "own_item", "published_line"):
            first = self.say(f"explain.cannot.{explanation.goal}")
        elif most <= FEW * quantity:
            first = self.say(f"explain.cannot.nothing{beside}")
        else:
            shown, whole = told_apart(most, quantity)
            first = self.say(f"explain.cannot.most{beside}", amount=shown, quantity=whole,
                             unit=self.unit(explanation.order))
        return self._and_relaxed(first, explanation.relaxation)

    def _and_relaxed(self, first: str, relaxation: Relaxation | None) -> str:
        """A reason and what would let the order in."""
        if relaxation is None:
            return first
        needs = [self._needed(part) for part in relaxation.parts]
        key = "explain.relax" if len(needs) == 1 else "explain.relax.together"
        return self.say("explain.joined", first=first, second=self.say(key, needed=self.listed(needs)))

    def _needed(self, part: Relaxation) -> str:
        days = [day for day, _ in part.weeks]
        when = self._when(Place(part.name, days[0], days[-1])) if days else ""
        unit = self._unit_of_item.get(part.name, "")
        key: str = "days.one" if part.kind == "days" and part.amount == 1 else part.kind
        # Overtime comes along with the hours of a week, and without it more of those were missing.
        key = "hours.overtime" if part.overtime > FEW else key
        # Days are whole and have no hair added.
        least = part.amount if part.kind == "days" else part.amount / SAFELY
        return self.say(f"explain.relax.{key}", amount=amount(least, upwards=True), name=part.name, when=when,
                        unit=unit, site=part.site, overtime=amount(part.overtime / SAFELY, upwards=True))

    def _no_pay(self, explanation: Explanation) -> str:
        costs = explanation.costs or Interval(0.0, math.inf)
        known = "explain.sum" if costs.is_exact else "explain.sum.at_least"
        details = {"sum": self.say(known, amount=amount(max(costs.low, 0.0)))}
        key = "free" if explanation.is_free else "alone"
        if explanation.goal != "accepted":
            key, details["instead"] = "instead", self.say(f"explain.instead.{explanation.goal}")
        if not explanation.term:
            return self.say(f"explain.no_pay.{key}", **details)
        return self.say(f"explain.no_pay.{key}.most", term=label(f"term.{explanation.term}", self._language), **details)

    def _crowded(self, explanation: Explanation) -> str:
        named = self._losers(explanation.losers)
        if explanation.costs is None:
            return self._and_relaxed(self._behind(named, explanation.places), explanation.relaxation)
        less = self._less(explanation.costs)
        subject = self.say("explain.subject" if explanation.goal == "accepted"
                           else f"explain.instead.{explanation.goal}")
        if not named:
            key = "explain.crowded.term" if explanation.term else "explain.crowded.blank"
            term = label(f"term.{explanation.term or 'revenue'}", self._language)
            return self.say(key, less=less, term=term, subject=subject)
        if not explanation.places:
            return self.say("explain.crowded", losers=named, less=less, subject=subject)
        place = explanation.places[0]
        return self.say("explain.crowded.at", losers=named, less=less, line=place.line, when=self._when(place),
                        subject=subject)

    def _less(self, costs: Interval) -> str:
        """What the plan would earn less: a figure, two ends, or at least so much."""
        low = amount(max(costs.low, 0.0))
        # Two ends that read the same are told as one figure.
        if costs.is_exact or low == amount(costs.high):
            return self.say("explain.less", amount=low)
        if math.isfinite(costs.high):
            return self.say("explain.less.between", low=low, high=amount(costs.high))
        return self.say("explain.less.at_least", amount=low)

    def _behind(self, named: str, places: tuple[Place, ...]) -> str:
        """Whose promises come first, and where."""
        if not named:
            return self.say("explain.crowded.promises")
        if not places:
            return self.say("explain.crowded.promises.named", losers=named)
        return self.say("explain.crowded.promises.at", losers=named, line=places[0].line, when=self._when(places[0]))

    def _when(self, place: Place) -> str:
        """The buckets in which a line is used."""
        span = "span" if place.first < place.last else self._tables.settings.bucket
        last = self._last_day.get(place.last, place.last)
        return self.say(f"explain.when.{span}", first=f"{place.first:%Y-%m-%d}", last=f"{last:%Y-%m-%d}")

    def _losers(self, losers: tuple[Loser, ...]) -> str:
        shown = [self.loser(loser) for loser in losers[:3]]
        named = self.listed(shown, "explain.losers.next")
        return self.say("explain.losers.more", named=named) if named and len(losers) > len(shown) else named

    def loser(self, loser: Loser) -> str:
        """An order that would lose, with what it would."""
        return self.say("explain.loser" if loser.quantity > 0 else "explain.loser.late", order=loser.order,
                        quantity=amount(loser.quantity), unit=self.unit(loser.order), margin=amount(loser.margin))

    def listed(self, names: Sequence[str], key: str = "explain.listed") -> str:
        """Several names in one; ``key``: what stands between two of them."""
        named = names[0] if names else ""
        for name in names[1:]:
            named = self.say(key, first=named, next=name)
        return named

    def _rule(self, explanation: Explanation) -> str:
        rule = explanation.rule
        assert rule is not None
        if rule.gain <= 0 and rule.kind not in ("decision", "tender"):
            first = self.say(f"explain.rule.first.{rule.kind}", name=rule.name)
            return self._and_relaxed(first, explanation.relaxation)
        if rule.gain <= 0:
            return self.say("explain.left_out", first=self.say(f"explain.left_out.{rule.kind}"),
                            second=self._left_out(explanation.costs))
        return self.say(f"explain.rule.{rule.kind}", name=rule.name, amount=amount(rule.gain))

    def _left_out(self, costs: Interval | None) -> str:
        """Whether an order that is left out would pay, where it is not proven that it would."""
        if costs is None or costs.low == -math.inf:
            return self.say("explain.left_out.unproven")
        if costs.low == math.inf:
            return self.say("explain.left_out.impossible")
        if amount(costs.low) == amount(costs.high) == "0":
            return self.say("explain.left_out.even")
        if costs.low > 0:
            return self.say("explain.left_out.no_gain", amount=amount(costs.low))
        if costs.high == math.inf:
            return self.say("explain.left_out.unproven")
        return self.say("explain.left_out.open", less=amount(costs.high), more=amount(-costs.low))

    def _undecided(self, explanation: Explanation) -> str:
        costs = explanation.costs
        if explanation.is_equal:
            return self.say("explain.undecided.equal")
        if costs is None or not (math.isfinite(costs.low) and math.isfinite(costs.high)):
            return self.say("explain.undecided.open")
        instead = self.say(f"explain.instead.{explanation.goal}")
        if costs.low > 0:
            return self.say("explain.undecided.cause", instead=instead, amount=amount(costs.low))
        return self.say("explain.undecided", instead=instead, less=amount(costs.high), more=amount(-costs.low))


def amount(value: float, upwards: bool = False) -> str:
    """A figure as planners write it: whole where it is large, two decimals where it is small, four digits below 1."""
    decimals = _decimals(value)
    return _written(_rounded_up(value, decimals) if upwards else value, decimals)


def told_apart(most: float, whole: float) -> tuple[str, str]:
    """What there is at most and the whole that it is less than, with as many decimals as tell the two apart."""
    if most < whole * (1 - FEW):
        for decimals in range(max(_decimals(most), _decimals(whole)), MOST_DECIMALS + 1):
            if _rounded_up(most, decimals) < round(whole, decimals):
                return _written(_rounded_up(most, decimals), decimals), _written(whole, decimals)
    return amount(whole), amount(whole)


def _decimals(value: float) -> int:
    """Decimals with which a figure of this size is written."""
    size = abs(value)
    if size >= DECIMALS_BELOW:
        return 0
    return 2 if size >= 1 or size == 0 else min(MOST_DECIMALS, DIGITS - 1 - math.floor(math.log10(size)))


def _rounded_up(value: float, decimals: int) -> float:
    return math.ceil(value * (1 - HAIR) * 10 ** decimals) / 10 ** decimals


def _written(value: float, decimals: int) -> str:
    # Rounded before zero is added, which turns -0.0 into 0.0.
    text = f"{round(value, decimals) + 0.0:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if decimals else text


def reasons_in_words(result: Result, language: str) -> list[str]:
    """The reason of every order of the plan's decisions, in their order."""
    assert result.plan is not None
    wording = Wording(result.tables, language)
    decisions = result.plan.frames["decisions"]
    return [known if order not in result.explanations else wording.sentence(result.explanations[order], str(known))
            for order, known in zip(decisions["order"], decisions["reason"], strict=True)]
