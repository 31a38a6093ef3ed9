"""Whether one rule alone keeps an order out: a quota, a pin, the frozen plan, its customer's approvals."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from model.explain.break_even import Clock
from model.explain.explanation import Rule
from model.explain.free_capacity import is_granted
from model.explain.ground import Ground, Wanted
from model.explain.load import rebuilt
from model.solve.change import Change
from model.tables import Tables

NOISE = 1e-9
PIN_COLUMNS = {"fixed": ("fixed_pin_short", "fixed_pin_excess"), "min": ("minimum_pin_short",),
               "max": ("maximum_pin_excess",)}


def rule_that_keeps_out(ground: Ground, wanted: Wanted, granted: Change, clock: Clock) -> Rule | None:
    """The first rule without which the best plan grants the order what it asked for, proven; None where none does."""
    standing = ground.standing
    noise = NOISE * max(1.0, abs(standing.margin))
    for rule, lifted in _rules_in_model(ground, wanted):
        if clock.is_over:
            return None
        most = standing.bound_of(granted.also(lifted), clock.left)
        if most.bound < standing.margin - noise:
            continue
        best = standing.ask(lifted, time_limit=clock.left)
        if best.values is None or not is_granted(granted, best.values):
            continue
        denied = standing.ask(_denying(wanted, granted, lifted), time_limit=clock.left)
        gain = best.margin - standing.bound
        if gain > noise and denied.bound <= best.margin + NOISE * max(1.0, abs(best.margin)):
            return replace(rule, gain=gain)
    return _approval(ground, wanted, clock)


def _denying(wanted: Wanted, granted: Change, lifted: Change) -> Change:
    """The rule lifted and the order left out; where more than acceptance is asked for, only the first of both."""
    floor = granted.lower.get(wanted.delivered, 0.0)
    return lifted.also(Change(upper={wanted.delivered: 0.0})) if floor > 0 and not wanted.is_firm else lifted


def _rules_in_model(ground: Ground, wanted: Wanted) -> Iterator[tuple[Rule, Change]]:
    standing, counted = ground.standing, ground.instance.frames["allocation_shipments"]
    for name in sorted(counted.loc[counted["order"] == wanted.order, "rule"].unique()):
        row = standing.row("allocation_quota", name)
        if row is not None:
            yield Rule("quota", str(name), 0.0), Change(row_upper={row: math.inf})
    pins = ground.instance.frames["pins"]
    for pin, sense in pins[["pin", "sense"]].itertuples(index=False):
        positions = [standing.column(family, pin) for family in PIN_COLUMNS[sense]]
        yield Rule("pin", str(pin), 0.0), Change(upper={each: math.inf for each in positions if each is not None})
    frozen = [position for family in ("frozen_short", "frozen_excess")
              for position in ground.matrix.family.get(family, np.empty(0, dtype=int))]
    if frozen:
        yield Rule("frozen_plan", "", 0.0), Change(upper={int(position): math.inf for position in frozen})


def _approval(ground: Ground, wanted: Wanted, clock: Clock) -> Rule | None:
    """The approvals of the order's customer for its items, lifted in the tables: other lines may then make it."""
    tables = ground.instance.tables
    customer = tables.frames["orders"].set_index("order").at[wanted.order, "customer"]
    approvals = tables.frames["approvals"]
    eligible = ground.instance.frames["eligible"]
    items = set(eligible.loc[eligible["order"] == wanted.order, "item"])
    of_order = (approvals["customer"] == customer) & approvals["item"].isin(items)
    if not of_order.any() or clock.is_over:
        return None
    names = ", ".join(sorted(approvals.loc[of_order, "item"].unique()))
    frames = {**tables.frames, "approvals": approvals[~of_order].reset_index(drop=True)}
    gain = gain_of(ground, replace(tables, frames=frames), wanted, clock)
    return None if gain is None else Rule("approval", f"{customer} / {names}", gain)


def gain_of(ground: Ground, tables: Tables, wanted: Wanted, clock: Clock) -> float | None:
    """How much more the best plan of other tables earns that takes the order; None where none proven does."""
    other = rebuilt(tables, clock.left)
    if other is None:
        return None
    delivered = float(other.standing.values[other.orders[wanted.order].delivered])
    before = float(ground.standing.values[wanted.delivered])
    gains = other.standing.margin - ground.standing.bound
    return gains if delivered > before + 1e-6 * wanted.quantity and gains > 0 else None
