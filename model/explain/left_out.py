"""Orders that a rule of the planner's leaves out before anything is planned: declined by decision, or a tender."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from model.explain.break_even import Clock
from model.explain.explanation import Explanation, Rule
from model.explain.interval import Interval
from model.explain.load import rebuilt
from model.planning import Result
from model.tables import Tables


def left_out_explanation(result: Result, order: str, blank: Explanation, clock: Clock) -> Explanation:
    """The book planned again with this order in it: what its being left out costs, at least and at most."""
    outcome = result.outcome
    if clock.is_over or outcome.margin is None or outcome.bound is None:
        return blank
    row = result.tables.frames["orders"].set_index("order").loc[order]
    kind: Literal["decision", "tender"] = "decision" if row["decision"] == "decline" else "tender"
    loaded = rebuilt(with_order(result.tables, order), clock.left, gap=result.options.get("gap", 0.0))
    if loaded is None:
        return blank
    planned = loaded.standing
    wanted = loaded.orders[order]
    delivered = float(planned.values[wanted.delivered])
    gain = Interval(planned.margin - outcome.bound, planned.bound - outcome.margin)
    return replace(blank, goal="accepted", reason="kept_out_by_rule", is_examined=True,
                   most_quantity=delivered, rule=Rule(kind, "", max(0.0, gain.low)), costs=gain)


def with_order(tables: Tables, order: str) -> Tables:
    """The tables with an order planned like any other."""
    orders = tables.frames["orders"].copy()
    here = orders["order"] == order
    orders.loc[here, "decision"] = None
    orders.loc[here, "win_probability"] = 1.0
    return replace(tables, frames={**tables.frames, "orders": orders})
