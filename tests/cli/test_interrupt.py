"""The interrupt key during a search, in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.book import command, hard_book, small_book, write_book

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are sent as POSIX knows them")


def searching(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """A search that would last for minutes, as soon as it has shown its first progress."""
    words = [sys.executable, str(ROOT / "run.py"), "solve", str(write_book(folder / "book", hard_book())), "--out",
               str(folder / "plan.xlsx"), "--json", *arguments]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder)
    assert process.stderr is not None
    while "best" not in (line := process.stderr.readline()):
        assert line, f"ended with {process.wait()} before it showed any progress"
    return process


def test_interrupt_keeps_the_best_plan(tmp_path: Path) -> None:
    """The plan so far is audited and written, said to be interrupted, and the exit code is 130."""
    process = searching(tmp_path)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    assert "Traceback" not in err and "Interrupted" in err
    document = json.loads(out)
    assert document["status"] == "interrupted"
    assert document["seconds"]["solve"] < 60
    if document["margin"] is None:
        pytest.fail("no plan was kept, although making nothing is one")
    assert document["audit"]["passed"] is True
    assert document["bound"] >= document["margin"]
    assert document["files"] == [str(tmp_path / "plan.xlsx")] and (tmp_path / "plan.xlsx").is_file()


def test_interrupt_before_the_search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the input is read there is no plan to keep: exit 130, no traceback, nothing written."""
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("model.commands.common.read", interrupt)
    said = command("solve", write_book(tmp_path / "book", small_book()))
    assert said.code == 130 and "Traceback" not in said.err
    assert [path.name for path in tmp_path.iterdir()] == ["book"]


def test_second_press_ends_at_once(tmp_path: Path) -> None:
    """Whoever presses twice gets no plan and no traceback, an old result stays, and the exit code is 130 too."""
    (tmp_path / "plan.xlsx").write_bytes(b"the plan of last week")
    process = searching(tmp_path)
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    while "Interrupted" not in (line := process.stderr.readline()):
        assert line, "the first press was not answered"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith("xlsx")] == ["plan.xlsx"]


def test_interrupt_while_work_goes_on_beside() -> None:
    """Work within C++ is not torn down: a program that ended in order aborted (exit -6) in 6 of 10 such runs."""
    words = ("import time, numpy, model.cli as cli\n"
             "from model.solve.beside import begun\n"
             "def work():\n"
             "    while True: numpy.unique(numpy.arange(3000))\n"
             "def pressed(given):\n"
             "    begun(work)\n"
             "    time.sleep(0.05)\n"
             "    raise KeyboardInterrupt\n"
             "cli._run = pressed\n"
             "cli.program()\n")
    codes = [subprocess.run([sys.executable, "-c", words], cwd=ROOT, check=False).returncode for _ in range(6)]
    assert codes == [130] * 6
