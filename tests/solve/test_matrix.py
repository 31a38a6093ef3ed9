"""The matrix says what the Pyomo model says, at any point."""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo
import pytest

from model.build import build_model
from model.instance import build_instance
from model.solve.matrix import compile_model
from tests.audit.cases import CASES
from tests.support import tables_of


@pytest.mark.parametrize("name", CASES)
def test_rows_costs_and_bounds_are_those_of_the_model(name: str) -> None:
    """Proves: every row's distance from either limit, the margin, the bounds and the whole columns agree at a random
    point. If a row, a constant, a sign or a column were lost, the sorted distances would differ."""
    m = build_model(build_instance(tables_of(CASES[name]())))
    matrix = compile_model(m)
    random = np.random.default_rng(7)
    point = random.uniform(0.0, 20.0, len(matrix.columns))
    for variable in m.component_data_objects(pyo.Var):
        variable.value = 0.0
    for (family, index), value in zip(matrix.columns, point, strict=True):
        m.component(family)[index].value = value
    activity = matrix.rows @ point
    below = np.sort((activity - matrix.row_lower)[np.isfinite(matrix.row_lower)])
    above = np.sort((matrix.row_upper - activity)[np.isfinite(matrix.row_upper)])
    rows = list(m.component_data_objects(pyo.Constraint, active=True))
    assert matrix.rows.shape[0] == len(rows)
    assert below == pytest.approx(np.sort([row.lslack() for row in rows if row.has_lb()]), abs=1e-8)
    assert above == pytest.approx(np.sort([row.uslack() for row in rows if row.has_ub()]), abs=1e-8)
    assert -(matrix.cost @ point + matrix.offset) == pytest.approx(pyo.value(m.margin), rel=1e-12)
    _columns_agree(m, matrix)


def _columns_agree(m, matrix) -> None:
    for place, (family, index) in enumerate(matrix.columns):
        variable = m.component(family)[index]
        assert matrix.is_whole[place] == (not variable.is_continuous())
        assert matrix.column_lower[place] == (-np.inf if variable.lb is None else variable.lb)
        assert matrix.column_upper[place] == (np.inf if variable.ub is None else variable.ub)
        assert place in matrix.family[family]


def test_size_counts_rows_columns_integers_and_nonzeros() -> None:
    """Proves: the size told is the matrix's own."""
    matrix = compile_model(build_model(build_instance(tables_of(CASES["traced_orders"]()))))
    assert matrix.size == {"rows": len(matrix.row_lower), "columns": len(matrix.columns),
                           "integers": sum(matrix.is_whole), "nonzeros": matrix.rows.nnz}
