"""Why an order is where it is, as a value: the reason, what proves it, the price at which it begins to pay."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from model.explain.interval import Interval
from model.plan.barriers import Barrier

Reason = Literal["cannot_be_made", "does_not_pay", "crowded_out", "kept_out_by_rule", "undecided", ""]
RuleKind = Literal["quota", "pin", "frozen_plan", "contract_minimum", "safety_stock", "final_stock", "approval",
                   "decision", "tender"]
Goal = Literal["accepted", "in_full", "on_time", "own_item", "published_line", ""]


@dataclass(frozen=True)
class Loser:
    """An order that would lose: units not delivered, and what it earns with them in the published plan [base money]."""

    order: str
    quantity: float
    margin: float


@dataclass(frozen=True)
class Place:
    """Where the losers are made in the published plan: a line and the first days of its first and last bucket."""

    line: str
    first: pd.Timestamp
    last: pd.Timestamp


@dataclass(frozen=True)
class Relaxation:
    """The smallest relaxation that lets an order in: so much of what, where.

    ``kind`` hours: further regular hours of line ``name`` by ``weeks``, and so many hours of ``overtime`` that come
    along, as they do where a calendar row raises the availability; resource: further hours of a shared resource;
    days: ``amount`` days on the latest date; material: units of item ``name`` in stock at the start, at ``site``;
    single_line, single_delivery: the order's term of that name, lifted. ``also``: where no single one suffices, what is
    needed besides.
    """

    kind: Literal["hours", "resource", "days", "material", "single_line", "single_delivery"]
    name: str
    amount: float
    weeks: tuple[tuple[pd.Timestamp, float], ...] = ()
    site: str = ""
    also: tuple[Relaxation, ...] = ()
    overtime: float = 0.0

    @property
    def parts(self) -> tuple[Relaxation, ...]:
        """All that is needed together."""
        return (replace(self, also=()), *self.also)


@dataclass(frozen=True)
class Rule:
    """A rule that alone keeps the order out, and what the best plan would earn more without it, at least."""

    kind: RuleKind
    name: str
    gain: float


@dataclass(frozen=True)
class Explanation:
    """One order. ``goal``: what it did not get; ``reason``: why, blank where it got everything or nobody looked.
    ``costs``: what the goal would cost the plan at least and at most [base money]; ``term``: the money term that
    speaks most against it, with its amount; ``is_free``: it loses so much even with free capacity; ``is_equal``: a
    plan that grants the goal was found to earn no less. ``barrier``: what bars an order by the tables alone.
    ``break_even``: the price from which it pays to accept it (for a firm order: were it not promised, and the other
    promises missed as little as can be), ``whole``: from which all of it pays as against none of it; ``in_full``:
    the price from which all of it is delivered (with no end above where that is not proven); ``curve``: prices from
    which so many units are delivered, every step proven. All prices in base currency per unit.
    """

    order: str
    goal: Goal = ""
    reason: Reason = ""
    costs: Interval | None = None
    losers: tuple[Loser, ...] = ()
    places: tuple[Place, ...] = ()
    term: str = ""
    term_amount: float = 0.0
    is_free: bool = False
    is_equal: bool = False
    most_quantity: float | None = None
    relaxation: Relaxation | None = None
    barrier: Barrier | None = None
    rule: Rule | None = None
    price: float = 0.0
    break_even: Interval | None = None
    whole: Interval | None = None
    in_full: Interval | None = None
    curve: tuple[tuple[float, float], ...] = ()
    is_examined: bool = False
