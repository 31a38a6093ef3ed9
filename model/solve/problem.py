"""Everything a search needs, so that it can be handed to another process."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from model.solve.matrix import Matrix
from model.solve.places import Places


class Start(NamedTuple):
    """Positions and values of the whole decisions of a plan that is known to be possible; empty where none is."""

    positions: np.ndarray
    values: np.ndarray


NO_START = Start(np.empty(0, dtype=np.int32), np.empty(0))


@dataclass(frozen=True)
class Problem:
    """``matrix`` in the model's units; ``typical_quantity`` of an order, or by column where items are very different;
    ``prices`` [base money per unit] by order.

    ``preference``: weights of the columns, the first matter most, that choose among equal plans. ``start``: None where
    it is still being made and told later. ``places``: where each column belongs, for a large book.
    """

    matrix: Matrix
    typical_quantity: float | np.ndarray
    prices: dict[object, float]
    preference: list[np.ndarray] = field(default_factory=list)
    start: Start | None = NO_START
    places: Places = field(default_factory=Places)


@dataclass(frozen=True)
class SearchOptions:
    """``gap`` as a share, ``time_limit`` in seconds for all searches together, ``seed`` and solver ``threads``."""

    gap: float
    time_limit: float
    seed: int = 0
    threads: int = 1
