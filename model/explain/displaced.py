"""What one plan takes from the orders that another served, and the plan that takes least."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from model.explain.ground import Ground
from model.solve.change import Change, Column, Row

# Share of an order's quantity below which a difference is the solver's.
SMALLEST_SHARE = 1e-6
# Share of the margin: the plan that earned it must not fail its own row.
SLACK = 1e-9
# A unit taken away weighs as much as a hundred that come later: one sum, as two searches would take twice the time.
DATE_WEIGHT = 0.01
LONGEST_SECONDS = 600.0


@dataclass(frozen=True)
class Move:
    """What becomes of one order: units delivered, the day of the last one (None where nothing is), and the difference
    in what its shipments earn (revenue less damages, freight and duty) [base money]."""

    order: str
    item: str
    delivered_before: float
    delivered_after: float
    last_before: pd.Timestamp | None
    last_after: pd.Timestamp | None
    earns: float
    is_same_quantity: bool = False

    @property
    def is_only_later(self) -> bool:
        """Whether it gets the same quantity on a later day."""
        return self.is_same_quantity and self.days is not None

    @property
    def days(self) -> int | None:
        """Days by which its last delivery moves; None where it is not delivered in both plans."""
        if self.last_before is None or self.last_after is None:
            return None
        return int((self.last_after - self.last_before).days)


def moves(ground: Ground, shipments: pd.DataFrame, before: np.ndarray, after: np.ndarray, but: str) -> tuple[Move, ...]:
    """Every order, ``but`` for one, that gets another quantity or its last delivery on a later day.

    Those that get another quantity stand first, then the one whose shipments lose most.
    """
    sides = [_served(ground, shipments, values) for values in (before, after)]
    frame = pd.concat([sides[0].add_suffix("_before"), sides[1].add_suffix("_after")], axis=1)
    orders = ground.instance.frames["orders"].set_index("order")
    few = SMALLEST_SHARE * orders["quantity"].reindex(frame.index)
    same = (frame["delivered_after"] - frame["delivered_before"]).abs() <= few
    differ = ~same
    both = frame["last_before"].notna() & frame["last_after"].notna()
    differ |= both & (frame["last_before"] < frame["last_after"])
    found = [Move(str(row.Index), str(orders.at[row.Index, "item"]), float(row.delivered_before),
                  float(row.delivered_after), _day(row.last_before), _day(row.last_after),
                  float(row.earned_after - row.earned_before), bool(same[row.Index]))
             for row in frame[differ].itertuples() if row.Index != but]
    return tuple(sorted(found, key=lambda move: (move.is_same_quantity, move.earns, move.order)))


def _day(day: pd.Timestamp) -> pd.Timestamp | None:
    return None if pd.isna(day) else day


def _served(ground: Ground, shipments: pd.DataFrame, values: np.ndarray) -> pd.DataFrame:
    amounts = values[shipments["position"]]
    orders = ground.instance.frames["orders"]
    few = shipments["order"].map(dict(zip(orders["order"], orders["quantity"], strict=True))) * SMALLEST_SHARE
    amounts = np.where(amounts > few, amounts, 0.0)
    rows = pd.DataFrame({"order": shipments["order"], "delivered": amounts, "earned": amounts * shipments["earns"],
                         "last": shipments["met_on"].where(amounts > 0)})
    sums = rows.groupby("order").agg({"delivered": "sum", "earned": "sum", "last": "max"})
    return sums.reindex(orders["order"]).fillna({"delivered": 0.0, "earned": 0.0})


def closest_values(ground: Ground, shipments: pd.DataFrame, change: Change, before: np.ndarray, found: np.ndarray,
                   margin: float, seconds: float = np.inf) -> np.ndarray:
    """Of the plans with the whole decisions of ``found`` that earn ``margin``, the one that does least to the orders
    that ``before`` serves, by value: what is taken from them counts in full, what they get after the day of their last
    delivery there by a hundredth. ``found`` where that fails.

    In a large book, to save time, only orders that get less in ``found`` may get less.
    """
    orders = ground.instance.frames["orders"]
    # An order at no price is still not to be displaced for nothing.
    worth = dict(zip(orders["order"], orders["base_price"].clip(lower=1e-3), strict=True))
    columns: list[Column] = []
    rows, count, held = [margin_row(ground, change, margin)], len(ground.matrix.cost), {}
    served = _served(ground, shipments, before)
    for order, delivered in zip(served.index, served["delivered"], strict=True):
        position = ground.standing.column("delivered", order)
        # What the change holds itself is none of those that may be displaced.
        if position is None or delivered <= 0 or position in change.lower:
            continue
        if not ground.is_small and found[position] >= delivered * (1 - SMALLEST_SHARE):
            # The plan found may be a hair below what was delivered: it must stay one of these plans.
            held[position] = min(float(delivered), float(found[position]))
        else:
            rows.append(Row(float(delivered), np.inf, {position: 1.0, count + len(columns): 1.0}))
            columns.append(Column(upper=float(delivered), earns=-worth[order]))
    # Orders not served before have no last day: nothing is later than that.
    later = shipments["met_on"] > shipments["order"].map(served["last"])
    late = shipments[later]
    earns = {int(position): -DATE_WEIGHT * worth[order]
             for position, order in zip(late["position"], late["order"], strict=True)}
    further = Change(lower=held, further=tuple(columns), rows=tuple(rows))
    asked = replace(change, earns=earns, is_alone=True).also(further)
    # Asked for the basis it leaves: the next question goes on from this very plan.
    until = time.monotonic() + min(seconds, LONGEST_SECONDS)
    ground.standing.exact(change, found, until - time.monotonic())
    answer = ground.standing.exact(asked, found, max(0.0, until - time.monotonic()), is_onward=True)
    return found if answer.values is None else answer.values[:count]


def margin_row(ground: Ground, change: Change, margin: float) -> Row:
    """The row that holds the margin, as ``change`` prices it, at no less than ``margin`` [base money]."""
    earns = earnings(ground, change.earns)
    least = margin + ground.matrix.offset - SLACK * max(1.0, abs(margin))
    return Row(least, np.inf, {int(position): float(earns[position]) for position in np.flatnonzero(earns)})


def earnings(ground: Ground, changed: Mapping[int, float]) -> np.ndarray:
    """What a unit of each decision earns [base money], with the ``changed`` ones in place of the book's own."""
    earns = -ground.matrix.cost
    for position, earn in changed.items():
        earns[position] = earn
    return earns
