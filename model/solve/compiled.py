"""The Pyomo model as one sparse matrix."""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr.numvalue import value
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy import sparse

from model.solve.matrix import Matrix, families

# ``bound_type`` of a compiled row; an equality has 0.
AT_MOST, AT_LEAST = 1, -1


def compile_model(m: pyo.ConcreteModel) -> Matrix:
    """The model's matrix, with the margin to be maximised turned into a cost to be minimised."""
    # Mixed form keeps <=, >= and == as they are; sense None leaves the margin to be turned below.
    form = LinearStandardFormCompiler().write(m, mixed_form=True, set_sense=None)
    sense = np.array([row.bound_type for row in form.rows], dtype=int)
    rhs = np.asarray(form.rhs, dtype=float)
    infinite = np.full(len(rhs), np.inf)
    lower, upper, is_whole, columns = [], [], [], []
    # The form has dropped fixed and unused variables, so its columns count, not those of the model.
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
