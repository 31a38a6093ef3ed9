"""Textbook cases: optima printed with them."""

from __future__ import annotations

import pytest

from tests.published import textbooks
from tests.published.bench import bench_file, prove


@pytest.mark.parametrize(("commitment", "profit"), [("firm", 441003.5953), ("optional", 441523.69885433716)])
def test_paper_machines(commitment: str, profit: float) -> None:
    """Proves: firm orders are delivered at a loss of margin; the orders cut at will earn 520 more."""
    prove(textbooks.ajax(bench_file("textbook/ajax.json"), commitment), profit)


def test_steel_over_four_weeks() -> None:
    """Proves: opening stock, holding cost and shorter weeks: 515033."""
    prove(textbooks.steel(bench_file("textbook/steelT.dat")), 515033)


def test_factory_planning() -> None:
    """Proves: shared resources used at once, their maintenance months, storage limits and final stock."""
    records, optimum = textbooks.factory(bench_file("textbook/factory_planning_1.json"))
    prove(records, optimum)
