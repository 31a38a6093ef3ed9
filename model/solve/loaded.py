"""A scaled model in the solver to which a change is applied and from which it is taken away again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from model.solve.change import Change
from model.solve.highs import Highs
from model.solve.matrix import Matrix
from model.solve.method import quickest
from model.solve.outcome import Run
from model.solve.promises import HELD_ROOM
from model.solve.scaling import Scaling, row_factors, scale

DUAL, PRIMAL = 1, 4  # HiGHS's names for its simplex methods
PERTURBED: dict[str, Any] = {"dual_simplex_cost_perturbation_multiplier": 1.0}  # HiGHS's default
NOT_PERTURBED: dict[str, Any] = {"dual_simplex_cost_perturbation_multiplier": 0.0}
SAME_MONEY = 1e-12  # share; less is the rounding of doubles
LIKE_THE_BOOK = ("relaxed", "published")  # the defaults of Standing.bound_of and of Standing.ask


@dataclass(frozen=True)
class _Asked:
    """What a change asks, to be compared: what the decisions earn where that differs from the book, and limits by place
    (family of limits, position); ``name`` of the changes it is much like."""

    name: str
    earns: tuple[object, ...]
    limits: Mapping[tuple[str, object], float]

    def is_of_a_kind(self, other: _Asked) -> bool:
        """Whether a basis of one is near the other's."""
        return self.name == other.name or {self.name, other.name} <= set(LIKE_THE_BOOK)

    def distance(self, other: _Asked) -> int:
        """In how many limits two differ."""
        return len(dict(self.limits.items() ^ other.limits.items()))


@dataclass(frozen=True)
class _Solved:
    """A linear program that was solved, and the basis it ended at."""

    asked: _Asked
    basis: Any


