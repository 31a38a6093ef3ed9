"""Changes to the records of a case whose effect on the margin is known beforehand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from typing import Any

Records = dict[str, Any]
Row = dict[str, Any]

QUANTITIES = ("orders.quantity", "routings.min_lot", "routings.lot_multiple", "stock.opening_stock",
              "stock.safety_stock", "stock.final_stock", "stock.storage_limit", "supply.max_qty", "supply.min_qty",
              "receipts.quantity", "allocations.min_qty", "allocations.max_qty", "pins.quantity",
              "published_plan.quantity")
PER_UNIT = ("orders.unit_price", "routings.hours_per_unit", "routings.unit_cost", "routing_resources.hours_per_unit",
            "stock.holding_cost", "supply.unit_cost", "lanes.freight_cost", "transfers.unit_cost",
            "settings.change_cost")
MONEY = ("orders.unit_price", "routings.unit_cost", "routings.setup_cost", "lines.overtime_cost", "stock.holding_cost",
         "supply.unit_cost", "lanes.freight_cost", "transfers.unit_cost", "expansions.cost", "settings.change_cost")
HOURS = ("lines.regular_hours", "lines.overtime_hours", "routings.hours_per_unit", "routings.setup_hours",
         "resources.hours", "routing_resources.hours_per_unit")
NAMES = {"order": "order", "item": "item", "component": "item", "substitute": "item", "line": "line", "site": "site",
         "from_site": "site", "to_site": "site", "customer": "customer", "market": "market", "resource": "line",
         "supplier": "supplier", "family": "family", "setup_group": "group", "rule": "rule"}


def edited(records: Records, change: Callable[[str, Row], Row]) -> Records:
    """The records with every row of every table, settings included, replaced by what ``change`` makes of it."""
    return {name: change(name, rows) if name == "settings" else [change(name, row) for row in rows]
            for name, rows in records.items()}


def scaled(records: Records, columns: tuple[str, ...], factor: float) -> Records:
    """The figures of some columns times a factor."""
    def change(table: str, row: Row) -> Row:
        return {column: value * factor if f"{table}.{column}" in columns and value is not None else value
                for column, value in row.items()}
    return edited(records, change)


def shifted(records: Records, days: int) -> Records:
    """Every date so many days later."""
    def later(value: object) -> object:
        if isinstance(value, str):
            try:
                return (date.fromisoformat(value) + timedelta(days=days)).isoformat()
            except ValueError:
                return value
        return value
    return edited(records, lambda _, row: {column: later(value) for column, value in row.items()})


def backwards(records: Records) -> Records:
    """The rows of every table in reverse order."""
    return {name: rows if name == "settings" else rows[::-1] for name, rows in records.items()}


def with_sites_said(records: Records) -> Records:
    """Sites named wherever a blank would mean the site main."""
    places = [row["site"] for row in records.get("sites", [])] or ["main"]
    return {**records, "sites": [{"site": site} for site in places],
            "resources": [{"site": places[0], **row} for row in records.get("resources", [])]}


def renamed(records: Records, rename: Callable[[str, str], str]) -> Records:
    """Every name replaced by ``rename(kind, name)``; lines and resources are of one kind."""
    def change(table: str, row: Row) -> Row:
        return {column: rename(NAMES[column], value) if table != "settings" and column in NAMES and value is not None
                else value for column, value in row.items()}
    return edited(grouped(with_sites_said(records)), change)


def grouped(records: Records) -> Records:
    """Setup groups written out where a blank means the item."""
    return {**records, "routings": [{"setup_group": row["item"], **row} for row in records["routings"]]}


def backward_names() -> Callable[[str, str], str]:
    """Names in the opposite alphabetical order to that in which they are met."""
    numbers = count()
    known: dict[tuple[str, str], str] = {}

    def rename(kind: str, name: str) -> str:
        return known.setdefault((kind, name), f"n{999 - next(numbers)}")
    return rename


def without_promises_but_firm(records: Records) -> Records:
    """No pins, frozen plan, minimums, safety or final stock."""
    dropped = {"settings.frozen_until", "stock.safety_stock", "stock.final_stock", "allocations.min_qty"}
    kept = {name: rows for name, rows in records.items() if name != "pins"}
    return edited(kept, lambda table, row: {column: value for column, value in row.items()
                                            if f"{table}.{column}" not in dropped})


def all_optional(records: Records) -> Records:
    """No order is firm or planned as firm."""
    return {**records, "orders": [{column: value for column, value in row.items()
                                   if column != "commitment" and (column, value) != ("decision", "accept")}
                                  for row in records["orders"]]}


def latest(row: Row) -> date:
    """The latest date of an order."""
    return date.fromisoformat(row["latest_date"] if "latest_date" in row else row["due_date"])


def later_deadlines(records: Records, days: int) -> Records:
    """Orders may arrive so many days later, at the same damages."""
    return {**records, "orders": [{**row, "latest_date": (latest(row) + timedelta(days=days)).isoformat()}
                                  for row in records["orders"]]}


def with_another_line(records: Records) -> Records:
    """A further line that can do what the first one can."""
    first = records["lines"][0]["line"]
    return {**records, "lines": [*records["lines"], {**records["lines"][0], "line": "further"}],
            "routings": records["routings"] + [{**row, "line": "further"} for row in records["routings"]
                                               if row["line"] == first]}


def halved(records: Records) -> Records:
    """Every order that may be cut and is neither pinned nor tied to one line or delivery, as two of half the size."""
    pinned = {row["order"] for row in records.get("pins", [])}
    orders: list[Row] = []
    for row in records["orders"]:
        divisible = not (row.get("min_fill") or row.get("single_line") or row.get("single_delivery"))
        if divisible and row["order"] not in pinned:
            half = {**row, "quantity": row["quantity"] / 2}
            orders += [half, {**half, "order": f"{row['order']} again"}]
        else:
            orders.append(row)
    return {**records, "orders": orders}


def without_orders(records: Records, names: set[str]) -> Records:
    """The book without some orders; what was published for them is published for stock."""
    published = [{**row, "order": None if row.get("order") in names else row.get("order")}
                 for row in records.get("published_plan", [])]
    return {**records, "published_plan": published,
            "orders": [row for row in records["orders"] if row["order"] not in names]}


def apart(records: Records, prefix: str) -> Records:
    """The factory under names of its own, its rules about everything restricted to what is its own."""
    names = [row[column] for table, column in (("lines", "line"), ("resources", "resource"))
             for row in records.get(table, [])]
    calendar = [{**row, "line": name} for row in records.get("calendar", [])
                for name in (names if row.get("line") is None else [row["line"]])]
    rules = [row for row in records.get("allocations", []) if {"customer", "market", "item", "family"} & set(row)]
    own = renamed({**records, "calendar": calendar, "allocations": rules}, lambda _, name: f"{prefix} {name}")
    return {name: rows for name, rows in own.items() if rows}


def side_by_side(first: Records, second: Records) -> Records:
    """Two factories in one book; currencies are the same in both."""
    merged = {name: first.get(name, []) + second.get(name, []) for name in {**first, **second} if name != "settings"}
    currencies = {row["currency"]: row for row in merged.pop("currencies", [])}
    return {"settings": first["settings"], **merged, "currencies": list(currencies.values())}
