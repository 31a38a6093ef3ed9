"""What an order that cannot be made lacks: each cause by hand, and whose promises come before it."""

from __future__ import annotations

from unittest.mock import patch

import pandas as pd
import pytest

from model.audit import Audit
from model.explain.explanation import Explanation
from model.explain.what_if import ask_what_if
from model.planning import Options
from model.report.explained import explanation_document
from tests.constraints.book import ENDS, STARTS, book, line, order, routing
from tests.explain.test_reasons import reason_of, told
from tests.support import Records, plan

QUICK = Options(rule_of_thumb=False)
OVERTIME = book(lines=[line("L1", 8, overtime_hours=8)], routings=[routing(hours_per_unit=1)],
                orders=[order("O", quantity=32, min_fill=1)])
FOIL = {"item": "A", "component": "foil", "quantity_per": 1}


def test_hours_are_asked_for_though_an_item_takes_none() -> None:
    """16 units at 2 h after a setup of 1 h take 33 h, there are 30: three more. Labels take no hours on that line,
    so that no hours would allow more of them."""
    found = reason_of(book(
        items=[{"item": "A"}, {"item": "label"}], lines=[line("L1", 30)],
        bill_of_materials=[{"item": "A", "component": "label", "quantity_per": 1}],
        routings=[routing(setup_hours=1), routing(item="label", hours_per_unit=0, min_lot=1)],
        orders=[order("O", quantity=16, min_fill=1)]))
    assert (found.relaxation.kind, found.relaxation.amount) == ("hours", pytest.approx(3, rel=2e-5))


def test_more_of_a_component_is_made_where_hours_allow_more_of_the_item() -> None:
    """A cell goes into each A. L1 has 20 h for 10 A, L2 makes cells after a setup as long as there is a use for them:
    10. With 4 h more on L1 there is a use for 12; if L2 stayed at 10, no hours would help."""
    found = reason_of(book(
        items=[{"item": "A"}, {"item": "cell"}], lines=[line("L1", 20), line("L2", 40)],
        bill_of_materials=[{"item": "A", "component": "cell", "quantity_per": 1}],
        routings=[routing(), routing("L2", "cell", setup_hours=1)], orders=[order("O", quantity=12, min_fill=1)]))
    assert (found.relaxation.kind, found.relaxation.name) == ("hours", "L1")
    assert found.relaxation.amount == pytest.approx(4, rel=2e-5)


def test_a_lot_that_fits_only_into_more_hours() -> None:
    """A lot of 10 takes 20 h and the week has 16: nothing can be made at all. Four more hours, and it can."""
    found = reason_of(book(lines=[line("L1", 16)], routings=[routing(min_lot=10)], orders=[order("O", min_fill=1)]))
    assert (found.relaxation.kind, found.relaxation.amount) == ("hours", pytest.approx(4, rel=2e-5))


def test_the_line_that_lacks_least_with_whole_setups_is_named() -> None:
    """12 units; L1 has 20 of the 24 h that they take. L2 has 2 h and takes 1 h a unit after a setup of 6 h: the two
    units that L1 cannot make take 8 h there, 6 more. A part of a setup would take an hour or so, and L2 seem to lack
    least."""
    found = reason_of(book(lines=[line("L1", 20), line("L2", 2)],
                           routings=[routing(), routing("L2", hours_per_unit=1, setup_hours=6)],
                           orders=[order("O", quantity=12, min_fill=1)]))
    assert [(part.kind, part.name) for part in found.relaxation.parts] == [("hours", "L1")]
    assert found.relaxation.amount == pytest.approx(4, rel=2e-5)


def test_overtime_that_comes_along_is_said() -> None:
    """Proves: what is stated are regular hours, and that overtime grows with them. L1 has 8 h and 8 h of overtime, 32
    units take 1 h each: 16 are missing, 8 of either. If the regular ones alone were stated, a planner would add 8 h,
    and be told that 8 more are missing."""
    result = told(OVERTIME)
    found = result.explanations["O"].relaxation
    assert (found.amount, found.overtime) == (pytest.approx(8, rel=2e-5), pytest.approx(8, rel=2e-5))
    assert explanation_document(result.explanations["O"])["relaxation"]["overtime"] == found.overtime
    said = result.plan.frames["decisions"]["reason"].iloc[0]
    assert "with 8 more regular hours and 8 more hours of overtime on line L1 in the week of 2025-01-06." in said
    assert "增加 8 小时正常工时和 8 小时加班" in told(OVERTIME, "zh").plan.frames["decisions"]["reason"].iloc[0]


