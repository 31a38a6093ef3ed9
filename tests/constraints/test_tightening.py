"""Rows that only tighten: the optimum is the same without them, and the relaxation is closer to it with them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from model.build import build_model
from model.constraints import TIGHTENING
from model.instance import Instance, build_instance, dividing
from model.solve.compiled import compile_model
from tests.constraints.book import ENDS, Row, answer_without, book, line, order, routing, unaudited
from tests.support import Records, tables_of

NAMES = tuple(law.name for law in TIGHTENING)


def weekly(quantities: list[float], item: str = "A") -> list[Row]:
    """One firm order a week that can ship in that week only."""
    return [order(f"{item}{week}", item=item, quantity=quantity, commitment="firm", due_date=ENDS[week],
                  earliest_ship_date=ENDS[week]) for week, quantity in enumerate(quantities)]


def lot_sizing(hours: float = 1000, **tables: list[Row]) -> Records:
    """4, 6, 2 and 8 units of A in four weeks, 30 each; a setup costs 50, a unit kept for a week 3."""
    return book(4, **{"lines": [line(hours=hours)], "routings": [routing(setup_cost=50)],
                      "orders": weekly([4, 6, 2, 8]), "stock": [{"item": "A", "holding_cost": 3}], **tables})


TWO_ITEMS = book(
    4, items=[{"item": "A"}, {"item": "B"}], lines=[line(hours=26)],
    routings=[routing(setup_cost=50, setup_hours=1), routing(item="B", setup_cost=40, setup_hours=2)],
    orders=[*weekly([4, 6, 2, 8]), *weekly([2, 3, 5, 4], "B")],
    stock=[{"item": item, "holding_cost": cost} for item, cost in (("A", 3), ("B", 2))])

OVERTIME = book(1, lines=[line(hours=10, overtime_hours=10, overtime_cost=100)], routings=[routing(setup_cost=50)],
                orders=[order("O1", quantity=10)])

# 10 hours for 10 units of A and B, which share a setup of 50 and of which each could fill them; C's setup costs 10.
SHARED = book(1, items=[{"item": "A"}, {"item": "B"}, {"item": "C"}], lines=[line(hours=10)],
              routings=[routing(hours_per_unit=1, setup_cost=50, setup_group="G"),
                        routing(item="B", hours_per_unit=1, setup_cost=50, setup_group="G"),
                        routing(item="C", hours_per_unit=1, setup_cost=10)],
              orders=[order("O1", quantity=10), order("O2", item="B", quantity=10, unit_price=30),
                      order("O3", item="C", quantity=10, unit_price=1)])

BOOKS = {
    "overtime": lot_sizing(lines=[line(hours=9, overtime_hours=6, overtime_cost=4)]),
    "shared setup": {**TWO_ITEMS, "routings": [routing(setup_cost=50, setup_hours=1, setup_group="G"), routing(
        item="B", setup_cost=50, setup_hours=1, setup_group="G")]},
    "ample hours": lot_sizing(), "scarce hours": lot_sizing(12), "two items": TWO_ITEMS,
    "opening stock": lot_sizing(stock=[{"item": "A", "opening_stock": 7, "holding_cost": 3}]),
    "lead time": lot_sizing(routings=[routing(setup_cost=50, lead_time_days=7)],
                            stock=[{"item": "A", "opening_stock": 4, "holding_cost": 3}]),
    "further making": lot_sizing(items=[{"item": "A"}, {"item": "B"}], routings=[
        routing(setup_cost=50), routing(item="B", setup_cost=20)], orders=[*weekly([4, 6, 2, 8]), order(
            "B", item="B", due_date=ENDS[3])], bill_of_materials=[{"item": "B", "component": "A", "quantity_per": 1}]),
    "lots": lot_sizing(routings=[routing(setup_cost=50, min_lot=7)]),
    "two lines": lot_sizing(12, lines=[line(hours=12), line("L2", hours=8)], routings=[
        routing(setup_cost=50), routing("L2", setup_cost=40)]),
    "orders that may wait": {**lot_sizing(), "orders": [
        *weekly([4, 6, 2, 8])[:3], order("late", quantity=8, due_date=ENDS[2], latest_date=ENDS[3], late_rate=0.1)]},
}


def relaxed(instance: Instance, without: tuple[str, ...] = ()) -> float:
    """Margin of the linear relaxation in which no promise is missed."""
    matrix = compile_model(build_model(instance, without=without))
    missed = np.concatenate([matrix.family.get(name, []) for name in (
        "missed_firm", "missed_safety", "missed_final", "missed_contract")]).astype(int)
    upper = matrix.column_upper.copy()
    upper[missed] = 0.0
    both = [(matrix.rows, matrix.row_upper), (-matrix.rows, -matrix.row_lower)]
    rows = [(side[np.isfinite(bound)], bound[np.isfinite(bound)]) for side, bound in
            ((side.tocsr(), bound) for side, bound in both)]
    found = linprog(matrix.cost, A_ub=np.vstack([side.toarray() for side, _ in rows]),
                    b_ub=np.concatenate([bound for _, bound in rows]),
                    bounds=np.column_stack([matrix.column_lower, upper]))
    assert found.status == 0, found.message
    return -(found.fun + matrix.offset)


@pytest.mark.parametrize("name", BOOKS)
def test_no_answer_changes_without_what_only_tightens(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: neither the parts of making nor any row cuts off a plan. If one did, the margin would be higher without
    it."""
    divided = unaudited(BOOKS[name])
    monkeypatch.setattr(dividing, "MOST_PARTS", 0)
    whole = unaudited(BOOKS[name])
    assert whole.outcome.margin == pytest.approx(divided.outcome.margin, abs=1e-4)
    for result, parts in ((divided, name not in ("opening stock", "lead time")), (whole, False)):
        sets = result.instance.sets
        assert bool(sets["MAKING_PARTS"].members()) == parts and bool(sets["LOOK_AHEADS"].members()) != parts
        assert bool(sets["SETUP_LINE_BUCKETS"].members()) == (name in ("overtime", "shared setup"))
        assert bool(sets["SHARED_SETUPS"].members()) == (name == "shared setup")
    for law in NAMES:
        result = whole if law == "look_ahead_stock" else divided
        assert answer_without(result, law).margin == pytest.approx(result.outcome.margin, abs=1e-4), law