class Loaded:
    """One HiGHS model of a book; ``held`` rows limit what may be missed and have a hair of room in a search.

    HiGHS was seen to call rows at their exact minimum impossible; without ``room`` they are held exactly.
    """

    def __init__(self, matrix: Matrix, scaling: Scaling, held: np.ndarray, seed: int, **how: Any) -> None:
        self._scaling = scaling
        self._factor = row_factors(sparse.csc_array(matrix.rows @ sparse.diags_array(scaling.column)))
        self._base = scale(matrix, scaling)
        self._held = held
        self._highs = Highs(self._base, seed=seed, **how)
        self._earns = -matrix.cost
        self._change = Change()
        self._homes: dict[str, _Solved] = {}
        self._last: _Solved | None = None

    def unscaled(self, values: np.ndarray) -> np.ndarray:
        """Values in the model's units; further columns have them already."""
        count = len(self._base.cost)
        return np.append(self._scaling.unscaled(values[:count]), values[count:])

    def apply(self, change: Change, room: bool = True) -> None:
        """Change the model; ``restore`` takes it back."""
        self._change = change
        self._change_costs(change)
        self._bound_columns(change)
        self._bound_rows(change, room)
        for (row, column), coefficient in change.coefficients.items():
            factor = self._factor[row] * self._scaling.column[column]
            self._highs.set_coefficient(row, column, coefficient * factor)
        for further in change.further:
            rows = np.array(list(further.rows), dtype=int)
            # Further columns are in the model's own units, so only the factors of the rows apply.
            coefficients = np.array(list(further.rows.values()), dtype=float) * self._factor[rows]
            self._highs.add_column(-further.earns / self._scaling.cost, further.lower, further.upper, further.is_whole,
                                   rows, coefficients)
        # After the further columns, which the rows may use.
        if change.rows:
            self._add_rows(change)

    def restore(self, change: Change) -> None:
        """Take the change back."""
        base = self._base
        self._highs.cut_back(base.rows.shape[0], base.rows.shape[1])
        if change.is_alone or change.earns:
            self._highs.set_costs(base.cost)
        columns = _positions(change.lower, change.upper)
        if len(columns):
            self._highs.set_bounds(columns, base.column_lower[columns], base.column_upper[columns])
        # ``apply`` widens held rows, whatever the change says.
        rows = np.union1d(_positions(change.row_lower, change.row_upper), self._held).astype(int)
        if len(rows):
            self._highs.set_row_bounds(rows, base.row_lower[rows], base.row_upper[rows])
        for row, column in change.coefficients:
            self._highs.set_coefficient(row, column, float(base.rows[row, column]))

    def search(self, gap: float, time_limit: float, start: np.ndarray | None, above: float,
               presolve: str = "choose") -> Run:
        """Search for the best plan with whole decisions; only plans that cost less than ``above`` interest."""
        self._highs.forget()
        self._highs.set(mip_rel_gap=gap, objective_bound=above, presolve=presolve)
        if start is not None:
            count = len(self._base.cost)
            self._highs.start_from(np.append(self._scaling.scaled(start[:count]), start[count:]))
        return self._highs.run(time_limit)

    def go_on(self, time_limit: float) -> Run:
        """Solve the linear program from the last one's plan, which is still one: only what counts has changed."""
        self._highs.set(simplex_strategy=PRIMAL)
        run = self._highs.run(time_limit)
        self._highs.set(simplex_strategy=DUAL)
        return run

    def relax(self, time_limit: float, like: str = "relaxed") -> Run:
        """Solve the linear program, from the basis of the nearest one solved under a name of the same kind.

        The first one of a kind is solved afresh: the solver makes it small before it begins.
        """
        asked = self._asked(like)
        near = self._nearest(asked)
        run = self._solved_afresh(time_limit) if near is None else self._solved_from(near, asked, time_limit)
        # A basis with further rows or columns does not fit the model of the next question.
        is_plain = not (self._change.rows or self._change.further)
        self._last = _Solved(asked, self._highs.basis) if run.status == "optimal" and is_plain else None
        if like not in self._homes and self._last is not None:
            self._homes[like] = self._last
        return run

    def _asked(self, like: str) -> _Asked:
        change = self._change
        limits = {(family, place): value for family in ("lower", "upper", "row_lower", "row_upper", "coefficients")
                  for place, value in getattr(change, family).items()}
        # Money that a change only states as it stands in the book makes no difference.
        earns = {place: value for place, value in change.earns.items()
                 if change.is_alone or abs(value - self._earns[place]) > SAME_MONEY * abs(value)}
        return _Asked(like, (change.is_alone, *sorted(earns.items())), limits)

    def _nearest(self, asked: _Asked) -> _Solved | None:
        """One that differs in what counts only, else one that differs in few limits only; the first one if in doubt."""
        solved = [*self._homes.values()] + ([] if self._last is None else [self._last])
        known = [each for each in solved if each.asked.is_of_a_kind(asked)]
        return min(known, key=lambda each: self._difference(each.asked, asked), default=None)

    @staticmethod
    def _difference(known: _Asked, asked: _Asked) -> tuple[bool, int]:
        distance = known.distance(asked)
        # False sorts first: where limits and money both differ, a basis is neither primal nor dual feasible.
        return distance > 0 and known.earns != asked.earns, distance

    def _solved_afresh(self, time_limit: float) -> Run:
        self._highs.forget()
        self._highs.set(solver=quickest(self._base))
        run = self._highs.run(time_limit)
        self._highs.set(solver="choose")
        return run

    def _solved_from(self, near: _Solved, asked: _Asked, time_limit: float) -> Run:
        """Plans stay plans where only what counts has changed; else prices stay right. Costs are not perturbed: from
        nearby that would take longer than it saves."""
        self._highs.start_at(near.basis)
        is_plan = not near.asked.distance(asked) and not self._change.rows
        self._highs.set(simplex_strategy=PRIMAL if is_plan else DUAL, **NOT_PERTURBED)
        run = self._highs.run(time_limit)
        self._highs.set(simplex_strategy=DUAL, **PERTURBED)
        return run

    def _change_costs(self, change: Change) -> None:
        if not (change.is_alone or change.earns):
            return
        cost = np.zeros_like(self._base.cost) if change.is_alone else self._base.cost.copy()
        for position, earns in change.earns.items():
            cost[position] = -earns * self._scaling.column[position] / self._scaling.cost
        self._highs.set_costs(cost)

    def _add_rows(self, change: Change) -> None:
        unit = np.append(self._scaling.column, np.ones(len(change.further)))
        starts, columns, coefficients, limits = [0], [], [], []
        for limit in change.rows:
            positions = np.array(list(limit.columns), dtype=int)
            scaled = np.array(list(limit.columns.values()), dtype=float) * unit[positions]
            # A power of two scales without rounding.
            factor = 2.0 ** -np.round(np.log2(np.abs(scaled).max(initial=0.0) or 1.0))
            columns.append(positions)
            coefficients.append(scaled * factor)
            limits.append((limit.lower * factor, limit.upper * factor))
            starts.append(starts[-1] + len(positions))
        rows = sparse.csr_array((np.concatenate(coefficients), np.concatenate(columns), starts),
                                shape=(len(limits), len(unit)))
        lower, upper = np.array(limits, dtype=float).T.copy()
        self._highs.add_rows(lower, upper, rows)

    def _bound_columns(self, change: Change) -> None:
        columns = _positions(change.lower, change.upper)
        if not len(columns):
            return
        unit = self._scaling.column
        lower = [change.lower[each] / unit[each] if each in change.lower else self._base.column_lower[each]
                 for each in columns.tolist()]
        upper = [change.upper[each] / unit[each] if each in change.upper else self._base.column_upper[each]
                 for each in columns.tolist()]
        self._highs.set_bounds(columns, np.array(lower, dtype=float), np.array(upper, dtype=float))

    def _bound_rows(self, change: Change, room: bool) -> None:
        held = self._held if room else self._held[:0]
        rows = np.union1d(_positions(change.row_lower, change.row_upper), held).astype(int)
        if not len(rows):
            return
        lower, upper = self._base.row_lower.copy(), self._base.row_upper.copy()
        for given, bounds in ((change.row_lower, lower), (change.row_upper, upper)):
            for position, value in given.items():
                bounds[position] = value * self._factor[position]
        # As in strategy's _HeldMisses: a share of what is missed, at least of one unit (``factor`` in the scaled row).
        upper[held] += HELD_ROOM * np.maximum(self._factor[held], np.abs(upper[held]))
        self._highs.set_row_bounds(rows, lower[rows], upper[rows])


def _positions(*given: Mapping[int, float]) -> np.ndarray:
    return np.array(sorted(set().union(*given)), dtype=int)
