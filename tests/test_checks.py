"""Every kind of broken input is named with its cell, its rule and a remedy; a faultless case passes without a word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from model.labels import label_table
from model.schema import SETTINGS, TABLES
from model.tables import from_records
from tests.tables.cases import Case, checked, good_case, place, proven, rules, write

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
    Break("orders", 0, "market", "US", "substitute_ambiguous", at=None),
    Break("duties", 0, "to_date", None, "duty_overlap", at=(1, "from_date")),
    Break("markets", 0, "duty_rate", 0.1, "domestic_duty", "warning"),
    Break("duties", 2, "market", "CN", "domestic_duty", "warning", at=(2, "duty_rate")),
    Break("currencies", 0, "currency", "CNY", "base_rate", at=(0, "rate")),
    Break("orders", 0, "decision", "decline", "firm_declined", "warning"),
    Break("orders", 0, "win_probability", 0.4, "firm_tender", "warning"),
    Break("orders", 0, "min_c_rate", 2.5, "own_item_rating", "warning"),
    Break("orders", 3, "min_c_rate", 2.5, "own_item_rating", "warning"),
    Break("orders", 0, "quantity", 10000, "order_too_large", "warning"),
    Break("allocations", 0, "family", "lead", "nothing_in_scope", "warning"),
    Break("pins", 0, "quantity", 11, "pin_above_order"),
    Break("pins", 0, "order", "1e5", "pin_of_left_out"),
    Break("pins", 0, "line", "L2", "pin_without_routing", "warning"),
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
    if case.rule == "substitute_ambiguous":
        table, row, column = "substitutes", 0, "price_factor"
    else:
        table = case.table
    found = {(finding.rule, finding.cell, finding.severity) for finding in result.findings}
    assert (case.rule, place(form, tables, table, row, column), case.severity) in found


def test_good_case_has_no_findings(tmp_path):
    """Proves: a faultless case passes without a word. A check that is too eager would speak here."""
    for form in ("csv", "xlsx"):
        result = checked(write(form, tmp_path, good_case()))
        assert result.findings == []
        assert result.tables is not None


def broken(change: Callable[[Case], object]):
    """The good case after a change, checked in memory."""
    tables = good_case()
    change(tables)
    return proven(from_records(tables))


def drop(table: str) -> Callable[[Case], object]:
    return lambda tables: tables.pop(table)


def only_row(table: str, **cells: object) -> Callable[[Case], object]:
    return lambda tables: tables[table].append({**tables[table][-1], **cells})


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


def test_loop_is_named():
    """Proves: the finding names the loop's items in order, once. By hand: pack > cell > pack."""
    result = broken(lambda tables: tables["bill_of_materials"].append({"item": "cell", "component": "pack",
                                                                       "quantity_per": 1}))
    loops = [finding.details["loop"] for finding in result.findings if finding.rule == "bom_loop"]
    assert loops == ["pack > cell > pack"]


def test_order_size_counts_every_source():
    """Proves: the bound adds stock, receipts, purchases and hours of every approved line.

    By hand, order NA (pack2, customer without approvals): latest 2025-02-20 leaves 6 full weeks (ends 01-12 ... 02-16)
    of 48 h at 1.5 h = 192. At 192 nothing is said; at 193 it is. Without overtime the bound would be 160.
    """
    def resized(quantity: float) -> set[str]:
        return rules(broken(lambda tables: tables["orders"][1].update(quantity=quantity)))
    assert "order_too_large" not in resized(192)
    assert "order_too_large" in resized(193)


def test_single_line_order_is_bounded_by_one_line():
    """Proves: a single-line order cannot add up lines. By hand: L1 48 x 4 weeks, L3 40 x 4; together 352, best 192."""
    def change(quantity: float, single_line: str) -> Callable[[Case], object]:
        def apply(tables: Case) -> None:
            tables["approvals"].clear()
            tables["orders"][3].update(quantity=quantity, single_line=single_line)
        return apply
    assert "order_too_large" not in rules(broken(change(350, "no")))
    assert "order_too_large" in rules(broken(change(350, "yes")))


def test_approvals_limit_the_bound():
    """Proves: lines a customer has not approved do not count. By hand: C1 allows L1 only, 192 + 3 in stock."""
    def resized(quantity: float) -> set[str]:
        return rules(broken(lambda tables: tables["orders"][3].update(quantity=quantity)))
    assert "order_too_large" not in resized(195)
    assert "order_too_large" in resized(196)


