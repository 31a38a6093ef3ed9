"""Why an order did not get what it asked for: each class by hand, and each relaxation applied to the tables."""

from __future__ import annotations

import time
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest

from model.audit import Audit
from model.explain.applying import LESS, applied, is_possible
from model.explain.break_even import BreakEven, Clock
from model.explain.examine import Examiner, explained
from model.explain.explanation import Explanation
from model.explain.goals import goals_of
from model.explain.ground import Ground, ground_of
from model.explain.interval import NO_PRICE
from model.explain.reasons import Reasons
from model.planning import Result
from model.solve.change import Change
from tests.constraints.book import ENDS, STARTS, Row, book, line, order, routing
from tests.constraints.orders import LUMPY
from tests.oracle.random_books import Shape, random_book
from tests.support import Records, plan

SECONDS = 1200.0


def told(records: Records, language: str = "en") -> Result:
    """The book planned and explained, without the audit, which takes longest."""
    with patch("model.publishing.audit", return_value=Audit(True, ())):
        return explained(plan(records), SECONDS, language=language)


def reason_of(records: Records, name: str = "O") -> Explanation:
    """One order's explanation."""
    found = told(records).explanations[name]
    assert found.is_examined
    return found


def test_crowded_out_by_named_orders() -> None:
    """A (6 h, 60) needs B or C to give way and, with 10 h in all, both: 48 + 47 are lost for 60, on L1 in its week."""
    found = reason_of(LUMPY, "A")
    assert (found.reason, found.costs.low, found.costs.high) == ("crowded_out", pytest.approx(35), pytest.approx(35))
    assert [(loser.order, loser.quantity, loser.margin) for loser in found.losers] == [("B", 5, 48), ("C", 5, 47)]
    assert [(place.line, place.first) for place in found.places] == [("L1", pd.Timestamp("2025-01-06"))]


def test_orders_that_were_denied_something_are_examined_first() -> None:
    """8 h hold B (50) and 3 of the 5 units of C (27 of 45); A (10) is declined. Were the largest examined first, a
    short time would be spent on the price of B, of which there is nothing to explain."""
    records = book(lines=[line(hours=8)], routings=[routing(hours_per_unit=1)], orders=[
        order("A", quantity=5, unit_price=2), order("B", quantity=5, unit_price=10),
        order("C", quantity=5, unit_price=9)])
    result = plan(records)
    ground = ground_of(result)
    assert ground is not None
    begun: list[str] = []
    examiner = Examiner(result, ground, SECONDS)
    with patch.object(Examiner, "_begun", lambda _, wanted: begun.append(wanted.order)), patch.object(
            Examiner, "_price"):
        examiner.survey(["A", "B", "C"])
    assert begun == ["C", "A", "B"]


def test_what_a_reason_proves_limits_the_price() -> None:
    """X, 10 at 20, fills the line; with all 5 of O at 10 in its place a plan earns 150, not 200: O needs 20 a unit.
    Where no search for prices is made, that follows from the reason; without it only the 10 are known not to do."""
    records = book(lines=[line(hours=10)], routings=[routing(hours_per_unit=1)],
                   orders=[order("X", unit_price=20), order("O", quantity=5, unit_price=10)])
    with patch.object(BreakEven, "solved"), patch.object(BreakEven, "quick"):
        found = reason_of(records)
    assert found.reason == "crowded_out" and found.whole.low == pytest.approx(20)


def test_what_loses_money_with_free_capacity_does_not_pay() -> None:
    """Materials at 35 for a unit that sells at 30: 10 units lose 50, however many hours there are. Orders that earn
    more fill the line, so that a search which asked only who is in the way would name them."""
    found = reason_of(book(
        items=[{"item": "A"}, {"item": "B"}, {"item": "foil"}],
        bill_of_materials=[{"item": "A", "component": "foil", "quantity_per": 1}],
        supply=[{"supplier": "S", "item": "foil", "unit_cost": 35}], routings=[routing(), routing(item="B")],
        orders=[order("O", min_fill=1), order("B", item="B", quantity=20, unit_price=90)]))
    assert (found.reason, found.term, found.is_free) == ("does_not_pay", "materials", True)
    assert found.costs.low == pytest.approx(50)


