"""Proves, from end to end: what planners type comes back unchanged from every command, or is refused with its cell."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import openpyxl
import pytest

from model.checks import check
from model.tables import Tables, from_records, read
from model.template import write_workbook
from tests.cli.book import Said, order, small_book

Run = Callable[..., Said]
LONG = "长" * 300
NAMES = ("=1+1", "=cmd|' /C calc'!A0", "+86 571", "-1+1", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠x", "http://a.cn/x?a=b&c",
         "CON", "../x", "..\\x", LONG, "NA", "007", "1e5", "TRUE", "<b>粗</b>", "<r>x</r>", "a;b", "a,b", 'a"b', "a'b",
         "#REF!", "{=1}", "%d {0} {x}", "null", "nan", "2025-01-06")
"""Identifiers that spreadsheets, file systems, web pages and format strings like to change."""

pytestmark = pytest.mark.slow  # every kind of file under every command


def hostile_book() -> dict[str, list[dict[str, object]]]:
    """Every name stands as an order, a customer, a line, a site, a market, an item and a scenario, and in a column of
    the planner's own, whose header is hostile, too."""
    book = small_book()
    orders = [{**order(name, 1, 5), "customer": name, "market": name, "item": name, "=own()": name,
               "<b>备注</b>": f" {name}\n"} for name in NAMES]
    return {
        **book, "items": [{"item": name, "name": name} for name in NAMES],
        "sites": [{"site": name, "name": name} for name in NAMES],
        "lines": [{"line": name, "site": name, "name": name, "technology": name, "regular_hours": 40}
                  for name in NAMES],
        "routings": [{"line": name, "item": name, "hours_per_unit": 2, "unit_cost": 1} for name in NAMES],
        "markets": [{"market": name, "name": name, "region": "overseas"} for name in NAMES],
        "customers": [{"customer": name, "name": name} for name in NAMES], "orders": orders,
        "scenarios": [{"scenario": name, "table": "settings", "row": "gap", "column": "value", "operation": "set",
                       "value": 0.01} for name in NAMES if ";" not in name],
    }


@pytest.fixture(scope="module")
def tables() -> Tables:
    """The hostile book as checked tables."""
    found = check(from_records(hostile_book()))
    assert found.tables is not None, [(each.cell, each.rule_text()) for each in found.findings][:5]
    return found.tables


@pytest.fixture
def book(tables: Tables, tmp_path: Path) -> Path:
    """The hostile book as a workbook."""
    return write_workbook(tmp_path / "hostile.xlsx", tables)


def same(tables: Tables, path: Path) -> None:
    """The file is the same input, the planner's own columns included."""
    again = check(read(path)).tables
    assert again is not None
    assert again.input_hash == tables.input_hash
    assert {name: frame.to_dict("list") for name, frame in again.extras.items() if len(frame.columns)} == \
        {name: frame.to_dict("list") for name, frame in tables.extras.items() if len(frame.columns)}


@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.slow), "zh"])
def test_template_and_marked_copy(run: Run, tables: Tables, book: Path, tmp_path: Path, language: str) -> None:
    """Filled into the template, and marked: the same input, no formula and no link anywhere."""
    for name, arguments in (("template", ("template", tmp_path / "template.xlsx", "--from", book)),
                            ("marked", ("check", book, "--out", tmp_path / "marked.xlsx"))):
        said = run(*arguments, "--lang", language)
        assert said.code == 0, said.err
        same(tables, tmp_path / f"{name}.xlsx")
        no_formulas(tmp_path / f"{name}.xlsx")


