"""Changes to a case whose effect on the best margin is known without solving it."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import cache
from itertools import count

import pytest

from model.checks import check
from model.planning import best_outcome
from model.tables import from_records
from tests import support
from tests.oracle.random_books import Records, Shape, random_book
from tests.properties import changes
from tests.properties.compare import best, near, reproducer

QUICK, SLOW = 2, 106
FREE = Shape(promises=False)
FREE_AND_UNPUBLISHED = Shape(promises=False, published_plan=False)
ANY = Shape()
WEEKS = Shape(bucket="week", lines=3, orders=4, published_plan=False)
Relation = Callable[[int], None]
RELATIONS: list[Relation] = []


def relation(law: Relation) -> Relation:
    """Register a law that holds for the case of every seed."""
    RELATIONS.append(law)
    return law


@pytest.mark.parametrize("seed", range(QUICK))
@pytest.mark.parametrize("law", RELATIONS, ids=lambda law: law.__name__)
def test_known_effects(law: Relation, seed: int) -> None:
    """A model that misreads what a change touches would answer it with another margin."""
    law(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(QUICK, QUICK + SLOW))
@pytest.mark.parametrize("law", RELATIONS, ids=lambda law: law.__name__)
def test_known_effects_on_many_cases(law: Relation, seed: int) -> None:
    """As above, on more cases."""
    law(seed)


@cache
def margin(seed: int, shape: Shape) -> float:
    """Best margin of the case of a seed."""
    return best(random_book(seed, shape))


def same(seed: int, shape: Shape, changed: Records, factor: float = 1.0) -> None:
    """The change leaves the margin as it is, or multiplies it."""
    expected, found = factor * margin(seed, shape), best(changed)
    assert near(found, expected), f"{expected} became {found}\n{reproducer(seed, random_book(seed, shape))}"


def not_lower(before: float, after: float, seed: int, records: Records) -> None:
    """The margin has not sunk."""
    assert after >= before or near(after, before), f"{before} sank to {after}\n{reproducer(seed, records)}"


@relation
def more_hours_never_hurt(seed: int) -> None:
    """Where nothing is promised, 5 h more on every line can be left unused."""
    records = random_book(seed, FREE)
    more = {**records, "lines": [{**row, "regular_hours": row["regular_hours"] + 5} for row in records["lines"]]}
    not_lower(margin(seed, FREE), best(more), seed, records)


@relation
def later_deadlines_never_hurt(seed: int) -> None:
    """Where nothing is promised, an order that may come later need not."""
    records = random_book(seed, FREE)
    not_lower(margin(seed, FREE), best(changes.later_deadlines(records, 7)), seed, records)


@relation
def another_line_never_hurts(seed: int) -> None:
    """Where nothing is promised, a further line can stand idle."""
    records = random_book(seed, FREE)
    not_lower(margin(seed, FREE), best(changes.with_another_line(records)), seed, records)


@relation
def a_higher_price_never_hurts(seed: int) -> None:
    """Where nothing is promised, the old plan earns at least as much at a price 20 % higher."""
    records = random_book(seed, FREE)
    dearer = changes.scaled({**records, "orders": records["orders"][:1]}, ("orders.unit_price",), 1.2)["orders"]
    after = best({**records, "orders": dearer + records["orders"][1:]})
    not_lower(margin(seed, FREE), after, seed, records)


@relation
def a_quota_never_helps(seed: int) -> None:
    """Where nothing is promised, a plan under a further quota was possible without it."""
    records = random_book(seed, FREE)
    quota = {"rule": "further", "max_qty": 5}
    under_quota = best({**records, "allocations": [*records.get("allocations", []), quota]})
    not_lower(under_quota, margin(seed, FREE), seed, records)


@relation
def margin_is_convex_in_prices(seed: int) -> None:
    """Where nothing is promised, the margin is the best of sums linear in the prices: at the middle of two price
    lists it is at most the mean of both margins."""
    records, dice = random_book(seed, FREE), random.Random(seed)

    def at(prices: Sequence[float]) -> float:
        orders = [{**row, "unit_price": price} for row, price in zip(records["orders"], prices, strict=True)]
        return best({**records, "orders": orders})

    left = [dice.randint(0, 80) for _ in records["orders"]]
    right = [dice.randint(0, 80) for _ in records["orders"]]
    middle = [(one + other) / 2 for one, other in zip(left, right, strict=True)]
    not_lower(at(middle), (at(left) + at(right)) / 2, seed, records)


@relation
def names_do_not_matter(seed: int) -> None:
    """Other names, in another alphabetical order."""
    same(seed, ANY, changes.renamed(random_book(seed), changes.backward_names()))


@relation
def the_order_of_rows_does_not_matter(seed: int) -> None:
    """Every table upside down."""
    same(seed, ANY, changes.backwards(random_book(seed)))


@relation
def the_unit_of_quantity_does_not_matter(seed: int) -> None:
    """Four times as many units of a quarter of the size."""
    smaller = changes.scaled(random_book(seed), changes.QUANTITIES, 4.0)
    same(seed, ANY, changes.scaled(smaller, changes.PER_UNIT, 0.25))


@relation
def the_unit_of_money_scales_the_margin(seed: int) -> None:
    """Every price and cost eight times as high: so is the margin."""
    same(seed, ANY, changes.scaled(random_book(seed), changes.MONEY, 8.0), factor=8.0)


@relation
def the_unit_of_time_does_not_matter(seed: int) -> None:
    """Half-hours instead of hours."""
    halves = changes.scaled(random_book(seed), changes.HOURS, 2.0)
    same(seed, ANY, changes.scaled(halves, ("lines.overtime_cost",), 0.5))


@relation
def the_year_does_not_matter(seed: int) -> None:
    """Everything 364 days later, on the same weekdays."""
    same(seed, WEEKS, changes.shifted(random_book(seed, WEEKS), 364))


@relation
def prices_may_be_stated_in_another_currency(seed: int) -> None:
    """Prices in the base currency, divided by 5 and stated in a currency worth 5."""
    records = random_book(seed)
    own = {row["market"]: row.get("currency") for row in records.get("markets", [])}

    def restated(row: changes.Row) -> changes.Row:
        in_base = (row.get("currency") or own.get(row.get("market")) or "CNY") == "CNY"
        return {**row, "currency": "GBP", "unit_price": row["unit_price"] / 5} if in_base else row

    currencies = [*records.get("currencies", []), {"currency": "GBP", "rate": 5}]
    same(seed, ANY, {**records, "currencies": currencies, "orders": [restated(row) for row in records["orders"]]})


@relation
def firm_made_optional_never_hurts(seed: int) -> None:
    """Where only firm orders are promised, what had to be delivered may still be."""
    records = changes.without_promises_but_firm(random_book(seed))
    not_lower(best(records), best(changes.all_optional(records)), seed, records)


@relation
def halves_are_as_good_as_the_whole(seed: int) -> None:
    """An order that may be cut anywhere is as good as two of half its size."""
    same(seed, ANY, changes.halved(random_book(seed)))


@relation
def what_is_declined_may_be_left_out(seed: int) -> None:
    """Where nothing is promised, an order declined by the plan is of no account."""
    records = random_book(seed, FREE)
    plan = support.plan(records).plan
    assert plan is not None
    decisions = plan.frames["decisions"]
    declined = set(decisions.loc[decisions["status"] == "declined", "order"])
    if len(declined) < len(records["orders"]):
        same(seed, FREE, changes.without_orders(records, declined))


@relation
def unrelated_factories_add_up(seed: int) -> None:
    """Two factories in one book earn, and miss, what they do apart."""
    first = random_book(seed, WEEKS)
    others = (random_book(f"{seed} other {attempt}", WEEKS) for attempt in count())
    second = next(book for book in others if book["settings"] == first["settings"]
                  and all((table in book) == (table in first) for table in ("customers", "markets", "sites")))
    left, right = changes.apart(first, "left"), changes.apart(second, "right")
    together = changes.side_by_side(left, right)
    expected, found = best(left) + best(right), best(together)
    assert near(found, expected), f"{expected} became {found}\n{reproducer(seed, together)}"


@relation
def a_scenario_is_the_tables_edited(seed: int) -> None:
    """Prices times 1.5, 2 h more on every line, the first order's quantity set to 7, the last order removed."""
    records = random_book(seed, FREE_AND_UNPUBLISHED)
    first, last = records["orders"][0]["order"], records["orders"][-1]["order"]
    scenario = [{"table": "orders", "column": "unit_price", "operation": "multiply", "value": 1.5},
                {"table": "lines", "column": "regular_hours", "operation": "add", "value": 2},
                {"table": "orders", "row": first, "column": "quantity", "operation": "set", "value": 7},
                *([{"table": "orders", "row": last, "operation": "remove"}] if first != last else [])]
    rows = [{"scenario": "other", **row} for row in scenario]
    checked = check(from_records({**records, "scenarios": rows}), scenario="other")
    assert checked.tables is not None, [finding.rule_text() for finding in checked.findings]
    orders = [{**row, "unit_price": row["unit_price"] * 1.5} for row in records["orders"]]
    orders[0]["quantity"] = 7
    lines = [{**row, "regular_hours": row["regular_hours"] + 2} for row in records["lines"]]
    expected = best({**records, "lines": lines, "orders": orders[:-1] if first != last else orders})
    found = best_outcome(checked.tables).margin
    assert found is not None
    assert near(found, expected), f"{expected} became {found}\n{reproducer(seed, records)}"


@relation
def publishing_the_best_plan_changes_nothing(seed: int) -> None:
    """Where changes cost 3 a unit, the plan that is published already is still the best."""
    records = random_book(seed, FREE_AND_UNPUBLISHED)
    plan = support.plan(records).plan
    assert plan is not None
    made = plan.frames["production"].groupby(["item", "line", "bucket_start"], as_index=False)["quantity"].sum()
    published = [{**row, "bucket_start": row["bucket_start"].date().isoformat()} for row in made.to_dict("records")]
    settings = {**records["settings"], "change_cost": 3}
    same(seed, FREE_AND_UNPUBLISHED, {**records, "settings": settings, "published_plan": published})
