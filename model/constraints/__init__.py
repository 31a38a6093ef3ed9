"""Every law of the model, by the file that states it."""

from collections.abc import Iterable

from model.constraints import capacity, lot_sizing, orders, policy, stock, tightening
from model.constraints.registry import Law

CONSTRAINTS = (*orders.CONSTRAINTS, *capacity.CONSTRAINTS, *lot_sizing.CONSTRAINTS, *stock.CONSTRAINTS,
               *policy.CONSTRAINTS)
TIGHTENING = tightening.TIGHTENING

__all__ = ["CONSTRAINTS", "TIGHTENING", "laws"]


def laws(without: Iterable[str] = ()) -> list[Law]:
    """Every law but those named. ValueError if ``without`` names one that does not exist."""
    left_out, every = frozenset(without), (*CONSTRAINTS, *TIGHTENING)
    unknown = left_out - {law.name for law in every}
    if unknown:
        raise ValueError(f"no such constraint: {', '.join(sorted(unknown))}")
    return [law for law in every if law.name not in left_out]
