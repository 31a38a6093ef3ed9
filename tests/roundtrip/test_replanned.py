"""Proves: a book of the usual size is planned again from its own plan when something has changed, and audited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from model.planning import Options, plan_order_book
from model.tables import Tables
from tests.bench import generate

pytestmark = pytest.mark.slow


def weaker_dollar(tables: Tables) -> Tables:
    """What is sold in dollars brings 6.7 for 7.2: other orders are worth more than some that were taken."""
    rates = tables.frames["currencies"]
    is_dollar = rates["currency"] == "USD"
    assert is_dollar.any()
    return replaced(tables, "currencies", rates.assign(rate=rates["rate"].where(~is_dollar, 6.7)))


def broken_line(tables: Tables) -> Tables:
    """A line has a fifth of its hours."""
    lines = tables.frames["lines"]
    hours = lines["regular_hours"].where(lines.index != 0, 0.2 * lines["regular_hours"])
    return replaced(tables, "lines", lines.assign(regular_hours=hours))


def replaced(tables: Tables, name: str, frame: pd.DataFrame) -> Tables:
    """The tables with another frame in the place of one."""
    return replace(tables, frames={**tables.frames, name: frame})


@pytest.mark.parametrize("size", ["S", "M"])
@pytest.mark.parametrize("family", ["plain", "staged"])
@pytest.mark.parametrize("change", [weaker_dollar, broken_line])
def test_a_changed_book_is_planned_again(size: str, family: str, change: Callable[[Tables], Tables]) -> None:
    """What is published has six decimals, so that a plan near it has hundreds of amounts too small to count. Were they
    forgotten, what is made would no longer be there in time for what ships, and the audit would refuse the plan."""
    tables = generate.checked(generate.book(size, family, 1))
    options = Options(time_limit=60, rule_of_thumb=False)
    first = plan_order_book(tables, options)
    assert first.plan is not None
    made = first.plan.frames["production"]
    published = made[["order", "item", "line", "bucket_start", "quantity"]]
    published = published.reindex(columns=tables.frames["published_plan"].columns)
    again = plan_order_book(replaced(change(tables), "published_plan", published), options)
    assert again.audit is not None and again.audit.passed, again.audit
