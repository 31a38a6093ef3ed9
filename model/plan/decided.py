"""The solver's values as tidy tables, cleared of noise: what was decided, and nothing derived from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.instance import Instance
from model.solve.matrix import Matrix
from model.variables import VARIABLES

SMALLEST = 1e-6


@dataclass(frozen=True)
class Decided:
    """Non-zero decisions by family: the set's index columns and ``value``. ``smallest`` quantity that counts."""

    frames: Mapping[str, pd.DataFrame]
    smallest: float

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.frames[name]


def read_decisions(instance: Instance, matrix: Matrix, values: np.ndarray, smallest: float = SMALLEST) -> Decided:
    """Values by family; whole decisions are rounded, amounts below ``smallest`` are nothing."""
    frames = {}
    for decision in VARIABLES:
        keys = instance.sets[decision.over].keys
        positions = matrix.family.get(decision.name, np.empty(0, dtype=np.int32))
        amounts = values[positions]
        amounts = np.round(amounts) if decision.domain != "continuous" else np.where(amounts < smallest, 0.0, amounts)
        chosen = np.flatnonzero(amounts)
        members = [matrix.columns[positions[place]][1] for place in chosen]
        rows = [member if isinstance(member, tuple) else (member,) for member in members]
        whole = {key: int for key in keys if key in ("bucket", "offer")}
        frame = pd.DataFrame(rows, columns=list(keys), dtype=object).astype(whole)
        frames[decision.name] = frame.assign(value=amounts[chosen])
    return Decided(frames, smallest)
