"""Every money term of the margin: a case solved by hand, and what the model would answer without the term."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from unittest.mock import patch

import pyomo.environ as pyo
import pytest

from model import publishing
from model.build import build_model
from model.objective import TERMS
from model.plan_tables import MONEY_TERMS
from model.planning import Result, best_outcome
from model.solve.outcome import Outcome
from tests.audit.cases import storage_systems
from tests.constraints.book import ENDS, STARTS, book, line, order, routing, unaudited
from tests.support import Records


@dataclass(frozen=True)
class Case:
    """A term with a book that has it: every amount by hand (zero where not named), and the margin ``without`` the
    term."""

    term: str
    proves: str
    records: Records
    amounts: Mapping[str, float]
    without: float


def abroad(**lane: object) -> dict[str, list[dict[str, object]]]:
    """Market M and the lane to it."""
    return {"markets": [{"market": "M"}], "lanes": [{"site": "main", "market": "M", **lane}]}


CASES = (
    Case("revenue",
         "Proves: a price is in the order's currency, else the market's; a substitute is paid by its factor. By hand: "
         "5 dollars x 7 = 35 a unit of A, x 1.1 of B: 6 x 35 + 4 x 38.5 + P's 4 x 30 = 484, less 10 x 4 + 4 x 5. If "
         "the market's currency ruled P too: 1204. If the factor were ignored: 470. If rates were ignored: 172.",
         book(items=[{"item": "A"}, {"item": "B"}], lines=[line(hours=20), line("L2", 8)],
              routings=[routing(unit_cost=4), routing("L2", "B", unit_cost=5)],
              currencies=[{"currency": "USD", "rate": 7}], markets=[{"market": "M", "currency": "USD"}],
              substitutes=[{"item": "A", "substitute": "B", "price_factor": 1.1}],
              orders=[order(market="M", unit_price=5, substitution=True),
                      order("P", market="M", currency="CNY", quantity=4)]),
         {"revenue": 484, "conversion": -60}, 0),
    Case("late",
         "Proves: damages per started week after due date and grace, at most the cap. By hand: 3 a week; due Saturday "
         "01-11, grace 3 days: week 1 free, week 2 is 5 days late: 1 week, 2 %; week 3 12 days: 2 weeks, 4 %, capped "
         "at 3 %; week 4 too: 90 x 0.02 + 90 x 0.03 + 30 x 0.03 = 5.4. Full weeks only: 2.7. No grace: 8.1. No cap: "
         "7.2.",
         book(4, lines=[line(hours=6)],
              orders=[order(due_date="2025-01-11", latest_date=ENDS[3], late_rate=0.02, late_grace_days=3,
                            late_cap=0.03)]),
         {"revenue": 300, "late": -5.4}, 300),
    Case("late",
         "Proves: the day of arrival counts, or of departure where the order says so. By hand: 10 days on the way; O "
         "arrives 10 days late, 2 started weeks: 300 x 0.04 = 12; P left in time. If P's arrival counted: 24. If O's "
         "departure counted: 0.",
         book(**abroad(transit_days=10),
              orders=[order(market="M", latest_date=ENDS[2], late_rate=0.02),
                      order("P", market="M", latest_date=ENDS[2], late_rate=0.02, due_basis="departure")]),
         {"revenue": 600, "late": -12}, 600),
    Case("freight",
         "Proves: freight is ours but for EXW, FCA and FOB. By hand: 10 units CIF at 2, 10 units FOB: -20. If FOB paid "
         "too: -40.",
         book(**abroad(freight_cost=2), orders=[order(market="M", incoterm="CIF"),
                                                order("P", market="M", incoterm="FOB")]),
         {"revenue": 600, "freight": -20}, 600),
    Case("duty",
         "Proves: duty by day of arrival and item, on the full value, and only DDP. By hand: O arrives on 01-19, a "
         "week late at a tenth; A's own row says 0.2 from 01-15: 300 x 0.2 = 60. If damages lowered it: 54. By the row "
         "of every item, or the day of departure: 15. By the market: 30. If P (DAP) paid too: 100.",
         book(markets=[{"market": "M", "duty_rate": 0.1}],
              lanes=[{"site": "main", "market": "M", "transit_days": 7}],
              duties=[{"market": "M", "item": "A", "from_date": "2025-01-15", "duty_rate": 0.2},
                      {"market": "M", "from_date": "2025-01-01", "duty_rate": 0.05}],
              orders=[order(market="M", latest_date=ENDS[1], late_rate=0.1),
                      order("P", market="M", unit_price=20, due_date=ENDS[1], incoterm="DAP")]),
         {"revenue": 500, "late": -30, "duty": -60}, 470),
    Case("materials",
         "Proves: take or pay is paid in every week it covers, also where nothing can arrive; what is bought counts "
         "towards it. By hand: 4 x 5 in week 1, which ends before the lead time of 10 days, and 10 x 5 in week 2: -70. "
         "If week 1 were free: -50. If the minimum came on top: -90.",
         book(2, lines=[line(hours=0)], orders=[order(due_date=ENDS[1])],
              supply=[{"supplier": "S", "item": "A", "unit_cost": 5, "min_qty": 4, "lead_time_days": 10}]),
         {"revenue": 300, "materials": -70}, 300),
    Case("conversion",
         "Proves: making is paid by line and good unit. By hand: 6 on L1 at 4 and 4 on L2 at 8: -56. If a unit started "
         "were paid, at a yield of 0.8: -70. If L1's cost held for both: -40.",
         book(lines=[line(hours=12), line("L2")],
              routings=[routing(unit_cost=4, yield_share=0.8), routing("L2", unit_cost=8, yield_share=0.8)]),
         {"revenue": 300, "conversion": -56}, 300),
    Case("setup",
         "Proves: a setup is paid once for its group in each week. By hand: 6 units a week, A and B in one group: two "
         "weeks, 2 x 20 = -40. Each item its own: -60 or more. Once for the plan: -20.",
         book(2, items=[{"item": "A"}, {"item": "B"}], lines=[line(hours=12)],
              routings=[routing(setup_cost=20, setup_group="g"), routing(item="B", setup_cost=20, setup_group="g")],
              orders=[order(quantity=8, due_date=ENDS[1]), order("P", item="B", quantity=4, due_date=ENDS[1])]),
         {"revenue": 360, "setup": -40}, 360),
    Case("overtime",
         "Proves: overtime is paid by the hour, on top of making. By hand: 4 h overtime at 5, 6 units at 4: -20 and "
         "-24. If overtime replaced the cost of making: -16 for the other 4. If paid by the unit: -10.",
         book(lines=[line(hours=8, overtime_hours=4, overtime_cost=5)], routings=[routing(unit_cost=4)]),
         {"revenue": 180, "conversion": -24, "overtime": -20}, 156),
    Case("holding",
         "Proves: holding is paid on what is left at the end of every week, the last included. By hand: 12 made, 10 "
         "shipped, 2 kept for two weeks: -4. If the last week were free, or stock were taken at the start: -2. If "
         "taken before shipping: -14.",
         book(2, routings=[routing(lot_multiple=12)], stock=[{"item": "A", "holding_cost": 1}]),
         {"revenue": 300, "holding": -4}, 300),
    Case("transfer",
         "Proves: a transfer is paid by the unit, and the item's row replaces the blank one. By hand: 10 x 3 = -30. By "
         "the blank row: -10. By both: -40.",
         book(sites=[{"site": "main"}, {"site": "north"}], lines=[line(site="north")], **abroad(),
              transfers=[{"from_site": "north", "to_site": "main", "unit_cost": 1},
                         {"from_site": "north", "to_site": "main", "item": "A", "unit_cost": 3}],
              orders=[order(market="M")]),
         {"revenue": 300, "transfer": -30}, 300),
    Case("expansion",
         "Proves: opening a line is paid once, in full. By hand: 40 units in two weeks, opened for 100: -100. If paid "
         "each week: -200.",
         book(2, expansions=[{"line": "L1", "start_date": STARTS[0], "cost": 100}],
              orders=[order(quantity=40, due_date=ENDS[1])]),
         {"revenue": 1200, "expansion": -100}, 1200),
    Case("change",
         "Proves: published units no longer made on their line are paid once, summed over orders, and added units are "
         "free. By hand: 6 and 4 published on L2, of 15 units 10 move to L1 at 4 and 5 stay at 8: 5 x 3 = -15. If "
         "added units cost too: -45.",
         book(1, {"change_cost": 3}, lines=[line(hours=20), line("L2")],
              routings=[routing(unit_cost=4), routing("L2", unit_cost=8)],
              orders=[order(), order("P", quantity=5)],
              published_plan=[{"order": "O", "item": "A", "line": "L2", "bucket_start": STARTS[0], "quantity": 6},
                              {"order": "P", "item": "A", "line": "L2", "bucket_start": STARTS[0], "quantity": 4}]),
         {"revenue": 450, "conversion": -80, "change": -15}, 370),
)


def answer(result: Result, term: str, sign: float) -> Outcome:
    """What the search answers for the book when the term counts ``sign`` times."""
    def changed(stated):
        def altered(m):
            return sign * stated(m)
        altered.__name__ = term
        return altered

    terms = tuple(changed(stated) if stated.__name__ == term else stated for stated in TERMS)
    with patch("model.solve.direct.TERMS", terms), patch("model.planning.build_instance", return_value=result.instance):
        return best_outcome(result.tables)


@pytest.mark.parametrize("case", CASES, ids=[f"{place}-{case.term}" for place, case in enumerate(CASES)])
def test_term(case: Case) -> None:
    """Every amount is the one by hand; without the term, or with its sign turned, the answer is another."""
    result = unaudited(case.records)
    assert result.plan is not None, result.outcome
    amounts = dict(result.plan.frames["margin"].itertuples(index=False))
    assert amounts == pytest.approx({term: case.amounts.get(term, 0) for term in MONEY_TERMS}, abs=1e-4), case.proves
    assert result.outcome.margin == pytest.approx(sum(case.amounts.values()), abs=1e-4)
    assert answer(result, case.term, 0.0).margin == pytest.approx(case.without, abs=1e-4)
    assert answer(result, case.term, -1.0).margin != pytest.approx(sum(case.amounts.values()), abs=1e-2)


def test_every_term_has_a_case() -> None:
    """A term without a hand-solved case, or under another name than in the plan's tables, is not accepted."""
    assert [term.__name__ for term in TERMS] == list(MONEY_TERMS)
    assert {case.term for case in CASES} == set(MONEY_TERMS)


def test_plan_prints_the_models_own_numbers() -> None:
    """Proves: the money table of a plan is the objective, term by term, at the values that were decided."""
    with patch.object(publishing, "make_plan", wraps=publishing.make_plan) as made:
        result = unaudited(storage_systems())
    assert result.plan is not None
    decided = made.call_args.args[1]
    m = build_model(result.instance)
    for variable in m.component_objects(pyo.Var):
        variable.set_values(dict.fromkeys(variable, 0.0))
        for *index, value in decided[variable.name].itertuples(index=False):
            variable[tuple(index) if len(index) > 1 else index[0]].value = value
    printed = dict(result.plan.frames["margin"].itertuples(index=False))
    assert {term: pyo.value(amount) for term, amount in m.money.items()} == pytest.approx(printed, abs=1e-3)