def test_lots_of_four_weeks_by_hand() -> None:
    """Proves: setups against holding. By hand, 600 in all: one lot for all costs 50 + 3 x (6 + 4 + 24) = 152; two lots,
    in weeks 1 and 4: 100 + 3 x (6 + 4) = 130; in weeks 1 and 3: 100 + 3 x (6 + 8) = 142; three (1, 2, 4): 150 + 6 =
    156; four: 200. If holding were free: 550; if setups carried over: 600."""
    assert unaudited(lot_sizing()).outcome.margin == pytest.approx(600 - 130, abs=1e-4)


def test_parts_are_counted_before_they_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: a large book does not write the parts that it will not have. By hand: 5 lines, 4 weeks of making and 4 of
    shipping: 16 pairs of weeks, of which 10 are in time, so that 50 are too many for 49. If all were written first:
    80 rows."""
    lines = [f"L{number}" for number in range(5)]
    tables = tables_of(lot_sizing(lines=[line(name) for name in lines],
                                  routings=[routing(name, setup_cost=50) for name in lines]))
    written: list[int] = []
    merge = pd.DataFrame.merge

    def counted(*given: object, **how: object) -> pd.DataFrame:
        merged = merge(*given, **how)
        written.extend([len(merged)] if "ships_in" in merged else [])
        return merged

    monkeypatch.setattr(pd.DataFrame, "merge", counted)
    for most, parts, rows in ((50, 50, 80), (49, 0, 16)):
        monkeypatch.setattr(dividing, "MOST_PARTS", most)
        written.clear()
        assert len(build_instance(tables).sets["MAKING_PARTS"].members()) == parts
        assert max(written) == rows


def test_the_relaxation_is_the_optimum_where_making_is_divided_and_hours_are_ample() -> None:
    """Proves: by parts, too, the linear relaxation is the plan itself, 470. If parts were not of the shipments of their
    week, each would pay a share of a setup."""
    instance = build_instance(tables_of(lot_sizing()))
    assert relaxed(instance) == pytest.approx(470, abs=1e-4)
    assert relaxed(instance, ("divided_shipping_balance",)) > 480


def test_the_relaxation_is_the_optimum_where_hours_are_ample(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: with look-ahead rows the linear relaxation of lot sizing without capacity is the plan itself, 470.
    Without them a setup is paid by the share of its limit: at most 20 units in all, 600 - 50 x 20 / 20 = 550."""
    monkeypatch.setattr(dividing, "MOST_PARTS", 0)
    instance = build_instance(tables_of(lot_sizing()))
    assert relaxed(instance) == pytest.approx(470, abs=1e-4)
    assert relaxed(instance, NAMES) == pytest.approx(550, abs=1e-4)


