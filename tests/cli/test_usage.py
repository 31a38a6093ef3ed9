"""Proves: what the command line does not understand is refused in the reader's language, with what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from model.cli import _parser
from model.commands.help import all_actions, in_language, refusal_in
from model.labels import counted, label, label_table, reason_words
from tests.cli.book import Said, small_book, write_book

Run = Callable[..., Said]
WRONG: list[tuple[list[str], str, str]] = [
    (["solve"], "the following arguments are required: INPUT", "缺少参数：输入"),
    (["solve", "a", "--gpa", "1"], "unrecognized arguments: --gpa 1", "无法识别的参数：--gpa 1"),
    (["solve", "a", "--gap"], "argument --gap: expected one argument", "参数 --gap：后面须有一个值"),
    (["solve", "a", "--gap", "x"], "argument --gap: x is not a number", "参数 --gap：x 不是数字"),
    (["solve", "a", "--gap", "2"], "2 is not a share between 0 and 1", "2 不是 0 到 1 之间的比例"),
    (["solve", "a", "--time-limit", "0"], "0 is not above 0", "0 不大于 0"),
    (["solve", "a", "--seed", "1.5"], "1.5 is not a whole number from 0 to 2147483647",
     "1.5 不是 0 到 2147483647 之间的整数"),
    (["solve", "a", "--threads", "0"], "0 is not a whole number from 1 to 1024", "0 不是 1 到 1024 之间的整数"),
    (["solve", "a", "--set", "gap"], "gap is not of the form key=value", "gap 不是“键=值”的形式"),
    (["solve", "a", "--out", "b.xls"], "b.xls is not the name of an .xlsx workbook", "b.xls 不是 .xlsx 工作簿的名称"),
    (["solve", "a", "--html", "b"], "b is not the name of an .html page", "b 不是 .html 页面的名称"),
    (["solve", "a", "--keep-promises"], "--keep-promises needs --from-plan", "--keep-promises 须与 --from-plan"),
    (["solve", "a.xlsx", "--out", "a.xlsx"], "a.xlsx is the input itself", "a.xlsx 就是输入文件"),
    (["solve", "a", "--quiet=1"], "ignored explicit argument '1'", "不带值，'1' 被拒绝"),
    (["solve", "a", "--s", "1"], "ambiguous option: --s could match", "选项 --s 不明确，可能是："),
    (["slove", "a"], "invalid choice: 'slove' (choose from", "没有 'slove' 这一选项，可选："),
    (["template", "a.xlsx", "--empty", "--from", "b"], "not allowed with argument --empty", "不能与参数 --empty 同用"),
]
"""Command lines that are not understood, and what is said of them."""


@pytest.mark.parametrize(("arguments", "english", "chinese"), WRONG, ids=[" ".join(each[0]) for each in WRONG])
def test_refused_in_both_languages(run: Run, arguments: list[str], english: str, chinese: str,
                                   tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 2 and nothing written; with ``--lang zh`` no English sentence is left."""
    monkeypatch.chdir(tmp_path)
    said = run(*arguments)
    assert said.code == 2 and english in said.err
    said = run(*arguments[:1], "--lang", "zh", *arguments[1:])
    assert said.code == 2 and chinese in said.err, said.err
    refusal = said.err.strip().splitlines()[-1]
    assert re.match(r"run\.py( \w+)?：错误：", refusal)
    assert not re.search(r"\b(error|argument|arguments|invalid|expected|choose|option|is not)\b", refusal), refusal
    assert list(tmp_path.iterdir()) == []


def test_placeholders_speak_the_readers_language() -> None:
    """Proves: whatever stands for a value in a usage line has words in both languages, and Chinese help shows them."""
    english = [action.metavar for action in all_actions(_parser()) if action.metavar]
    named = {f"metavar.{name}" for name in english}
    assert len(english) > 30 and named == {key for key in label_table() if key.startswith("metavar.")}
    values = [action for action in all_actions(_parser()) if action.metavar is None and action.nargs is None
              and not action.choices]
    assert [action.dest for action in values if action.option_strings] == []
    for action in all_actions(in_language(_parser(), "zh")):
        assert action.metavar in (None, "A.xlsx", "B.xlsx", "GiB") or not str(action.metavar).isascii()


@pytest.mark.parametrize("reason", [
    OSError(5, "Input/output error"), OSError(16, "Device or resource busy"), OSError(24, "Too many open files"),
    "Bad magic number for central directory", "Error -3 while decompressing data: invalid block type"])
def test_what_the_system_says_is_translated(reason: object) -> None:
    """Proves: rare refusals of the system are said in Chinese, too."""
    assert not re.search("[a-z]{3}", reason_words(reason, "zh").partition("：")[0].partition(":")[0])


@pytest.mark.parametrize(("key", "count", "words"), [
    ("cli.rejected", 1, "1 error, named"), ("cli.rejected", 2, "2 errors, each"),
    ("cli.checked_rejected", 1, "1 error, named"), ("bucket.week", 1, "1 week"), ("bucket.week", 2, "2 weeks")])
def test_words_agree_in_number(key: str, count: int, words: str) -> None:
    """Proves: one error is not "1 errors"."""
    assert words in label(counted(key, count)).format(count=count)


def test_one_error_and_one_warning(run: Run, tmp_path: Path) -> None:
    """Proves: the same at the command line."""
    book = small_book()
    book["orders"][0]["quantity"] = "many"
    assert "1 error, named above" in run("check", write_book(tmp_path / "wrong", book)).out
    (write_book(tmp_path / "odd", small_book()) / "notes.csv").write_text("a\nb\n", encoding="utf-8")
    assert "no errors, 1 warning." in run("check", tmp_path / "odd").out


def test_what_is_not_known_is_said_as_it_is() -> None:
    """A refusal that a later argparse may bring stays English rather than being lost; English is left alone."""
    assert refusal_in("argument --gap: something else", "zh") == "参数 --gap：something else"
    assert refusal_in("x is not a number", "en") == "x is not a number"
