"""How large quantities typically are: of the whole book, or of each item where they are very different."""

from __future__ import annotations

import numpy as np

from model.instance import Instance
from model.plan.decided import typical_quantity
from model.solve.matrix import Matrix
from model.solve.placing import members_by_key
from model.variables import VARIABLES

ALIKE = 1e3  # times: so far apart the items of a book may be and still be measured as one


def typical_quantities(instance: Instance, matrix: Matrix) -> float | np.ndarray:
    """Median quantity of the orders; an array with that of each column's own item where items are far apart.

    Millions of cells beside a few megawatt-hours: measured by the cells, the systems would be lost in the solver's
    tolerances. What belongs to no item is measured as one.
    """
    of_item = _of_items(instance)
    if max(of_item.values(), default=1.0) <= ALIKE * min(of_item.values(), default=1.0):
        return typical_quantity(instance)
    orders = instance.tables.frames["orders"]
    of_order = dict(zip(orders["order"], orders["item"].map(of_item), strict=True))
    of_offer = instance.tables.frames["supply"]["item"].map(of_item).tolist()  # an offer is named by its row
    sizes = np.ones(len(matrix.columns))
    for decision in VARIABLES:
        if decision.unit != "unit" or decision.name not in matrix.family:
            continue
        positions = matrix.family[decision.name]
        members = [matrix.columns[position][1] for position in positions.tolist()]
        named = dict(zip(instance.sets[decision.over].keys, members_by_key(members), strict=True))
        if "item" in named:
            sizes[positions] = [of_item[item] for item in named["item"]]
        elif "order" in named:
            sizes[positions] = [of_order[order] for order in named["order"]]
        elif "offer" in named:
            sizes[positions] = [of_offer[offer] for offer in named["offer"]]
    return sizes


def _of_items(instance: Instance) -> dict[str, float]:
    """Median order of each item; of what nobody orders, the most that a median order of something else needs of it."""
    tables = instance.tables
    found: dict[str, float] = tables.frames["orders"].groupby("item")["quantity"].median().to_dict()
    bill = tables.frames["bill_of_materials"]
    needs = list(zip(bill["item"], bill["component"], bill["quantity_per"], strict=True))
    waiting = set(bill["component"]) - set(found)
    # Bills of materials have no loops: every round reaches the next stage.
    while waiting:
        reached: dict[str, float] = {}
        for item, component, per_unit in needs:
            if component in waiting and item in found:
                reached[component] = max(reached.get(component, 0.0), found[item] * per_unit)
        if not reached:
            break
        found |= reached
        waiting -= set(reached)
    rest = typical_quantity(instance)
    return {item: found.get(item, rest) for item in tables.frames["items"]["item"]}