def test_substitute_saves_an_item_from_nowhere():
    """Proves: an item nobody makes is no error where a listed substitute may replace it."""
    def change(substitution: str) -> Callable[[Case], object]:
        def apply(tables: Case) -> None:
            tables["items"].append({"item": "ghost", "max_c_rate": 9})
            tables["substitutes"].append({"item": "ghost", "substitute": "pack", "market": None, "customer": None})
            tables["orders"][3].update(item="ghost", substitution=substitution)
        return apply
    assert "item_from_nowhere" not in rules(broken(change("yes")))
    assert "item_from_nowhere" in rules(broken(change("no")))


def test_left_out_orders_are_not_checked_for_sources():
    """Proves: an order that is not planned needs no source. Tender and declined orders would else block a plan."""
    def change(**cells: object) -> Callable[[Case], object]:
        def apply(tables: Case) -> None:
            tables["items"].append({"item": "ghost"})
            tables["orders"][3].update({"item": "ghost", "decision": None, **cells})
        return apply
    assert "item_from_nowhere" in rules(broken(change()))
    assert "item_from_nowhere" not in rules(broken(change(decision="decline")))
    assert "item_from_nowhere" not in rules(broken(change(win_probability=0.49)))
    assert "item_from_nowhere" in rules(broken(change(win_probability=0.5)))


def test_decision_accept_of_a_firm_looking_order_is_no_finding():
    """Proves: accept is the planner's right, also for what would be optional."""
    assert broken(lambda tables: tables["orders"][1].update(decision="accept")).findings == []


@pytest.mark.parametrize("absent", ["sites", "customers", "markets"])
def test_absent_tables_need_no_references(absent):
    """Proves: without these tables their names stand for themselves. A check against nothing would refuse them all."""
    def change(tables: Case) -> None:
        del tables[absent]
        tables.pop("allocations")
        tables.pop("duties")
    result = broken(change)
    assert not [finding for finding in result.findings if finding.severity == "error"]
    assert result.tables is not None
    expected = ["east", "west"] if absent != "sites" else ["east", "west"]
    assert result.tables.frames["sites"]["site"].tolist() == expected


def test_site_main_where_none_is_named():
    """Proves: a case that names no site stands at ``main``."""
    tables = good_case()
    small = {name: tables[name] for name in ("settings", "items", "lines", "routings", "orders")}
    for row in small["lines"]:
        row.pop("site")
    small["orders"] = [{"order": "1", "item": "pack", "quantity": 1, "unit_price": 1, "due_date": "2025-02-01"}]
    result = proven(from_records(small))
    assert result.tables is not None
    assert result.tables.frames["sites"]["site"].tolist() == ["main"]
    assert result.tables.frames["lines"]["site"].tolist() == ["main"] * 3


def test_defaults_are_filled_and_counted():
    """Proves: blanks become defaults, also those found elsewhere, and each is counted.

    By hand: order NA takes USD from its market US; order 1 takes CNY, as market CN has the base currency; 1e5 and TRUE
    name theirs: 2 filled. latest_date is blank three times and becomes the due date.
    """
    tables = broken(lambda tables: None).tables
    assert tables is not None
    orders = tables.frames["orders"].set_index("order")
    assert orders["currency"].to_dict() == {"1": "CNY", "NA": "USD", "1e5": "USD", "TRUE": "CNY"}
    assert tables.defaults_used["orders.currency"] == 2
    assert orders.loc["NA", "latest_date"] == orders.loc["NA", "due_date"]
    assert tables.defaults_used["orders.latest_date"] == 3
    assert tables.frames["routings"]["setup_group"].tolist() == ["packs", "packs", "cell", "pack"]
    assert tables.frames["items"]["unit"].tolist() == ["MWh"] * 4
    assert tables.defaults_used["settings.time_limit"] == 1
    assert "settings.gap" not in tables.defaults_used
    assert "orders.quantity" not in tables.defaults_used
    # Absent is not zero: a blank without default stays blank.
    assert tables.frames["stock"]["storage_limit"].isna().tolist() == [False, True]
    assert orders.loc["NA", "customer"] == "C2"
    assert orders.loc["1e5", "customer"] is None


def test_settings_are_typed():
    """Proves: every setting has its type and unit, given or by default."""
    tables = broken(lambda tables: None).tables
    assert tables is not None
    settings = tables.settings
    assert (settings.plan_name, settings.bucket, settings.bucket_count) == ("Test plan", "week", 8)
    assert settings.start_date.date() == DAY(2025, 1, 6)
    assert settings.frozen_until is not None
    assert settings.frozen_until.date() == DAY(2025, 1, 13)
    assert (settings.gap, settings.time_limit, settings.tender_threshold) == (0.001, 120.0, 0.5)
    assert set(vars(settings)) == set(SETTINGS)


