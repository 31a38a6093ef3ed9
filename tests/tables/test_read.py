"""What planners' files say is read as it is: names, own columns, identifiers, the same content from every form."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from model.tables import Bad, from_records
from tests.tables.cases import Case, checked, good_case, proven, write_csv, write_xlsx
from tests.tables.packages import edited

DAY = dt.date


def test_names_in_chinese_and_any_case(tmp_path):
    """Proves: sheets and headers are found by English name or Chinese label, in any case and spacing."""
    book = write_xlsx(tmp_path / "a.xlsx", good_case())

    def rename(book):
        book["orders"].title = "订单"
        book["bill_of_materials"].title = " Bill Of-Materials "
        book["routings"].title = "interim"
        book["interim"].title = "ROUTINGS"
        for cell in book["lines"][1]:
            cell.value = {"line": "产线", "regular_hours": "Regular Hours [h/week]"}.get(cell.value, cell.value)
    result = checked(edited(book, rename))
    assert result.findings == []
    assert result.tables is not None
    assert result.tables.cell("orders", 0, "order") == "订单!A2"



def test_sheets_of_this_program_need_no_warning(tmp_path):
    """Proves: the template's and the result's own sheets are passed over; a planner's notes are named."""
    book = write_xlsx(tmp_path / "a.xlsx", good_case())

    def add(book):
        for title in ("Read-me", "Dictionary", "使用说明", "Summary", "Decisions", "摘要", "my notes"):
            book.create_sheet(title)
    assert [finding.value for finding in checked(edited(book, add)).findings] == ["my notes"]



def test_extra_columns_are_kept(tmp_path):
    """Proves: a planner's own columns come back beside the same rows, unread: an error in them stops nothing."""
    case = good_case()
    for number, row in enumerate(case["orders"]):
        row["my note"] = [None, "call back", 7, DAY(2025, 5, 1)][number]
    book = write_xlsx(tmp_path / "a.xlsx", case)
    edited(book, lambda book: book["orders"].cell(2, book["orders"].max_column).__setattr__("value", "#N/A"))
    tables = checked(book).tables
    assert tables is not None
    assert tables.extras["orders"]["my note"].tolist() == ["#N/A", "call back", 7, dt.datetime(2025, 5, 1)]
    assert tables.extras["items"].shape == (4, 0)



def test_ids_stay_text(tmp_path):
    """Proves: 007, NA, 1e5 and TRUE are names; a number typed as a name keeps no decimal point."""
    case = good_case()
    case["orders"][1]["order"] = "007"
    case["scenarios"].clear()
    book = write_xlsx(tmp_path / "a.xlsx", case)

    def retype(book):
        sheet = book["orders"]
        sheet["A2"], sheet["A4"], sheet["A5"] = 1.0, 100000, True
        book["pins"]["A2"], book["pins"]["A3"], book["published_plan"]["A2"] = 1, 1, 1
    tables = checked(edited(book, retype)).tables
    assert tables is not None
    assert tables.frames["orders"]["order"].tolist() == ["1", "007", "100000", "TRUE"]
    assert tables.frames["pins"]["order"].tolist() == ["1", "1"]



def test_csv_and_workbook_are_the_same_input(tmp_path):
    """Proves: frames, settings, extras' names and hash agree between a folder, a workbook and records."""
    parts = [checked(write_csv(tmp_path / "a", good_case())).tables,
             checked(write_xlsx(tmp_path / "a.xlsx", good_case())).tables, proven(from_records(good_case())).tables]
    for tables in parts:
        assert tables is not None
        assert tables.settings == parts[0].settings
        assert tables.input_hash == parts[0].input_hash
        assert tables.defaults_used == parts[0].defaults_used
        assert tables.present == parts[0].present
        for name, frame in tables.frames.items():
            assert frame.equals(parts[0].frames[name]), name



def test_hash_sees_content_not_order(tmp_path):
    """Proves: reordered rows are the same input, any other figure is another one."""
    def digest(change) -> str:
        case = good_case()
        change(case)
        tables = proven(from_records(case)).tables
        assert tables is not None
        return tables.input_hash
    base = digest(lambda case: None)
    assert digest(lambda case: case["orders"].reverse()) == base
    assert digest(lambda case: case["receipts"].append(dict(case["receipts"][0]))) != base
    assert digest(lambda case: case["orders"][0].update(quantity=11)) != base
    assert digest(lambda case: case["orders"][0].update(customer=None)) != base
    assert digest(lambda case: case["orders"][3].update(priority=5)) == base  # a default written out is no change



def test_header_need_not_be_in_the_first_row(tmp_path):
    """Proves: the first row that holds anything is the header, and addresses count from the sheet's first row."""
    book = edited(write_xlsx(tmp_path / "a.xlsx", good_case()), lambda book: book["orders"].insert_rows(1, 3))
    tables = checked(book).tables
    assert tables is not None
    assert tables.cell("orders", 0, "quantity") == "orders!E5"



def test_bad_cells_know_what_was_written():
    """Proves: a cell without usable content still shows what stands there."""
    assert Bad("error_cell", "#REF!").written == "#REF!"



def test_records_of_numpy_and_pandas():
    """Proves: values taken from frames are plain values again, not-a-time included."""
    case: Case = good_case()
    case["orders"][0].update(quantity=np.float64(10), due_date=pd.Timestamp("2025-01-26"), order_date=pd.NaT,
                             single_line=np.bool_(True))
    tables = proven(from_records(case)).tables
    assert tables is not None
    assert tables.frames["orders"]["quantity"].iloc[0] == 10
    assert tables.frames["orders"]["order_date"].isna().all()



def test_records_may_name_unknown_tables():
    """Proves: a table that does not exist is named in a warning."""
    book = from_records({**good_case(), "machines": [{"machine": 1}]})
    assert [(finding.rule, finding.value) for finding in book.findings] == [("not_a_table", "machines")]
