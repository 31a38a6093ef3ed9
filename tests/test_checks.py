"""Every kind of broken input is named with its cell, its rule and a remedy; a faultless case passes without a word."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from model import labels
from model.checks.draft import _rounded
from model.findings import Finding
from model.tables import from_records
from model.tables.parse import shown
from tests.tables import test_csv_files, test_damaged_files, test_scenarios
from tests.tables.cases import Case, broken, checked, good_case, place, proven, rules, write

DAY = dt.date
LONG_ID = "x" * 33000


@dataclass(frozen=True)
class Break:
    """One cell of the good case changed so that exactly this rule is broken there."""

    table: str
    row: int
    column: str
    value: object
    rule: str
    severity: str = "error"
    at: tuple[int, str] | None = None

    def __str__(self) -> str:
        return f"{self.rule}-{self.table}-{self.column}-{str(self.value)[:20]}"



BREAKS = [
    Break("orders", 1, "quantity", "1,234", "ambiguous_number"),
    Break("orders", 1, "quantity", "1.234,5", "ambiguous_number"),
    Break("orders", 1, "quantity", "1 234", "ambiguous_number"),
    Break("orders", 1, "quantity", "12 MWh", "number_with_unit"),
    Break("orders", 1, "unit_price", "¥100", "number_with_unit"),
    Break("orders", 1, "quantity", "many", "not_a_number"),
    Break("orders", 1, "quantity", "12²", "number_with_unit"),
    Break("orders", 1, "quantity", "nan", "not_finite"),
    Break("orders", 1, "quantity", "-inf", "not_finite"),
    Break("orders", 1, "quantity", "1e999", "not_finite"),
    Break("orders", 1, "min_fill", "5%", "percent_text"),
    Break("orders", 1, "min_fill", "５％", "percent_text"),
    Break("orders", 1, "min_fill", 1.5, "too_high"),
    Break("orders", 1, "quantity", 0, "not_above"),
    Break("orders", 1, "unit_price", -1, "too_low"),
    Break("lanes", 0, "transit_days", 2.5, "not_whole"),
    Break("orders", 1, "quantity", None, "missing_value"),
    Break("orders", 1, "order", None, "missing_value"),
    Break("orders", 1, "due_date", "2025-13-01", "no_such_day"),
    Break("orders", 1, "due_date", "2025-02-30", "no_such_day"),
    Break("orders", 1, "due_date", "20.02.2025", "not_a_date"),
    Break("orders", 1, "due_date", "02/20/2025", "not_a_date"),
    Break("orders", 1, "due_date", "1825-02-20", "date_out_of_range"),
    Break("orders", 1, "due_date", "2025-02-20 08:00", "not_a_date"),
    Break("orders", 1, "commitment", "maybe", "not_a_choice"),
    Break("orders", 1, "substitution", "perhaps", "not_yes_or_no"),
    Break("orders", 1, "order", "a\x07b", "control_character"),
    Break("orders", 1, "order", "1", "duplicate_key"),
    Break("duties", 1, "from_date", DAY(2025, 1, 1), "duplicate_key", at=(1, "market")),
    Break("orders", 1, "item", "nothing", "unknown_name"),
    Break("orders", 1, "item", "pack22", "unknown_name_near"),
    Break("orders", 1, "item", "PACK2", "unknown_name_near"),
    Break("orders", 1, "item", "Ｐack2", "unknown_name_near"),
    Break("calendar", 1, "line", "L9", "unknown_name"),
    Break("orders", 1, "currency", "EUR", "unknown_name"),
    Break("lines", 0, "site", None, "unknown_default"),
    Break("settings", 2, "value", "year", "not_a_choice"),
    Break("settings", 3, "value", 0, "too_low"),
    Break("settings", 3, "value", 2.5, "not_whole"),
    Break("settings", 1, "value", None, "missing_value"),
    Break("settings", 0, "key", "plan", "unknown_setting"),
    Break("settings", 4, "key", "bucket", "duplicate_key"),
    Break("orders", 1, "order", "true", "key_near", "warning", at=(3, "order")),
    Break("items", 1, "item", "ＰＡＣＫ", "key_near", "warning"),
    Break("duties", 0, "duty_rate", 25, "share_large", "warning"),
    Break("orders", 1, "late_rate", 2, "share_large", "warning"),
    Break("calendar", 0, "availability", 80, "share_large", "warning"),
    Break("settings", 3, "value", 1000, "horizon_long", "warning"),
    Break("settings", 1, "value", DAY(2200, 12, 1), "horizon_too_long", at=(3, "value")),
    Break("settings", 5, "value", DAY(2025, 1, 6), "frozen_in_past", "warning"),
    Break("orders", 0, "earliest_ship_date", DAY(2025, 2, 10), "earliest_after_latest"),
    Break("orders", 0, "latest_date", DAY(2025, 1, 25), "due_after_latest", at=(0, "due_date")),
    Break("orders", 0, "order_date", DAY(2025, 1, 27), "ordered_after_due", "warning"),
    Break("lines", 1, "end_date", DAY(2025, 1, 5), "line_ends_before_start", at=(1, "start_date")),
    Break("calendar", 0, "to_date", DAY(2025, 1, 27), "from_after_to", at=(0, "from_date")),
    Break("calendar", 0, "from_date", DAY(2025, 2, 5), "from_after_to"),
    Break("routings", 1, "to_date", DAY(2025, 1, 5), "from_after_to", at=(1, "from_date")),
    Break("supply", 0, "to_date", DAY(2024, 12, 1), "from_after_to", at=(0, "from_date")),
    Break("calendar", 0, "to_date", DAY(2025, 1, 2), "row_outside_horizon", "warning"),
    Break("lines", 1, "start_date", DAY(2025, 8, 1), "line_outside_horizon", "warning"),
    Break("expansions", 0, "start_date", DAY(2025, 8, 1), "expansion_after_horizon", "warning"),
    Break("expansions", 0, "start_date", DAY(2025, 1, 5), "expansion_before_start", "warning"),
    Break("receipts", 0, "date", DAY(2025, 1, 5), "receipt_before_start", "warning"),
    Break("receipts", 0, "date", DAY(2025, 3, 3), "receipt_after_horizon", "warning"),
    Break("pins", 0, "bucket_start", DAY(2025, 3, 3), "bucket_outside_horizon", "warning"),
    Break("published_plan", 0, "bucket_start", DAY(2024, 12, 30), "bucket_outside_horizon", "warning"),
    Break("orders", 3, "due_date", DAY(2025, 1, 11), "order_too_old", "warning", at=(3, "latest_date")),
    Break("orders", 0, "due_date", DAY(2025, 1, 11), "due_too_early", "warning"),
    Break("orders", 0, "due_date", DAY(2025, 3, 20), "due_after_horizon", "warning"),
    Break("orders", 1, "earliest_ship_date", DAY(2025, 3, 3), "order_after_horizon", "warning"),
    Break("resources", 0, "resource", "L1", "line_is_resource"),
    Break("routings", 1, "setup_hours", 3, "setup_differs"),
    Break("routings", 1, "setup_cost", 60, "setup_differs"),
    Break("routings", 0, "min_lot", 47, "lot_too_large", "warning"),
    Break("routings", 0, "lot_multiple", 60, "lot_too_large", "warning", at=(0, "min_lot")),
    Break("routing_resources", 0, "line", "L2", "routing_resources_without_routing"),
    Break("approvals", 0, "line", "L2", "approvals_without_routing", "warning"),
    Break("published_plan", 0, "line", "L2", "published_plan_without_routing", "warning"),
    Break("published_plan", 0, "order", "gone", "published_order_gone", "warning"),
    Break("routings", 3, "hours_per_unit", 0, "free_on_expansion"),
    Break("stock", 0, "opening_stock", 101, "opening_above_limit"),
    Break("stock", 0, "safety_stock", 101, "promise_above_limit", "warning"),
    Break("supply", 1, "min_qty", 501, "max_below_min", at=(1, "max_qty")),
    Break("allocations", 0, "min_qty", 31, "max_below_min", at=(0, "max_qty")),
    Break("supply", 0, "to_date", None, "supply_overlap", "warning", at=(1, "from_date")),
    Break("transfers", 0, "to_site", "east", "same_site"),
    Break("transfers", 1, "item", None, "duplicate_transfer", at=(1, "from_site")),
    Break("bill_of_materials", 2, "component", "pack", "bom_loop"),
    Break("bill_of_materials", 2, "component", "cell", "bom_loop"),
    Break("substitutes", 0, "substitute", "pack", "substitute_is_item"),
    Break("duties", 0, "to_date", None, "duty_overlap", at=(1, "from_date")),
    Break("markets", 0, "duty_rate", 0.1, "domestic_duty", "warning"),
    Break("duties", 2, "market", "CN", "domestic_duty", "warning", at=(2, "duty_rate")),
    Break("currencies", 0, "currency", "CNY", "base_rate", at=(0, "rate")),
    Break("orders", 0, "decision", "decline", "firm_declined", "warning"),
    Break("orders", 0, "win_probability", 0.4, "firm_tender", "warning"),
    Break("orders", 0, "min_c_rate", 2.5, "own_item_rating", "warning"),
    Break("orders", 3, "min_c_rate", 2.5, "own_item_rating", "warning"),
    Break("orders", 2, "min_c_rate", 0.5, "own_item_rating", "warning"),
    Break("orders", 0, "quantity", 10000, "order_too_large", "warning"),
    Break("allocations", 0, "family", "lead", "nothing_in_scope", "warning"),
    Break("allocations", 0, "item", "cell", "scope_contradicts", "warning", at=(0, "family")),
    Break("allocations", 0, "market", "CN", "scope_contradicts", "warning", at=(0, "region")),
    Break("allocations", 0, "to_date", DAY(2025, 1, 8), "no_departure_in_period", "warning"),
    Break("pins", 0, "quantity", 11, "pin_above_order"),
    Break("pins", 0, "order", "1e5", "pin_of_left_out"),
    Break("pins", 0, "line", "L2", "pin_without_routing", "warning"),
    Break("pins", 0, "line", "L3", "pin_not_approved", "warning"),
    Break("pins", 1, "quantity", 1, "pins_contradict", at=(0, "quantity")),
    Break("orders", 0, "unit_price", 1e8, "magnitudes", "warning", at=(2, "unit_price")),
    Break("scenarios", 0, "table", "machines", "scenario_table"),
    Break("scenarios", 0, "table", "scenarios", "scenario_table"),
    Break("scenarios", 0, "column", "hours", "scenario_column"),
    Break("scenarios", 0, "row", "L9", "scenario_row"),
    Break("scenarios", 0, "column", None, "scenario_needs_column"),
    Break("scenarios", 1, "operation", "multiply", "scenario_operation"),
    Break("scenarios", 1, "value", "soon", "not_a_date"),
    Break("scenarios", 0, "value", "twice", "not_a_number"),
    Break("scenarios", 0, "value", None, "missing_value"),
]



@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("case", BREAKS, ids=str)
def test_broken_cell(case, form, tmp_path):
    """Proves: the rule is reported at the cell that broke it. A wrong row or column would name another address."""
    if form == "xlsx" and case.rule == "control_character":
        pytest.skip("openpyxl refuses to write control characters")
    tables = good_case()
    tables[case.table][case.row][case.column] = case.value
    result = checked(write(form, tmp_path, tables))
    row, column = case.at or (case.row, case.column)
    found = {(finding.rule, finding.cell, finding.severity) for finding in result.findings}
    assert (case.rule, place(form, tables, case.table, row, column), case.severity) in found



def test_good_case_has_no_findings(tmp_path):
    """Proves: a faultless case passes without a word. A check that is too eager would speak here."""
    for form in ("csv", "xlsx"):
        result = checked(write(form, tmp_path, good_case()))
        assert result.findings == []
        assert result.tables is not None



def drop(table: str) -> Callable[[Case], object]:
    return lambda tables: tables.pop(table)



def only_row(table: str, **cells: object) -> Callable[[Case], object]:
    return lambda tables: tables[table].append({**tables[table][-1], **cells})



def sold_out(table: str, number: int) -> Callable[[Case], object]:
    """An item of which the table holds 0, used in a unit of pack or asked for by an order."""
    def apply(tables: Case) -> None:
        tables["items"].append({"item": "ghost"})
        column = {"supply": "max_qty", "stock": "opening_stock"}[table]
        tables[table].append({**dict.fromkeys(tables[table][0]), "item": "ghost", "site": "east", column: 0,
                              **({"supplier": "S1"} if table == "supply" else {})})
        if table == "supply":
            tables["bill_of_materials"].append({"item": "pack", "component": "ghost", "quantity_per": 1})
        else:
            tables["orders"][number].update(item="ghost")
    return apply



STRUCTURE = [
    ("missing_table", "error", drop("lines"), "lines", ""),
    ("missing_table", "error", drop("settings"), "settings", ""),
    ("unknown_name", "error", drop("currencies"), "markets", "currency"),
    ("unknown_name", "error", lambda tables: tables["resources"].pop(), "calendar", "line"),
    ("empty_table", "warning", lambda tables: tables["orders"].clear(), "orders", ""),
    ("missing_column", "error", lambda tables: [row.pop("item") for row in tables["orders"]], "orders", "item"),
    ("missing_setting", "error", lambda tables: tables["settings"].pop(3), "settings", "key"),
    ("frozen_without_plan", "warning", drop("published_plan"), "settings", "value"),
    ("component_from_nowhere", "error", lambda tables: (tables["supply"].clear(), tables["receipts"].clear()),
     "bill_of_materials", "component"),
    ("item_from_nowhere", "error", lambda tables: (tables["items"].append({"item": "ghost"}),
                                                   tables["orders"][3].update(item="ghost")), "orders", "item"),
    ("component_sold_out", "warning", sold_out("supply", 0), "bill_of_materials", "component"),
    ("item_sold_out", "warning", sold_out("stock", 3), "orders", "item"),
    ("names_run_together", "error", lambda tables: tables["stock"].extend(
        [{"item": "pack / a", "site": "east"}, {"item": "pack", "site": "a / east"}]), "stock", "item"),
    ("expansion_before_line", "warning", lambda tables: tables["lines"][2].update(start_date=DAY(2025, 2, 4)),
     "expansions", "start_date"),
    ("expansion_after_line", "warning", lambda tables: tables["lines"][2].update(end_date=DAY(2025, 2, 2)),
     "expansions", "start_date"),
    ("no_lane", "warning", lambda tables: (tables["transfers"].clear(), tables["lanes"].pop(0)), "orders", "market"),
    ("pins_exceed_order", "error", only_row("pins", bucket_start=DAY(2025, 1, 20), quantity=9, sense="fixed"), "pins",
     "quantity"),
    ("pins_contradict", "error", only_row("pins", bucket_start=DAY(2025, 1, 16), quantity=1, sense="fixed"), "pins",
     "quantity"),
    ("text_became_date", "error", lambda tables: tables["orders"][3].update(order=DAY(2025, 3, 4)), "orders", "order"),
    ("digits_lost", "error", lambda tables: tables["orders"][3].update(order=1234567890123456), "orders", "order"),
    ("text_too_long", "error", lambda tables: tables["orders"][3].update(order=LONG_ID), "orders", "order"),
    ("yes_no_in_number", "error", lambda tables: tables["orders"][3].update(quantity=True), "orders", "quantity"),
    ("date_in_number", "error", lambda tables: tables["orders"][3].update(quantity=DAY(2025, 3, 4)), "orders",
     "quantity"),
    ("date_serial", "error", lambda tables: tables["orders"][3].update(due_date=45700), "orders", "due_date"),
    ("date_with_time", "error", lambda tables: tables["orders"][3].update(due_date=dt.datetime(2025, 2, 2, 8)),
     "orders", "due_date"),
    ("not_finite", "error", lambda tables: tables["orders"][3].update(quantity=float("inf")), "orders", "quantity"),
    ("not_finite", "error", lambda tables: tables["orders"][3].update(order=float("inf")), "orders", "order"),
]



@pytest.mark.parametrize(("rule", "severity", "change", "table", "column"), STRUCTURE,
                         ids=[f"{entry[0]}-{number}" for number, entry in enumerate(STRUCTURE)])
def test_broken_structure(rule, severity, change, table, column):
    """Proves: what is missing or contradicts another row is named at its table and column."""
    found = {(finding.rule, finding.severity, finding.table, finding.column) for finding in broken(change).findings}
    assert (rule, severity, table, column) in found



def test_all_mistakes_at_once(tmp_path):
    """Proves: one run names every mistake. Stopping at the first would name one of five."""
    tables = good_case()
    tables["orders"][0]["quantity"] = "1,000"
    tables["orders"][1]["due_date"] = "soon"
    tables["lines"][0]["site"] = "north"
    tables["stock"][0]["opening_stock"] = 500
    tables["settings"][2]["value"] = "fortnight"
    assert {"ambiguous_number", "not_a_date", "unknown_name", "opening_above_limit", "not_a_choice"} <= rules(
        checked(write("csv", tmp_path, tables)))



def test_many_rows_of_a_plan_are_told_once():
    """Proves: rows of an earlier plan that are over, or whose orders are gone, are counted instead of told one by one;
    with forty such rows a warning each would bury everything else."""
    tables = good_case()
    row = tables["published_plan"][0]
    tables["published_plan"] += [{**row, "bucket_start": DAY(2024, 12, 2), "order": None}] * 20
    tables["published_plan"] += [{**row, "order": name} for name in ("gone 1", "gone 2") for _ in range(10)]
    found = [(finding.rule, finding.cell, finding.details.get("count")) for finding in
             proven(from_records(tables)).findings]
    after = len(tables["published_plan"]) - 40 + 2
    assert [each for each in found if each[0] in ("buckets_outside_horizon", "published_orders_gone")] == [
        ("buckets_outside_horizon", f"published_plan!D{after}", "20"),
        ("published_orders_gone", f"published_plan!A{after + 20}", "20")]
    assert not {"bucket_outside_horizon", "published_order_gone"} & {rule for rule, *_ in found}


def test_a_large_order_without_a_usable_date():
    """Proves: an order is measured although its date cannot be read; a date that is none ended in a traceback."""
    result = broken(lambda tables: tables["orders"][3].update(due_date=45700, quantity=1e9, latest_date=None))
    assert {"date_serial", "order_too_large"} <= rules(result)
    told = next(finding for finding in result.findings if finding.rule == "order_too_large")
    assert told.rule_text().endswith("by 2025-03-02: at most " + told.details["bound"] + ".")


def test_a_date_by_default_is_named():
    """Proves: a blank latest_date is told as the due date that stands for it, not as a blank."""
    told = next(finding for finding in broken(lambda tables: tables["orders"][3].update(
        due_date=DAY(2025, 1, 11), latest_date=None)).findings if finding.rule == "order_too_old")
    assert "must be there by 2025-01-11" in told.rule_text()


@pytest.mark.parametrize(("language", "name"), [("en", "gap: "), ("zh", "目标差距（gap）：")])
def test_a_setting_is_named(language, name):
    """Proves: what is wrong with a setting says which one; "abc is not a number" alone would leave it open."""
    def change(tables):
        next(row for row in tables["settings"] if row["key"] == "gap")["value"] = "abc"
    told = next(finding for finding in broken(change).findings if finding.rule == "not_a_number")
    assert told.rule_text(language).startswith(name) and "abc" in told.rule_text(language)


def test_a_setting_given_twice_names_both_places():
    """Proves: the other place is told; "here and at ." would leave the planner searching."""
    told = next(finding for finding in broken(lambda tables: tables["settings"].append(
        {"key": "Start Date", "value": "2025-01-06"})).findings if finding.rule == "duplicate_key")
    assert "settings!A3" in told.rule_text()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_values_without_a_header_are_named(form, tmp_path):
    """Proves: a column whose header was lost is pointed out. Read as a planner's own, min_fill would be 0 for all."""
    tables = good_case()
    tables["orders"] = [{"" if name == "min_fill" else name: cell for name, cell in row.items()}
                        for row in tables["orders"]]
    found = [finding for finding in checked(write(form, tmp_path, tables)).findings if finding.rule == "header_blank"]
    at = "orders!R1" if form == "xlsx" else "orders.csv R1"
    assert [(finding.cell, finding.severity) for finding in found] == [(at, "warning")]


