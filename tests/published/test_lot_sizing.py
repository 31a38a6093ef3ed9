"""Lot sizing with setup times: optima of Trigeiro's instances and of a small textbook one."""

from __future__ import annotations

import pytest

from tests.published import lot_sizing
from tests.published.bench import bench_file, prove

PRICE = 50.0


@pytest.mark.slow
def test_twelve_products_in_fifteen_periods() -> None:
    """Proves: setups use hours and are paid anew in every period. Carried over, they would cost less than 74634."""
    records, prices = lot_sizing.trigeiro(bench_file("lot_sizing/G53.DAT"), PRICE)
    prove(records, prices - 74634)


@pytest.mark.slow
def test_six_products_on_two_identical_lines() -> None:
    """Proves: each line that makes a product pays its own setup. One setup for both would cost less than 30285."""
    records, prices = lot_sizing.trigeiro(bench_file("lot_sizing/F37.DAT"), PRICE, [650, 650])
    prove(records, prices - 30285)


def test_three_products_in_four_periods() -> None:
    """Proves: setup against holding cost where hours differ by period, 1694 in all."""
    records, prices = lot_sizing.gamspy(bench_file("textbook/gamspy_clsp.json"), PRICE)
    prove(records, prices - 1694)
