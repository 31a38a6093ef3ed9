"""What comes out of the checks: typed settings and frames, defaults filled and counted, overrides put in."""

from __future__ import annotations

import datetime as dt

import pytest

from model.schema import SETTINGS, TABLES
from model.tables import from_records
from tests.tables.cases import Case, broken, good_case, proven

DAY = dt.date


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