@pytest.mark.parametrize(("law", "records"), [
    ("look_ahead_stock", BOOKS["lead time"]), ("divided_shipping_balance", TWO_ITEMS), ("work_needs_setup", OVERTIME),
    ("group_needs_setup", SHARED)])
def test_the_law_tightens_the_relaxation(law: str, records: Records) -> None:
    """Proves: each law of its kind is worth its rows somewhere. If it tightened nothing it would only cost time."""
    instance = build_instance(tables_of(records))
    assert relaxed(instance) < relaxed(instance, (law,)) - 1.0


def test_regular_hours_take_a_whole_setup() -> None:
    """Proves: 5 of 10 units fill the regular hours and earn 30 each, overtime at 100 an hour never pays: 150 - 50. The
    relaxation without the row pays the share 5 / 10 of the setup that overtime would allow: 150 - 25."""
    instance = build_instance(tables_of(OVERTIME))
    assert unaudited(OVERTIME).outcome.margin == pytest.approx(100, abs=1e-4)
    assert relaxed(instance) == pytest.approx(100, abs=1e-4)
    assert relaxed(instance, ("work_needs_setup",)) == pytest.approx(125, abs=1e-4)


def test_items_that_share_a_setup_share_its_hours() -> None:
    """Proves: 10 units at 30 and one setup, 250, and with a setup of 1 h 9 units, 220; the relaxation is the plan.
    Without the row half a setup allows 5 hours to A and as many to B, and half a setup of C, 5, all regular hours:
    300 - 25 - 5; without either row 275."""
    assert unaudited(SHARED).outcome.margin == pytest.approx(250, abs=1e-4)
    instance, both = build_instance(tables_of(SHARED)), ("group_needs_setup", "work_needs_setup")
    assert [round(relaxed(instance, laws), 4) for laws in ((), both[:1], both)] == [250, 270, 275]
    longer = {**SHARED, "routings": [{**each, "setup_hours": 1} for each in SHARED["routings"]]}
    assert unaudited(longer).outcome.margin == pytest.approx(220, abs=1e-4)
    assert relaxed(build_instance(tables_of(longer))) == pytest.approx(220, abs=1e-4)


def test_a_line_that_may_be_opened_has_no_row_of_its_own_hours() -> None:
    """Proves: its hours come with the option chosen. If a row stood with none, it could never make what needs a
    setup."""
    opened = {**OVERTIME, "lines": [line(hours=0)], "expansions": [
        {"line": "L1", "start_date": "2025-01-06", "regular_hours": 10, "overtime_hours": 10, "cost": 1}]}
    assert build_instance(tables_of(opened)).sets["SETUP_LINE_BUCKETS"].members() == []


def test_what_comes_from_elsewhere_has_no_look_ahead() -> None:
    """Proves: where an item can also be bought, received, moved or made without a setup, no row speaks of it: units may
    come without a setup of this site. If rows stood: plans that buy would be cut off."""
    other = [{"supply": [{"supplier": "S", "item": "A", "unit_cost": 1}]},
             {"receipts": [{"item": "A", "date": "2025-01-06", "quantity": 1}]},
             {"routings": [routing(setup_cost=50), routing("L2")], "lines": [line(), line("L2")]}]
    for tables in other:
        sets = build_instance(tables_of({**lot_sizing(), **tables})).sets
        assert sets["LOOK_AHEADS"].members() == sets["MAKING_PARTS"].members() == []


def test_parts_have_another_use_only_where_there_is_one() -> None:
    """Proves: the column for other uses is there for lots, further making and stock to be kept, and else is not. If it
    were missing there: plans that need it would be cut off."""
    for name, records in BOOKS.items():
        sets = build_instance(tables_of(records)).sets
        assert bool(sets["OTHER_USES"].members()) == (
            name in ("further making", "lots", "orders that may wait")), name
    kept = lot_sizing(stock=[{"item": "A", "final_stock": 5}])
    assert len(build_instance(tables_of(kept)).sets["OTHER_USES"].members()) == 4


def test_few_certain_shipments_divide_nothing() -> None:
    """Proves: columns do not grow in books whose orders may wait. If they did: large books would suffer."""
    waiting = [order(f"W{number}", due_date=ENDS[0], latest_date=ENDS[3]) for number in range(5)]
    sets = build_instance(tables_of(lot_sizing(orders=[*weekly([4, 6, 2, 8]), *waiting]))).sets
    assert sets["MAKING_PARTS"].members() == sets["DIVIDED_MAKING"].members() == []