@pytest.mark.parametrize(("question", "margin"), [
    ("line=L1 hours+=8 week=2025-01-06", 960), ("line=L1 hours+=8", 0), ("line=L1 hours+=16", 960),
    ("line=L1 hours+=8; line=L1 overtime+=8", 960)])
def test_hours_asked_for_are_those_of_the_menu(question: str, margin: float) -> None:
    """Proves: the menu's hours of one week come with overtime, as those stated do, and its hours of every week do not.
    32 units at 30 are 960: 8 h of that week and the 8 h of overtime with them suffice, of regular hours alone 16 are
    missing. If hours of every week raised overtime, too, 8 would do; if those of one week did not, they would not."""
    with patch("model.publishing.audit", return_value=Audit(True, ())):
        assert ask_what_if(plan(OVERTIME), question, QUICK).after.outcome.margin == pytest.approx(margin)


NEEDED: dict[str, Records] = {
    "a full store": {"stock": [{"item": "A", "storage_limit": 5}], "orders": [order("P")],
                     "receipts": [{"item": "A", "date": STARTS[0], "quantity": 10}]},
    "a contract": {"markets": [{"market": "x"}], "allocations": [{"rule": "M", "market": "x", "min_qty": 10}],
                   "orders": [order("P", market="x")]}}


@pytest.mark.parametrize("why", NEEDED)
def test_an_order_that_a_promise_or_a_store_needs_is_not_left_aside(why: str) -> None:
    """B takes 20 h and L2 has 16: 4 more. P may be declined, but without it ten A that arrive would not fit a store for
    five, or a contract be missed: if it were left aside, no hours would help."""
    records = {**NEEDED[why], "orders": [*NEEDED[why]["orders"], order("O", item="B", min_fill=1)]}
    found = reason_of(book(**{"items": [{"item": "A"}, {"item": "B"}], "lines": [line("L1", 20), line("L2", 16)],
                              "routings": [routing(), routing("L2", "B")], **records}))
    assert (found.relaxation.kind, found.relaxation.name) == ("hours", "L2")
    assert found.relaxation.amount == pytest.approx(4, rel=2e-5)


def test_a_chamber_that_is_full_is_named() -> None:
    """Each unit takes 1 h in the chamber, which has 8; the line has hours for 20."""
    result = told(book(
        sites=[{"site": "main"}], resources=[{"resource": "chamber", "site": "main", "hours": 8}],
        routing_resources=[{"line": "L1", "item": "A", "resource": "chamber", "hours_per_unit": 1}],
        orders=[order("O", min_fill=1)]))
    found = result.explanations["O"]
    assert (found.relaxation.kind, found.relaxation.name) == ("resource", "chamber")
    assert found.relaxation.amount == pytest.approx(2, rel=2e-5)
    assert "2 more hours of chamber" in result.plan.frames["decisions"]["reason"].iloc[0]


def test_a_term_of_one_line_is_named() -> None:
    """Two lines hold 10 units each: 16 from one of them cannot be had, from both they can."""
    result = told(book(lines=[line("L1", 20), line("L2", 20)], routings=[routing(), routing("L2")],
                       orders=[order("O", quantity=16, min_fill=1, single_line=True)]))
    found = result.explanations["O"]
    assert (found.reason, found.relaxation.kind) == ("cannot_be_made", "single_line")
    assert "from more than one line" in result.plan.frames["decisions"]["reason"].iloc[0]


def test_a_term_of_one_delivery_is_named() -> None:
    """The store holds nothing, so that each week ships what it makes: 10 units. 16 take two deliveries."""
    result = told(book(2, lines=[line("L1", 20)], stock=[{"item": "A", "storage_limit": 0}],
                       orders=[order("O", quantity=16, min_fill=1, single_delivery=True, latest_date=ENDS[1])]))
    found = result.explanations["O"]
    assert (found.reason, found.relaxation.kind) == ("cannot_be_made", "single_delivery")
    assert "in more than one delivery" in result.plan.frames["decisions"]["reason"].iloc[0]


