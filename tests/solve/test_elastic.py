"""Promises at a price: what the program with prices says of the one in which they must be kept."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from model.planning import Options, Result, plan_order_book
from model.solve.elastic import Elastic
from model.solve.highs import Highs
from model.solve.linear import LinearSearch
from model.solve.matrix import Matrix
from model.solve.outcome import Run
from model.solve.program import NO_ANSWER, ProgramSearch
from model.solve.sifting import PROMISED, SIFTED
from model.solve.ways import Ways
from tests.bench import generate
from tests.constraints.book import ENDS, STARTS, book, order, routing
from tests.support import Records, plan, tables_of

RANK, SEARCHED = np.array([0.0, 0.0, 1.0]), np.array([np.inf, np.inf, 0.0])


def elastic(wanted: float) -> Elastic:
    """So much promised at 30 each and 15 wanted at 40, of 20 that can be made: shipped of both, and missed."""
    rows = sparse.csc_array(np.array([[1.0, 0.0, 1.0], [1.0, 1.0, 0.0]]))
    given = Matrix(np.array([-30.0, -40.0, 0.0]), 0.0, rows, np.array([wanted, -np.inf]), np.array([wanted, 20.0]),
                   np.zeros(3), np.array([np.inf, 15.0, np.inf]), np.zeros(3, dtype=bool), [],
                   family={SIFTED: np.array([0, 1], dtype=np.int32), PROMISED: np.array([2], dtype=np.int32)})
    return Elastic(given, [RANK], SEARCHED)


def test_a_price_that_keeps_a_promise() -> None:
    """10 promised: missed they cost 40 each, so they are kept, 300 + 400. Without a price the dearer order would have
    all of its 15, and 5 be missed: 750."""
    asked = elastic(10)
    run = Highs(asked.matrix).run(10.0)
    answer = asked.answer(run)
    assert answer.values == pytest.approx([10, 10, 0]) and asked.missing(run) is None
    assert (answer.status, answer.objective, answer.bound) == ("optimal", pytest.approx(-700), pytest.approx(-700))
    assert PROMISED not in asked.matrix.family


def test_a_promise_that_no_price_keeps() -> None:
    """30 promised: 20 are made and 10 missed, at a price 600 - 400. No plan that misses as little earns more than 600,
    one that misses nothing there is none. If the price stayed in the bound, it would say 200."""
    asked = elastic(30)
    run = Highs(asked.matrix).run(10.0)
    answer, priced = asked.answer(run), asked.missing(run)
    assert (answer.status, answer.values) == ("infeasible", None) and priced is not None
    assert priced.values == pytest.approx([20, 0, 10])
    assert priced.bound_for(priced.values) == pytest.approx(-600)
    # A search whose time was over has proven nothing of the kind.
    assert asked.answer(Run("time_limit", run.values, run.objective, -1e3)).status == "time_limit"


def test_what_rounding_misses_is_not_missed() -> None:
    """A ten-thousand-millionth too little is shipped of 10: the promise is kept. Were it missed, all would be searched
    anew for the plan that misses least."""
    kept = elastic(10).kept(np.array([10.0 - 1e-10, 10.0, 1e-10]))
    assert kept is not None and kept[2] == 0
    assert elastic(10).kept(np.array([9.9, 10.0, 0.1])) is None


def in_parts(monkeypatch: pytest.MonkeyPatch, records: Records) -> Result:
    """The book searched as a large program."""
    for limit in ("LARGE_COLUMNS", "SIFTED_COLUMNS"):
        monkeypatch.setattr(f"model.solve.size.{limit}", 0)
    result = plan(records)
    assert result.audit is not None and result.audit.passed and result.plan is not None
    return result


DEAR = book(
    items=[{"item": "A"}, {"item": "B"}], routings=[routing(hours_per_unit=10), routing(item="B", hours_per_unit=1)],
    orders=[order("FIRM", quantity=4, commitment="firm"), order("B", item="B", quantity=40, unit_price=20)])
"""The hours of a promised unit could make more than its price says it is worth to keep it."""


def test_a_promise_is_kept_whatever_the_price_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """4 promised of A at 30, 10 h each, on 40 h that could make 40 of B at 20: kept, 120. At the prices the promise is
    worth 60 a unit and B 200 in its hours: if they decided, all 4 would be missed, 800."""
    with patch.object(ProgramSearch, "held", autospec=True, side_effect=ProgramSearch.held) as asked:
        result = in_parts(monkeypatch, DEAR)
    assert asked.called and result.plan is not None and result.plan.frames["misses"].empty
    assert (result.outcome.status, result.outcome.promises_missed) == ("optimal", False)
    assert (result.outcome.margin, result.outcome.bound) == (pytest.approx(120), pytest.approx(120))


def test_misses_that_are_not_made_least_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """As above, but the time is over before the least misses are known: the plan at hand misses 4 and earns 800, and
    neither is called proven. If it were forgotten, there would be no plan."""
    with patch.object(ProgramSearch, "rank", return_value=NO_ANSWER):
        result = in_parts(monkeypatch, DEAR)
    assert (result.outcome.status, result.outcome.promises_proven) == ("limit", False)
    assert result.outcome.margin == pytest.approx(800) and result.outcome.bound == pytest.approx(800, rel=1e-6)


def test_a_stopped_search_publishes_the_plan_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """As above, stopped when the search with prices has ended: 4 missed and 800, and no more is searched. If the
    misses were made least first, the plan would be one that nobody has sought the most margin for."""
    for limit in ("LARGE_COLUMNS", "SIFTED_COLUMNS"):
        monkeypatch.setattr(f"model.solve.size.{limit}", 0)
    genuine, ended = LinearSearch.run, []

    def last(search: LinearSearch) -> Run | None:
        run = genuine(search)
        ended.append(run)
        return run

    monkeypatch.setattr(LinearSearch, "run", last)
    result = plan_order_book(tables_of(DEAR), Options(rule_of_thumb=False), stopped=lambda: bool(ended))
    assert (result.outcome.status, result.outcome.promises_missed, result.outcome.promises_proven) == (
        "interrupted", True, False)
    assert result.outcome.margin == pytest.approx(800) and result.audit is not None and result.audit.passed


def test_the_plan_at_hand_stands_where_it_misses_as_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """30 promised for the first week, on 20 a week, and 10 of another order for the second: 10 are missed either way,
    and the plan at hand earns 770. Where no more is searched than the least misses, their plan, made for nothing else,
    may earn 560."""
    monkeypatch.setattr("model.solve.size.SIFTED_COLUMNS", 0)
    with patch.object(Ways, "held", return_value=None):
        result = plan(book(2, routings=[routing(unit_cost=1)], orders=[
            order("FIRM", quantity=30, commitment="firm"), order("FREE", unit_price=20, due_date=ENDS[1])]))
    assert result.plan is not None and result.audit is not None and result.audit.passed
    assert result.plan.frames["misses"]["missed"].tolist() == pytest.approx([10])
    assert result.outcome.margin == pytest.approx(770)


@pytest.mark.parametrize("family", ["plain", "staged"])
@pytest.mark.parametrize("seed", [1, 2, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 9))])
def test_overbooked_books_miss_the_same_however_large(monkeypatch: pytest.MonkeyPatch, family: str, seed: int) -> None:
    """Proves: least misses, and but for their rounding the margin at them, are those of the search of the book as one,
    and the audit signs both. If misses were weighed against margin, or columns left out that only misses need, the
    first would differ; margin alone would take the dearest orders. In one of the books a promise is kept but for what
    rounding takes from the flows before it: it is not missed."""
    tables = generate.checked(generate.overbooked(generate.book("XS", family, seed), 0.9, seed))
    options = Options(time_limit=60, gap=1e-6)
    results = [plan_order_book(tables, options)]
    for limit in ("SIFTED_COLUMNS", "LARGE_COLUMNS"):
        monkeypatch.setattr(f"model.solve.size.{limit}", 0)
        results.append(plan_order_book(tables, options))
    worth = []
    for result in results:
        assert result.outcome.promises_missed and result.outcome.promises_proven
        assert result.plan is not None and result.audit is not None and result.audit.passed, result.audit
        worth.append(float(result.plan.frames["misses"]["value"].sum()))
    assert worth[1:] == pytest.approx([worth[0]] * 2, rel=1e-6)
    for result in results[1:]:
        # Where two promised orders pay nearly the same, a millionth of a miss is worth a good deal of margin.
        assert result.outcome.margin == pytest.approx(results[0].outcome.margin, rel=5e-3)
        assert result.outcome.bound == pytest.approx(result.outcome.margin, rel=1e-6)


def test_of_equal_plans_that_miss_alike_the_published_one_is_preferred(monkeypatch: pytest.MonkeyPatch) -> None:
    """30 promised for the first week, on 20 a week: 10 are missed. 10 of another order may be made in week 2, 3 or 4
    for the same money: in week 4, as published. The search itself makes them in week 3."""
    monkeypatch.setattr("model.solve.size.SIFTED_COLUMNS", 0)
    result = plan(book(4, routings=[routing(unit_cost=1)],
                       orders=[order("FIRM", quantity=30, commitment="firm"),
                               order("FREE", unit_price=20, due_date=ENDS[3])],
                       published_plan=[{"item": "A", "line": "L1", "bucket_start": STARTS[3], "quantity": 10}]))
    assert result.plan is not None and result.audit is not None and result.audit.passed
    assert result.outcome.margin == pytest.approx(770) and result.outcome.bound == pytest.approx(770)
    made = result.plan.frames["production"].set_index("bucket_start")["quantity"]
    assert made.to_dict() == {pd.Timestamp(STARTS[0]): 20, pd.Timestamp(STARTS[3]): 10}
