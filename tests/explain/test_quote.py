"""Quotes: lowest prices and earliest dates by hand, and against planning the book with the enquiry from scratch."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from model.buckets import buckets
from model.explain.asking import NoPlanError, load_book
from model.explain.dates import Dates
from model.explain.enquiries import Enquiries, Enquiry, EnquiryError, enquiry_of, with_enquiries
from model.explain.known import Known
from model.explain.offer import Offer, Quote
from model.explain.quote import Desk
from model.planning import Options, plan_order_book
from model.tables import to_records
from tests.bench import generate
from tests.oracle.random_books import SMALL, random_book
from tests.support import settings, tables_of

Records = dict[str, Any]
SECONDS = 20.0


def order(name: str, quantity: float, price: float, due: str = "2025-01-12", **others: object) -> dict[str, object]:
    """An order for item A."""
    return {"order": name, "item": "A", "quantity": quantity, "unit_price": price, "due_date": due, **others}


def book(*orders: dict[str, object], weeks: int = 1, **tables: object) -> Records:
    """One line of 10 h a week at 1 h a unit, and nothing costs anything."""
    return {"settings": settings(weeks), "items": [{"item": "A"}], "lines": [{"line": "L", "regular_hours": 10}],
            "routings": [{"line": "L", "item": "A", "hours_per_unit": 1}], "orders": list(orders), **tables}


def enquiries(records: Records, *texts: str) -> Enquiries:
    """The book with enquiries behind its orders."""
    return with_enquiries(tables_of(records), [enquiry_of(text) for text in texts])


def quotes(records: Records, *texts: str, in_turn: bool = False) -> list[Quote]:
    """The answers, each alone or in turn."""
    asked = enquiries(records, *texts)
    assert asked.tables is not None, [found.rule_text() for found in asked.findings]
    ground, _ = load_book(asked.tables, closed=[each.order for each in asked.asked])
    desk = Desk(ground, SECONDS)
    answers = []
    for each in asked.asked:
        answers.append(desk.quote(each))
        if in_turn:
            desk.take(answers[-1])
    return answers


LUMPY = book(order("B", 5, 48 / 5, min_fill=1), order("C", 5, 47 / 5, min_fill=1))


def test_a_lumpy_book_is_not_priced_by_its_duals() -> None:
    """Proves: the price comes from the plan without the order. By hand: 10 units of capacity; B earns 48 and C 47 in
    5 units each. Taking 6 units for A leaves room for neither: A must bring 95. The prices of the relaxation say
    57.6."""
    quote, = quotes(LUMPY, "order=A,item=A,quantity=6,unit_price=10,due_date=2025-01-12")
    assert quote.asked is not None and quote.asked.price is not None and quote.asked.price.is_exact
    assert 6 * quote.asked.price.high == pytest.approx(95)
    assert quote.verdict == "no"
    assert {move.order: move.delivered_after for move in quote.moves} == {"B": 0.0, "C": 0.0}
    assert sum(move.earns for move in quote.moves) == pytest.approx(-95)


def test_the_decision_turns_at_the_lowest_price() -> None:
    """Proves: 95 / 6 is where the answer turns. A quote from the relaxation would say yes at 10."""
    below, above = quotes(LUMPY, f"item=A,quantity=6,unit_price={95 / 6 * 0.9999},due_date=2025-01-12",
                          f"item=A,quantity=6,unit_price={95 / 6 * 1.0001},due_date=2025-01-12")
    assert (below.verdict, above.verdict) == ("no", "yes")


def test_prices_fall_with_the_date() -> None:
    """Proves: each date has its own price. By hand: B pays 9 in week 1 and fills it, week 2 is empty. By week 1 the
    8 units displace 8 of B: 9. By week 2 they are free: 0. If dates were ignored both were 0."""
    quote, = quotes(book(order("B", 10, 9), weeks=2), "item=A,quantity=8,unit_price=5")
    assert [(f"{offer.date:%m-%d}", round(offer.price.high, 9)) for offer in quote.offers if offer.price] == [
        ("01-12", 9.0), ("01-19", 0.0)]
    assert quote.earliest == quote.earliest_possible == pd.Timestamp("2025-01-19")
    assert quote.verdict == "yes" and quote.moves == ()


def test_firm_promises_are_not_displaced() -> None:
    """Proves: no price moves a firm order. By hand: 10 h, 8 are promised; 3 do not fit, 2 do at their cost of 0."""
    firm = book(order("F", 8, 1, commitment="firm"))
    three, two = quotes(firm, "item=A,quantity=3,unit_price=1000,due_date=2025-01-12",
                        "item=A,quantity=2,due_date=2025-01-12")
    assert three.verdict == "impossible" and three.asked is not None and three.asked.price is None
    assert two.verdict == "priced" and two.asked is not None and two.asked.price is not None
    assert two.asked.price.high == pytest.approx(0.0, abs=1e-9)


def test_a_promise_already_missed_is_missed_no_further() -> None:
    """Proves: the best plan misses 2 of 12 firm units; an enquiry of 1 would make that 3, whatever it pays."""
    quote, = quotes(book(order("F", 12, 1, commitment="firm")), "item=A,quantity=1,unit_price=1000")
    assert quote.verdict == "impossible"


class SlowDesk:
    """A desk whose searches find nothing in the time; its quick look says that 5 is enough from the second day on."""

    has_whole, is_small = True, False

    def limit(self, enquiry: Enquiry, ways: pd.DataFrame, date: pd.Timestamp) -> Offer:
        """The lowest price by the relaxation and a plan near the published one."""
        return Offer(date, Known(0.0, math.inf if date == DAYS[0] else 5.0))

    def offer(self, enquiry: Enquiry, ways: pd.DataFrame, date: pd.Timestamp) -> Offer:
        """Nothing: the time is over."""
        return Offer(date, None, is_examined=False)


DAYS = [pd.Timestamp(day) for day in ("2025-01-12", "2025-01-19", "2025-01-26")]


def test_what_is_known_to_pay_is_said_though_the_time_is_over() -> None:
    """Proves: at 10 it surely pays from the second day on, which a quick look has shown. If only days that were
    searched counted, the answer would be open on every day."""
    enquiry = Enquiry("Q", "A", 5.0, "CNY", 1.0, price=10.0, date=None)
    search = Dates(SlowDesk(), enquiry, pd.DataFrame(), DAYS)
    search.sketch()
    assert search.earliest() == (DAYS[1], DAYS[0])


def test_every_date_of_a_small_book_is_searched() -> None:
    """Proves: where it takes next to no time, the price of each date is exact. By hand: each week but the last is full
    of an order of 10 at 5, all or nothing: 4 units in its place cost 50, 12.5 each; in the last one nothing is in the
    way. By the relaxation, a quick look, they would cost 5 each, and all that is proven is 5 to 12.5."""
    full = [order(f"X{week}", 10, 5, day, min_fill=1, earliest_ship_date=day)
            for week, day in enumerate(("2025-01-12", "2025-01-19"))]
    found = quotes(book(*full, weeks=3), "item=A,quantity=4")[0]
    assert [(offer.price.is_exact, round(offer.price.high, 4)) for offer in found.offers] == [
        (True, 12.5), (True, 12.5), (True, 0.0)]


@pytest.mark.slow
def test_no_more_orders_move_than_must() -> None:
    """Proves: in a book of 2,000 orders, too, an order is called displaced only where another plan that earns as much
    would not spare it. Of the plan that was found first more than 300 orders would leave later than they need."""
    records = to_records(generate.checked(generate.book("M", "plain", 1)))
    price = {"item": "hvl_item_003", "market": "cn_east", "quantity": "20", "unit_price": "1000000"}
    quote, = quotes(records, ",".join(f"{name}={value}" for name, value in price.items()) + ",due_date=2025-09-01")
    assert quote.chosen is not None and quote.moves
    assert len(quote.moves) <= 20


def test_duty_and_freight_are_part_of_the_price() -> None:
    """Proves: price * (1 - duty) covers freight and what is displaced. By hand: 10 units at 4 are displaced by 10 at
    p abroad: p * 0.8 - 1 = 4, p = 6.25. Without duty 5, without freight 5."""
    abroad = book(order("B", 10, 4), markets=[{"market": "us", "duty_rate": 0.2}],
                  lanes=[{"site": "main", "market": "us", "freight_cost": 1}])
    quote, = quotes(abroad, "item=A,quantity=10,market=us,due_date=2025-01-12")
    assert quote.asked is not None and quote.asked.price is not None
    assert quote.asked.price.high == pytest.approx(6.25)


def test_a_price_in_another_currency() -> None:
    """Proves: the price is in the order's currency. By hand: 7 yuan displaced is 1 dollar, not 7."""
    quote, = quotes(book(order("B", 10, 7), currencies=[{"currency": "USD", "rate": 7}]),
                    "item=A,quantity=10,currency=USD,due_date=2025-01-12")
    assert quote.asked is not None and quote.asked.price is not None and quote.asked.price.high == pytest.approx(1)


