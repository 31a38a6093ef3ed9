"""Sums of columns as plain numbers: laws say of them what they say of variables of Pyomo, in a tenth of the time.

The laws are written once and read twice: by Pyomo, whose model is the definition and the test oracle, and by these.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

Number = int | float


class Row(NamedTuple):
    """``lower`` <= sum of coefficients times columns <= ``upper``; None: no limit. A column may stand twice."""

    columns: list[int]
    coefficients: list[float]
    lower: float | None
    upper: float | None


class Linear:
    """A constant plus coefficients times columns; operators as Pyomo's."""

    __slots__ = ("coefficients", "columns", "constant")
    __array_ufunc__ = None  # a numpy number on the left leaves the operation to this class
    __hash__ = None  # type: ignore[assignment]  # equality states a row

    def __init__(self, columns: list[int], coefficients: list[float], constant: float = 0.0) -> None:
        self.columns, self.coefficients, self.constant = columns, coefficients, constant

    def __add__(self, other: Linear | Number) -> Linear:
        if isinstance(other, Linear):
            return Linear(self.columns + other.columns, self.coefficients + other.coefficients,
                          self.constant + other.constant)
        return Linear(self.columns, self.coefficients, self.constant + other)

    __radd__ = __add__

    def __neg__(self) -> Linear:
        return Linear(self.columns, [-each for each in self.coefficients], -self.constant)

    def __sub__(self, other: Linear | Number) -> Linear:
        return self + (-other)

    def __rsub__(self, other: Number) -> Linear:
        return -self + other

    def __mul__(self, factor: Number) -> Linear:
        return Linear(self.columns, [each * factor for each in self.coefficients], self.constant * factor)

    __rmul__ = __mul__

    def __le__(self, other: Linear | Number) -> Row:
        if isinstance(other, Linear):
            # 0.0 - x, because -x would write a limit of zero as -0.0.
            body = self - other
            return Row(body.columns, body.coefficients, None, 0.0 - body.constant)
        return Row(self.columns, self.coefficients, None, other - self.constant)

    def __ge__(self, other: Linear | Number) -> Row:
        if isinstance(other, Linear):
            return other <= self
        return Row(self.columns, self.coefficients, other - self.constant, None)

    def __eq__(self, other: Linear | Number) -> Row:  # type: ignore[override]  # states a row, as in Pyomo
        if isinstance(other, Linear):
            body = self - other
            return Row(body.columns, body.coefficients, 0.0 - body.constant, 0.0 - body.constant)
        return Row(self.columns, self.coefficients, other - self.constant, other - self.constant)


def column(number: int) -> Linear:
    """One column by itself."""
    return Linear([number], [1.0])


def combined(coefficients: list[float], single: Sequence[Linear]) -> Linear:
    """Sum of coefficients times single columns."""
    # Laws sum variables, never sums: the only coefficient of each is 1.
    return Linear([each.columns[0] for each in single], coefficients)
