"""The reference case: what its data must hold, and what its plan must show, each finding with its other side."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from model.checks import check
from model.planning import Options, Result, plan_order_book
from model.schema import TABLES
from model.tables import Tables, read

CASE = Path(__file__).parents[2] / "data" / "narada_2025"
WORKBOOK = CASE.with_suffix(".xlsx")
PATIENT = Options(time_limit=600)  # a busy machine must not change what is found
QUICK = Options(gap=0.005, time_limit=600, rule_of_thumb=False)
FIGURES_IN_TEXT = (("settings", "value"), ("scenarios", "value"))
US_ORDERS = ["US-HVL-1", "US-HVL-2"]
LEAD_UNTIL = pd.Timestamp("2025-08-31")
PUBLISHED = {
    ("items", "hvl_power", "max_c_rate"), ("items", "hvl_energy", "max_backup_minutes"),
    ("orders", "US-HVL-1", "customer"), ("orders", "US-HVL-1", "order_date"),
    ("orders", "US-HVL-2", "customer"), ("orders", "US-HVL-2", "item"),
}


def case(scenario: str | None = None) -> Tables:
    """The checked tables of the case or of one of its scenarios."""
    checked = check(read(CASE), scenario=scenario)
    assert checked.tables is not None, [finding.rule_text() for finding in checked.findings]
    return checked.tables


def with_orders(tables: Tables, names: list[str], **cells: object) -> Tables:
    """The tables with other cells in the rows of the orders named."""
    orders = tables.frames["orders"].copy()
    for column, value in cells.items():
        orders.loc[orders["order"].isin(names), column] = value
    return replace(tables, frames={**tables.frames, "orders": orders})


def rows(table: str) -> list[dict[str, str]]:
    """The rows of a table as they stand in its file."""
    with (CASE / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def signed(result: Result) -> Result:
    """The result, if there is a plan that the audit has signed."""
    assert result.plan is not None and result.audit is not None
    assert result.audit.passed, result.audit.failures()
    return result


@pytest.fixture(scope="module")
def base() -> Result:
    """The base case, planned to its own gap."""
    return signed(plan_order_book(case(), PATIENT))


def decisions(result: Result) -> pd.DataFrame:
    """One row per order, by its name."""
    assert result.plan is not None
    return result.plan.frames["decisions"].set_index("order")


def lead_load(result: Result) -> pd.DataFrame:
    """Load of the lead battery lines in the weeks through August."""
    assert result.plan is not None
    load = result.plan.frames["line_load"]
    return load[(load["technology"] == "lead") & (load["bucket_start"] <= LEAD_UNTIL)]


def lead_share(result: Result) -> float:
    """Hours worked / regular hours of all lead battery lines together through August."""
    load = lead_load(result)
    return float((load["run_hours"] + load["setup_hours"]).sum() / load["regular_hours"].sum())


def firm_domestic_not_on_time(result: Result) -> list[str]:
    """Firm domestic orders of which something is late or missing."""
    table = decisions(result)
    firm = table[(table["commitment"] == "firm") & (table["region"] == "domestic")]
    assert len(firm) >= 60
    return list(firm.index[(firm["late_days"] > 0) | (firm["status"] != "accepted")])


# --- the data


def test_the_case_is_accepted() -> None:
    """No error; the one doubt is that some overseas orders are due after the last day, because they travel."""
    findings = check(read(CASE)).findings
    assert [finding.rule_text() for finding in findings if finding.rule != "due_after_horizon"] == []


def test_the_case_is_as_wide_as_the_business() -> None:
    """All sectors and technologies, domestic and overseas, firm and optional, and enough orders."""
    frames = case().frames
    orders = frames["orders"].merge(frames["items"], on="item").merge(frames["markets"], on="market", how="left")
    assert 150 <= len(orders) <= 240
    assert set(orders["sector"]) == {"new-type ESS", "data centre", "civilian lithium"}
    assert set(orders["technology"]) == {"lead", "HVL", "LFP cells", "ESS", "packs", "solid-state"}
    assert orders["region"].value_counts().min() >= 50
    assert set(orders["commitment"]) == {"firm", "optional"}
    assert set(frames) - {"pins", "published_plan"} <= {name for name, frame in frames.items() if len(frame)}


def test_hours_give_the_published_yearly_capacities() -> None:
    """52 weeks of regular hours / hours per MWh, summed over lines: GWh a year as in the interview."""
    frames = case().frames
    fastest = frames["routings"].groupby("line")["hours_per_unit"].min()
    lines = frames["lines"].set_index("line")
    gwh = 52 * lines["regular_hours"] / fastest / 1000
    building = lines["start_date"].notna() & (lines["regular_hours"] > 0)
    assert gwh[~building].groupby(lines["technology"]).sum()[["lead", "HVL", "LFP cells", "ESS"]].tolist() == (
        pytest.approx([4, 1, 11, 14]))
    assert gwh[building].groupby(lines["technology"]).sum().to_dict() == pytest.approx({"LFP cells": 6, "ESS": 20})
    larger = case("ess_30_gwh").frames["lines"].set_index("line")
    added = 52 * (larger["regular_hours"] - lines["regular_hours"]) / fastest / 1000
    assert added.sum() == pytest.approx(10)


def test_us_awards_have_their_published_value_and_term() -> None:
    """120 and 240 million CNY; due five months after the award."""
    orders = case().frames["orders"].set_index("order").loc[US_ORDERS]
    assert (orders["quantity"] * orders["unit_price"]).tolist() == pytest.approx([120e6, 240e6])
    assert set(orders["currency"]) == {"CNY"}
    assert (orders["due_date"] == orders["order_date"] + pd.DateOffset(months=5)).all()
    assert (orders["latest_date"] == orders["due_date"]).all()


def numbers_of(table: str) -> Iterator[tuple[str, str]]:
    """Row key and column of every number and date that stands in a table."""
    schema = TABLES[table]
    figures = [column.name for column in schema.columns
               if column.kind in ("number", "date") or (table, column.name) in FIGURES_IN_TEXT]
    for row in rows(table):
        key = ";".join(row[name] for name in schema.key)
        yield from ((key, name) for name in figures if row.get(name))


def test_every_number_has_its_origin() -> None:
    """A provenance row for its column, its row or its table; none speaks of a row that is not there."""
    origins = {(row["table"], row["row"], row["column"]) for row in rows("provenance")}
    for table in sorted(path.stem for path in CASE.glob("*.csv") if path.stem != "provenance"):
        for key, column in numbers_of(table):
            assert origins & {(table, key, column), (table, key, ""), (table, "", column), (table, "", "")}, (
                table, key, column)
    keys = {(table, ";".join(row[name] for name in TABLES[table].key)) for table in {table for table, _, _ in origins}
            for row in rows(table)}
    assert {(table, key) for table, key, _ in origins if key} <= keys


def test_nothing_assumed_is_called_published() -> None:
    """What is marked published is what the interview said, and no more."""
    assert {(row["table"], row["row"], row["column"]) for row in rows("provenance")
            if row["source"] == "published"} == PUBLISHED
    items = case().frames["items"].set_index("item")
    assert items.loc["hvl_power", "max_c_rate"] == 6 and items.loc["hvl_energy", "max_backup_minutes"] == 120
    orders = case().frames["orders"].set_index("order")
    assert orders.loc["US-HVL-1", "order_date"] == pd.Timestamp("2025-02-28")
    assert orders.loc["US-HVL-1", "customer"] == orders.loc["US-HVL-2", "customer"]


def test_the_workbook_is_the_same_case() -> None:
    """The workbook beside the folder has the same content, cell by cell."""
    checked = check(read(WORKBOOK))
    assert checked.tables is not None, [finding.rule_text() for finding in checked.findings]
    assert checked.tables.input_hash == case().input_hash


# --- the plan


def test_every_promise_is_kept_and_the_plan_is_proven(base: Result) -> None:
    """Nothing is missed, and the best possible plan is at most 0.01 % better."""
    assert base.plan is not None and base.plan.frames["misses"].empty
    assert base.outcome.status in ("optimal", "within_gap")
    assert base.outcome.gap is not None and base.outcome.gap <= 1e-4


def test_both_us_orders_arrive_within_five_months(base: Result) -> None:
    """Found by the model: the line, the fast vessel and the stock at the start suffice."""
    table = decisions(base).loc[US_ORDERS]
    awarded = base.tables.frames["orders"].set_index("order").loc[US_ORDERS, "order_date"]
    assert table["status"].tolist() == ["accepted", "accepted"]
    assert table["delivered"].tolist() == pytest.approx([100, 200], abs=1e-6)
    assert (table["last_arrival"] <= awarded + pd.DateOffset(months=5)).all()


def free_us_orders(**cells: object) -> Tables:
    """The case with both awards free to decline, all or nothing."""
    return with_orders(case(), US_ORDERS, commitment="optional", min_fill=1.0, **cells)


@pytest.mark.slow
def test_us_orders_are_taken_even_if_free_to_decline() -> None:
    """At the assumed 1.2 million CNY/MWh nothing else on the lines earns more."""
    result = signed(plan_order_book(free_us_orders(), QUICK))
    assert decisions(result).loc[US_ORDERS, "status"].tolist() == ["accepted", "accepted"]


def test_us_orders_free_to_decline_are_declined_at_a_low_price() -> None:
    """At 0.7 million CNY/MWh they would not pay for material, conversion and freight."""
    result = signed(plan_order_book(free_us_orders(unit_price=700_000.0), QUICK))
    assert decisions(result).loc[US_ORDERS, "status"].tolist() == ["declined", "declined"]


@pytest.mark.slow
def test_us_orders_do_not_fit_if_the_price_assumed_is_lower() -> None:
    """The awards are published in money: at 0.8 million CNY/MWh they are 450 MWh, more than five months can bring."""
    result = signed(plan_order_book(case("us_unit_price_800000"), QUICK))
    assert "missed" in decisions(result).loc[US_ORDERS, "status"].tolist()
    assert result.outcome.promises_missed


def test_lead_lines_are_full_through_august(base: Result) -> None:
    """Every lead battery line is loaded above 90 % in every week that begins by the end of August."""
    load = lead_load(base)
    assert len(load) == 3 * 22
    assert load["load"].min() > 0.9


def test_lead_lines_are_not_full_with_twice_the_hours() -> None:
    """The orders known, not the lines, would then be the limit: below 90 %."""
    assert lead_share(signed(plan_order_book(case("lead_more_hours"), QUICK))) < 0.9


def test_firm_domestic_orders_are_on_time(base: Result) -> None:
    """None is late, though some may be late at a price."""
    assert firm_domestic_not_on_time(base) == []


def test_firm_domestic_orders_are_late_with_fewer_lead_hours() -> None:
    """With 60 % of the lead hours some firm domestic lead orders are late or missing."""
    late = firm_domestic_not_on_time(signed(plan_order_book(case("lead_fewer_hours"), QUICK)))
    assert [order for order in late if order.startswith("LEAD-")]


def test_loss_making_tenders_are_declined_and_taken_at_a_better_price(base: Result) -> None:
    """ESS-N-T06 is declined at 396,000 CNY/MWh, where it would lose money, and taken at 470,000."""
    table = decisions(base)
    tenders = table[table.index.str.match(r"ESS-.-T\d\d")]
    assert len(tenders) == 8 and set(tenders["status"]) == {"declined"}
    better = decisions(signed(plan_order_book(case("tender_at_470000"), QUICK))).loc["ESS-N-T06"]
    assert better["status"] == "accepted" and better["margin"] > 0
    assert better["unit_margin"] - (470_000 - 396_000) < 0


def test_profitable_orders_are_declined_because_others_fill_high_voltage_lithium(base: Result) -> None:
    """HVL-SEA-P05 is declined while the lines are full, and earns money when they have half as many hours more."""
    table = decisions(base)
    assert table.loc["HVL-SEA-P05", "status"] == "declined"
    assert base.plan is not None
    load = base.plan.frames["line_load"]
    until_due = (load["technology"] == "HVL") & (load["bucket_start"] <= pd.Timestamp("2025-06-16"))
    assert load.loc[until_due, "load"].min() > 1
    more = decisions(signed(plan_order_book(case("hvl_more_hours"), QUICK))).loc["HVL-SEA-P05"]
    assert more["status"] == "accepted" and more["margin"] > 0


def test_high_voltage_lithium_has_reserves_later(base: Result) -> None:
    """As published, the technology still has reserves: its lines are not full in the last quarter."""
    assert base.plan is not None
    load = base.plan.frames["line_load"]
    last = load[(load["technology"] == "HVL") & (load["bucket_start"] >= pd.Timestamp("2025-10-01"))]
    assert (last["run_hours"] + last["setup_hours"]).sum() < 0.9 * last["regular_hours"].sum()
