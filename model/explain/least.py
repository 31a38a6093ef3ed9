"""The least of something more that lets an order in: hours of a line or resource, units in stock, or several of them.

Each is a minimisation in the book with wider limits. What needs least by the relaxation is asked first with whole
decisions, and nothing that needs more by the relaxation than what was found is asked at all.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from model.explain.applying import LESS, Granting, has_plan
from model.explain.break_even import Clock
from model.explain.explanation import Relaxation
from model.explain.ground import FEW, Ground
from model.explain.load import under_promises
from model.explain.loosened import Further, What, loosened, without_tightening
from model.instance import build_instance
from model.solve.change import Change, Row
from model.solve.standing import Answer
from model.tables import Tables

Asking = Callable[[Ground], Iterable[Further]]
GAP = 0.005
MORE_HOURS = (1.0, 10.0)  # shares of its own that a bucket may have besides: more than doubled only where it must
NEAREST_SHARE = 0.2  # of the time left
SAFELY = 1 + 1e-5  # where hardly more than the least is there, the solver was seen to find no plan


@dataclass(order=True)
class _Candidate:
    """Something to have more of: less than ``bound`` of it does not suffice, ``least`` does, once it is found.

    ``step``: the first of ``MORE_HOURS`` that is not known to be too few.
    """

    bound: float
    place: int
    asking: Asking = field(compare=False)
    step: int = field(default=0, compare=False)
    least: Relaxation | None = field(default=None, compare=False)


class Least:
    """What one book, that of the ``tables``, must have more of so that one order is granted what it asked for."""

    def __init__(self, ground: Ground, tables: Tables, granting: Granting, clock: Clock) -> None:
        self._granting, self._clock = granting, clock
        self._ground, self._tables = ground, tables
        self._loosened: dict[int, Ground] = {}

    @cached_property
    def _book(self) -> Ground:
        return under_promises(self._ground, build_instance(self._tables))

    def ascending(self, askings: Iterable[Asking]) -> Iterator[Relaxation]:
        """The least of each that is enough, the smallest first, to within ``GAP``; none after one of which it is not
        proven in time that one per cent less is not enough: it might be the smallest."""
        if self._clock.is_over:
            return
        # Every relaxation is solved before the first search: they say in which sequence to search.
        begun = (self._bounded(_Candidate(0.0, place, asking)) for place, asking in enumerate(askings))
        waiting = [each for each in begun if each is not None]
        heapq.heapify(waiting)
        while waiting:
            first = heapq.heappop(waiting)
            # What was found stands in the heap with what it needs: at the top, no other can need less.
            if first.least is not None:
                yield first.least
                continue
            further, change = self._asked(first.asking, first.step)
            # An answer is always true: the search is made only where there is none.
            answer = self._nearest(change, first) or self._searched(change, first)
            # Perhaps possible where a bucket may have more besides: with the next of MORE_HOURS.
            if answer.is_impossible:
                following = self._bounded(replace(first, step=first.step + 1))
            elif not answer.is_feasible:
                return
            else:
                following = _found(first, further, answer)
                # Not proven that one per cent less is too little: then it is not known which one needs least.
                if following is not None and self._fewest(answer) < LESS * following.bound:
                    return
            if following is not None:
                heapq.heappush(waiting, following)

    def apart(self, asking: Asking) -> list[Asking]:
        """What is asked for line by line, item by item."""
        return [partial(_only, asking, what) for what in dict.fromkeys(each.what for each in asking(self._wide(0)))]

    def is_enough(self, asking: Asking) -> bool | None:
        """Whether any amount of it is; None where that is not found out in time."""
        if self._clock.is_over:
            return None
        # The widest book has every plan of the narrower ones: what is impossible in it is impossible.
        step = len(MORE_HOURS) - 1
        _, change = self._asked(asking, step)
        return has_plan(self._wide(step).standing, change, self._clock)

    def _bounded(self, candidate: _Candidate) -> _Candidate | None:
        """The candidate with what the relaxation needs of it; None where no amount is enough."""
        for step in range(candidate.step, len(MORE_HOURS)):
            further, change = self._asked(candidate.asking, step)
            answer = self._wide(step).standing.bound_of(change, self._clock.left)
            # The relaxation happens to be a plan: the least is found without a search.
            if answer.is_proven and not answer.is_impossible:
                return _found(candidate, further, answer)
            if not answer.is_impossible:
                return replace(candidate, bound=self._fewest(answer), step=step)
        return None

    def _nearest(self, change: Change, candidate: _Candidate) -> Answer | None:
        """Any plan that needs hardly more than the relaxation: it is the least to within ``GAP`` without a proof of its
        own. None where there is none, or it is not found soon."""
        wide = self._wide(candidate.step)
        # Further columns get the positions behind the model's own.
        positions = range(len(wide.matrix.cost), len(wide.matrix.cost) + len(change.further))
        total = Row(-math.inf, candidate.bound * (1 + GAP), dict.fromkeys(positions, 1.0))
        answer = wide.standing.ask(change.also(Change(rows=(total,))), gap=math.inf,
                                   time_limit=NEAREST_SHARE * self._clock.left)
        # Each further unit earns -1, and the solver counts the fixed part of the objective, which no change takes away.
        least_margin = -candidate.bound - self._book.matrix.offset
        return replace(answer, bound=least_margin) if answer.is_feasible else None

    def _searched(self, change: Change, candidate: _Candidate) -> Answer:
        """The least with whole decisions, proven to within ``GAP`` of it: what the model earns anyway is no part."""
        standing, fixed = self._wide(candidate.step).standing, abs(self._book.matrix.offset)
        # The solver's gap is a share of the whole objective: the fixed part must not make it coarser.
        gap = GAP * candidate.bound / (candidate.bound + fixed) if candidate.bound > 0 else 0.0
        return standing.ask(change, gap=gap, time_limit=self._clock.left)

    def _fewest(self, answer: Answer) -> float:
        """What the relaxation needs: nothing but what is asked for counts."""
        return max(0.0, -answer.bound - self._book.matrix.offset)

    def _asked(self, asking: Asking, step: int) -> tuple[Sequence[Further], Change]:
        """What is asked for, and the goal granted with as little of it as can be."""
        wide = self._wide(step)
        further = tuple(asking(wide))
        # Units that appear in stock break rows that were derived without them.
        loose = without_tightening(wide, {each.name for each in further if each.kind == "material"})
        columns = tuple(each.up_to(MORE_HOURS[step]) for each in further)
        return further, self._granting(wide).also(loose).also(Change(further=columns, is_alone=True))

    def _wide(self, step: int) -> Ground:
        if step not in self._loosened:
            self._loosened[step] = loosened(self._book, MORE_HOURS[step])
        return self._loosened[step]


def _only(asking: Asking, what: What, wide: Ground) -> list[Further]:
    return [each for each in asking(wide) if each.what == what]


def _found(candidate: _Candidate, further: Sequence[Further], answer: Answer) -> _Candidate | None:
    """The candidate with what is used of it; None where that is nothing."""
    assert answer.values is not None
    amounts = answer.values[len(answer.values) - len(further):]
    least = _relaxation((each, float(amount)) for each, amount in zip(further, amounts, strict=True) if amount > FEW)
    if least is None:
        return None
    return replace(candidate, bound=sum(part.amount for part in least.parts), least=least)


def _relaxation(used: Iterable[tuple[Further, float]]) -> Relaxation | None:
    """What is used of further hours and units, line by line and item by item, the most first."""
    of_what: dict[What, list[tuple[Further, float]]] = {}
    for each, amount in used:
        of_what.setdefault(each.what, []).append((each, amount * SAFELY))
    parts = [Relaxation(
        kind, name, sum(amount for _, amount in rows), site=site,  # type: ignore[arg-type]  # one of the kinds
        overtime=sum(each.overtime * amount for each, amount in rows),
        weeks=tuple((each.day, amount) for each, amount in rows if each.day is not None))
        for (kind, name, site), rows in of_what.items()]
    # Name after amount: equal amounts keep one sequence from run to run.
    parts.sort(key=lambda part: (-part.amount, part.kind, part.name))
    return replace(parts[0], also=tuple(parts[1:])) if parts else None
