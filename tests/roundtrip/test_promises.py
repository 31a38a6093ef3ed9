"""Proves: promises of an earlier result give way to what the planner's own book has since said."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.cli.book import Said, order, small_book
from tests.cli.book import Tables as Book
from tests.roundtrip.books import column_of, edited, late_book, promised, row_of, rules_of, with_plan

Run = Callable[..., Said]
Planned = Callable[..., tuple[Path, Path]]


def week_book(days: int = 3, **dates: object) -> Book:
    """Two weeks that end on 01-12 and 01-19, each order of 5 units with the same dates: NEAR is where it is made, FAR
    three days away, and DEPART is as far but its dates are met when it leaves."""
    return {**small_book(), "markets": [{"market": "far"}],
            "lanes": [{"site": "main", "market": "far", "mode": mode, "transit_days": slow}
                      for mode, slow in (("road", days), ("sea", 30))],
            "orders": [order("NEAR", 5, 9, **dates), order("FAR", 5, 9, market="far", **dates),
                       order("DEPART", 5, 9, market="far", due_basis="departure", **dates)]}


@pytest.mark.parametrize(("earliest", "days", "released"), [
    ("2025-01-06", 3, set()), ("2025-01-12", 3, set()), ("2025-01-13", 3, {"NEAR", "FAR", "DEPART"}),
    ("2025-01-13", 1, {"NEAR", "FAR", "DEPART"}), ("2025-01-12", 4, {"FAR"})])
def test_a_promised_date_before_the_earliest_day_is_released(planned: Planned, earliest: str, days: int,
                                                             released: set[str]) -> None:
    """By hand: all leave on 01-12; NEAR and DEPART are promised for 01-12, FAR for 01-15. What may leave on 01-12 can
    keep that; what may not before 01-13 leaves on 01-19, whatever the days on the way. On a road of 4 days FAR is
    there on 01-16. Were the order's own day forgotten, the book would be refused for a date that is not in it; were
    the days on the way, FAR would be missed; were they counted for DEPART, it would be released for nothing."""
    _, plan = planned(week_book(latest_date="2025-01-15", due_date="2025-01-12"))
    book = week_book(days, due_date="2025-02-01", latest_date="2025-02-09", earliest_ship_date=earliest)
    checked = with_plan(book, plan)
    days_promised = {"NEAR": date(2025, 1, 12), "FAR": date(2025, 1, 15), "DEPART": date(2025, 1, 12)}
    assert promised(checked) == {
        name: ("firm", 5, date(2025, 2, 1), date(2025, 2, 9)) if name in released else ("firm", 5, day, day)
        for name, day in days_promised.items()}
    assert rules_of(checked.findings) == ["promise_postponed"] * len(released)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_postponed_order_stays_promised(run: Run, book: Callable[..., Path], planned: Planned, tmp_path: Path,
                                          language: str) -> None:
    """By hand: SILVER, promised 10 of 15 for 01-19, may not leave before 01-20: the 10 are firm by its own dates, and
    a dearer PEARL gets 20 of the 60 units, not 30. The words name the order and both dates."""
    _, plan = planned(late_book(), language)
    wanted = late_book()
    wanted["settings"][1]["value"] = 3
    wanted["orders"][1]["earliest_ship_date"] = "2025-01-20"
    wanted["orders"].append(order("PEARL", 30, 50, latest_date="2025-01-26"))
    said = run("solve", book(wanted, "new"), "--from-plan", plan, "--keep-promises", "--json", "--lang", language,
               "--out", tmp_path / "next.xlsx")
    assert said.code == 0, said.err
    delivered = {row["order"]: row["delivered"] for row in said.document["orders"]}
    assert (delivered["GOLD"], delivered["SILVER"], delivered["PEARL"]) == (20, 10, 20)
    warning = next(line for line in said.err.splitlines() if "SILVER" in line)
    assert all(day in warning for day in ("2025-01-19", "2025-01-20", "2025-01-26", "2025-03-02"))


def test_an_order_postponed_beyond_the_plan_is_not_missed(run: Run, book: Callable[..., Path], planned: Planned,
                                                          tmp_path: Path) -> None:
    """By hand: SILVER may not leave before the plan's two weeks are over. Were it firm, 10 would be missed: exit 4."""
    _, plan = planned(late_book())
    wanted = late_book()
    wanted["orders"][1]["earliest_ship_date"] = "2025-01-20"
    assert promised(with_plan(wanted, plan))["SILVER"] == ("optional", 15, date(2025, 1, 19), date(2025, 3, 2))
    assert rules_of(with_plan(wanted, plan).findings) == ["promise_after_horizon"]
    said = run("solve", book(wanted, "new"), "--from-plan", plan, "--keep-promises", "--out", tmp_path / "next.xlsx")
    assert said.code == 0, said.err
    assert "SILVER" in said.err and "2025-01-20" in said.err


