"""Where the result stands when its place is taken."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from model.labels import label
from model.planning import Result
from tests.cli.book import Said

Run = Callable[..., Said]
Answer = Callable[..., Result]
OLD = b"open in Excel"
STAMPED = re.compile(r"plan\.\d{8}-\d{6}(-\d+)?\.xlsx")


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Nothing can be moved onto a file of that name, as on Windows while Excel has it open."""
    replace = os.replace

    def lock(name: str) -> None:
        def refuse(source: os.PathLike[str] | str, target: os.PathLike[str] | str) -> None:
            if Path(target).name == name:
                raise PermissionError(13, "used by another process")
            replace(source, target)

        monkeypatch.setattr("os.replace", refuse)

    return lock


def stamped(folder: Path) -> list[str]:
    """Names of the time-stamped results in the folder."""
    return [path.name for path in folder.iterdir() if STAMPED.fullmatch(path.name)]


def test_a_locked_result_goes_beside_it(run: Run, small: Path, answer: Answer, locked: Callable[[str], None]) -> None:
    """Excel holds plan.xlsx: a time-stamped name beside it is used, and both names are said. That is no failure."""
    answer()
    locked("plan.xlsx")
    Path("plan.xlsx").write_bytes(OLD)
    said = run("solve", small, "--out", "plan.xlsx")
    (name,) = stamped(Path())
    assert said.code == 0
    assert name in said.out and "plan.xlsx" in said.out.replace(name, "")
    assert Path(name).read_bytes().startswith(b"PK")
    assert Path("plan.xlsx").read_bytes() == OLD
    assert sorted(path.name for path in Path().iterdir()) == sorted([name, "plan.xlsx", "small"])


def test_json_names_the_file_that_was_written(run: Run, small: Path, answer: Answer,
                                              locked: Callable[[str], None]) -> None:
    """Another program finds the result where ``files`` says, not where it was asked for."""
    answer()
    locked("plan.xlsx")
    said = run("solve", small, "--out", "out/plan.xlsx", "--json")
    (name,) = stamped(Path("out"))
    assert (said.code, said.document["status"]) == (0, "optimal")
    assert [Path(file) for file in said.document["files"]] == [Path("out") / name]


def test_the_default_name_may_be_locked_too(run: Run, small: Path, answer: Answer,
                                            locked: Callable[[str], None]) -> None:
    """Without --out the planner must learn as well that results/plan.xlsx is still the old plan."""
    answer()
    locked("plan.xlsx")
    said = run("solve", small.rename(small.with_name("plan")))
    (name,) = stamped(Path("results"))
    assert said.code == 0
    assert name in said.out
    assert "plan.xlsx" in said.out.replace(name, ""), "the name that was in use is not said"


def test_two_results_in_one_second(run: Run, small: Path, answer: Answer, locked: Callable[[str], None]) -> None:
    """A second run does not overwrite the time-stamped result of the first."""
    answer()
    locked("plan.xlsx")
    for _ in range(2):
        assert run("solve", small, "--out", "plan.xlsx", "--quiet").code == 0
    assert len(stamped(Path())) == 2


@pytest.mark.parametrize("out", ["plan.xlsx", "./plan.xlsx", "out//plan.xlsx", "PLAN.XLSX"])
def test_a_free_place_is_not_called_taken(run: Run, small: Path, answer: Answer, out: str) -> None:
    """However the name is written: where the result stands as asked, nothing is said of another place."""
    answer()
    said = run("solve", small, "--out", out)
    assert said.code == 0
    assert label("text.elsewhere").format(asked=out) not in said.out
    assert Path(out).is_file()


def test_a_longer_book_replaces_a_shorter_one(run: Run, small: Path, answer: Answer) -> None:
    """Last week's result is replaced as a whole."""
    answer()
    Path("plan.xlsx").write_bytes(OLD * 100_000)
    assert run("solve", small, "--out", "plan.xlsx").code == 0
    content = Path("plan.xlsx").read_bytes()
    assert content.startswith(b"PK") and OLD not in content
