"""What counts as a deviation, and that a blank is one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from model.audit.tally import Tally

ROWS = pd.DataFrame({"term": ["x"]})


@pytest.mark.parametrize(("limit", "tolerance"), [(5.0, 0.0), (2e6, 0.0), (5.0, 3.0)])
def test_a_blank_is_within_no_limit(limit: float, tolerance: float) -> None:
    """Proves: where a figure should stand, a blank breaks the law however large the limit and whatever rounding allows.
    Were it a deviation of 1: a limit of two millions, of which 2 are granted, would let it pass."""
    tally = Tally()
    tally.at_most("margin", ROWS, "x", np.nan, limit, tolerance)
    assert not tally.row("law").passed


def test_a_blank_equals_no_number() -> None:
    """Proves: a blank is not 0 because rounding allows 3. Were it a deviation of 1, it would be."""
    tally = Tally()
    tally.equals("margin", ROWS, "x", np.nan, 0.0, 3.0)
    assert not tally.row("law").passed


def test_what_has_no_limit_is_within_it() -> None:
    """Proves: a blank limit is no limit, as for a store without one; read as 0, any stock would break it."""
    tally = Tally()
    tally.at_most("margin", ROWS, "x", 7.0, np.nan, 0.0)
    assert tally.row("law").passed
