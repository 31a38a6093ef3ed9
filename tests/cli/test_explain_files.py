"""What ``explain`` writes and says where a file, or the plan its questions stand on, is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from model.explain.alternatives import Alternative
from model.explain.known import Known
from model.planning import Result
from tests.cli.book import Said

Run = Callable[..., Said]


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch, planned: Result) -> Callable[..., None]:
    """Ends the search of ``explain`` with the plan of the small book, changed as told."""
    def end_as(**changes: object) -> None:
        result = replace(planned, **changes)
        monkeypatch.setattr("model.commands.explain.plan_order_book", lambda *_, **__: result)
        other = Alternative("fewest_setups", 2.0, Known(2.0, 2.0), result.plan.margin, result.plan, result.audit)
        monkeypatch.setattr("model.commands.explain_more.alternatives", lambda *_, **__: [other])

    return end_as


def words_of(path: Path, sheet: str) -> list[str]:
    """All that a sheet says."""
    return [str(cell) for row in load_workbook(path)[sheet].iter_rows(values_only=True) for cell in row if cell]


def test_without_a_plan_of_the_search(run: Run, small: Path, found: Callable[..., None]) -> None:
    """Proves: where the rule of thumb's plan is published, a question stays open, but the plan is told and written.

    If the command ended there: nothing on stdout, no workbook, and the false word that there is no plan.
    """
    found(values=None)
    said = run("explain", small, "--capacity", "--json", "--out", "plan.xlsx")
    assert said.code == 0 and "rule of thumb" in said.err and "no plan" not in said.err
    assert (said.document["margin"], said.document["files"]) == (pytest.approx(150), ["plan.xlsx"])
    assert Path("plan.xlsx").is_file() and "capacity" not in said.document


def test_an_alternative_has_a_verdict_of_its_own(run: Run, small: Path, found: Callable[..., None]) -> None:
    """Proves: its front page says what it is and how many warnings the input has, and its name is said.

    If it were written as a plan like others: "Time ran out: the best possible plan may be up to ...", 0 warnings.
    """
    found()
    (small / "notes.csv").write_text("a\nb\n", encoding="utf-8")
    said = run("explain", small, "--alternatives", "5%", "--alternatives-out", "others", "--set", "gap=0.5")
    path = Path("others/small.fewest_setups.xlsx")
    assert said.code == 0 and str(path) in said.out
    front = words_of(path, "Summary")
    assert any("alternative" in words and "fewest setups" in words for words in front)
    assert not any("Time ran out" in words for words in front)
    assert any(words.startswith("1") and "Run" in words for words in front), front
    assert "gap=0.5" in words_of(path, "Run")


def test_answers_outlive_a_folder_that_cannot_be_written(run: Run, small: Path, found: Callable[..., None]) -> None:
    """Proves: exit 9, but every answer is given, and the plan's own workbook stands. If not: empty stdout."""
    found()
    Path("others").write_bytes(b"no folder")
    said = run("explain", small, "--alternatives", "5%", "--alternatives-out", "others", "--json", "--out", "plan.xlsx")
    assert (said.code, said.document["status"]) == (9, "not_written")
    assert said.document["alternatives"][0]["aim"] == "fewest_setups"
    assert said.document["files"] == ["plan.xlsx"]


def test_files_are_named_and_the_run_is_on_the_sheet(run: Run, small: Path, found: Callable[..., None],
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: text names the workbook, and says where it stands while Excel holds the name asked for."""
    found()
    said = run("explain", small, "--order", "GOLD", "--out", "./plan.xlsx", "--set", "gap=0.5", "--quiet")
    assert said.out.rstrip().endswith("Written  plan.xlsx") and "in use" not in said.out
    assert "gap=0.5" in words_of(Path("plan.xlsx"), "Run")
    move = Path.replace

    def refuse(source: Path, target: Path) -> Path:
        if Path(target).name == "plan.xlsx":
            raise PermissionError(13, "used by another process")
        return move(source, target)

    monkeypatch.setattr(Path, "replace", refuse)
    said = run("explain", small, "--order", "GOLD", "--out", "plan.xlsx", "--quiet")
    assert "Written  plan.2" in said.out and "The file plan.xlsx is in use" in said.out
