"""Plans that are right, though sizes, prices or names make them look otherwise: the audit signs them."""

from __future__ import annotations

import pytest

from model.planning import Result
from tests.constraints.book import STARTS, book, line, order, routing
from tests.support import Records, plan


def signed(records: Records) -> Result:
    """The book planned, and signed by the audit."""
    result = plan(records)
    assert result.plan is not None and result.audit is not None, result.outcome
    assert result.audit.passed, result.audit.failures()
    return result


@pytest.mark.parametrize(("commitment", "status"), [("optional", "partial"), ("firm", "missed")])
def test_a_large_order_short_by_less_than_a_millionth(commitment: str, status: str) -> None:
    """Proves: where tolerance hides whether an order is full, either status passes. By hand: 999,999.5 h at 1 h a unit
    leave a million short of half a unit. If the auditor called that full, it would reject the plan that does not."""
    result = signed(book(lines=[line(hours=999999.5)], routings=[routing(hours_per_unit=1)],
                         orders=[order(quantity=1000000, commitment=commitment)]))
    assert result.plan.frames["decisions"]["status"].tolist() == [status]


def test_two_offers_of_one_supplier_at_nearly_one_price() -> None:
    """Proves: a purchase is of the offer whose price is nearest. By hand: 5 at 20 and 5 at 20.00001 are 200.00005 of
    300. If both were taken for the first offer: 10 of at most 5."""
    supply = {"supplier": "S", "item": "A", "unit_cost": 20, "max_qty": 5}
    result = signed(book(items=[{"item": "A"}, {"item": "B"}], routings=[routing("L1", "B")],
                         supply=[supply, {**supply, "unit_cost": 20.00001, "from_date": STARTS[0]}]))
    assert result.plan.margin == pytest.approx(99.99995, abs=1e-7)
