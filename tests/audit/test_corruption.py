"""One wrong cell anywhere in a plan is seen: every column of every table, in plans that use every feature."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from model.audit import held
from model.planning import Result
from tests.audit.cases import CASES
from tests.audit.corruption import cells, with_cell, wrong_value
from tests.support import plan

LAW_OF_TABLE = {"setups": "setup_needs", "openings": "expansion_choice"}
SPELLS_PER_COLUMN = 1
MANY_SPELLS_PER_COLUMN = 12


@cache
def planned(name: str) -> Result:
    """The case's plan, which the audit has signed."""
    result = plan(CASES[name]())
    assert result.audit is not None and result.audit.passed, result.audit and result.audit.failures()
    return result


def unseen(name: str, spells: int, seed: int) -> tuple[int, list[str]]:
    """Number of corrupted plans tried, and those that no law noticed."""
    result, random = planned(name), np.random.default_rng(seed)
    assert result.plan is not None
    rows: dict[tuple[str, str], list[int]] = {}
    for table, column, row in cells(result.plan):
        rows.setdefault((table, column), []).append(row)
    missed = []
    for table, column in sorted(rows) * spells:
        row = rows[table, column][random.integers(len(rows[table, column]))]
        value = wrong_value(result.plan, table, column, row, random)
        wrong = with_cell(result.plan, table, column, row, value)
        # The law of the table itself is tried first only because it is quickest to notice.
        if all(finding.passed for finding in held(result.tables, wrong, (LAW_OF_TABLE.get(table, table),))):
            missed.append(f"{table} row {row} {column}: {result.plan.frames[table][column].iloc[row]} -> {value}")
    return len(rows) * spells, missed


@pytest.mark.parametrize("name", sorted(CASES))
def test_one_wrong_cell_is_seen(name: str) -> None:
    """Proves: no column of the plan stands unchecked."""
    tried, missed = unseen(name, SPELLS_PER_COLUMN, seed=2025)
    assert not missed
    assert tried >= 90


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(CASES))
def test_many_wrong_cells_are_seen(name: str) -> None:
    """The same with many more rows and ways of being wrong."""
    _, missed = unseen(name, MANY_SPELLS_PER_COLUMN, seed=31)
    assert not missed


def test_the_cases_fill_every_column() -> None:
    """Every table of a plan has rows, and every column a value, in at least one of the cases."""
    frames = [planned(name).plan.frames for name in CASES]
    blank = [(table, column) for table in frames[0] for column in frames[0][table]
             if not any(plan[table][column].notna().any() for plan in frames)]
    assert blank == []
