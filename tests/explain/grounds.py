"""Short ways to ask a planned book in memory."""

from __future__ import annotations

from typing import Any

from model.explain.ground import Ground, ground_of
from model.planning import Options, Result, plan_order_book
from tests.support import tables_of

Records = dict[str, Any]


def grounded(records: Records) -> tuple[Result, Ground]:
    """The book planned to the end, and loaded for questions."""
    result = plan_order_book(tables_of(records), Options(gap=0.0, rule_of_thumb=False))
    ground = ground_of(result)
    assert ground is not None and result.plan is not None, result.outcome
    return result, ground
