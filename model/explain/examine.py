"""Every order's explanation within a budget of seconds: orders that were denied something first, then the largest;
quick proofs before long ones."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from model.explain.break_even import BreakEven, Clock
from model.explain.curve import price_of_all, supply_curve
from model.explain.explanation import Explanation
from model.explain.free_capacity import FreeBook
from model.explain.goals import goals_of
from model.explain.ground import Ground, Wanted, ground_of, has_ground
from model.explain.left_out import LeftOut, ground_with
from model.explain.near import Nearby
from model.explain.reasons import Reasons, Verdict
from model.explain.rules import Rules
from model.explain.sharing import Helper, Share, base_prices, shared_out
from model.explain.unpromised import needs_planning, unpromised
from model.explain.words import reasons_in_words
from model.planning import Result

# Shares of the budget; but GRACE [s], SMALLEST_GAP (share of the margin), FEW_WHOLE (decisions).
QUICK_SHARE = 0.7
LINEAR_QUICK_SHARE = 0.95  # without whole decisions relaxations say it all
REASONS_SHARE = 0.8
PATIENCE = 0.1
GRACE = 2.0
FREE_BOOK_SHARE = 0.15
BOOK_SHARE = 0.2
SMALLEST_GAP = 1e-7
FEW_WHOLE = 1_000


@dataclass
class _Case:
    """One order under examination; ``is_apart``: its price shows in a book of its own, in which it is not promised."""

    wanted: Wanted
    verdict: Verdict | None
    search: BreakEven
    whole: BreakEven | None
    explanation: Explanation | None = None
    is_apart: bool = False

    @property
    def is_decided(self) -> bool:
        """Whether the reason is proven."""
        return self.explanation is not None and self.explanation.reason != "undecided"

    @property
    def is_begun(self) -> bool:
        """Whether enough is known to speak of the order."""
        return self.verdict is None or self.explanation is not None

    @property
    def searches(self) -> list[BreakEven]:
        """The searches for its prices."""
        return [self.search] if self.whole is None else [self.search, self.whole]

    @property
    def search_of_goal(self) -> BreakEven | None:
        """The search that asks of a plan what the order's goal asks of it."""
        if self.verdict is None or self.is_apart or not self.verdict.is_of_the_book:
            return None
        if self.verdict.goal == "accepted" and self.wanted.is_lumpy:
            return self.search
        # Acceptance of an order that could not be had whole was asked for less: no search asks the same.
        floor = self.verdict.granted.lower.get(self.wanted.delivered, 0.0)
        is_whole = self.verdict.goal in ("accepted", "in_full") and floor >= self.wanted.quantity
        return self.whole if is_whole else None

    def note_impossible(self) -> None:
        """What no plan grants pays at no price: any of an order that cannot be accepted, all of one that cannot be
        delivered in full."""
        verdict = self.verdict
        if verdict is None or verdict.goal not in ("accepted", "in_full"):
            return
        if verdict.is_impossible and (verdict.goal == "accepted" or self.whole is None):
            self.search.impossible()
        if self.whole is not None and (verdict.is_impossible or verdict.is_short):
            self.whole.impossible()


def _searches(ground: Ground, wanted: Wanted) -> tuple[BreakEven, BreakEven | None]:
    """Searches for the price of acceptance and, where that may be in part, of the whole order as against none."""
    search = BreakEven(ground, wanted, ground.taken(wanted), wanted.least)
    if wanted.least >= wanted.quantity:
        return search, None
    return search, BreakEven(ground, wanted, ground.in_full(wanted), wanted.quantity)


def explained(result: Result, seconds: float, orders: Sequence[str] | None = None,
              language: str = "en", stopped: Callable[[], bool] | None = None) -> Result:
    """The result with an explanation for each order (or each of ``orders``), those not reached marked so.

    ``seconds``: budget, beyond which nothing is begun. A large book is examined by two processes where there are two
    cores, each for half of the orders.
    """
    names = result.tables.frames["orders"]["order"].tolist() if orders is None else list(orders)
    prices = base_prices(result.tables)
    found = {name: Explanation(name, price=prices[name]) for name in names}
    if seconds > 0 and has_ground(result):
        until = time.monotonic() + seconds
        here, there = shared_out(result, names, seconds)
        # Started first: it works while this process examines its own half.
        helper = Helper(Share(examined, result, there, seconds)) if there else None
        try:
            found.update(examined(result, here, seconds, stopped))
            if helper is not None:
                found.update(helper.explanations(until, stopped))
        finally:
            # Whatever happens here, no process is left behind.
            if helper is not None:
                helper.end()
    return _worded(replace(result, explanations=found), language)


