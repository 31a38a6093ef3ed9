"""Proves: a result workbook reads back as the plan that was written, in both languages and saved again by others."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook

from model.compare import NoResultError, read_result
from model.compare.stored import READ
from model.labels import LANGUAGES, label
from model.plan_tables import PLAN_TABLES
from tests.compare.books import BOOKS, planned, write_one
from tests.support import plan

TABLES = [table for table in READ if table in PLAN_TABLES]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", BOOKS)
def test_frames_are_the_plans(results: Path, name: str, language: str) -> None:
    """Every table, cell by cell; a word left in Chinese, a unit left in a header would differ."""
    wanted = planned(name).plan.frames
    read = read_result(results / f"{name}.{language}.xlsx")
    for table in TABLES:
        ours, theirs = read.plan.frames[table], wanted[table]
        assert list(ours.columns) == list(theirs.columns)
        assert ours.astype(object).where(ours.notna(), None).values.tolist() == \
            theirs.astype(object).where(theirs.notna(), None).values.tolist(), table
    assert read.plan.margin == pytest.approx(sum(wanted["margin"]["amount"]), rel=1e-12)


@pytest.mark.parametrize("language", LANGUAGES)
def test_facts_of_the_run(results: Path, language: str) -> None:
    result = planned("after")
    read = read_result(results / f"after.{language}.xlsx")
    assert read.tables.settings == result.tables.settings
    assert read.tables.input_hash == result.tables.input_hash
    assert read.outcome.status == "optimal" and read.audit.passed
    assert read.plan.bound == pytest.approx(result.plan.bound)


def test_headers_are_unique_in_both_languages() -> None:
    """Two columns of one name could not be told apart when read."""
    for table, columns in PLAN_TABLES.items():
        for language in LANGUAGES:
            words = []
            for column in columns:
                try:
                    words.append(label(f"column.{table}.{column.name}", language))
                except KeyError:
                    words.append(label(f"column.{column.name}", language))
            assert len(set(words)) == len(words), (table, language)


def test_items_keep_their_units(tmp_path: Path) -> None:
    """Where items are counted differently the header names no unit, and each row has its own."""
    book = BOOKS["before"]()
    book["items"] = [{"item": "A"}, {"item": "B", "unit": "t"}]
    book["routings"].append({"line": "L1", "item": "B", "hours_per_unit": 2})
    book["orders"].append({**book["orders"][0], "order": "TONS", "item": "B", "quantity": 1})
    path = write_one(tmp_path / "mixed.xlsx", plan(book))
    assert read_result(path).case("en").unit_of_item == {"A": "MWh", "B": "t"}


def test_a_rejected_plan_stays_rejected(results: Path, tmp_path: Path) -> None:
    book = load_workbook(results / "before.en.xlsx")
    book["Audit"]["C2"] = "no"
    book.save(tmp_path / "rejected.xlsx")
    assert not read_result(tmp_path / "rejected.xlsx").audit.passed


@pytest.mark.parametrize(("sheet", "cell", "value", "column"), [
    ("Decisions", "I2", "much", "delivered"), ("Decisions", "N3", "soon", "last_arrival"),
    ("Margin", "B2", "=B3", "amount")])
def test_a_cell_that_cannot_be_understood_is_named(results: Path, tmp_path: Path, sheet: str, cell: str, value: str,
                                                   column: str) -> None:
    """Taking such a cell for blank or zero would be a silent wrong answer."""
    book = load_workbook(results / "before.en.xlsx")
    header = {name.value.split(" [")[0]: name.column_letter for name in book[sheet][1]}
    cell = f"{header[column]}{cell[1:]}"
    book[sheet][cell] = value
    book.save(tmp_path / "changed.xlsx")
    with pytest.raises(NoResultError) as refusal:
        read_result(tmp_path / "changed.xlsx")
    assert [(finding.rule, finding.cell) for finding in refusal.value.findings] == [("result_cell", f"{sheet}!{cell}")]


def test_an_order_stands_once(results: Path, tmp_path: Path) -> None:
    """Two rows of one order could not be told apart; a row without order belongs to none."""
    book = load_workbook(results / "before.en.xlsx")
    book["Decisions"]["A2"], book["Decisions"]["A4"] = book["Decisions"]["A3"].value, None
    book.save(tmp_path / "twice.xlsx")
    with pytest.raises(NoResultError) as refusal:
        read_result(tmp_path / "twice.xlsx")
    assert [finding.rule for finding in refusal.value.findings] == ["result_order_twice"] * 2


def test_what_is_no_result(results: Path, tmp_path: Path) -> None:
    """Each says why: absent, no archive, another workbook, a sheet or a column gone."""
    def refused(path: Path) -> tuple[str, str]:
        with pytest.raises(NoResultError) as refusal:
            read_result(path)
        finding = refusal.value.findings[0]
        return finding.rule, finding.rule_text()

    (tmp_path / "text.xlsx").write_text("order;quantity")
    assert refused(tmp_path / "none.xlsx")[0] == "cannot_open"
    assert refused(tmp_path)[0] == "cannot_open"
    assert refused(tmp_path / "text.xlsx")[0] == "broken_workbook"
    book = load_workbook(results / "before.en.xlsx")
    del book["Run"]
    book.save(tmp_path / "gone.xlsx")
    assert refused(tmp_path / "gone.xlsx") == (
        "no_result", "gone.xlsx is no result workbook: Run topic, Run name, Run value is missing.")
    book = load_workbook(results / "before.en.xlsx")
    book["Decisions"]["A1"] = "what"
    book.save(tmp_path / "column.xlsx")
    assert "Decisions order" in refused(tmp_path / "column.xlsx")[1]


def test_columns_may_stand_elsewhere(results: Path, tmp_path: Path) -> None:
    """Columns are found by their headers: a column put first by the planner moves all others."""
    book = load_workbook(results / "before.en.xlsx")
    book["Decisions"].insert_cols(1)
    book["Decisions"]["A1"] = "my note"
    book.save(tmp_path / "moved.xlsx")
    frame = read_result(tmp_path / "moved.xlsx").plan.frames["decisions"]
    assert frame.equals(read_result(results / "before.en.xlsx").plan.frames["decisions"])


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("language", LANGUAGES)
def test_saved_again_by_libreoffice(results: Path, tmp_path: Path, language: str) -> None:
    name = f"after.{language}.xlsx"
    subprocess.run(["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx",
                    "--outdir", str(tmp_path), str(results / name)], check=True, capture_output=True, timeout=180)
    again, first = read_result(tmp_path / name), read_result(results / name)
    for table in TABLES:
        assert again.plan.frames[table].equals(first.plan.frames[table]), table
    assert again.tables.settings == first.tables.settings
