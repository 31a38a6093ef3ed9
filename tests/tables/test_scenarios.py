"""A scenario's rows change exactly the cells they name, and what they cannot change is said."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from model.scenarios import apply_scenario
from model.tables import Tables, from_records
from tests.tables.cases import good_case, proven, rules

RULES = {"unknown_scenario", "scenario_setting_key", "scenario_row_ambiguous"}
DAY = dt.date


def under(*rows: tuple[object, ...]) -> Tables:
    """The good case under a scenario made of rows (table, row, column, operation, value)."""
    case = good_case()
    names = ("table", "row", "column", "operation", "value")
    case["scenarios"] = [{"scenario": "s", **dict(zip(names, row, strict=True))} for row in rows]
    result = proven(from_records(case), scenario="s")
    assert result.tables is not None, [finding.rule_text() for finding in result.findings]
    return result.tables


def values(tables: Tables, table: str, column: str) -> list[object]:
    """A column as plain values, blanks as None."""
    return [None if pd.isna(cell) else cell for cell in tables.frames[table][column]]


@pytest.mark.parametrize(("row", "table", "column", "expected"), [
    (("lines", "L1", "regular_hours", "multiply", 1.5), "lines", "regular_hours", [60.0, 60.0, 40.0]),
    (("lines", "L1", "regular_hours", "add", "-10"), "lines", "regular_hours", [30.0, 60.0, 40.0]),
    (("lines", None, "regular_hours", "multiply", 2), "lines", "regular_hours", [80.0, 120.0, 80.0]),
    (("lines", "L2", "regular_hours", "set", "55"), "lines", "regular_hours", [40.0, 55.0, 40.0]),
    (("lines", "L2", "regular_hours", None, 55), "lines", "regular_hours", [40.0, 55.0, 40.0]),
    (("产线", " L2 ", "正常工时", "设为", 55), "lines", "regular_hours", [40.0, 55.0, 40.0]),
    # A blank without default stays absent, one with a default counts as that.
    (("stock", None, "storage_limit", "multiply", 2), "stock", "storage_limit", [200.0, None]),
    (("stock", None, "final_stock", "add", 2), "stock", "final_stock", [2.0, 2.0]),
    (("stock", "pack", "storage_limit", "remove", None), "stock", "storage_limit", [None, None]),
    (("stock", "pack; east", "opening_stock", "set", 9), "stock", "opening_stock", [9.0, 10.0]),
    (("supply", "S1;007;east;2025-02-01", "unit_cost", "set", 9), "supply", "unit_cost", [2.0, 9.0]),
    (("supply", "S1;007", "unit_cost", "add", 1), "supply", "unit_cost", [3.0, 4.0]),
    (("duties", "US;;2025-02-01", "duty_rate", "set", 0.5), "duties", "duty_rate", [0.2, 0.5, 0.25]),
    (("duties", "US;pack", "duty_rate", "set", 0.5), "duties", "duty_rate", [0.2, 0.3, 0.5]),
    (("transfers", "east;west;", "unit_cost", "set", 4), "transfers", "unit_cost", [4.0, 1.0]),
    (("transfers", "east;west", "unit_cost", "set", 4), "transfers", "unit_cost", [4.0, 4.0]),
    (("calendar", "L1;2025-01-28", "availability", "set", 0.5), "calendar", "availability", [0.5, 0.5]),
])
def test_cells_changed(row, table, column, expected):
    """Proves: the operation meets the named rows and no others. Each expectation is worked out from the good case."""
    assert values(under(row), table, column) == expected


def test_whole_rows_removed():
    """Proves: remove without a column takes rows out; extras and addresses stay with their rows."""
    tables = under(("orders", "NA", None, "remove", None))
    assert values(tables, "orders", "order") == ["1", "1e5", "TRUE"]
    assert tables.cell("orders", 1, "order") == "orders!A4"


def test_later_rows_see_earlier_ones():
    """Proves: rows apply in their order. By hand: (40 + 10) x 2 = 100; the other way round it would be 90."""
    tables = under(("lines", None, "regular_hours", "add", 10), ("lines", "L1", "regular_hours", "multiply", 2))
    assert values(tables, "lines", "regular_hours")[0] == 100.0


def test_dates_move_by_days():
    """Proves: add moves dates; a blank latest date moves from the due date it defaults to."""
    tables = under(("orders", "NA", "due_date", "add", 7), ("orders", "1e5", "latest_date", "add", 7))
    orders = tables.frames["orders"].set_index("order")
    assert orders.loc["NA", "due_date"].date() == DAY(2025, 2, 27)
    assert orders.loc["NA", "latest_date"].date() == DAY(2025, 2, 27)
    assert orders.loc["1e5", "due_date"].date() == DAY(2025, 2, 2)
    assert orders.loc["1e5", "latest_date"].date() == DAY(2025, 2, 9)


@pytest.mark.parametrize("row", [("orders", "NA", "due_date"), ("settings", "start_date", None)])
@pytest.mark.parametrize(("days", "rule", "told"), [
    (4000000, "date_out_of_range", "+ 4000000"), (-4000000, "date_out_of_range", "- 4000000"),
    (1e12, "date_out_of_range", "+ 1000000000000"), ("1e300", "date_out_of_range", "+ 1e+300"),
    (70000, "date_out_of_range", "2216-"), (-50000, "date_out_of_range", "1888-"),
    (0.5, "not_whole", "0.5"), (-1.5, "not_whole", "-1.5")])
def test_days_that_lead_to_no_date(row, days, rule, told):
    """Proves: days that lead outside the years an input may have, or are no whole ones, are told at the scenario's
    value. By hand: 70000 days are 192 years. If they were just added: a crash, half a day that moves nothing, and two
    days for one and a half."""
    case = good_case()
    case["scenarios"] = [{"scenario": "s", **dict(zip(("table", "row", "column"), row, strict=True)),
                          "operation": "add", "value": days}]
    found, = proven(from_records(case), scenario="s").findings
    assert (found.rule, found.cell, told in found.rule_text("zh")) == (rule, "scenarios!F2", True), found


def test_settings_change():
    """Proves: a setting is changed by its key, added where it was left to its default, and reset by remove."""
    tables = under(("settings", "bucket_count", "value", "multiply", 2), ("settings", "time_limit", "value", "set", 9),
                   ("settings", "change_cost", None, "set", 3), ("settings", "gap", None, "remove", None),
                   ("设置", "时段类型", None, "set", "日"))
    settings = tables.settings
    assert (settings.bucket_count, settings.time_limit, settings.change_cost) == (16, 9.0, 3.0)
    assert (settings.gap, settings.bucket) == (0.0001, "day")


@pytest.mark.parametrize("row", [(None, "value"), (None, None), (None, "key"), ("nothing", "value")])
def test_a_setting_has_to_be_named(row):
    """Proves: a row that names no setting changes none. A blank one would write 0.01 as the plan's name."""
    case = good_case()
    case["scenarios"].append({"scenario": "s", "table": "settings", "row": row[0], "column": row[1], "operation": "set",
                              "value": 0.01})
    assert rules(proven(from_records(case))) == {"scenario_row"}