def test_what_is_lost_is_told_to_the_end_in_a_small_book() -> None:
    """5 units at 4 cost 9 each and a setup of 10: 35 are lost. The relaxation, which sets up for a part, proves less:
    with 20 units a week, 25 and a quarter of the setup."""
    found = reason_of(book(routings=[routing(unit_cost=9, setup_cost=10)], orders=[order(quantity=5, unit_price=4)]))
    assert (found.reason, found.costs.low, found.costs.high) == ("does_not_pay", pytest.approx(35), pytest.approx(35))


@pytest.mark.parametrize("largest", [2_000, 0])
def test_goods_that_others_use_do_not_make_an_order_pay(largest: int) -> None:
    """Ten foils are there and any number can be had at 35. B takes the ten, so that O, at 30 a unit, must buy its own:
    it loses 50, with free hours, too. In a book too large to be planned a second time O is asked about alone; with the
    ten foils to itself it would seem to earn 300, and B to be in its way."""
    with patch("model.explain.ground.SMALL_MODEL", largest):
        found = reason_of(book(
            items=[{"item": "A"}, {"item": "B"}, {"item": "foil"}], stock=[{"item": "foil", "opening_stock": 10}],
            bill_of_materials=[{"item": name, "component": "foil", "quantity_per": 1} for name in "AB"],
            supply=[{"supplier": "S", "item": "foil", "unit_cost": 35}], routings=[routing(), routing(item="B")],
            orders=[order("O", min_fill=1), order("B", item="B", unit_price=90)]))
    assert (found.reason, found.term, found.is_free) == ("does_not_pay", "materials", True)
    assert found.costs.low == pytest.approx(50)


def test_hours_that_are_missing_are_named() -> None:
    """16 units at 2 h take 32 h, there are 30: two more hours by the week of the sixth let the order in."""
    found = reason_of(book(lines=[line("L1", 30)], orders=[order("O", quantity=16, min_fill=1, latest_date=ENDS[0])]))
    assert (found.reason, found.most_quantity) == ("cannot_be_made", pytest.approx(15))
    assert (found.relaxation.kind, found.relaxation.name) == ("hours", "L1")
    assert found.relaxation.amount == pytest.approx(2, rel=2e-5)
    assert [week for week, _ in found.relaxation.weeks] == [pd.Timestamp(STARTS[0])]


def test_days_that_are_missing_are_named() -> None:
    """15 units a week: 16 are there at the end of the second week, seven days after the latest date of the order."""
    found = reason_of(book(2, lines=[line("L1", 30)], orders=[order("O", quantity=16, min_fill=1)]))
    assert (found.relaxation.kind, found.relaxation.amount) == ("days", 7)


def test_days_are_named_in_a_book_of_cells_and_systems() -> None:
    """Proves: with a later date the order has more shipments, each measured as its own item is where items are far
    apart. Four systems take 2 h each and a week has 4: two are made a week, seven days are missing. Thirty thousand
    cells are ordered beside them; measured by the columns of the book as it was, the later book cannot be loaded."""
    found = told(book(
        2, items=[{"item": "A"}, {"item": "cell"}], lines=[line("L1", 4), line("L2", 40)],
        routings=[routing(), routing("L2", "cell", hours_per_unit=0.001)],
        orders=[order(quantity=4, min_fill=1), order("P", item="cell", quantity=30_000)])).explanations["O"]
    assert (found.relaxation.kind, found.relaxation.amount) == ("days", 7)


def test_material_that_is_missing_is_named() -> None:
    """8 foils in stock, 10 wanted, none to be had: two more. More hours or days would not help."""
    found = reason_of(book(
        items=[{"item": "A"}, {"item": "foil"}], stock=[{"item": "foil", "opening_stock": 8}],
        bill_of_materials=[{"item": "A", "component": "foil", "quantity_per": 1}], orders=[order("O", min_fill=1)]))
    assert (found.reason, found.relaxation.kind, found.relaxation.name) == ("cannot_be_made", "material", "foil")
    assert found.relaxation.amount == pytest.approx(2, rel=2e-5)


