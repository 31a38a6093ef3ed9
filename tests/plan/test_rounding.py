"""Rounding of many small figures: the plan adds up, and the audit does not take it for a mistake."""

from __future__ import annotations

import pandas as pd
import pytest

from model.instance import build_instance
from model.plan.decided import Decided
from model.plan.flows import Flows
from model.plan.money import _apart
from model.plan.movements import shipments
from model.plan.pegging import Labels, Lot, Match
from tests.constraints.book import ENDS, audited, book, order, routing
from tests.support import Records, tables_of


def many_orders(count: int, quantity: float, **routings: object) -> Records:
    """So many orders of a quantity each that has more decimals than a plan is written with."""
    return book(routings=[routing(unit_cost=1, **routings)],
                orders=[order(f"O{place:03d}", quantity=quantity) for place in range(count)])


def test_hours_of_many_small_lots_are_those_of_what_is_made() -> None:
    """Proves: a line's hours are worked out from units, not from the rows' rounded hours. By hand: 40 orders of
    1.000004 at 0.1 h are 4.000016 h. As a sum of 40 rounded rows: 4 h, and the audit would refuse it."""
    result = audited(many_orders(40, 1.000004, hours_per_unit=0.1))
    assert result.plan is not None and result.audit is not None
    assert result.audit.passed, result.audit.failures()
    assert result.plan.frames["line_load"]["run_hours"].tolist() == pytest.approx([4.000016], abs=1e-9)


def test_what_stays_in_stock_bears_the_rounding_of_all_orders() -> None:
    """Proves: the audit allows what no order gets the rounding of every order for the item. By hand: of a lot of 61
    each of 60 orders of 1.0000006 is shipped 1.000001, so stock is 24 millionths below the 0.999964 that are nobody's.
    Were only the rounding of that one row allowed: refused."""
    result = audited(many_orders(60, 1.0000006, hours_per_unit=0.1, lot_multiple=61))
    assert result.plan is not None and result.audit is not None
    assert result.audit.passed, result.audit.failures()
    made = result.plan.frames["production"]
    assert made.loc[made["order"].isna(), "quantity"].tolist() == pytest.approx([0.999964], abs=1e-9)
    assert result.plan.frames["stock_levels"]["closing"].tolist() == pytest.approx([0.99994], abs=1e-9)


@pytest.mark.parametrize(("shipped", "written"), [(9.999997, 10.0), (9.999996, 9.999996)])
def test_what_was_not_made_is_not_written(shipped: float, written: float) -> None:
    """Proves: an order is made up to its quantity only by what rounding may have taken. By hand: one shipment lacks 3
    millionths, or 4. Made up to 10 from 9.999996, it would be shipped before that much is there, and the audit would
    refuse the plan."""
    instance = build_instance(tables_of(book(orders=[order()])))
    lot = Lot("shipment", ("O", "A", "main", "standard", 0), shipped, order="O")
    lot.supplied_by.append(Match(Lot("production", ("L1", "A", 0), shipped, line="L1"), 0.0, shipped))
    rows = shipments(instance, Flows({"shipment": [lot]}, Labels(1e-9), 1e-6), 6)
    assert rows["quantity"].tolist() == pytest.approx([written], abs=1e-9)


def test_what_rounding_lacks_is_spread_over_an_orders_shipments() -> None:
    """Proves: shipments add up to the order, each within its share. By hand: three weeks of 3.3333314 are written as
    3.333331; of the missing 7 millionths the first gets 3, the others 2. Added to one alone: 3.333338, far from what
    was made for it."""
    instance = build_instance(tables_of(book(3, orders=[order(latest_date=ENDS[2])])))
    lots = [Lot("shipment", ("O", "A", "main", "standard", week), 3.3333314, order="O") for week in range(3)]
    for lot in lots:
        lot.supplied_by.append(Match(Lot("production", ("L1", "A", 0), lot.quantity, line="L1"), 0.0, lot.quantity))
    rows = shipments(instance, Flows({"shipment": lots}, Labels(1e-9), 1e-6), 6)
    assert rows["quantity"].tolist() == pytest.approx([3.333334, 3.333333, 3.333333], abs=1e-9)


def test_short_and_above_at_once_is_neither() -> None:
    """Proves: a plan that is both short of a frozen run and above it misses what is left of the two. By hand: 1e-5 of
    each are nothing, 3 and 1 are 2. Told apart, one run would be missed twice, which the audit refuses."""
    keys = {"line": ["L1", "L2"], "item": ["A", "A"], "bucket": [0, 0]}
    decided = Decided({"short": pd.DataFrame({**keys, "value": [1e-5, 1.0]}),
                       "excess": pd.DataFrame({**keys, "value": [1e-5, 3.0]})}, 1e-6)
    assert _apart(decided, "short", "excess")["value"].tolist() == [0.0, 2.0]
