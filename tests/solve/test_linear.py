"""Large linear books: plan and bound hold the optimum between them, whatever shipments were left out."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest
from scipy import sparse

from model.build import build_model
from model.instance import build_instance
from model.planning import Options, plan_order_book
from model.publishing import most_revenue
from model.solve.coarse import coarsened
from model.solve.compiled import compile_model
from model.solve.guide import Guide, guided_columns
from model.solve.highs import Highs
from model.solve.linear import LinearSearch
from model.solve.matrix import Matrix
from model.solve.outcome import Run
from model.solve.parts import is_possible
from model.solve.places import NOWHERE, Places
from model.solve.placing import places
from model.solve.rolled import _connected_to, rolled
from model.solve.sifting import most_of_order
from tests import support
from tests.bench.generate import book, checked

WEEK_ENDS = ("2025-01-12", "2025-01-19", "2025-01-26")


def searched(tables: support.Tables, gap: float, left: float = 60.0,
             is_enough: Callable[[np.ndarray], bool] = lambda values: True,
             ) -> tuple[Run | None, list[tuple[float, float]]]:
    """The search's answer, and objective and bound after each of its solves."""
    instance = build_instance(tables)
    matrix = compile_model(build_model(instance))
    told: list[tuple[float, float]] = []

    def tell(values: np.ndarray | None, objective: float, bound: float) -> None:
        told.append((objective, bound))

    return LinearSearch(matrix, places(instance, matrix), gap, Highs, lambda: left, tell, is_enough).run(), told


def relaxation(tables: support.Tables) -> tuple[Matrix, Places]:
    """The linear program of a book without whole decisions, and its places."""
    instance = build_instance(tables)
    matrix = compile_model(build_model(instance))
    return matrix, places(instance, matrix)


@pytest.mark.parametrize("least_rows", [0, 10**9])
@pytest.mark.parametrize("family", ["plain", "staged"])
@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (2, 3))])
def test_every_bound_holds(monkeypatch: pytest.MonkeyPatch, family: str, seed: int, least_rows: int) -> None:
    """Proves: no bound on the way is above the optimum of all columns, no plan below it, and the last ones meet. If
    what left-out shipments could earn were forgotten, the first bounds would be the first plans' own objectives."""
    monkeypatch.setattr("model.solve.linear.ROLLED_ROWS", least_rows)
    tables = checked(book("XS", family, seed))
    optimum = Highs(compile_model(build_model(build_instance(tables)))).run(60.0).objective
    run, told = searched(tables, 1e-9)
    assert run is not None and run.objective == pytest.approx(optimum, rel=1e-7)
    assert all(bound <= optimum + 1e-7 * abs(optimum) for _, bound in told)
    assert all(objective >= optimum - 1e-7 * abs(optimum) for objective, _ in told)
    assert told[0][1] < told[0][0]


@pytest.mark.parametrize("family", ["plain", "staged"])
def test_a_coarse_calendar_bounds_and_windows_plan(family: str) -> None:
    """Proves: with rows of all weeks added up by quarters the optimum is no worse than week by week, and at least as
    high as over the whole year at once; the plan by windows keeps every row and comes within 2 % of the optimum."""
    matrix, where = relaxation(checked(book("XS", family, 1)))
    optimum = Highs(matrix).run(60.0).objective
    bounds = [Highs(coarsened(matrix, where, periods)).run(60.0).objective for periods in (1, 4, 1000)]
    assert bounds[0] <= bounds[1] <= bounds[2] + 1e-9 * abs(optimum)
    assert bounds[1] < bounds[2] == pytest.approx(optimum, rel=1e-9)
    found = Highs(matrix).approximate(1e-4, 60.0)
    assert found is not None
    guide = Guide(*found, matrix.cost - matrix.rows.T @ found[1], most_of_order(matrix, where))
    values = rolled(matrix, where, guide, guided_columns(matrix, where, guide), lambda window: Highs(window).run(60.0))
    assert values is not None and is_possible(matrix, values, np.abs(values))
    assert optimum - 1e-7 * abs(optimum) <= float(matrix.cost @ values) + matrix.offset <= 0.98 * optimum


