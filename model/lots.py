"""What a minimum lot and a lot multiple leave of the quantities that a line may make of an item in a bucket."""

from __future__ import annotations

from typing import Any

import numpy as np

# A hair more than so many lots, by the last digits of a division, is so many lots.
HAIR = 1e-9


def in_whole_lots(quantity: Any, lot_multiple: Any) -> Any:
    """The quantity, rounded up to a whole number of lots; as it is where there is no multiple (0 or NaN)."""
    multiple = np.where(np.asarray(lot_multiple, dtype=float) > 0, lot_multiple, np.nan)
    return np.where(np.isnan(multiple), quantity, np.ceil(quantity / multiple - HAIR) * multiple)


def smallest_lot(min_lot: Any, lot_multiple: Any) -> Any:
    """The least that a run can make: the minimum lot in a whole number of lots, and never less than one lot."""
    return np.maximum(in_whole_lots(min_lot, lot_multiple), np.nan_to_num(lot_multiple))
