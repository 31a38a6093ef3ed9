"""A small order book on disk, a hard one, and what the command line answers to them."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.cli import main

Tables = dict[str, list[dict[str, object]]]


@dataclass(frozen=True)
class Said:
    """What a command answered: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on stdout; ValueError if there is anything else, or NaN or Infinity in it."""
        return json.loads(self.out, parse_constant=_refused)


def command(*arguments: object) -> Said:
    """What a command answers; usage errors, which argparse raises, come back as their exit code."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = stop.code  # type: ignore[assignment]
    return Said(code, out.getvalue(), err.getvalue())


def _refused(constant: str) -> float:
    raise ValueError(f"{constant} is not JSON")


def small_book() -> Tables:
    """Two weeks of 40 h at 2 h and 1 a unit: 40 units. By hand: 30 GOLD at 5 and 10 of 15 SILVER at 4 earn 150.

    SCRAP sells below its cost and is declined; REFUSED the planner has declined.
    """
    return {
        "settings": [{"key": "start_date", "value": "2025-01-06"}, {"key": "bucket_count", "value": 2},
                     {"key": "gap", "value": 0}],
        "items": [{"item": "A"}],
        "lines": [{"line": "L1", "regular_hours": 40}],
        "routings": [{"line": "L1", "item": "A", "hours_per_unit": 2, "unit_cost": 1}],
        "orders": [order("GOLD", 30, 5), order("SILVER", 15, 4), order("SCRAP", 5, 0.5),
                   order("REFUSED", 5, 9, decision="decline")],
    }


def order(name: str, quantity: float, price: float, **others: object) -> dict[str, object]:
    """An order for item A due at the end of the second week."""
    return {"order": name, "item": "A", "quantity": quantity, "unit_price": price, "due_date": "2025-01-19", **others}


def promised_book() -> Tables:
    """The small book with GOLD and SILVER promised: 45 units of 40. By hand: 5 SILVER are missed, worth 20."""
    firm = [order("GOLD", 30, 5, commitment="firm"), order("SILVER", 15, 4, commitment="firm")]
    return {**small_book(), "orders": firm}


def broken_book() -> Tables:
    """The small book with a wrong date, a quantity that is no number and an item nobody knows."""
    orders = [order("GOLD", 30, 5, due_date="2025-13-01"), order("SILVER", "many", 4),  # type: ignore[arg-type]
              {**order("SCRAP", 5, 0.5), "item": "Z"}]
    return {**small_book(), "orders": orders}


def hard_book(orders: int = 120, resources: int = 12, seed: int = 1) -> Tables:
    """All-or-nothing orders that share many resources: a knapsack no search closes within minutes."""
    draw = random.Random(seed)
    names = [f"O{number:03d}" for number in range(orders)]
    shared = [f"R{number:02d}" for number in range(resources)]
    use = {name: {resource: draw.randint(100, 999) for resource in shared} for name in names}
    limits = {resource: sum(use[name][resource] for name in names) // 2 for resource in shared}
    price = {name: sum(use[name].values()) / resources + draw.randint(0, 499) for name in names}
    return {
        **small_book(),
        "settings": [{"key": "start_date", "value": "2025-01-06"}, {"key": "bucket_count", "value": 1},
                     {"key": "gap", "value": 0}, {"key": "time_limit", "value": 300}],
        "items": [{"item": name} for name in names],
        "resources": [{"resource": resource, "hours": limit} for resource, limit in limits.items()],
        "routings": [{"line": "L1", "item": name, "hours_per_unit": 0.001} for name in names],
        "routing_resources": [{"line": "L1", "item": name, "resource": resource, "hours_per_unit": use[name][resource]}
                              for name in names for resource in shared],
        "orders": [{**order(name, 1, price[name], min_fill=1, due_date="2025-01-12"), "item": name} for name in names],
    }


def with_scenarios(tables: Tables) -> Tables:
    """The book with a scenario in which SILVER's price rises to 6: it goes first, 15 x 5 + 25 x 4 = 175."""
    row = {"scenario": "dear_silver", "table": "orders", "row": "SILVER", "column": "unit_price", "operation": "set",
           "value": 6}
    return {**tables, "scenarios": [row]}


def write_book(folder: Path, tables: Mapping[str, list[dict[str, object]]]) -> Path:
    """Write the tables as CSV files into ``folder``, which is made; returns it."""
    folder.mkdir(parents=True)
    for name, rows in tables.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)
    return folder
