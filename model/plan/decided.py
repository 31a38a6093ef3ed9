"""The solver's values as tidy tables, cleared of noise: what was decided, and nothing derived from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from model.instance import Instance
from model.instance.index import index_values
from model.solve.matrix import Matrix
from model.solve.problem import Start
from model.variables import VARIABLES

SMALLEST = 1e-6
"""Hours, and units of orders of one unit or more, below which a decision is noise."""
NOTHING_SHARE = 1e-3
"""Share of the smallest quantity that counts which two sums may differ by and still be one."""


@dataclass(frozen=True)
class Decided:
    """Non-zero decisions by family: the set's index columns and ``value``.

    ``smallest`` quantity that counts. ``slivers``: smaller ones, by family of flows. Each is nothing, but a plan may
    have a thousand, and without them supplies would not meet what they were decided for.
    """

    frames: Mapping[str, pd.DataFrame]
    smallest: float
    slivers: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.frames[name]

    @property
    def nothing(self) -> float:
        """What two sums may differ by and still be one."""
        return NOTHING_SHARE * self.smallest

    def flows(self, name: str) -> pd.DataFrame:
        """A family with its slivers."""
        small = self.slivers.get(name)
        return self.frames[name] if small is None or small.empty else pd.concat(
            [self.frames[name], small], ignore_index=True)


def typical_quantity(instance: Instance) -> float:
    """Median quantity of the orders, in their own unit; 1 without orders."""
    quantities = instance.tables.frames["orders"]["quantity"]
    return float(quantities.median()) if len(quantities) else 1.0


def smallest_quantity(typical: float) -> float:
    """Units below which nothing was decided: a millionth of a unit, less where the ``typical`` order is smaller."""
    return SMALLEST * min(1.0, typical)


def read_decisions(instance: Instance, matrix: Matrix, values: np.ndarray) -> Decided:
    """Values by family; whole decisions are rounded, amounts too small for the book's orders are nothing."""
    few = smallest_quantity(typical_quantity(instance))
    frames, slivers = {}, {}
    for decision in VARIABLES:
        keys = instance.sets[decision.over].keys
        positions = matrix.family.get(decision.name, np.empty(0, dtype=np.int32))
        amounts = values[positions]
        smallest = few if decision.unit == "unit" else SMALLEST
        if decision.domain != "continuous":
            amounts, smallest = np.round(amounts), 1.0
        counts = amounts >= smallest
        frames[decision.name] = _frame(keys, matrix, positions[counts], amounts[counts])
        if decision.unit == "unit" and decision.domain == "continuous":
            small = ~counts & (amounts > NOTHING_SHARE * few)
            slivers[decision.name] = _frame(keys, matrix, positions[small], amounts[small])
    return Decided(frames, few, slivers)


def _frame(keys: Sequence[str], matrix: Matrix, positions: np.ndarray, amounts: np.ndarray) -> pd.DataFrame:
    members = [matrix.columns[position][1] for position in positions]
    rows = [member if isinstance(member, tuple) else (member,) for member in members]
    whole = {key: int for key in keys if key in ("bucket", "offer")}
    # Types are stated: pandas has none to find in a family in which nothing was decided.
    return pd.DataFrame(rows, columns=list(keys), dtype=object).astype(whole).assign(value=amounts)


def whole_decisions(instance: Instance, matrix: Matrix, decided: Decided) -> Start:
    """Positions and values of every whole decision that what is made and shipped implies, to start a search from."""
    frames = instance.frames
    made = decided["made"].merge(frames["routing"], on=["line", "item", "bucket"])
    lots = made[made["lot_multiple"] > 0]
    shipped = decided["shipped"]
    # More keys than members do no harm. Pools are sources only without pins, and the rule of thumb knows no pins;
    # nor does it open lines: is_opened is implied by nothing and starts at zero.
    implied: dict[str, dict[Any, float]] = {
        "is_set_up": dict.fromkeys(index_values(made, ("line", "setup_group", "bucket")), 1.0),
        "is_running": dict.fromkeys(index_values(made, ("line", "item", "bucket")), 1.0),
        "lot_count": dict(zip(index_values(lots, ("line", "item", "bucket")),
                              (lots["value"] / lots["lot_multiple"]).round(), strict=True)),
        "is_accepted": dict.fromkeys(shipped["order"], 1.0),
        "is_source": dict.fromkeys(index_values(shipped, ("order", "pool")), 1.0),
        "is_departure": dict.fromkeys(index_values(shipped, ("order", "site", "mode", "bucket")), 1.0),
    }
    positions, values = [np.empty(0, dtype=np.int32)], [np.empty(0)]
    for decision in VARIABLES:
        members = matrix.family.get(decision.name)
        if decision.domain != "continuous" and members is not None:
            chosen = implied.get(decision.name, {})
            positions.append(members)
            values.append(np.array([chosen.get(matrix.columns[position][1], 0.0) for position in members]))
    return Start(np.concatenate(positions), np.concatenate(values))