def test_a_window_leaves_out_what_is_a_matter_of_its_own() -> None:
    """Proves: x is asked and shares a row with y, y another with z; u and v share a row that reaches none of them, and
    w is in no row at all. If u and v stayed, each window would solve all orders of the later ones, too."""
    rows = sparse.csr_array(np.array([[1, 1, 0, 0, 0, 0], [0, 2, 1, 0, 0, 0], [0, 0, 0, 1, 1, 0]], dtype=float))
    columns, kept = _connected_to(rows, np.array([True, False, False, False, False, False]))
    assert columns.tolist() == [True, True, True, False, False, False]
    assert kept.tolist() == [True, True, False]


@pytest.mark.parametrize("seed", [2, 3])
def test_a_method_that_does_not_end_gives_way_to_another(seed: int) -> None:
    """Proves: values and prices of both books are near the optimum well before the time is over. With the first scaling
    alone, half a million iterations and all of the time would bring nothing."""
    matrix, _ = relaxation(checked(book("XS", "staged", seed)))
    optimum = Highs(matrix).run(60.0).objective
    began = time.monotonic()
    found = Highs(matrix).approximate(1e-4, 40.0)
    assert found is not None and time.monotonic() - began < 20
    assert float(matrix.cost @ found[0]) + matrix.offset == pytest.approx(optimum, rel=1e-2)


def test_windows_that_are_close_enough_end_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: where windows and coarse calendar prove what is asked, the solve over all that may pay is ended, and the
    windows' plan is the answer. If it were waited for, a planner content with 20 % would wait for 0.01 %."""
    monkeypatch.setattr("model.solve.linear.ROLLED_ROWS", 0)
    ended: list[Highs] = []
    monkeypatch.setattr(Highs, "end", lambda highs: ended.append(highs))
    run, told = searched(checked(book("XS", "staged", 1)), 0.2)
    plans = {objective for objective, _ in told if np.isfinite(objective)}
    assert len(ended) == 1 and run is not None and run.status == "within_gap" and plans == {run.objective}


def test_a_plan_that_is_not_enough_is_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: where no plan is enough, a search content with 20 % goes on until its plan is all but the best. If it
    ended at the windows' plan, misses that can be avoided would be taken for such that cannot."""
    monkeypatch.setattr("model.solve.linear.ROLLED_ROWS", 0)
    ended: list[Highs] = []
    monkeypatch.setattr(Highs, "end", lambda highs: ended.append(highs))
    run, told = searched(checked(book("XS", "staged", 1)), 0.2, is_enough=lambda values: False)
    assert not ended and run is not None and run.status == "within_gap"
    assert told[-1][0] - told[-1][1] <= 1e-5 * abs(run.objective)


def test_a_coarse_calendar_by_hand() -> None:
    """10 h in each of two weeks, 15 units wanted by the first and 5 by the second, 3 each: week by week 10 + 5 are made
    in time, 45. Both weeks as one have 20 h for 20 units: 60. Were nothing added up: 45; were an order's own row lost,
    more than 60."""
    matrix, where = relaxation(support.tables_of({
        "settings": support.settings(2), "items": [{"item": "A"}], "lines": [{"line": "L", "regular_hours": 10}],
        "routings": [{"line": "L", "item": "A", "hours_per_unit": 1}],
        "orders": [{"order": f"O{number}", "item": "A", "quantity": quantity, "unit_price": 3,
                    "due_date": WEEK_ENDS[number]} for number, quantity in enumerate((15, 5))]}))
    assert -Highs(matrix).run(60.0).objective == pytest.approx(45)
    assert -Highs(coarsened(matrix, where, 1)).run(60.0).objective == pytest.approx(60)
    assert -Highs(coarsened(matrix, where, 2)).run(60.0).objective == pytest.approx(45)


