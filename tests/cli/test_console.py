"""Consoles of any code page, the help that comes at once, and the mathematics in print."""

from __future__ import annotations

import inspect
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from model.cli import _parser, main
from model.commands.help import help_texts
from model.constraints import CONSTRAINTS, TIGHTENING
from model.formulation import formulation_text
from model.labels import label_table
from model.objective import TERMS
from model.planning import Result
from model.variables import VARIABLES
from tests.cli.book import Said, broken_book, command, order, small_book, write_book

ROOT = Path(__file__).parents[2]
HEAVY = {"pandas", "numpy", "pyomo", "highspy", "scipy", "openpyxl", "xlsxwriter"}


def start(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """``run.py`` in a process of its own."""
    return subprocess.run([sys.executable, str(ROOT / "run.py"), *arguments], capture_output=True, check=False,
                          env={**os.environ, "PYTHONUTF8": "0", **environment}, timeout=120)


def test_help_comes_at_once() -> None:
    """Less than half a second of work; a machine under load only stretches the clock, not the work."""
    seconds = []
    for _ in range(3):
        before = os.times()
        assert start("--help").returncode == 0
        after = os.times()
        seconds.append(after.children_user + after.children_system - before.children_user - before.children_system)
    assert min(seconds) < 0.5


def loaded_by(*arguments: str) -> set[str]:
    """Packages that ``run.py`` imports."""
    done = subprocess.run([sys.executable, "-X", "importtime", str(ROOT / "run.py"), *arguments], capture_output=True,
                          text=True, check=False, timeout=120)
    return set(re.findall(r"\|\s+(\w+)[\w.]*$", done.stderr, re.MULTILINE))


@pytest.mark.parametrize("arguments", [["--help"], ["solve", "--help"], ["--version"], ["solve"]], ids=str)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    """Help, version and usage errors need neither pandas nor Pyomo nor HiGHS."""
    loaded = loaded_by(*arguments)
    assert "argparse" in loaded
    assert not loaded & HEAVY


def test_planning_loads_no_pyomo(small: Path, tmp_path: Path) -> None:
    """Laws are read straight into the matrix; Pyomo and the statistics it loads would take half a second a run."""
    loaded = loaded_by("solve", str(small), "--out", str(tmp_path / "plan.xlsx"))
    assert (tmp_path / "plan.xlsx").exists()
    assert loaded & HEAVY == HEAVY - {"pyomo"}


def test_help_names_every_command() -> None:
    """And the help of each command every option of it."""
    text = command("--help").out
    assert all(name in text for name in ("solve", "check", "template", "formulation"))
    options = command("solve", "--help").out
    names = ("--out", "--json", "--gap", "--time-limit", "--lang", "--set", "--scenario")
    assert all(name in options for name in names)


def test_help_speaks_both_languages() -> None:
    """Every command and option has its words; the English ones are the parser's own, so that what changes there is
    translated again. With ``--lang zh`` nothing English is left but names."""
    texts = [(key, action.help) for key, action, _ in help_texts(_parser())]
    given = {key: words["en"] for key, words in label_table().items() if key.startswith("help.")}
    assert len(texts) > 40
    assert {key: text for key, text in texts if given.get(key) != text} == {}
    for name in ([], ["solve"], ["check"], ["template"], ["compare"], ["explain"], ["quote"]):
        shown = command(*name, "--lang", "zh", "--help").out if name else command("--help", "--lang=zh").out
        assert "用法：" in shown and "选项" in shown
        assert not re.findall(r"(?:[a-z]{2,} ){3,}", shown), shown


def test_version() -> None:
    """The version of the project, as installed or as pyproject.toml states it."""
    said = command("--version")
    stated = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert said.code == 0
    assert stated is not None and said.out.strip() in (stated[1], "not installed")


def test_formulation_prints_everything() -> None:
    """Every constraint, tightening row, money term and variable by its name, with the words of its docstring."""
    text = command("formulation").out
    assert text.strip() == formulation_text().strip()
    words = set(re.findall(r"\w+", text))
    rules = [law.rule for law in (*CONSTRAINTS, *TIGHTENING)] + list(TERMS)
    names = [rule.__name__ for rule in rules] + [decision.name for decision in VARIABLES]
    assert len(names) > 50
    assert [name for name in names if name not in words] == []
    for rule in rules:
        assert (inspect.getdoc(rule) or "?").splitlines()[0] in text, rule.__name__
    for decision in VARIABLES:
        assert decision.meaning in text, decision.name
    for rule in rules[:len(CONSTRAINTS)]:
        assert re.search("<=|>=|=", inspect.getdoc(rule) or ""), f"{rule.__name__} states no formula"


@pytest.mark.parametrize("encoding", ["gbk", "ascii"])
def test_formulation_on_a_narrow_console(encoding: str) -> None:
    """What the code page lacks becomes a question mark, never an error."""
    done = start("formulation", PYTHONIOENCODING=encoding)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    assert b"capacity_limit" in done.stdout
    done.stdout.decode(encoding)


def speak(monkeypatch: pytest.MonkeyPatch, encoding: str, *arguments: object) -> Said:
    """The command on a console of that code page, which refuses what it lacks."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict") for _ in range(2)]
    monkeypatch.setattr("sys.stdout", streams[0])
    monkeypatch.setattr("sys.stderr", streams[1])
    code = main([str(argument) for argument in arguments])
    monkeypatch.undo()
    texts = []
    for stream in streams:
        stream.flush()
        texts.append(stream.buffer.getvalue().decode(encoding))  # type: ignore[attr-defined]
    return Said(code, *texts)


HOSTILE = [order("订单-一", 30, 5, customer="Zoë €"), order("🔋", 15, 4, customer="Zoë €"), order("\u2028x", 5, 0.5)]


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "cp1252", "utf-8"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_result_on_a_narrow_console(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, planned: Result, encoding: str,
                                    language: str) -> None:
    """A plan on any console, in both languages; GBK and UTF-8 show the Chinese."""
    monkeypatch.setattr("model.commands.solve.plan_order_book", lambda *_, **__: planned)
    folder = write_book(tmp_path / "订单", small_book())
    said = speak(monkeypatch, encoding, "solve", folder, "--out", tmp_path / "计划.xlsx", "--lang", language)
    assert said.code == 0 and "150" in said.out
    assert (tmp_path / "计划.xlsx").is_file()
    assert ("计划.xlsx" in said.out) == (encoding in ("gbk", "utf-8"))


@pytest.mark.parametrize("encoding", ["gbk", "ascii"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_findings_on_a_narrow_console(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str,
                                      language: str) -> None:
    """Every finding survives, whatever the cell holds."""
    tables = {**broken_book(), "orders": [{**row, "quantity": "三十🔋"} for row in HOSTILE]}
    said = speak(monkeypatch, encoding, "solve", write_book(tmp_path / "book", tables), "--lang", language)
    assert said.code == 3
    assert sum("C" in line and "orders.csv" in line for line in said.err.splitlines()) >= 3


def test_a_real_process_on_a_chinese_console(tmp_path: Path) -> None:
    """As Windows starts it in China: GBK, Chinese messages, a Chinese folder, a missed promise among them."""
    folder = write_book(tmp_path / "订单", {**small_book(), "orders": [
        order("订单-🔋", 45, 5, commitment="firm")]})
    done = start("solve", str(folder), "--out", str(tmp_path / "计划.xlsx"), "--lang", "zh", PYTHONIOENCODING="gbk")
    assert done.returncode == 4, done.stderr.decode("gbk", errors="replace")
    text = done.stdout.decode("gbk")
    assert "订单-?" in text and "计划.xlsx" in text


def test_a_reader_that_stops_reading() -> None:
    """``run.py formulation | head`` ends without a traceback."""
    reading, writing = os.pipe()
    process = subprocess.Popen([sys.executable, str(ROOT / "run.py"), "formulation"], stdout=writing,
                               stderr=subprocess.PIPE, text=True)
    os.close(reading)
    os.close(writing)
    _, err = process.communicate(timeout=120)
    assert "Traceback" not in err

