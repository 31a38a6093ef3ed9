"""The plant of a benchmark book: lines, items and which line makes which item."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from tests.bench import parameters as given


@dataclass
class Plant:
    """``lines``: line, technology, site, group, speed, cost. ``items``: item, technology, effort, price, material,
    material_per_unit, component (position or -1), yield_share. ``routes``: line, item (positions), hours (per unit,
    before the book's load is set). ``hours``: regular hours of each line in the horizon, holidays taken off."""

    technologies: tuple[given.Technology, ...]
    lines: pd.DataFrame
    items: pd.DataFrame
    routes: pd.DataFrame
    calendar: pd.DataFrame
    weeks: int
    hours: np.ndarray = field(default_factory=lambda: np.empty(0))


def make_plant(size: given.Size, family: str, rng: np.random.Generator) -> Plant:
    """Lines, items and routes of a book; hours per unit are relative until the orders are known."""
    technologies = given.STAGES if family == "staged" else given.TECHNOLOGIES
    lines = _lines(size, family, technologies, rng)
    items = _items(size, technologies, rng)
    plant = Plant(technologies, lines, items, _routes(lines, items, family, rng),
                  _calendar(lines, size.weeks, family, rng), size.weeks)
    plant.hours = _hours_in_horizon(plant)
    return plant


def shares(total: int, weights: list[float]) -> list[int]:
    """``total`` divided into whole numbers, as close to the weights as they come and at least one each."""
    exact = np.array(weights) / sum(weights) * total
    parts = np.maximum(np.floor(exact).astype(int), 1)
    for place in np.argsort(parts - exact)[:total - int(parts.sum())]:
        parts[place] += 1
    return [int(part) for part in parts]


def _lines(size: given.Size, family: str, technologies: tuple[given.Technology, ...],
           rng: np.random.Generator) -> pd.DataFrame:
    rows = []
    for position, count in enumerate(shares(size.lines, [each.line_share for each in technologies])):
        groups = _groups(count, rng) if family == "single" else list(range(count))
        speed, cost = rng.uniform(*given.LINE_SPEED, count), rng.uniform(*given.LINE_COST, count)
        for number, group in enumerate(groups):
            site = given.SECOND_SITE if family == "staged" and number % 2 else given.SITE
            rows.append((f"{technologies[position].name}_{number + 1:02d}", position, site, group, speed[group],
                         cost[group]))
    return pd.DataFrame(rows, columns=["line", "technology", "site", "group", "speed", "cost"])


def _groups(count: int, rng: np.random.Generator) -> list[int]:
    """The group of each of ``count`` lines that stand side by side; no group has a single line."""
    low, high = given.IDENTICAL_GROUP
    groups: list[int] = []
    while len(groups) < count:
        left = count - len(groups)
        members = left if left <= high else min(int(rng.integers(low, high + 1)), left - low)
        groups += [groups[-1] + 1 if groups else 0] * members
    return groups


def _items(size: given.Size, technologies: tuple[given.Technology, ...], rng: np.random.Generator) -> pd.DataFrame:
    counts = shares(size.items, [each.item_share for each in technologies])
    technology = np.repeat(np.arange(len(technologies)), counts)
    number = np.concatenate([np.arange(count) for count in counts])
    count = len(technology)
    chosen = [technologies[each] for each in technology]
    typical = np.array([each.price for each in chosen])
    frame = pd.DataFrame({
        "item": [f"{each.name}_item_{place + 1:03d}" for each, place in zip(chosen, number, strict=True)],
        "technology": technology, "number": number,
        "effort": rng.uniform(*given.ITEM_EFFORT, count),
        "price": np.round(typical * rng.lognormal(0.0, given.PRICE_OF_ITEM, count), -2),
        "material": [each.material for each in chosen],
        "material_per_unit": [each.material_per_unit for each in chosen],
        "yield_share": np.round(rng.uniform(*given.YIELD, count), 3),
    })
    frame["component"] = _components(frame, technologies)
    return frame


def _components(items: pd.DataFrame, technologies: tuple[given.Technology, ...]) -> np.ndarray:
    """Position of the item that each item is made of, -1 where it is made of materials only."""
    component = np.full(len(items), -1)
    if technologies is not given.STAGES:
        return component
    cells, packs, systems = (items.index[items["technology"] == stage].to_numpy() for stage in range(3))
    component[packs] = cells[np.arange(len(packs)) % len(cells)]
    odd = np.arange(len(systems)) % 2 == 1
    component[systems] = np.where(odd, cells[np.arange(len(systems)) // 2 % len(cells)],
                                  packs[np.arange(len(systems)) // 2 % len(packs)])
    return component


def _routes(lines: pd.DataFrame, items: pd.DataFrame, family: str, rng: np.random.Generator) -> pd.DataFrame:
    low, high = given.LINES_OF_ITEM
    rows = []
    for technology, members in items.groupby("technology"):
        offered = lines.index[lines["technology"] == technology].to_numpy()
        for place, item in enumerate(members.index):
            if family == "single":
                group = place % (int(lines.loc[offered, "group"].max()) + 1)
                chosen = offered[lines.loc[offered, "group"] == group]
            else:
                width = max(int(rng.integers(low, high + 1)), -(-len(offered) // len(members)))
                first = place * len(offered) // len(members)
                chosen = offered[(first + np.arange(min(width, len(offered)))) % len(offered)]
            rows += [(line, item) for line in chosen]
    routes = pd.DataFrame(rows, columns=["line", "item"])
    routes["hours"] = (lines["speed"].to_numpy()[routes["line"]] * items["effort"].to_numpy()[routes["item"]])
    return routes


def _calendar(lines: pd.DataFrame, weeks: int, family: str, rng: np.random.Generator) -> pd.DataFrame:
    """Holidays of every line and, but for identical lines, weeks of maintenance."""
    start = pd.Timestamp(given.START_DATE)
    end = start + pd.Timedelta(days=7 * weeks - 1)
    rows: list[tuple[object, ...]] = []
    for year in range(start.year, end.year + 1):
        for first, last, share in given.HOLIDAYS:
            begins, ends = pd.Timestamp(f"{year}-{first}"), pd.Timestamp(f"{year}-{last}")
            if begins >= start and ends <= end:
                rows.append((None, begins, ends, share, "Holiday"))
    for line in lines["line"] if family != "single" else ():
        for week in range(int(rng.integers(2, given.MAINTENANCE_EVERY)), weeks, given.MAINTENANCE_EVERY):
            begins = start + pd.Timedelta(days=7 * week)
            rows.append((line, begins, begins + pd.Timedelta(days=6), given.MAINTENANCE_AVAILABILITY, "Maintenance"))
    return pd.DataFrame(rows, columns=["line", "from_date", "to_date", "availability", "reason"])


def _hours_in_horizon(plant: Plant) -> np.ndarray:
    """Regular hours of each line in the whole horizon."""
    days = np.ones((len(plant.lines), 7 * plant.weeks))
    position = {line: place for place, line in enumerate(plant.lines["line"])}
    start = pd.Timestamp(given.START_DATE)
    for line, first, last, share, _ in plant.calendar.itertuples(index=False):
        whose = slice(None) if line is None or pd.isna(line) else position[line]
        days[whose, (first - start).days:(last - start).days + 1] *= share
    return days.sum(axis=1) * given.REGULAR_HOURS / 7
