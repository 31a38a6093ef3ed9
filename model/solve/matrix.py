"""The Pyomo model as one sparse matrix, ready to be passed to a solver in one call."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr.numvalue import value
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy import sparse

AT_MOST, AT_LEAST = 1, -1


@dataclass(frozen=True)
class Matrix:
    """minimise ``cost`` x + ``offset`` subject to row and column bounds, some columns whole.

    ``columns`` gives family and index of each column; ``family`` the positions of each family; ``row_names`` law and
    index of each row.
    """

    cost: np.ndarray
    offset: float
    rows: sparse.csc_array
    row_lower: np.ndarray
    row_upper: np.ndarray
    column_lower: np.ndarray
    column_upper: np.ndarray
    is_whole: np.ndarray
    columns: list[tuple[str, object]]
    family: dict[str, np.ndarray] = field(default_factory=dict)
    row_names: list[tuple[str, object]] = field(default_factory=list)

    @property
    def relaxed(self) -> Matrix:
        """The same without the demand that some columns be whole."""
        return replace(self, is_whole=np.zeros_like(self.is_whole))

    @property
    def size(self) -> dict[str, int]:
        """Rows, columns, integer columns and nonzeros."""
        return {"rows": self.rows.shape[0], "columns": self.rows.shape[1], "integers": int(self.is_whole.sum()),
                "nonzeros": int(self.rows.nnz)}


def compile_model(m: pyo.ConcreteModel) -> Matrix:
    """The model's matrix, with the margin to be maximised turned into a cost to be minimised."""
    form = LinearStandardFormCompiler().write(m, mixed_form=True, set_sense=None)
    sense = np.array([row.bound_type for row in form.rows], dtype=int)
    rhs = np.asarray(form.rhs, dtype=float)
    infinite = np.full(len(rhs), np.inf)
    lower, upper, is_whole, columns = [], [], [], []
    for variable in form.columns:
        lower.append(-np.inf if variable.lb is None else value(variable.lb))
        upper.append(np.inf if variable.ub is None else value(variable.ub))
        is_whole.append(not variable.is_continuous())
        columns.append((variable.parent_component().name, variable.index()))
    cost = np.asarray(sparse.csc_array(form.c).todense(), dtype=float).reshape(-1)
    return Matrix(
        cost=-cost,
        offset=-float(np.asarray(form.c_offset, dtype=float).reshape(-1)[0]),
        rows=sparse.csc_array(form.A),
        row_lower=np.where(sense == AT_MOST, -infinite, rhs),
        row_upper=np.where(sense == AT_LEAST, infinite, rhs),
        column_lower=np.array(lower, dtype=float),
        column_upper=np.array(upper, dtype=float),
        is_whole=np.array(is_whole, dtype=bool),
        columns=columns,
        family=families(columns),
        row_names=[(row.constraint.parent_component().name, row.constraint.index()) for row in form.rows],
    )


def families(columns: list[tuple[str, object]]) -> dict[str, np.ndarray]:
    """Positions of each family of columns."""
    positions: dict[str, list[int]] = {}
    for position, (name, _) in enumerate(columns):
        positions.setdefault(name, []).append(position)
    return {name: np.array(members, dtype=np.int32) for name, members in positions.items()}
