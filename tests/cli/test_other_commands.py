"""``check`` and ``template``: what they write, what they say, their exit codes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from model.schema import TABLES
from tests.cli.book import Said, broken_book, small_book, with_scenarios

Run = Callable[..., Said]
Book = Callable[..., Path]


@pytest.fixture
def unplanned(monkeypatch: pytest.MonkeyPatch) -> None:
    """``check`` and ``template`` that plan anything fail the test."""
    monkeypatch.setattr("model.planning.plan_order_book", lambda *_, **__: pytest.fail("it planned"))
    monkeypatch.setattr("model.planning.build_instance", lambda *_, **__: pytest.fail("it planned"))


@pytest.mark.usefixtures("unplanned")
def test_check_accepts(run: Run, small: Path) -> None:
    """A clean book: exit 0, nothing written."""
    said = run("check", small)
    assert said.code == 0 and said.err == ""
    assert [path.name for path in Path().iterdir()] == ["small"]


@pytest.mark.usefixtures("unplanned")
def test_check_names_everything(run: Run, book: Book) -> None:
    """All three mistakes at once, exit 3, nothing written."""
    said = run("check", book(broken_book()))
    assert said.code == 3
    assert all(cell in said.err for cell in ("E2", "C3", "B4"))
    assert "3" in said.out
    assert [path.name for path in Path().iterdir()] == ["book"]


def test_check_says_where_the_copy_is(run: Run, book: Book) -> None:
    """With ``--out`` the marked copy is named, and nothing claims that nothing was written."""
    said = run("check", book(broken_book()), "--out", "marked.xlsx")
    assert said.code == 3 and "marked.xlsx" in said.out and "nothing was written" not in said.out
    assert Path("marked.xlsx").is_file()
    assert "marked.xlsx" not in run("check", book(broken_book(), "again")).out


def test_check_and_solve_say_the_same(run: Run, book: Book) -> None:
    """The same findings, word by word."""
    folder = book(broken_book())
    assert run("check", folder, "--json").document["errors"] == run("solve", folder, "--json").document["errors"]


@pytest.mark.usefixtures("unplanned")
def test_check_as_json(run: Run, book: Book) -> None:
    """One document with the errors; an accepted input has its hash and no status of a plan."""
    rejected = run("check", book(broken_book(), "broken"), "--json")
    assert (rejected.code, rejected.document["status"]) == (3, "rejected_input")
    assert [row["value"] for row in rejected.document["errors"]] == ["2025-13-01", "many", "Z"]
    accepted = run("check", book(small_book()), "--json")
    assert accepted.code == 0
    assert accepted.document["errors"] == [] and len(accepted.document["input_hash"]) == 64
    assert accepted.document["margin"] is None and accepted.document["orders"] == []


@pytest.mark.usefixtures("unplanned")
def test_check_with_scenario_and_setting(run: Run, book: Book) -> None:
    """It checks what ``solve`` would plan: a scenario and settings are applied first."""
    folder = book(with_scenarios(small_book()))
    assert run("check", folder, "--scenario", "dear_silver").code == 0
    assert run("check", folder, "--scenario", "none_such").code == 3
    assert run("check", folder, "--set", "bucket_count=many").code == 3


@pytest.mark.usefixtures("unplanned")
@pytest.mark.parametrize("tables, code", [(broken_book, 3), (small_book, 0)])
def test_check_writes_the_input_back(run: Run, book: Book, tables: Callable[[], dict[str, list[dict[str, object]]]],
                                     code: int) -> None:
    """--out is the input again, every bad cell marked; the input stays as it is."""
    folder = book(tables())
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    said = run("check", folder, "--out", "marked.xlsx", "--json")
    assert said.code == code
    assert said.document["files"] == ["marked.xlsx"]
    sheet = load_workbook("marked.xlsx")["orders"]
    assert "GOLD" in {cell.value for row in sheet.iter_rows() for cell in row}
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("arguments", [["check", "book", "--out", "orders/marked.xlsx"],
                                       ["template", "orders/template.xlsx"]], ids=str)
def test_9_cannot_be_written(run: Run, book: Book, arguments: list[str]) -> None:
    """The folder of the file is itself a file: exit 9, said on stderr, nothing else touched."""
    book(broken_book())
    Path("orders").write_bytes(b"no folder")
    said = run(*arguments)
    assert said.code == 9
    assert "Traceback" not in said.err and "cannot be written" in said.err
    assert Path("orders").read_bytes() == b"no folder"


def test_check_that_cannot_write_is_still_one_document(run: Run, book: Book) -> None:
    """Another program reads JSON whatever happens; the errors are in it."""
    folder = book(broken_book())
    Path("orders").write_bytes(b"no folder")
    said = run("check", folder, "--out", "orders/marked.xlsx", "--json")
    assert said.code == 9
    assert said.document["status"] == "not_written"
    assert len(said.document["errors"]) == 3 and said.document["files"] == []


@pytest.mark.parametrize("language, read_me", [("en", "orders"), ("zh", "订单")])
def test_template(run: Run, language: str, read_me: str) -> None:
    """An input workbook with a sheet for every table, in the reader's language, whose example ``check`` accepts;
    ``--empty`` leaves the example out."""
    said = run("template", "new/book.xlsx", "--lang", language)
    assert said.code == 0 and "book.xlsx" in said.out
    names = load_workbook("new/book.xlsx", read_only=True).sheetnames
    assert len(names) >= len(TABLES)
    assert read_me in names
    assert run("check", "new/book.xlsx").code == 0
    assert run("template", "new/empty.xlsx", "--empty", "--lang", language).code == 0
    checked = run("check", "new/empty.xlsx")
    assert checked.code == 3
    errors = [line for line in checked.err.splitlines() if line.startswith("ERROR")]
    assert len(errors) == 2, "start_date and bucket_count are blank, and nothing else is wrong with an empty template"


def test_a_locked_template_goes_beside_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Excel holds the file: the time-stamped name is the one that is said."""
    import os

    replace = os.replace

    def refuse(source: str, target: str) -> None:
        if Path(target).name == "book.xlsx":
            raise PermissionError(13, "used by another process")
        replace(source, target)

    monkeypatch.setattr("os.replace", refuse)
    said = run("template", "book.xlsx")
    (name,) = [path.name for path in Path().iterdir()]
    assert said.code == 0
    assert name in said.out
