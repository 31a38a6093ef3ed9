"""What-if questions: the grammar, what each means for the tables, and that the answer is the plan of those tables."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import pytest

from model.buckets import buckets
from model.explain.edits import Added, Edit, edited
from model.explain.what_if import ask_what_if, changes_of
from model.explain.what_if_menu import MENU, WhatIfError, menu_text
from model.instance.hours import line_hours
from model.labels import LANGUAGES
from model.planning import Options, Result, best_outcome
from model.tables import Tables
from tests.support import margin_of, plan, settings, tables_of

Records = dict[str, Any]
QUICK = Options(rule_of_thumb=False)


def book() -> Records:
    """Two weeks of 10 h, 1 h a unit. O1 pays 5 for 12 by week 1, O2 pays 3 for 12 by week 2.

    By hand: week 1 makes 10 of O1, week 2 makes 10 of O2: 50 + 30 = 80.
    """
    return {
        "settings": settings(2), "items": [{"item": "A"}, {"item": "M"}],
        "lines": [{"line": "L1", "regular_hours": 10}, {"line": "L2", "regular_hours": 6, "start_date": "2025-01-13"}],
        "routings": [{"line": "L1", "item": "A", "hours_per_unit": 1}, {"line": "L2", "item": "A", "hours_per_unit": 1,
                                                                        "unit_cost": 2.5}],
        "markets": [{"market": "us", "duty_rate": 0.1}], "duties": [{"market": "us", "duty_rate": 0.2}],
        "lanes": [{"site": "main", "market": "us", "mode": "sea", "freight_cost": 0.5}],
        "supply": [{"supplier": "s", "item": "M", "unit_cost": 1, "max_qty": 4}],
        "currencies": [{"currency": "USD", "rate": 7}], "resources": [{"resource": "R", "hours": 100}],
        "pins": [{"order": "O1", "quantity": 1, "sense": "min"}],
        "allocations": [{"rule": "Q1", "max_qty": 100}],
        "orders": [{"order": "O1", "item": "A", "quantity": 12, "unit_price": 5, "due_date": "2025-01-12",
                    "market": "us", "incoterm": "EXW"},
                   {"order": "O2", "item": "A", "quantity": 12, "unit_price": 3, "due_date": "2025-01-19"}],
    }


@cache
def base() -> Result:
    """The book, planned once."""
    return plan(book())


def changed(question: str) -> Tables:
    """The tables after a question's changes."""
    tables = tables_of(book())
    found = edited(tables, changes_of(tables, question), question)
    assert found.tables is not None, [each.rule_text() for each in found.findings]
    return found.tables


@pytest.mark.parametrize(("question", "margin"), [
    # By hand, base: 10 * 5 + (10 * 3 + 2 * (3 - 2.5)) = 81.
    ("line=L1 hours+=1", 50 + 5 + 33 + 0.5), ("line=L1 hours-=2", 40 + 24 + 4 * 0.5),
    ("line=L1 hours=5", 25 + 15 + 6 * 0.5), ("line=L1 hours*=2", 60 + 36),
    ("line=L1 hours+=2 week=2025-02", 60 + 30 + 1), ("line=L1 hours+=2 week=2025-01-14", 50 + 36),
    ("line=L1 overtime+=1", 55 + 33 + 0.5), ("line=L2 start-=7", 50 + 5 + 30 + 1), ("line=L2 off", 80),
    ("line=L2 start=2025-01-06", 50 + 5 + 30 + 1),
    ("order=O1 price=6", 60 + 31), ("order=O1 price*=2", 100 + 31), ("order=O1 off", 36),
    ("order=O1 quantity-=4", 40 + 2 * 3 + 30),
    ("order=O1 due+=7", 60 + 24 + 4 * 0.5), ("order=O1 due=2025-01-19", 60 + 24 + 4 * 0.5),
    ("rule=Q1 max=5", 5 * 5), ("rule=Q1 max=5; rule=Q1 off", 81), ("pin=O1 off", 81),
])
def test_questions_by_hand(question: str, margin: float) -> None:
    """Proves: each change reaches the tables it speaks of, and no other."""
    assert best_outcome(changed(question), QUICK).margin == pytest.approx(margin)


@pytest.mark.parametrize(("question", "hours"), [
    ("line=L1 hours=20; line=L1 hours=5 week=2025-01-13", [20.0, 5.0]),
    ("line=L1 hours=5 week=2025-01-13; line=L1 hours=20", [20.0, 5.0]),
    ("line=L1 hours+=2 week=2025-02; line=L1 hours+=2 week=2025-02", [14.0, 10.0]),
    ("line=L1 hours*=2 hours+=2 week=2025-02", [22.0, 10.0]),
    ("line=L2 start-=7; line=L2 hours=3 week=2025-02", [3.0, 6.0]),
])
def test_hours_of_a_week_are_those_after_the_other_parts(question: str, hours: list[float]) -> None:
    """Proves: parts hold together. By hand, 10 h: 20 h but 5 in week 2, in either order; 10 + 2 + 2; 10 x 2 + 2; L2
    opened a week earlier has 6 h. Each part worked out from the tables as given, 5 h would be 10, and 14 h 14.4."""
    tables = changed(question)
    found = line_hours(tables, buckets(tables.settings))
    assert found.loc[found["line"] == question[5:7], "regular_hours"].tolist() == pytest.approx(hours)


