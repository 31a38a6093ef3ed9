"""Every order's explanation within a budget of seconds: largest orders first, quick proofs before long ones."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from model.explain.break_even import BreakEven, Clock
from model.explain.curve import last_unit, supply_curve
from model.explain.explanation import Explanation
from model.explain.free_capacity import FreeBook
from model.explain.goals import goal_of
from model.explain.ground import Ground, Wanted, ground_of
from model.explain.left_out import left_out_explanation
from model.explain.near import Nearby
from model.explain.reasons import Reasons, Verdict
from model.explain.words import reasons_in_words
from model.planning import Result

QUICK_SHARE = 0.7
PATIENCE = 0.1
GRACE = 2.0
FREE_BOOK_SHARE = 0.15
SMALL_MODEL = 2_000


@dataclass
class _Case:
    """One order under examination."""

    wanted: Wanted
    verdict: Verdict | None
    search: BreakEven
    whole: BreakEven | None
    explanation: Explanation | None = None

    @property
    def is_decided(self) -> bool:
        """Whether the reason is proven."""
        return self.explanation is not None and self.explanation.reason != "undecided"

    @property
    def is_begun(self) -> bool:
        """Whether enough is known to speak of the order."""
        return self.verdict is None or self.explanation is not None


def explained(result: Result, seconds: float, orders: Sequence[str] | None = None,
              language: str = "en", stopped: Callable[[], bool] | None = None) -> Result:
    """The result with an explanation for each order (or each of ``orders``), those not reached marked so.

    ``seconds``: budget, beyond which nothing is begun.
    """
    names = result.tables.frames["orders"]["order"].tolist() if orders is None else list(orders)
    empty = {name: Explanation(name, price=_price(result, name)) for name in names}
    ground = ground_of(result, stopped)
    if ground is None or seconds <= 0:
        return _worded(replace(result, explanations=empty), language)
    found = Examiner(result, ground, seconds).examine([name for name in names if name in ground.orders])
    deadline = time.monotonic() + max(0.0, seconds - found.seconds)
    for name in names:
        if name not in ground.orders:
            found.explanations[name] = left_out_explanation(result, name, empty[name], Clock(deadline))
    return _worded(replace(result, explanations={**empty, **found.explanations}), language)


def _worded(result: Result, language: str) -> Result:
    """The result with the reasons in its decisions."""
    if result.plan is None:
        return result
    decisions = result.plan.frames["decisions"].copy()
    decisions["reason"] = reasons_in_words(result, language)
    plan = replace(result.plan, frames={**result.plan.frames, "decisions": decisions})
    return replace(result, plan=plan)


def _price(result: Result, order: str) -> float:
    tables = result.tables
    row = tables.frames["orders"].set_index("order").loc[order]
    rates = dict(zip(tables.frames["currencies"]["currency"], tables.frames["currencies"]["rate"], strict=True))
    return float(row["unit_price"]) * float(rates.get(row["currency"], 1.0))


@dataclass
class Examined:
    """Explanations by order, and the seconds they took."""

    explanations: dict[str, Explanation]
    seconds: float


class Examiner:
    """Examines the orders of one planned book."""

    def __init__(self, result: Result, ground: Ground, seconds: float) -> None:
        self._ground = ground
        self._began = time.monotonic()
        self._deadline = self._began + seconds
        self._quick_until = self._began + seconds * QUICK_SHARE
        self._seconds = seconds
        self._is_small = ground.matrix.rows.shape[1] <= SMALL_MODEL
        self._reasons = Reasons(ground, FreeBook(ground, seconds * FREE_BOOK_SHARE, result.options.get("gap", 0.0),
                                                 int(result.options.get("seed", 0)), self._is_small))
        self._nearby = Nearby(ground)

    def examine(self, names: Sequence[str]) -> Examined:
        """Every order, the largest by value first."""
        wanted = sorted((self._ground.orders[name] for name in names),
                        key=lambda each: (-each.price * each.quantity, each.order))
        cases = []
        for each in wanted:
            if Clock(self._quick_until).is_over:
                break
            cases.append(self._begun(each))
        if not self._is_small:
            for case in cases:
                self._conclude(case, self._clock(self._seconds * PATIENCE))
        for case in sorted(cases, key=lambda each: each.explanation is not None and each.is_decided):
            self._sharpen(case)
        found = {case.wanted.order: self._written(case) for case in cases if case.is_begun}
        return Examined(found, time.monotonic() - self._began)

    def _clock(self, patience: float = float("inf")) -> Clock:
        return Clock(self._deadline, patience)

    def _begun(self, wanted: Wanted) -> _Case:
        """Bounds from relaxations, and plans near the published one."""
        clock = Clock(self._deadline if self._is_small else self._quick_until + GRACE, self._seconds * PATIENCE)
        goal = goal_of(self._ground, wanted, self._ground.standing.values, self._reasons.lateness)
        verdict = self._reasons.begin(wanted, goal, clock) if goal else None
        search = BreakEven(self._ground, wanted, self._ground.taken(wanted), wanted.least)
        search.published()
        search.quick(self._nearby, clock)
        whole = None
        if wanted.least < wanted.quantity:
            whole = BreakEven(self._ground, wanted, self._ground.in_full(wanted), wanted.quantity)
            whole.published()
            whole.quick(self._nearby, clock, search)
            search.balance.lines += whole.balance.lines
        if verdict is not None:
            self._reasons.near(verdict, self._nearby, clock)
        return _Case(wanted, verdict, search, whole)

    def _conclude(self, case: _Case, clock: Clock) -> None:
        """The reason as far as it is known by now."""
        if case.verdict is not None and case.verdict.is_known and not clock.is_over:
            case.explanation = self._reasons.explained(case.verdict, clock)

    def _sharpen(self, case: _Case) -> None:
        """Whole decisions, as far as the time allows: the reason first, then the price."""
        clock = self._clock() if self._is_small else self._clock(self._seconds * PATIENCE)
        if clock.is_over:
            return
        if case.verdict is not None and not case.is_decided:
            self._reasons.solve(case.verdict, clock)
            self._conclude(case, clock)
        case.search.solved(clock)
        if case.whole is not None:
            case.whole.know(case.search)
            case.whole.solved(clock)

    def _written(self, case: _Case) -> Explanation:
        wanted = case.wanted
        found = case.explanation or Explanation(wanted.order, price=wanted.price, is_examined=True)
        curve: tuple[tuple[float, float], ...] = ()
        if wanted.least < wanted.quantity and not self._clock().is_over:
            curve = supply_curve(case.search, self._clock())
        interval = case.search.interval
        whole = interval if case.whole is None else case.whole.interval
        full = interval if case.whole is None else last_unit(curve, wanted.quantity)
        return replace(found, break_even=interval, whole=whole, in_full=full, curve=curve)