def examined(result: Result, names: Sequence[str], seconds: float,
             stopped: Callable[[], bool] | None = None) -> dict[str, Explanation]:
    """What is found out of these orders within ``seconds``; nothing of those not reached."""
    ground = ground_of(result, stopped)
    if ground is None:
        return {}
    clock = Clock(time.monotonic() + seconds, seconds * PATIENCE)
    examiner = Examiner(result, ground, seconds)
    examiner.survey([name for name in names if name in ground.orders])
    # Between survey and searches: the searches take all the time there is.
    found = _left_out(result, ground, [name for name in names if name not in ground.orders], clock)
    return {**found, **examiner.sharpened()}


def _left_out(result: Result, ground: Ground, names: Sequence[str], clock: Clock) -> dict[str, Explanation]:
    """Explanations of the orders that are left out before planning, as far as the time allows."""
    other = None if clock.is_over or not names else ground_with(result, ground, names)
    if other is None:
        return {}
    # Largest first: where the time ends, the rest stays unexamined.
    worth = {name: other.orders[name].price * other.orders[name].quantity for name in names}
    examiner, found = LeftOut(other, result, other.is_small), {}
    for name in sorted(names, key=lambda each: (-worth[each], each)):
        if clock.is_over:
            break
        found[name] = examiner.explanation(name, Clock(clock.deadline))
    return found


def _worded(result: Result, language: str) -> Result:
    """The result with the reasons in its decisions."""
    if result.plan is None:
        return result
    decisions = result.plan.frames["decisions"].copy()
    decisions["reason"] = reasons_in_words(result, language)
    plan = replace(result.plan, frames={**result.plan.frames, "decisions": decisions})
    return replace(result, plan=plan)