@pytest.mark.parametrize("opening", [0, 1])
def test_stock_of_the_item_itself_is_named_where_its_making_is_divided(opening: int) -> None:
    """10 A are wanted after a setup, each takes two foils, and 16 foils are there for 8 A: of A two more in stock would
    do (one, where one is there), of foils twice as many. What is made is divided by when it ships, or without that held
    to setups: a search that let opening stock pass by these rows only would ask for foils."""
    found = reason_of(book(
        items=[{"item": "A"}, {"item": "foil"}],
        stock=[{"item": "A", "opening_stock": opening}, {"item": "foil", "opening_stock": 16}],
        bill_of_materials=[{"item": "A", "component": "foil", "quantity_per": 2}],
        routings=[routing(setup_hours=1)], orders=[order("O", min_fill=1)]))
    assert (found.reason, found.relaxation.kind, found.relaxation.name) == ("cannot_be_made", "material", "A")
    assert found.relaxation.amount == pytest.approx(2 - opening, rel=2e-5)


@pytest.mark.parametrize("lot", [{"setup_hours": 2}, {"min_lot": 1, "setup_hours": 2}, {"min_lot": 1}])
def test_missing_hours_are_named_beside_setups_and_lots(lot: Row) -> None:
    """16 units at 2 h take 32 h, and 2 more for a setup; there are 30. What fits into a week after the setup limits a
    run, too, and grows with the hours: if it did not, no hours would help."""
    found = reason_of(book(lines=[line("L1", 30)], routings=[routing(**lot)],
                           orders=[order("O", quantity=16, min_fill=1, latest_date=ENDS[0])]))
    assert (found.reason, found.relaxation.kind) == ("cannot_be_made", "hours")
    assert found.relaxation.amount == pytest.approx(2 + lot.get("setup_hours", 0), rel=2e-5)


def test_a_quota_that_keeps_an_order_out_is_named() -> None:
    """10 units at 30 for which there is room; the quota lets 4 through. Without it the plan earns 300 instead of 0."""
    found = reason_of(book(allocations=[{"rule": "four of A", "item": "A", "max_qty": 4}],
                           orders=[order("O", min_fill=1)]))
    assert (found.reason, found.rule.kind, found.rule.name) == ("kept_out_by_rule", "quota", "four of A")
    assert found.rule.gain == pytest.approx(300)


def test_an_approval_that_keeps_an_order_out_is_named() -> None:
    """Only L2 is approved, and it makes 5 of the 10 units; L1 would make all of them."""
    found = reason_of(book(lines=[line("L1"), line("L2", 10)], routings=[routing(), routing("L2")],
                           customers=[{"customer": "C"}], approvals=[{"customer": "C", "item": "A", "line": "L2"}],
                           orders=[order("O", customer="C", min_fill=1)]))
    assert (found.reason, found.rule.kind, found.rule.gain) == ("kept_out_by_rule", "approval", pytest.approx(300))


def test_a_decision_of_the_planner_is_a_rule() -> None:
    """Left out by decision, the order would have earned 300."""
    found = reason_of(book(orders=[order("O", decision="decline")]))
    assert (found.reason, found.rule.kind, found.rule.gain) == ("kept_out_by_rule", "decision", pytest.approx(300))


def test_a_quota_that_costs_nothing_is_named_where_it_leaves_no_room() -> None:
    """10 units at 30 that cost 40 each; the quota lets 4 through. Without it the order could be made, but would not be
    taken: the quota is named, and nothing is said to be gained. The lines and materials are not to blame."""
    result = told(book(allocations=[{"rule": "four of A", "item": "A", "max_qty": 4}], routings=[routing(unit_cost=40)],
                       orders=[order("O", min_fill=1)]))
    found = result.explanations["O"]
    assert (found.reason, found.rule.kind, found.rule.gain) == ("kept_out_by_rule", "quota", 0.0)
    assert "four of A" in result.plan.frames["decisions"]["reason"].iloc[0]


def test_what_others_make_dearer_is_crowded_out() -> None:
    """Ten foils at 5 and any number at 50: P takes the cheap ones and earns 10 x (60 - 5). O would bring 10 x (30 - 5)
    alone, and beside P costs 10 x (50 - 30) = 200. P would lose nothing of its own; a reason that asked only who gets
    less would say that O does not pay."""
    found = reason_of(book(
        items=[{"item": "A"}, {"item": "foil"}],
        bill_of_materials=[{"item": "A", "component": "foil", "quantity_per": 1}],
        supply=[{"supplier": "S", "item": "foil", "unit_cost": 5, "max_qty": 10},
                {"supplier": "T", "item": "foil", "unit_cost": 50}],
        orders=[order("O", min_fill=1), order("P", unit_price=60, min_fill=1)]))
    assert (found.reason, found.term, found.losers) == ("crowded_out", "materials", ())
    assert found.costs.low == pytest.approx(200)