def test_two_lines_that_both_lack_hours() -> None:
    """A takes a cell from L2; each line has 20 h for 10 units, 12 are wanted: 4 h more on both, and on either alone
    nothing is gained."""
    result = told(book(
        items=[{"item": "A"}, {"item": "cell"}], lines=[line("L1", 20), line("L2", 20)],
        bill_of_materials=[{"item": "A", "component": "cell", "quantity_per": 1}],
        routings=[routing(), routing("L2", "cell")], orders=[order("O", quantity=12, min_fill=1)]))
    found = result.explanations["O"]
    assert [(part.kind, part.name, round(part.amount, 3)) for part in found.relaxation.parts] == [
        ("hours", "L1", 4), ("hours", "L2", 4)]
    assert "L1" in (said := result.plan.frames["decisions"]["reason"].iloc[0]) and "L2" in said


def test_hours_and_material_that_are_both_missing() -> None:
    """10 h and 8 foils are there; 10 units take 20 h and 10 foils: 10 h and two foils more."""
    found = reason_of(book(
        items=[{"item": "A"}, {"item": "foil"}], stock=[{"item": "foil", "opening_stock": 8}], lines=[line("L1", 10)],
        bill_of_materials=[FOIL], orders=[order("O", min_fill=1)]))
    assert {(part.kind, part.name): round(part.amount, 3) for part in found.relaxation.parts} == {
        ("hours", "L1"): 10, ("material", "foil"): 2}


def test_a_later_date_and_hours_that_are_both_missing() -> None:
    """The store holds nothing, so that one delivery of 12 must be made in one week of 20 h: 4 h more. In the week in
    which O is due the line is closed: a week later as well."""
    found = reason_of(book(
        2, lines=[line("L1", 20)], stock=[{"item": "A", "storage_limit": 0}],
        calendar=[{"line": "L1", "from_date": STARTS[0], "to_date": ENDS[0], "availability": 0}],
        orders=[order("O", quantity=12, min_fill=1)]))
    assert {part.kind: round(part.amount, 3) for part in found.relaxation.parts} == {"days": 7, "hours": 4}


def test_what_is_missing_of_all_or_nothing_is_said() -> None:
    """15 of 16 units can be made, and the order wants all or nothing: not "nothing can be delivered"."""
    result = told(book(lines=[line("L1", 30)], orders=[order("O", quantity=16, min_fill=1)]))
    assert result.explanations["O"].most_quantity == pytest.approx(15)
    assert "no more than 15 of 16 MWh" in result.plan.frames["decisions"]["reason"].iloc[0]


def test_what_is_missing_beside_promises_is_said_to_be_so() -> None:
    """Proves: 5 of the 15 units that 30 h make are promised to F, so that 10 of the 16 of O are left, and 15 if nothing
    were promised. "No more than 10 with the hours there are" would be true only of what F leaves."""
    result = told(book(lines=[line("L1", 30)], orders=[
        order("O", quantity=16, min_fill=1), order("F", quantity=5, commitment="firm")]))
    assert result.explanations["O"].most_quantity == pytest.approx(10)
    assert ("with every promise to others kept, no more than 10 of 16 MWh"
            in result.plan.frames["decisions"].set_index("order").at["O", "reason"])


def test_promises_to_others_are_named() -> None:
    """20 h hold 10 units, and F is promised them; O would bring twice as much. The lines could make O, so that it is
    F that comes first, and not a lack of hours; 20 h more would let O in, too."""
    result = told(book(lines=[line("L1", 20)], orders=[
        order("F", commitment="firm"), order("O", unit_price=60, min_fill=1)]))
    found = result.explanations["O"]
    assert (found.reason, found.costs) == ("crowded_out", None)
    assert [(loser.order, round(loser.quantity, 4)) for loser in found.losers] == [("F", 10)]
    assert (found.places[0].line, found.relaxation.kind) == ("L1", "hours")
    assert found.relaxation.amount == pytest.approx(20, rel=2e-5)
    said = result.plan.frames["decisions"].set_index("order").at["O", "reason"]
    assert said.startswith("Declined: promises to others come first on L1 in the week of 2025-01-06: F (10 MWh")


