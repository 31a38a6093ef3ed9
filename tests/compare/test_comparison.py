"""Proves: what changed is found, by hand, and the bridge leads from one margin to the other to the last digit."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from model.audit.result import Audit
from model.compare import (
    Comparison,
    DifferentCurrenciesError,
    StoredResult,
    compare,
    comparison_document,
    comparison_text,
    read_result,
    write_comparison,
)
from tests.compare.books import BOOKS, FORMULA, order, write_one
from tests.support import plan


def compared(results: Path, before: str, after: str, language: str = "en") -> Comparison:
    return compare(*(read_result(results / f"{name}.{language}.xlsx") for name in (before, after)))


def changes(comparison: Comparison) -> dict[str, tuple[str, ...]]:
    frame = comparison.changed_orders
    return dict(zip(frame["order"], frame["changes"], strict=True))


def test_margins_and_bridge_by_term(results: Path) -> None:
    """By hand: 154 -> 211.5; revenue 194 -> 268, conversion 40 -> 53.5, setup 0 -> 3. Nothing else moves."""
    found = compared(results, "before", "after")
    assert (found.margin.before, found.margin.after, found.margin.difference) == (154, 211.5, 57.5)
    assert {step.name: step.difference for step in found.terms if step.difference} == {
        "revenue": 74, "conversion": -13.5, "setup": -3}
    assert found.proven == "after" and not found.nothing_changed


def test_bridge_by_order(results: Path) -> None:
    """By hand: NEW and SILVER take the 9 dear units between them, =1+1 is gone, the setup belongs to nobody.

    An order's own margin without the remainder would leave 60.5 instead of 57.5.
    """
    found = compared(results, "before", "after")
    moved = {step.name: step.difference for step in found.movers}
    assert moved[FORMULA] == -10
    assert sum(moved.values()) == pytest.approx(60.5)
    assert (found.unassigned.before, found.unassigned.after) == (0, -3)
    assert list(moved) == sorted(moved, key=lambda name: -abs(moved[name]))


@pytest.mark.parametrize("pair", [("before", "after"), ("after", "promised"), ("promised", "overpromised")])
def test_bridges_sum_to_the_last_digit(results: Path, pair: tuple[str, str]) -> None:
    """As decimals, with ==: what is printed adds up with pencil and paper."""
    found = compared(results, *pair)
    total = Decimal(repr(found.margin.difference))
    assert sum(Decimal(repr(step.difference)) for step in found.terms) == total
    assert sum(Decimal(repr(step.difference)) for step in (*found.movers, found.unassigned)) == total
    for most in (0, 1, 99):
        top, rest = found.top_movers(most)
        assert sum(Decimal(repr(step.difference)) for step in (*top, rest, found.unassigned)) == total


def test_awkward_cents_add_up(tmp_path: Path) -> None:
    """Prices of 0.1, 0.2 and 0.7: as binary fractions their sums miss by 1e-17, here they must not."""
    books = []
    for name, prices in (("a", (1.1, 1.2, 1.7)), ("b", (1.3, 1.9, 1.1))):
        book = BOOKS["before"]()
        book["orders"] = [order(f"O{place}", 3, price) for place, price in enumerate(prices)]
        books.append(read_result(write_one(tmp_path / f"{name}.xlsx", plan(book))))
    found = compare(*books)
    assert found.margin.difference == 0.9  # 3 x (0.2 + 0.7 - 0.6)
    assert sum(Decimal(repr(step.difference)) for step in (*found.movers, found.unassigned)) == Decimal("0.9")


def test_orders(results: Path) -> None:
    """By hand: SILVER partial -> accepted, 8 -> 15 at another price; GOLD and SCRAP stay as they are."""
    found = compared(results, "before", "after")
    told = changes(found)
    assert told["NEW"] == ("only_after",) and told[FORMULA] == ("only_before",)
    assert {"terms", "decision", "delivered"} <= set(told["SILVER"])
    assert "SCRAP" not in told
    silver = found.orders.set_index("order").loc["SILVER"]
    assert (silver["status_before"], silver["status_after"]) == ("partial", "accepted")
    assert (silver["delivered_before"], silver["delivered_after"], silver["terms"]) == (8, 15, ("unit_price",))
    assert found.counts["decision"] == 1


def test_an_order_no_longer_taken_has_no_other_promise(tmp_path: Path) -> None:
    """Decision and quantity say it all: where nothing is delivered there is no date and no line to differ."""
    book = {**BOOKS["before"](), "orders": [order("ONE", 5, 9)]}
    declined = {**book, "orders": [order("ONE", 5, 9, decision="decline")]}
    found = compare(*(read_result(write_one(tmp_path / f"{name}.xlsx", plan(each)))
                      for name, each in (("a", book), ("b", declined))))
    assert changes(found) == {"ONE": ("decision", "delivered")}


def test_promise_date_line_and_site(tmp_path: Path) -> None:
    """By hand: L1 at main is closed in week 2, so A arrives by 01-12; L2 at north opens in week 2, so B by 01-19."""
    book = {**BOOKS["before"](), "orders": [order("ONE", 5, 9)]}
    first = {**book, "lines": [{"line": "L1", "regular_hours": 40, "end_date": "2025-01-12"}]}
    second = {**book, "lines": [{"line": "L2", "regular_hours": 40, "site": "north", "start_date": "2025-01-13"}],
              "routings": [{"line": "L2", "item": "A", "hours_per_unit": 2, "unit_cost": 1}]}
    found = compare(*(read_result(write_one(tmp_path / f"{name}.xlsx", plan(each)))
                      for name, each in (("a", first), ("b", second))))
    row = found.orders.set_index("order").loc["ONE"]
    assert row["changes"] == ("promise_date", "lines", "sites")
    assert (row["lines_before"], row["lines_after"]) == (("L1",), ("L2",))
    assert (row["sites_before"], row["sites_after"]) == (("main",), ("north",))
    assert (f"{row['last_arrival_before']:%m-%d}", f"{row['last_arrival_after']:%m-%d}") == ("01-12", "01-19")


def test_the_promise_of_an_order_due_by_departure_is_when_it_leaves(tmp_path: Path) -> None:
    """By hand: a slower way of 9 days for 2 brings ONE a week later; it still leaves when it did. By arrivals, the
    promise would have moved."""
    lanes = {days: [{"site": "main", "market": "M", "transit_days": days}] for days in (2, 9)}
    weeks = {"first": {"end_date": "2025-01-12"}, "second": {"start_date": "2025-01-13"}}
    results = []
    for days, week in ((2, "first"), (9, "first"), (9, "second")):
        book = {**BOOKS["before"](), "markets": [{"market": "M"}], "lanes": lanes[days],
                "lines": [{"line": "L1", "regular_hours": 40, **weeks[week]}],
                "orders": [order("ONE", 5, 9, due_basis="departure", market="M")]}
        results.append(read_result(write_one(tmp_path / f"{days}_{week}.xlsx", plan(book))))
    slower, later = compare(results[0], results[1]), compare(results[0], results[2])
    assert changes(slower) == {}
    row = later.orders.set_index("order").loc["ONE"]
    assert "promise_date" in row["changes"]
    assert (row["promised_date_after"] - row["promised_date_before"]).days == 7
    assert (row["last_arrival_after"] - row["last_arrival_before"]).days == 14


def test_lines_and_technologies(results: Path) -> None:
    """By hand: L1 80 h of 80 h both times; L2 is new, 9 h of 20 h; together 89 h of 100 h."""
    found = compared(results, "before", "after")
    lines = found.lines.set_index("line")
    assert lines.loc["L1", ["load_before", "load_after"]].tolist() == [1, 1]
    assert not lines.loc["L1", "changed"] and lines.loc["L2", "changed"]
    assert lines.loc["L2", "load_after"] == pytest.approx(0.45)
    assert lines.loc["L2", ["used_hours_before", "load_before"]].isna().all()
    lead = found.technologies.set_index("technology").loc["lead"]
    assert (lead["load_before"], lead["load_after"], lead["load_difference"]) == pytest.approx((1, 0.89, -0.11))


def test_misses_appear_and_disappear(results: Path) -> None:
    """By hand: 5 SILVER are missed, worth 20, once GOLD is promised, too."""
    found = compared(results, "promised", "overpromised").changed_misses
    columns = ["change", "kind", "name", "missed_before", "missed_after", "unit", "value_after"]
    assert found[columns].values.tolist() == [
        ["appeared", "firm_order", "SILVER", 0, 5, "MWh", 20]]
    assert changes(compared(results, "promised", "overpromised"))[FORMULA] == ("only_before",)
    assert compared(results, "overpromised", "promised").changed_misses["change"].tolist() == ["disappeared"]
    assert compared(results, "overpromised", "overpromised").changed_misses.empty


def test_the_same_file_twice(results: Path) -> None:
    found = compared(results, "after", "after")
    assert found.nothing_changed and found.differences == () and found.changed_orders.empty and found.movers == ()


@pytest.mark.parametrize("name", BOOKS)
def test_both_languages_and_openpyxl_say_the_same(results: Path, tmp_path: Path, name: str) -> None:
    """A result in Chinese, or saved again by openpyxl (formulas lose their values), is the same result."""
    load_workbook(results / f"{name}.en.xlsx").save(tmp_path / "again.xlsx")
    english, chinese = (read_result(results / f"{name}.{language}.xlsx") for language in ("en", "zh"))
    assert compare(english, chinese).nothing_changed
    again = compare(english, read_result(tmp_path / "again.xlsx"))
    assert again.nothing_changed and again.differences == ()


def test_differences_of_the_runs_are_named(tmp_path: Path) -> None:
    """The horizon, a setting and the unit of an item; an order counted in another unit is not compared in quantity."""
    book = BOOKS["before"]()
    other = {**book, "settings": {**book["settings"], "bucket_count": 3, "quantity_unit": "GWh"}}
    found = compare(*(read_result(write_one(tmp_path / f"{name}.xlsx", plan(each)))
                      for name, each in (("a", book), ("b", other))))
    told = {(each.topic, each.name): (each.before, each.after) for each in found.differences}
    assert told["settings", "bucket_count"] == (2, 3)
    assert told["units", "A"] == ("MWh", "GWh")
    assert ("input", "input_hash") in told
    assert (found.before.end_date, found.after.end_date) == ("2025-01-19", "2025-01-26")
    assert all("delivered" not in each and "terms" in each for each in changes(found).values())


def test_different_currencies_are_refused(results: Path, tmp_path: Path) -> None:
    """Yuan and euros cannot be subtracted."""
    book = BOOKS["before"]()
    book["settings"] = {**book["settings"], "currency": "EUR"}
    with pytest.raises(DifferentCurrenciesError):
        compare(read_result(results / "before.en.xlsx"), read_result(write_one(tmp_path / "eur.xlsx", plan(book))))


def test_bounds_decide_what_is_proven(results: Path) -> None:
    """By hand: before earns 154 at best and after 211.5; the other way round the words turn."""
    assert compared(results, "after", "before").proven == "before"
    assert compared(results, "before", "before").proven is None


def shifted(stored: StoredResult, table: str, column: str, days: int) -> StoredResult:
    """The result with the days of one column moved."""
    frame = stored.plan.frames[table]
    frames = {**stored.plan.frames, table: frame.assign(**{column: frame[column] + pd.Timedelta(days=days)})}
    return replace(stored, plan=replace(stored.plan, frames=frames))


def test_what_moves_in_time_has_changed(results: Path) -> None:
    """Proves: the same units made a week later, or shipped a day later, are a change, though all sums are the same.

    By hand: 20 units each of 01-06 and 01-13 move to 01-13 and 01-20: 20 units, 40 h, go from the first to the third.
    """
    stored = read_result(results / "before.en.xlsx")
    made = shifted(shifted(stored, "production", "bucket_start", 7), "line_load", "bucket_start", 7)
    found = compare(stored, made)
    assert not found.nothing_changed and set(changes(found)["GOLD"]) == {"production"}
    assert found.lines["moved_hours"].tolist() == [40.0] and found.lines["changed"].all()
    assert found.production["quantity_before"].tolist() == [20, 0]
    assert found.production["quantity_after"].tolist() == [0, 20]
    text = comparison_text(found)
    assert "made at another time" in text and "40 h of it at another time" in text and "20 -> 0 MWh" in text
    later = compare(stored, shifted(stored, "shipments", "departure", 1))
    assert not later.nothing_changed and set(changes(later)["GOLD"]) == {"shipments"}
    assert later.production.empty and "shipped at another time" in comparison_text(later)


def test_roundings_and_refused_plans_prove_nothing(results: Path) -> None:
    """By hand: the same plan whose bound is 1e-9 below its margin; and one that no audit signed."""
    before, after = (read_result(results / f"{name}.en.xlsx") for name in ("before", "after"))
    rounded = replace(before, plan=replace(before.plan, bound=before.plan.margin - 1e-9))
    assert compare(rounded, before).proven is None and compare(before, rounded).proven is None
    for pair in ((replace(before, audit=Audit(False, ())), after), (before, replace(after, audit=Audit(False, ())))):
        found = compare(*pair)
        assert found.proven is None and "Proven" not in comparison_text(found)


def test_a_blank_bound_proves_nothing(results: Path, tmp_path: Path) -> None:
    """By hand: before's bound is deleted from its sheet Run: nothing limits what it might earn."""
    book = load_workbook(results / "before.en.xlsx")
    (row,) = [row for row in book["Run"].iter_rows() if row[1].value == "bound"]
    row[2].value = None
    book.save(tmp_path / "blank.xlsx")
    found = compare(read_result(tmp_path / "blank.xlsx"), read_result(results / "after.en.xlsx"))
    assert found.before.bound == math.inf and found.proven is None
    assert comparison_document(found)["before"]["bound"] is None
    assert comparison_text(found) and write_comparison(tmp_path / "c.xlsx", found).is_file()
