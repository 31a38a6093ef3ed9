"""What a planner sends on: promised dates for sales, the line programme for the workshop."""

from __future__ import annotations

import math

import pandas as pd

from model.report.case import coded_word
from model.report.fields import Field, column_label, date_field, number_field, text_field
from model.report.insight import (
    days_after_due,
    line_programme,
    margin_per_bottleneck_hour,
    promised_dates,
    promised_on,
)
from model.report.sheets.book import Book
from model.report.sheets.load_map import BUCKET_WIDTH, date_headers
from model.report.sheets.table import Mark, Shade, write_table
from model.report.styles import number_format

SIGNED_DAYS = "+#,##0;-#,##0;0"
PROMISED = (
    Mark("days_after_due", "{days_after_due}>0", "bad"),
    Mark("status", "{status}=<missed>", "bad"),
    Mark("status", "{status}=<partial>", "warn"),
    Mark("delivered", "{delivered}<{quantity}", "warn"),
    Mark("promised_date", "{days_after_due}>0", "bad"),
)


def decision_extras(book: Book) -> list[Field]:
    """Columns that help to judge a decision: promised date, days after its due date, margin per bottleneck hour."""
    case = book.case
    worth = margin_per_bottleneck_hour(case).tolist()
    header = f"{case.say('column.margin_per_bottleneck_hour')} [{case.currency}/{case.say('unit.hours')}]"
    return [date_field("promised_date", case.say("column.promised_date"), promised_on(case)),
            _days_field(book, days_after_due(case)),
            number_field("margin_per_bottleneck_hour", header, "price", worth)]


def write_promised_dates(book: Book) -> None:
    """One row per order taken, by promised date: what arrives (or leaves, by its due basis) when, and how far from the
    due date; the arrival beside it where any order is met by its departure."""
    case, rows = book.case, promised_dates(book.case)
    unit = case.unit_of(rows["item"])
    fields = [text_field(name, column_label(case, "decisions", name), _words(rows[name]))
              for name in ("order", "customer", "market", "item")]
    status = [coded_word("status", value, case.language) for value in rows["status"]]
    fields.append(text_field("status", column_label(case, "decisions", "status"), status))
    fields += [number_field(name, f"{column_label(case, 'decisions', name)} [{unit}]", "quantity", rows[name].tolist())
               for name in ("quantity", "delivered")]
    if unit == case.say("unit.mixed"):
        fields.append(text_field("unit", column_label(case, "decisions", "unit"), case.units_of(rows["item"])))
    fields += [date_field("promised_date", case.say("column.promised_date"), rows["promised_date"]),
               date_field("due_date", column_label(case, "decisions", "due_date"), rows["due_date"]),
               _days_field(book, rows["days_after_due"])]
    if rows["due_by_departure"].any():
        basis = [coded_word("due_basis", "departure" if leaves else "arrival", case.language)
                 for leaves in rows["due_by_departure"]]
        fields += [text_field("due_basis", case.say("column.due_basis"), basis),
                   date_field("last_arrival", column_label(case, "decisions", "last_arrival"), rows["last_arrival"])]
    write_table(book, case.say("sheet.promised_dates"), fields, conditions=PROMISED)


def write_line_programme(book: Book) -> None:
    """Good units of each line and item (row) in each bucket (column, headed by its first day)."""
    case, units = book.case, line_programme(book.case)
    lines, items = (units.index.get_level_values(name).tolist() for name in ("line", "item"))
    unit = case.unit_of(items)
    fields = [text_field("line", column_label(case, "production", "line"), lines),
              text_field("item", column_label(case, "production", "item"), items)]
    known = case.tables.frames["lines"].set_index("line")["name"].to_dict()
    names = [known.get(line) for line in lines]
    if any(isinstance(name, str) for name in names):
        fields.insert(1, text_field("name", case.say("column.name"), _words(pd.Series(names, dtype=object))))
    # Unit and total scroll away; line, name and item stay.
    frozen = len(fields)
    if unit == case.say("unit.mixed"):
        fields.append(text_field("unit", case.say("column.unit"), case.units_of(items)))
    total = f"{case.say('column.line_programme.total')} [{unit}]"
    fields.append(number_field("total", total, "quantity", units.sum(axis=1).tolist()))
    days = [pd.Timestamp(day) for day in units.columns]
    # One format for all buckets: rows are read across.
    number = number_format("quantity", units.to_numpy().ravel())
    buckets = [_bucket_field(day, units[day], number) for day in days]
    shades = (Shade(buckets[0].name, buckets[-1].name, "filled"),) if buckets else ()
    sheet = write_table(book, case.say("sheet.line_programme"), [*fields, *buckets], freeze=frozen, conditions=shades)
    date_headers(book, sheet, len(fields), days)


def _days_field(book: Book, days: pd.Series) -> Field:
    header = f"{book.case.say('column.days_after_due')} [{book.case.say('unit.days')}]"
    values = [None if math.isnan(count) else count for count in days]
    return Field("days_after_due", header, "days", values, SIGNED_DAYS)


def _bucket_field(day: pd.Timestamp, units: pd.Series, number: str) -> Field:
    name = f"{day:%Y-%m-%d}"
    values = [None if math.isnan(amount) else amount for amount in units]
    decimals = len(number.split(";")[0].rpartition("]")[2].partition(".")[2])
    widest = max((len(f"{amount:,.{decimals}f}") for amount in values if amount is not None), default=0)
    return Field(name, name, "quantity", values, number, max(BUCKET_WIDTH, widest + 2.0))


def _words(values: pd.Series) -> list[str | None]:
    return [None if pd.isna(value) else str(value) for value in values]