def test_substitutes_have_prices_of_their_own() -> None:
    """Proves: the plan may change with the price. By hand: A needs 1 h, its substitute S none; S brings half the price.
    B pays 9 for A's 10 h. 10 units as S earn 10 * p / 2 beside B's 90: any price pays."""
    records = book(order("B", 10, 9), substitutes=[{"item": "A", "substitute": "S", "price_factor": 0.5}],
                   supply=[{"supplier": "x", "item": "S", "unit_cost": 2}])
    records["items"] = [{"item": "A"}, {"item": "S"}]
    quote, = quotes(records, "item=A,quantity=10,substitution=yes,due_date=2025-01-12")
    # As S: 10 * (p / 2 - 2) >= 0 from p = 4; as A: 10 * p >= 90 from p = 9.
    assert quote.asked is not None and quote.asked.price is not None and quote.asked.price.high == pytest.approx(4)


def test_in_turn_the_second_finds_less() -> None:
    """Proves: what is taken is part of the book for the next. By hand: 10 h, each of two enquiries wants 6 at 3. Alone
    both are free; in turn the second must bring what the first does: 6 * 3 / 6 = 3, and for all of it 18."""
    texts = ("item=A,quantity=6,unit_price=3,due_date=2025-01-12", "item=A,quantity=6,unit_price=3,due_date=2025-01-12")
    empty = book(order("B", 1, 0.5))
    alone, turned = quotes(empty, *texts), quotes(empty, *texts, in_turn=True)
    assert [quote.verdict for quote in alone] == ["yes", "yes"]
    assert [quote.verdict for quote in turned] == ["yes", "impossible"]
    assert turned[1].base.low == pytest.approx(18.5)


