"""Where the result stands when its place is taken."""

from __future__ import annotations

import io
import os
import re
import signal
import sys
from collections.abc import Callable
from contextlib import redirect_stderr
from pathlib import Path

import pytest

from model.cli import main
from model.commands.common import interruptible
from model.labels import label
from model.planning import Result
from model.tables import read
from tests.cli.book import Said, order, small_book

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


def test_no_plan_that_is_read_is_written_over(run: Run, small: Path) -> None:
    """The result of the result is plan.plan.xlsx; planned on from it, a third name is used.

    If only the input's own name were avoided: the third run would overwrite the plan in force it reads.
    """
    small.rename("book")
    for given, written in ((["book", "--out", "results/plan.xlsx"], "plan.xlsx"), (["results/plan.xlsx"],
                           "plan.plan.xlsx"), (["results/plan.xlsx", "--from-plan", "results/plan.plan.xlsx"],
                           "plan.plan-2.xlsx")):
        before = {path: path.read_bytes() for path in Path("results").glob("*.xlsx")}
        said = run("solve", *given, "--json", "--quiet")
        assert (said.code, [Path(file).name for file in said.document["files"]]) == (0, [written])
        assert all(path.read_bytes() == content for path, content in before.items())


def test_a_rejected_plan_does_not_replace_its_input(run: Run, small: Path, answer: Answer) -> None:
    """plan.REJECTED.xlsx is planned again and rejected again: if it were named as asked only, it would be lost."""
    answer()
    assert run("solve", small, "--out", "plan.REJECTED.xlsx").code == 0
    before = Path("plan.REJECTED.xlsx").read_bytes()
    answer(audit=None)
    said = run("solve", "plan.REJECTED.xlsx", "--out", "plan.xlsx", "--json")
    assert (said.code, said.document["files"]) == (8, ["plan.plan.REJECTED.xlsx"])
    assert Path("plan.REJECTED.xlsx").read_bytes() == before


class Gone(io.StringIO):
    """A stream whose reader has gone, as behind ``| true``."""

    def write(self, text: str) -> int:
        raise BrokenPipeError(32, "Broken pipe")

    def flush(self) -> None:
        raise BrokenPipeError(32, "Broken pipe")


def test_a_plan_is_written_though_nobody_listens(run: Run, small: Path, answer: Answer,
                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: with both streams closed the plan is written and the exit code is its own. If not: 0 and no plan."""
    answer(status="limit", bound=200.0)
    (small / "notes.csv").write_text("a\nb\n", encoding="utf-8")
    monkeypatch.setattr("sys.stdout", Gone())
    monkeypatch.setattr("sys.stderr", Gone())
    assert main(["solve", str(small), "--out", "plan.xlsx", "--explain", "0"]) == 10
    assert Path("plan.xlsx").is_file()
    # Nothing is left that could fail at the program's end.
    assert not isinstance(sys.stdout, Gone) and not isinstance(sys.stderr, Gone)


def test_the_key_pressed_while_a_word_is_written() -> None:
    """Proves: the interrupt key counts though the stream, in the midst of writing, takes nothing more."""
    class Busy(io.StringIO):
        def write(self, text: str) -> int:
            raise RuntimeError("reentrant call inside <_io.BufferedWriter name='<stderr>'>")

    with redirect_stderr(Busy()), interruptible("en", quiet=False) as interrupt:
        signal.raise_signal(signal.SIGINT)
        assert interrupt.pressed


def test_a_page_that_cannot_be_written(run: Run, small: Path, answer: Answer) -> None:
    """Proves: the workbook written before it is named. If the page's failure forgot it: ``files`` would be empty."""
    answer()
    Path("out").write_bytes(OLD)
    said = run("solve", small, "--out", "plan.xlsx", "--html", "out/plan.html", "--json")
    assert (said.code, said.document["status"], said.document["files"]) == (9, "not_written", ["plan.xlsx"])


def test_prices_of_nothing(run: Run, book: Callable[..., Path]) -> None:
    """Proves: a book of samples, each at price 0, is planned and written. By hand: making costs 1, all are declined."""
    said = run("solve", book({**small_book(), "orders": [order("GIFT", 5, 0)]}), "--out", "plan.xlsx", "--html",
               "plan.html", "--json")
    assert (said.code, said.document["margin"], said.document["files"]) == (0, 0, ["plan.xlsx", "plan.html"])


@pytest.mark.parametrize("header", ["my\r\nnote", "a_x005F_b", "ax005F_b"])
def test_a_header_of_ones_own_with_signs_of_control(run: Run, book: Callable[..., Path], header: str) -> None:
    """Proves: a column of the planner's own goes into the result under its name. If it were read back with the escapes
    of the file: exit 9, every time."""
    tables = small_book()
    tables["orders"] = [{**tables["orders"][0], header: "mine"}]
    said = run("solve", book(tables), "--out", "plan.xlsx", "--quiet")
    assert said.code == 0, said.err
    assert header in read(Path("plan.xlsx")).tables["orders"].extras
