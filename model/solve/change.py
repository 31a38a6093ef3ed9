"""A change to a loaded book, as a value: bounds, money, limits, further columns and rows, in the model's own units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Column:
    """A further decision: its bounds, what a unit of it ``earns`` (base money), its coefficient by row."""

    lower: float = 0.0
    upper: float = float("inf")
    earns: float = 0.0
    is_whole: bool = False
    rows: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """A further limit: lower <= sum of coefficient times column <= upper; further columns count from the last on."""

    lower: float
    upper: float
    columns: Mapping[int, float]


@dataclass(frozen=True)
class Change:
    """What differs from the book as it stands; positions as ``Standing.column`` and ``Standing.row`` give them.

    ``earns``: base money per unit, costs negative. ``is_alone``: only what the change itself ``earns`` counts, nothing
    else has a price (to find the most or least of something). ``further`` columns get the positions after the
    model's own, in their order; ``rows`` may use them.
    """

    lower: Mapping[int, float] = field(default_factory=dict)
    upper: Mapping[int, float] = field(default_factory=dict)
    earns: Mapping[int, float] = field(default_factory=dict)
    row_lower: Mapping[int, float] = field(default_factory=dict)
    row_upper: Mapping[int, float] = field(default_factory=dict)
    coefficients: Mapping[tuple[int, int], float] = field(default_factory=dict)
    further: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    is_alone: bool = False

    def also(self, other: Change) -> Change:
        """Both changes; where both speak of the same thing, ``other`` holds. Only one may have further columns."""
        # Further columns count from the model's last on: the positions of two changes would collide.
        if self.further and other.further:
            raise ValueError("two changes with further columns cannot be joined")
        names = ("lower", "upper", "earns", "row_lower", "row_upper", "coefficients")
        joined: dict[str, Any] = {name: {**getattr(self, name), **getattr(other, name)} for name in names}
        return replace(self, **joined, further=self.further + other.further, rows=self.rows + other.rows,
                       is_alone=self.is_alone or other.is_alone)