def test_a_scenario_may_postpone_an_order(run: Run, book: Callable[..., Path], planned: Planned,
                                          tmp_path: Path) -> None:
    """By hand: as if the book said so itself. Were the scenario not heard, the book would be refused in it: exit 3."""
    _, plan = planned(late_book())
    wanted = late_book()
    wanted["settings"][1]["value"] = 3
    wanted["scenarios"] = [{"scenario": "later", "table": "orders", "row": "SILVER", "column": "earliest_ship_date",
                            "operation": "set", "value": "2025-01-20"}]
    said = run("solve", book(wanted, "new"), "--from-plan", plan, "--keep-promises", "--scenario", "later", "--json",
               "--out", tmp_path / "next.xlsx")
    assert said.code == 0, said.err
    assert {row["order"]: row["last_arrival"] for row in said.document["orders"]}["SILVER"] == "2025-01-26"


def test_a_date_that_is_earlier_in_the_book_is_kept(planned: Planned) -> None:
    """By hand: NEAR is promised for 01-19 and has since been wanted between 01-07 and 01-12: the book's own dates
    stand, and nothing is released. Were the promise put over them: 01-19."""
    _, plan = planned(week_book(due_date="2025-01-19", earliest_ship_date="2025-01-13", latest_date="2025-01-22"))
    book = week_book(due_date="2025-01-12", latest_date="2025-01-12", earliest_ship_date="2025-01-07")
    checked = with_plan(book, plan)
    assert promised(checked)["NEAR"] == ("firm", 5, date(2025, 1, 12), date(2025, 1, 12))
    assert rules_of(checked.findings) == []


def shipped_book(start: str, **quantities: float | None) -> Book:
    """A book of PART, 30 units, and WHOLE, 10, from a Monday on, with other quantities (None: the order is gone)."""
    asked = {"PART": 30.0, "WHOLE": 10.0, **quantities}
    orders = [order(name, quantity, 9, due_date="2025-01-12", latest_date="2025-03-02", late_rate=0.1)
              for name, quantity in asked.items() if quantity is not None]
    settings = [{"key": "start_date", "value": start}, *small_book()["settings"][1:]]
    return {**small_book(), "settings": settings, "orders": orders}


@pytest.fixture
def shipped(planned: Planned) -> Path:
    """A plan in which 4 of each leave on 01-12 and 6 on 01-19: 10 of PART's 30, and WHOLE's 10."""
    pins = [{"order": name, "line": "L1", "bucket_start": monday, "quantity": quantity, "sense": "fixed"}
            for name in ("PART", "WHOLE") for monday, quantity in (("2025-01-06", 4), ("2025-01-13", 6))]
    return planned({**shipped_book("2025-01-06"), "pins": pins})[1]


OWN, PROMISED = (date(2025, 1, 12), date(2025, 3, 2)), (date(2025, 1, 12), date(2025, 1, 19))


