"""What a plan's decisions earn by money term, straight from the columns: to say which cost speaks against an order."""

from __future__ import annotations

import numpy as np

from model.explain.ground import Ground

TERM_OF = {"bought": "materials", "unused_paid": "materials", "made": "conversion", "is_set_up": "setup",
           "overtime": "overtime", "stock": "holding", "moved": "transfer", "is_opened": "expansion",
           "unmade_published": "change"}
SHIPPED_TERMS = {"unit_revenue": "revenue", "unit_late": "late", "unit_freight": "freight", "unit_duty": "duty"}


def money_by_term(ground: Ground, values: np.ndarray) -> dict[str, float]:
    """Each term of the margin [base money], costs negative."""
    matrix = ground.matrix
    sums: dict[str, float] = {}
    for family, term in TERM_OF.items():
        positions = matrix.family.get(family, np.empty(0, dtype=int))
        # Added up: materials stand in two families.
        sums[term] = sums.get(term, 0.0) - float(matrix.cost[positions] @ values[positions])
    frame, shipped = ground.instance.sets["SHIPMENTS"].frame, values[ground.shipment_positions]
    for column, term in SHIPPED_TERMS.items():
        sums[term] = float(frame[column].to_numpy(dtype=float) @ shipped)
    return sums


def dearest_term(ground: Ground, before: np.ndarray, after: np.ndarray) -> tuple[str, float]:
    """The cost that grows most from one plan to the other, and by how much (negative); blank where none grows."""
    count = len(ground.matrix.cost)
    # Terms are linear, so those of the difference are the differences; further columns of a question have no term.
    change = money_by_term(ground, after[:count] - before[:count])
    change.pop("revenue")
    # Sorted, so that of equal terms the same one is named every time.
    term = min(sorted(change), key=lambda name: change[name], default="")
    return (term, change[term]) if term and change[term] < 0 else ("", 0.0)


def margins(ground: Ground) -> dict[str, float]:
    """What each order earns in the published plan [base money]."""
    if ground.plan is None:
        return {}
    decisions = ground.plan.frames["decisions"]
    return dict(zip(decisions["order"], decisions["margin"].astype(float), strict=True))