def test_every_rule_has_a_test():
    """Proves: no rule is worded without a test that breaks it."""
    tested = {case.rule for case in BREAKS} | {entry[0] for entry in STRUCTURE}
    tested |= {"buckets_outside_horizon", "published_orders_gone"}
    tested |= {"header_percent", "header_unit", "header_near", "header_blank", "hidden_rows"}
    tested |= test_csv_files.RULES | test_damaged_files.RULES | test_scenarios.RULES
    with (Path(labels.__file__).parent / "checks.csv").open(encoding="utf-8", newline="") as file:
        keys = {row["key"] for row in csv.DictReader(file)}
    worded = {key.removeprefix("rule.") for key in keys if key.startswith("rule.")}
    assert worded == tested
    assert {key.removeprefix("remedy.") for key in keys if key.startswith("remedy.")} == worded


def test_what_is_wrong_and_what_to_do_are_two_sentences():
    """Proves: English sentences stand apart; behind a Chinese full stop a blank would be a hole in the line."""
    finding = Finding("error", "not_a_number", column="quantity", value="x")
    for language, gap in (("en", " "), ("zh", "")):
        assert finding.text(language) == f"{finding.rule_text(language)}{gap}{finding.remedy_text(language)}"


@pytest.mark.parametrize(("number", "words"), [(1e305, "1e+305"), (0.1 + 0.2, "0.3"), (-2.5, "-2.5")])
def test_numbers_of_a_column_are_told_as_they_are(number: float, words: str) -> None:
    """Proves: a number that was reckoned from a column is told as one, neither as "np.float64(0.3)" nor, where it is
    large, as "inf"."""
    assert _rounded(np.float64(number)) == words
    assert shown(np.float64(-2.5)) == "-2.5"
