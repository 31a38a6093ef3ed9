"""Which order each unit ends up with: first due, first served, through stages, transfers and stock."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest

from model import publishing
from model.audit import audit
from model.instance import build_instance
from model.plan import make_plan, read_decisions
from model.solve.direct import direct_matrix
from tests.audit.cases import CASES
from tests.constraints.book import ENDS, STARTS, audited, book, line, order, routing
from tests.support import Records, tables_of

Frames = dict[str, pd.DataFrame]


def frames_of(records: Records) -> Frames:
    """Tables of the audited plan, blanks in text as "" and days as text."""
    result = audited(records)
    assert result.plan is not None and result.audit is not None, result.outcome
    assert result.audit.passed, result.audit.failures()
    return {name: frame.assign(**{column: frame[column].fillna("") for column in ("order", "line") if column in frame})
            for name, frame in result.plan.frames.items()}


def pegged(frames: Frames, item: str = "A") -> dict[tuple[str, str, int], float]:
    """Units of an item by order ("" for stock), line and week."""
    rows = frames["production"]
    rows = rows[rows["item"] == item]
    weeks = [STARTS.index(day) for day in rows["bucket_start"].dt.strftime("%Y-%m-%d")]
    return dict(zip(zip(rows["order"], rows["line"], weeks, strict=True), rows["quantity"], strict=True))


def two_stages() -> Records:
    """Cells from L1 at north reach main a week later, where L2 makes A of 2 cells; 10 cells can be bought in week 1."""
    return book(
        3, sites=[{"site": "main"}, {"site": "north"}], items=[{"item": "A"}, {"item": "cell"}],
        lines=[line(hours=16, site="north"), line("L2", 16)],
        routings=[routing(item="cell", hours_per_unit=1, unit_cost=1), routing("L2", unit_cost=3)],
        bill_of_materials=[{"item": "A", "component": "cell", "quantity_per": 2}],
        supply=[{"supplier": "S", "item": "cell", "unit_cost": 1.2, "max_qty": 10, "to_date": STARTS[0]}],
        transfers=[{"from_site": "north", "to_site": "main", "unit_cost": 0.5, "transit_days": 7}],
        orders=[order("P", due_date=ENDS[2]), order(quantity=4)])


def test_a_thousand_nothings_are_something() -> None:
    """Proves: units too small to count are written nowhere, yet they meet what they were made for. By hand: in week 1
    L1 makes 1.08e-5 less than the 20 that ship, twelve other lines the rest. Were that forgotten, P would get it from
    what is made in week 2, after it has left, and the audit would refuse the plan. R is shipped next to nothing in week
    2: nothing, at no cost, though 4e-7 at 5,000,000 would be 2."""
    others = [f"M{place:02d}" for place in range(12)]
    instance = build_instance(tables_of(book(
        2, lines=[line(hours=80), *map(line, others)], routings=[routing(unit_cost=5e6), *map(routing, others)],
        orders=[order(), order("P"), order("Q", due_date=ENDS[1]), order("R", due_date=ENDS[1])])))
    matrix = direct_matrix(instance)
    amounts: dict[object, float] = {
        ("made", ("L1", "A", 0)): 20 - 12 * 9e-7, ("made", ("L1", "A", 1)): 10 + 4e-7,
        **{("made", (other, "A", 0)): 9e-7 for other in others},
        **{("drawn", ("A", "all", "main", week)): units for week, units in enumerate((20, 10 + 4e-7))},
        **{("shipped", (name, "A", "open", "main", "standard", name == "Q")): 10 for name in "OPQ"},
        ("shipped", ("R", "A", "open", "main", "standard", 1)): 4e-7}
    values = np.array([amounts.get(column, 0.0) for column in matrix.columns])
    plan = make_plan(instance, read_decisions(instance, matrix, values), 900.0)
    signed = audit(instance.tables, plan)
    assert signed.passed, signed.failures()
    assert pegged({"production": plan.frames["production"].fillna({"order": ""})}) == {
        ("O", "L1", 0): 10, ("P", "L1", 0): pytest.approx(10, abs=2e-5), ("Q", "L1", 1): 10}


def test_the_first_due_is_served_first() -> None:
    """Proves: units go to orders by due date, not by name or place in the table. By hand: 6 a week; Z is due in week 1,
    A1 in week 2. By name: week 1 to A1."""
    frames = frames_of(book(2, lines=[line(hours=12)], orders=[
        order("A1", quantity=6, due_date=ENDS[1]), order("Z", quantity=6)]))
    assert pegged(frames) == {("Z", "L1", 0): 6, ("A1", "L1", 1): 6}


def test_units_in_stock_go_first_and_have_no_line() -> None:
    """Proves: first in, first out. By hand: 4 in stock and 2 made for O, which is due first; 6 made for P. If what
    is made went first: 6 to O."""
    frames = frames_of(book(2, lines=[line(hours=8)], stock=[{"item": "A", "opening_stock": 4}], orders=[
        order(quantity=6), order("P", quantity=6, due_date=ENDS[1])]))
    assert pegged(frames) == {("O", "L1", 0): 2, ("P", "L1", 0): 2, ("P", "L1", 1): 4}
    shipped = frames["shipments"].groupby(["order", "line"])["quantity"].sum().to_dict()
    assert shipped == {("O", ""): 4, ("O", "L1"): 2, ("P", "L1"): 6}


def test_what_stays_in_stock_has_no_order() -> None:
    """Proves: a surplus of a lot belongs to nobody. By hand: 12 made, 10 for O. If it were pegged to O: 12."""
    frames = frames_of(book(routings=[routing(lot_multiple=12, unit_cost=1)]))
    assert pegged(frames) == {("O", "L1", 0): 10, ("", "L1", 0): 2}
    decided = frames["decisions"].iloc[0]
    assert (decided["variable_cost"], decided["margin"]) == (-10, 290)


def test_pegging_goes_through_two_stages_and_a_transfer() -> None:
    """Proves: cells belong to the order whose A they become, also after a transfer. By hand: O, due in week 1,
    takes 8 of the 10 cells bought; the other 2 and 18 made at north become P's 10 A. If labels ended at a stage:
    cells of nobody."""
    frames = frames_of(two_stages())
    made = frames["production"].groupby(["order", "item"])["quantity"].sum().to_dict()
    assert made == {("O", "A"): 4, ("P", "A"): 10, ("P", "cell"): 18}
    assert (frames["transfer_plan"]["quantity"].sum(), frames["material_needs"]["quantity"].sum()) == (18, 10)


def test_variable_cost_is_that_of_every_stage() -> None:
    """Proves: an order bears conversion, material and transfer of its own units. By hand: O 4 x 3 + 8 x 1.2 = 21.6; P
    10 x 3 + 2 x 1.2 + 18 x (1 + 0.5) = 59.4. Averaged over all cells: 23.6 and 57.4 or so; without cells: 12 and 30.
    Nothing else is paid, so the orders' margins add up to the plan's."""
    frames = frames_of(two_stages())
    decided = frames["decisions"].set_index("order")
    assert decided["variable_cost"].to_dict() == pytest.approx({"O": -21.6, "P": -59.4})
    assert decided["margin"].sum() == pytest.approx(frames["margin"]["amount"].sum()) == pytest.approx(420 - 81)


def test_setup_overtime_and_take_or_pay_stay_unassigned() -> None:
    """Proves: an order's margin has no share of a setup, of overtime or of what is paid and not taken. By hand: O earns
    300 - 10 x 4 = 260; the plan 20 less for a setup, 10 for overtime, 6 for material nobody takes."""
    frames = frames_of(book(
        items=[{"item": "A"}, {"item": "salt"}], lines=[line(hours=18, overtime_hours=8, overtime_cost=5)],
        routings=[routing(unit_cost=4, setup_cost=20)],
        supply=[{"supplier": "S", "item": "salt", "unit_cost": 2, "min_qty": 3}]))
    assert frames["decisions"]["margin"].tolist() == [260]
    assert frames["margin"]["amount"].sum() == pytest.approx(260 - 20 - 10 - 6)


def test_an_orders_margin_by_hand() -> None:
    """Proves: revenue, late, freight, duty and variable cost, of its own shipments. By hand: 6 + 4 units a week; 300, 4
    late a week at a tenth: -12, freight 2: -20, duty 0.1: -30, making 4: -40 -> 198, 19.8 a unit."""
    frames = frames_of(book(
        2, lines=[line(hours=12)], routings=[routing(unit_cost=4)], markets=[{"market": "M", "duty_rate": 0.1}],
        lanes=[{"site": "main", "market": "M", "freight_cost": 2}],
        orders=[order(market="M", latest_date=ENDS[1], late_rate=0.1)]))
    row = frames["decisions"].iloc[0]
    terms = ["revenue", "late", "freight", "duty", "variable_cost", "margin", "unit_margin"]
    assert row[terms].tolist() == pytest.approx([300, -12, -20, -30, -40, 198, 19.8])
    assert (row["status"], row["delivered"], row["delivered_on_time"], row["late_days"]) == ("accepted", 10, 6, 7)


def test_a_single_line_orders_shipments_come_from_one_line() -> None:
    """Proves: the plan's tables show the line that was chosen. By hand: L1 makes 12 in two weeks, L2 10: L1 serves
    O. By first in, first out over all lines: both."""
    frames = frames_of(book(
        2, lines=[line(hours=12), line("L2", 10)], routings=[routing(), routing("L2")],
        orders=[order(quantity=12, single_line=True, min_fill=1, due_date=ENDS[1]),
                order("P", quantity=10, unit_price=20, due_date=ENDS[1])]))
    shipped = frames["shipments"].groupby(["order", "line"])["quantity"].sum().to_dict()
    assert shipped == {("O", "L1"): 12, ("P", "L2"): 10}
    assert {(name, chosen) for name, chosen, _ in pegged(frames)} == {("O", "L1"), ("P", "L2")}


def test_a_pinned_order_keeps_what_is_made_for_it() -> None:
    """Proves: pinned units go to their order, though another is due first. By hand: 5 pinned for P on L1 in week 1; O,
    due in week 1, gets the other 5 and 5 from L2. First due first served alone: 10 of L1 to O."""
    frames = frames_of(book(
        2, lines=[line(hours=20), line("L2", 10)], routings=[routing(), routing("L2", unit_cost=1)],
        orders=[order(), order("P", quantity=5, due_date=ENDS[1])],
        pins=[{"order": "P", "line": "L1", "bucket_start": STARTS[0], "quantity": 5}]))
    assert pegged(frames) == {("O", "L1", 0): 5, ("O", "L2", 0): 5, ("P", "L1", 0): 5}


def totals(frames: Frames, table: str, by: list[str]) -> dict[object, float]:
    """Quantity of a table by the columns."""
    return frames[table].groupby(by)["quantity"].sum().to_dict()


@pytest.mark.parametrize("name", CASES)
def test_pegged_tables_add_up_to_the_models(name: str) -> None:
    """Proves: pegging loses and adds nothing: production by line, item and week, shipments by order, and stock are what
    was decided."""
    with patch.object(publishing, "make_plan", wraps=publishing.make_plan) as made:
        frames = frames_of(CASES[name]())
    decided = made.call_args.args[1]
    starts = made.call_args.args[0].horizon["start"]

    def expected(family: str, *by: str) -> dict[object, float]:
        rows = decided[family]
        return rows.assign(bucket_start=[starts[bucket] for bucket in rows["bucket"]]).groupby(
            [*by, "bucket_start"])["value"].sum().to_dict()

    assert totals(frames, "production", ["line", "item", "bucket_start"]) == pytest.approx(
        expected("made", "line", "item"), abs=1e-5)
    assert totals(frames, "shipments", ["order", "item", "site", "mode", "bucket_start"]) == pytest.approx(
        expected("shipped", "order", "item", "site", "mode"), abs=1e-5)
    levels = frames["stock_levels"].groupby(["item", "site", "bucket_start"])["closing"].sum()
    kept = expected("stock", "item", "site")
    assert {key: amount for key, amount in levels.items() if amount > 1e-5} == pytest.approx(
        {key: amount for key, amount in kept.items() if amount > 1e-5}, abs=1e-4)


def test_pinned_units_take_their_components_first() -> None:
    """Proves: what a line makes for a pinned order in a week takes components before what it makes besides, whose
    orders are known only afterwards; the audit agrees. By hand: 5 cells in stock go to P, and the 10 of O are bought at
    2. If the rest came first: O 10 and P 10; were it left open, plan and audit might disagree."""
    frames = frames_of(book(
        2, items=[{"item": "A"}, {"item": "cell"}], stock=[{"item": "cell", "opening_stock": 5}],
        bill_of_materials=[{"item": "A", "component": "cell", "quantity_per": 1}],
        supply=[{"supplier": "S", "item": "cell", "unit_cost": 2}],
        orders=[order(), order("P", quantity=5, due_date=ENDS[1])],
        pins=[{"order": "P", "line": "L1", "bucket_start": STARTS[0], "quantity": 5}]))
    assert pegged(frames) == {("O", "L1", 0): 10, ("P", "L1", 0): 5}
    costs = frames["decisions"].set_index("order")["variable_cost"]
    assert costs.to_dict() == {"O": -20, "P": 0}


def test_of_two_pinned_orders_the_first_due_takes_components_first() -> None:
    """Proves: first due, first served, between pinned orders of one line and week. By hand: P, due first, gets the 5
    cells in stock, and the 5 of A1 are bought at 2. By name: A1 first."""
    frames = frames_of(book(
        2, items=[{"item": "A"}, {"item": "cell"}], stock=[{"item": "cell", "opening_stock": 5}],
        bill_of_materials=[{"item": "A", "component": "cell", "quantity_per": 1}],
        supply=[{"supplier": "S", "item": "cell", "unit_cost": 2}],
        orders=[order("A1", quantity=5, due_date=ENDS[1]), order("P", quantity=5)],
        pins=[{"order": name, "line": "L1", "bucket_start": STARTS[0], "quantity": 5} for name in ("A1", "P")]))
    assert frames["decisions"].set_index("order")["variable_cost"].to_dict() == {"A1": -10, "P": 0}
