"""A benchmark book as input tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.bench import parameters as given
from tests.bench.demand import Demand
from tests.bench.plant import Plant

Frames = dict[str, pd.DataFrame]


def plant_tables(plant: Plant, family: str, wanted: np.ndarray, rng: np.random.Generator) -> Frames:
    """Everything but markets and orders."""
    earned = _margin_of_an_hour(plant)
    frames = {"lines": _lines(plant, earned), "items": _items(plant), "calendar": plant.calendar,
              "routings": _routings(plant, family, earned, rng), "bill_of_materials": _bill(plant)}
    sites = list(dict.fromkeys(plant.lines["site"]))
    frames["sites"] = pd.DataFrame({"site": sites, "name": [site.title() for site in sites]})
    frames["stock"] = _stock(plant, sites, wanted)
    frames["supply"] = pd.DataFrame(
        [(f"{material}_supplier", material, site, given.MATERIALS[material], given.MATERIAL_LEAD_DAYS)
         for material in _materials(plant) for site in sites],
        columns=["supplier", "item", "site", "unit_cost", "lead_time_days"])
    return {**frames, **(_second_site(plant, sites, wanted, rng) if family == "staged" else {})}


def market_tables(weeks: int, sites: list[str]) -> Frames:
    """Markets, currencies, lanes and duties."""
    lanes = []
    for place, site in enumerate(sites):
        for market in given.MARKETS:
            for mode, freight, days in market.lanes:
                more = given.SECOND_SITE_DAYS if place and market.region == "overseas" else 0
                lanes.append((site, market.name, mode, freight * given.SECOND_SITE_FREIGHT ** place, days + more))
    changed, share, rate = given.DUTY_CHANGE
    day = pd.Timestamp(given.START_DATE) + pd.Timedelta(days=7 * int(weeks * share))
    return {
        "currencies": pd.DataFrame(given.RATES.items(), columns=["currency", "rate"]),
        "markets": pd.DataFrame([(each.name, each.name, each.region, each.currency, each.duty_rate)
                                 for each in given.MARKETS],
                                columns=["market", "name", "region", "currency", "duty_rate"]),
        "lanes": pd.DataFrame(lanes, columns=["site", "market", "mode", "freight_cost", "transit_days"]),
        "duties": pd.DataFrame([(changed, day, rate)], columns=["market", "from_date", "duty_rate"]),
    }


def order_tables(demand: Demand, plant: Plant, rng: np.random.Generator) -> Frames:
    """Customers and orders."""
    orders = demand.orders
    count = len(orders)
    region = np.array([each.region for each in given.MARKETS])[orders["market"]]
    rate = np.array([given.RATES.get(each.currency, 1.0) for each in given.MARKETS])[orders["market"]]
    price = plant.items["price"].to_numpy()[orders["item"]] * rng.lognormal(0.0, given.PRICE_OF_ORDER, count)
    price *= np.where(region == "overseas", given.OVERSEAS_PREMIUM, 1.0) / rate
    numbers = [f"C{customer + 1:03d}" for customer in range(int(orders["customer"].max()) + 1)]
    tiers = orders.drop_duplicates("customer").set_index("customer")["tier"]
    frame = pd.DataFrame({
        "order": [f"O{number + 1:05d}" for number in range(count)],
        "customer": np.array(numbers, dtype=object)[orders["customer"]],
        "market": np.array([each.name for each in given.MARKETS], dtype=object)[orders["market"]],
        "item": plant.items["item"].to_numpy(dtype=object)[orders["item"]],
        "quantity": orders["quantity"],
        "unit_price": np.round(price, 0),
        "commitment": np.where(orders["is_firm"], "firm", "optional").astype(object),
        "priority": orders["priority"],
        **{name: orders[name] for name in ("order_date", "earliest_ship_date", "due_date", "latest_date")},
        "min_fill": orders["min_fill"],
        "single_line": orders["single_line"],
        "late_rate": rng.choice(given.LATE_RATES, count),
        "late_grace_days": rng.choice(given.GRACE_DAYS, count),
        "late_cap": rng.choice(given.LATE_CAPS, count),
        "incoterm": _incoterms(region, rng),
    })
    names = [given.TIERS[tiers.get(customer, 0)][0] for customer in range(len(numbers))]
    customers = pd.DataFrame({"customer": numbers, "name": [f"Customer {each}" for each in numbers], "tier": names})
    return {"customers": customers, "orders": frame}


def _incoterms(region: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    terms = np.empty(len(region), dtype=object)
    for name, choices in given.INCOTERMS.items():
        here = region == name
        terms[here] = rng.choice([term for term, _ in choices], int(here.sum()), p=[share for _, share in choices])
    return terms


def _margin_of_an_hour(plant: Plant) -> np.ndarray:
    """Typical margin [CNY/h] by technology."""
    mean = plant.routes.groupby("item")["hours"].mean().to_numpy()
    earned = (1 - given.COST_SHARE) * plant.items["price"].to_numpy() / mean
    return pd.Series(earned).groupby(plant.items["technology"].to_numpy()).mean().to_numpy()


def _lines(plant: Plant, earned: np.ndarray) -> pd.DataFrame:
    technology = plant.lines["technology"].to_numpy()
    names = np.array([each.name for each in plant.technologies], dtype=object)
    return pd.DataFrame({
        "line": plant.lines["line"], "site": plant.lines["site"], "name": plant.lines["line"],
        "technology": names[technology], "regular_hours": given.REGULAR_HOURS, "overtime_hours": given.OVERTIME_HOURS,
        "overtime_cost": np.round(given.OVERTIME_MARGIN_SHARE * earned[technology], -1)})


def _materials(plant: Plant) -> list[str]:
    return [material for material in given.MATERIALS if (plant.items["material"] == material).any()]


def _items(plant: Plant) -> pd.DataFrame:
    chosen = [plant.technologies[each] for each in plant.items["technology"]]
    made = pd.DataFrame({"item": plant.items["item"], "name": plant.items["item"],
                         "sector": [each.sector for each in chosen], "family": [each.name for each in chosen],
                         "technology": [each.name for each in chosen], "unit": "MWh"})
    materials = _materials(plant)
    bought = pd.DataFrame({"item": materials, "name": materials, "family": "material", "technology": "material",
                           "unit": "t"})
    return pd.concat([made, bought], ignore_index=True).astype(object)


def _routings(plant: Plant, family: str, earned: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    routes, items, lines = plant.routes, plant.items, plant.lines
    item, line = routes["item"].to_numpy(), routes["line"].to_numpy()
    frame = pd.DataFrame({
        "line": lines["line"].to_numpy(dtype=object)[line], "item": items["item"].to_numpy(dtype=object)[item],
        "hours_per_unit": routes["hours"],
        "unit_cost": np.round(_conversion(plant)[item] * lines["cost"].to_numpy()[line], 0),
        "yield_share": items["yield_share"].to_numpy()[item]})
    stage = plant.technologies is given.STAGES
    frame["lead_time_days"] = np.where(stage & (items["technology"].to_numpy()[item] == 0), given.CELL_LEAD_DAYS, 0)
    return frame if family != "setups" else frame.assign(**_setups(plant, earned, rng))


def _conversion(plant: Plant) -> np.ndarray:
    """Cost of making a unit of each item, beside what it consists of."""
    items = plant.items
    cost = given.COST_SHARE * items["price"].to_numpy()
    consumed = np.array([given.MATERIALS.get(material, 0.0) for material in items["material"]]) * (
        items["material_per_unit"].to_numpy())
    component = items["component"].to_numpy()
    consumed = consumed + np.where(component >= 0, cost[component], 0.0)
    return np.maximum(cost - consumed / items["yield_share"].to_numpy(), 0.02 * cost)


def _setups(plant: Plant, earned: np.ndarray, rng: np.random.Generator) -> Frames:
    """Setup group, hours, cost and smallest lot of each route; routes of one line and group have one setup."""
    items, routes = plant.items, plant.routes
    shared = (rng.random(len(items)) < given.SHARED_GROUP_SHARE) & (items["number"].to_numpy() % 2 == 1)
    head = np.where(shared, np.arange(len(items)) - 1, np.arange(len(items)))
    pairs = pd.Series(list(zip(routes["line"], head[routes["item"]], strict=True)))
    code = pd.factorize(pairs)[0]
    count = int(code.max()) + 1
    hours = np.round(rng.uniform(*given.SETUP_HOURS, count), 1)
    worth = rng.uniform(*given.SETUP_MARGIN_HOURS, count)
    has = rng.random(count) < given.SETUP_SHARE
    technology = items["technology"].to_numpy()[routes["item"]]
    lot = rng.uniform(*given.MIN_LOT_HOURS, len(routes)) / routes["hours"].to_numpy()
    return {
        "setup_group": items["item"].to_numpy(dtype=object)[head[routes["item"]]],
        "setup_hours": np.where(has, hours, 0.0)[code],
        "setup_cost": np.round(np.where(has, worth, 0.0)[code] * earned[technology], -1),
        "min_lot": np.where(has[code], np.maximum(np.round(lot, 1), 0.1), 0.0),
    }


def _bill(plant: Plant) -> pd.DataFrame:
    items = plant.items
    rows = [(item, material, per) for item, material, per
            in zip(items["item"], items["material"], items["material_per_unit"], strict=True) if material]
    rows += [(item, items["item"][component], 1.0) for item, component
             in zip(items["item"], items["component"], strict=True) if component >= 0]
    return pd.DataFrame(rows, columns=["item", "component", "quantity_per"])


def _stock(plant: Plant, sites: list[str], wanted: np.ndarray) -> pd.DataFrame:
    """Holding cost of everything; materials, and cells that others are made of, are there for the first weeks."""
    items = plant.items
    used = wanted / given.LOAD / plant.weeks / len(sites)
    is_cell = (plant.technologies is given.STAGES) & (items["technology"].to_numpy() == 0)
    opening = np.where(is_cell, np.round(given.CELL_OPENING_BUCKETS * used, 0), 0.0)
    rows = [(item, site, there, round(given.HOLDING_SHARE * price, 0)) for site in sites
            for item, there, price in zip(items["item"], opening, items["price"], strict=True)]
    for material in _materials(plant):
        per = np.where(items["material"] == material, items["material_per_unit"], 0.0) / items["yield_share"]
        there = float(np.round(given.MATERIAL_OPENING_BUCKETS * (used * per).sum(), 0))
        rows += [(material, site, there, round(given.HOLDING_SHARE * given.MATERIALS[material], 1)) for site in sites]
    return pd.DataFrame(rows, columns=["item", "site", "opening_stock", "holding_cost"])


def _second_site(plant: Plant, sites: list[str], wanted: np.ndarray, rng: np.random.Generator) -> Frames:
    """Formation chambers shared by the cell lines of a site, and transfers of cells and packs between the sites."""
    items, lines = plant.items, plant.lines
    cells = plant.routes[items["technology"].to_numpy()[plant.routes["item"]] == 0].reset_index(drop=True)
    cells["formation"] = np.round(rng.uniform(*given.FORMATION_HOURS, len(items))[cells["item"]], 1)
    cells["site"] = lines["site"].to_numpy()[cells["line"]]
    asked = cells.groupby("item")["formation"].mean()
    cell_lines = lines[lines["technology"] == 0]
    weeks = plant.hours[cell_lines.index].mean() / given.REGULAR_HOURS
    total = float((asked * wanted[asked.index]).sum()) / given.FORMATION_LOAD / weeks
    share = cell_lines["site"].value_counts(normalize=True)
    resources = [(f"formation_{site}", site, f"Formation chambers {site.title()}", round(total * share[site], 0))
                 for site in sites]
    moved = items.loc[items["technology"] < 2, "item"]
    return {
        "resources": pd.DataFrame(resources, columns=["resource", "site", "name", "hours"]),
        "routing_resources": pd.DataFrame({
            "line": lines["line"].to_numpy(dtype=object)[cells["line"]],
            "item": items["item"].to_numpy(dtype=object)[cells["item"]],
            "resource": "formation_" + cells["site"], "hours_per_unit": cells["formation"]}),
        "transfers": pd.DataFrame([(start, end, item, given.TRANSFER_COST, given.TRANSFER_DAYS) for item in moved
                                   for start, end in (sites, sites[::-1])],
                                  columns=["from_site", "to_site", "item", "unit_cost", "transit_days"]),
    }