def test_every_mistake_in_enquiries_is_named_at_its_cell() -> None:
    """Proves: both mistakes are told, each where it was written, none at a row of the book's own orders."""
    refused = enquiries(LUMPY, "item=Z,quantity=6,due_date=2025-01-12", "item=A,quantity=-1,due_date=2025-13-12")
    assert refused.tables is None
    errors = {found.cell: found.rule for found in refused.findings if found.severity == "error"}
    assert errors == {"--order item=Z": "unknown_name", "--order quantity=-1": "not_above",
                      "--order due_date=2025-13-12": "no_such_day"}


@pytest.mark.parametrize("text", ["item=A,quantity", "item=A,colour=red", "item=A,item=B", "item=", ""])
def test_an_enquiry_that_is_not_understood(text: str) -> None:
    """Proves: what is no column, or stands twice, is refused instead of ignored."""
    with pytest.raises(EnquiryError):
        enquiry_of(text)


def from_scratch(records: Records, quote: Quote, row: dict[str, object], price: float) -> str:
    """Status of the enquiry in the book planned with it as an optional order, all or nothing."""
    asked = {**row, "unit_price": price, "due_date": f"{quote.enquiry.date:%Y-%m-%d}", "min_fill": 1}
    result = plan_order_book(tables_of({**records, "orders": [*records["orders"], asked]}),
                             Options(gap=0.0, rule_of_thumb=False))
    assert result.plan is not None and result.audit is not None and result.audit.passed
    decisions = result.plan.frames["decisions"]
    return str(decisions.loc[decisions["order"] == row["order"], "status"].iloc[0])


