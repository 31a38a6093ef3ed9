"""What the options of ``solve`` change, and what a plain run plans."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from model.cli import main, reference_case
from model.planning import Options, Result
from model.tables import Tables
from tests.cli.book import Said, hard_book, small_book, with_scenarios

Run = Callable[..., Said]
Book = Callable[..., Path]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Namespace]:
    """What ``solve`` was asked for, instead of solving it."""
    calls: list[Namespace] = []

    def remember(options: Namespace) -> int:
        calls.append(options)
        return 0

    monkeypatch.setattr("model.commands.solve.run_solve", remember)
    return calls


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch, planned: Result) -> list[Tables]:
    """The tables that were to be planned, instead of planning them."""
    given: list[Tables] = []

    def keep(tables: Tables, *_: Any) -> Result:
        given.append(tables)
        return planned

    monkeypatch.setattr("model.commands.solve.plan_order_book", keep)
    return given


@pytest.mark.parametrize("arguments", [[], ["--json"], ["--lang", "zh", "--quiet"], ["--set", "gap=0.01"]], ids=str)
def test_no_command_plans_the_reference_case(asked: list[Namespace], arguments: list[str]) -> None:
    """A plain run is ``solve data/narada_2025``, and options alone are options of that."""
    assert main(arguments) == 0
    (options,) = asked
    assert Path(options.input) == reference_case()
    assert reference_case().parts[-2:] == ("data", "narada_2025") and reference_case().is_dir()
    assert options.out is None
    assert (options.json, options.quiet) == ("--json" in arguments, "--quiet" in arguments)


def test_set_replaces_settings(run: Run, small: Path) -> None:
    """One week instead of two: 20 units, by hand 20 x (5 - 1) = 80; a key the table lacks can be set, too."""
    document = run("solve", small, "--set", "bucket_count=1", "--set", "currency=EUR", "--json").document
    assert document["margin"] == pytest.approx(80)
    assert {row["order"]: row["delivered"] for row in document["orders"]}["GOLD"] == pytest.approx(20)


def test_the_last_of_two_values_counts(run: Run, small: Path, seen: list[Tables]) -> None:
    """As on every command line."""
    run("solve", small, "--set", "bucket_count=2", "--set", "bucket_count=1")
    assert seen[0].settings.bucket_count == 1


def test_a_wrong_setting_is_rejected(run: Run, small: Path) -> None:
    """An unknown key and a value that is no number are errors of the input, found at once."""
    said = run("solve", small, "--set", "bucket_cuont=1", "--set", "gap=small", "--json")
    assert said.code == 3
    assert {row["cell"] for row in said.document["errors"]} == {"--set bucket_cuont", "--set gap"}


def test_a_value_may_hold_an_equals_sign(run: Run, small: Path, seen: list[Tables]) -> None:
    """Only the first one separates key and value."""
    run("solve", small, "--set", "plan_name=a=b")
    assert seen[0].settings.plan_name == "a=b"


def test_scenario_is_applied(run: Run, book: Book, seen: list[Tables]) -> None:
    """SILVER's price is 6 with the scenario and 4 without; the files on disk stay as they are."""
    folder = book(with_scenarios(small_book()))
    before = (folder / "orders.csv").read_bytes()
    run("solve", folder, "--scenario", "dear_silver")
    run("solve", folder)
    prices = [tables.frames["orders"].set_index("order")["unit_price"]["SILVER"] for tables in seen]
    assert prices == [6, 4]
    assert (folder / "orders.csv").read_bytes() == before


def test_unknown_scenario_is_rejected(run: Run, book: Book) -> None:
    """It is an error that names the scenarios there are."""
    said = run("solve", book(with_scenarios(small_book())), "--scenario", "cheap_silver")
    assert said.code == 3
    assert "cheap_silver" in said.err and "dear_silver" in said.err


