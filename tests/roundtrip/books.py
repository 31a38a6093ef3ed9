"""Order books for the round trip, results of them, and edits as a planner makes them."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date, datetime
from pathlib import Path

import openpyxl

from model.checks import Checked, check
from model.findings import Finding
from model.from_plan import with_published_plan
from model.report.workbook import write_result
from model.tables import RawBook, Tables, from_records, read
from model.template.inputs import write_inputs
from tests.cli.book import Tables as Book
from tests.cli.book import order, small_book
from tests.report.fakes import HOSTILE_IDS, fake_result
from tests.tables.cases import good_case


def hostile_records() -> dict[str, list[dict[str, object]]]:
    """A case of every table, orders with ids that spreadsheets like to change, and columns of the planner's own."""
    case = deepcopy(good_case())
    first = case["orders"][0]
    known = {row["order"] for row in case["orders"]}
    for number, name in enumerate(name for name in HOSTILE_IDS if name not in known):
        case["orders"].append({**first, "order": name, "decision": None, "remark": f" {name}", "amount": number / 3,
                               "<r>when</r>": datetime(2025, 3, 31, 14, 30 + number), "checked": bool(number % 2),
                               "_x0041_": "a\x0bb_x0041_"})
    return case


def tables_of(book: RawBook) -> Tables:
    """The checked tables; AssertionError naming every error if there is one."""
    return accepted(check(book))


def accepted(checked: Checked) -> Tables:
    """The tables of an input that was accepted."""
    assert checked.tables is not None, [
        (finding.cell, finding.rule_text()) for finding in checked.findings if finding.severity == "error"]
    return checked.tables


def result_of(folder: Path, tables: Tables, language: str = "en") -> Path:
    """A result workbook of ``tables`` whose plan no solver made."""
    return write_result(folder / "result.xlsx", fake_result(tables), tables, [], language, None, [write_inputs])[0]


def hostile_result(folder: Path, language: str = "en") -> tuple[Tables, Path]:
    """The hostile case and a result of it."""
    tables = tables_of(from_records(hostile_records()))
    return tables, result_of(folder, tables, language)


def same_input(one: Tables, path: Path) -> None:
    """The workbook, read as an input, is ``one`` in every cell, address and own column aside; nothing in it is doubted
    that was not before."""
    book = read(path)
    assert (book.findings, book.ignored) == ([], [])
    other = tables_of(book)
    assert other.settings == one.settings
    for name, frame in one.frames.items():
        assert frame.equals(other.frames[name]), (name, frame, other.frames[name])
    assert {name: frame.to_dict("list") for name, frame in one.extras.items() if not frame.empty} == \
        {name: frame.to_dict("list") for name, frame in other.extras.items() if not frame.empty}
    assert (other.input_hash, other.defaults_used, other.present) == (one.input_hash, one.defaults_used, one.present)


def edited(path: Path, name: str, change: Callable[[openpyxl.Workbook], None]) -> Path:
    """A copy of a workbook, called ``name``, after an edit in another program."""
    book = openpyxl.load_workbook(path)
    change(book)
    target = path.with_name(name)
    book.save(target)
    return target


def column_of(sheet: openpyxl.worksheet.worksheet.Worksheet, header: str) -> int:
    """Number of the column under a header, its unit aside."""
    return next(cell.column for cell in sheet[1] if str(cell.value).split(" [")[0] == header)


def row_of(sheet: openpyxl.worksheet.worksheet.Worksheet, key: object, column: int = 1) -> int:
    """Number of the first row that holds ``key``."""
    return next(row for row in range(2, sheet.max_row + 1) if sheet.cell(row, column).value == key)


def late_book() -> Book:
    """Two weeks of 20 units. By hand: GOLD's 30 take week 1 and half of week 2, where it is late at 0.1 of its price;
    SILVER gets 10 of 15 by the end of week 2; DEPART's dates are met when it leaves."""
    return {**small_book(), "markets": [{"market": "far"}],
            "lanes": [{"site": "main", "market": "far", "transit_days": 3}],
            "orders": [order("GOLD", 20, 9, due_date="2025-01-12", latest_date="2025-02-02", late_rate=0.1),
                       order("SILVER", 15, 4, due_date="2025-01-19", latest_date="2025-03-02"),
                       order("DEPART", 10, 8, market="far", due_basis="departure", latest_date="2025-01-31"),
                       order("SCRAP", 5, 0.5), order("REFUSED", 5, 9, decision="decline")]}


def with_plan(tables: Book, plan: Path, keep: bool = True) -> Checked:
    """The book checked with the plan in it."""
    return check(with_published_plan(from_records(tables), plan, keep))


def promised(checked: Checked) -> dict[str, tuple[str, float, date, date]]:
    """Commitment, quantity, due and latest date of each order."""
    frame = accepted(checked).frames["orders"]
    return {row.order: (row.commitment, row.quantity, row.due_date.date(), row.latest_date.date())
            for row in frame.itertuples()}


def rules_of(findings: list[Finding]) -> list[str]:
    """What is said about the plan, in words that can be filled in both languages."""
    for finding in findings:
        assert all("{" not in finding.rule_text(each) + finding.remedy_text(each) for each in ("en", "zh"))
    return [finding.rule for finding in findings if finding.rule.startswith(("plan_", "promise_"))]