def test_what_costs_overtime_of_its_own_does_not_pay() -> None:
    """12 units at 30 take 24 h; the line has 4 regular hours and overtime at 20. With every line to itself O brings
    360 and costs 20 x 20 = 400: it does not pay by 40, though with a thousand times the hours it would."""
    found = reason_of(book(lines=[line("L1", 4, overtime_hours=40, overtime_cost=20)],
                           orders=[order("O", quantity=12, min_fill=1)]))
    assert (found.reason, found.is_free, found.term) == ("does_not_pay", False, "overtime")
    assert found.costs.low == pytest.approx(40)


def test_a_tender_that_would_not_pay_is_said_so() -> None:
    """A tender at 30 that costs 40 a unit to make: left out as unlikely, and planned as won it would lose 10 x 10."""
    result = told(book(routings=[routing(unit_cost=40)], orders=[order("O", win_probability=0.1, min_fill=1)]))
    found = result.explanations["O"]
    assert (found.reason, found.rule.kind, found.rule.gain) == ("kept_out_by_rule", "tender", 0.0)
    assert found.costs.low == pytest.approx(100) and found.break_even.high == pytest.approx(40)
    assert "100 CNY less" in result.plan.frames["decisions"]["reason"].iloc[0]


def test_a_lumpy_tender_has_an_exact_price() -> None:
    """Capacity 10; B and C take all of it and earn 95. The tender A takes 6 and could keep neither: it pays from
    95 / 6. The relaxation would say 9.4 a unit."""
    orders = [{**row, "win_probability": 0.1 if row["order"] == "A" else 1.0} for row in LUMPY["orders"]]
    found = reason_of({**LUMPY, "orders": orders}, "A")
    assert found.break_even.is_exact and found.break_even.high == pytest.approx(95 / 6)


def test_what_is_left_out_is_asked_about_one_by_one() -> None:
    """20 units of room, P takes 10 of them; of two orders left out by decision each would find the other 10 free and
    earn 300. Opened together with P they would compete."""
    found = told(book(lines=[line("L1", 40)], orders=[
        order("O", decision="decline"), order("P", unit_price=60), order("Q", decision="decline")])).explanations
    assert [found[name].rule.gain for name in ("O", "Q")] == [pytest.approx(300), pytest.approx(300)]
    assert found["O"].whole.high == pytest.approx(0.0, abs=1e-6)


def test_a_substitute_is_explained() -> None:
    """10 of A are wanted and B may stand in for it at the same price. A costs 8 to make and B 5: all is served with B,
    and in its own item the order would cost 30 more, alone as well."""
    result = told(book(items=[{"item": "A"}, {"item": "B"}], substitutes=[{"item": "A", "substitute": "B"}],
                       routings=[routing(unit_cost=8), routing(item="B", unit_cost=5)],
                       orders=[order("O", substitution=True)]))
    found = result.explanations["O"]
    assert (found.goal, found.reason, found.term) == ("own_item", "does_not_pay", "conversion")
    assert found.costs.low == pytest.approx(30)
    assert result.plan.frames["decisions"]["reason"].iloc[0].startswith("Served with a substitute")


def test_a_substitute_because_another_order_earns_more() -> None:
    """20 h make 10 of A. O may take B instead, at 0.9 of its price of 30, P may not: in its own item O would cost the
    10 x 20 that P earns, less the 10 x 3 that the substitute brings less: 170."""
    found = reason_of(book(items=[{"item": "A"}, {"item": "B"}], lines=[line("L1", 20), line("L2", 20)],
                           substitutes=[{"item": "A", "substitute": "B", "price_factor": 0.9}],
                           routings=[routing(), routing("L2", "B")],
                           orders=[order("O", substitution=True), order("P", unit_price=20)]))
    assert (found.goal, found.reason) == ("own_item", "crowded_out")
    assert found.costs.low == pytest.approx(170) and [loser.order for loser in found.losers] == ["P"]


