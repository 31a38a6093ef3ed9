"""The ways to run commands are those of the command line's tests; plans are made once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from model.report.sheets import table as sheets
from tests.cli.book import Said, Tables
from tests.cli.conftest import book, run

__all__ = ["book", "kept", "planned", "run"]


@pytest.fixture(scope="module")
def kept() -> dict[tuple[str, str, int], bytes]:
    """Results that were planned before, by what they were planned from."""
    return {}


@pytest.fixture
def planned(run: Callable[..., Said], book: Callable[..., Path], tmp_path: Path,
            kept: dict[tuple[str, str, int], bytes]) -> Callable[..., tuple[Path, Path]]:
    """Plans a book, the same one only once; returns its folder and the result."""

    def solve(tables: Tables, language: str = "en") -> tuple[Path, Path]:
        folder = book(tables, f"book{len(list(tmp_path.iterdir()))}")
        result = tmp_path / f"week 1 {language}.xlsx"
        asked = (repr(tables), language, sheets.MOST_ROWS)
        if asked not in kept:
            said = run("solve", folder, "--out", result, "--lang", language, "--quiet")
            assert said.code == 0, said.err
            kept[asked] = result.read_bytes()
        result.write_bytes(kept[asked])
        return folder, result

    return solve
