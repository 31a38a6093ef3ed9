"""The marked copy of a folder of CSV files: a workbook that means the same."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from model.checks import check
from model.labels import label_table
from model.tables import read
from tests.report.marked import (
    DAY,
    HOSTILE,
    LONG_ID,
    ORDERS,
    fills,
    folder,
    known,
    listed,
    marked,
)


def test_a_folder_becomes_a_workbook_with_the_same_plan(tmp_path):
    """Figures and dates become real ones; what is text stays text, and the hash of the content stays."""
    source = folder(tmp_path / "tables", orders=[ORDERS[0], ["007", "A", "20.50", "500", DAY, "=1+1"],
                                                 [LONG_ID, "B", "1e1", "３", "2025/1/20", " x "]])
    copy = marked(source)
    before, after = check(read(source)), check(read(copy))
    assert after.tables.input_hash == before.tables.input_hash
    assert after.findings == before.findings == []
    assert after.tables.extras["orders"].equals(before.tables.extras["orders"])
    sheet = load_workbook(copy)["orders"]
    assert [cell.value for cell in sheet[2]] == ["007", "A", 20.5, 500, dt.datetime(2025, 1, 20), "=1+1"]
    assert [cell.data_type for cell in sheet[2]] == ["s", "s", "n", "n", "d", "s"]
    assert sheet["C2"].number_format == "0.00" and sheet["A2"].number_format == "@"
    assert [cell.value for cell in sheet[3]][2:5] == [10, 3, dt.datetime(2025, 1, 20)]


def test_findings_in_files_are_marked_in_their_sheets(tmp_path):
    source = folder(tmp_path / "tables", orders=[ORDERS[0], ["O1", "A", "-5.00", "5%", "2025-13-01", ""],
                                                 ["O1", "C", "", "1", DAY, ""]], notes=[["a"], ["1;2"]])
    copy = marked(source)
    before, after = check(read(source)).findings, check(read(copy)).findings
    assert [known(finding) for finding in after] == [known(finding) for finding in before]
    assert fills(copy) == dict.fromkeys(("orders!C2", "orders!D2", "orders!E2", "orders!A3", "orders!B3", "orders!C3"),
                                        "error")
    assert ("Error", "orders.csv", "C2", "-5.00") in [row[:4] for row in listed(copy)]
    assert "notes.csv" in load_workbook(copy).sheetnames


def test_odd_files_in_a_folder(tmp_path):
    source = folder(tmp_path / "tables")
    (source / "orders.csv").unlink()
    orders = "订单号;物料;数量;单价;交货日期\n甲;A;1,5;2;2025-01-20\n乙;A;3\n"
    (source / "订单.csv").write_bytes(orders.encode("gb18030"))
    (source / "stock.csv").write_bytes(b"\xff\xfe\x00\xd8 not text \xff")
    (source / "plan.pdf").write_bytes(b"%PDF")
    (source / "README.md").write_text("words")
    (source / "x[1]:'.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    copy = marked(source)
    book = load_workbook(copy)
    assert book.sheetnames == ["Errors", "items", "lines", "routings", "settings", "x_1__'.csv", "订单"]
    assert [cell.value for cell in book["订单"][2]] == ["甲", "A", "1,5", 2, dt.datetime(2025, 1, 20)]
    assert [cell.value for cell in book["x_1__'.csv"][2]] == ["1", "2"]
    rows = listed(copy)
    assert {row[3] for row in rows if "could not be copied" in row[4]} == {"plan.pdf", "stock.csv"}
    assert ("Error", "订单.csv", "row 3") in [row[:3] for row in rows]
    assert fills(copy)["订单!C2"] == "error"


def test_text_longer_than_a_cell_is_cut_and_that_is_said(tmp_path):
    source = folder(tmp_path / "tables", orders=[*ORDERS[:2], ["O2", "A", 1, 1, DAY, "电" * 40_000]])
    copy = marked(source)
    assert read(copy).tables["orders"].extras["my remark"][1] == "电" * 32_767
    assert label_table()["marked.lost_cut"]["en"] in [row[4] for row in listed(copy)]


def test_the_reference_cases_come_back_the_same(tmp_path):
    for case in sorted((Path(__file__).parents[2] / "data").iterdir()):
        if (case / "settings.csv").is_file():
            shutil.copytree(case, tmp_path / case.name)
            copy = marked(tmp_path / case.name, name=f"{case.name}.xlsx")
            before, after = check(read(case)), check(read(copy))
            assert after.tables.input_hash == before.tables.input_hash
            assert [known(finding) for finding in after.findings] == [known(finding) for finding in
                                                                             before.findings]


anything = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"]), max_size=40))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(st.lists(anything, min_size=3, max_size=3), min_size=1, max_size=6))
def test_any_text_of_a_file_survives(tmp_path_factory, cells):
    """Whatever characters a file holds, the copy holds them, in names, in figures and in the planner's own columns."""
    source = tmp_path_factory.mktemp("any") / "tables"
    folder(source)
    rows = ['"' + '","'.join(cell.replace('"', '""') for cell in row) + '"' for row in cells]
    (source / "orders.csv").write_text("\n".join(["order,quantity,my remark", *rows]), encoding="utf-8", newline="")
    before, after = read(source).tables["orders"], read(marked(source)).tables["orders"]
    assert after.row_numbers == before.row_numbers
    for position in range(len(before.row_numbers)):
        assert after.columns["order"][position] == before.columns["order"][position]
        assert after.extras["my remark"][position] == before.extras["my remark"][position]
