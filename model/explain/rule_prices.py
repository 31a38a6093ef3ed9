"""What each rule costs: the margin of the best plan without it, less that of the best plan with it.

Every rule is taken away alone, all others and every other promise kept as in the published plan.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from model.explain.asking import Budget, base_margin, best, proven
from model.explain.ground import Ground
from model.explain.known import Known
from model.explain.rules import without_frozen, without_pins, without_rows
from model.instance import build_instance
from model.plan import Plan
from model.solve.change import Change

KINDS = ("frozen_plan", "quota", "contract_minimum", "single_line", "minimum_lots", "pin", "firm_order")


@dataclass(frozen=True)
class RulePrice:
    """What a rule costs in margin [base money]; ``price`` is None where the time did not suffice to ask.

    ``kind``: one of KINDS; ``name``: the rule, pin or order, blank where all rules of the kind are taken away together.
    """

    kind: str
    name: str
    price: Known | None
    seconds: float = 0.0


@dataclass(frozen=True)
class Rule:
    """One rule and the change that takes it away. ``is_whole``: whether that change takes away all it does."""

    kind: str
    name: str
    change: Change
    is_whole: bool = True


def rule_prices(ground: Ground, plan: Plan, seconds: float, budget: float = math.inf) -> list[RulePrice]:
    """The price of every rule of the book, ``seconds`` for each and ``budget`` for all [s]; dearest first.

    ``plan``: the published plan, whose loss-making firm orders are asked about. No price is below zero: a plan that
    keeps a rule is one without it, too.
    """
    until = time.monotonic() + budget
    base, start = base_margin(ground.standing, min(seconds, budget / 2))
    rules, found = list(rules_of(ground, plan)), []
    shared = Budget(until - time.monotonic(), len(rules), seconds)
    for rule in rules:
        begun = time.monotonic()
        left = shared.share()
        if left <= 0:
            found.append(RulePrice(rule.kind, rule.name, None))
            continue
        answer = best(ground.standing, rule.change, seconds=left, start=start)
        price = proven(answer).less(base)
        # Where the change takes away only a part of the rule, the whole may cost any amount more.
        high = max(0.0, price.high) if rule.is_whole else math.inf
        found.append(RulePrice(rule.kind, rule.name, Known(max(0.0, price.low), high), time.monotonic() - begun))
    # Rules that were not asked about come last.
    return sorted(found, key=lambda price: (price.price is None, -price.price.low if price.price else 0.0))


def rules_of(ground: Ground, plan: Plan) -> Iterator[Rule]:
    """Every rule of the book with the change that takes it away."""
    frozen = without_frozen(ground)
    if frozen is not None:
        yield Rule("frozen_plan", "", frozen)
    for rule in ground.instance.sets["QUOTAS"].members():
        yield Rule("quota", str(rule), without_rows(ground, "allocation_quota", [rule]))
    for rule in ground.instance.sets["CONTRACTS"].members():
        yield Rule("contract_minimum", str(rule), ground.unpromised([("missed_contract", rule)]))
    orders = ground.instance.sets["SINGLE_SOURCE_ORDERS"].members()
    if orders:
        yield Rule("single_line", "", without_rows(ground, "single_source", orders))
    yield from _minimum_lots(ground)
    for pin, change in without_pins(ground):
        yield Rule("pin", pin, change)
    decisions = plan.frames["decisions"]
    losing = set(decisions.loc[decisions["margin"] < 0, "order"])
    for order, wanted in ground.orders.items():
        if wanted.is_firm and order in losing:
            yield Rule("firm_order", order, ground.not_promised(wanted))


def _minimum_lots(ground: Ground) -> Iterator[Rule]:
    # An item that is its setup group's only one has its minimum lot tied to the setup.
    laws = {"minimum_lot": "RUNS", "minimum_lot_of_setup": "SETUP_LOTS"}
    change = Change()
    for law, members in laws.items():
        change = change.also(without_rows(ground, law, ground.instance.sets[members].members()))
    routings = ground.instance.tables.frames["routings"]
    if not (routings["min_lot"] > 0).any():
        return
    free = replace(ground.instance.tables, frames={
        **ground.instance.tables.frames, "routings": routings.assign(min_lot=0.0)})
    # Where a minimum lot does not fit into a bucket the model has nothing to make: the change cannot bring that back.
    is_whole = len(build_instance(free).frames["routing"]) == len(ground.instance.frames["routing"])
    yield Rule("minimum_lots", "", change, is_whole)