@pytest.mark.parametrize(("question", "due", "latest"), [
    ("order=O1 due+=7; order=O1 due+=7", 26, 26), ("order=O1 due+=7 due-=3", 16, 16),
    ("order=O1 latest+=2 due+=7", 19, 21), ("order=O1 due+=7; order=O1 latest+=2", 19, 21),
    ("order=O1 latest=2025-01-25; order=O1 due=2025-01-20", 20, 25), ("order=O1 due=2025-01-20 due+=1", 21, 21),
])
def test_dates_moved_twice(question: str, due: int, latest: int) -> None:
    """Proves: a due date moves from where the parts before left it, and a latest date asked for is not lost. By hand:
    the 12th and two weeks are the 26th; worked out from the tables as given, the 19th."""
    order = changed(question).frames["orders"].iloc[0]
    assert (order["due_date"].day, order["latest_date"].day) == (due, latest)


def test_a_week_of_supply_twice() -> None:
    """Proves: more of the same week is a further offer. By hand: 4 and 2 and 3 at the price of the cheapest; under one
    supplier's name twice the tables would be refused."""
    supply = changed("item=M supply+=2 week=2025-02; item=M supply+=3 week=2025-02").frames["supply"]
    assert supply["max_qty"].tolist() == [4.0, 2.0, 3.0] and supply["supplier"].is_unique


@pytest.mark.parametrize(("bucket", "lead", "week", "days", "each"), [
    ("day", 0, "2025-03", ["2025-01-13", "2025-01-19"], 2), ("day", 8, "2025-03", ["2025-01-14", "2025-01-19"], 14 / 6),
    ("day", 0, "2025-01-14", ["2025-01-14", "2025-01-14"], 14), ("week", 13, "2025-03", ["2025-01-13"] * 2, 14),
    ("month", 0, "2025-03", ["2025-01-06"] * 2, 14),
])
def test_supply_of_a_week(bucket: str, lead: int, week: str, days: list[str], each: float) -> None:
    """Proves: more of a week comes all through it, in the buckets that lie in it and that it can reach. By hand: 14
    over seven days are 2 a day; ordered on the 6th with eight days on the way, nothing is there before the 14th. If it
    all came on the first day: 14 on the 13th, and with a lead time nothing."""
    records = book()
    records["settings"] = settings(28 if bucket == "day" else 4, bucket=bucket)
    records["supply"][0]["lead_time_days"] = lead
    tables = tables_of(records)
    added, = changes_of(tables, f"item=M supply+=14 week={week}")
    assert isinstance(added, Added)
    assert [str(added.record[name]) for name in ("from_date", "to_date")] == days
    assert added.record["max_qty"] == pytest.approx(each)
    assert edited(tables, [added], "").tables is not None


def test_a_week_of_supply_comes_from_who_can_deliver() -> None:
    """Proves: an offer whose lead time ends after the week is no offer. By hand: t at 3 is there in time, s at 1 is
    not. Copied from s, what is added would never come."""
    records = book()
    records["supply"] = [{"supplier": "s", "item": "M", "unit_cost": 1, "max_qty": 4, "lead_time_days": 30},
                         {"supplier": "t", "item": "M", "unit_cost": 3, "max_qty": 4}]
    added, = changes_of(tables_of(records), "item=M supply+=2 week=2025-02")
    assert isinstance(added, Added) and (added.record["supplier"], added.record["unit_cost"]) == ("t +", 3)
    del records["supply"][1]
    with pytest.raises(WhatIfError) as refused:
        changes_of(tables_of(records), "item=M supply+=2 week=2025-02")
    assert refused.value.rule == "too_far"
    assert all("M" in refused.value.text(language) for language in LANGUAGES)


def test_more_of_what_has_no_limit_is_refused() -> None:
    """Proves: a week's supply is not raised where the cheapest offer is unlimited: planned, it would answer that more
    supply earns nothing. Where the limit is on the cheaper of two offers, more of it may well earn something."""
    records = book()
    records["supply"] = [{"supplier": "s", "item": "M", "unit_cost": 1}, {"supplier": "t", "item": "M", "unit_cost": 3,
                                                                          "max_qty": 4}]
    with pytest.raises(WhatIfError) as refused:
        changes_of(tables_of(records), "item=M supply+=2 week=2025-02")
    assert refused.value.rule == "unlimited"
    records["supply"][0]["max_qty"], records["supply"][1]["max_qty"] = 4, None
    added, = changes_of(tables_of(records), "item=M supply+=2 week=2025-02")
    assert isinstance(added, Added) and added.record["supplier"] == "s +"


