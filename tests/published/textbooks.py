"""Textbook cases: paper machines, steel over four weeks, a factory with maintenance months."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path

from tests.published.bench import START, Records, settings, week


def ajax(path: Path, commitment: str) -> Records:
    """Three paper machines and four products in one bucket."""
    data = json.loads(path.read_text(encoding="utf-8"))
    due = START.replace(day=START.day + 6).isoformat()
    return {
        "settings": settings(),
        "items": [{"item": product} for product in data["products"]],
        "lines": [{"line": line, "regular_hours": hours} for line, hours in zip(data["lines"], data["hours"],
                                                                               strict=True)],
        "routings": [{"line": line, "item": product, "hours_per_unit": 1 / data["tons_per_hour"][position][machine],
                      "unit_cost": data["cost_per_ton"][position][machine]}
                     for position, product in enumerate(data["products"])
                     for machine, line in enumerate(data["lines"])],
        "orders": [{"order": product, "item": product, "quantity": data["demand_tons"][position],
                    "unit_price": data["price_per_ton"][position], "due_date": due, "commitment": commitment}
                   for position, product in enumerate(data["products"])]}


def _parameters(text: str, name: str) -> list[list[str]]:
    body = re.search(rf"param {name}\b(.*?);", text, re.DOTALL)
    assert body is not None
    return [line.split() for line in body.group(1).replace(":=", "").splitlines() if line.strip()]


def steel(path: Path) -> Records:
    """Bands and coils over four weeks; an order per product and week that may be cut."""
    text = path.read_text(encoding="utf-8")

    def by_product(name: str) -> dict[str, float]:
        words = [word for line in _parameters(text, name) for word in line]
        return dict(zip(words[::2], map(float, words[1::2]), strict=True))

    def by_week(name: str) -> dict[str, list[float]]:
        return {line[0]: [float(word) for word in line[1:]] for line in _parameters(text, name)
                if not line[0].endswith(":") and line[0] != ":"}

    hours, rate, opening = by_product("avail"), by_product("rate"), by_product("inv0")
    cost, holding, price, market = by_product("prodcost"), by_product("invcost"), by_week("revenue"), by_week("market")
    weeks = [hours[str(number)] for number in range(1, len(hours) + 1)]
    return {
        "settings": settings(len(weeks)),
        "items": [{"item": product} for product in rate],
        "stock": [{"item": product, "opening_stock": opening[product], "holding_cost": holding[product]}
                  for product in rate],
        "lines": [{"line": "mill", "regular_hours": max(weeks)}],
        "calendar": [{"line": "mill", "from_date": week(number)["earliest_ship_date"],
                      "to_date": week(number)["due_date"], "availability": amount / max(weeks)}
                     for number, amount in enumerate(weeks)],
        "routings": [{"line": "mill", "item": product, "hours_per_unit": 1 / rate[product],
                      "unit_cost": cost[product]} for product in rate],
        "orders": [{"order": f"{product} {number}", "item": product, "quantity": market[product][number],
                    "unit_price": price[product][number], **week(number)}
                   for product in rate for number in range(len(weeks))]}


def factory(path: Path) -> tuple[Records, float]:
    """Seven products that use several machine groups at once, and the published optimum."""
    document = json.loads(path.read_text(encoding="utf-8"))
    data = document["data"]
    first = [date(2025, 1 + position, 1) for position in range(len(data["months"]) + 1)]
    last = dict(zip(data["months"], [day - timedelta(days=1) for day in first[1:]], strict=True))
    start = dict(zip(data["months"], first[:-1], strict=True))
    demand = {tuple(key.split("|")): quantity for key, quantity in data["max_sales"].items()}
    down = {tuple(key.split("|")): count for key, count in data["down"].items()}
    records = {
        "settings": settings(len(data["months"]), start_date="2025-01-01", bucket="month"),
        "items": [{"item": product} for product in data["products"]],
        "stock": [{"item": product, "holding_cost": data["holding_cost"], "storage_limit": data["max_inventory"],
                   "final_stock": data["store_target"]} for product in data["products"]],
        "lines": [{"line": "factory", "regular_hours": 1e5}],
        "routings": [{"line": "factory", "item": product, "hours_per_unit": 1} for product in data["products"]],
        "resources": [{"resource": machine, "hours": data["hours_per_month"] * data["installed"][machine]}
                      for machine in data["machines"]],
        "routing_resources": [{"line": "factory", "item": product, "resource": machine, "hours_per_unit": hours}
                              for machine in data["machines"] for product, hours in data["time_req"][machine].items()],
        "calendar": [{"line": machine, "from_date": start[month].isoformat(), "to_date": last[month].isoformat(),
                      "availability": 1 - count / data["installed"][machine]}
                     for (month, machine), count in down.items()],
        "orders": [{"order": f"{product} in {month}", "item": product, "quantity": quantity,
                    "unit_price": data["profit"][product], "earliest_ship_date": start[month].isoformat(),
                    "due_date": last[month].isoformat(), "latest_date": last[month].isoformat()}
                   for (month, product), quantity in demand.items() if quantity > 0]}
    return records, document["published_optimum"]
