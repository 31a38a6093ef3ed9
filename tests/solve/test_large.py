"""The search of large books, tried on small ones whose optimum is known."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from model.build import build_model
from model.dispatch import dispatch
from model.instance import build_instance
from model.plan.decided import whole_decisions
from model.planning import Options, Result, plan_order_book
from model.solve.compiled import compile_model
from model.solve.direct import direct_matrix
from model.solve.highs import Highs
from model.solve.large import LargeSearch
from model.solve.parts import Part, part_of
from model.solve.places import NOWHERE
from model.solve.placing import places
from model.solve.problem import Start
from model.solve.promises import forbidden_misses
from model.solve.sifting import Sifting
from tests import support
from tests.bench.generate import book, checked


def searched_as_large(monkeypatch: pytest.MonkeyPatch, family: str, **options: float) -> Result:
    """A tiny book of the family, searched as if it were large."""
    monkeypatch.setattr("model.solve.size.LARGE_COLUMNS", 0)
    result = plan_order_book(checked(book("XS", family, 1)), Options(time_limit=20, **options))
    assert "large_search" in result.outcome.notes
    return result


@pytest.mark.slow
@pytest.mark.parametrize("family", ["setups", "single"])
def test_the_plan_is_audited_and_the_bound_holds(monkeypatch: pytest.MonkeyPatch, family: str) -> None:
    """The plain search proves the optimum; the large one's bound is no lower, its plan no better and within 2 %."""
    best = plan_order_book(checked(book("XS", family, 1)), Options(gap=1e-6, time_limit=60)).outcome
    result = searched_as_large(monkeypatch, family)
    assert result.audit is not None and result.audit.passed, result.audit and result.audit.failures()
    assert best.margin is not None and result.outcome.margin is not None and result.outcome.bound is not None
    assert result.outcome.margin <= best.bound * (1 + 1e-9)
    assert result.outcome.bound >= best.margin * (1 - 1e-9)
    assert result.outcome.margin >= 0.98 * best.margin


def test_the_same_plan_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that ends by its gap gives the same plan every time."""
    first, second = (searched_as_large(monkeypatch, "single", gap=0.05) for _ in range(2))
    assert first.plan is not None and second.plan is not None
    assert all(first.plan.frames[name].equals(frame) for name, frame in second.plan.frames.items())


def test_places() -> None:
    """Two lines that share an item are one cluster, the third another; a delivery has no bucket but an order."""
    tables = support.tables_of({
        "settings": support.settings(2), "items": [{"item": "A"}, {"item": "B"}],
        "lines": [{"line": f"L{number}", "regular_hours": 10} for number in range(3)],
        "routings": [{"line": "L0", "item": "A", "hours_per_unit": 1}, {"line": "L1", "item": "A", "hours_per_unit": 1},
                     {"line": "L2", "item": "B", "hours_per_unit": 1}],
        "orders": [{"order": "O", "item": "A", "quantity": 5, "unit_price": 3, "due_date": "2025-01-19"}]})
    instance = build_instance(tables)
    matrix = compile_model(build_model(instance))
    found = places(instance, matrix)
    at = {column: position for position, column in enumerate(matrix.columns)}
    made = [at["made", (line, item, 1)] for line, item in (("L0", "A"), ("L1", "A"), ("L2", "B"))]
    assert found.bucket[made].tolist() == [1, 1, 1]
    assert found.cluster[0, made[0]] == found.cluster[0, made[1]] != found.cluster[0, made[2]]
    assert (found.bucket[at["delivered", "O"]], found.order[at["delivered", "O"]]) == (NOWHERE, 0)
    assert found.cluster[0, at["delivered", "O"]] == found.cluster[0, made[0]]


def test_a_part_keeps_the_rest() -> None:
    """x + y + z <= 10 with y = 4 kept leaves 6 for x + z: the best of 3 x + 2 z, x whole and at most 4.5, is 16.
    Were y forgotten: 24."""
    matrix = compile_model(build_model(build_instance(support.tables_of({
        "settings": support.settings(), "items": [{"item": "A"}], "lines": [{"line": "L", "regular_hours": 1}],
        "routings": [{"line": "L", "item": "A", "hours_per_unit": 1}], "orders": []}))))
    small = type(matrix)(cost=np.array([-3.0, -9.0, -2.0]), offset=0.0, rows=sparse.csc_array(np.ones((1, 3))),
                         row_lower=np.array([-np.inf]), row_upper=np.array([10.0]), column_lower=np.zeros(3),
                         column_upper=np.array([4.5, 4.0, 10.0]), is_whole=np.array([True, False, False]), columns=[])
    now = np.array([0.0, 4.0, 0.0])
    free = np.array([0, 2])
    part = part_of(small, sparse.csr_array(small.rows), free, now)
    better = Part(part, now[free], 0.0, 10.0, 0).solve(lambda: False)
    assert better is not None and float(-part.cost @ better) == pytest.approx(16)


def tiny_search(stopped: Callable[[], bool] = lambda: False, family: str = "single",
                tell: Callable[..., None] = lambda values, objective, bound: None) -> LargeSearch:
    """The search of a tiny book of the family in which promises are kept; it starts from the rule of thumb's plan."""
    instance = build_instance(checked(book("XS", family, 1)))
    matrix = direct_matrix(instance)
    matrix = replace(matrix, column_upper=np.minimum(matrix.column_upper, forbidden_misses(matrix)))
    ends = time.monotonic() + 20

    def start() -> Start:
        """Dispatched only where it is asked for."""
        dispatched = dispatch(instance)
        assert dispatched is not None
        return whole_decisions(instance, matrix, dispatched.decided)

    return LargeSearch(matrix, places(instance, matrix), start, 1e-4, 0, lambda: ends - time.monotonic(), stopped,
                       tell, most_at_once=1)


