"""Capacitated warehouse location: optima of the OR-Library."""

from __future__ import annotations

import pytest

from tests.published import location
from tests.published.bench import bench_file, prove

PRICE = 300.0


@pytest.mark.parametrize(("name", "cost"), [
    ("cap41", 1040444.375), ("cap42", 1098000.450), ("cap43", 1153000.450), ("cap44", 1235500.450)])
def test_warehouses_are_opened_where_they_pay(name: str, cost: float) -> None:
    """Proves: sites, lanes and freight, with one setup cost per site. Warehouses opened in shares would cost less."""
    records, prices = location.warehouses(bench_file(f"location/{name}.txt"), PRICE)
    prove(records, prices - cost)
