"""Proves: the waterfall's columns lead from revenue to margin, on either side of zero; charts show the plan."""

import openpyxl
import pandas as pd
import pytest

from model.report.case import Case
from model.report.charts import money_scale, waterfall
from model.report.summary import fullest_lines
from model.report.workbook import write_result
from tests.report.fakes import fake_result


def test_waterfall_above_zero():
    """By hand: 100, then 30 down from 100 standing on 70, then the result 70."""
    columns = waterfall([100.0, -30.0])
    assert columns["gain"] == [100.0, None, None]
    assert columns["base"] == [None, 70.0, None]
    assert columns["cost"] == [None, 30.0, None]
    assert columns["result"] == [None, None, 70.0]


def test_waterfall_through_zero():
    """By hand: 20, less 50 crosses zero: 20 above, 30 below; less 10 more hangs from -30."""
    columns = waterfall([20.0, -50.0, -10.0])
    assert columns["cost"] == [None, 20.0, None, None]
    assert columns["cost_below"] == [None, -30.0, -10.0, None]
    assert columns["base"] == [None, None, -30.0, None]
    assert columns["result"][-1] == pytest.approx(-40.0)


@pytest.mark.parametrize(("largest", "number", "unit"), [
    (2e9, "#,##0,,", "million CNY"), (2e7, "#,##0.0,,", "million CNY"), (2e5, "#,##0,", "thousand CNY"),
    (2e3, "#,##0", "CNY")])
def test_amounts_are_shown_in_a_unit_that_keeps_them_short(largest, number, unit):
    result = fake_result()
    assert money_scale(Case(result, result.tables, result.plan, []), largest) == (number, unit)


def charts_of(sheet):
    """Title of each chart of a sheet, with its series by name: the cells that it draws, resolved in the workbook."""
    def cells(reference):
        name, place = reference.rsplit("!", 1)
        found = sheet.parent[name.strip("'")][place.replace("$", "")]
        return [cell.value for row in found for cell in row] if isinstance(found, tuple) else [found.value]

    found = {}
    for chart in sheet._charts:
        parts = [chart, *(part for part in chart._charts if part is not chart)]
        title = "".join(run.t for text in chart.title.tx.rich.p for run in text.r or ())
        found[title] = {cells(series.tx.strRef.f)[0]: cells(series.val.numRef.f)
                        for part in parts for series in part.series}
    return found


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """A result, and the charts of each of its sheets as they are read again."""
    result = fake_result()
    load = result.plan.frames["line_load"]
    load.loc[load["line"] == fullest_lines(load)[0][0], "setup_hours"] = 0.0
    path = write_result(tmp_path_factory.mktemp("charts") / "plan.xlsx", result, result.tables, [])[0]
    book = openpyxl.load_workbook(path)
    return result, {name: charts_of(book[name]) for name in ("Summary", "Insight", "Timeline")}


def test_load_charts_show_the_hours_of_their_line(drawn):
    """Proves: hours, limits and title belong to one line; setups stand in the legend of a line that has any."""
    result, sheets = drawn
    load = result.plan.frames["line_load"]
    charts = {title.split(":")[0]: series for sheet in sheets.values() for title, series in sheet.items()
              if "load against capacity" in title}
    assert len(charts) == 6
    for line, series in charts.items():
        rows = load[load["line"] == line].sort_values("bucket_start")
        assert series["run hours"] == pytest.approx(rows["run_hours"].tolist())
        assert series["regular hours"] == pytest.approx(rows["regular_hours"].tolist())
        assert series["with overtime"] == pytest.approx((rows["regular_hours"] + rows["overtime_limit"]).tolist())
        assert ("setup hours" in series) == (rows["setup_hours"].sum() > 0)
        assert "setup hours" not in series or series["setup hours"] == pytest.approx(rows["setup_hours"].tolist())
    assert {"setup hours" in series for series in charts.values()} == {True, False}


def test_money_charts_add_up_to_the_plan(drawn):
    """Proves: the waterfall ends at the margin; orders, sectors and months add up to the tables they are drawn from."""
    result, sheets = drawn
    decisions, shipped = result.plan.frames["decisions"], result.plan.frames["shipments"]
    charts = {title.split(",")[0]: series for sheet in sheets.values() for title, series in sheet.items()}
    margin = charts["From revenue to margin"]
    assert margin["margin"][-1] == pytest.approx(result.plan.margin)
    costs = sum(value or 0.0 for name in ("cost", "cost below zero") for value in margin.get(name, ()))
    assert margin["revenue"][0] - abs(costs) == pytest.approx(result.plan.margin)
    orders = charts["Order value by region and technology"]
    value = decisions["quantity"] * decisions["unit_price"]
    for status, rows in decisions.groupby("status"):
        assert sum(orders[status.replace("_", " ")]) == pytest.approx(value[rows.index].sum())
    revenue = charts["Revenue by month"]
    for name, day in (("by the month it ships", "departure"), ("by the month it arrives", "arrival")):
        months = shipped.groupby(shipped[day].dt.to_period("M"))["revenue"].sum()
        assert [amount for amount in revenue[name] if amount] == pytest.approx(months[months != 0].tolist())
    sectors = charts["Margin of the orders by sector and month shipped"]
    assert sum(map(sum, sectors.values())) == pytest.approx(decisions["margin"].sum())


def test_the_timeline_shows_the_dates_of_its_orders(drawn):
    """Proves: a bar begins on the day its order first ships, and its mark stands on the due date."""
    result, sheets = drawn
    decisions = result.plan.frames["decisions"]
    bars = next(iter(sheets["Timeline"].values()))
    shown = decisions[decisions["first_ship"].notna()].sort_values(
        ["first_ship", "last_arrival", "order"], kind="stable")[::-1]
    first, due = ((shown[name] - pd.Timestamp("1899-12-30")).dt.days for name in ("first_ship", "due_date"))
    assert bars["before"] == [min(pair) for pair in zip(first, due + 1, strict=True)]
    before_due = [sum(parts) for parts in zip(*(bars[name] for name in ("before", "on its way", "early")
                                                if name in bars), strict=True)]
    assert before_due == pytest.approx([max(start, end + 1) if start <= end + 1 else end + 1
                                        for start, end in zip(first, due, strict=True)])
