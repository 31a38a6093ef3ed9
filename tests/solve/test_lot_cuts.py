"""Rows that tighten the relaxation of lot sizing: by hand, and against the solver as a rule that no plan breaks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.instance import build_instance
from model.solve.direct import direct_matrix
from model.solve.flows import flows_of
from model.solve.highs import Highs
from model.solve.lot_cuts import Cut, broken_cuts
from model.solve.matrix import Matrix, with_rows
from model.solve.outcome import Run
from model.solve.placing import places
from model.solve.promises import forbidden_misses
from model.solve.sifting import Sifting, first_columns
from model.solve.tightened import tightened
from tests.bench.generate import book as bench_book
from tests.bench.generate import checked
from tests.constraints.book import ENDS, Row, book, line, order, routing
from tests.oracle.random_books import random_book
from tests.support import Records, tables_of


def matrix_of(records: Records) -> Matrix:
    """The model of a book."""
    return direct_matrix(build_instance(tables_of(records)))


def cuts_of(matrix: Matrix) -> list[tuple[float, Cut]]:
    """The rows that the relaxation breaks, each after its distance from it."""
    values = Highs(matrix.relaxed).run(60.0).values
    if values is None:
        return []
    cuts = [cut for flow in flows_of(matrix) for cut in broken_cuts(flow, values)]
    return [((cut.lower - cut.coefficients @ values[cut.columns]) / np.linalg.norm(cut.coefficients), cut)
            for cut in cuts]


def deepest_of(matrix: Matrix) -> tuple[float, Cut]:
    """The row farthest from the relaxation, after its distance."""
    return max(cuts_of(matrix), key=lambda found: found[0])


def stated(matrix: Matrix, cut: Cut) -> dict[tuple[str, object], float]:
    """Coefficients by column."""
    return {matrix.columns[column]: round(float(number), 6) for column, number in
            zip(cut.columns, cut.coefficients, strict=True) if number}


def two_weeks(quantity: float, lines: list[Row], routings: list[Row]) -> Records:
    """An order that may leave at the end of either week, at a price for which any setup pays."""
    return book(2, lines=lines, routings=routings, orders=[order(quantity=quantity, due_date=ENDS[1])])


SET_UP = routing(hours_per_unit=1, setup_cost=50)


def test_one_order_and_a_part_of_a_setup() -> None:
    """14 units are wanted, 10 can be made in each of two weeks after a setup. By hand: Q = 14, d = 10, f = 0.4, so that
    4 z1 + 4 z2 + (14 - shipped) >= 0.4 * 10 * 2 = 8: with one setup 10 units are shipped at most, with two 14. The
    relaxation pays 1.4 setups for 14 units and breaks it by 2.4; if f were forgotten, 10 z1 + 10 z2 >= 20 would cut off
    the plan of 10 units with one setup."""
    matrix = matrix_of(two_weeks(14, [line(hours=10)], [SET_UP]))
    depth, deepest = deepest_of(matrix)
    assert deepest.lower == pytest.approx(8 - 14, abs=1e-6)
    coefficients = stated(matrix, deepest)
    assert [number for (name, _), number in coefficients.items() if name == "is_set_up"] == pytest.approx([4, 4])
    assert [number for (name, _), number in coefficients.items() if name == "shipped"] == pytest.approx([-1, -1])
    assert len(coefficients) == 4
    assert depth == pytest.approx(2.4 / np.sqrt(4 ** 2 * 2 + 2), rel=1e-6)


def test_what_is_made_without_a_setup_enters_by_its_limit() -> None:
    """A second line makes 5 a week without a setup: of 24 units 14 are left for setups, and the row is the same as
    without line and units but for its limit, 8 - 24. If the second line entered by what it makes, the row would be
    4 z1 + 4 z2 + 10 + (24 - shipped) >= 8 and break nothing."""
    matrix = matrix_of(two_weeks(24, [line(hours=10), line("L2", hours=5)], [
        SET_UP, routing("L2", hours_per_unit=1, unit_cost=1)]))
    _, deepest = deepest_of(matrix)
    coefficients = stated(matrix, deepest)
    assert not any(name == "made" for name, _ in coefficients)
    assert [number for (name, _), number in coefficients.items() if name == "is_set_up"] == pytest.approx([4, 4])
    assert deepest.lower == pytest.approx(8 - 24, abs=1e-6)


def test_opening_stock_is_taken_off() -> None:
    """With 4 units in stock 18 wanted are 14 to be made: the same row. If stock were forgotten, a plan with one setup
    that ships 14 would be cut off: 18 = 10 + 8, so f = 0.8 and 8 z1 + 8 z2 + (18 - 14) >= 16."""
    records = {**two_weeks(18, [line(hours=10)], [SET_UP]), "stock": [{"item": "A", "opening_stock": 4}]}
    matrix = matrix_of(records)
    _, deepest = deepest_of(matrix)
    numbers = [number for (name, _), number in stated(matrix, deepest).items() if name == "is_set_up"]
    assert numbers == pytest.approx([4, 4]) and deepest.lower == pytest.approx(8 - 18, abs=1e-6)


def assert_no_plan_breaks(matrix: Matrix, cuts: list[Cut]) -> None:
    """The least that any plan of the model makes of each row is not below its limit."""
    for cut in cuts:
        cost = np.zeros(len(matrix.cost))
        cost[cut.columns] = cut.coefficients
        highs = Highs(replace(matrix, cost=cost, offset=0.0))
        highs.set(mip_rel_gap=1e-7)
        run = highs.run(30.0)
        # The bound, not the plan found: no plan at all is below it.
        assert run.bound >= cut.lower - 1e-6 * max(1.0, abs(cut.lower)), (run.message, run.bound, cut.lower)


def random_cuts(seeds: range) -> int:
    """Rows of random books, each at costs drawn at random, tried against every plan; how many there were."""
    count = 0
    for seed in seeds:
        matrix = matrix_of(random_book(seed))
        if not matrix.is_whole.any():
            continue
        rng = np.random.default_rng(seed)
        scale = 1.0 + np.abs(matrix.cost)
        for _ in range(3):
            # Near the book's own costs, so that setups, stock and orders pull against each other.
            cost = matrix.cost + 0.3 * scale * rng.standard_normal(len(matrix.cost))
            cuts = [cut for _, cut in cuts_of(replace(matrix, cost=cost))]
            assert_no_plan_breaks(matrix, cuts)
            count += len(cuts)
    return count


def test_no_plan_of_a_random_book_breaks_a_row() -> None:
    """Proves: pools, kits, yields, transfers and promises change nothing in what the rows say. If a flow forgot an
    inflow, the least of some row would lie below its limit."""
    assert random_cuts(range(20, 32)) >= 10


@pytest.mark.slow
def test_no_plan_of_many_random_books_breaks_a_row() -> None:
    """The same for more of them."""
    assert random_cuts(range(32, 400)) >= 100


def sifted() -> tuple[Matrix, Sifting, Run]:
    """A small book of lot sizing in which every promise is kept, its relaxation over few columns, and the optimum."""
    instance = build_instance(checked(bench_book("XS", "setups", 2)))
    matrix = direct_matrix(instance)
    where = places(instance, matrix)
    matrix = replace(matrix, column_upper=np.minimum(matrix.column_upper, forbidden_misses(matrix)))
    program = Sifting(matrix.relaxed, where, first_columns(matrix, where), Highs)
    optimum = program.optimum(lambda: 60.0)
    assert optimum is not None
    return matrix, program, optimum


def test_the_tightened_relaxation_lies_between_relaxation_and_optimum() -> None:
    """Proves: the rows bring the bound closer and cut off no plan, and what the sifted program answers after rows were
    added and taken away is the optimum over all its columns. If columns outside it were priced without the new rows,
    its objective would differ from that of the whole program."""
    matrix, program, before = sifted()
    assert before.values is not None
    told: list[float] = []
    rows, lower = tightened(program, matrix, before.values, lambda: 60.0, lambda: False,
                            lambda run: told.append(run.objective))
    assert len(lower) > 0 and told == sorted(told)
    highs = Highs(matrix)
    highs.set(mip_rel_gap=1e-5)
    best = highs.run(60.0)
    closed = (told[-1] - before.objective) / (best.objective - before.objective)
    assert 0.05 < closed <= 1.0
    after = program.optimum(lambda: 60.0)
    whole = Highs(with_rows(matrix.relaxed, rows, lower)).run(60.0)
    assert after is not None
    assert after.objective == pytest.approx(told[-1], rel=1e-9) == pytest.approx(whole.objective, rel=1e-9)
    also = Highs(with_rows(matrix, rows, lower))
    also.set(mip_rel_gap=1e-5)
    assert also.run(60.0).objective == pytest.approx(best.objective, rel=2e-5)


def test_without_time_no_row_is_added() -> None:
    """A search whose time is over is not held up by further rows."""
    matrix, program, before = sifted()
    assert before.values is not None
    _, lower = tightened(program, matrix, before.values, lambda: 60.0, lambda: True, lambda run: None)
    assert len(lower) == 0
