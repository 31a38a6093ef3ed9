"""Proves, where LibreOffice is installed: a result that it opened and saved is still the same input."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from model.tables import from_records, read
from tests.cli.book import Said
from tests.roundtrip.books import hostile_records, result_of, same_input, tables_of
from tests.source import ROOT

OFFICE = shutil.which("soffice")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not OFFICE, reason="LibreOffice is not installed")]


def saved_again(path: Path) -> Path:
    """The workbook as LibreOffice writes it after opening it."""
    folder = path.parent / "saved"
    subprocess.run([str(OFFICE), f"-env:UserInstallation={(path.parent / 'office').as_uri()}", "--headless",
                    "--convert-to", "xlsx", "--outdir", str(folder), str(path)],
                   check=True, capture_output=True, timeout=300)
    return folder / path.name


@pytest.mark.parametrize("language", ["en", "zh"])
def test_hostile_ids_survive(tmp_path: Path, language: str) -> None:
    """Ids, dates with time, yes/no, figures and the planner's own columns; LibreOffice keeps 15 digits of a figure and
    one character for a line's end."""
    records = hostile_records()
    for row in records["orders"]:
        row["remark"] = str(row.get("remark")).replace("\r", "")
        if isinstance(amount := row.get("amount"), float):
            row["amount"] = round(amount, 12)
    tables = tables_of(from_records(records))
    same_input(tables, saved_again(result_of(tmp_path, tables, language)))


def test_the_reference_case_survives(tmp_path: Path) -> None:
    """25 tables."""
    tables = tables_of(read(ROOT / "data" / "narada_2025"))
    same_input(tables, saved_again(result_of(tmp_path, tables)))


def test_the_same_input_has_the_same_plan(run: Callable[..., Said], tmp_path: Path) -> None:
    """The toy case, solved from its files, from its result, and from the result saved again; and as published plan."""
    result = tmp_path / "toy.xlsx"
    first = run("solve", ROOT / "data" / "toy", "--out", result, "--json").document
    saved = saved_again(result)
    for source, *options in ([result], [saved], [saved, "--from-plan", saved]):
        again = run("solve", source, *options, "--out", tmp_path / "again.xlsx", "--json").document
        assert (again["margin"], again["orders"]) == (first["margin"], first["orders"])
        assert (again["input_hash"] == first["input_hash"]) == (not options)
