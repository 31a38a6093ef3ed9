"""Proves: the waterfall's columns lead from revenue to margin, on either side of zero."""

import pytest

from model.report.case import Case
from model.report.charts import money_scale, waterfall
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
