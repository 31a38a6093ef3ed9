"""Two variants of a small book, planned, and their result workbooks; every number can be found by hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from model.planning import Result
from model.report.workbook import write_result
from tests.support import plan, settings

Records = dict[str, Any]
FORMULA = "=1+1"


def order(name: str, quantity: float, price: float, **others: object) -> dict[str, object]:
    """An order for item A due at the end of the second week."""
    return {"order": name, "item": "A", "quantity": quantity, "unit_price": price, "due_date": "2025-01-19", **others}


def before() -> Records:
    """One line of 2 x 40 h at 2 h and 1 a unit: 40 units.

    By hand: 30 GOLD earn 30 x 4 = 120, 2 of =1+1 earn 2 x 5 = 10, 8 of 15 SILVER earn 8 x 3 = 24; SCRAP sells below its
    cost. Margin 154 = revenue 150 + 12 + 32 = 194, less conversion 40. Load 80 h of 80 h.
    """
    return {
        "settings": settings(2, plan_name="before"),
        "items": [{"item": "A"}],
        "lines": [{"line": "L1", "regular_hours": 40, "technology": "lead"}],
        "routings": [{"line": "L1", "item": "A", "hours_per_unit": 2, "unit_cost": 1}],
        "orders": [order("GOLD", 30, 5), order("SILVER", 15, 4), order("SCRAP", 5, 0.5), order(FORMULA, 2, 6)],
    }


def after() -> Records:
    """SILVER pays 6, =1+1 is gone, NEW wants 4 at 7, and a second line of 2 x 10 h at 1 h and 1.5 a unit is there.

    By hand: 4 NEW, 15 SILVER, 30 GOLD are 49 units: 40 at 1 and 9 at 1.5 cost 53.5. Revenue 28 + 90 + 150 = 268, less
    conversion 53.5, a setup of 3 on L2 (all 9 in one week, else 6): 211.5. Load of L2: 9 h of 20 h.
    """
    book = before()
    return {
        **book, "settings": settings(2, plan_name="after"),
        "lines": [*book["lines"], {"line": "L2", "regular_hours": 10, "technology": "lead"}],
        "routings": [*book["routings"], {"line": "L2", "item": "A", "hours_per_unit": 1, "unit_cost": 1.5,
                                         "setup_cost": 3}],
        "orders": [order("GOLD", 30, 5), order("SILVER", 15, 6), order("SCRAP", 5, 0.5), order("NEW", 4, 7)],
    }


def promised() -> Records:
    """The book before, with SILVER promised. By hand: 15 SILVER leave 25 units for 2 of =1+1 and 23 of 30 GOLD."""
    book = before()
    return {**book, "orders": [order("GOLD", 30, 5), order("SILVER", 15, 4, commitment="firm"),
                               order("SCRAP", 5, 0.5), order(FORMULA, 2, 6)]}


def overpromised() -> Records:
    """GOLD and SILVER promised: 45 units of 40. By hand: 5 SILVER are missed, worth 20."""
    book = before()
    return {**book, "orders": [order("GOLD", 30, 5, commitment="firm"), order("SILVER", 15, 4, commitment="firm")]}


BOOKS: dict[str, Callable[[], Records]] = {"before": before, "after": after, "promised": promised,
                                           "overpromised": overpromised}


@cache
def planned(name: str) -> Result:
    """One of the books, planned once."""
    return plan(BOOKS[name]())


def write_results(folder: Path) -> None:
    """``<book>.<language>.xlsx`` of every book in both languages."""
    for name in BOOKS:
        for language in ("en", "zh"):
            write_one(folder / f"{name}.{language}.xlsx", planned(name), language)


def write_one(path: Path, result: Result, language: str = "en") -> Path:
    """The result as a workbook."""
    facts = {"input": path.stem, "scenario": "", "set": ""}
    return write_result(path, result, result.tables, [], language, facts)[0]
