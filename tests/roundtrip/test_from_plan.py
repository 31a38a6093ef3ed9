"""Proves: an earlier result becomes the plan in force, and its deliveries become promises, as a planner expects."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from model.report.sheets import table as sheets
from tests.cli.book import Said, order, small_book
from tests.roundtrip.books import accepted, column_of, edited, late_book, promised, row_of, rules_of, with_plan
from tests.source import ROOT

Run = Callable[..., Said]


def changes_of(path: Path) -> list[float]:
    """The differences in the sheet Changes."""
    sheet = openpyxl.load_workbook(path)["Changes"]
    at = column_of(sheet, "difference")
    return [sheet.cell(row, at).value for row in range(2, sheet.max_row + 1)]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_production_becomes_the_published_plan(planned: Callable[..., tuple[Path, Path]], language: str) -> None:
    """Headers with units, in both languages; every row of the sheet with its cell's address in the plan's file."""
    _, plan = planned(small_book(), language)
    tables = accepted(with_plan(small_book(), plan, keep=False))
    rows = tables.frames["published_plan"]
    assert rows.groupby("order")["quantity"].sum().to_dict() == {"GOLD": 30, "SILVER": 10}
    assert set(rows["bucket_start"]) == {datetime(2025, 1, 6), datetime(2025, 1, 13)}
    sheet = "Production" if language == "en" else "生产计划"
    assert tables.cell("published_plan", 0, "bucket_start") == f"[{plan.name}]{sheet}!E2"
    assert set(tables.frames["orders"]["commitment"]) == {"optional"}


def test_solving_the_same_book_again_changes_nothing(run: Run, planned: Callable[..., tuple[Path, Path]],
                                                     tmp_path: Path) -> None:
    """With and without a cost of change; the result holds the published plan, so it can go round on its own."""
    folder, plan = planned(small_book())
    for cost in (0, 5):
        again = tmp_path / f"again{cost}.xlsx"
        said = run("solve", folder, "--from-plan", plan, "--out", again, "--set", f"change_cost={cost}", "--json")
        assert (said.code, said.document["margin"]) == (0, pytest.approx(150))
        assert changes_of(again) == [0.0] * 2
        assert run("solve", again, "--out", tmp_path / "third.xlsx", "--quiet").code == 0
        assert changes_of(tmp_path / "third.xlsx") == [0.0] * 2


def test_sheets_that_go_on_are_read_whole(planned: Callable[..., tuple[Path, Path]],
                                          monkeypatch: pytest.MonkeyPatch) -> None:
    """Production 2 follows Production, its cells with their own addresses."""
    monkeypatch.setattr(sheets, "MOST_ROWS", 1)
    _, plan = planned(small_book())
    tables = accepted(with_plan(small_book(), plan))
    rows = tables.frames["published_plan"]
    assert (len(rows), rows["quantity"].sum()) == (3, 40)
    assert tables.cell("published_plan", 2, "quantity") == f"[{plan.name}]Production 3!G2"
    assert set(promised(with_plan(small_book(), plan)).values()) == {
        ("firm", 30.0, date(2025, 1, 19), date(2025, 1, 19)), ("firm", 10.0, date(2025, 1, 19), date(2025, 1, 19)),
        ("optional", 5.0, date(2025, 1, 19), date(2025, 1, 19))}


def test_accepted_orders_become_firm_at_their_promised_dates(planned: Callable[..., tuple[Path, Path]]) -> None:
    """An order in full keeps its due date and may be no later than promised; one promised before it is due is due then;
    a partial one is firm for what is delivered; dates by departure are those of the last departure; the rest is
    open."""
    _, plan = planned(late_book())
    orders = promised(with_plan(late_book(), plan))
    assert orders["GOLD"] == ("firm", 20, date(2025, 1, 12), date(2025, 1, 12))
    assert orders["SILVER"] == ("firm", 10, date(2025, 1, 19), date(2025, 1, 19))
    assert orders["DEPART"] == ("firm", 10, date(2025, 1, 19), date(2025, 1, 19))
    assert orders["SCRAP"][0] == orders["REFUSED"][0] == "optional"


def test_pins_of_a_partial_order_stay_within_what_is_promised(planned: Callable[..., tuple[Path, Path]]) -> None:
    """By hand: 60 ordered and at most 60 pinned, two weeks make 40: firm for 40, and at most 40 of it. With the pin
    left at 60 the book would be refused for a pin above its order."""
    pin = {"order": "GOLD", "quantity": 60, "sense": "max"}
    book = {**small_book(), "orders": [order("GOLD", 60, 5)], "pins": [pin]}
    _, plan = planned(book)
    checked = with_plan(book, plan)
    assert promised(checked)["GOLD"][:2] == ("firm", 40)
    tables = accepted(checked)
    assert tables.frames["pins"]["quantity"].tolist() == [40]
    assert tables.cell("pins", 0, "quantity") == f"[{plan.name}]Decisions!I2"


def test_a_late_promise_still_costs_its_damages(planned: Callable[..., tuple[Path, Path]]) -> None:
    """By hand: 30 GOLD due in week 1, where 20 can be made; the last 10 are promised a week late."""
    book = {**small_book(), "orders": [order("GOLD", 30, 9, due_date="2025-01-12", latest_date="2025-02-02",
                                             late_rate=0.1)]}
    _, plan = planned(book)
    assert promised(with_plan(book, plan))["GOLD"] == ("firm", 30, date(2025, 1, 12), date(2025, 1, 19))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_plan_keeps_its_promises(run: Run, book: Callable[..., Path], tmp_path: Path,
                                     planned: Callable[..., tuple[Path, Path]], language: str) -> None:
    """PEARL earns more than all that was accepted; without the promises it takes their hours, with them only what is
    free: nothing. By hand: GOLD 20 x 8, SILVER 10 x 3, DEPART 10 x 7 = 260."""
    folder, plan = planned(late_book(), language)
    before = run("solve", folder, "--json", "--out", tmp_path / "x.xlsx").document["margin"]
    wanted = late_book()
    wanted["orders"].append(order("PEARL", 40, 50))
    new = book(wanted, "new")
    free = run("solve", new, "--from-plan", plan, "--json", "--out", tmp_path / "free.xlsx")
    assert free.document["margin"] > 1900
    kept = run("solve", new, "--from-plan", plan, "--keep-promises", "--json", "--out", tmp_path / "kept.xlsx")
    assert (kept.code, kept.document["margin"]) == (0, pytest.approx(before)) == (0, pytest.approx(260))
    delivered = {row["order"]: row["delivered"] for row in kept.document["orders"]}
    assert delivered == {"GOLD": 20, "SILVER": 10, "DEPART": 10, "SCRAP": 0, "REFUSED": 0, "PEARL": 0}
    assert changes_of(tmp_path / "kept.xlsx") == [0.0] * len(changes_of(tmp_path / "kept.xlsx"))


def test_a_frozen_horizon_holds_the_plan(run: Run, book: Callable[..., Path], tmp_path: Path,
                                         planned: Callable[..., tuple[Path, Path]]) -> None:
    """Week 1 is frozen at 20 A. PEARL of item B earns 49 a unit: it takes week 2 only. By hand: 20 x 4 + 20 x 49 =
    1060. Were nothing frozen: 40 x 49."""
    _, plan = planned(small_book())
    wanted = small_book()
    wanted["items"].append({"item": "B"})
    wanted["routings"].append({**wanted["routings"][0], "item": "B"})
    wanted["orders"].append({**order("PEARL", 40, 50), "item": "B"})
    new = book(wanted, "new")
    said = run("solve", new, "--from-plan", plan, "--set", "frozen_until=2025-01-13", "--json", "--out",
               tmp_path / "frozen.xlsx")
    assert (said.code, said.document["margin"]) == (0, pytest.approx(1060))
    sheet = openpyxl.load_workbook(tmp_path / "frozen.xlsx")["Changes"]
    frozen = column_of(sheet, "frozen")
    assert {sheet.cell(row, frozen).value for row in range(2, sheet.max_row + 1)} == {"yes", "no"}
    assert sorted(changes_of(tmp_path / "frozen.xlsx")) == [-20, 0, 20]


def test_what_the_book_says_since_then_counts(planned: Callable[..., tuple[Path, Path]]) -> None:
    """An order that is gone, declined, larger, smaller, or due earlier than promised: the book's word stands, what was
    promised does not grow, and whatever does not fit is named with its cell."""
    _, plan = planned(late_book())
    changed = late_book()
    changed["orders"] = [
        order("GOLD", 25, 9, due_date="2025-01-12", latest_date="2025-02-02"),
        order("SILVER", 8, 4, due_date="2025-01-14", latest_date="2025-01-15"),
        order("SCRAP", 5, 0.5)]
    checked = with_plan(changed, plan)
    assert promised(checked) == {
        "GOLD": ("firm", 20, date(2025, 1, 12), date(2025, 1, 12)),
        "SILVER": ("firm", 8, date(2025, 1, 14), date(2025, 1, 15)),
        "SCRAP": ("optional", 5, date(2025, 1, 19), date(2025, 1, 19))}
    said = {finding.rule: finding.cell for finding in checked.findings}
    assert rules_of(checked.findings) == ["promise_order_gone", "promise_below_order"]
    assert said["promise_below_order"] == "orders!C2"
    assert said["promise_order_gone"] == f"[{plan.name}]Decisions!A2"
    changed["orders"][0]["decision"] = "decline"
    assert rules_of(with_plan(changed, plan).findings) == ["promise_order_gone", "promise_declined"]


def test_lines_and_items_that_are_gone_are_left_out(planned: Callable[..., tuple[Path, Path]]) -> None:
    """The plan made everything on L1; the book has L2 only."""
    _, plan = planned(small_book())
    book = {**small_book(), "lines": [{"line": "L2", "regular_hours": 40}],
            "routings": [{"line": "L2", "item": "A", "hours_per_unit": 2}]}
    checked = with_plan(book, plan, keep=False)
    assert accepted(checked).frames["published_plan"].empty
    assert rules_of(checked.findings) == ["plan_name_gone"]


def spoil(header: str, content: object, sheet: str = "Production") -> Callable[[openpyxl.Workbook], None]:
    """An edit of the first row under a header."""

    def change(book: openpyxl.Workbook) -> None:
        book[sheet].cell(2, column_of(book[sheet], header)).value = content

    return change


@pytest.mark.parametrize(("change", "cell", "rule"), [
    (spoil("quantity", "many"), "Production!G2", "not_a_number"),
    (spoil("bucket_start", None), "Production!E2", "missing_value"),
    (spoil("status", "perhaps", "Decisions"), "Decisions!G2", "not_a_choice"),
    (spoil("delivered", "5 t", "Decisions"), "Decisions!I2", "number_with_unit"),
    (spoil("last_arrival", None, "Decisions"), "Decisions!N2", "missing_value"),
    (spoil("quantity", "many", "Shipments"), "Shipments!J2", "not_a_number"),
    (lambda book: book["Production"].delete_cols(7), "Production", "plan_column_missing"),
    (lambda book: book.remove(book["Decisions"]), None, "plan_sheet_missing"),
    (spoil("passed", "no", "Audit"), None, "plan_rejected"),
])
def test_a_spoiled_plan_is_refused_at_its_cell(run: Run, planned: Callable[..., tuple[Path, Path]], tmp_path: Path,
                                               change: Any, cell: str | None, rule: str) -> None:
    """Exit 3; the finding names the plan's file, its sheet and cell."""
    folder, plan = planned(small_book())
    bad = edited(plan, "bad plan.xlsx", change)
    said = run("solve", folder, "--from-plan", bad, "--keep-promises", "--json", "--out", tmp_path / "no.xlsx")
    assert said.code == 3
    errors = [(error["cell"], error["rule"]) for error in said.document["errors"]]
    assert len(errors) == 1
    assert errors[0][0] == (f"[bad plan.xlsx]{cell}" if cell else "bad plan.xlsx")
    assert rule in rules_of_errors(bad, keep=True)


