"""The orders of a benchmark book, and the hours per unit at which they overload its plant as much as they should."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tests.bench import parameters as given
from tests.bench.plant import Plant

DAY = pd.Timedelta(days=1)


@dataclass
class Demand:
    """``orders``: one row per order, all in numbers and dates, without money. ``wanted``: units of each item that all
    orders want, as component of others included."""

    orders: pd.DataFrame
    wanted: np.ndarray


def make_demand(size: given.Size, family: str, plant: Plant, rng: np.random.Generator) -> Demand:
    """Orders that want ``LOAD`` of every technology's hours; sets the hours of the plant's routes."""
    orders = _who_and_what(size, plant, rng)
    _dates(orders, size.weeks, rng)
    single = family == "single"
    orders["single_line"] = single & (rng.random(size.orders) < given.SINGLE_LINE_SHARE)
    orders["min_fill"] = (single & (rng.random(size.orders) < given.ALL_OR_NOTHING_SHARE)).astype(float)
    drawn = given.QUANTITY_MEDIAN * rng.lognormal(0.0, given.QUANTITY_SPREAD, size.orders)
    drawn *= np.where(orders["is_firm"], given.FIRM_QUANTITY, 1.0)
    quantity = drawn
    for _ in range(8):
        wanted = _wanted(plant, orders["item"].to_numpy(), quantity)
        _set_hours(plant, wanted)
        quantity = np.minimum(drawn, _most(plant, orders))
    orders["quantity"] = np.maximum(np.round(quantity, 1), 0.1)
    wanted = _wanted(plant, orders["item"].to_numpy(), orders["quantity"].to_numpy())
    _set_hours(plant, wanted)
    return Demand(orders, wanted)


def _who_and_what(size: given.Size, plant: Plant, rng: np.random.Generator) -> pd.DataFrame:
    count = size.orders
    weight = rng.lognormal(0.0, given.ITEM_DEMAND_SPREAD, len(plant.items))
    technology = plant.items["technology"].to_numpy()
    by_technology = np.bincount(technology, weight)
    share = np.array([each.order_share for each in plant.technologies])
    chance = weight / by_technology[technology] * share[technology]
    # Every item is ordered at least once, so that no line stands without work.
    item = np.concatenate([np.arange(len(plant.items)),
                           rng.choice(len(plant.items), count - len(plant.items), p=chance / chance.sum())])
    customers = min(given.MOST_CUSTOMERS, count // given.ORDERS_PER_CUSTOMER)
    tier = rng.choice(len(given.TIERS), customers, p=[each[1] for each in given.TIERS])
    customer = rng.integers(0, customers, count)
    priority = np.array([each[2] for each in given.TIERS])[tier[customer]] + rng.integers(-1, 2, count)
    market = rng.choice(len(given.MARKETS), count, p=[each.share for each in given.MARKETS])
    return pd.DataFrame({"item": rng.permutation(item), "customer": customer, "tier": tier[customer],
                         "priority": priority, "market": market, "is_firm": rng.random(count) < given.FIRM_SHARE})


def _dates(orders: pd.DataFrame, weeks: int, rng: np.random.Generator) -> None:
    """Due dates over the whole horizon; the slowest lane of the market may always be taken."""
    count = len(orders)
    slowest = np.array([max(days for _, _, days in each.lanes) for each in given.MARKETS])
    transit = slowest[orders["market"]] + given.SECOND_SITE_DAYS
    first = transit + 7 * np.where(orders["is_firm"], given.FIRM_FIRST_DUE, given.FIRST_DUE)
    due = np.floor(rng.uniform(first, 7 * weeks))
    ship = due - transit - 7 * rng.integers(given.SHIP_BEFORE_DUE[0], given.SHIP_BEFORE_DUE[1] + 1, count)
    late = 7 * rng.integers(given.LATEST_AFTER_DUE[0], given.LATEST_AFTER_DUE[1] + 1, count)
    may_be_late = (rng.random(count) < given.LATEST_SHARE) | orders["is_firm"]
    ordered = ship - 7 * rng.integers(given.ORDERED_BEFORE_SHIP[0], given.ORDERED_BEFORE_SHIP[1] + 1, count)
    start = pd.Timestamp(given.START_DATE)
    latest = due + np.where(may_be_late, late, 0)
    for name, day in (("order_date", ordered), ("earliest_ship_date", ship), ("due_date", due),
                      ("latest_date", latest)):
        orders[name] = start + pd.to_timedelta(day.astype(int), unit="D")
    orders["last_bucket"] = np.minimum((latest - transit + 1) // 7, weeks)


def _wanted(plant: Plant, item: np.ndarray, quantity: np.ndarray) -> np.ndarray:
    """Units of each item that the orders want, directly or as component; components stand before what they go into."""
    wanted = np.bincount(item, quantity, minlength=len(plant.items))
    component, good = plant.items["component"].to_numpy(), plant.items["yield_share"].to_numpy()
    for parent in range(len(wanted) - 1, -1, -1):
        if component[parent] >= 0:
            wanted[component[parent]] += wanted[parent] / good[parent]
    return wanted


def _set_hours(plant: Plant, wanted: np.ndarray) -> None:
    """Scale the hours of each technology's routes so that what is wanted loads its lines ``LOAD``."""
    routes = plant.routes
    mean = routes.groupby("item")["hours"].mean().to_numpy()
    technology = plant.items["technology"].to_numpy()
    asked = np.bincount(technology, mean * wanted)
    offered = np.bincount(plant.lines["technology"], plant.hours)
    scale = given.LOAD * offered / asked
    routes["hours"] = np.round(routes["hours"] * scale[technology[routes["item"]]], 4)


def _most(plant: Plant, orders: pd.DataFrame) -> np.ndarray:
    """Most an order may ask for."""
    slowest = plant.routes.groupby("item")["hours"].max().to_numpy()[orders["item"]]
    hours = given.REGULAR_HOURS * orders["last_bucket"].to_numpy()
    return given.MOST_OF_CAPACITY * hours / slowest