def test_rows_have_places() -> None:
    """Capacity rows of two weeks are one series in buckets 0 and 1; an order's own row has no bucket."""
    instance = build_instance(support.tables_of({
        "settings": support.settings(2), "items": [{"item": "A"}], "lines": [{"line": "L", "regular_hours": 10}],
        "routings": [{"line": "L", "item": "A", "hours_per_unit": 1}],
        "orders": [{"order": "O", "item": "A", "quantity": 5, "unit_price": 3, "due_date": WEEK_ENDS[1]}]}))
    matrix = compile_model(build_model(instance))
    found = places(instance, matrix)
    at = {name: row for row, name in enumerate(matrix.row_names)}
    first, second = at["capacity_limit", ("L", 0)], at["capacity_limit", ("L", 1)]
    assert found.row_bucket[[first, second, at["delivery_balance", "O"]]].tolist() == [0, 1, NOWHERE]
    assert found.row_series[first] == found.row_series[second]
    assert len(set(found.row_series.tolist())) == len({(law, index[:-1] if isinstance(index, tuple) else index)
                                                       for law, index in matrix.row_names})


def test_it_ends_as_soon_as_the_gap_is_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: half of the margin is asked for, so what is proven after a solve or two suffices."""
    tables = checked(book("XS", "staged", 1))
    monkeypatch.setattr(Highs, "approximate", lambda *_: None)
    (loose, few), (_, many) = searched(tables, 0.5), searched(tables, 1e-9)
    assert loose is not None and loose.objective - loose.bound <= 0.5 * abs(loose.objective)
    assert len(few) < len(many)


def test_left_out_shipments_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a guide: 10 h in each of three weeks and 25 units wanted by the third: from the last week alone 5 are
    held two weeks and 10 one week, 65; the two other weeks earn 1 and 0.5 more a unit, so at most 25 more: 90. All
    weeks: 75."""
    monkeypatch.setattr(Highs, "approximate", lambda *_: None)
    run, told = searched(support.tables_of({
        "settings": support.settings(3), "items": [{"item": "A"}], "lines": [{"line": "L", "regular_hours": 10}],
        "routings": [{"line": "L", "item": "A", "hours_per_unit": 1}],
        "stock": [{"item": "A", "holding_cost": 0.5}],
        "orders": [{"order": "O", "item": "A", "quantity": 25, "unit_price": 3, "due_date": WEEK_ENDS[2]}]}), 1e-9)
    assert run is not None and -run.objective == pytest.approx(75)
    assert -told[0][0] == pytest.approx(65) and -told[0][1] == pytest.approx(90)


@pytest.mark.parametrize("family", ["plain", "staged"])
def test_a_book_searched_so_is_audited(monkeypatch: pytest.MonkeyPatch, family: str) -> None:
    """Proves: the plan of an interior point with crossover is written and signed, and earns what is proven."""
    for limit in ("SIFTED_COLUMNS", "LARGE_COLUMNS"):
        monkeypatch.setattr(f"model.solve.size.{limit}", 1)
    result = plan_order_book(checked(book("XS", family, 1)), Options(time_limit=60))
    assert result.audit is not None and result.audit.passed, result.audit and result.audit.failures()
    assert result.outcome.status in ("optimal", "within_gap")


def test_a_bound_outlives_a_time_that_ends_before_there_is_a_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: the rule of thumb's plan, published where the windows found none in time, stands beside the bound of the
    coarse calendar. If that were forgotten: beside all revenue, several times as much."""
    interior, calls = LinearSearch._interior_run, []

    def first_only(search: LinearSearch, highs: Highs) -> Run:
        calls.append(highs)
        return interior(search, highs) if len(calls) == 1 else Run("time_limit", None, np.inf, -np.inf)

    monkeypatch.setattr(LinearSearch, "_interior_run", first_only)
    monkeypatch.setattr("model.solve.linear.ROLLED_ROWS", 0)
    for limit in ("SIFTED_COLUMNS", "LARGE_COLUMNS"):
        monkeypatch.setattr(f"model.solve.size.{limit}", 1)
    tables = checked(book("XS", "staged", 1))
    instance = build_instance(tables)
    matrix = compile_model(build_model(instance))
    known = -Highs(coarsened(matrix, places(instance, matrix))).run(60.0).objective
    result = plan_order_book(tables)
    assert len(calls) > 1 and "rule_of_thumb_published" in result.outcome.notes
    assert result.outcome.status == "limit" and result.outcome.bound == pytest.approx(known, rel=1e-6)
    assert result.audit is not None and result.audit.passed and known < 0.9 * most_revenue(instance)
