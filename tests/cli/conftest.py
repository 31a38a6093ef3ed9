"""Ways to run a command inside the test's own process, and to let the search end as a test wants it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from model.planning import Result
from tests.cli.book import Said, Tables, command, small_book, write_book
from tests.support import plan


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """Runs a command from an empty folder; what is solved is explained only where a test asks for it."""
    monkeypatch.chdir(tmp_path)

    def unexplained(*arguments: object) -> Said:
        is_plain = arguments[:1] == ("solve",) and "--explain" not in arguments
        return command(*arguments, *(("--explain", 0) if is_plain else ()))

    return unexplained


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    """Writes tables as CSV files into a folder of the test."""

    def write(tables: Tables, name: str = "book") -> Path:
        return write_book(tmp_path / name, tables)

    return write


@pytest.fixture
def small(book: Callable[..., Path]) -> Path:
    """The small book in a folder named ``small``."""
    return book(small_book(), "small")


@pytest.fixture(scope="session")
def planned() -> Result:
    """The small book, planned once."""
    return plan(small_book())


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch, planned: Result) -> Callable[..., Result]:
    """Ends every search with the plan of the small book, changed as told: ``answer(status="limit", plan=None)``."""

    def end_as(**changes: Any) -> Result:
        of_outcome = {name: value for name, value in changes.items() if name in planned.outcome.__dataclass_fields__}
        of_result = {name: value for name, value in changes.items() if name not in of_outcome}
        if changes.get("bound") is not None:
            of_result["plan"] = replace(planned.plan, bound=changes["bound"])  # type: ignore[type-var]
        result = replace(planned, outcome=replace(planned.outcome, **of_outcome), **of_result)
        monkeypatch.setattr("model.commands.solve.plan_order_book", lambda *_, **__: result)
        return result

    return end_as
