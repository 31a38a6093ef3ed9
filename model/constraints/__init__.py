"""Every law of the model, by the file that states it."""

from model.constraints import capacity, lot_sizing, orders, policy, stock, tightening

CONSTRAINTS = (*orders.CONSTRAINTS, *capacity.CONSTRAINTS, *lot_sizing.CONSTRAINTS, *stock.CONSTRAINTS,
               *policy.CONSTRAINTS)
TIGHTENING = tightening.TIGHTENING

__all__ = ["CONSTRAINTS", "TIGHTENING"]