@pytest.mark.parametrize(("start", "name", "asked", "then", "rules"), [
    ("2025-01-06", "PART", 30, ("firm", 10, *PROMISED), []),
    ("2025-01-12", "PART", 30, ("firm", 10, *PROMISED), []),
    ("2025-01-13", "PART", 26, ("firm", 6, *PROMISED), []),
    ("2025-01-13", "PART", 30, ("firm", 6, *PROMISED), ["promise_partly_left"]),
    ("2025-01-13", "PART", 5, ("firm", 5, *PROMISED), []),
    ("2025-01-13", "PART", None, None, ["promise_order_gone"]),
    ("2025-01-13", "WHOLE", 6, ("firm", 6, *PROMISED), []),
    ("2025-01-13", "WHOLE", 10, ("firm", 6, *PROMISED), ["promise_partly_left"]),
    ("2025-01-20", "PART", 20, ("optional", 20, *OWN), []),
    ("2025-01-20", "PART", 30, ("optional", 30, *OWN), ["promise_has_left"]),
    ("2025-01-20", "PART", None, None, []),
    ("2025-01-20", "WHOLE", 10, ("optional", 10, *OWN), ["promise_has_left"]),
    ("2025-01-20", "WHOLE", None, None, [])])
def test_what_has_left_is_not_promised_again(shipped: Path, start: str, name: str, asked: float | None,
                                             then: tuple[str, float, date, date] | None, rules: list[str]) -> None:
    """By hand: 10 of PART's 30 are promised. On 01-13 4 have left and 6 are firm, whether the book asks for the 26
    that are left of the order or still for 30, and 5 where it asks for no more. On 01-20 all has left: what the book
    asks for is as open as it says. Were nothing counted as left: 10 firm, of which 4 leave twice."""
    other = "WHOLE" if name == "PART" else "PART"
    checked = with_plan(shipped_book(start, **{name: asked, other: 0.1}), shipped)
    found = [finding for finding in checked.findings if name in (finding.value, finding.details.get("order"))]
    assert promised(checked).get(name) == then
    assert rules_of(found) == rules


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_week_later_only_the_rest_is_made(run: Run, book: Callable[..., Path], shipped: Path, tmp_path: Path,
                                            language: str) -> None:
    """By hand: the same book a week on. 6 of PART and WHOLE are firm, and PEARL, dearer, gets what they leave of the
    first week's 20 units and all of the second's: 28. If all 10 were promised: 20, and none were left for it."""
    wanted = shipped_book("2025-01-06", WHOLE=6.0)
    wanted["orders"].append(order("PEARL", 90, 50, latest_date="2025-03-02"))
    said = run("solve", book(wanted, "new"), "--from-plan", shipped, "--keep-promises", "--lang", language, "--json",
               "--set", "start_date=2025-01-13", "--out", tmp_path / "next.xlsx")
    assert said.code == 0, said.err
    assert {row["order"]: row["delivered"] for row in said.document["orders"]} == {"PART": 6, "WHOLE": 6, "PEARL": 28}
    warning = next(line for line in said.err.splitlines() if "PART" in line)
    assert {"10", "4", "30", "6", "2025-01-13"} <= set(re.findall(r"[\d-]+", warning))
    assert not any("WHOLE" in line for line in said.err.splitlines())


def test_what_was_postponed_before_it_left_has_not_left(shipped: Path) -> None:
    """By hand: WHOLE still asks for its 10 and may not leave before 01-20, so the 4 of 01-12 did not leave: 10 are
    firm by its own dates. PART asks for 26 with the same day: its 4 left, and 6 are firm. Were what the last plan
    ships taken for gone: 6 of WHOLE, and 4 that were promised are dropped."""
    book = shipped_book("2025-01-13", PART=26.0)
    for row in book["orders"]:
        row["earliest_ship_date"] = "2025-01-20"
    checked = with_plan(book, shipped)
    assert promised(checked) == {"PART": ("firm", 6, *OWN), "WHOLE": ("firm", 10, *OWN)}
    assert rules_of(checked.findings) == ["promise_postponed"] * 2