@pytest.mark.parametrize(("override", "cell", "rule"), [
    ({"bucket_count": "many"}, "--set bucket_count", "not_a_number"),
    ({"bucket_count": "0"}, "--set bucket_count", "too_low"),
    ({"start_date": "06.01.2025"}, "--set start_date", "not_a_date"),
    ({"start_date": ""}, "--set start_date", "missing_value"),
    ({"buckets": "4"}, "--set buckets", "unknown_setting"),
    ({"时段类型": "年"}, "--set bucket", "not_a_choice"),
])
def test_broken_override(override, cell, rule):
    """Proves: settings given on the command line are checked like typed ones and named by their option."""
    result = proven(from_records(good_case()), settings=override)
    assert (cell, rule) in {(finding.cell, finding.rule) for finding in result.findings}
    assert result.tables is None


def test_overrides_win():
    """Proves: an override replaces the typed value, or adds the setting; the raw book stays as it was."""
    book = from_records(good_case())
    result = proven(book, settings={"bucket_count": "6", "时段类型": "日", "time_limit": "5"})
    assert result.tables is not None
    assert (result.tables.settings.bucket_count, result.tables.settings.bucket) == (6, "day")
    assert result.tables.settings.time_limit == 5.0
    again = proven(book).tables
    assert again is not None
    assert again.settings.bucket_count == 8


def test_chinese_words_and_digits():
    """Proves: choices, yes/no and full-width digits are understood in Chinese too."""
    def change(tables: Case) -> None:
        tables["orders"][1].update(commitment="确定", substitution="是", quantity="１２．５", due_date="2025/2/20")
    tables = broken(change).tables
    assert tables is not None
    order = tables.frames["orders"].iloc[1]
    assert (order["commitment"], bool(order["substitution"]), order["quantity"]) == ("firm", True, 12.5)
    assert order["due_date"].date() == DAY(2025, 2, 20)


@pytest.mark.parametrize(("header", "rule", "severity"), [
    ("min_fill [%]", "header_percent", "error"), ("quantity [GWh]", "header_unit", "warning"),
    ("unit_price (10k CNY/MWh)", "header_unit", "warning"),
])
def test_unit_in_header_contradicts(header, rule, severity):
    """Proves: figures in another unit than the column's are pointed out; read silently they would be wrong."""
    column = header.partition(" ")[0]

    def change(tables: Case) -> None:
        tables["orders"] = [{header if name == column else name: cell for name, cell in row.items()}
                            for row in tables["orders"]]
    found = [finding for finding in broken(change).findings if finding.rule == rule]
    assert [(finding.severity, finding.column, finding.row) for finding in found] == [(severity, column, 1)]


@pytest.mark.parametrize("header", ["quantity [MWh]", "quantity（MWh）", "Quantity", " 数量 [unit]", "QUANTITY [单位]"])
def test_unit_in_header_agrees(header):
    """Proves: a unit that is the column's own is accepted without a word."""
    def change(tables: Case) -> None:
        tables["orders"] = [{header if name == "quantity" else name: cell for name, cell in row.items()}
                            for row in tables["orders"]]
    assert broken(change).findings == []


def test_every_rule_has_a_test():
    """Proves: no rule is worded without a test that breaks it."""
    from tests.tables import test_read, test_scenarios
    tested = {case.rule for case in BREAKS} | {entry[0] for entry in STRUCTURE}
    tested |= {"header_percent", "header_unit"} | test_read.RULES | test_scenarios.RULES
    assert {key.removeprefix("rule.") for key in label_table() if key.startswith("rule.")
            and f"remedy.{key.removeprefix('rule.')}" in label_table()} == tested


def test_every_column_survives():
    """Proves: each column of the schema stands in the checked frames, in its order and type."""
    tables = broken(lambda tables: None).tables
    assert tables is not None
    kinds = {"number": "float64", "date": "datetime64[ns]", "yes_no": "bool", "text": "object", "choice": "object"}
    assert list(tables.frames) == [name for name in TABLES if name != "settings"]
    for name, frame in tables.frames.items():
        assert list(frame.columns) == list(TABLES[name].by_name)
        for column in TABLES[name].columns:
            assert str(frame[column.name].dtype) == kinds[column.kind], (name, column.name)
            if column.kind in ("text", "choice"):
                assert all(cell is None or type(cell) is str for cell in frame[column.name]), (name, column.name)