def rules_of_errors(plan: Path, keep: bool) -> list[str]:
    """Rules of the errors that the plan brings into the small book."""
    return [finding.rule for finding in with_plan(small_book(), plan, keep).findings if finding.severity == "error"]


@pytest.mark.parametrize(("name", "rule"), [
    ("nothing.xlsx", "not_found"), ("folder", "plan_no_workbook"), ("plan.csv", "plan_no_workbook"),
    ("text.xlsx", "broken_workbook"), ("input.xlsx", "plan_sheet_missing"), ("week 1.REJECTED.xlsx", "plan_rejected")])
def test_what_is_no_plan_is_refused(run: Run, planned: Callable[..., tuple[Path, Path]], tmp_path: Path, name: str,
                                    rule: str) -> None:
    """Exit 3 and a message that names the file; nothing is written."""
    folder, plan = planned(small_book())
    (tmp_path / "folder").mkdir()
    (tmp_path / "plan.csv").write_text("order,item\n")
    (tmp_path / "text.xlsx").write_text("order,item\n")
    (tmp_path / "week 1.REJECTED.xlsx").write_bytes(plan.read_bytes())
    openpyxl.Workbook().save(tmp_path / "input.xlsx")
    said = run("solve", folder, "--from-plan", tmp_path / name, "--out", tmp_path / "no.xlsx", "--quiet")
    assert said.code == 3
    assert name in said.err
    assert not (tmp_path / "no.xlsx").exists()
    assert set(rules_of_errors(tmp_path / name, keep=False)) == {rule}


