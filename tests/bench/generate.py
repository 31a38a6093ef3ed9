"""Seeded order books for benchmarks: a plant group like the reference case, scaled.

    python -m tests.bench.generate M setups 1 FOLDER

writes one book as a folder of CSV files; with ``--firm 0.5`` one whose promises cannot all be kept. The parameters
stand in ``tests.bench.parameters``.
"""

from __future__ import annotations

import argparse
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from model.buckets import buckets
from model.checks import check
from model.instance.hours import line_hours
from model.tables import Tables, from_records
from tests.bench import parameters as given
from tests.bench.demand import make_demand
from tests.bench.plant import make_plant
from tests.bench.tables import Frames, market_tables, order_tables, plant_tables


def book(size: str, family: str, seed: int) -> Frames:
    """The input tables of a book by name, columns as in the schema; same arguments, same book."""
    return sized_book(given.SIZES[size], family, seed, f"{size} {family} {seed}")


def sized_book(size: given.Size, family: str, seed: int, name: str) -> Frames:
    """A book of any size; for tests of the tools on less than S."""
    if family not in given.FAMILIES:
        raise ValueError(f"no such family: {family}")
    rng = np.random.default_rng([seed, zlib.crc32(family.encode()), size.orders, size.lines, size.weeks])
    plant = make_plant(size, family, rng)
    demand = make_demand(size, family, plant, rng)
    frames = plant_tables(plant, family, demand.wanted, rng)
    settings = {"plan_name": f"Benchmark {name}", "start_date": given.START_DATE, "bucket": "week",
                "bucket_count": size.weeks, "time_limit": size.time_limit}
    return {"settings": pd.DataFrame(settings.items(), columns=["key", "value"]), **frames,
            **market_tables(size.weeks, frames["sites"]["site"].tolist()), **order_tables(demand, plant, rng)}


def overbooked(frames: Frames, firm: float, seed: int) -> Frames:
    """The book with this share of its orders promised, and one in twenty of those twice as large."""
    rng, orders = np.random.default_rng([seed, 1]), frames["orders"].copy()
    is_firm = rng.random(len(orders)) < firm
    is_doubled = is_firm & (rng.random(len(orders)) < 0.05)
    orders["commitment"] = np.where(is_firm, "firm", orders["commitment"])
    orders["quantity"] = np.where(is_doubled, (2 * orders["quantity"]).round(1), orders["quantity"])
    return {**frames, "orders": orders}


def records(frames: Mapping[str, pd.DataFrame]) -> dict[str, list[dict[str, object]]]:
    """The tables as records for ``model.tables.from_records``; dates as text, blanks as None."""
    found = {}
    for name, frame in frames.items():
        columns = {column: _cells(frame[column]) for column in frame.columns}
        found[name] = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return found


def checked(frames: Mapping[str, pd.DataFrame]) -> Tables:
    """Checked tables of a book; ValueError naming what was found if it is refused."""
    result = check(from_records(records(frames)))
    if result.tables is None:
        raise ValueError("\n".join(f"{found.cell}: {found.rule_text()}" for found in result.findings))
    return result.tables


def write(frames: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """The tables as a folder of CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in frames.items():
        words = {column: "yes_no" for column in frame.columns if frame[column].dtype == bool}
        shown = frame.assign(**{column: np.where(frame[column], "yes", "no") for column in words})
        shown.to_csv(folder / f"{name}.csv", index=False, date_format="%Y-%m-%d", lineterminator="\n")


def load_of(tables: Tables) -> float:
    """Hours that all orders want, components included, over the regular hours of all lines up to the last deadline.

    A unit takes the mean hours of the lines that can make it.
    """
    routings, bill, orders = (tables.frames[name] for name in ("routings", "bill_of_materials", "orders"))
    mean = routings.groupby("item")["hours_per_unit"].mean()
    good = routings.groupby("item")["yield_share"].mean()
    wanted = orders.groupby("item")["quantity"].sum()
    hours, layer = 0.0, wanted
    while len(layer):
        hours += float((layer * mean.reindex(layer.index).fillna(0.0)).sum())
        uses = bill[bill["item"].isin(layer.index)]
        units = uses["quantity_per"].to_numpy() * (layer / good.reindex(layer.index))[uses["item"]].to_numpy()
        layer = pd.Series(units, index=uses["component"].to_numpy()).groupby(level=0).sum()
        layer = layer[layer.index.isin(mean.index)]
    horizon = buckets(tables.settings)
    offered = line_hours(tables, horizon)
    in_time = offered["bucket"].map(horizon["start"]) <= orders["latest_date"].max()
    return hours / float(offered.loc[in_time, "regular_hours"].sum())


def _cells(column: pd.Series) -> list[object]:
    if column.dtype.kind == "M":
        return [None if text == "NaT" else text for text in np.datetime_as_string(column.to_numpy(), unit="D").tolist()]
    return [None if cell is None or cell != cell else cell for cell in column.tolist()]


def main(arguments: Sequence[str] | None = None) -> None:
    """Write one book as a folder of CSV files."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.generate", description="Write one benchmark book.")
    parser.add_argument("size", choices=list(given.SIZES))
    parser.add_argument("family", choices=given.FAMILIES)
    parser.add_argument("seed", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--firm", type=float, default=0.0, help="share of the orders that are promised beyond what can "
                        "be kept")
    chosen = parser.parse_args(arguments)
    frames = book(chosen.size, chosen.family, chosen.seed)
    write(overbooked(frames, chosen.firm, chosen.seed) if chosen.firm else frames, chosen.folder)


if __name__ == "__main__":
    main()
