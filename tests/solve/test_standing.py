"""Questions to a loaded book: each is answered as if it were built and solved afresh, and leaves no trace."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from model.solve.change import Change, Column, Row
from model.solve.outcome import Outcome
from model.solve.standing import Standing
from tests.constraints.book import ENDS, book, line, order, routing
from tests.constraints.orders import LUMPY
from tests.oracle.random_books import Shape, random_book
from tests.support import Records, plan


def standing_of(records: Records) -> Standing:
    """The case, planned and loaded."""
    result = plan(records)
    assert result.problem is not None and result.values is not None
    return Standing(result.problem, result.values, result.outcome)


def delivered(standing: Standing, order: str) -> int:
    """Position of what an order gets."""
    position = standing.column("delivered", order)
    assert position is not None
    return position


def test_a_question_leaves_no_trace() -> None:
    """A, B, C of 6, 5, 5 h in 10 h earn 60, 48, 47. Without B: A alone, 60 (A and C do not fit). Then nothing changed:
    95 again. Were the bound left behind: 60."""
    standing = standing_of(LUMPY)
    without = Change(upper={delivered(standing, "B"): 0.0})
    assert [round(standing.ask(change).margin, 6) for change in (Change(), without, Change())] == [95, 60, 95]


@pytest.mark.parametrize(("change", "margin"), [
    (lambda standing: Change(lower={delivered(standing, "A"): 6.0}), 60),
    (lambda standing: Change(row_upper={standing.row("capacity_limit", ("L1", 0)): 11.0}), 108),
    (lambda standing: Change(row_upper={standing.row("capacity_limit", ("L1", 0)): 0.0}), 0),
    (lambda standing: Change(rows=(Row(-math.inf, 5.0, {delivered(standing, "B"): 1.0,
                                                        delivered(standing, "C"): 1.0}),)), 60),
    (lambda standing: Change(further=(Column(upper=1.0, earns=-10.0, rows={
        standing.row("capacity_limit", ("L1", 0)): -1.0}),)), 98),
])
def test_every_kind_of_change(change, margin: float) -> None:
    """Forced in, A earns 60. With 11 h A and B fit: 108; with none, nothing. B and C together at most 5: A, 60. An
    eleventh hour for 10: 108 - 10."""
    standing = standing_of(LUMPY)
    answer = standing.ask(change(standing))
    assert answer.is_proven and answer.margin == pytest.approx(margin) and answer.bound == pytest.approx(margin)
    assert standing.ask().margin == pytest.approx(95)


def test_the_least_of_something() -> None:
    """Alone priced, the fewest further hours that let A, B and C in: 16 - 10 = 6."""
    standing = standing_of(LUMPY)
    hours = Column(earns=-1.0, rows={standing.row("capacity_limit", ("L1", 0)): -1.0})
    wanted = {delivered(standing, "A"): 6.0, delivered(standing, "B"): 5.0, delivered(standing, "C"): 5.0}
    answer = standing.ask(Change(lower=wanted, further=(hours,), is_alone=True))
    assert answer.values is not None and answer.values[-1] == pytest.approx(6)


def test_a_coefficient_comes_back() -> None:
    """At half the hours a unit (5 a h) A and C, or B and C, or A and B fit: 6 / 2 + 5 / 2 + 5 / 2 = 8 h, all three."""
    standing = standing_of(LUMPY)
    row = standing.row("capacity_limit", ("L1", 0))
    column = standing.column("made", ("L1", "A", 0))
    assert row is not None and column is not None
    own = float(standing.matrix.rows[row, column])
    assert standing.ask(Change(coefficients={(row, column): own / 2})).margin == pytest.approx(155)
    assert standing.ask().margin == pytest.approx(95)


def test_the_relaxation_is_a_bound_and_no_plan() -> None:
    """Divided, the dearest hours first: A 60 and 4 of the 5 hours of B at 9.6: 98.4. That is no plan."""
    answer = standing_of(LUMPY).bound_of()
    assert (answer.bound, answer.margin, answer.is_proven) == (pytest.approx(98.4), -math.inf, False)


def test_impossible_is_proven_and_not_guessed() -> None:
    """All three orders do not fit into 10 h."""
    standing = standing_of(LUMPY)
    answer = standing.ask(Change(lower={delivered(standing, name): size for name, size in (("A", 6), ("B", 5), ("C", 5))
                                        }))
    assert answer.is_impossible and answer.is_proven and not answer.is_feasible
    assert standing.ask().margin == pytest.approx(95)


def test_a_few_free_decisions_give_no_bound() -> None:
    """With only A's acceptance free, B and C stay in and A out: 95, of which nothing is proven."""
    standing = standing_of(LUMPY)
    own = standing.column("is_accepted", "A")
    answer = standing.ask(free=np.array([own]))
    assert (answer.margin, answer.bound, answer.is_proven) == (pytest.approx(95), math.inf, False)


