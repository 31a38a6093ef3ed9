"""What an order did not get, and what giving it that means in the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from model.explain.asking import late_shipments
from model.explain.explanation import Goal
from model.explain.ground import FEW, Ground, Wanted
from model.solve.change import Change, Row


@dataclass(frozen=True)
class Moved:
    """Units of an order that the published plan makes on a line and this plan does not: the line makes ``made`` of the
    item for all orders, ``own`` of the order's units are published on it, ``short`` of them are made elsewhere."""

    line: str
    item: str
    made: float
    own: float
    short: float


class Goals:
    """What the orders of one loaded book did not get.

    ``moved``: by order, what is not made where it was published.
    """

    def __init__(self, ground: Ground, moved: Mapping[str, tuple[Moved, ...]]) -> None:
        self.ground, self._moved = ground, moved

    def on(self, ground: Ground) -> Goals:
        """The same for another book of the same orders."""
        return self if ground is self.ground else Goals(ground, self._moved)

    def of(self, wanted: Wanted) -> Goal:
        """The first thing the plan denies the order: acceptance, all of it, its dates, its own item, its line."""
        values = self.ground.standing.values
        delivered = values[wanted.delivered]
        few = FEW * wanted.quantity
        if delivered <= few:
            return "accepted" if not wanted.is_firm else "in_full"
        if delivered < wanted.quantity - few:
            return "in_full"
        units = values[wanted.shipped]
        if any(self._lateness.get(int(position), 0.0) > 0 for position in wanted.shipped[units > few]):
            return "on_time"
        if any(key[1] != wanted.item for key, amount in zip(wanted.keys, units, strict=True) if amount > few):
            return "own_item"
        return "published_line" if wanted.order in self._moved else ""

    def granting(self, wanted: Wanted, goal: Goal, quantity: float | None = None, is_alone: bool = False) -> Change:
        """What the goal asks of a plan.

        ``quantity``: units an order without minimum fill must get to count as accepted. ``is_alone``: no other order
        is made, so that a line need make the order's own units only.
        """
        if goal == "accepted":
            floor = wanted.least if wanted.is_lumpy else (wanted.quantity if quantity is None else quantity)
            return self.ground.taken(wanted).also(Change(lower={wanted.delivered: floor}))
        # A firm order's promise need not be released: delivered in full it misses nothing.
        full = self.ground.in_full(wanted) if not wanted.is_firm else Change(lower={wanted.delivered: wanted.quantity})
        if goal == "on_time":
            late = {int(position): 0.0 for position in wanted.shipped if int(position) in self._lateness}
            return full.also(Change(upper=late))
        if goal == "own_item":
            other = {int(position): 0.0 for position, key in zip(wanted.shipped, wanted.keys, strict=True)
                     if key[1] != wanted.item}
            return full.also(Change(upper=other))
        if goal == "published_line":
            return full.also(Change(rows=tuple(self._made_there(moved, is_alone)
                                               for moved in self._moved[wanted.order])))
        return full

    def _made_there(self, moved: Moved, is_alone: bool) -> Row:
        """A line makes so much more of the item as was moved away from it."""
        least = moved.own if is_alone else moved.made + moved.short
        columns = (self.ground.standing.column("made", (moved.line, moved.item, bucket))
                   for bucket in range(self.ground.instance.bucket_count))
        return Row(least, np.inf, {position: 1.0 for position in columns if position is not None})

    @cached_property
    def _lateness(self) -> dict[int, float]:
        """Days after the due date by position of the shipments that are late."""
        rows = late_shipments(self.ground)
        return dict(zip(rows["position"].tolist(), rows["days"].tolist(), strict=True))


def goals_of(ground: Ground) -> Goals:
    """What the orders of a planned book did not get."""
    return Goals(ground, _moved(ground))


def _moved(ground: Ground) -> dict[str, tuple[Moved, ...]]:
    """By order, the units that are published on one line and made on another, item by item."""
    tables, horizon = ground.instance.tables, ground.instance.horizon
    published = tables.frames["published_plan"]
    if published.empty or ground.plan is None:
        return {}
    inside = published["bucket_start"].between(horizon["start"].iloc[0], horizon["end"].iloc[-1])
    made = ground.plan.frames["production"]
    keys = ["order", "item", "line"]
    sides = [rows.groupby(keys)["quantity"].sum() for rows in (published[inside & published["order"].notna()], made)]
    both = pd.concat(sides, axis=1, keys=["published", "made"]).fillna(0.0).reset_index()
    both["short"] = (both["published"] - both["made"]).clip(lower=0.0)
    both["extra"] = (both["made"] - both["published"]).clip(lower=0.0)
    elsewhere = both.groupby(["order", "item"])["extra"].transform("sum")
    # What is made nowhere was not moved: it is missing, which is another goal.
    both["short"] = both["short"].clip(upper=elsewhere)
    on_line = made.groupby(["item", "line"])["quantity"].sum().to_dict()
    found: dict[str, tuple[Moved, ...]] = {}
    for row in both[both["short"] > FEW * both["published"]].itertuples():
        moved = Moved(row.line, row.item, float(on_line.get((row.item, row.line), 0.0)),
                      float(row.made + row.short), float(row.short))
        found[str(row.order)] = (*found.get(str(row.order), ()), moved)
    return found


def first_day(ground: Ground, bucket: int) -> pd.Timestamp:
    """First day of a bucket."""
    return ground.instance.horizon["start"].iloc[bucket]