def moved_book(hours: float) -> Records:
    """10 of O are published on L1, which has so many hours a week for them and Q; L2 makes them, too, at 5 a unit."""
    return book(items=[{"item": "A"}, {"item": "B"}], lines=[line("L1", hours), line("L2", 20)],
                routings=[routing(), routing(item="B"), routing("L2", unit_cost=5)],
                published_plan=[{"order": "O", "item": "A", "line": "L1", "bucket_start": STARTS[0], "quantity": 10}],
                orders=[order(), order("Q", item="B", unit_price=20, min_fill=1)])


def test_moved_to_another_line_because_another_order_needs_it() -> None:
    """20 h on L1 are for O, at no cost, or for Q, which earns 200 there and nowhere else. O moves to L2 and costs 50
    more there; on its published line the plan would earn 150 less."""
    result = told(moved_book(20))
    found = result.explanations["O"]
    assert (found.goal, found.reason) == ("published_line", "crowded_out")
    assert found.costs.low == pytest.approx(150) and [loser.order for loser in found.losers] == ["Q"]
    assert result.plan.frames["decisions"]["reason"].iloc[0].startswith("Moved to another line")


def test_moved_to_another_line_because_the_published_one_is_too_short() -> None:
    """18 h on L1 hold 9 units: the tenth is made on L2. Two more hours in that week would let all of it stay."""
    found = reason_of({**moved_book(18), "orders": [order()]})
    assert (found.goal, found.reason) == ("published_line", "cannot_be_made")
    assert (found.relaxation.kind, found.relaxation.name) == ("hours", "L1")
    assert found.relaxation.amount == pytest.approx(2, rel=2e-5)


def test_on_the_published_line_nothing_is_to_be_explained() -> None:
    """40 h on L1 hold both; no reason is made up for an order that stays where it was published."""
    assert told(moved_book(40)).explanations["O"].goal == ""


def test_late_because_another_comes_first() -> None:
    """20 units a week for two orders of 20 due in the first: the one with lower damages waits, 600 x 1 % against 5 %.
    On time it would cost the other's 30 less its own 6: 24."""
    records = book(2, orders=[order("O", quantity=20, late_rate=0.01, latest_date=ENDS[1]),
                              order("P", quantity=20, late_rate=0.05, latest_date=ENDS[1])])
    found = reason_of(records)
    assert (found.goal, found.reason) == ("on_time", "crowded_out")
    assert found.costs.low == pytest.approx(24) and [loser.order for loser in found.losers] == ["P"]


def test_what_the_gap_leaves_open_is_not_claimed() -> None:
    """A plan that takes nothing, of which only is proven that none earns more than 95: each order would do better in
    it, so that none was crowded out; and none is claimed to be."""
    result = plan(LUMPY)
    nothing = np.zeros_like(result.values)
    found = explained(replace(result, outcome=replace(result.outcome, margin=0.0), values=nothing), SECONDS)
    assert {each.reason for each in found.explanations.values()} == {"undecided"}


def test_a_further_search_of_a_large_book_decides_what_its_gap_left_open() -> None:
    """The same plan of nothing in a book too large to search for each order at once: a search of the book as it stands
    finds 95. Any plan with A earns less, so that others are in its way; B and C are in that plan, and need not have
    been declined."""
    result = plan(LUMPY)
    nothing = replace(result, outcome=replace(result.outcome, margin=0.0), values=np.zeros_like(result.values))
    with patch("model.explain.ground.SMALL_MODEL", 0):
        found = explained(nothing, SECONDS).explanations
    assert found["A"].reason == "crowded_out" and 0 < found["A"].costs.low <= 35
    for name in ("B", "C"):
        assert (found[name].reason, found[name].is_equal) == ("undecided", True)


def test_every_reason_comes_before_any_price() -> None:
    """20 h are for P, so that O and Q are denied. If O's price were searched for before Q's reason, a price that takes
    all the time would leave Q without one."""
    with patch.object(Reasons, "explained", autospec=True, side_effect=Reasons.explained) as reasons, \
            patch.object(BreakEven, "solved", autospec=True, side_effect=lambda *_: before.append(reasons.call_count)):
        before: list[int] = []
        told(book(lines=[line("L1", 20)], orders=[order("O"), order("P", unit_price=60), order("Q", unit_price=20)]))
    assert before and set(before) == {2}


