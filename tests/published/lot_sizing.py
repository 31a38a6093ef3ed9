"""Lot sizing: products with setups on one line or two identical ones, and firm demand in every period."""

from __future__ import annotations

import json
from pathlib import Path

from tests.published.bench import Records, numbers, settings, week

Matrix = list[list[float]]


def trigeiro(path: Path, price: float, line_hours: list[float] | None = None) -> tuple[Records, float]:
    """The case of a file of Trigeiro, Thomas and McClain, on lines of the file's capacity or of other hours, and the
    sum of its prices."""
    found = numbers(path)
    items, periods = int(found[0]), int(found[1])
    rows = [found[4 + 4 * item:8 + 4 * item] for item in range(items)]
    first = 4 + 4 * items
    demand = [found[first + items * period:first + items * (period + 1)] for period in range(periods)]
    products = [{"hours_per_unit": row[0], "holding_cost": row[1], "setup_hours": row[2], "setup_cost": row[3]}
                for row in rows]
    return case(products, demand, [found[3]] if line_hours is None else line_hours, price)


def gamspy(path: Path, price: float) -> tuple[Records, float]:
    """The small case of the GAMSPy examples, whose hours differ by period, and the sum of its prices."""
    data = json.loads(path.read_text(encoding="utf-8"))
    products = [{"hours_per_unit": 1, "holding_cost": data["holding_cost"][name], "setup_hours": 0,
                 "setup_cost": data["setup_cost"][name]} for name in data["products"]]
    demand = [[data["demand"][name][period] for name in data["products"]] for period in range(len(data["periods"]))]
    hours = data["capacity_resource_A"]
    records, total = case(products, demand, [max(hours)], price)
    records["calendar"] = [{"from_date": week(period)["earliest_ship_date"], "to_date": week(period)["due_date"],
                            "availability": amount / max(hours)} for period, amount in enumerate(hours)]
    return records, total


def case(products: list[Records], demand: Matrix, line_hours: list[float], price: float) -> tuple[Records, float]:
    """One firm order for each product and period with demand; every line makes every product."""
    names = [f"product {position}" for position in range(len(products))]
    lines = [f"line {position}" for position in range(len(line_hours))]
    orders = [{"order": f"{name} in {period}", "item": name, "quantity": demand[period][position],
               "unit_price": price, "commitment": "firm", **week(period)}
              for period in range(len(demand)) for position, name in enumerate(names) if demand[period][position] > 0]
    records = {
        "settings": settings(len(demand)),
        "items": [{"item": name} for name in names],
        "stock": [{"item": name, "holding_cost": product["holding_cost"]}
                  for name, product in zip(names, products, strict=True)],
        "lines": [{"line": line, "regular_hours": hours} for line, hours in zip(lines, line_hours, strict=True)],
        "routings": [{"line": line, "item": name,
                      **{column: product[column] for column in ("hours_per_unit", "setup_hours", "setup_cost")}}
                     for line in lines for name, product in zip(names, products, strict=True)],
        "orders": orders}
    return records, price * sum(map(sum, demand))
