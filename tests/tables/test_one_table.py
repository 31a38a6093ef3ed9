"""A single table in a file of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from model.tables.one_table import read_table


def workbook(path: Path, **sheets: list[list[object]]) -> Path:
    """A workbook with these sheets."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_a_csv_file(tmp_path: Path) -> None:
    """Proves: whatever the file is called, its columns are those of the table asked for, in Chinese too."""
    path = tmp_path / "询价.csv"
    path.write_text("物料,数量,note\nA,5,mine\n", encoding="utf-8")
    table = read_table(path, "orders").tables["orders"]
    assert table.columns == {"item": ["A"], "quantity": ["5"]} and table.extras == {"note": ["mine"]}
    assert table.address(0, "quantity") == "询价.csv B2"


@pytest.mark.parametrize("titles", [("Sheet1",), ("other", "orders"), ("说明", "订单")])
def test_a_sheet_of_a_workbook(tmp_path: Path, titles: tuple[str, ...]) -> None:
    """Proves: the sheet of the table's name is read; where there is none, the first."""
    sheets = {title: [["item", "quantity"], [title, 5]] for title in titles}
    table = read_table(workbook(tmp_path / "ask.xlsx", **sheets), "orders").tables["orders"]
    assert table.columns["item"] == [titles[-1]]


@pytest.mark.parametrize(("name", "rule"), [("gone.csv", "not_found"), ("broken.xlsx", "broken_workbook")])
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str, rule: str) -> None:
    """Proves: such a file is a finding, never an exception or an empty table."""
    (tmp_path / "broken.xlsx").write_bytes(b"PK no workbook")
    book = read_table(tmp_path / name, "orders")
    assert book.tables == {} and [found.rule for found in book.findings] == [rule]