def test_parts_that_only_hold_together() -> None:
    """Proves: what is wrong halfway is right in the end. Checked between the parts, the first two orders of dates would
    be refused, and the pin of 1 would be more than the order."""
    for question in ("order=O1 earliest=2025-02-01 latest=2025-03-01", "order=O1 quantity=0.5; pin=O1 off"):
        assert changed(question).input_hash != tables_of(book()).input_hash


@pytest.mark.parametrize(("question", "changes"), [
    ("market=us duty=0.25", [Edit("markets", ("us",), "duty_rate", "set", "0.25"),
                             Edit("duties", ("us",), None, "remove")]),
    ("market=us duty*=2", [Edit("markets", ("us",), "duty_rate", "multiply", 2.0),
                           Edit("duties", ("us",), "duty_rate", "multiply", 2.0)]),
    ("market=us freight+=1", [Edit("lanes", ("main", "us", "sea"), "freight_cost", "add", 1.0)]),
    ("item=M supply+=3", [Edit("supply", ("s", "M", "main", ""), "max_qty", "add", 3.0)]),
    ("item=M cost*=1.5", [Edit("supply", ("s", "M", "main", ""), "unit_cost", "multiply", 1.5)]),
    ("currency=USD rate=8", [Edit("currencies", ("USD",), "rate", "set", "8")]),
    ("resource=R hours-=3", [Edit("resources", ("R",), "hours", "add", -3.0)]),
    ("resource=R hours=50 week=2025-02", [Added("calendar", {
        "line": "R", "from_date": date(2025, 1, 6),
        "to_date": date(2025, 1, 12), "availability": 0.5})]),
    ("order=O1 commitment=firm", [Edit("orders", ("O1",), "commitment", "set", "firm")]),
])
def test_what_a_question_changes(question: str, changes: list[object]) -> None:
    """Proves: a market's duty is set in its dated rows too, lanes and offers are found by the name inside their key."""
    assert changes_of(tables_of(book()), question) == changes
    assert changed(question).input_hash != tables_of(book()).input_hash


@pytest.mark.parametrize(("question", "changes"), [
    ("order=O;1 price=6", [Edit("orders", ("O;1",), "unit_price", "set", "6")]),
    ("order=O;1 price=6;order=O2; price=7 ; ", [Edit("orders", ("O;1",), "unit_price", "set", "6"),
                                                Edit("orders", ("O2;",), "unit_price", "set", "7")]),
    (" ; order=O2; off;; pin=O;1 off", [Edit("orders", ("O2;",), "decision", "set", "decline"),
                                        Edit("pins", ("O;1",), None, "remove")]),
    ("item=M cost=2", [Edit("supply", ("s;M", "M", "main", ""), "unit_cost", "set", "2")]),
])
def test_names_that_hold_a_semicolon(question: str, changes: list[object]) -> None:
    """Proves: a semicolon ends a part only where the next one begins, and the row is the one of the whole name. If it
    ended every part: there is no order O. The offer s;M of M is told apart from s and its own M."""
    records = book()
    records["orders"][0]["order"] = records["pins"][0]["order"] = "O;1"
    records["orders"][1]["order"] = "O2;"
    records["supply"][0]["supplier"] = "s;M"
    tables = tables_of(records)
    found = changes_of(tables, question)
    assert found == changes
    assert edited(tables, found, question).tables is not None


@pytest.mark.parametrize(("question", "rule"), [
    ("", "nothing"), ("line=L1", "nothing"), ("hours+=4", "subject"), ("lane=x hours+=4", "subject"),
    ("line=L9 hours+=4", "unknown"), ("line=L1 colour=4", "field"), ("line=L1 hours+=many", "number"),
    ("line=L1 hours+=nan", "number"), ("line=L1 hours+=4 week=2025-99", "week"),
    ("line=L1 hours+=4 week=2031-02", "week"), ("line=L1 hours+=2 week+=2025-02", "week_written"),
    ("line=L1 hours+=2 week=", "week_written"), ("line=L1 hours+=2 week=2025-02 week=2025-03", "week_written"),
    ("order=O1 latest+=1.5", "days"), ("order=O1 latest-=0.5", "days"), ("order=O1 earliest+=0.5", "days"),
    ("line=L2 start-=0.5", "days"), ("line=L1 hours=-5; line=L1 hours+=1 week=2025-02", "on_refused"),
    ("line=L1 start-=7", "no_start"), ("line=L2 start*=7", "sign"), ("order=O1 due+=1.5", "days"),
    ("order=O1 due=soon", "date"), ("order=O1 price+=1 week=2025-02", "no_week"), ("line=L1 hours-=11 week=2025-02",
                                                                                   "hours"),
    ("item=A supply+=4", "no_rows"), ("order=O1 market*=2", "sign"), ("order=O1 off=3", "field"),
])
def test_questions_that_are_not_on_the_menu(question: str, rule: str) -> None:
    """Proves: what is not understood is said, in both languages, and never planned."""
    with pytest.raises(WhatIfError) as refused:
        changes_of(tables_of(book()), question)
    assert refused.value.rule == rule
    assert all(refused.value.text(language) for language in LANGUAGES)