def test_where_nothing_else_gives_a_plan_the_start_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: a dive and a search that find nothing leave the rule of thumb's plan to go on from. If the start were
    taken for granted or forgotten: no plan, exit 6."""
    for name in ("_dive", "_search_open"):
        monkeypatch.setattr(LargeSearch, name, lambda self, relaxed: None)
    search = tiny_search()
    search.relax()
    search.first_plan()
    first = search.answer()
    assert first.values is not None
    search.improve()
    assert search.answer().objective < first.objective


def test_a_better_bound_is_told_with_the_plan_at_hand() -> None:
    """Proves: once there is a plan, whoever follows the search sees what it earns beside every bound. If bounds came
    without it, the plan would seem to be lost."""
    told: list[tuple[float, float]] = []
    search = tiny_search(tell=lambda values, objective, bound: told.append((objective, bound)))
    search.relax()
    search.first_plan()
    search.best.gap = 0.0
    before = len(told)
    search.search_whole()
    assert len({bound for _, bound in told[before:]}) > 1
    assert all(np.isfinite(objective) for objective, _ in told[before:])


def test_few_whole_decisions_in_a_large_book_are_improved_by_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: what a dive found gets better though the book is too large to be searched whole. If only many whole
    decisions had parts, the first plan would be the last."""
    monkeypatch.setattr("model.solve.size.LARGE_COLUMNS", 100)
    search = tiny_search()
    search.relax()
    search.first_plan()
    first = search.answer()
    search.improve()
    assert search.answer().objective < first.objective - 1e-3 * abs(first.objective)


def test_a_large_book_with_setups_is_bounded_by_more_than_its_relaxation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: without a search of the whole, the bound is better than the relaxation's, and no plan is beyond it. If
    the relaxation alone told it, the gap would stay as wide as setups make it."""
    monkeypatch.setattr("model.solve.size.LARGE_COLUMNS", 100)
    monkeypatch.setattr("model.solve.large.ROUNDS", ())
    search = tiny_search(family="setups")
    search.best.gap = 1e-6
    search.relax()
    search.first_plan()
    relaxed = search.best.bound
    search.improve()
    solver = Highs(search._matrix)
    solver.set(mip_rel_gap=1e-3)
    best = solver.run(60)
    assert best.values is not None
    assert relaxed + 0.1 * (best.objective - relaxed) < search.best.bound <= best.objective


def test_stopped_before_there_is_a_plan_is_interrupted() -> None:
    """Proves: Ctrl-C before the first plan is told as such: exit 130. As a time limit: exit 6."""
    seen: list[bool] = []
    search = tiny_search(lambda: bool(seen))
    relaxed = search.relax()
    seen.append(True)
    found = search.answer()
    assert (found.status, found.values) == ("interrupted", None)
    assert found.bound == pytest.approx(relaxed.objective)


@pytest.mark.parametrize("is_sifted", [True, False])
def test_a_plan_of_a_search_is_made_exact(monkeypatch: pytest.MonkeyPatch, is_sifted: bool) -> None:
    """Proves: whole decisions of what HiGHS found are whole in what is published, and all else answers to that. If they
    stayed whole within a millionth: work under a setup of 0.9999999, which the audit refuses."""
    if not is_sifted:
        monkeypatch.setattr(Sifting, "optimum", lambda self, left: None)
    search = tiny_search()
    search.relax()
    search._search_open(search._relaxed)
    whole = search._matrix.is_whole
    values = search.answer().values
    assert values is not None
    search.best.values = np.where(whole & (values > 0.5), values - 1e-7, values)
    search._refresh()
    found = search.answer().values
    assert found is not None and (found[whole] == np.round(values[whole])).all()
