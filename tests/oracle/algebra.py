"""Linear sums and small mixed-integer programs, stated as sentences and solved by scipy."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, vstack


class Lin:
    """A constant plus coefficients times variables."""

    __slots__ = ("constant", "terms")

    def __init__(self, terms: Mapping[int, float] | None = None, constant: float = 0.0) -> None:
        self.terms = dict(terms or {})
        self.constant = constant

    def __add__(self, other: Lin | float) -> Lin:
        return total([self, other])

    __radd__ = __add__

    def __sub__(self, other: Lin | float) -> Lin:
        return self + -1.0 * other

    def __rsub__(self, other: float) -> Lin:
        return -1.0 * self + other

    def __mul__(self, factor: float) -> Lin:
        return Lin({column: coefficient * factor for column, coefficient in self.terms.items()},
                   self.constant * factor)

    __rmul__ = __mul__

    def value(self, solution: np.ndarray) -> float:
        """The sum at a solution."""
        return self.constant + sum(coefficient * float(solution[column]) for column, coefficient in self.terms.items())


def total(parts: Iterable[Lin | float]) -> Lin:
    """The sum of the parts; zero for none."""
    result = Lin()
    for part in parts:
        if isinstance(part, Lin):
            result.constant += part.constant
            for column, coefficient in part.terms.items():
                result.terms[column] = result.terms.get(column, 0.0) + coefficient
        else:
            result.constant += part
    return result


@dataclass(frozen=True)
class Implication:
    """Where ``choice`` is 0 the amount is 0; where it is 1 the amount lies between ``least`` and ``most``."""

    choice: Lin
    amount: Lin
    least: float
    most: float


class NoSolutionError(Exception):
    """The program has no solution, or the solver gave up."""


class Program:
    """Variables, rows and implications of a small mixed-integer program."""

    def __init__(self) -> None:
        self.upper: list[float] = []
        self.whole: list[bool] = []
        self.rows: list[tuple[Lin, float, float]] = []
        self.implications: list[Implication] = []

    def number(self, upper: float = math.inf, *, whole: bool = False) -> Lin:
        """A variable from 0 to ``upper``."""
        self.upper.append(upper)
        self.whole.append(whole)
        return Lin({len(self.upper) - 1: 1.0})

    def choice(self) -> Lin:
        """A yes (1) or no (0)."""
        return self.number(1.0, whole=True)

    def at_most(self, left: Lin, right: Lin | float) -> None:
        """left <= right"""
        self._row(left - right, -math.inf, 0.0)

    def at_least(self, left: Lin, right: Lin | float) -> None:
        """left >= right"""
        self._row(left - right, 0.0, math.inf)

    def equal(self, left: Lin, right: Lin | float) -> None:
        """left = right"""
        self._row(left - right, 0.0, 0.0)

    def only_if(self, choice: Lin, amount: Lin, most: float, least: float = 0.0) -> None:
        """The amount is 0 without the choice, and from ``least`` to ``most`` with it."""
        self.implications.append(Implication(choice, amount, least, most))

    def _row(self, difference: Lin, low: float, high: float) -> None:
        self.rows.append((difference, low, high))

    def matrix(self, choices: np.ndarray | None = None) -> LinearConstraint:
        """Every row; implications with their bound times the choice or, where the choices are given, without it."""
        rows = list(self.rows)
        for rule in self.implications:
            if choices is None:
                rows.append((rule.amount - rule.most * rule.choice, -math.inf, 0.0))
                if rule.least > 0:
                    rows.append((rule.amount - rule.least * rule.choice, 0.0, math.inf))
            else:
                chosen = rule.choice.value(choices) > 0.5
                rows.append((rule.amount, rule.least if chosen else 0.0, math.inf if chosen else 0.0))
        row_of, column_of, coefficients = [], [], []
        for position, (line, _, _) in enumerate(rows):
            for column, coefficient in line.terms.items():
                row_of.append(position)
                column_of.append(column)
                coefficients.append(coefficient)
        table = csr_array((coefficients, (row_of, column_of)), shape=(len(rows), len(self.upper)))
        return LinearConstraint(table, [low - line.constant for line, low, _ in rows],
                                [high - line.constant for line, _, high in rows])

    def minimise(self, objective: Lin) -> tuple[float, np.ndarray]:
        """Least value of the objective with no gap left, and a solution; NoSolutionError if there is none.

        The value is that of the linear program left once the whole numbers are fixed, so that it carries no tolerance
        of the branching.
        """
        if not any(self.whole):
            return self.minimise_fixed(objective, np.zeros(len(self.upper)))
        # The presolve of scipy 1.17.1 calls some of these programs infeasible that are not, and crashes on one.
        answer = milp(self._costs(objective), integrality=np.array(self.whole, dtype=int), constraints=self.matrix(),
                      bounds=Bounds(0.0, np.array(self.upper)),
                      options={"mip_rel_gap": 0.0, "presolve": False, "time_limit": 300.0})
        if answer.status != 0:
            raise NoSolutionError(answer.message)
        return self.minimise_fixed(objective, np.round(answer.x))

    def minimise_fixed(self, objective: Lin, choices: np.ndarray) -> tuple[float, np.ndarray]:
        """Least value of the objective where every whole-number variable has its value of ``choices``."""
        rows = self.matrix(choices)
        fixed = np.array(self.whole)
        low = np.where(fixed, choices, 0.0)
        high = np.where(fixed, choices, np.array(self.upper))
        table = csr_array(rows.A)
        low_side, high_side = np.asarray(rows.lb), np.asarray(rows.ub)
        equal, above, below = low_side == high_side, np.isfinite(low_side), np.isfinite(high_side)
        answer = linprog(
            self._costs(objective), bounds=np.column_stack([low, high]), A_eq=table[equal], b_eq=high_side[equal],
            A_ub=vstack([table[below & ~equal], -table[above & ~equal]]),
            b_ub=np.concatenate([high_side[below & ~equal], -low_side[above & ~equal]]), method="highs")
        if answer.status == 2:
            raise NoSolutionError(answer.message)
        assert answer.status == 0, answer.message
        return objective.value(answer.x), np.asarray(answer.x)

    def _costs(self, objective: Lin) -> np.ndarray:
        costs = np.zeros(len(self.upper))
        for column, coefficient in objective.terms.items():
            costs[column] = coefficient
        return costs
