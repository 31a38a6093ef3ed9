"""The plan as it will be written: tidy tables, rounded, each derived from what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from model.instance import Instance
from model.plan import loads, money, movements, orders
from model.plan.decided import Decided, typical_quantity
from model.plan.flows import peg
from model.plan.rounding import decimals_for, rounded
from model.plan_tables import PLAN_TABLES

__all__ = ["Plan", "make_plan", "typical_quantity"]


@dataclass(frozen=True)
class Plan:
    """``frames``: every table of PLAN_TABLES with exactly its columns. ``decimals`` by kind of figure.

    ``margin`` and ``bound`` in base currency: what the plan earns, and what no plan can exceed.
    """

    frames: Mapping[str, pd.DataFrame]
    decimals: Mapping[str, int]
    margin: float
    bound: float


def make_plan(instance: Instance, decided: Decided, bound: float, language: str = "en") -> Plan:
    """All plan tables: movements are rounded first, and everything else is derived from the rounded movements."""
    value = (instance.frames["orders"]["quantity"] * instance.frames["orders"]["base_price"]).sum()
    decimals = decimals_for(typical_quantity(instance), float(value))
    flows = peg(instance, decided)
    made: dict[str, pd.DataFrame] = {}

    def add(table: str, frame: pd.DataFrame) -> pd.DataFrame:
        """Keep the frame, rounded as it will be written; what was kept."""
        made[table] = rounded(table, frame, decimals)
        return made[table]

    # The order matters: each table reads the rounded ones before it, so that what is written adds up as written.
    production = add("production", movements.production(instance, flows, decimals["quantity"]))
    shipments = add("shipments", movements.shipments(instance, flows, decimals["quantity"]))
    needs = add("material_needs", movements.material_needs(instance, decided, decimals["quantity"]))
    moves = add("transfer_plan", movements.transfer_plan(instance, decided, decimals["quantity"]))
    openings = add("openings", loads.openings(instance, decided))
    setups = add("setups", loads.setups(instance, production))
    add("line_load", loads.line_load(instance, production, setups, openings))
    add("resource_load", loads.resource_load(instance, production))
    add("stock_levels", movements.stock_levels(instance, production, shipments, needs, moves, decimals["quantity"]))
    add("changes", money.changes(instance, production))
    add("margin", money.margin(made))
    add("misses", money.misses(instance, decided, shipments, decimals["quantity"]))
    add("decisions", orders.decisions(instance, flows, shipments, made["misses"], language))
    assert made.keys() == PLAN_TABLES.keys()
    total = float(made["margin"]["amount"].sum()) + 0.0  # never -0.0, which would be shown with its sign
    return Plan({name: made[name] for name in PLAN_TABLES}, decimals, total, max(bound, total) + 0.0)
