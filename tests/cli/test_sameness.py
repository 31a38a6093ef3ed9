"""The same input, options and versions give the same plan, in this process and in any other."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from model.checks import check
from model.planning import Result, plan_order_book
from model.tables import Tables, read
from tests.audit.cases import storage_systems
from tests.support import tables_of

ROOT = Path(__file__).parents[2]


def cases() -> dict[str, Tables]:
    """The toy case and one that holds nearly every table."""
    toy = check(read(ROOT / "data" / "toy")).tables
    assert toy is not None
    return {"toy": toy, "storage_systems": tables_of(storage_systems())}


def digest(result: Result) -> str:
    """A hash over every cell of every table of the plan."""
    assert result.plan is not None
    text = "\n".join(f"{name}\n{frame.to_csv(index=False)}" for name, frame in result.plan.frames.items())
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture(scope="module")
def plans() -> dict[str, Result]:
    """Every case planned once."""
    return {name: plan_order_book(tables) for name, tables in cases().items()}


def test_twice_in_one_process(plans: dict[str, Result]) -> None:
    """Nothing of the first search is left for the second: table by table, row by row, cell by cell."""
    for name, first in plans.items():
        second = plan_order_book(first.tables)
        assert first.plan is not None and second.plan is not None
        assert first.outcome.status in ("optimal", "within_gap", "promises_missed"), name
        for table, frame in first.plan.frames.items():
            pd.testing.assert_frame_equal(frame, second.plan.frames[table], check_exact=True, obj=f"{name} {table}")


def test_in_another_process(plans: dict[str, Result]) -> None:
    """Another order of sets and dictionaries, which Python draws anew in every process, changes nothing."""
    script = ("from tests.cli.test_sameness import *\n"
              "for name, tables in cases().items(): print(name, digest(plan_order_book(tables)))")
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", script], cwd=ROOT, capture_output=True, text=True,
                          check=True, env={**os.environ, "PYTHONHASHSEED": "4711"}, timeout=300)
    assert done.stdout.splitlines() == [f"{name} {digest(result)}" for name, result in plans.items()]