class Examiner:
    """Examines the orders of one planned book."""

    def __init__(self, result: Result, ground: Ground, seconds: float) -> None:
        self._ground = ground
        began = time.monotonic()
        self._deadline = began + seconds
        is_searched = bool(ground.matrix.is_whole.any())
        self._quick_until = began + seconds * (QUICK_SHARE if is_searched else LINEAR_QUICK_SHARE)
        self._reasons_until = self._quick_until if ground.is_small else began + seconds * REASONS_SHARE
        self._seconds = seconds
        self._is_small = ground.is_small
        self._goals = goals_of(ground)
        free = FreeBook(self._goals, seconds * FREE_BOOK_SHARE, result.options.get("gap", 0.0), self._is_small)
        self._nearby = Nearby(ground)
        self._cases: list[_Case] = []
        self._is_slow_apart = False
        self._rules = Rules(ground, self._nearby, self._is_small)
        self._reasons = Reasons(self._goals, free, self._rules)

    def survey(self, names: Sequence[str]) -> None:
        """Every order, those that did not get all they asked for first, then the largest by value, without a search for
        whole decisions where that takes long: the reasons of all of them before the prices of any, in a large book."""
        wanted = sorted((self._ground.orders[name] for name in names),
                        key=lambda each: (not self._goals.of(each), -each.price * each.quantity, each.order))
        for each in wanted:
            if Clock(self._reasons_until).is_over:
                break
            self._cases.append(self._begun(each))
            if self._is_small:
                self._price(self._cases[-1])
        if not self._is_small:
            for case in self._cases:
                self._price(case)
            # What this proves of the whole book may settle orders that their relaxation left open.
            self._search_book()
            for case in self._cases:
                if case.explanation is None:
                    self._conclude(case, self._clock(self._seconds * PATIENCE), is_searched=False)

    def _search_book(self) -> None:
        """A further search of the book as it stands, where it has few whole decisions: what it proves, it proves of
        every order, and most of a gap closes before the search begins to branch."""
        standing, clock = self._ground.standing, self._clock(self._seconds * BOOK_SHARE)
        is_open = standing.bound - standing.margin > max(1.0, abs(standing.margin)) * SMALLEST_GAP
        if clock.is_over or not is_open or int(standing.matrix.is_whole.sum()) > FEW_WHOLE:
            return
        standing.learn(standing.ask(time_limit=clock.left))
        for case in self._cases:
            if case.verdict is not None:
                self._reasons.note_best(case.verdict)
            if case.is_apart:
                continue
            case.search.published()
            if case.whole is not None:
                case.whole.know(case.search)
                case.whole.published()

    def sharpened(self) -> dict[str, Explanation]:
        """The orders surveyed, with whole decisions as far as the time allows: reasons before prices."""
        for case in self._cases if self._is_small else sorted(self._cases, key=self._openness):
            self._settle(case, self._clock(self._seconds * PATIENCE) if self._is_small else self._searching())
        # Stable: open reasons first, otherwise the order of the survey.
        for case in sorted(self._cases, key=self._is_settled):
            self._sharpen(case, self._clock() if self._is_small else self._searching())
        return {case.wanted.order: self._written(case) for case in self._cases if case.is_begun}

    def _clock(self, patience: float = float("inf")) -> Clock:
        return Clock(self._deadline, patience)

    def _is_settled(self, case: _Case) -> bool:
        """Whether a search would say no more of the reason."""
        return case.is_decided and case.wanted.order not in self._rules.open

    def _openness(self, case: _Case) -> float:
        """How far the relaxation is from a reason: the nearest are settled soonest."""
        return case.verdict.first_bound if case.verdict is not None else float("inf")

    def _searching(self) -> Clock:
        """In a large book no search is begun in the last seconds: it may overrun its time by so much."""
        patience = self._seconds * PATIENCE
        return Clock(self._deadline - patience, patience)

    def _begun(self, wanted: Wanted) -> _Case:
        """A bound of what it asked for from the relaxation, and a plan near the published one."""
        # An order that is begun has time: reasons are begun when the time for prices is over, too.
        clock = self._quick_clock(max(self._quick_until, self._reasons_until))
        goal = self._goals.of(wanted)
        verdict = self._reasons.begin(wanted, goal, clock) if goal else None
        case = _Case(wanted, verdict, *_searches(self._ground, wanted),
                     is_apart=needs_planning(self._ground, wanted))
        for search in case.searches if not case.is_apart else ():
            search.published()
        if verdict is not None:
            case.note_impossible()
            self._reasons.near(verdict, self._nearby, clock)
            if verdict.values is not None and verdict.is_proven and not self._is_small:
                self._conclude(case, clock, is_searched=False)  # at once: the solver stands at the plan that grants it
        return case

    def _price(self, case: _Case) -> None:
        """Limits of the price from relaxations, and from plans near the published one."""
        clock = self._quick_clock(self._quick_until)
        if clock.is_over or case.is_apart:
            return
        case.search.quick(self._nearby, clock)
        if case.whole is not None:
            case.whole.quick(self._nearby, clock, case.search)
            # A plan with all of the order is a plan with the order.
            case.search.balance.lines += case.whole.balance.lines

    def _quick_clock(self, until: float) -> Clock:
        return Clock(self._deadline if self._is_small else until + GRACE, self._seconds * PATIENCE)

    def _conclude(self, case: _Case, clock: Clock, is_searched: bool) -> None:
        """The reason as far as it is known by now."""
        if case.verdict is not None and case.verdict.is_known and not clock.is_over:
            case.explanation = self._reasons.explained(case.verdict, clock, is_searched)
            same = case.search_of_goal
            if same is not None:
                same.asked_at_own_price(case.verdict.best, case.verdict.bound, case.verdict.values)

    def _settle(self, case: _Case, clock: Clock) -> None:
        """The reason with whole decisions, as far as the time allows."""
        if clock.is_over or case.verdict is None or self._is_settled(case):
            return
        if not case.is_decided:
            self._reasons.solve(case.verdict, clock)
            case.note_impossible()
        self._conclude(case, clock, is_searched=True)

    def _sharpen(self, case: _Case, clock: Clock) -> None:
        """Whole decisions of the price, as far as the time allows."""
        if clock.is_over:
            return
        if case.is_apart and not self._set_apart(case):
            return
        case.search.solved(clock)
        if case.whole is not None:
            case.whole.know(case.search)
            case.whole.solved(clock)

    def _set_apart(self, case: _Case) -> bool:
        """Search for its prices where the order is not promised; whether that book was planned in time.

        Where it takes too long for one order of a large book it does so for every other.
        """
        clock = self._clock() if self._is_small else self._searching()
        found = None if self._is_slow_apart else unpromised(self._ground, case.wanted, clock.left)
        self._is_slow_apart = found is None and not self._is_small
        if found is not None:
            case.search, case.whole = _searches(*found)
            for search in case.searches:
                search.published()
        return found is not None

    def _written(self, case: _Case) -> Explanation:
        wanted = case.wanted
        found = case.explanation or Explanation(wanted.order, price=wanted.price, is_examined=True)
        curve: tuple[tuple[float, float], ...] = ()
        if wanted.least < wanted.quantity and not self._clock().is_over:
            curve = supply_curve(case.search, self._clock())
        interval = case.search.interval
        whole = interval if case.whole is None else case.whole.interval
        full = interval if case.whole is None else price_of_all(case.search, case.whole, curve)
        return replace(found, break_even=interval, whole=whole, in_full=full, curve=curve)

