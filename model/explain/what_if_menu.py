"""The menu of what-if questions: which change of which name means which change of the tables."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from model.buckets import buckets
from model.explain.edits import Added, Edit, edited
from model.findings import Finding
from model.instance.hours import daily_availability, open_days
from model.instance.supplying import offer_buckets
from model.labels import label
from model.schema import TABLES
from model.tables import Bad, Tables
from model.tables.parse import parse_cell, shown

Change = Edit | Added
OPERATIONS = {"=": "set", "+=": "add", "-=": "add", "*=": "multiply"}
SUBJECTS: Mapping[str, tuple[str, str]] = {
    "line": ("lines", "line"), "resource": ("resources", "resource"), "item": ("items", "item"),
    "order": ("orders", "order"), "rule": ("allocations", "rule"), "market": ("markets", "market"),
    "currency": ("currencies", "currency"), "pin": ("pins", "order"),
}
ORDER_COLUMNS: Mapping[str, str] = {
    "price": "unit_price", "quantity": "quantity", "latest": "latest_date", "earliest": "earliest_ship_date",
    "commitment": "commitment", "decision": "decision", "min_fill": "min_fill", "market": "market",
    "single_line": "single_line", "single_delivery": "single_delivery", "substitution": "substitution",
    "incoterm": "incoterm", "late_rate": "late_rate",
}
MOST_NAMED = 8
_ISO_WEEK = re.compile(r"(\d{4})-?W?(\d{1,2})")


class WhatIfError(ValueError):
    """A question that has no answer; ``rule`` is a label key, filled with ``details``.

    ``findings``: what is wrong with the tables that it would need.
    """

    def __init__(self, rule: str, findings: Sequence[Finding] = (), **details: object) -> None:
        super().__init__(rule)
        self.rule, self.details = rule, details
        self.findings = [each for each in findings if each.severity == "error"]

    def text(self, language: str = "en") -> str:
        """What is wrong with the question, in the reader's language."""
        return label(f"what_if.error.{self.rule}", language).format(**self.details)


@dataclass(frozen=True)
class Asked:
    """One change of one name: ``field`` ``sign`` ``value``, in one ``week`` only where that is given (else blank).

    A field without a sign (``off``) has neither sign nor value. ``given``: the tables of the book. ``before``: the
    changes of the same name that come first.
    """

    given: Tables
    subject: str
    name: str
    field: str
    sign: str
    value: str
    week: str = ""
    before: tuple[Change, ...] = ()

    @cached_property
    def tables(self) -> Tables:
        """The tables after the changes that come first. WhatIfError where those are refused."""
        # Only where it is needed: what is wrong halfway may be right in the end.
        if not self.before:
            return self.given
        found = edited(self.given, self.before, self.name).tables
        if found is None:
            raise WhatIfError("on_refused", subject=self.subject, name=self.name, field=self.field)
        return found

    @property
    def number(self) -> float:
        """The value as a figure, negative where it is taken away. WhatIfError if it is none."""
        try:
            figure = float(self.value)
        except ValueError:
            raise WhatIfError("number", value=self.value, field=self.field) from None
        if not np.isfinite(figure):
            raise WhatIfError("number", value=self.value, field=self.field)
        return -figure if self.sign == "-=" else figure

    @property
    def days(self) -> float:
        """The value as days by which a date moves. WhatIfError where they are no whole ones."""
        if self.number != round(self.number):
            raise WhatIfError("days", value=self.value)
        return self.number

    def edit(self, table: str, row: tuple[str, ...], column: str) -> Edit:
        """The change as one edit of a cell."""
        if self.sign == "=":
            return Edit(table, row, column, "set", self.value)
        kind = TABLES[table].by_name[column].kind
        if kind not in ("number", "date") or (kind == "date" and self.sign == "*="):
            raise WhatIfError("sign", field=self.field, sign=self.sign)
        return Edit(table, row, column, OPERATIONS[self.sign], self.days if kind == "date" else self.number)

    def rows(self, table: str, column: str) -> pd.DataFrame:
        """Rows of a table that name what is asked about. WhatIfError if there are none."""
        frame = self.tables.frames[table]
        found = frame[frame[column] == self.name]
        if found.empty:
            raise WhatIfError("no_rows", subject=self.subject, name=self.name, table=table)
        return found

    def no_week(self) -> None:
        """WhatIfError where a week is given that the change cannot be limited to."""
        if self.week:
            raise WhatIfError("no_week", field=self.field)


