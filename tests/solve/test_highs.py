"""The runner on HiGHS: status, bounds and values; stops, progress and failures come out as they are."""

from __future__ import annotations

import time
from threading import Timer

import numpy as np
import pytest
from scipy import sparse

from model.solve.highs import Highs
from model.solve.matrix import Matrix

INF = np.inf


def matrix(cost: list[float], rows: list[list[float]], lower: list[float], upper: list[float], whole: bool = False,
           offset: float = 0.0) -> Matrix:
    """minimise cost x + offset, lower <= rows x <= upper, x >= 0."""
    count = len(cost)
    return Matrix(cost=np.array(cost, dtype=float), offset=offset, rows=sparse.csc_array(np.array(rows, dtype=float)),
                  row_lower=np.array(lower, dtype=float), row_upper=np.array(upper, dtype=float),
                  column_lower=np.zeros(count), column_upper=np.full(count, INF),
                  is_whole=np.full(count, whole), columns=[("x", place) for place in range(count)])


def knapsack(count: int = 40, seed: int = 1) -> Matrix:
    """Whole numbers under several tight rows: found in no time, proven in a long one."""
    random = np.random.default_rng(seed)
    rows = random.integers(20, 100, size=(6, count)).astype(float)
    found = matrix((-rows.sum(axis=0) - random.integers(0, 9, count)).tolist(), rows.tolist(), [-INF] * 6,
                   (rows.sum(axis=1) // 2 + 0.5).tolist(), whole=True)
    return Matrix(**{**vars(found), "column_upper": np.ones(count)})


def test_a_linear_program_is_optimal_with_its_bound() -> None:
    """Proves: x + y <= 4, x <= 3, most of 2x + y + 1: 8 by (3, 1), the bound the same. Without the offset: 7."""
    run = Highs(matrix([-2, -1], [[1, 1], [1, 0]], [-INF, -INF], [4, 3], offset=-1)).run(10)
    assert (run.status, run.objective, run.bound) == ("optimal", -8, -8)
    assert run.values is not None and run.values.tolist() == [3, 1]


def test_whole_numbers_are_whole() -> None:
    """Proves: 2x <= 7 in whole numbers is 3. Relaxed: 3.5."""
    run = Highs(matrix([-1], [[2]], [-INF], [7], whole=True)).run(10)
    assert (run.status, run.objective) == ("optimal", -3)


def test_what_is_impossible_or_unbounded_is_said() -> None:
    """Proves: neither is called a plan, or proven."""
    impossible = Highs(matrix([1], [[1], [1]], [2, -INF], [INF, 1])).run(10)
    assert (impossible.status, impossible.values) == ("infeasible", None)
    unbounded = Highs(matrix([-1], [[-1]], [-INF], [1])).run(10)
    assert unbounded.status == "unbounded" and not unbounded.is_proven


def test_bounds_costs_and_rows_can_be_changed_between_runs() -> None:
    """Proves: the model is solved again as changed: 4, then 1 by bound, then 3 by its new cost and row."""
    highs = Highs(matrix([-1, 0], [[1, 1]], [-INF], [4]))
    assert highs.run(10).objective == -4
    highs.set_bounds(np.array([0]), np.array([0.0]), np.array([1.0]))
    assert highs.run(10).objective == -1
    highs.set_costs(np.array([0.0, -1.0]))
    highs.add_row(-INF, 3.0, np.array([1]), np.array([1.0]))
    assert highs.run(10).objective == -3


def test_a_stopped_search_keeps_its_best_plan() -> None:
    """Proves: after a first plan the search stops when asked, with that plan and a bound no plan exceeds."""
    seen: list[float] = []
    highs = Highs(knapsack(), stopped=lambda: bool(seen), progress=lambda seconds, best, bound: (
        seen.append(best) if np.isfinite(best) else None))
    run = highs.run(60)
    assert run.status == "interrupted" and run.values is not None
    assert run.bound <= run.objective < 0


def test_the_clock_ends_a_search() -> None:
    """Proves: a search ends near its time limit, says so, and is not called proven."""
    run = Highs(knapsack(60)).run(0.5)
    assert run.status == "time_limit" and not run.is_proven


def test_a_run_is_ended_from_another_thread() -> None:
    """Proves: who has enough need not wait the 60 seconds of a search that goes on beside."""
    highs = Highs(knapsack(60))
    Timer(0.3, highs.end).start()
    began = time.monotonic()
    assert highs.run(60).status == "interrupted"
    assert time.monotonic() - began < 30


def test_what_a_callback_raises_reaches_the_caller() -> None:
    """Proves: HiGHS swallows exceptions of callbacks; the runner raises them again, Ctrl-C included."""
    def broken() -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Highs(knapsack(), stopped=broken).run(60)


def test_each_search_keeps_its_own_time() -> None:
    """Proves: three searches of 0.3 s that end by their limit take 0.9 s together. Were the time of those before added
    to each limit, which linear programs need and searches for whole numbers do not: 0.3 + 0.6 + 1.2."""
    highs = Highs(knapsack())
    assert [highs.run(0.3).status for _ in range(3)] == ["time_limit"] * 3
    assert highs._highs.getRunTime() < 1.6


def test_a_search_asks_at_the_same_steps_each_time() -> None:
    """Proves: the bounds at the checks of two runs are the same, one after the other, though the second is slower.
    If they depended on the clock, plans that are compared after as many checks would depend on it, too."""

    def bounds(seconds: float) -> list[float]:
        found: list[float] = []

        def checked(bound: float) -> None:
            found.append(bound)
            time.sleep(seconds)

        highs = Highs(knapsack(12))
        highs.listen(None, None, checked)
        highs.set(mip_rel_gap=0.0)
        assert highs.run(60).status == "optimal"
        return found

    quick, slow = bounds(0.0), bounds(0.001)
    assert quick == slow and len(set(quick)) > 3
