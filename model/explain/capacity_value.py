"""What more capacity would earn: step curves from re-solves, for the bottlenecks.

Each value is the margin of the best plan with the capacity less that of the best plan without it; what a gap leaves
open is an interval. More hours or material may be used in whatever buckets they earn most.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from model.explain.asking import Budget, NoPlanError, base_margin, best, load_beside, proven
from model.explain.bottlenecks import bottlenecks
from model.explain.capacity_questions import questions
from model.explain.ground import Ground
from model.explain.known import Known
from model.plan import Plan
from model.solve.change import Change
from model.tables import Tables

STEPS = {"hours": (10.0, 20.0, 40.0, 80.0), "shifts": (1.0, 2.0), "chambers": (1.0, 2.0), "units": (1.0, 10.0, 100.0),
         "stock_units": (1.0, 10.0, 100.0), "days_earlier": (7.0, 14.0)}
START_WEIGHT = 4.0
"""To plan a book again takes so many times as long as a question about the loaded one."""


@dataclass(frozen=True)
class Step:
    """So much more, and what it earns in all [base money]; None where the time did not suffice to ask."""

    amount: float
    value: Known | None


@dataclass(frozen=True)
class Curve:
    """What more of one thing earns. ``kind``: line, resource, material, stock or start; ``measure``: a key of STEPS;
    ``site``: where the stock is kept."""

    kind: str
    name: str
    measure: str
    steps: tuple[Step, ...]
    site: str = ""


def capacity_values(ground: Ground, plan: Plan, seconds: float, budget: float = math.inf,
                    gap: float | None = None) -> list[Curve]:
    """A curve for every bottleneck and every line under construction; ``seconds`` for each step, ``budget`` for all.

    ``gap``: of books that are planned again, as a share; None: as the settings say. No value is below zero: a plan is
    one of the larger plant, too.
    """
    until = time.monotonic() + budget
    # Every value is a difference from it: a gap left open here stays open in all of them.
    base, start = base_margin(ground.standing, min(seconds, budget / 2))
    asked, lines = list(questions(ground, bottlenecks(ground, plan))), under_construction(ground)
    count = sum(len(STEPS[measure]) for _, measure, _ in asked)
    shared = Budget(until - time.monotonic(), count + START_WEIGHT * len(STEPS["days_earlier"]) * len(lines), seconds)
    curves = []
    for each, measure, more in asked:
        steps = [Step(amount, _gained(ground, more(amount), base, start, shared.share())) for amount in STEPS[measure]]
        curves.append(Curve(each.kind, each.name, measure, rising(steps), each.site))
    for line in lines:
        # Where promises are missed an earlier line may keep more of them: the margins then compare different things.
        is_asked = plan.frames["misses"].empty
        steps = [Step(days, _planned(ground, with_earlier(ground.instance.tables, line, days), base,
                                     shared.share(START_WEIGHT), gap)
                      if is_asked else None) for days in STEPS["days_earlier"]]
        curves.append(Curve("start", line, "days_earlier", rising(steps)))
    return curves


def _gained(ground: Ground, asked: tuple[Change, bool], base: Known, start: np.ndarray, seconds: float) -> Known | None:
    """What the changed book earns more; at least so much where the change does not hold all that is allowed."""
    if seconds <= 0:
        return None
    change, is_whole = asked
    gained = proven(best(ground.standing, change, seconds=seconds, start=start)).less(base)
    # Without runs that only the larger plant has, the re-solve proves a lower end and no upper one.
    return Known(max(0.0, gained.low), max(0.0, gained.high) if is_whole else math.inf)


def rising(steps: Iterable[Step]) -> tuple[Step, ...]:
    """The steps, each no less than what is proven of a smaller one, and no more than what is of a larger one."""
    kept, floor = [], 0.0
    for step in steps:
        if step.value is not None:
            floor = max(floor, step.value.low)
            step = Step(step.amount, Known(floor, max(floor, step.value.high)))
        kept.append(step)
    # Then back: no step earns more than a larger one.
    ceiling = math.inf
    for place in range(len(kept) - 1, -1, -1):
        value = kept[place].value
        if value is not None:
            ceiling = min(ceiling, value.high)
            kept[place] = Step(kept[place].amount, Known(min(value.low, ceiling), ceiling))
    return tuple(kept)


def under_construction(ground: Ground) -> list[str]:
    """Lines that start or may be opened inside the horizon, or so soon after it that a step brings them into it."""
    tables, horizon = ground.instance.tables, ground.instance.horizon
    first = horizon["start"].iloc[0]
    last = horizon["end"].iloc[-1] + pd.Timedelta(days=max(STEPS["days_earlier"]))
    starting: set[str] = set()
    for frame in (tables.frames["lines"], tables.frames["expansions"]):
        starting.update(frame.loc[(frame["start_date"] > first) & (frame["start_date"] <= last), "line"])
    return [line for line in tables.frames["lines"]["line"] if line in starting]


def with_earlier(tables: Tables, line: str, days: float) -> Tables:
    """The tables with the line, and every option to open it, so many days earlier."""
    # Not as a what-if question: a name may hold what is a sign there.
    frames = {**tables.frames}
    for name in ("lines", "expansions"):
        starts = frames[name]["start_date"]
        earlier = starts.where(frames[name]["line"] != line, starts - pd.Timedelta(days=days))
        frames[name] = frames[name].assign(start_date=earlier)
    return replace(tables, frames=frames)


def _planned(ground: Ground, tables: Tables, base: Known, seconds: float, gap: float | None) -> Known | None:
    """What the book of these tables earns more, planned again."""
    if seconds <= 0:
        return None
    try:
        other, outcome = load_beside(ground, tables, seconds, gap)
    except NoPlanError:
        return None
    after, _ = base_margin(other.standing, seconds)
    gained = after.less(base)
    # A plan that keeps fewer promises earns more for it: no value of the line.
    return None if outcome.promises_missed else Known(max(0.0, gained.low), max(0.0, gained.high))