def test_scenario_and_setting_together(run: Run, book: Book) -> None:
    """By hand, one week of 20 units: 15 SILVER at 6 and 5 GOLD at 5 earn 75 + 20 = 95."""
    folder = book(with_scenarios(small_book()))
    said = run("solve", folder, "--scenario", "dear_silver", "--set", "bucket_count=1", "--json")
    assert said.document["margin"] == pytest.approx(95)


@pytest.mark.parametrize("arguments, expected", [
    ([], Options()),
    (["--gap", "0.05", "--time-limit", "7.5"], Options(gap=0.05, time_limit=7.5)),
    (["--seed", "3", "--threads", "2"], Options(seed=3, threads=2)),
    (["--memory-limit", "1.5"], Options(memory_limit=1.5)),
    (["--lang", "zh"], Options(language="zh")),
], ids=str)
def test_options_reach_the_search(run: Run, small: Path, monkeypatch: pytest.MonkeyPatch, planned: Result,
                                  arguments: list[str], expected: Options) -> None:
    """What is not asked for is left to the settings."""
    seen: list[Options] = []

    def keep(_: Any, options: Options, *__: Any) -> Result:
        seen.append(options)
        return planned

    monkeypatch.setattr("model.commands.solve.plan_order_book", keep)
    run("solve", small, *arguments)
    assert seen == [replace(expected, apart=True)]


def test_threads(run: Run, small: Path) -> None:
    """More threads find the same plan; by hand 150."""
    said = run("solve", small, "--threads", 2, "--json")
    assert (said.code, said.document["margin"]) == (0, pytest.approx(150))


def test_quiet_prints_no_progress(run: Run, book: Book, monkeypatch: pytest.MonkeyPatch, planned: Result) -> None:
    """Progress is on stderr, and with --quiet nothing is; the result is told in both."""
    def search(_: Any, __: Any, progress: Callable[[float, float, float], None], ___: Any) -> Result:
        progress(0.1, 100.0, 160.0)
        progress(9.0, float("-inf"), float("inf"))
        return planned

    monkeypatch.setattr("model.commands.solve.plan_order_book", search)
    folder = book(small_book())
    loud, quiet = run("solve", folder), run("solve", folder, "--quiet")
    first, second = loud.err.splitlines()
    assert "100" in first and "160" in first and "60" in first and "CNY" in first
    assert "inf" not in second
    assert quiet.err == ""
    assert loud.out == quiet.out != ""


def test_progress_of_a_real_search(run: Run, book: Book) -> None:
    """Seconds rise, the bound never lies below the best plan, and stdout stays free for the result."""
    said = run("solve", book(hard_book(40, 5)), "--time-limit", 0.5, "--json")
    lines = re.findall(r"([\d.]+) s +best ([-\d,]+|none yet) +bound ([-\d,]+|none yet)", said.err)
    assert lines
    assert [float(seconds) for seconds, *_ in lines] == sorted(float(seconds) for seconds, *_ in lines)
    for _, best, bound in lines:
        if "none yet" not in (best, bound):
            assert int(best.replace(",", "")) <= int(bound.replace(",", "")) + 1
    assert not re.search(r" s +best ", said.out)
    assert not re.search(r"best -0\b", said.err), "a plan that earns nothing earns 0, not -0"


def test_language_of_messages(run: Run, book: Book, planned: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --lang zh all that is said is Chinese; in English nothing is."""
    monkeypatch.setattr("model.commands.solve.plan_order_book", lambda *_, **__: planned)
    folder, broken = book(small_book()), book({**small_book(), "orders": []}, "broken")
    (broken / "orders.csv").write_text("order,item,quantity\nX,Z,many\n")
    for language in ("en", "zh"):
        for path in (folder, broken):
            said = run("solve", path, "--lang", language)
            assert said.out
            for line in (said.out + said.err).splitlines():
                text = re.sub(r"\([\u4e00-\u9fff]+\)", "", line) if language == "en" else line
                assert bool(CHINESE.search(text)) == (language == "zh") or not re.search(r"[^\W\d]{3}", text), line
