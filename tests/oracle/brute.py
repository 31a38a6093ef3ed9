"""The oracle's oracle: every whole-number decision tried, the linear program left solved without any big-M."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from tests.oracle.algebra import Lin, NoSolutionError, Program, total
from tests.oracle.plain import KINDS, OracleAnswer, formulate, keep_least, without_dust

if TYPE_CHECKING:
    from model.tables import Tables


def decision_count(program: Program) -> int:
    """How many combinations of whole numbers there are at most."""
    count = 1
    for upper, whole in zip(program.upper, program.whole, strict=True):
        count *= int(upper) + 1 if whole else 1
    return count


def combinations(program: Program) -> Iterator[np.ndarray]:
    """Every combination of whole numbers that no row of whole numbers alone forbids."""
    columns = [column for column, whole in enumerate(program.whole) if whole]
    pure = [row for row in program.rows if row[0].terms and all(program.whole[column] for column in row[0].terms)]
    shape = [int(program.upper[column]) + 1 for column in columns]
    for values in np.ndindex(*shape):
        choices = np.zeros(len(program.upper))
        choices[columns] = values
        if all(low - 1e-9 <= line.value(choices) <= high + 1e-9 for line, low, high in pure):
            yield choices


def least_over(program: Program, objective: Lin, tried: list[np.ndarray]) -> tuple[float, list[np.ndarray]]:
    """Least value of the objective, and the combinations that may still reach it."""
    values = []
    for choices in tried:
        try:
            values.append(program.minimise_fixed(objective, choices)[0])
        except NoSolutionError:
            values.append(float("inf"))
    least = min(values)
    return least, [choices for choices, value in zip(tried, values, strict=True) if value <= least + 1e-6]


def best_margin_by_trial(tables: Tables) -> OracleAnswer:
    """Margin of the best plan in base currency, found by trying every decision; tiny cases only."""
    book = formulate(tables)
    tried = list(combinations(book.program))
    missed = {}
    for kind in KINDS:
        missed[kind] = book.missed[kind].constant
        if book.missed[kind].terms:
            least, tried = least_over(book.program, book.missed[kind], tried)
            missed[kind] = without_dust(least)
            keep_least(book, kind, missed[kind])
    cost, _ = least_over(book.program, -1.0 * total(book.money.values()), tried)
    return OracleAnswer(-cost, missed, True, {})