def test_no_search_is_made_for_the_price_of_what_cannot_be_made() -> None:
    """There is no hour on L1: none of O can be delivered at any price. To find that out by a search for the best plan
    without O, to the last unit, was seen to take minutes in a book of thirty orders."""
    with patch.object(BreakEven, "_solve_without", side_effect=AssertionError):
        found = reason_of(book(lines=[line("L1", 0)]))
    assert (found.reason, found.break_even, found.whole) == ("cannot_be_made", NO_PRICE, NO_PRICE)


def test_not_reached_is_said() -> None:
    """No second to explain: every order is marked, its known reason kept."""
    result = explained(plan(LUMPY), 0.0)
    assert not any(each.is_examined for each in result.explanations.values())
    assert result.plan.frames["decisions"]["reason"].str.contains("Not examined").all()


def test_a_planner_can_read_it() -> None:
    """One sentence with orders, units, money, line and week, in both languages."""
    english, chinese = (told(LUMPY, language).plan.frames["decisions"]["reason"].iloc[0] for language in ("en", "zh"))
    for words in (english, chinese):
        assert all(part in words for part in ("B", "C", "48", "47", "CNY", "L1", "2025-01-06", "35"))
        assert "{" not in words
    assert english.startswith("Declined: ") and chinese.startswith("拒绝：")


def _granting(name: str, goal: str):
    def ask(ground: Ground) -> Change:
        return goals_of(ground).granting(ground.orders[name], goal)

    return ask


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2, 3, 4, 5))])
def test_relaxations_of_random_books_suffice_and_less_does_not(seed: int) -> None:
    """Proves: applied to the tables each relaxation lets the order in, one per cent or one day less does not; every
    order that did not get all it asked for has exactly one reason."""
    records = random_book(f"reason {seed}", Shape(lines=3, products=2, orders=5, buckets=3))
    result = told(records)
    ground = ground_of(result)
    assert ground is not None
    status = result.plan.frames["decisions"].set_index("order")["status"]
    for name, found in result.explanations.items():
        assert found.is_examined, name
        assert found.reason or status[name] == "accepted", (name, status[name])
        if found.relaxation is None or ground.orders[name].is_firm:
            continue
        clock = Clock(time.monotonic() + SECONDS)
        asks = _granting(name, found.goal)
        wanted, tables = ground.orders[name], result.tables
        assert is_possible(ground, wanted, applied(tables, name, found.relaxation), asks, clock)
        assert is_possible(ground, wanted, applied(tables, name, found.relaxation, LESS), asks, clock) is False


def test_a_missed_firm_order_names_the_promises_before_it() -> None:
    """30 h hold 15 units; F at 30 and G at 20 a unit, 10 each, are promised: 5 of G are missed. In full, G would take
    them from F. An answer that looked at margin only would say that G costs more than it brings."""
    records = book(lines=[line("L1", 30)], orders=[order("F", commitment="firm"),
                                                    order("G", unit_price=20, commitment="firm")])
    found = reason_of(records, "G")
    assert (found.goal, found.reason) == ("in_full", "crowded_out")
    assert [(loser.order, loser.quantity) for loser in found.losers] == [("F", pytest.approx(5))]


def test_the_frozen_plan_comes_before_a_firm_order() -> None:
    """The only week is frozen for 15 units of B; the firm order of A finds no hours there."""
    found = reason_of(book(1, {"frozen_until": "2025-01-12"}, items=[{"item": "A"}, {"item": "B"}],
                           lines=[line("L1", 30)], routings=[routing(), routing(item="B")],
                           published_plan=[{"item": "B", "line": "L1", "bucket_start": STARTS[0], "quantity": 15}],
                           orders=[order("O", commitment="firm", latest_date=ENDS[0])]))
    assert (found.reason, found.rule.kind) == ("kept_out_by_rule", "frozen_plan")


def test_large_books_name_who_loses_too() -> None:
    """Proves: in a book too large to search for the plan that takes least, the orders that lose in the plan found are
    named, for the same reason and costs as in a small one."""
    with patch("model.explain.ground.SMALL_MODEL", 0):
        found = reason_of(LUMPY, "A")
    assert (found.reason, found.costs.low) == ("crowded_out", pytest.approx(35))
    assert [loser.order for loser in found.losers] == ["B", "C"]
