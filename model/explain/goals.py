"""What an order did not get, and what giving it that means in the model."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.explain.asking import shipments_of
from model.explain.explanation import Goal
from model.explain.ground import Ground, Wanted
from model.solve.change import Change

SMALL = 1e-6


def goal_of(ground: Ground, wanted: Wanted, values: np.ndarray, lateness: dict[int, float]) -> Goal:
    """The first thing the plan denies the order: acceptance, all of it, its dates, its own item."""
    delivered = values[wanted.delivered]
    few = SMALL * wanted.quantity
    if delivered <= few:
        return "accepted" if not wanted.is_firm else "in_full"
    if delivered < wanted.quantity - few:
        return "in_full"
    units = values[wanted.shipped]
    if any(lateness.get(int(position), 0.0) > 0 for position in wanted.shipped[units > few]):
        return "on_time"
    if any(key[1] != wanted.item for key, amount in zip(wanted.keys, units, strict=True) if amount > few):
        return "own_item"
    return ""


def days_late(ground: Ground) -> dict[int, float]:
    """Days after the due date by position of the shipments that are late."""
    frame = shipments_of(ground)
    late = (frame["met_on"] - frame["due_date"]).dt.days
    rows = frame.assign(days=late.astype(float))[late > 0]
    return dict(zip(rows["position"].tolist(), rows["days"].tolist(), strict=True))


def granting(ground: Ground, wanted: Wanted, goal: Goal, lateness: dict[int, float],
             quantity: float | None = None) -> Change:
    """What the goal asks of a plan; ``quantity``: units an order without minimum fill must get to count as accepted."""
    if goal == "accepted":
        floor = wanted.least if wanted.is_lumpy else (wanted.quantity if quantity is None else quantity)
        return ground.taken(wanted).also(Change(lower={wanted.delivered: floor}))
    full = ground.in_full(wanted) if not wanted.is_firm else Change(lower={wanted.delivered: wanted.quantity})
    if goal == "on_time":
        late = {int(position): 0.0 for position in wanted.shipped if int(position) in lateness}
        return full.also(Change(upper=late))
    if goal == "own_item":
        other = {int(position): 0.0 for position, key in zip(wanted.shipped, wanted.keys, strict=True)
                 if key[1] != wanted.item}
        return full.also(Change(upper=other))
    return full


def first_day(ground: Ground, bucket: int) -> pd.Timestamp:
    """First day of a bucket."""
    return ground.instance.horizon["start"].iloc[bucket]