def test_a_contract_minimum_comes_first() -> None:
    """The 10 units that 20 h hold are promised to market x; O at 60 would bring twice as much as X there. Without the
    minimum the plan would earn 300 more."""
    found = reason_of(book(
        lines=[line("L1", 20)], markets=[{"market": "x"}], allocations=[{"rule": "M", "market": "x", "min_qty": 10}],
        orders=[order("O", unit_price=60, min_fill=1), order("X", market="x")]))
    assert (found.reason, found.rule.kind, found.rule.name) == ("kept_out_by_rule", "contract_minimum", "M")
    assert found.rule.gain == pytest.approx(300)


@pytest.mark.parametrize("kept", ["safety_stock", "final_stock"])
def test_stock_that_must_be_kept_comes_first(kept: str) -> None:
    """Ten units are in stock and must stay there, none can be made: O could have them."""
    result = told(book(stock=[{"item": "A", "opening_stock": 10, kept: 10}], lines=[line("L1", 0)],
                       orders=[order("O", min_fill=1)]))
    found = result.explanations["O"]
    assert (found.reason, found.rule.kind, found.rule.name) == ("kept_out_by_rule", kept, "A")
    assert kept.replace("_", " ") in result.plan.frames["decisions"]["reason"].iloc[0]


def barred(records: Records) -> tuple[Explanation, str, str]:
    """The explanation of O, its sentence, and what is said where nobody looked further."""
    result = told(records)
    known = plan(records).plan.frames["decisions"].set_index("order").at["O", "reason"]
    return result.explanations["O"], result.plan.frames["decisions"].set_index("order").at["O", "reason"], known


LANE = {"site": "main", "market": "x", "transit_days": 10}
BARRED: dict[str, tuple[Records, str]] = {
    "not_rated": (book(items=[{"item": "A", "max_c_rate": 1}], orders=[order("O", min_c_rate=2)]),
                  "rated for the discharge rate"),
    "no_source": (book(items=[{"item": "A"}, {"item": "foil"}], bill_of_materials=[FOIL], orders=[order("O")],
                       supply=[{"supplier": "S", "item": "foil", "from_date": STARTS[4]}]),
                  "there is no foil to be had"),
    "no_lane": (book(sites=[{"site": "main"}, {"site": "east"}], markets=[{"market": "x"}],
                     lanes=[{**LANE, "site": "east"}], orders=[order("O", market="x")]),
                "no lane leads to its market from main"),
    "too_early": (book(markets=[{"market": "x"}], lanes=[LANE], orders=[order("O", market="x")]),
                  "nothing of it can be there before 2025-01-22"),
    "after_plan": (book(orders=[order("O", earliest_ship_date=STARTS[2], due_date=ENDS[3])]),
                   f"may not leave before {STARTS[2]}"),
    "no_departure": (book(2, orders=[order("O", earliest_ship_date="2025-01-13", due_date="2025-01-17")]),
                     "no week of the plan ends between"),
}


@pytest.mark.parametrize("kind", BARRED)
def test_what_bars_an_order_is_named(kind: str) -> None:
    """Proves: what the tables alone rule out is said as such, before and after the examination."""
    records, said = BARRED[kind]
    found, sentence, known = barred(records)
    assert (found.reason, found.barrier.kind if found.barrier else None) == ("cannot_be_made", kind)
    assert said in sentence and sentence.startswith("Declined: ")
    assert said in known and known.startswith("Cannot be delivered: ")


def test_a_lead_time_makes_it_too_early() -> None:
    """What is made in the first week is there 14 days later, on 26 January; O wants it by the 19th: 7 days more."""
    found, sentence, _ = barred(book(4, routings=[routing(lead_time_days=14)],
                                     orders=[order("O", due_date=ENDS[1], min_fill=1)]))
    assert (found.barrier.kind, found.barrier.day) == ("too_early", pd.Timestamp(ENDS[2]))
    assert (found.relaxation.kind, found.relaxation.amount) == ("days", 7)
    assert "2025-01-26" in sentence and "7 days later" in sentence


