"""Whatever a planner may type survives every form of file, and nothing a planner may type stops the checks."""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.schema import TABLES, Column
from model.tables import Tables, from_records, to_records
from model.tables.names import find_column, find_table
from model.template import write_template, write_workbook
from tests.tables.cases import Case, checked, good_case, headers, proven, write_csv

QUICK = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=12).map(
    str.strip).filter(bool) | st.sampled_from(["007", "NA", "1e5", "TRUE", "=1+1", "nan", "_x0041_", "#N/A", "-", "'7"])
FIGURES = st.floats(0, 1e12, allow_subnormal=False) | st.integers(0, 10**9)
DAYS = st.dates(dt.date(1900, 3, 1), dt.date(2200, 12, 31))


def cell_of(column: Column) -> st.SearchStrategy[object]:
    """Contents that are accepted in a column, blank where that is allowed."""
    kinds: dict[str, st.SearchStrategy[object]] = {
        "text": NAMES, "number": FIGURES, "date": DAYS, "choice": st.sampled_from(column.choices or ("",)),
        "yes_no": st.booleans()}
    content = kinds[column.kind]
    return content if column.required else content | st.none()


def rows_of(table: str) -> st.SearchStrategy[list[dict[str, object]]]:
    """Rows of a table, the planner's own column among them, without a column that must hold a known name."""
    columns = [column for column in TABLES[table].columns if not column.refers]
    row = st.fixed_dictionaries({column.name: cell_of(column) for column in columns} | {"own": NAMES | st.none()})
    key = TABLES[table].key[0]
    return st.lists(row, min_size=1, max_size=6, unique_by=lambda row: str(row[key]).strip())


@st.composite
def cases(draw) -> Case:
    """Cases of items, stock-free lines, customers and provenance with any names and figures."""
    case = {name: good_case()[name] for name in ("settings", "routings", "orders", "lines", "items")}
    case["settings"] = [row for row in case["settings"] if row["key"] != "frozen_until"]
    case["routings"] = [{"line": "L1", "item": "pack", "hours_per_unit": draw(st.floats(0.001, 1e6))}]
    case["orders"] = [{"order": draw(NAMES), "item": "pack", "quantity": draw(st.floats(1e-6, 1e9)), "unit_price": 1,
                       "due_date": draw(DAYS), "substitution": draw(st.booleans())}]
    taken = {row["item"] for row in case["items"]}
    case["customers"] = draw(rows_of("customers"))
    case["items"] += [row for row in draw(rows_of("items")) if row["item"] not in taken]
    return case


def same(one: Tables | None, other: Tables | None) -> None:
    """Two checked inputs are equal in every cell, own columns included."""
    assert one is not None
    assert other is not None
    assert one.settings == other.settings
    for name, frame in one.frames.items():
        assert frame.equals(other.frames[name]), (name, frame, other.frames[name])
    for name, frame in one.extras.items():
        assert frame.to_dict("list") == other.extras[name].to_dict("list"), name
    assert one.input_hash == other.input_hash
    assert one.defaults_used == other.defaults_used


@QUICK
@given(cases(), st.sampled_from(["en", "zh"]))
def test_csv_workbook_and_template_hold_the_same(case, language):
    """Proves: names like 007, =1+1 and _x0041_, every figure to its last digit and every date survive all forms."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        first = checked(write_csv(folder / "csv", case)).tables
        assert first is not None
        same(first, checked(write_workbook(folder / "plain.xlsx", first)).tables)
        filled = checked(write_template(folder / "filled.xlsx", first, language)).tables
        assert filled is not None
        assert filled.input_hash == first.input_hash
        assert filled.defaults_used == first.defaults_used
        for name in ("items", "customers", "orders"):
            assert filled.extras[name].to_dict("list") == first.extras[name].to_dict("list")


@QUICK
@given(cases())
def test_records_of_tables_are_the_same_input(case):
    """Proves: tables turned into records and checked again are the same tables."""
    tables = proven(from_records(case)).tables
    assert tables is not None
    again = proven(from_records(to_records(tables))).tables
    assert again is not None
    assert again.input_hash == tables.input_hash
    for name, frame in tables.frames.items():
        assert frame.equals(again.frames[name]), name


ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.dates(), st.datetimes(), st.times(),
    st.timedeltas(), st.sampled_from(["", " ", "1,5", "5%", "#REF!", "2025-02-30", "yes", "是", ";", "L1;L1;L1;L1;L1",
                                      "pack", "L1", "1", "-1", "0", "1e308", "2025-01-06"]))
CELLS = [(table, row, column) for table, rows in good_case().items() for row in range(len(rows))
         for column in headers(good_case(), table)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(CELLS), ANYTHING), min_size=1, max_size=4),
       st.sampled_from([None, "more hours", "later"]))
def test_nothing_stops_the_checks(changes, scenario):
    """Proves: any content in any cell gives findings or tables, never an exception, and every finding has its words."""
    case = good_case()
    for (table, row, column), content in changes:
        case[table][row][column] = content
    proven(from_records(case), scenario=scenario)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_nothing_missing_stops_the_checks(data):
    """Proves: tables, columns and rows may be missing in any combination without an exception."""
    case = good_case()
    for table in data.draw(st.sets(st.sampled_from(sorted(TABLES)), max_size=3)):
        del case[table]
    for table in data.draw(st.lists(st.sampled_from(sorted(case)), max_size=4)):
        for column in data.draw(st.sets(st.sampled_from(headers(good_case(), table)), max_size=3)):
            for row in case[table]:
                row.pop(column, None)
    for table in data.draw(st.lists(st.sampled_from(sorted(case)), max_size=4)):
        if case[table]:
            case[table].pop(data.draw(st.integers(0, len(case[table]) - 1)))
    proven(from_records(case))


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(sorted(TABLES)), st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_file_can_be_read(table, content):
    """Proves: a file of any bytes gives findings or a table, never an exception."""
    with tempfile.TemporaryDirectory() as place:
        folder = write_csv(Path(place), good_case())
        (folder / f"{table}.csv").write_bytes(content)
        checked(folder)


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(sorted(TABLES)), st.data())
def test_names_are_found_however_written(table, data):
    """Proves: case, spaces, underscores, width and a unit in brackets do not hide a table or column."""
    column = data.draw(st.sampled_from(TABLES[table].columns))
    for written in (column.name.upper(), column.name.replace("_", " "), f" {column.name} [any/unit]",
                    f"{column.label_zh}（单位）", column.label_zh):
        assert find_column(table, written) == column.name
    for written in (table.upper(), table.replace("_", " "), TABLES[table].label_zh, f" {table} "):
        assert find_table(written) == table


def test_quoted_csv_fields(tmp_path):
    """Proves: commas, quotation marks and line breaks inside a field are part of it."""
    case = good_case()
    case["items"][0]["name"] = 'a "big", long\nname'
    folder = write_csv(tmp_path, case)
    with (folder / "items.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.reader(file))) == 5
    tables = checked(folder).tables
    assert tables is not None
    assert tables.frames["items"]["name"].iloc[0] == 'a "big", long\nname'
    assert tables.cell("items", 1, "name") == "items.csv B3"
