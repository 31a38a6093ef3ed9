"""The results of the small books, written once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.compare.books import write_results


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which they stand."""
    folder = tmp_path_factory.mktemp("results")
    write_results(folder)
    return folder
