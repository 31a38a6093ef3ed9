"""Large linear books: plan and bound hold the optimum between them, whatever shipments were left out."""

from __future__ import annotations

import numpy as np
import pytest

from model.build import build_model
from model.instance import build_instance
from model.planning import Options, plan_order_book
from model.solve.highs import Highs
from model.solve.linear import LinearSearch
from model.solve.matrix import compile_model
from model.solve.outcome import Run
from model.solve.places import places
from tests import support
from tests.bench.generate import book, checked

WEEK_ENDS = ("2025-01-12", "2025-01-19", "2025-01-26")


def searched(tables: support.Tables, gap: float, left: float = 60.0) -> tuple[Run | None, list[tuple[float, float]]]:
    """The search's answer, and objective and bound after each of its solves."""
    instance = build_instance(tables)
    matrix = compile_model(build_model(instance))
    told: list[tuple[float, float]] = []

    def tell(values: np.ndarray | None, objective: float, bound: float) -> None:
        told.append((objective, bound))

    return LinearSearch(matrix, places(instance, matrix), gap, Highs, lambda: left, tell).run(), told


@pytest.mark.parametrize("family", ["plain", "staged"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_bound_holds(family: str, seed: int) -> None:
    """Proves: no bound on the way is above the optimum of all columns, no plan below it, and the last ones meet. If
    what left-out shipments could earn were forgotten, the first bounds would be the first plans' own objectives."""
    tables = checked(book("XS", family, seed))
    optimum = Highs(compile_model(build_model(build_instance(tables)))).run(60.0).objective
    run, told = searched(tables, 1e-9)
    assert run is not None and run.objective == pytest.approx(optimum, rel=1e-7)
    assert all(bound <= optimum + 1e-7 * abs(optimum) for _, bound in told)
    assert all(objective >= optimum - 1e-7 * abs(optimum) for objective, _ in told)
    assert len(told) > 1 and told[0][1] < told[0][0]


def test_it_ends_as_soon_as_the_gap_is_proven() -> None:
    """Proves: half of the margin is asked for, so what is proven after a solve or two suffices."""
    tables = checked(book("XS", "staged", 1))
    (loose, few), (_, many) = searched(tables, 0.5), searched(tables, 1e-9)
    assert loose is not None and loose.objective - loose.bound <= 0.5 * abs(loose.objective)
    assert len(few) < len(many)


def test_left_out_shipments_by_hand() -> None:
    """10 h in each of three weeks and 25 units wanted by the third: from the last week alone 5 are held two weeks and
    10 one week, 65; the two other weeks earn 1 and 0.5 more a unit, so at most 25 more: 90. All weeks: 75."""
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
    for module in ("model.solve.strategy", "model.planning"):
        monkeypatch.setattr(f"{module}.LARGE_COLUMNS", 1)
    result = plan_order_book(checked(book("XS", family, 1)), Options(time_limit=60))
    assert result.audit is not None and result.audit.passed, result.audit and result.audit.failures()
    assert result.outcome.status in ("optimal", "within_gap")