def check_against_scratch(seed: int) -> bool:
    """One random book and enquiry; whether there was anything to compare."""
    records = to_records(tables_of(random_book(f"quote {seed}", replace(SMALL, promises=False, liveliness=0.7))))
    tables = tables_of(records)
    base = plan_order_book(tables, Options(gap=0.0, rule_of_thumb=False))
    if base.plan is None or not base.plan.frames["misses"].empty or not len(tables.frames["orders"]):
        return False
    pattern = tables.frames["orders"].iloc[seed % len(tables.frames["orders"])]
    row = {"order": "Q", "item": pattern["item"], "quantity": float(pattern["quantity"]),
           "market": pattern["market"], "incoterm": pattern["incoterm"], "currency": pattern["currency"],
           "single_line": bool(seed % 2), "customer": pattern["customer"], "substitution": bool(seed % 3)}
    text = ",".join(f"{name}={value}" for name, value in row.items() if value is not None)
    due = pattern["due_date"] if seed % 2 else buckets(tables.settings)["end"].iloc[-1]
    asked = with_enquiries(tables, [enquiry_of(f"{text},due_date={due:%Y-%m-%d}")])
    if asked.tables is None:
        return False
    ground, _ = load_book(asked.tables, Options(gap=0.0), closed=["Q"])
    quote = Desk(ground, SECONDS).quote(asked.asked[0])
    assert quote.asked is not None
    if quote.asked.price is None:
        assert from_scratch(records, quote, row, 1e5) == "declined", seed
        return True
    assert quote.asked.price.is_exact, (seed, quote.asked.price)
    lowest = quote.asked.price.high
    if not math.isfinite(lowest) or lowest < 1e-3:
        return False
    assert from_scratch(records, quote, row, lowest * (1 + 1e-4)) == "accepted", (seed, lowest)
    assert from_scratch(records, quote, row, lowest * (1 - 1e-4)) == "declined", (seed, lowest)
    return True


def test_lowest_prices_turn_the_decision_of_a_plan_from_scratch() -> None:
    """Proves: on random books a price 1e-4 above the quote is taken and one 1e-4 below is not."""
    assert sum(check_against_scratch(seed) for seed in range(4)) >= 1


@pytest.mark.slow
def test_lowest_prices_turn_the_decision_of_many_plans() -> None:
    """The same on two hundred books."""
    assert sum(check_against_scratch(seed) for seed in range(200)) >= 60


def test_a_book_without_plan_is_said_to_have_none() -> None:
    """Proves: goods that do not fit into the store are no plan to quote on, instead of a quote on nothing."""
    records = book(order("B", 1, 1), stock=[{"item": "A", "storage_limit": 0}],
                   receipts=[{"item": "A", "date": "2025-01-12", "quantity": 50}])
    asked = enquiries(records, "item=A,quantity=1")
    assert asked.tables is not None
    with pytest.raises(NoPlanError):
        load_book(asked.tables, closed=["enquiry 1"])


def test_an_enquiry_without_a_name_is_called_one_in_the_reader_s_language() -> None:
    """Else a Chinese quote is headed "enquiry 1"."""
    text = enquiry_of("item=A,quantity=1,unit_price=5")
    tables = tables_of(book(order("ONE", 1, 5)))
    names = [with_enquiries(tables, [text], language).asked[0].order for language in ("en", "zh")]
    assert names == ["enquiry 1", "询价 1"]


def test_an_enquiry_without_a_name_takes_one_that_is_free() -> None:
    """Proves: a book with an order "Enquiry 1", and another enquiry that is called "enquiry 3", leave 2 and 4 to those
    without a name. If they were counted only, they would be refused as orders that are there already."""
    texts = ("item=A,quantity=1", "item=A,quantity=2", "item=A,quantity=3,order=enquiry 3")
    asked = enquiries(book(order("Enquiry 1", 1, 5)), *texts).asked
    assert [each.order for each in asked] == ["enquiry 2", "enquiry 4", "enquiry 3"]