@pytest.mark.parametrize(("row", "expected"), [
    ("S;1;007;east", [9.0, 9.0, 2.0]), (" S;1 ", [9.0, 9.0, 2.0]), ("S;1;007;east;2025-02-01", [2.0, 9.0, 2.0]),
    ("S;2", [2.0, 3.0, 9.0]), ("S;2;007;west", [2.0, 3.0, 9.0]),
])
def test_names_that_hold_a_semicolon(row, expected):
    """Proves: a name is found as it stands in the table, whatever it holds. Beside S;1 of 007 there is S of item 2. If
    each semicolon ended a name: no row has the key S;1;007."""
    case = good_case()
    for offer in case["supply"]:
        offer["supplier"] = "S;1"
    case["items"].append({"item": "2"})
    case["supply"].append({**case["supply"][0], "supplier": "S", "item": "2", "site": "west"})
    if row.endswith("west"):
        case["supply"][-1].update(supplier="S;2", item="007")
    case["scenarios"] = [{"scenario": "s", "table": "supply", "row": row, "column": "unit_cost", "value": 9}]
    tables = proven(from_records(case), scenario="s").tables
    assert tables is not None
    assert values(tables, "supply", "unit_cost") == expected


def test_a_key_that_may_be_read_in_two_ways():
    """Proves: nothing is guessed. S;007 is the supplier of that name, and S with its item 007: changing either, or
    both, might be what nobody meant."""
    case = good_case()
    case["supply"][0]["supplier"], case["supply"][1]["supplier"] = "S;007", "S"
    case["scenarios"] = [{"scenario": "s", "table": "supply", "row": "S;007", "column": "unit_cost", "value": 9}]
    found, = proven(from_records(case)).findings
    assert (found.rule, found.cell, found.value) == ("scenario_row_ambiguous", "scenarios!C2", "S;007")
    case["scenarios"][0]["row"] = "S;007;007"
    assert proven(from_records(case)).findings == []


