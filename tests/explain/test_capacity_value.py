"""Value of capacity: steps by hand, and against planning the larger plant from scratch."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest

from model.explain.asking import NoPlanError, best
from model.explain.bottlenecks import bottlenecks, margin_per_hour
from model.explain.capacity_value import Curve, Step, capacity_values, rising, under_construction
from model.explain.ground import ground_of
from model.explain.known import Known
from model.planning import Options, plan_order_book
from model.solve.standing import Answer, Standing
from tests.explain.grounds import grounded
from tests.oracle.random_books import SMALL, random_book
from tests.support import plan, settings, tables_of

Records = dict[str, Any]
SECONDS = 20.0


def book(**others: object) -> Records:
    """10 h a week for two weeks. B wants 15 by week 1 at 3, all or nothing; C wants 20 by week 2 at 1.

    By hand: B does not fit into week 1; C takes both weeks: 20.
    """
    return {"settings": settings(2), "items": [{"item": "A"}], "lines": [{"line": "L", "regular_hours": 10}],
            "routings": [{"line": "L", "item": "A", "hours_per_unit": 1}],
            "orders": [{"order": "B", "item": "A", "quantity": 15, "unit_price": 3, "due_date": "2025-01-12",
                        "min_fill": 1},
                       {"order": "C", "item": "A", "quantity": 20, "unit_price": 1, "due_date": "2025-01-19"}],
            **others}


def curves(records: Records) -> dict[tuple[str, str], Curve]:
    """Every curve by name and measure."""
    result, ground = grounded(records)
    assert result.plan is not None
    return {(curve.name, curve.measure): curve for curve in capacity_values(ground, result.plan, SECONDS)}


def steps(curve: Curve) -> list[float]:
    """What each step earns, which must be exact."""
    assert all(step.value is not None and step.value.is_exact for step in curve.steps), curve
    return [round(step.value.high, 6) for step in curve.steps if step.value is not None]


def test_hours_are_worth_what_a_plan_with_them_earns() -> None:
    """Proves: the curve is stepped, not a price times hours. By hand: with 10 h more B fits (45) and C keeps 15 h: 60,
    40 more than 20; with 20 h more C is whole, too: 45 + 20 = 65. The relaxation would promise part of B at once."""
    assert steps(curves(book())["L", "hours"]) == [40.0, 45.0, 45.0, 45.0]


def test_a_shift_is_forty_hours_a_week() -> None:
    """Proves: the shift is there in every week. By hand: 50 h a week make everything: 65."""
    assert steps(curves(book())["L", "shifts"]) == [45.0, 45.0]


def test_more_hours_allow_larger_runs() -> None:
    """Proves: where making needs a setup, more hours allow more output in a bucket. By hand: with a setup of 1 h B
    (15 h) needs 16 h, there with 10 h more; 20 h + 10 h - setups 1 h in week 1 and 1 h in week 2: 15 of B, 13 of C: 58;
    before 9 + 9 of C: 18. If a run were held at 10 h of output, B would still not fit."""
    routings = [{"line": "L", "item": "A", "hours_per_unit": 1, "setup_hours": 1}]
    assert steps(curves(book(routings=routings))["L", "hours"])[0] == 58 - 18


@pytest.mark.parametrize("measure", ["hours", "shifts"])
def test_more_hours_allow_larger_runs_of_items_that_share_a_setup(measure: str) -> None:
    """The same with C for another item of the same setup: 10 h more are worth 58 - 18, a shift of 40 h a week 45 + 20 -
    18. If the items of a setup together were held at the hours there were: 0."""
    items = [{"item": "A"}, {"item": "A2"}]
    routings = [{"line": "L", "item": each["item"], "hours_per_unit": 1, "setup_hours": 1, "setup_group": "G"}
                for each in items]
    orders = [{**order, "item": item} for order, item in zip(book()["orders"], ("A", "A2"), strict=True)]
    found = curves(book(items=items, routings=routings, orders=orders))["L", measure]
    assert steps(found)[0] == {"hours": 58 - 18, "shifts": 65 - 18}[measure]


def test_chambers_and_their_hours() -> None:
    """Proves: shared resources are asked about as lines are. By hand: the chamber of 10 h a week is the only limit."""
    records = book(lines=[{"line": "L", "regular_hours": 100}], resources=[{"resource": "R", "hours": 10}],
                   routing_resources=[{"line": "L", "item": "A", "resource": "R", "hours_per_unit": 1}])
    found = curves(records)
    assert steps(found["R", "hours"]) == [40.0, 45.0, 45.0, 45.0]
    assert steps(found["R", "chambers"]) == [45.0, 45.0]


def test_hours_of_a_chamber_for_a_lot_that_has_none_yet() -> None:
    """Proves: what more hours of a chamber make possible on a line that has no run at all counts. By hand: 10 h of the
    chamber make 10 of C on L at 1; B is made on K in lots of 15, which take 15 h of it. With 10 h more 15 of B earn 45
    and 5 of C 5: 40 more. K's runs do not fit and are left out of the loaded book, so that no upper end is proven. If
    only lines with runs were looked at: exactly 10, for C."""
    records = book(items=[{"item": "A"}, {"item": "D"}], settings=settings(1),
                   lines=[{"line": line, "regular_hours": 100} for line in "LK"],
                   routings=[{"line": "L", "item": "A", "hours_per_unit": 1},
                             {"line": "K", "item": "D", "hours_per_unit": 1, "min_lot": 15}],
                   resources=[{"resource": "R", "hours": 10}],
                   routing_resources=[{"line": line, "item": item, "resource": "R", "hours_per_unit": 1}
                                      for line, item in ("LA", "KD")],
                   orders=[{"order": "B", "item": "D", "quantity": 15, "unit_price": 3, "due_date": "2025-01-12"},
                           {"order": "C", "item": "A", "quantity": 20, "unit_price": 1, "due_date": "2025-01-12"}])
    value = curves(records)["R", "hours"].steps[0].value
    assert value is not None and value.low == pytest.approx(10) and value.high >= 40


def test_units_of_material_cost_what_they_cost() -> None:
    """Proves: a further unit is bought at its price. By hand: 2 of M a week at 0.25; C pays 1 each: 4 * 0.75 = 3. One
    more earns 0.75; ten more 7.5, of B none; a hundred: 15 of B at 2.75 and 20 of C: 41.25 + 15 - 3 = 53.25."""
    records = book(lines=[{"line": "L", "regular_hours": 100}], items=[{"item": "A"}, {"item": "M"}],
                   bill_of_materials=[{"item": "A", "component": "M", "quantity_per": 1}],
                   supply=[{"supplier": "s", "item": "M", "unit_cost": 0.25, "max_qty": 2}])
    assert steps(curves(records)["M", "units"]) == [0.75, 7.5, 53.25]


def test_material_that_is_in_stock_alone_is_asked_about() -> None:
    """Proves: what nobody sells is a bottleneck, too. By hand: 3 of M make 3 of C: 3. One more earns 1, ten more 10,
    as B stays out; a hundred, in a store for 40, make 35 units: 45 + 20 - 3 = 62. If only purchases were asked about,
    there were no curve at all; in a store for 12 there would be room for 9: 9, none of B."""
    records = book(lines=[{"line": "L", "regular_hours": 100}], items=[{"item": "A"}, {"item": "M"}],
                   bill_of_materials=[{"item": "A", "component": "M", "quantity_per": 1}],
                   stock=[{"item": "M", "opening_stock": 3, "storage_limit": 40}])
    assert steps(curves(records)["M", "stock_units"]) == [1.0, 10.0, 62.0]
    result, ground = grounded({**records, "stock": [{**records["stock"][0], "storage_limit": 12}]})
    assert result.plan is not None
    found = bottlenecks(ground, result.plan)
    assert [(each.kind, each.name, each.site, each.full_buckets, each.open_buckets) for each in found] == [
        ("stock", "M", "main", 2, 2)]
    assert steps(capacity_values(ground, result.plan, SECONDS)[0]) == [1.0, 9.0, 9.0]


def test_stock_before_the_first_purchase_is_paid_for() -> None:
    """Proves: what can be bought only from week 2 on is worth what having it earlier earns. By hand: 3 of M in stock,
    at 0.25 from week 2; 8 h in week 1 make 3 of D at 1, due then, and in week 2 8 of C: 11 - 2. One more in stock,
    bought all the same, makes one more of D for 0.25: 0.75 more; ten more 5 of them: 3.75. If the units were free, ten
    would save what C costs, too: 5 + 5 * 0.25."""
    records = book(lines=[{"line": "L", "regular_hours": 8}], items=[{"item": "A"}, {"item": "M"}],
                   bill_of_materials=[{"item": "A", "component": "M", "quantity_per": 1}],
                   stock=[{"item": "M", "opening_stock": 3}],
                   supply=[{"supplier": "s", "item": "M", "unit_cost": 0.25, "lead_time_days": 13}],
                   orders=[{"order": "D", "item": "A", "quantity": 10, "unit_price": 1, "due_date": "2025-01-12"},
                           {"order": "C", "item": "A", "quantity": 8, "unit_price": 1, "due_date": "2025-01-19",
                            "earliest_ship_date": "2025-01-19"}])
    assert steps(curves(records)["M", "stock_units"]) == [0.75, 3.75, 3.75]


def test_stock_that_lasts_until_more_can_be_bought_is_no_bottleneck() -> None:
    """Proves: stock that ends each week at nothing, because no more of it is bought than is used, is not used up."""
    records = book(lines=[{"line": "L", "regular_hours": 5}], items=[{"item": "A"}, {"item": "M"}],
                   bill_of_materials=[{"item": "A", "component": "M", "quantity_per": 1}],
                   stock=[{"item": "M", "opening_stock": 1, "holding_cost": 0.1}],
                   supply=[{"supplier": "s", "item": "M", "unit_cost": 0.25}])
    result, ground = grounded(records)
    assert result.plan is not None
    assert [each.kind for each in bottlenecks(ground, result.plan)] == ["line"]


def test_a_material_is_used_up_only_where_every_offer_is() -> None:
    """Proves: offers of one material are one supply. By hand: at most 2 a week at 1, at most 3 at 2; 12 of C are wanted
    in week 2, so that both weeks are bought up: 2 of 2. If offers counted as weeks: 4 of 4. With a third offer of any
    number at 3 nothing is used up."""
    offers = [{"supplier": "S", "item": "M", "unit_cost": 1, "max_qty": 2},
              {"supplier": "T", "item": "M", "unit_cost": 2, "max_qty": 3}]
    for further, expected in (([], [("M", 2, 2)]), ([{"supplier": "U", "item": "M", "unit_cost": 3}], [])):
        result, ground = grounded(book(
            lines=[{"line": "L", "regular_hours": 100}], items=[{"item": "A"}, {"item": "M"}],
            bill_of_materials=[{"item": "A", "component": "M", "quantity_per": 1}], supply=offers + further,
            orders=[{"order": "C", "item": "A", "quantity": 12, "unit_price": 60, "due_date": "2025-01-19"}]))
        assert result.plan is not None
        found = bottlenecks(ground, result.plan)
        assert [(each.name, each.full_buckets, each.open_buckets) for each in found] == expected


def test_more_hours_of_a_line_that_may_be_opened() -> None:
    """Proves: hours of a line with an expansion option are there only where it is opened, at its cost. By hand: opened
    for 5 it makes 20 of C: 15; with 10 h more 15 of B and 15 of C: 55, 40 more; with 20 h more all: 60. If further
    hours were there without the option, 40 h more would make all of it without the 5: 65, 50 more."""
    records = book(expansions=[{"line": "L", "start_date": "2025-01-06", "cost": 5}])
    found = curves(records)
    assert steps(found["L", "hours"]) == [40.0, 45.0, 45.0, 45.0]
    assert steps(found["L", "shifts"]) == [45.0, 45.0]


def test_a_line_a_week_earlier() -> None:
    """Proves: a line under construction is asked about by its start. By hand: the second line of 10 h comes in week 2,
    where 10 h of it serve nobody but C: 20. A week earlier week 1 has 20 h: 15 of B and 20 of C: 65."""
    records = book(lines=[{"line": "L", "regular_hours": 10},
                          {"line": "L2", "regular_hours": 10, "start_date": "2025-01-13"}],
                   routings=[{"line": line, "item": "A", "hours_per_unit": 1} for line in ("L", "L2")])
    assert steps(curves(records)["L2", "days_earlier"]) == [45.0, 45.0]


@pytest.mark.parametrize("name", ["L;1", "L=1", "X A=1"])
def test_a_line_of_any_name_a_week_earlier(name: str) -> None:
    """Proves: signs in a line's name are no signs of a question. By hand: from week 2 on 10 h make 10 of C; a week
    earlier 20. If the name were read as part of a question, it would ask about another line, or about none."""
    records = book(lines=[{"line": name, "regular_hours": 10, "start_date": "2025-01-13"}],
                   routings=[{"line": name, "item": "A", "hours_per_unit": 1}])
    assert steps(curves(records)[name, "days_earlier"]) == [10.0, 10.0]


def test_an_opening_a_week_earlier() -> None:
    """Proves: an option to open a line moves with the line's own start, before which it gives no hours. By hand: as
    above, opened for 5. If either stood still there would be nothing to gain."""
    records = book(lines=[{"line": "L", "regular_hours": 10, "start_date": "2025-01-13"}],
                   expansions=[{"line": "L", "start_date": "2025-01-13", "cost": 5}])
    assert steps(curves(records)["L", "days_earlier"]) == [10.0, 10.0]


def test_a_line_that_comes_too_late_is_not_asked_about() -> None:
    """Proves: of two weeks, a line that comes a week after them is asked about, as two weeks earlier it has a week
    left; one that comes a month later is not, as no step brings it in. If only its start counted, both or none were."""
    lines = [{"line": "L", "regular_hours": 10},
             *({"line": day, "regular_hours": 10, "start_date": day} for day in ("2025-01-27", "2025-02-17"))]
    _, ground = grounded(book(lines=lines))
    assert under_construction(ground) == ["2025-01-27"]


def test_a_shift_of_a_line_without_regular_hours_begins_with_it() -> None:
    """Proves: a shift is there while the line is. By hand: the line, of overtime alone, comes on the last day of week
    1: a shift adds a seventh of 40 h, for so many of C. If its start were not looked at: 40."""
    records = book(lines=[{"line": "L", "regular_hours": 0, "overtime_hours": 7, "start_date": "2025-01-12"}],
                   orders=[{"order": "C", "item": "A", "quantity": 100, "unit_price": 1, "due_date": "2025-01-12"}])
    assert steps(curves(records)["L", "shifts"]) == [round(40 / 7, 6), round(80 / 7, 6)]


def test_a_plan_found_is_not_denied() -> None:
    """Proves: where the solver calls a book impossible of which a plan is in hand, the plan counts, and only the bound
    of the relaxation. If the solver were believed, more hours would be worth nothing."""
    routings = [{"line": "L", "item": "A", "hours_per_unit": 1, "setup_hours": 1}]
    _, ground = grounded(book(routings=routings))
    relaxed = ground.standing.bound_of()
    with patch.object(Standing, "ask", return_value=Answer(-math.inf, -math.inf, None, True, 0.0)):
        answer = best(ground.standing, seconds=SECONDS)
    assert not relaxed.is_proven and answer.values is not None and not answer.is_proven
    assert (answer.margin, answer.bound) == (pytest.approx(ground.standing.margin), pytest.approx(relaxed.bound))


def test_a_book_planned_again_is_planned_as_the_first() -> None:
    """Proves: the seed, the threads and the stop of the user hold for the books that are planned again for a value."""
    result = plan(book(lines=[{"line": "L", "regular_hours": 10, "start_date": "2025-01-13"}]),
                  Options(rule_of_thumb=False, seed=7, threads=2))
    ground = ground_of(result, bool)
    assert result.plan is not None and ground is not None
    with patch("model.explain.asking.load_book", side_effect=NoPlanError(result.outcome)) as loaded:
        capacity_values(ground, result.plan, SECONDS)
    (_, options), named = loaded.call_args
    assert (options.seed, options.threads, named["stopped"]) == (7, 2, bool)


def test_orders_by_margin_per_hour() -> None:
    """Proves: the order of the ranking is by hour, not by order. By hand: with 20 h in week 1, B earns 3 and C 1 an
    hour of the line, though C is the larger."""
    result, ground = grounded(book(lines=[{"line": "L", "regular_hours": 16}]))
    assert result.plan is not None
    found = bottlenecks(ground, result.plan)
    assert [(each.kind, each.name) for each in found] == [("line", "L")]
    assert margin_per_hour(result.plan, found)[["order", "margin_per_hour"]].to_numpy().tolist() == [["B", 3.0],
                                                                                                    ["C", 1.0]]


def test_a_larger_step_earns_no_less() -> None:
    """Proves: what is proven of one step narrows its neighbours: at least 3 of 10 h is at least 3 of 20 h, and at most
    7 of 20 h at most 7 of 10 h."""
    narrowed = rising([Step(10, Known(3, 9)), Step(20, Known(1, 7)), Step(40, None)])
    assert narrowed == (Step(10, Known(3, 7)), Step(20, Known(3, 7)), Step(40, None))


def check_against_scratch(seed: int) -> int:
    """One random book: every exact value of a shift equals the gain of a plan with it; how many were compared."""
    records = random_book(f"capacity {seed}", replace(SMALL, bucket="week", promises=False))
    result, ground = grounded(records)
    assert result.plan is not None and result.outcome.margin is not None
    if not result.plan.frames["misses"].empty:
        return 0
    compared = 0
    for curve in capacity_values(ground, result.plan, SECONDS):
        if curve.measure != "shifts":
            continue
        for step in curve.steps:
            lines = [{**row, "regular_hours": row["regular_hours"] + 40 * step.amount} if row["line"] == curve.name
                     else row for row in records["lines"]]
            larger = plan_order_book(tables_of({**records, "lines": lines}), Options(gap=0.0, rule_of_thumb=False))
            assert larger.outcome.margin is not None and step.value is not None
            gain, tolerance = larger.outcome.margin - result.outcome.margin, 1e-6 * max(1.0, larger.outcome.margin)
            assert step.value.low - tolerance <= gain <= step.value.high + tolerance, (seed, curve, gain)
            compared += math.isfinite(step.value.high)
    return compared


def test_values_are_those_of_plans_from_scratch() -> None:
    """Proves: on random books the plant with the shift, planned anew, earns what was said."""
    assert all(check_against_scratch(seed) for seed in (0, 3))


@pytest.mark.slow
def test_values_are_those_of_many_plans() -> None:
    """The same on a hundred books."""
    assert sum(check_against_scratch(seed) for seed in range(100)) >= 60
