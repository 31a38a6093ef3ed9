"""How large quantities typically are: of the whole book, or by unit of measure where orders are counted in several."""

from __future__ import annotations

import numpy as np

from model.instance import Instance
from model.plan.decided import typical_quantity
from model.solve.matrix import Matrix
from model.solve.placing import members_by_key
from model.variables import VARIABLES


def typical_quantities(instance: Instance, matrix: Matrix) -> float | np.ndarray:
    """Median quantity of the orders; where these are in several units of measure, an array of it for each column.

    Millions of cells beside a few megawatt-hours: measured by the cells, the systems would be lost in the solver's
    tolerances. What no order asks for in its own unit, and what belongs to no item, is measured as one.
    """
    units = instance.tables.frames["items"].set_index("item")["unit"]
    orders = instance.tables.frames["orders"]
    unit_of_order = orders["item"].map(units)
    if unit_of_order.nunique() < 2:
        return typical_quantity(instance)
    typical = orders.groupby(unit_of_order)["quantity"].median()
    of_item = units.map(typical).fillna(1.0).to_dict()
    of_order = dict(zip(orders["order"], orders["item"].map(of_item), strict=True))
    of_offer = instance.tables.frames["supply"]["item"].map(of_item).tolist()  # an offer is named by its row
    sizes = np.ones(len(matrix.columns))
    for decision in VARIABLES:
        positions = matrix.family.get(decision.name, np.empty(0, dtype=np.int32))
        if decision.unit != "unit" or not len(positions):
            continue
        members = [matrix.columns[position][1] for position in positions.tolist()]
        named = dict(zip(instance.sets[decision.over].keys, members_by_key(members), strict=True))
        if "item" in named:
            sizes[positions] = [of_item.get(item, 1.0) for item in named["item"]]
        elif "order" in named:
            sizes[positions] = [of_order.get(order, 1.0) for order in named["order"]]
        elif "offer" in named:
            sizes[positions] = [of_offer[offer] for offer in named["offer"]]
    return sizes
