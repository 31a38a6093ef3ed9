"""``quote`` and the further questions of ``explain`` on the command line: text, JSON, workbook, exit codes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.book import Said, command, order, small_book, write_book

Run = Callable[..., Said]
GOLD_BY_WEEK_1 = "item=A,quantity=20,due_date=2025-01-12,unit_price=4.5"


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small book in a folder: 40 units in two weeks, 30 GOLD at 5 and 10 of 15 SILVER at 4, making costs 1."""
    monkeypatch.chdir(tmp_path)
    return write_book(tmp_path / "small", small_book())


def test_a_quote_in_json(small: Path) -> None:
    """Proves: the lowest price is what is displaced. By hand: the 20 units take the place of 10 of SILVER at 3 and of
    10 of GOLD at 4, 70 in all, and cost 1 each to make: 4.5."""
    said = command("quote", small, "--quiet", "--json", "--order", GOLD_BY_WEEK_1)
    assert said.code == 0, said.err
    document = said.document
    quote, = document["quotes"]
    assert document["status"] == "quoted" and document["margin"] == pytest.approx(150)
    assert quote["lowest_price"]["exact"] and quote["lowest_price"]["low"] == pytest.approx((10 * 3 + 10 * 4) / 20 + 1)
    assert {move["order"]: round(move["delivered_after"], 6) for move in quote["displaced"]} == {
        "GOLD": 20.0, "SILVER": 0.0}
    assert quote["verdict"] == "yes"