def test_a_result_is_edited_and_solved_again(run: Run, planned: Callable[..., tuple[Path, Path]],
                                             tmp_path: Path) -> None:
    """SILVER's price rises to 6 in the sheet orders and a pin keeps 2 GOLD in week 1. By hand: 15 x 5 + 25 x 4 = 175;
    the sheet Changes says what moved against the plan in the same file."""
    _, plan = planned(small_book())

    def edit(book: openpyxl.Workbook) -> None:
        orders, pins = book["orders"], book["pins"]
        orders.cell(row_of(orders, "SILVER"), column_of(orders, "unit_price")).value = 6
        for header, content in {"order": "SILVER", "line": "L1", "bucket_start": datetime(2025, 1, 6),
                                "quantity": 15, "sense": "fixed"}.items():
            pins.cell(2, column_of(pins, header)).value = content

    path = edited(plan, "edited.xlsx", edit)
    said = run("solve", path, "--from-plan", plan, "--out", tmp_path / "next.xlsx", "--json")
    assert (said.code, said.document["margin"]) == (0, pytest.approx(175))
    book = openpyxl.load_workbook(tmp_path / "next.xlsx")
    production = [row[:3] + row[4:5] + row[6:7] for row in book["Production"].iter_rows(min_row=2, values_only=True)]
    assert ("SILVER", "A", "L1", datetime(2025, 1, 6), 15) in production
    assert "Changes" in book.sheetnames


