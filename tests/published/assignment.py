"""Generalised assignment: agents are lines, jobs are items with an all-or-nothing order each."""

from __future__ import annotations

import json
from pathlib import Path

from tests.published.bench import START, Records, numbers, settings

Matrix = list[list[float]]


def read(path: Path) -> tuple[Matrix, Matrix, list[float]]:
    """Profit or cost of agent and job, hours of agent and job, hours of agents, from a file of the OR-Library."""
    found = numbers(path)
    agents, jobs = int(found[0]), int(found[1])
    rows = [found[2 + jobs * row:2 + jobs * (row + 1)] for row in range(2 * agents)]
    return rows[:agents], rows[agents:], found[2 + 2 * agents * jobs:2 + 2 * agents * jobs + agents]


def by_profit(path: Path) -> Records:
    """The case of a file of profits: price is the job's largest profit, conversion what an agent falls short of it."""
    profits, hours, capacity = read(path)
    prices = [max(column) for column in zip(*profits, strict=True)]
    costs = [[price - profit for price, profit in zip(prices, row, strict=True)] for row in profits]
    return case(costs, hours, capacity, prices)


def by_cost(path: Path, price: float) -> Records:
    """The case of a file of costs, at the same price for every job."""
    costs, hours, capacity = read(path)
    return case(costs, hours, capacity, [price] * len(costs[0]))


def martello(path: Path, price: float) -> Records:
    """The small case of the GAMS library, given as JSON."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return case(data["cost"], data["resource_use"], data["capacity"], [price] * data["items"])


def case(costs: Matrix, hours: Matrix, capacity: list[float], prices: list[float]) -> Records:
    """One bucket; each job's order of 1 is taken whole from one line or not at all."""
    due = START.replace(day=START.day + 6).isoformat()
    return {
        "settings": settings(),
        "items": [{"item": f"job {job}"} for job in range(len(prices))],
        "lines": [{"line": f"agent {agent}", "regular_hours": amount} for agent, amount in enumerate(capacity)],
        "routings": [{"line": f"agent {agent}", "item": f"job {job}", "hours_per_unit": hours[agent][job],
                      "unit_cost": costs[agent][job]}
                     for agent in range(len(capacity)) for job in range(len(prices))],
        "orders": [{"order": f"order {job}", "item": f"job {job}", "quantity": 1, "unit_price": price, "due_date": due,
                    "min_fill": 1, "single_line": True} for job, price in enumerate(prices)]}