def week_days(tables: Tables, written: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last day of an ISO week ("2025-20", "2025-W20") or of the bucket that holds a date ("2025-05-12").

    WhatIfError if it is neither or lies outside the horizon.
    """
    horizon = buckets(tables.settings)
    day = parse_cell(TABLES["orders"].by_name["due_date"], written)
    # What is no date comes back as Bad or None, and may be an ISO week.
    if isinstance(day, dt.date):
        holds = horizon[(horizon["start"] <= pd.Timestamp(day)) & (horizon["end"] >= pd.Timestamp(day))]
        if len(holds):
            return holds["start"].iloc[0], holds["end"].iloc[0]
    elif found := _ISO_WEEK.fullmatch(written):
        try:
            monday = pd.Timestamp(dt.date.fromisocalendar(int(found[1]), int(found[2]), 1))
        except ValueError:
            raise WhatIfError("week", value=written) from None
        # A week that the horizon cuts has the days inside it.
        first, last = max(monday, horizon["start"].iloc[0]), min(monday + pd.Timedelta(days=6), horizon["end"].iloc[-1])
        if first <= last:
            return first, last
    raise WhatIfError("week", value=written)


def _hours(asked: Asked) -> list[Change]:
    """Regular hours of a line, or the hours of a resource: per bucket, or in one week."""
    table, column = ("lines", "regular_hours") if asked.subject == "line" else ("resources", "hours")
    per_bucket = float(asked.rows(table, asked.subject)[column].iloc[0])
    if not asked.week:
        return [asked.edit(table, (asked.name,), column)]
    first, last = week_days(asked.tables, asked.week)
    offered = _hours_between(asked, per_bucket, first, last)
    # ``number`` is negative for ``-=``, so that both other signs add it.
    wanted = {"=": asked.number, "*=": offered * asked.number}.get(asked.sign, offered + asked.number)
    if offered <= 0 or wanted < 0:
        raise WhatIfError("hours", subject=asked.subject, name=asked.name, week=asked.week, hours=f"{offered:g}")
    # Calendar rows multiply, so that a row with the ratio turns the hours there are into those asked for.
    return [Added("calendar", {"line": asked.name, "from_date": first.date(), "to_date": last.date(),
                               "availability": wanted / offered})]


def _hours_between(asked: Asked, per_bucket: float, first: pd.Timestamp, last: pd.Timestamp) -> float:
    horizon = buckets(asked.tables.settings)
    share = daily_availability(asked.tables, horizon, asked.name)
    if asked.subject == "line":
        line = asked.rows("lines", "line").iloc[0]
        share = share * open_days(horizon, line["start_date"], line["end_date"])
    # Hours are per bucket whatever its length: a day has its share of those of its own bucket.
    weights = np.repeat(1.0 / horizon["days"].to_numpy(), horizon["days"].to_numpy())
    return per_bucket * float((share * weights * open_days(horizon, first, last)).sum())


def _column(table: str, column: str) -> Callable[[Asked], list[Change]]:
    """One column of the row that bears the name."""

    def change(asked: Asked) -> list[Change]:
        """That column, of the row with the key asked about."""
        asked.no_week()
        return [asked.edit(table, (asked.name,), column)]

    return change


def _start(asked: Asked) -> list[Change]:
    """The first day of a line, and of every option to open it."""
    asked.no_week()
    if asked.sign == "*=":
        raise WhatIfError("sign", field=asked.field, sign=asked.sign)
    line = asked.rows("lines", "line").iloc[0]
    options = asked.tables.frames["expansions"]
    changes: list[Change] = []
    if (options["line"] == asked.name).any():
        if asked.sign == "=" and (options["line"] == asked.name).sum() > 1:
            raise WhatIfError("several_starts", name=asked.name)
        changes.append(asked.edit("expansions", (asked.name,), "start_date"))
    # An option gives no hours before the line's own start, which has to move with it where there is one.
    if not pd.isna(line["start_date"]) or (asked.sign == "=" and not changes):
        changes.append(asked.edit("lines", (asked.name,), "start_date"))
    if not changes:
        raise WhatIfError("no_start", name=asked.name)
    return changes


def _line_off(asked: Asked) -> list[Change]:
    asked.no_week()
    return [Edit("lines", (asked.name,), column, "set", 0) for column in ("regular_hours", "overtime_hours")]


def _supply(asked: Asked) -> list[Change]:
    """What can be bought of an item in every bucket, or more of it in one week at the price of the cheapest offer that
    can be there: alike in every bucket of the week."""
    rows = asked.rows("supply", "item")
    if not asked.week:
        limited = rows[rows["max_qty"].notna()]
        if limited.empty:
            raise WhatIfError("unlimited", name=asked.name)
        return [asked.edit("supply", _key("supply", row), "max_qty") for row in limited.to_dict("records")]
    if asked.sign != "+=":
        raise WhatIfError("sign", field=asked.field, sign=asked.sign)
    first, last = week_days(asked.tables, asked.week)
    horizon = buckets(asked.tables.settings)
    inside = horizon.index[(horizon["start"] >= first) & (horizon["end"] <= last)]
    # A week that is part of a longer bucket is met by that bucket.
    spread = inside if len(inside) else horizon.index[horizon["start"] <= first][-1:]
    offers = offer_buckets(asked.tables, horizon)
    offers = offers[(offers["item"] == asked.name) & offers["bucket"].isin(spread)]
    if offers.empty:
        raise WhatIfError("no_rows", subject=asked.subject, name=asked.name, table="supply")
    offers = offers[offers["is_reachable"]]
    if offers.empty:
        raise WhatIfError("too_far", name=asked.name, week=asked.week)
    best = offers.sort_values("purchase_price", kind="stable").iloc[0]
    # More at that price would change nothing, and what is dearer would not be bought before it.
    if pd.isna(best["max_qty"]):
        raise WhatIfError("unlimited", name=asked.name)
    starts = horizon["start"][offers.loc[offers["offer"] == best["offer"], "bucket"]]
    # Another supplier's name, as the key of the offer that is copied may not come twice.
    supplier, taken = f"{best['supplier']} +", set(rows["supplier"])
    while supplier in taken:
        supplier += "+"
    return [Added("supply", {"supplier": supplier, "item": asked.name, "site": best["site"],
                             "from_date": starts.min().date(), "to_date": starts.max().date(),
                             "unit_cost": best["purchase_price"], "lead_time_days": best["lead_time_days"],
                             "max_qty": asked.number / len(starts)})]


def _every_row(table: str, column: str) -> Callable[[Asked], list[Change]]:
    """One column in every row that names what is asked about."""

    def change(asked: Asked) -> list[Change]:
        """That column, row by row under each row's own key."""
        asked.no_week()
        rows = asked.rows(table, asked.subject).to_dict("records")
        return [asked.edit(table, _key(table, row), column) for row in rows]

    return change


def _key(table: str, row: Mapping[str, object]) -> tuple[str, ...]:
    values = (row[name] for name in TABLES[table].key)
    return tuple("" if value is None or pd.isna(value) else shown(
        value.date() if isinstance(value, pd.Timestamp) else value) for value in values)


def _due(asked: Asked) -> list[Change]:
    """The due date, and with it the latest date by the same number of days."""
    asked.no_week()
    if asked.sign == "*=":
        raise WhatIfError("sign", field=asked.field, sign=asked.sign)
    if asked.sign == "=":
        day = parse_cell(TABLES["orders"].by_name["due_date"], asked.value)
        if not isinstance(day, dt.date) or isinstance(day, Bad):
            raise WhatIfError("date", value=asked.value)
        days = float((pd.Timestamp(day) - asked.rows("orders", "order").iloc[0]["due_date"]).days)
    else:
        days = asked.days
    # The latest date first: left blank it is the due date, which has not moved by then.
    return [Edit("orders", (asked.name,), column, "add", days) for column in ("latest_date", "due_date")]


def _order_off(asked: Asked) -> list[Change]:
    """Left out of the plan, and nothing pinned for it."""
    asked.no_week()
    changes: list[Change] = [Edit("orders", (asked.name,), "decision", "set", "decline")]
    if (asked.tables.frames["pins"]["order"] == asked.name).any():
        # Pins have no key: rows are found by the columns before the first figure, of which the order is the first.
        changes.append(Edit("pins", (asked.name,), None, "remove"))
    return changes


def _remove(table: str) -> Callable[[Asked], list[Change]]:
    """Every row of the name."""

    def change(asked: Asked) -> list[Change]:
        """All rows whose key begins with the name, taken out."""
        asked.no_week()
        return [Edit(table, (asked.name,), None, "remove")]

    return change


def _duty(asked: Asked) -> list[Change]:
    """The market's own rate and every dated one; a rate that is set replaces the dated ones."""
    asked.no_week()
    dated = asked.tables.frames["duties"]
    has_dated = bool((dated["market"] == asked.name).any())
    changes: list[Change] = [asked.edit("markets", (asked.name,), "duty_rate")]
    if has_dated:
        changes.append(Edit("duties", (asked.name,), None, "remove") if asked.sign == "="
                       else asked.edit("duties", (asked.name,), "duty_rate"))
    return changes


MENU: Mapping[tuple[str, str], Callable[[Asked], list[Change]]] = {
    ("line", "hours"): _hours,
    ("line", "overtime"): _column("lines", "overtime_hours"),
    ("line", "start"): _start,
    ("line", "off"): _line_off,
    ("resource", "hours"): _hours,
    ("item", "supply"): _supply,
    ("item", "cost"): _every_row("supply", "unit_cost"),
    ("item", "stock"): _every_row("stock", "opening_stock"),
    ("order", "due"): _due,
    ("order", "off"): _order_off,
    **{("order", field): _column("orders", column) for field, column in ORDER_COLUMNS.items()},
    ("rule", "off"): _remove("allocations"),
    ("rule", "max"): _column("allocations", "max_qty"),
    ("rule", "min"): _column("allocations", "min_qty"),
    ("pin", "off"): _remove("pins"),
    ("market", "duty"): _duty,
    ("market", "freight"): _every_row("lanes", "freight_cost"),
    ("currency", "rate"): _column("currencies", "rate"),
}
"""Subject and field -> the changes of the tables. Fields named ``off`` take no value."""


def menu_text(language: str = "en") -> str:
    """The menu as a planner reads it: one example for each subject."""
    return label("what_if.menu", language).replace("|", "\n  ")
