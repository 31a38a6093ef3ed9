"""Figures known exactly or between two ends."""

from __future__ import annotations

import math

import pytest

from model.explain.asking import Budget
from model.explain.interval import ANY_PRICE, NO_PRICE, Interval
from model.explain.known import ANYTHING, Known


@pytest.mark.parametrize(("known", "is_exact"), [
    (Known(95, 95), True), (Known(95, 95.00001), True), (Known(95, 95.001), False), (Known(0, 1e-7), True),
    (Known(0.4365, 0.4365004), True), (Known(0.4365, 0.436501), False), (Known(0.3, 0.3000005), False),
    (Known(-95, -94.99999), True), (Known(0, math.inf), False), (ANYTHING, False), (Known(math.inf, math.inf), False),
])
def test_what_counts_as_exact(known: Known, is_exact: bool) -> None:
    """Proves: a gap of more than one in a million is said, of a price per Wh, too, and what has an open end is never
    exact; and what is exact in a quote is so in an explanation."""
    assert known.is_exact is is_exact
    if known.low < math.inf:
        assert Interval(known.low, known.high).is_exact is is_exact


def test_no_price_is_known_exactly() -> None:
    """Proves: that an order pays at no price is all there is to know of its price, and no open end."""
    assert NO_PRICE.is_exact and ANY_PRICE.is_exact


def test_together_and_apart() -> None:
    """Proves: two figures are joined to what both allow; where they contradict each other neither end is believed: an
    answer 3 to 4 beside 5 to 6 leaves 4 to 5 open instead of naming 4.5."""
    assert Known(1, 4).within(Known(3, 9)) == Known(3, 4)
    assert Known(3, 4).within(Known(5, 6)) == Known(4, 5) and not Known(3, 4).within(Known(5, 6)).is_exact


def test_a_difference_is_as_wide_as_both() -> None:
    """Proves: the gaps of both plans are part of their difference: 10 to 11 less 3 to 5 is 5 to 8, not 7."""
    assert Known(10, 11).less(Known(3, 5)) == Known(5, 8)


def test_a_budget_is_shared_by_all_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: no question is starved by those before it: of 12 s three questions have 4 each; what the first leaves
    over the others have; none has more than 6. If each took the 6 it may, the third would get nothing."""
    now = 100.0
    monkeypatch.setattr("model.explain.asking.time.monotonic", lambda: now)
    shared = Budget(12.0, 3, most=6.0)
    assert shared.share() == 4.0
    now = 101.0
    assert shared.share() == 5.5
    now = 106.5
    assert shared.share() == 5.5
    now = 112.0
    assert shared.share() == 0.0
    assert Budget(math.inf, 3, most=6.0).share(weight=4.0) == 24.0
