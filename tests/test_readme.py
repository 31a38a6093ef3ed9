"""README.md holds: it says what the program does, and every command and option in it exists."""

from __future__ import annotations

import argparse
import ast
import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from model.cli import _parser
from model.commands.solve import EXIT_CODES

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
SHELLS = {"sh", "bash", "console", "shell", "bat", "powershell", "cmd"}
OTHER_PROGRAMS = {"pip", "venv", "pytest", "tests.bench", "tests.bench.generate"}


class Block(NamedTuple):
    """A fenced block: its language and its text."""

    language: str
    text: str


def readme() -> str:
    """The whole text."""
    return README.read_text(encoding="utf-8")


def blocks() -> list[Block]:
    """Every fenced block; an odd number of fences is an error."""
    fences = re.findall(r"^\s*```(.*)$", readme(), re.MULTILINE)
    assert len(fences) % 2 == 0, "a block is not closed"
    return [Block(language.strip(), text) for language, text in
            re.findall(r"^\s*```(.*)\n((?:.*\n)*?)\s*```\s*$", readme(), re.MULTILINE)]


def prose() -> str:
    """The text without its blocks."""
    return re.sub(r"^\s*```.*\n(?:.*\n)*?\s*```\s*$", "", readme(), flags=re.MULTILINE)


def quoted() -> list[str]:
    """Everything in backquotes outside blocks."""
    return [" ".join(text.split()) for text in re.findall(r"`([^`]+)`", prose())]


def commands() -> Iterator[list[str]]:
    """Every command in a block or in backquotes, in words, its lines and && taken apart."""
    lines = [line.strip().removeprefix("$ ").removeprefix("> ") for block in blocks() if block.language in SHELLS
             for line in block.text.splitlines()]
    lines += [text for text in quoted() if " " in text and re.match(r"\S*(python3?|py|run\.py|allocate)\b", text)]
    for line in lines:
        for command in re.split(r"\s*&&\s*", line.split("  #")[0]):
            if command and not command.startswith("#"):
                yield shlex.split(command.replace("\\", "/"))


def arguments(words: list[str]) -> list[str] | None:
    """The arguments for run.py, or None where another program is called. AssertionError for a program nobody knows."""
    program, *rest = words
    if Path(program).name in ("python", "python3", "py"):
        if rest[:1] == ["-m"]:
            assert rest[1] in OTHER_PROGRAMS, words
            return None
        assert rest and rest[0] == "run.py", words
        return rest[1:]
    if program in ("run.py", "allocate"):
        return rest
    assert program in ("git", "cd"), f"{words} calls a program that this test does not know"
    return None


def parsers() -> dict[str, argparse.ArgumentParser]:
    """The parser of every command."""
    parser = _parser()
    (choices,) = [action.choices for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return {"": parser, **choices}


def options() -> set[str]:
    """Every long option of every command."""
    return {option for parser in parsers().values() for option in parser._option_string_actions
            if option.startswith("--")}


def test_it_begins_with_what_it_does() -> None:
    """A title, then a paragraph of what it plans, before any command."""
    title, text = readme().split("\n", 1)
    assert re.match(r"# \w", title)
    first = text.strip().split("\n\n")[0]
    assert not re.match(r"[`#|!\[<-]", first), first
    assert len(first.split()) >= 15
    assert re.search(r"\border", first) and re.search(r"\bline\b", first) and re.search(r"\bmargin\b", readme())


def test_every_block_parses() -> None:
    """Each block is what it says it is; a language that this test does not know fails."""
    assert blocks()
    for block in blocks():
        if block.language in SHELLS:
            assert block.text.strip()
        elif block.language == "python":
            ast.parse(block.text)
        elif block.language == "json":
            json.loads(block.text)
        elif block.language == "toml":
            tomllib.loads(block.text)
        else:
            assert block.language == "text", f"a block of {block.language or 'no language'}:\n{block.text}"


def test_every_command_is_understood(capsys: pytest.CaptureFixture[str]) -> None:
    """Each call of run.py is one that the parser accepts; a plain one plans the reference case."""
    calls = [given for words in commands() if (given := arguments(words)) is not None]
    assert [] in calls, "the plain run is not shown"
    assert {"solve", "check", "template", "formulation"} <= {given[0] for given in calls if given}
    for given in calls:
        if given and given[0] not in ("--help", "--version"):
            line = given if not given[0].startswith("-") else ["solve", "INPUT", *given]
            try:
                _parser().parse_args(line)
            except SystemExit:
                pytest.fail(f"run.py {' '.join(given)}: {capsys.readouterr().err}")


def test_every_option_exists() -> None:
    """Each option in backquotes is one of run.py's, except in commands of other programs."""
    foreign = {word for words in commands() if arguments(words) is None for word in words}
    mentioned = {option for text in quoted() for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", text)
                 if option not in foreign}
    assert mentioned
    assert mentioned - options() == set()


def test_every_option_is_explained() -> None:
    """Each option of ``solve`` is mentioned: one that is not would be found by nobody."""
    ours = {option for option in parsers()["solve"]._option_string_actions if option.startswith("--")} - {"--help"}
    assert ours - set(re.findall(r"--[a-z][a-z-]*", prose())) == set()


def test_the_commands_it_names_exist() -> None:
    """``run.py NAME`` in the text is a command there is, and every command there is stands in the text."""
    named = set(re.findall(r"run\.py ([a-z]+)\b", readme()))
    assert named == set(parsers()) - {""}


def test_exit_codes_are_the_ones_there_are() -> None:
    """Every code that ``solve`` can end with, and usage, has its line, and no other has."""
    rows = {int(code) for code in re.findall(r"^\| (\d+) \|", readme(), re.MULTILINE)}
    assert rows == set(EXIT_CODES.values()) | {2}


def test_files_and_folders_exist() -> None:
    """What it says lies in the project lies there; results and the planner's own files apart."""
    paths = {text for text in quoted() if re.fullmatch(r"\.?[\w.-]+/[\w./-]*|[\w-]+\.(py|md|toml)", text)}
    kept = {path for path in paths if not path.startswith(("results/", ".venv/", "my_"))}
    assert {path for path in kept if not (ROOT / path).exists()} == set()
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", prose())
    assert {link for link in links if "://" not in link and not (ROOT / link).exists()} == set()


def test_the_license_is_the_one_in_the_folder() -> None:
    """README, LICENSE and pyproject.toml name the same one."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["license"] == "Apache-2.0"
    assert "Apache License" in readme() and "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert project["requires-python"].removeprefix(">=") in readme()
