"""The matrix says what the Pyomo model says, at any point, whether Pyomo or the laws alone are asked."""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo
import pytest

from model.build import build_model
from model.instance import build_instance
from model.solve.compiled import compile_model
from model.solve.direct import direct_matrix
from model.solve.matrix import Matrix
from tests.audit.cases import CASES
from tests.constraints.test_tightening import BOOKS
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


@pytest.mark.parametrize("name", CASES)
def test_direct_matrix_is_the_one_of_the_model(name: str) -> None:
    """Proves: what is read straight from the laws is, number by number and in the same sequence, what Pyomo compiles.
    If an operator of the plain sums took a side, a sign or a constant otherwise, a row would differ."""
    instance = build_instance(tables_of(CASES[name]()))
    _are_one(direct_matrix(instance), compile_model(build_model(instance)))


@pytest.mark.parametrize("name", BOOKS)
def test_direct_matrix_of_lot_sizing_is_the_one_of_the_model(name: str) -> None:
    """Proves: the same where making is divided by the bucket in which it ships, and where it is looked ahead."""
    instance = build_instance(tables_of(BOOKS[name]))
    _are_one(direct_matrix(instance), compile_model(build_model(instance)))


def test_direct_matrix_leaves_out_what_the_model_leaves_out() -> None:
    """Proves: ``without`` takes the same rows away. If it were ignored, the rows of the law would be there; if a
    misspelt name were taken for a law, nothing would be said."""
    instance = build_instance(tables_of(CASES["storage_systems"]()))
    without = ("capacity_limit", "work_needs_setup")
    _are_one(direct_matrix(instance, without), compile_model(build_model(instance, without)))
    with pytest.raises(ValueError, match="no_such_law"):
        direct_matrix(instance, ("no_such_law",))


def _are_one(direct: Matrix, compiled: Matrix) -> None:
    assert direct.columns == compiled.columns
    assert direct.row_names == compiled.row_names
    assert direct.offset == compiled.offset
    for name in ("cost", "row_lower", "row_upper", "column_lower", "column_upper", "is_whole"):
        np.testing.assert_array_equal(getattr(direct, name), getattr(compiled, name), err_msg=name)
    assert direct.rows.indices.dtype == compiled.rows.indices.dtype
    assert direct.rows.indptr.dtype == compiled.rows.indptr.dtype
    np.testing.assert_array_equal(direct.rows.indptr, compiled.rows.indptr)
    np.testing.assert_array_equal(direct.rows.indices, compiled.rows.indices)
    np.testing.assert_array_equal(direct.rows.data, compiled.rows.data)
    assert direct.family.keys() == compiled.family.keys()
    for family, members in direct.family.items():
        np.testing.assert_array_equal(members, compiled.family[family])


def test_size_counts_rows_columns_integers_and_nonzeros() -> None:
    """Proves: the size told is the matrix's own."""
    matrix = compile_model(build_model(build_instance(tables_of(CASES["traced_orders"]()))))
    assert matrix.size == {"rows": len(matrix.row_lower), "columns": len(matrix.columns),
                           "integers": sum(matrix.is_whole), "nonzeros": matrix.rows.nnz}
