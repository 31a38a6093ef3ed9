"""Warehouse location: a warehouse is a site with one line, opened by its setup; a customer is a market."""

from __future__ import annotations

from pathlib import Path

from tests.published.bench import START, Records, numbers, settings


def warehouses(path: Path, price: float) -> tuple[Records, float]:
    """The case of a file of the OR-Library, and the sum of its prices."""
    found = iter(numbers(path))
    sites, customers = int(next(found)), int(next(found))
    capacity_and_cost = [(next(found), next(found)) for _ in range(sites)]
    demand_and_costs = [(next(found), [next(found) for _ in range(sites)]) for _ in range(customers)]
    due = START.replace(day=START.day + 6).isoformat()
    records = {
        "settings": settings(),
        "sites": [{"site": f"site {site}"} for site in range(sites)],
        "items": [{"item": "goods"}],
        "lines": [{"line": f"line {site}", "site": f"site {site}", "regular_hours": capacity}
                  for site, (capacity, _) in enumerate(capacity_and_cost)],
        "routings": [{"line": f"line {site}", "item": "goods", "hours_per_unit": 1, "setup_cost": cost}
                     for site, (_, cost) in enumerate(capacity_and_cost)],
        "markets": [{"market": f"market {customer}"} for customer in range(customers)],
        "lanes": [{"site": f"site {site}", "market": f"market {customer}", "freight_cost": cost / demand}
                  for customer, (demand, costs) in enumerate(demand_and_costs) for site, cost in enumerate(costs)],
        "orders": [{"order": f"order {customer}", "market": f"market {customer}", "item": "goods", "quantity": demand,
                    "unit_price": price, "due_date": due} for customer, (demand, _) in enumerate(demand_and_costs)]}
    return records, price * sum(demand for demand, _ in demand_and_costs)
