"""What an earlier result ships, order by order."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from model.findings import Finding
from model.from_plan.plan_cells import PlanCells, spoken
from model.tables import RawTable
from model.tables.parse import parse_column

NEEDED_OF_SHIPMENTS = ("order", "departure", "quantity")


class Shipment(NamedTuple):
    """What leaves on one day; ``place`` is the cell of that day."""

    departure: dt.date
    quantity: float
    place: str


def shipments_of(table: RawTable, findings: list[Finding]) -> dict[str, list[Shipment]]:
    """The shipments of each order; cells that cannot be understood are errors."""
    cells, found = PlanCells(table, findings), dict[str, list[Shipment]]()
    columns = (parse_column(spoken(name), table.columns[name])[0] for name in NEEDED_OF_SHIPMENTS)
    for position, (order, departure, quantity) in enumerate(zip(*columns, strict=True)):
        if order is None:
            continue
        if isinstance(departure, dt.date) and isinstance(quantity, float):
            place = table.address(position, "departure")
            found.setdefault(str(order), []).append(Shipment(departure, quantity, place))
        else:
            # Read again for what to say.
            for column in ("departure", "quantity"):
                cells.read(position, column)
    return found