def test_promises_are_held() -> None:
    """30 h for a firm order of 10 units (20 h) and an optional one that earns ten times as much on 15 units (30 h): the
    question what it would bring is answered with the promise kept: 10 units of it are left 5. If it were not: 15."""
    standing = standing_of(book(lines=[line("L1", 30)], orders=[
        order("F", commitment="firm"), order("O", quantity=15, unit_price=300)]))
    position = delivered(standing, "O")
    answer = standing.ask(Change(earns={position: 1.0}, is_alone=True))
    assert answer.values is not None and answer.values[position] == pytest.approx(5)
    freed = standing.ask(standing.released(standing.column("missed_firm", "F"), 10.0).also(
        Change(earns={position: 1.0}, is_alone=True)))
    assert freed.values is not None and freed.values[position] == pytest.approx(15)


def test_missed_promises_are_held_at_what_is_missed() -> None:
    """16 firm units of which 15 fit: 1 is missed. A question may not miss more, however dear another order is; the
    margin of the published plan is met exactly, though the search has a hair of room."""
    standing = standing_of(book(lines=[line("L1", 30)], orders=[
        order("F", quantity=16, commitment="firm"), order("O", quantity=15, unit_price=300)]))
    missed = standing.column("missed_firm", "F")
    answer = standing.ask()
    assert answer.values is not None and answer.values[missed] == pytest.approx(1)
    assert answer.margin == pytest.approx(450, rel=1e-9) and answer.bound == pytest.approx(450, rel=1e-9)


def test_what_a_released_promise_misses_is_no_room_for_others() -> None:
    """30 h hold 15 units; F at 30 and G at 20 a unit, 10 each, are promised: 5 of G, worth 100, are missed. Were G not
    promised, F still is, and 5 units are left for O. With the 100 left to be missed of F: 5 + 100 / 30 = 8.33."""
    standing = standing_of(book(lines=[line("L1", 30)], orders=[
        order("F", commitment="firm"), order("G", unit_price=20, commitment="firm"),
        order("O", quantity=15, unit_price=300)]))
    position = delivered(standing, "O")
    most = Change(earns={position: 1.0}, is_alone=True)
    freed = standing.ask(standing.released(standing.column("missed_firm", "G"), 10.0).also(most))
    assert freed.values is not None and freed.values[position] == pytest.approx(5, rel=1e-4)
    assert standing.ask(most).values[position] == pytest.approx(0, abs=1e-3)


def test_large_units_are_scaled_back() -> None:
    """The same book in watt-hours: further hours and prices are given, and come back, in the model's own units."""
    million = 1e6
    standing = standing_of(book(
        lines=[line("L1", 30)], routings=[routing(hours_per_unit=2 / million)],
        orders=[order("O", quantity=16 * million, unit_price=30 / million, min_fill=1, latest_date=ENDS[0])]))
    hours = Column(earns=-1.0, rows={standing.row("capacity_limit", ("L1", 0)): -1.0})
    answer = standing.ask(Change(lower={delivered(standing, "O"): 16 * million}, further=(hours,), is_alone=True))
    assert answer.values is not None and answer.values[-1] == pytest.approx(2)


@pytest.mark.parametrize("seed", [*range(5), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(5, 30))])
def test_the_basis_of_one_question_does_not_change_the_answer_to_the_next(seed: int) -> None:
    """Proves: limits, prices, both at once, another aim and further rows, asked one after another of a loaded random
    book, get the bound that a freshly loaded one gives: a basis left at another question's plan, or a plan believed
    possible that is not, would show as a bound too high or too low."""
    asked = random.Random(seed)
    standing = standing_of(random_book(seed, Shape(orders=8, buckets=4)))
    changes = [_any_change(standing, asked) for _ in range(12)]
    for change in changes:
        alone = _loaded_anew(standing).bound_of(change)
        assert standing.bound_of(change).bound == pytest.approx(alone.bound, rel=1e-7, abs=1e-4)


def _loaded_anew(standing: Standing) -> Standing:
    outcome = Outcome("limit", standing.margin, standing.bound, promises_missed=standing.is_missed)
    return Standing(standing.problem, standing.values, outcome)


def _any_change(standing: Standing, asked: random.Random) -> Change:
    """A few limits or prices of decisions changed, or a further row."""
    matrix = standing.matrix
    some = [asked.randrange(len(matrix.cost)) for _ in range(asked.randint(1, 3))]
    earns = {position: -float(matrix.cost[position]) * asked.choice((0.5, 2.0)) + asked.choice((0.0, 7.0))
             for position in some}
    change = Change(earns=earns, is_alone=asked.random() < 0.2) if asked.random() < 0.6 else Change()
    if asked.random() < 0.6:
        upper, lower = matrix.column_upper, matrix.column_lower
        change = change.also(Change(upper={
            each: float(np.clip(asked.choice((0.0, 1.0, 40.0)), lower[each], upper[each])) for each in some}))
    if asked.random() < 0.2:
        change = change.also(Change(rows=(Row(-math.inf, 30.0, dict.fromkeys(some, 1.0)),)))
    return change
