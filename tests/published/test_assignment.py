"""Generalised assignment: optima of the OR-Library and of Martello and Toth."""

from __future__ import annotations

import pytest

from tests.published import assignment
from tests.published.bench import bench_file, prove

OPTIMA = {
    "gap1": [336, 327, 339, 341, 326],
    "gap2": [434, 436, 420, 419, 428],
    "gap3": [580, 564, 573, 570, 564],
}
PRICE = 100.0


@pytest.mark.parametrize(("name", "optimum"), [
    pytest.param(f"{group}-{number}", optimum, marks=[] if group == "gap1" else pytest.mark.slow)
    for group, optima in OPTIMA.items() for number, optimum in enumerate(optima)])
def test_profit_of_small_assignments(name: str, optimum: float) -> None:
    """Proves: all-or-nothing orders that keep to one line. Split over lines, the margin would exceed the optimum."""
    prove(assignment.by_profit(bench_file(f"gap/{name}")), optimum)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "cost"), [("a05100", 1698), ("b05100", 1843)])
def test_cost_of_a_hundred_jobs_on_five_agents(name: str, cost: float) -> None:
    """Proves: the same at 100 orders, where the bound closes only by search."""
    prove(assignment.by_cost(bench_file(f"gap/{name}"), PRICE), 100 * PRICE - cost)


def test_assignment_of_martello_and_toth() -> None:
    """Proves: ten jobs on five agents cost 223."""
    prove(assignment.martello(bench_file("textbook/gapmin_martello.json"), PRICE), 10 * PRICE - 223)
