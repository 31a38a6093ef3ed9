"""``explain`` on the command line, and the reasons in what ``solve`` writes: text, JSON, workbook, exit codes.

By hand for the small book (40 units in two weeks, making costs 1; 30 GOLD at 5, 10 of 15 SILVER at 4; SCRAP at 0.5 is
declined, REFUSED at 9 the planner has declined): SILVER needs 5 more units, each of which GOLD earns 4 with and SILVER
3: in full it costs 5, and all of it is delivered from 5 on, the first ten units from their cost of 1 on. SCRAP would
have to bring the 3 that SILVER earns with a unit, and its cost: 4. REFUSED would earn 5 x 8 and take 5 x 3: 25 more.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.cli.book import command, small_book, write_book


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small book in a folder."""
    return write_book(tmp_path_factory.mktemp("explain") / "small", small_book())


@pytest.fixture(scope="module")
def document(small: Path) -> dict[str, Any]:
    """What ``explain --json`` answers."""
    said = command("explain", small, "--json", "--quiet", "--out", small.parent / "explained.xlsx")
    assert (said.code, said.err) == (0, "")
    return said.document


@pytest.fixture(scope="module")
def orders(document: dict[str, Any]) -> dict[str, Any]:
    """Each order's explanation."""
    return {row["order"]: row["explanation"] for row in document["orders"]}


def test_reasons_in_json(orders: dict[str, Any]) -> None:
    """One class for each order that did not get what it asked for, none for the other."""
    assert {name: (each["goal"], each["class"]) for name, each in orders.items()} == {
        "GOLD": (None, None), "SILVER": ("in_full", "crowded_out"), "SCRAP": ("accepted", "does_not_pay"),
        "REFUSED": ("accepted", "kept_out_by_rule")}
    assert orders["SILVER"]["costs"] == {"low": pytest.approx(5), "high": pytest.approx(5), "exact": True,
                                         "never": False}
    assert orders["SILVER"]["losers"] == [{"order": "GOLD", "quantity": pytest.approx(5), "margin": pytest.approx(20)}]
    assert orders["SCRAP"]["term"] == "conversion" and orders["SCRAP"]["costs"]["low"] == pytest.approx(2.5)
    assert orders["REFUSED"]["rule"] == {"kind": "decision", "name": None, "gain": pytest.approx(25)}


def test_prices_in_json(orders: dict[str, Any]) -> None:
    """First unit, all of it as against none, last unit, and the steps between."""
    silver = orders["SILVER"]
    assert [silver[name]["high"] for name in ("break_even", "whole", "in_full")] == [
        pytest.approx(1), pytest.approx(35 / 15), pytest.approx(5)]
    assert [(step["price"], step["quantity"]) for step in silver["curve"]] == [
        (pytest.approx(1), pytest.approx(10)), (pytest.approx(5), pytest.approx(15))]
    assert orders["SCRAP"]["break_even"]["exact"] and orders["SCRAP"]["break_even"]["high"] == pytest.approx(4)


def test_the_rules_of_thumb_stand_beside(document: dict[str, Any]) -> None:
    """Both take GOLD first here and earn the same; each order's difference sums to the whole."""
    assert [each["rule"] for each in document["rules_of_thumb"]] == ["priority", "first_come"]
    for each in document["rules_of_thumb"]:
        assert sum(row["less"] for row in each["orders"]) == pytest.approx(each["less"])


def test_the_decisions_sheet_says_it(document: dict[str, Any], small: Path) -> None:
    """The reason in words and the prices in their columns, as in the JSON."""
    sheet = load_workbook(small.parent / "explained.xlsx")["Decisions"]
    rows = list(sheet.values)
    head = {str(name).partition(" [")[0]: place for place, name in enumerate(rows[0])}
    by_order = {row[head["order"]]: row for row in rows[1:]}
    reasons = {row["order"]: row["reason"] for row in document["orders"]}
    assert {name: row[head["reason"]] for name, row in by_order.items()} == reasons
    assert "GOLD (5 MWh, earning 20 CNY)" in reasons["SILVER"]
    assert by_order["SCRAP"][head["break-even from"]] == pytest.approx(4)
    assert by_order["SCRAP"][head["break-even to"]] == pytest.approx(4)


def test_the_story_of_one_order(small: Path) -> None:
    """Named orders are told in full, in Chinese too; an order that is not in the book is a mistake in usage."""
    said = command("explain", small, "--order", "SILVER", "--quiet", "--lang", "zh")
    assert said.code == 0
    assert all(part in said.out for part in ("未全部交付", "GOLD", "2.33", "5 起：15 MWh"))
    assert command("explain", small, "--order", "BRONZE", "--quiet").code == 2


def test_solve_explains_unless_told_not_to(small: Path) -> None:
    """With ``--explain 0`` no order has an explanation, and the reasons are those that need no further search."""
    told = command("solve", small, "--quiet", "--json", "--out", small.parent / "told.xlsx").document
    short = ("--explain", "0", "--out", small.parent / "plain.xlsx")
    plain = command("solve", small, "--quiet", "--json", *short).document
    assert told["margin"] == plain["margin"]
    assert {row["explanation"] is None for row in plain["orders"]} == {True}
    assert [row["explanation"]["examined"] for row in told["orders"]] == [True] * 4
    assert "break-even" not in " ".join(str(cell.value) for cell in load_workbook(
        small.parent / "plain.xlsx")["Decisions"][1])
