"""Laws of policy: quotas, contract minimums, pins, the frozen plan, and that every miss is named."""

from __future__ import annotations

from model.audit.facts import Facts
from model.audit.misses import hold_misses
from model.audit.promises import contract_sums
from model.audit.tally import Tally


def allocation_quota(facts: Facts, tally: Tally) -> None:
    """What ships in a quota's period and scope stays within it."""
    rules = facts.once("contracts", contract_sums)
    tally.at_most("shipments", rules, "max_qty", rules["shipped"], rules["max_qty"],
                  facts.book.rounding("quantity", rules["terms"], rules["item"]), keys=("rule",))


def contract_minimum(facts: Facts, tally: Tally) -> None:
    """What ships in a contract's period and scope reaches its minimum; what is short is named as missed."""
    hold_misses(facts, tally, "contract_minimum")


def pins(facts: Facts, tally: Tally) -> None:
    """What is made for a pinned order is what the planner pinned; the difference is named as missed."""
    hold_misses(facts, tally, "pin")


def frozen_plan(facts: Facts, tally: Tally) -> None:
    """Production in the frozen buckets is the published one; the difference is named as missed."""
    hold_misses(facts, tally, "frozen_plan")


LAWS = (allocation_quota, contract_minimum, pins, frozen_plan)