def test_changed_tables_are_checked() -> None:
    """Proves: a change that makes the input wrong is refused like any input, its place the question itself."""
    found = ask_what_if(base(), "line=L1 hours-=99", QUICK)
    assert found.after is None
    assert [(each.cell, each.rule) for each in found.checked.findings if each.severity == "error"] == [
        ("--what-if line=L1 hours-=99", "too_low")]


@pytest.mark.parametrize("question", ["order=O1 due+=1e12", "order=O1 latest+=1e9", "order=O1 earliest-=1e9",
                                      "line=L2 start+=1e12", "line=L2 start-=4000000"])
def test_dates_moved_out_of_the_years(question: str) -> None:
    """Proves: days that lead to no date of an input are refused like any wrong one. If they were just added: a
    crash."""
    records = book()
    records["orders"][0]["earliest_ship_date"] = "2025-01-06"
    tables = tables_of(records)
    found = edited(tables, changes_of(tables, question), question)
    assert found.tables is None
    assert "date_out_of_range" in {each.rule for each in found.findings if each.cell == question}


def test_a_week_with_overtime_keeps_its_proportion() -> None:
    """Proves: hours of one week are changed by the calendar, overtime with them. By hand: 10 h and 4 h of overtime at
    1 become 15 h and 6 h; O1 wants 12, O2 9: 60 + 27 - 0 in week 1 of 15 h and 6 h at 1 a unit: 12 + 9 are 21 h."""
    records = book()
    records["lines"] = [{"line": "L1", "regular_hours": 10, "overtime_hours": 4, "overtime_cost": 1}]
    records["routings"] = records["routings"][:1]
    after = ask_what_if(plan(records), "line=L1 hours+=5 week=2025-02", QUICK).after
    assert after is not None and after.plan is not None
    load = after.plan.frames["line_load"]
    assert load[["regular_hours", "overtime_limit"]].to_numpy().tolist() == [[15.0, 6.0], [10.0, 4.0]]


def test_the_answer_is_the_plan_of_the_changed_tables() -> None:
    """Proves: nothing of the plan before is carried over but the choice among equals."""
    dearer = book()
    dearer["orders"][1]["unit_price"] = 6
    after = ask_what_if(base(), "order=O2 price=6", QUICK).after
    assert after is not None and after.audit is not None and after.audit.passed
    assert after.outcome.margin == pytest.approx(margin_of(dearer))


def test_of_equal_plans_the_nearest_is_shown() -> None:
    """Proves: a change that matters to nobody moves nothing. Two lines make the same at the same cost; without the
    plan before as the one preferred, units might change lines."""
    records = book()
    del records["pins"]
    records["lines"] = [{"line": name, "regular_hours": 20} for name in ("L1", "L2")]
    records["routings"] = [{"line": name, "item": "A", "hours_per_unit": 1} for name in ("L1", "L2")]
    before = plan(records)
    after = ask_what_if(before, "currency=USD rate=8", QUICK).after
    assert before.plan is not None and after is not None and after.plan is not None
    columns = ["order", "line", "bucket_start", "quantity"]
    assert before.plan.frames["production"][columns].equals(after.plan.frames["production"][columns])


def test_a_scenario_of_the_book_is_no_hindrance() -> None:
    """Proves: rows of the scenarios table may speak of what a question removes."""
    records = book()
    records["scenarios"] = [{"scenario": "tariff", "table": "duties", "row": "us", "column": "duty_rate",
                             "operation": "set", "value": "0.3"}]
    tables = tables_of(records)
    assert edited(tables, changes_of(tables, "market=us duty=0.25"), "").tables is not None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_names_every_subject(language: str) -> None:
    """Proves: whoever mistypes a question finds every subject and field in the menu."""
    text = menu_text(language)
    # What becomes of overtime differs: proven by hand in test_a_week_with_overtime_keeps_its_proportion.
    assert {"en": "its overtime in the same proportion", "zh": "其加班按相同比例变化"}[language] in text
    assert all(f"{subject}=" in text and field in text for subject, field in MENU)