def test_a_pin_that_breaks_a_promise_is_named(run: Run, planned: Callable[..., tuple[Path, Path]],
                                              tmp_path: Path) -> None:
    """At most 10 GOLD may be made, 30 are promised: exit 4."""
    _, plan = planned({**small_book(), "pins": [{"order": "GOLD", "quantity": 30, "sense": "max"}]})

    def lower(book: openpyxl.Workbook) -> None:
        book["pins"].cell(2, column_of(book["pins"], "quantity")).value = 10

    said = run("solve", edited(plan, "lower.xlsx", lower), "--from-plan", plan, "--keep-promises", "--json", "--out",
               tmp_path / "next.xlsx")
    assert said.code == 4
    assert [(miss["kind"], miss["name"], miss["missed"]) for miss in said.document["misses"]] == [
        ("firm_order", "GOLD", pytest.approx(20))]


def reference(run: Run, folder: Path, *options: str) -> tuple[Said, Said, Path]:
    """The reference case planned, and planned again from that plan; what both said, and the second result."""
    source, plan, again = ROOT / "data" / "narada_2025", folder / "plan.xlsx", folder / "again.xlsx"
    searched = ("--gap", "0.005", "--time-limit", "300", "--json", "--out")
    first = run("solve", source, *searched, plan)
    assert first.code == 0, first.err
    return first, run("solve", source, "--from-plan", plan, *options, *searched, again), again


@pytest.mark.slow
def test_the_reference_case_keeps_its_promises(run: Run, tmp_path: Path) -> None:
    """229 orders: nothing promised is missed, and only the search's gap may be lost."""
    first, said, _ = reference(run, tmp_path, "--keep-promises")
    assert (said.code, said.document["misses"]) == (0, [])
    assert said.document["margin"] == pytest.approx(first.document["margin"], rel=0.011)
    delivered = {row["order"]: row["delivered"] for row in said.document["orders"]}
    assert all(delivered[row["order"]] >= row["delivered"] - 1e-5 for row in first.document["orders"])


@pytest.mark.slow
def test_the_reference_case_keeps_its_frozen_weeks(run: Run, tmp_path: Path) -> None:
    """Four weeks frozen: nothing in them moves, and nothing promised is missed for it. With no more room than the
    rounding of what is published HiGHS finds the model impossible, and the command would end with exit 7."""
    _, said, again = reference(run, tmp_path, "--set", "frozen_until=2025-04-28")
    assert (said.code, said.document["misses"]) == (0, [])
    sheet = openpyxl.load_workbook(again)["Changes"]
    frozen, moved = column_of(sheet, "frozen"), column_of(sheet, "difference")
    assert {sheet.cell(row, moved).value for row in range(2, sheet.max_row + 1)
            if sheet.cell(row, frozen).value == "yes"} == {0}