def test_enquiries_from_a_file_and_a_workbook(small: Path, tmp_path: Path) -> None:
    """Proves: a table of enquiries is read, answered in its order, and written with the three sheets asked for."""
    (tmp_path / "ask.csv").write_text("order,item,quantity,unit_price,due_date\nE1,A,5,9,\nE2,A,5,,2025-01-19\n")
    said = command("quote", small, "--quiet", "--enquiries", tmp_path / "ask.csv", "--out", "quotes.xlsx", "--in-turn",
                   "--lang", "zh")
    assert said.code == 0, said.err
    book = load_workbook(tmp_path / "quotes.xlsx")
    assert book.sheetnames == ["报价", "挤占订单", "日期与价格"]
    rows = list(book["报价"].iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == ["E1", "E2"] and rows[0][-1] == "逐单累计"
    assert "E1" in said.out and "最低价格" in said.out


def test_every_wrong_enquiry_is_named(small: Path, tmp_path: Path) -> None:
    """Proves: errors of all rows at once with their cells, exit 3, nothing planned or written."""
    (tmp_path / "ask.csv").write_text("item,quantity,unit_price,due_date\nB,5,9,\nA,none,9,2025-01-19\n")
    said = command("quote", small, "--json", "--enquiries", tmp_path / "ask.csv", "--out", "quotes.xlsx")
    assert said.code == 3
    assert {(each["cell"], each["rule"]) for each in said.document["errors"]} == {
        ("ask.csv A2", "unknown_name"), ("ask.csv B3", "not_a_number")}
    assert not (tmp_path / "quotes.xlsx").exists()


@pytest.mark.parametrize("wrong", [[], ["--order", "item"], ["--order", "colour=red"]])
def test_a_quote_that_is_not_understood(small: Path, wrong: list[str]) -> None:
    """Proves: without an enquiry, or with one that no column fits, the command ends with 2 before planning."""
    assert command("quote", small, "--quiet", *wrong).code == 2


@pytest.mark.parametrize("name", ["gone.csv", "empty.csv"])
def test_a_file_without_enquiries(small: Path, tmp_path: Path, name: str) -> None:
    """Proves: a file that is not there, or holds a header only, is an error with its name, not an empty answer."""
    (tmp_path / "empty.csv").write_text("item,quantity\n")
    said = command("quote", small, "--quiet", "--enquiries", tmp_path / name)
    assert said.code == 3 and name in said.err


def test_what_if_on_the_command_line(small: Path) -> None:
    """Proves: the difference is that of both plans. By hand: 2 h more a week make 2 more of SILVER: 6."""
    said = command("explain", small, "--quiet", "--json", "--what-if", "line=L1 hours+=2", "--why-not", "SILVER")
    assert said.code == 0, said.err
    answer, = said.document["what_if"]
    assert answer["margin_difference"]["exact"] and answer["margin_difference"]["low"] == pytest.approx(6)
    assert answer["comparison"]["margin_difference"] == pytest.approx(6)
    # By hand: the other 5 of SILVER at 3 take the place of 5 of GOLD at 4.
    why, = said.document["why_not"]
    assert why["status"] == "forced" and why["cost"]["low"] == pytest.approx(5)


@pytest.mark.parametrize(("language", "words"), [("en", "earns 25 CNY more"), ("zh", "多赚 25 CNY")])
def test_why_not_of_a_refused_order_that_would_earn(small: Path, language: str, words: str) -> None:
    """Proves: a gain is called one. By hand: 5 of REFUSED at 8 in place of 5 of SILVER at 3. Called a cost, it would
    earn -25 less, or 0."""
    said = command("explain", small, "--quiet", "--lang", language, "--why-not", "REFUSED")
    assert words in said.out, said.out


@pytest.mark.parametrize(("language", "words"), [("en", "NOWAY cannot be planned"),
                                                 ("zh", "NOWAY 按订单簿中的内容无法计划")])
def test_an_order_that_the_tables_refuse(tmp_path: Path, language: str, words: str) -> None:
    """Proves: of several questions one without an answer costs no other its own. A declined order may ask for what
    nobody makes; planned, the tables are refused. By hand: SILVER in full costs 5. If it ended the command: a crash
    after the search, and no answer at all."""
    book = small_book()
    book["items"].append({"item": "Z"})
    book["orders"].append({**order("NOWAY", 5, 9, decision="decline"), "item": "Z"})
    asked = ("explain", write_book(tmp_path / "book", book), "--quiet", "--lang", language, "--why-not", "NOWAY",
             "--why-not", "SILVER")
    said = command(*asked)
    assert said.code == 0 and words in said.out and "SILVER" in said.out
    refused, found = command(*asked, "--json").document["why_not"]
    assert (refused["status"], refused["cost"], refused["comparison"]) == ("refused", None, None)
    assert [each["rule"] for each in refused["errors"]] == ["item_from_nowhere"]
    assert found["status"] == "forced" and found["cost"]["low"] == pytest.approx(5)


@pytest.mark.parametrize("question", [["--what-if", "line=L9 hours+=2"], ["--what-if", "nonsense"],
                                      ["--why-not", "NOBODY"], ["--alternatives", "-1"], ["--alternatives", "much"]])
def test_questions_off_the_menu_end_with_two(small: Path, question: list[str]) -> None:
    """Proves: a question nobody can answer costs no search; the menu is shown."""
    said = command("explain", small, "--quiet", *(f"{question[0]}={part}" for part in question[1:]))
    assert said.code == 2 and said.out == "" and "line=NAME hours+=40" in said.err


def test_capacity_rules_and_alternatives(small: Path, tmp_path: Path) -> None:
    """Proves: all are answered in one run, in words and as values, and the alternatives are written as results."""
    said = command("explain", small, "--quiet", "--capacity", "--rules", "--alternatives", "10%", "--lang", "zh")
    assert said.code == 0, said.err
    assert "瓶颈" in said.out and "替代计划" in said.out and "各规则的代价" in said.out
    said = command("explain", small, "--quiet", "--json", "--capacity", "--alternatives", "0.1",
                   "--alternatives-out", tmp_path / "others")
    curves = {curve["measure"]: curve["steps"] for curve in said.document["capacity"]["curves"]}
    # By hand: 10 h are 5 units more of SILVER at 3; then everything that pays is made.
    assert [step["value"]["low"] for step in curves["hours"]] == pytest.approx([15.0] * 4)
    assert said.document["alternatives"][0]["aim"] == "fewest_changes"
