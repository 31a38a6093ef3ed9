"""The textbook model answers what the program answers: else the comparison would be between two different problems."""

from __future__ import annotations

import pyomo.environ as pyo
import pytest

from model.planning import Options, best_outcome
from tests.bench import parameters as given
from tests.bench.generate import checked, records, sized_book
from tests.bench.textbook import textbook_model
from tests.support import tables_of

TINY = given.Size(15, 6, 16, 6, 20.0)


def textbook_optimum(tables) -> float:
    """Its margin, proven."""
    solver = pyo.SolverFactory("appsi_highs")
    solver.highs_options = {"mip_rel_gap": 0.0}
    return solver.solve(textbook_model(tables), load_solutions=False).problem.lower_bound


@pytest.mark.parametrize("family", given.FAMILIES)
def test_same_optimum(family):
    """Proves: money, hours, setups, lots, stages, transfers and terms of orders mean the same in both models.

    A textbook model that forgot damages, or let a single-line order use two lines, would earn more.
    """
    tables = checked(sized_book(TINY, family, 3, "tiny"))
    ours = best_outcome(tables, Options(gap=0.0))
    assert ours.status == "optimal"
    assert textbook_optimum(tables) == pytest.approx(ours.margin, rel=1e-6)


def test_what_it_does_not_know_is_refused():
    """A quota that the textbook model leaves out would let it win the comparison."""
    book = records(sized_book(TINY, "plain", 3, "tiny"))
    book["allocations"] = [{"rule": "quota", "max_qty": 1}]
    with pytest.raises(ValueError, match="allocations"):
        textbook_model(tables_of(book))