@pytest.mark.parametrize("cost", [0, 40])
def test_approvals_that_no_line_meets_are_a_rule(cost: float) -> None:
    """L1 makes A and only L2 is approved, which does not: the approvals keep O out, whether it would pay or not."""
    found, sentence, known = barred(book(
        lines=[line("L1"), line("L2")], items=[{"item": "A"}, {"item": "B"}], customers=[{"customer": "C"}],
        routings=[routing(unit_cost=cost), routing("L2", "B")],
        approvals=[{"customer": "C", "item": "A", "line": "L2"}], orders=[order("O", customer="C", min_fill=1)]))
    assert (found.reason, found.rule.kind, found.rule.gain) == (
        "kept_out_by_rule", "approval", pytest.approx(300 if cost == 0 else 0))
    assert "C / A" in sentence and "approved" in known


def test_missing_hours_are_spread_over_the_weeks() -> None:
    """50 units take 100 h, and three weeks have 20 each: 40 more, and no week need have more than twice its hours. All
    of them in one week would do as well, and could not be worked."""
    found = reason_of(book(3, lines=[line("L1", 20)], orders=[
        order("O", quantity=50, min_fill=1, latest_date=ENDS[2])]))
    assert found.relaxation.amount == pytest.approx(40, rel=2e-5)
    assert all(hours <= 20 * (1 + 2e-5) for _, hours in found.relaxation.weeks)


NARROW = {"lines": [line("L1", 10)], "routings": [routing(hours_per_unit=1)]}  # ten units a week


@pytest.mark.parametrize("dearest", [100, 10_000])
def test_a_stock_gives_way_before_an_order_of_little_value(dearest: float) -> None:
    """Proves: which promise is in the way follows the ranks of promises, whatever orders pay. By hand: 10 h hold 5 of F
    at 1, which is promised, and a safety stock of 5; with X in, 5 units of one of them are missed, of the stock as it
    ranks last. Weights in place of ranks, in shares of the dearest price, would name F beside an X at 10,000."""
    found = reason_of(book(**NARROW, stock=[{"item": "A", "safety_stock": 5}], orders=[
        order("F", quantity=5, unit_price=1, commitment="firm"),
        order("X", quantity=5, unit_price=dearest, min_fill=1)]), "X")
    assert (found.reason, found.rule and found.rule.kind) == ("kept_out_by_rule", "safety_stock")


def test_a_dear_order_is_kept_before_a_cheap_one_and_both_before_a_stock() -> None:
    """Proves: where a stock is not enough, orders give way by value. By hand: 12 h hold F (5 at 1), G (5 at 20), both
    promised, and a stock of 2; X takes 5 of them: the stock and 3 of F. If the stock came before orders F would lose
    all 5, if units counted G could lose as well."""
    found = reason_of(book(lines=[line("L1", 12)], routings=NARROW["routings"],
                           stock=[{"item": "A", "safety_stock": 2}], orders=[
        order("F", quantity=5, unit_price=1, commitment="firm"),
        order("G", quantity=5, unit_price=20, commitment="firm"),
        order("X", quantity=5, unit_price=10_000, min_fill=1)]), "X")
    assert [(loser.order, round(loser.quantity, 4)) for loser in found.losers] == [("F", 3)]


def test_what_a_promise_earns_is_its_margin() -> None:
    """Proves: what an order earns is told less what it costs to make, as for orders that are not promised. By hand: F
    earns 8 x (5 - 4) = 8; X takes 3 of its units, which earn 3. Their revenue would be 15."""
    found = reason_of(book(lines=NARROW["lines"], routings=[routing(hours_per_unit=1, unit_cost=4)], orders=[
        order("F", quantity=8, unit_price=5, commitment="firm"),
        order("X", quantity=5, unit_price=100, min_fill=1)]), "X")
    assert [(loser.order, round(loser.quantity, 4), round(loser.margin, 4)) for loser in found.losers] == [("F", 3, 3)]
