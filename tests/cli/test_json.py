"""The JSON document: one on stdout and nothing else, its keys and types a contract with other programs."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from model.plan_tables import MISS_KINDS, MONEY_TERMS
from model.planning import Result
from tests.cli.book import Said, Tables, broken_book, command, order, promised_book, small_book, write_book

Run = Callable[..., Said]
Book = Callable[..., Path]
Document = dict[str, Any]
NUMBER, TEXT = (int, float), str
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
STATUSES = {"optimal", "within_gap", "limit", "promises_missed", "no_plan", "rejected_input", "failed",
            "rejected_plan", "not_written", "interrupted"}
TOP = {"status": TEXT, "margin": NUMBER, "bound": NUMBER, "gap": NUMBER, "seconds": dict, "money": dict, "orders": list,
       "misses": list, "audit": dict, "errors": list, "model": dict, "files": list, "versions": dict,
       "input_hash": TEXT}
ADDED = {"warnings", "notes", "rule_of_thumb"}
ORDER = {"order": TEXT, "status": TEXT, "delivered": NUMBER, "first_ship": TEXT, "last_arrival": TEXT,
         "late_days": NUMBER, "margin": NUMBER, "reason": TEXT, "explanation": dict}
MISS = {"kind": TEXT, "name": TEXT, "bucket": TEXT, "missed": NUMBER, "unit": TEXT, "value": NUMBER}
FINDING = {"table": TEXT, "row": int, "cell": TEXT, "column": TEXT, "value": TEXT, "rule": TEXT, "remedy": TEXT,
           "message": TEXT}
MAY_BE_NULL = {"first_ship", "last_arrival", "late_days", "bucket", "row", "explanation"}


def hold(rows: list[Document], types: dict[str, Any]) -> None:
    """Every row has exactly these keys, each of its type; null only where it may be."""
    for row in rows:
        assert row.keys() == types.keys()
        for key, value in row.items():
            assert isinstance(value, types[key]) or (value is None and key in MAY_BE_NULL), (key, value)
            assert not isinstance(value, bool), (key, value)


def promised_and_optional() -> Tables:
    """The promised book with an order that is declined and one that is left out."""
    tables = promised_book()
    tables["orders"] += [order("SCRAP", 5, 0.5), order("REFUSED", 5, 9, decision="decline")]
    return tables


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Document]:
    """The documents of an accepted, a partly missed and a rejected book."""
    books = {"optimal": small_book(), "promises_missed": promised_and_optional(), "rejected_input": broken_book()}
    folder = tmp_path_factory.mktemp("documents")
    return {status: command("solve", write_book(folder / status, tables), "--json", "--out", folder / f"{status}.xlsx"
                            ).document for status, tables in books.items()}


def test_a_book_without_orders(tmp_path: Path) -> None:
    """An order book that holds its header alone is planned: no order, nothing missed, no traceback. By hand: 5 units
    of safety stock made at 1 each: -5."""
    folder = write_book(tmp_path / "book", {**small_book(), "stock": [{"item": "A", "safety_stock": 5}]})
    (folder / "orders.csv").write_text("order,item,quantity,unit_price,due_date\n", encoding="utf-8")
    said = command("solve", folder, "--json", "--out", tmp_path / "plan.xlsx")
    found = said.document
    assert (said.code, found["status"], found["orders"], found["misses"]) == (0, "optimal", [], [])
    assert found["margin"] == pytest.approx(-5)
    assert found["audit"]["passed"] is True


def test_the_contract(documents: dict[str, Document]) -> None:
    """Keys, types and sums of every document, whatever its status. Dates are ISO days, unknown numbers null."""
    for status, document in documents.items():
        assert document["status"] == status
        assert document["status"] in STATUSES
        assert TOP.keys() <= document.keys() <= TOP.keys() | ADDED
        rejected = status == "rejected_input"
        for key, kind in TOP.items():
            assert isinstance(document[key], kind) or (rejected and document[key] is None), key
        hold(document["orders"], ORDER)
        hold(document["misses"], MISS)
        hold(document["errors"], FINDING)
        hold(document["warnings"], FINDING)
        assert {"load", "build", "solve", "report", "total"} <= document["seconds"].keys()
        assert document["model"].keys() == {"rows", "columns", "integers", "nonzeros"}
        assert document["audit"].keys() == {"passed", "findings"}
        assert {"python", "highspy", "pyomo", "pandas"} <= document["versions"].keys()
        for row in document["orders"]:
            assert row["status"] in {"accepted", "partial", "declined", "missed", "left_out"}
            assert all(row[key] is None or ISO_DAY.fullmatch(row[key]) for key in ("first_ship", "last_arrival"))


def test_a_plan(documents: dict[str, Document]) -> None:
    """By hand: 30 GOLD and 10 SILVER bring 190 and cost 40. 20 units a week: GOLD ships in both weeks."""
    document = documents["optimal"]
    assert document["margin"] == pytest.approx(150)
    assert list(document["money"]) == list(MONEY_TERMS)
    assert {term: amount for term, amount in document["money"].items() if amount} == pytest.approx(
        {"revenue": 190, "conversion": -40})
    orders = {row["order"]: row for row in document["orders"]}
    assert {name: row["status"] for name, row in orders.items()} == {
        "GOLD": "accepted", "SILVER": "partial", "SCRAP": "declined", "REFUSED": "left_out"}
    assert {name: row["delivered"] for name, row in orders.items()} == pytest.approx(
        {"GOLD": 30, "SILVER": 10, "SCRAP": 0, "REFUSED": 0})
    assert {name: row["margin"] for name, row in orders.items()} == pytest.approx(
        {"GOLD": 120, "SILVER": 30, "SCRAP": 0, "REFUSED": 0})
    assert orders["GOLD"]["last_arrival"] in ("2025-01-12", "2025-01-19")
    assert orders["SCRAP"]["first_ship"] is orders["SCRAP"]["last_arrival"] is orders["SCRAP"]["late_days"] is None
    assert document["audit"]["passed"] is True and document["audit"]["findings"]
    assert [Path(file).name for file in document["files"]] == ["optimal.xlsx"]
    assert document["misses"] == document["errors"] == []
    assert all(isinstance(count, int) and count > 0 for name, count in document["model"].items() if name != "integers")
    assert re.fullmatch("[0-9a-f]{64}", document["input_hash"])
    steps = document["seconds"]
    assert sum(steps[step] for step in ("load", "build", "solve", "report")) <= steps["total"] + 1e-6


def test_money_and_gap_add_up(documents: dict[str, Document]) -> None:
    """The terms sum to the margin; the gap is (bound - margin) / max(1, |margin|) of the very numbers beside it."""
    for status in ("optimal", "promises_missed"):
        document = documents[status]
        margin, bound = document["margin"], document["bound"]
        assert sum(document["money"].values()) == pytest.approx(margin, abs=1e-6)
        assert bound >= margin
        assert document["gap"] == pytest.approx((bound - margin) / max(1, abs(margin)), abs=1e-12)


def test_promises_missed(documents: dict[str, Document]) -> None:
    """By hand: 45 promised, 40 made: the 5 cheapest are missed, worth 5 x 4 = 20."""
    document = documents["promises_missed"]
    assert document["misses"] == [
        {"kind": "firm_order", "name": "SILVER", "bucket": None, "missed": pytest.approx(5), "unit": "MWh",
         "value": pytest.approx(20)}]
    assert "firm_order" in MISS_KINDS
    assert {row["order"]: row["status"] for row in document["orders"]} == {
        "GOLD": "accepted", "SILVER": "missed", "SCRAP": "declined", "REFUSED": "left_out"}


def test_rejected_input(documents: dict[str, Document]) -> None:
    """Each mistake with table, row, cell, column and the value as typed; no plan, no money, no file."""
    document = documents["rejected_input"]
    found = {(row["table"], row["row"], row["column"], row["value"]): row["cell"] for row in document["errors"]}
    assert found == {("orders", 2, "due_date", "2025-13-01"): "orders.csv E2",
                     ("orders", 3, "quantity", "many"): "orders.csv C3",
                     ("orders", 4, "item", "Z"): "orders.csv B4"}
    assert all(row["rule"] and row["remedy"] and "{" not in row["remedy"] + row["message"]
               for row in document["errors"])
    nothing = {key: document[key] for key in ("margin", "bound", "gap", "input_hash")}
    assert set(nothing.values()) == {None}
    assert document["money"] == {} and document["orders"] == document["misses"] == document["files"] == []
    assert document["audit"] == {"passed": None, "findings": []}


@pytest.mark.parametrize("status", ["no_plan", "failed", "interrupted"])
def test_without_a_plan(run: Run, small: Path, answer: Callable[..., Result], status: str) -> None:
    """No number is made up: margin, bound and gap are null, lists are empty, the input is still named."""
    answer(status=status, margin=None, bound=None, plan=None, audit=None)
    document = run("solve", small, "--json").document
    assert document["status"] == status
    assert document["margin"] is document["bound"] is document["gap"] is None
    assert document["money"] == {} and document["orders"] == document["misses"] == document["files"] == []
    assert re.fullmatch("[0-9a-f]{64}", document["input_hash"])


def test_endless_numbers_become_null(run: Run, small: Path, answer: Callable[..., Result]) -> None:
    """JSON knows no Infinity: a bound nobody has yet is null, and the document stays strict."""
    answer(status="limit", bound=float("inf"))
    document = run("solve", small, "--json").document
    assert document["bound"] is document["gap"] is None
    assert document["margin"] == pytest.approx(150)


def test_it_is_ascii_whatever_the_names(run: Run, book: Book) -> None:
    """Any console can print it, and names come back as they were typed."""
    tables = {**small_book(), "orders": [order("订单一 ü \"x\"", 5, 5), order("🔋", 5, 5)]}
    said = run("solve", book(tables), "--json", "--lang", "zh")
    assert said.out.isascii()
    assert {row["order"] for row in said.document["orders"]} == {"订单一 ü \"x\"", "🔋"}


def test_without_json_stdout_is_no_document(run: Run, small: Path, answer: Callable[..., Result]) -> None:
    """JSON is for those who ask for it."""
    answer()
    assert "{" not in run("solve", small).out
