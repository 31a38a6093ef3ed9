"""Proves: the command says what changed on the terminal, as JSON and as a workbook, with the exit codes promised."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from model.compare.charts import axis_floor, bridge
from model.plan_tables import MONEY_TERMS
from tests.cli.book import Said, command
from tests.compare.books import BOOKS, FORMULA, planned, write_one
from tests.leaks import foreign, names_of, texts_of
from tests.support import plan

SHEETS = ["Summary", "Changed orders", "Bridge by order", "Line loads", "Technology loads", "Misses",
          "Run differences", "Chart data"]


def run(results: Path, before: str, after: str, *more: object) -> Said:
    return command("compare", results / f"{before}.xlsx", results / f"{after}.xlsx", *more)


def test_text(results: Path) -> None:
    said = run(results, "before.en", "after.zh")
    assert said.code == 0 and said.err == ""
    for words in ("154 -> 211.50 CNY: +57.50", "Proven: no plan of A can earn what B earns.", "revenue +74",
                  "conversion -13.50", "not assigned to orders -3", f"{FORMULA}: only in A (accepted)",
                  "SILVER: unit_price 4 -> 6, partial -> accepted, delivered 8 -> 15 MWh", "L2 - -> 45%"):
        assert words in said.out, words


def test_chinese_text(results: Path) -> None:
    said = run(results, "before.en", "after.zh", "--lang", "zh")
    assert said.code == 0
    for words in ("收入 +74", "SILVER：单价 4 -> 6，部分接受 -> 接受，交付量 8 -> 15 MWh", "未分摊到订单 -3"):
        assert words in said.out, words


@pytest.mark.parametrize(("before", "after"), [("before", "after"), ("promised", "overpromised")])
def test_no_english_word_stands_in_a_chinese_comparison(results: Path, tmp_path: Path, before: str, after: str) -> None:
    said = run(results, f"{before}.en", f"{after}.zh", "--lang", "zh", "--out", tmp_path / "c.xlsx")
    own = {str(results), str(tmp_path), *BOOKS, "lead", "main",
           *names_of(planned(before).plan.frames["decisions"], planned(after).plan.frames["decisions"])}
    known = {name for name in own if name not in {"accepted", "partial", "declined", "missed", "firm", "optional"}}
    assert foreign([said.out, *texts_of(tmp_path / "c.xlsx")], known) == {}


def test_terms_stand_whole_beside_a_short_reason(results: Path, tmp_path: Path) -> None:
    """What changed in an order wraps, and its row is as high as the longest of its texts, whichever column holds it."""
    assert run(results, "promised.en", "overpromised.en", "--out", tmp_path / "c.xlsx").code == 0
    sheet = load_workbook(tmp_path / "c.xlsx")["Changed orders"]
    wrapped = {cell.column_letter for cell in sheet[2] if cell.alignment.wrap_text}
    assert {sheet[f"{letter}1"].value for letter in wrapped} >= {"terms of the order", "reason B"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_console_of_a_chinese_windows_can_print_it(results: Path, language: str) -> None:
    run(results, "promised.en", "overpromised.en", "--lang", language).out.encode("gbk")


def test_nothing_changed(results: Path) -> None:
    said = run(results, "after.en", "after.zh")
    assert "Nothing changed" in said.out and "Margin" not in said.out
    document = run(results, "after.en", "after.en", "--json").document
    assert document["nothing_changed"] and document["orders"] == document["differences"] == document["misses"] == []


def test_json(results: Path) -> None:
    """Strict, one document, nothing else on stdout; the sums hold for whoever reads it."""
    document = run(results, "before.zh", "after.en", "--json").document
    assert document.keys() == {
        "status", "before", "after", "nothing_changed", "margin_difference", "proven", "differences", "bridge",
        "order_counts", "orders", "lines", "technologies", "misses", "production", "files", "errors"}
    assert (document["status"], document["margin_difference"], document["proven"]) == ("compared", 57.5, "after")
    assert [step["name"] for step in document["bridge"]["terms"]] == list(MONEY_TERMS)
    total = Decimal("57.5")
    parts = [*document["bridge"]["orders"], document["bridge"]["unassigned"]]
    assert sum(Decimal(repr(step["difference"])) for step in parts) == total
    assert sum(Decimal(repr(step["difference"])) for step in document["bridge"]["terms"]) == total
    silver = next(row for row in document["orders"] if row["order"] == "SILVER")
    assert silver["terms"] == [{"name": "unit_price", "before": 4, "after": 6}]
    assert (silver["status_before"], silver["delivered_after"], silver["lines_before"]) == ("partial", 15, ["L1"])
    gone = next(row for row in document["orders"] if row["order"] == FORMULA)
    assert (gone["item"], gone["status_after"], gone["lines_after"]) == ("A", None, None)
    assert document["before"]["bound"] == 154 and document["before"]["status"] == "optimal"


def test_json_of_misses(results: Path) -> None:
    misses = run(results, "promised.en", "overpromised.zh", "--json").document["misses"]
    assert misses == [{"change": "appeared", "kind": "firm_order", "name": "SILVER", "bucket": None, "unit": "MWh",
                       "missed_before": 0, "missed_after": 5, "value_before": 0, "value_after": 20}]


def test_refusals(results: Path, tmp_path: Path) -> None:
    """Exit 3, the reason on stderr and in the document; both files are judged at once."""
    (tmp_path / "no.xlsx").write_bytes(b"no")
    said = command("compare", tmp_path / "no.xlsx", tmp_path / "none.xlsx", "--json")
    assert said.code == 3 and [error["rule"] for error in said.document["errors"]] == ["broken_workbook", "cannot_open"]
    assert said.document["status"] == "rejected_input" and said.document["bridge"] is None
    assert "no.xlsx" in said.err and "none.xlsx" in said.err
    book = BOOKS["before"]()
    book["settings"] = {**book["settings"], "currency": "EUR"}
    write_one(tmp_path / "eur.xlsx", plan(book))
    said = command("compare", results / "before.en.xlsx", tmp_path / "eur.xlsx", "--lang", "zh")
    assert said.code == 3 and "CNY 和 EUR" in said.err and said.out == ""


def test_an_input_or_a_comparison_is_no_result(results: Path, tmp_path: Path) -> None:
    out = tmp_path / "c.xlsx"
    assert run(results, "before.en", "after.en", "--out", out).code == 0
    said = command("compare", results / "before.en.xlsx", out)
    assert said.code == 3 and "no result workbook" in said.err


def test_usage_and_writing(results: Path, tmp_path: Path) -> None:
    assert command("compare", results / "before.en.xlsx").code == 2
    assert run(results, "before.en", "after.en", "--out", results / "after.en.xlsx").code == 2
    (tmp_path / "file").write_text("")
    said = run(results, "before.en", "after.en", "--out", tmp_path / "file" / "c.xlsx", "--json")
    assert said.code == 9 and said.document["status"] == "not_written" and said.document["files"] == []
    assert "cannot be written" in said.err and said.document["margin_difference"] == 57.5


@pytest.mark.parametrize("out", ["./c.xlsx", "c.xlsx", ".//c.xlsx"])
def test_a_free_place_is_not_called_taken(results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                          out: str) -> None:
    """However the name is written: where the comparison stands as asked, nothing is said of another place."""
    monkeypatch.chdir(tmp_path)
    said = run(results, "before.en", "before.en", "--out", out)
    assert said.code == 0 and "in use" not in said.out and Path("c.xlsx").is_file()


def test_workbook(results: Path, tmp_path: Path) -> None:
    """One rectangle per sheet, frozen and filtered; ids that look like formulas are text; the bridge adds up."""
    out = tmp_path / "new" / "c.xlsx"
    said = run(results, "before.en", "after.zh", "--out", out)
    assert said.code == 0 and str(out) in said.out
    book = load_workbook(out)
    assert book.sheetnames == SHEETS
    for sheet in book.worksheets[1:]:
        header = [cell.value for cell in sheet[1]]
        assert len(set(header)) == len(header) and None not in header
        assert sheet.freeze_panes is not None and sheet.auto_filter.ref is not None
    rows = [{key.value: cell for key, cell in zip(book["Changed orders"][1], row, strict=True)}
            for row in book["Changed orders"].iter_rows(min_row=2)]
    formula = next(row for row in rows if row["order"].value == FORMULA)
    assert formula["order"].data_type == "s" and formula["status B"].value is None
    assert formula["margin B - A [CNY]"].value == -10
    bridge_sheet = book["Bridge by order"]
    place = [cell.value for cell in bridge_sheet[1]].index("margin B - A [CNY]")
    differences = [row[place] for row in bridge_sheet.iter_rows(min_row=2, values_only=True)]
    assert sum(Decimal(repr(amount)) for amount in differences) == Decimal("57.5")
    assert len(book["Summary"]._charts) == 3  # openpyxl names its charts so


def test_workbook_in_chinese_and_without_changes(results: Path, tmp_path: Path) -> None:
    for before, after, language in (("promised.en", "overpromised.zh", "zh"), ("after.en", "after.en", "en")):
        out = tmp_path / f"{language}.xlsx"
        assert run(results, before, after, "--out", out, "--lang", language).code == 0
    book = load_workbook(tmp_path / "zh.xlsx")
    assert [cell.value for cell in book["未兑现承诺"][2]][:3] == ["新出现", "确定订单", "SILVER"]
    assert load_workbook(tmp_path / "en.xlsx")["Changed orders"].max_row == 1


@pytest.mark.parametrize(("start", "steps"), [
    (10.0, [5.0, -3.0]), (-4.0, [10.0, -8.0]), (-4.0, [-2.0, 1.0]), (3.0, [])])
def test_the_waterfall_stands_on_its_base(start: float, steps: list[float]) -> None:
    """Each column's parts end where the margin stands before and after its step; a crossing of zero has two parts."""
    series, level = bridge(start, steps), start
    assert (series["total"][0], series["total"][-1]) == (start, start + sum(steps))
    for place, step in enumerate(steps, start=1):
        parts = {name: points[place] or 0.0 for name, points in series.items()}
        kind = "gain" if step > 0 else "loss"
        height = parts[kind] - parts[f"{kind}_below"]
        assert height == pytest.approx(abs(step))
        low, high = sorted((level, level + step))
        if low > 0 or high < 0:
            assert parts["base"] == (low if low > 0 else high)
        else:
            assert (parts[kind], parts[f"{kind}_below"], parts["base"]) == (high, low, 0.0)
        level += step


def test_the_axis_is_cut_only_where_the_steps_would_vanish() -> None:
    assert axis_floor([1000.0, 1005.0, 998.0]) == pytest.approx(994.0)
    assert axis_floor([154.0, 20.0]) == axis_floor([-5.0, 3.0]) == axis_floor([7.0, 7.0]) == 0.0
