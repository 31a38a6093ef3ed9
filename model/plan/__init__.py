"""From the solved model to the plan's tables, and which order each unit is for."""

from model.plan.decided import Decided, read_decisions
from model.plan.plan import Plan, make_plan

__all__ = ["Decided", "Plan", "make_plan", "read_decisions"]