@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.slow), "zh"])
def test_result_page_and_comparison(run: Run, tables: Tables, book: Path, tmp_path: Path, language: str) -> None:
    """Planned: every id stands unchanged in JSON, workbook and page; the result is the same input; compared and taken
    as published plan, nothing has moved."""
    result, page = tmp_path / "CON.result.xlsx", tmp_path / "page.html"
    said = run("solve", book, "--out", result, "--html", page, "--json", "--lang", language)
    assert said.code == 0, said.err
    assert sorted(row["order"] for row in said.document["orders"]) == sorted(NAMES)
    assert {row["status"] for row in said.document["orders"]} == {"accepted"}
    same(tables, result)
    no_formulas(result)
    opened = openpyxl.load_workbook(result)
    shown = {str(cell.value) for cell in opened["Decisions" if language == "en" else "订单决策"]["A"]}
    assert set(NAMES) <= shown
    text = page.read_text(encoding="utf-8")
    data = json.loads(re.search(r'id="orders"[^>]*>(.*?)</script>', text, re.DOTALL)[1])  # type: ignore[index]
    assert sorted(row[0] for row in data["rows"]) == sorted(NAMES)
    assert "<b>粗</b>" not in text and "<b>粗</b>" in unescape(text.replace("\\u003c", "<").replace("\\u003e", ">"))
    compared = run("compare", result, result, "--json", "--out", tmp_path / "changes.xlsx", "--lang", language)
    assert compared.code == 0 and compared.document["orders"] == []
    no_formulas(tmp_path / "changes.xlsx")
    again = run("solve", book, "--from-plan", result, "--keep-promises", "--out", tmp_path / "again.xlsx", "--json")
    assert again.code == 0, again.err
    assert again.document["margin"] == said.document["margin"]


def test_scenarios_by_hostile_name(run: Run, book: Path, tmp_path: Path) -> None:
    """A scenario is found under any name but those of an option."""
    for name in ("=1+1", "../x", "CON", LONG, "007"):
        said = run("solve", book, f"--scenario={name}", "--out", tmp_path / "out.xlsx", "--json")
        assert said.code == 0, said.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hostile.xlsx", "out.xlsx"]


@pytest.mark.parametrize(("value", "words"), [
    ("x" * 40_000, "longer than"), ("a\x00b", "cannot be seen"), ("a\x1b[31mb", "cannot be seen"),
    ("a\x07b", "cannot be seen")])
def test_what_no_cell_can_hold_is_refused(run: Run, value: str, words: str, tmp_path: Path) -> None:
    """40,000 letters and control characters in an id are refused with their cell, and none reaches the terminal."""
    folder = tmp_path / "book"
    folder.mkdir()
    for name, rows in small_book().items():
        header = list(dict.fromkeys(column for row in rows for column in row))
        lines = [[str(row.get(column, "")) for column in header] for row in rows]
        if name == "orders":
            lines[1][0] = value
        (folder / f"{name}.csv").write_text("\n".join(",".join(line) for line in [header, *lines]), encoding="utf-8")
    said = run("check", folder)
    assert said.code == 3 and "orders.csv" in said.err and "A3" in said.err
    assert words in said.err, said.err[:300]
    assert not re.search("[\x00-\x08\x0b-\x1f]", said.err + said.out) and len(said.err) < 2_000
    marked = run("check", folder, "--out", tmp_path / "marked.xlsx")
    assert marked.code == 3
    assert openpyxl.load_workbook(tmp_path / "marked.xlsx").sheetnames


def test_long_text_of_ones_own(run: Run, tmp_path: Path) -> None:
    """40,000 letters in a planner's own column are refused with their cell: a result could not hand them back."""
    book = small_book()
    book["orders"][0]["remark"] = "字" * 40_000
    folder = tmp_path / "book"
    folder.mkdir()
    for name, rows in book.items():
        header = list(dict.fromkeys(column for row in rows for column in row))
        (folder / f"{name}.csv").write_text("\n".join(",".join(str(row.get(column, "")) for column in header)
                                                      for row in [dict(zip(header, header, strict=True)), *rows]),
                                            encoding="utf-8")
    said = run("solve", folder, "--out", tmp_path / "out.xlsx")
    assert said.code == 3 and "orders.csv F2" in said.err and "longer than" in said.err


def no_formulas(path: Path) -> None:
    """No cell of the workbook is a formula but the program's own sums, and no link leads outside."""
    for sheet in openpyxl.load_workbook(path):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f" or str(cell.value).startswith("=SUM("), f"{sheet.title}!{cell.coordinate}"
                assert cell.hyperlink is None or not cell.hyperlink.target, f"{sheet.title}!{cell.coordinate}"