@pytest.mark.parametrize("word", [{"commitment": "firm"}, {"decision": "accept"}])
def test_an_order_made_firm_since_is_told_what_of_it_is_promised(planned: Planned, word: dict[str, str]) -> None:
    """By hand: 10 of SILVER's 15 are promised, and the book has since made all 15 firm. Only the 10 are planned by the
    promised date, as of an order that has grown; were that not said, a firm 5 would be gone without a word."""
    _, plan = planned(late_book())
    book = late_book()
    book["orders"][1] |= word
    checked = with_plan(book, plan)
    assert promised(checked)["SILVER"] == ("firm", 10, date(2025, 1, 19), date(2025, 1, 19))
    assert rules_of(checked.findings) == ["promise_below_firm"]


@pytest.mark.parametrize(("word", "still"), [
    ({}, ("firm", 10, date(2025, 1, 19), date(2025, 1, 19))),
    ({"commitment": "firm"}, ("firm", 15, date(2025, 1, 19), date(2025, 3, 2)))])
def test_what_is_left_of_a_promise_stays_promised(planned: Planned, word: dict[str, str],
                                                  still: tuple[str, float, date, date]) -> None:
    """By hand: the plan was made with all 15 of SILVER promised before and misses 5: the other 10 stay promised. If
    only what is accepted did, the book, in which it is optional, could decline it without a word. One that the book
    itself promises stays as it is."""
    _, plan = planned(late_book())

    def miss(book: openpyxl.Workbook) -> None:
        sheet = book["Decisions"]
        sheet.cell(row_of(sheet, "SILVER"), column_of(sheet, "status")).value = "missed"

    book = late_book()
    book["orders"][1] |= word
    checked = with_plan(book, edited(plan, "missed.xlsx", miss))
    assert promised(checked)["SILVER"] == still
    assert not rules_of(checked.findings)


def test_a_promise_of_which_nothing_is_left(planned: Planned) -> None:
    """By hand: nothing of SCRAP is delivered. Called missed, it has no day on which it arrives: nothing is promised,
    and the blank day is no mistake."""
    _, plan = planned(late_book())

    def miss(book: openpyxl.Workbook) -> None:
        sheet = book["Decisions"]
        sheet.cell(row_of(sheet, "SCRAP"), column_of(sheet, "status")).value = "missed"

    checked = with_plan(late_book(), edited(plan, "nothing.xlsx", miss))
    assert promised(checked)["SCRAP"][0] == "optional"


def test_what_leaves_in_rounded_parts_has_left(planned: Planned) -> None:
    """By hand: all 5 of NEAR leave on 01-12, which the sheet tells in rounded parts that come to 4.9. Were the
    difference of the figures all that counts, 0.1 would be promised again."""
    _, plan = planned(week_book(latest_date="2025-01-15", due_date="2025-01-12"))

    def crumble(book: openpyxl.Workbook) -> None:
        sheet = book["Shipments"]
        sheet.cell(row_of(sheet, "NEAR"), column_of(sheet, "quantity")).value = 4.9

    book = week_book(latest_date="2025-03-02", due_date="2025-02-02")
    book["settings"][0]["value"] = "2025-01-13"
    checked = with_plan(book, edited(plan, "crumbs.xlsx", crumble))
    assert promised(checked)["NEAR"] == ("optional", 5, date(2025, 2, 2), date(2025, 3, 2))


def test_prices_do_not_change_what_is_promised(shipped: Path) -> None:
    """By hand: cheaper and in another currency, 6 of PART are firm; declined it is left out, and that is said."""
    book = shipped_book("2025-01-13", PART=26.0, WHOLE=6.0)
    book["currencies"] = [{"currency": "USD", "rate": 7}]
    for row in book["orders"]:
        row |= {"unit_price": 0.1, "currency": "USD"}
    checked = with_plan(book, shipped)
    assert promised(checked) == {"PART": ("firm", 6, *PROMISED), "WHOLE": ("firm", 6, *PROMISED)}
    assert rules_of(checked.findings) == []
    book["orders"][0]["decision"] = "decline"
    checked = with_plan(book, shipped)
    assert promised(checked)["PART"] == ("optional", 26, *OWN)
    assert rules_of(checked.findings) == ["promise_declined"]
