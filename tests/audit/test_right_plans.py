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


def test_names_of_two_lines() -> None:
    """Proves: names may hold line breaks. Put together with one between them, A at the site "b, main" and "A, b" at the
    site main would be one queue, in which O gets what L1 makes."""
    result = signed(book(
        sites=[{"site": "main"}, {"site": "b\nmain"}], items=[{"item": "A"}, {"item": "A\nb"}],
        lines=[line(site="b\nmain"), line("L2")], routings=[routing(), routing("L2", "A\nb")],
        orders=[order(item="A\nb"), order("Q")]))
    assert result.outcome.margin == pytest.approx(600)


@pytest.mark.parametrize(("commitment", "status"), [("optional", "declined"), ("firm", "missed")])
def test_an_item_that_is_sold_out(commitment: str, status: str) -> None:
    """Proves: an order for what is in stock with a quantity of 0 is declined, or named as missed, beside one that earns
    300. If it were refused as from nowhere, there would be no plan."""
    result = signed(book(items=[{"item": "A"}, {"item": "T"}], stock=[{"item": "T", "opening_stock": 0}],
                         orders=[order(), order("T", item="T", commitment=commitment)]))
    assert result.plan.frames["decisions"]["status"].tolist() == ["accepted", status]
    assert result.outcome.margin == pytest.approx(300)


def test_a_component_whose_supplier_stops() -> None:
    """Proves: a firm order for what can no longer be made is a miss of 10 that is named, not a book refused."""
    result = signed(book(items=[{"item": "A"}, {"item": "foil"}], orders=[order(commitment="firm")],
                         bill_of_materials=[{"item": "A", "component": "foil", "quantity_per": 1}],
                         supply=[{"supplier": "S", "item": "foil", "max_qty": 0}]))
    assert result.outcome.status == "promises_missed"
    assert result.plan.frames["misses"][["kind", "missed"]].to_numpy().tolist() == [["firm_order", 10.0]]


def test_a_component_with_approvals_of_which_there_is_nothing() -> None:
    """Proves: a plan in which nothing is made, bought or shipped is signed, though one line is approved for cells that
    go into packs. If origins were looked for in nothing, the audit would end in an error."""
    result = signed(book(
        items=[{"item": "cell"}, {"item": "pack"}], lines=[line(), line("L2")], customers=[{"customer": "K"}],
        routings=[routing(item="cell", unit_cost=100), routing("L2", "pack")],
        bill_of_materials=[{"item": "pack", "component": "cell", "quantity_per": 1}],
        approvals=[{"customer": "K", "item": "cell", "line": "L1"}],
        orders=[order(item="pack"), order("K", item="cell", customer="K")]))
    assert result.plan.frames["production"].empty and result.outcome.margin == pytest.approx(0)