@pytest.mark.parametrize("operation", ["set", "remove"])
def test_the_name_of_a_setting_stays(operation):
    """Proves: a scenario changes what a setting is, not what it is called. If the column were not looked at: the gap
    would be 0.2, or none, though its name was to be changed."""
    case = good_case()
    case["scenarios"].append({"scenario": "s", "table": "settings", "row": "gap", "column": "key",
                              "operation": operation, "value": 0.2})
    found, = proven(from_records(case), scenario="s").findings
    assert (found.rule, found.cell) == ("scenario_setting_key", "scenarios!D4")


def test_changed_cells_point_to_the_scenario():
    """Proves: a mistake that a scenario brings in is named at the scenario's value, the cell to be mended."""
    case = good_case()
    case["scenarios"].append({"scenario": "s", "table": "orders", "row": "NA", "column": "quantity",
                              "operation": "multiply", "value": 0})
    assert proven(from_records(case)).findings == []
    found = {(finding.rule, finding.cell) for finding in proven(from_records(case), scenario="s").findings}
    assert found == {("not_above", "scenarios!F4")}


def test_other_scenarios_and_the_base_stay_untouched():
    """Proves: only the named scenario's rows apply, and the raw book can be used again."""
    book = from_records(good_case())
    changed = proven(book, scenario="later").tables
    base = proven(book).tables
    assert changed is not None
    assert base is not None
    assert values(changed, "lines", "regular_hours") == [40.0, 60.0, 40.0]
    assert values(base, "orders", "due_date")[1].date() == DAY(2025, 2, 20)
    assert values(changed, "orders", "due_date")[1].date() == DAY(2025, 2, 25)
    assert changed.input_hash != base.input_hash


def test_override_beats_scenario():
    """Proves: what is said on the command line has the last word."""
    case = good_case()
    case["scenarios"].append({"scenario": "s", "table": "settings", "row": "bucket_count", "column": "value",
                              "operation": "set", "value": 5})
    tables = proven(from_records(case), scenario="s", settings={"bucket_count": "6"}).tables
    assert tables is not None
    assert tables.settings.bucket_count == 6


def test_unknown_scenario():
    """Proves: a scenario that does not exist is an error that names those that do."""
    result = proven(from_records(good_case()), scenario="strike")
    assert rules(result) == {"unknown_scenario"}
    assert result.findings[0].details["scenarios"] == ("more hours", "later")
    assert result.findings[0].cell == "--scenario strike"


def test_a_scenario_may_remove_what_another_names():
    """Proves: every scenario is checked against the tables as given, not as another scenario left them."""
    case = good_case()
    case["scenarios"].append({"scenario": "s", "table": "orders", "row": "NA", "column": None, "operation": "remove",
                              "value": None})
    assert proven(from_records(case), scenario="s").findings == []


def test_applying_returns_a_new_book():
    """Proves: the book given is not changed."""
    book = from_records(good_case())
    changed, findings = apply_scenario(book, "more hours")
    assert findings == []
    assert book.tables["lines"].columns["regular_hours"][0] == 40
    assert changed.tables["lines"].columns["regular_hours"][0] == 60
    assert changed.tables["orders"] is book.tables["orders"]
