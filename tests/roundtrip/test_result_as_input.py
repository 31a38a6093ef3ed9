"""Proves: the input tables in a result workbook are the input that was planned, to the last cell."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from model.labels import LANGUAGES, label_table
from model.report.sheets import table as sheets
from model.schema import TABLES
from model.tables import Tables, from_records, read
from model.tables.names import find_table, fold, is_own_sheet, split_unit
from tests.cli.book import order, small_book
from tests.roundtrip.books import edited, hostile_records, hostile_result, result_of, same_input, tables_of
from tests.source import ROOT


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_ids_and_own_columns_come_back(tmp_path: Path, language: str) -> None:
    """Ids like =1+1, 007 and <r>bold</r>, dates, figures to the last digit and own columns with time of day."""
    same_input(*hostile_result(tmp_path, language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_toy_case_comes_back(tmp_path: Path, language: str) -> None:
    """CSV files and the sheets of the result are one input."""
    tables = tables_of(read(ROOT / "data" / "toy"))
    same_input(tables, result_of(tmp_path, tables, language))


@pytest.mark.slow
def test_the_reference_case_comes_back(tmp_path: Path) -> None:
    """229 orders in 25 tables."""
    tables = tables_of(read(ROOT / "data" / "narada_2025"))
    same_input(tables, result_of(tmp_path, tables))


def test_a_result_of_a_result_is_the_same_input(tmp_path: Path) -> None:
    """Nothing is added or lost however often it goes round."""
    tables, path = hostile_result(tmp_path)
    same_input(tables, result_of(tmp_path, tables_of(read(path)), "zh"))


def test_tables_stand_last_in_the_templates_order_and_formats(tmp_path: Path) -> None:
    """Result sheets first; ids are text, dates are dates, the header is frozen and filtered."""
    _, path = hostile_result(tmp_path)
    book = openpyxl.load_workbook(path)
    names = book.sheetnames[book.sheetnames.index("Chart data") + 1:]
    assert names == [name for name in TABLES if name in hostile_records() or name == "pins"]
    orders = book["orders"]
    formats = {cell.value: orders.cell(2, cell.column).number_format for cell in orders[1]}
    assert (formats["order"], formats["due_date"]) == ("@", "yyyy-mm-dd")
    assert orders.freeze_panes == "B2"
    assert orders.auto_filter.ref.startswith("A1:")


def test_pins_have_a_sheet_to_type_into(tmp_path: Path) -> None:
    """A book without pins gets an empty sheet with every column, which is no table that was given."""
    tables = tables_of(from_records(small_book()))
    path = result_of(tmp_path, tables)
    shown = [split_unit(cell.value)[0] for cell in openpyxl.load_workbook(path)["pins"][1]]
    assert shown == list(TABLES["pins"].by_name)
    same_input(tables, path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sheets_that_go_on_are_not_doubted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    """Production 2 and the like are the result's own; a stranger's sheet is still named."""
    monkeypatch.setattr(sheets, "MOST_ROWS", 5)
    tables, path = hostile_result(tmp_path, language)
    assert any(name.endswith(" 2") for name in openpyxl.load_workbook(path).sheetnames)
    same_input(tables, path)
    book = read(edited(path, "more.xlsx", lambda book: book.create_sheet("My notes 2")))
    assert book.ignored == ["My notes 2"]


def test_no_result_sheet_is_called_like_a_table() -> None:
    """Else it would be read as one, or could not stand beside it: spreadsheets ignore case."""
    own = {words for key, texts in label_table().items() if key.startswith("sheet.") for words in texts.values()}
    assert {name for name in own if find_table(name)} == set()
    assert all(is_own_sheet(name) and is_own_sheet(f"{name} 2") for name in own)
    titles = {fold(title) for table in TABLES.values() for title in (table.name, table.label_zh)}
    assert titles & {fold(name) for name in own} == set()


def test_own_columns_no_cell_can_hold_become_text(tmp_path: Path) -> None:
    """A day in 1850 has no number in a spreadsheet; the planner's column keeps it as words."""
    records = small_book()
    records["items"][0]["founded"] = date(1850, 1, 1)
    path = result_of(tmp_path, tables_of(from_records(records)))
    assert tables_of(read(path)).extras["items"]["founded"].tolist() == ["1850-01-01"]


def many_orders(count: int) -> Tables:
    """A book of many orders with most columns filled."""
    records = {**small_book(), "orders": [
        order(f"SO-{number:06d}", 1 + number % 7 / 3, 5 + number % 11, commitment="optional", order_date="2025-01-02",
              latest_date="2025-02-02", due_basis="arrival", min_fill=0.5, single_line="no", late_rate=0.01,
              incoterm="DDP", win_probability=1, contact="王芳", remark=f"note {number}") for number in range(count)]}
    return tables_of(from_records(records))


@pytest.mark.slow
def test_fifty_thousand_orders_are_written_in_a_minute_and_read_again(tmp_path: Path) -> None:
    """The plan's sheets and the orders as they were given."""
    tables = many_orders(50_000)
    started = time.process_time()
    path = result_of(tmp_path, tables)
    assert time.process_time() - started < 60
    assert tables_of(read(path)).input_hash == tables.input_hash
