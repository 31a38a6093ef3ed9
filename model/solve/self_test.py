"""Tiny models with known answers, run before any plan is trusted to the installed HiGHS."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy import sparse

from model.solve.highs import Highs, SolverFailed
from model.solve.matrix import Matrix

INF = np.inf
Row = tuple[float, float, list[float]]


@cache
def self_test() -> None:
    """SolverFailed if one of the models below does not come out at its known answer."""
    for name, known, matrix in _models():
        run = Highs(matrix).run(time_limit=10.0)
        found = run.objective if run.values is not None else INF
        # Infinity less itself is not a number.
        agrees = found == known if np.isinf(known) else abs(found - known) <= 1e-6
        if not agrees:
            raise SolverFailed(f"the installed HiGHS answers {found:g} instead of {known:g} in its self-test '{name}'")


def _models() -> list[tuple[str, float, Matrix]]:
    """Each with its optimum by hand.

    lumpy orders: capacity 10, orders of 6, 5, 5 earning 60, 48, 47, all or nothing: the last two, 95.
    setup: 40 h, setup 4 h, 2 h/unit, 30 a unit, setup costs 100: 18 * 30 - 100 = 440.
    two setups: demand 3 in each of two buckets, setup 10, holding 2 a unit: one setup, 10 + 6 = 16.
    minimum lot: 7 wanted at 1 a unit, minimum lot 5 at capacity 10 a bucket, two buckets, running costs 3: 7 - 3 = 4.
    blending: 2x + y with x + y <= 4, x <= 3: 7.   impossible: x >= 2 and x <= 1.
    """
    return [
        ("lumpy orders", -95.0, _matrix([-60, -48, -47], [(-INF, 10, [6, 5, 5])], [1, 1, 1], [1, 1, 1])),
        ("setup", -440.0, _matrix([-30, 100], [(-INF, 40, [2, 4]), (-INF, 0, [1, -18])], [INF, 1], [0, 1])),
        # A loose big-M on purpose: HiGHS 1.14 answered models of this kind wrongly.
        ("two setups", 16.0, _matrix(
            [0, 0, 2, 10, 10],
            [(3, 3, [1, 0, -1, 0, 0]), (3, 3, [0, 1, 1, 0, 0]), (-INF, 0, [1, 0, 0, -1000, 0]),
             (-INF, 0, [0, 1, 0, 0, -1000])], [INF, INF, INF, 1, 1], [0, 0, 0, 1, 1])),
        ("minimum lot", -4.0, _matrix(
            [-1, -1, 3, 3],
            [(-INF, 7, [1, 1, 0, 0]), (0, INF, [1, 0, -5, 0]), (0, INF, [0, 1, 0, -5]), (-INF, 0, [1, 0, -10, 0]),
             (-INF, 0, [0, 1, 0, -10])], [INF, INF, 1, 1], [0, 0, 1, 1])),
        ("blending", -7.0, _matrix([-2, -1], [(-INF, 4, [1, 1])], [3, INF], [0, 0])),
        ("impossible", INF, _matrix([1], [(2, INF, [1])], [1], [1])),
    ]


def _matrix(cost: list[float], rows: list[Row], upper: list[float], whole: list[int]) -> Matrix:
    return Matrix(
        cost=np.array(cost, dtype=float), offset=0.0,
        rows=sparse.csc_array(np.array([row[2] for row in rows], dtype=float)),
        row_lower=np.array([row[0] for row in rows], dtype=float),
        row_upper=np.array([row[1] for row in rows], dtype=float),
        column_lower=np.zeros(len(cost)), column_upper=np.array(upper, dtype=float),
        is_whole=np.array(whole, dtype=bool), columns=[("x", position) for position in range(len(cost))],
    )
