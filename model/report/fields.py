"""A plan table as sheet columns: headers with units, number formats, plain values."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

import pandas as pd

from model.labels import label_table
from model.plan_tables import PLAN_TABLES, PlanColumn
from model.report.case import Case, coded_word
from model.report.facts import miss_name
from model.report.styles import DATE_FORMAT, is_markup, number_format, reddened
from model.report.widths import column_width, header_width, prose_width

Cell = str | float | bool | datetime | None
FIRST_DAY = pd.Timestamp("1899-12-30")  # day 0 of spreadsheet dates
PROSE = frozenset({"reason", "detail", "meaning", "value"})
SIGNED_RESULTS = frozenset({"margin", "unit_margin"})  # below zero they are losses, elsewhere merely costs
FILTER_BUTTON, PADDING, WIDEST, NARROWEST = 4.2, 3.2, 80.0, 7.0
FIRST_YEAR = 1901  # earlier days have no agreed number in spreadsheets
# What XML 1.0 cannot hold; carriage returns are among them and become line ends first.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST_TEXT = 32_767  # characters a spreadsheet cell holds


@dataclass(frozen=True)
class Field:
    """One column of a sheet: what stands in its header, how its values are shown, and the values.

    ``kind`` is a plan kind, ``any`` (the planner's own values, each shown as its type; ``number`` then formats
    large figures only) or ``prose`` (wrapped text).
    Dates are spreadsheet day numbers already. What is ``wrapped`` goes on over several lines beyond the widest column.
    """

    name: str
    header: str
    kind: str
    values: Sequence[Cell]
    number: str = ""
    fixed_width: float | None = None
    wrapped: bool = False

    @cached_property
    def width(self) -> float:
        """Column width that shows header and values whole, in spreadsheet units."""
        if self.fixed_width is not None:
            return self.fixed_width
        # Headers are bold, and their filter button covers a part of the cell.
        header = header_width(self.header) * 1.08 + FILTER_BUTTON
        return min(WIDEST, max(NARROWEST, header, self._value_width() * 1.04 + PADDING))

    def _value_width(self) -> float:
        if self.kind == "date":
            return 10.5
        if self.kind == "prose":
            return max((prose_width(str(value)) for value in set(self.values) if value is not None), default=0.0)
        if self.kind in ("text", "any"):
            return column_width({str(value) for value in self.values if value is not None})
        figures = [abs(value) for value in self.values if isinstance(value, (int, float))]
        if self.kind == "share":
            return 8.0
        # The digits behind the point in the first section: "[>=0.005]#,##0.00;...".
        decimals = len(self.number.split(";")[0].rpartition("]")[2].partition(".")[2])
        return len(f"-{max(figures, default=0.0):,.{decimals}f}")


def plan_fields(case: Case, table: str, rows: pd.DataFrame | None = None) -> list[Field]:
    """The columns of a plan table in their order; with a last column ``unit`` where items are counted differently.

    ``rows`` are the table's rows in another order than the plan's.
    """
    frame = case.frame(table) if rows is None else rows
    unit = _quantity_unit(case, table, frame)
    fields = [_plan_field(case, table, column, frame, unit) for column in PLAN_TABLES[table]]
    if "item" in frame and unit == case.say("unit.mixed"):
        fields.append(text_field("unit", column_label(case, table, "unit"), case.units_of(frame["item"])))
    return fields


def column_label(case: Case, table: str, column: str) -> str:
    """Header words of a plan column."""
    own = f"column.{table}.{column}"
    return case.say(own if own in label_table() else f"column.{column}")


def text_field(name: str, header: str, values: Sequence[str | None], kind: str = "text") -> Field:
    """A column of words."""
    return Field(name, header, kind, [None if value is None else printable(value) for value in values])


def number_field(name: str, header: str, kind: str, values: Sequence[float]) -> Field:
    """A column of figures; NaN is left blank."""
    number = number_format(kind, values)
    shown = reddened(number) if name in SIGNED_RESULTS else number
    return Field(name, header, kind, [None if math.isnan(value) else value for value in values], shown)


def date_field(name: str, header: str, values: pd.Series) -> Field:
    """A column of dates; NaT is left blank."""
    days = since_first_day(values).dt.days.tolist()
    return Field(name, header, "date", [None if math.isnan(day) else day for day in days], DATE_FORMAT)


def since_first_day(values: pd.Series) -> pd.Series:
    """How long after day 0 of spreadsheet dates: in seconds, since nanoseconds do not reach from there to 2200."""
    return values.astype("datetime64[s]") - FIRST_DAY.as_unit("s")


def own_fields(case: Case, table: str, keys: pd.Series, key: str) -> list[Field]:
    """The planner's own columns of an input table, beside the rows whose ``key`` stands in ``keys``."""
    extras = case.tables.extras.get(table)
    if extras is None or extras.empty:
        return []
    row_of = {name: row for row, name in enumerate(case.tables.frames[table][key])}
    rows = [row_of.get(name) for name in keys]
    fields = []
    for column in extras.columns:
        values = extras[column].tolist()
        cells = [None if row is None else plain_cell(values[row]) for row in rows]
        # Nameless: a condition must not find a planner's column called like one of the plan's.
        fields.append(Field("", plain_text(str(column)), "any", cells))
    return fields


def printable(value: str) -> str:
    """Text as a cell can hold it: without control characters, lone surrogates and what is beyond its length."""
    # Nearly every text passes this test, which is faster than the substitution.
    if not value.isprintable():
        value = UNPRINTABLE.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    return value[:LONGEST_TEXT]


def plain_text(value: str) -> str:
    """The same, for any way to write a cell: what the writer would take for its own markup gets a blank at its end."""
    value = printable(value)
    return value + " " if is_markup(value) else value


def plain_cell(value: object) -> Cell:
    """A planner's own value as text, number, yes/no or date; None for anything missing."""
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    # bool first: for Python it is an int.
    if isinstance(value, (bool, str)):
        return plain_text(value) if isinstance(value, str) else value
    # A spreadsheet keeps 15 digits; what has more stays whole as text.
    if isinstance(value, (int, float)) and abs(value) < 1e15:
        return None if math.isnan(value) else value
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, date) and value.year >= FIRST_YEAR:
        # Without zone and fractions of a second, which no cell holds.
        return datetime(*value.timetuple()[:6])
    return plain_text(str(value))


def _plan_field(case: Case, table: str, column: PlanColumn, frame: pd.DataFrame, quantity_unit: str) -> Field:
    header = column_label(case, table, column.name)
    unit = {"quantity": quantity_unit, "money": case.currency, "price": f"{case.currency}/{quantity_unit}",
            "hours": case.say("unit.hours"), "days": case.say("unit.days"), "share": case.say("unit.share"),
            "count": case.say("unit.count")}.get(column.kind)
    header = f"{header} [{unit}]" if unit else header
    values = frame[column.name]
    if column.kind == "date":
        return date_field(column.name, header, values)
    if column.kind != "text":
        return number_field(column.name, header, column.kind, values.astype(float).tolist())
    if (table, column.name) == ("misses", "name"):
        cells = [miss_name(kind, name, case.language) for kind, name in zip(frame["kind"], values, strict=True)]
    else:
        cells = [None if pd.isna(value) else coded_word(column.name, str(value), case.language) for value in values]
    return text_field(column.name, header, cells, "prose" if column.name in PROSE else "text")


def _quantity_unit(case: Case, table: str, frame: pd.DataFrame) -> str:
    if "item" in frame:
        return case.unit_of(frame["item"])
    # Its rows name their own units.
    if "unit" in frame:
        return ""
    return case.unit_of(case.tables.frames["routings"]["item"])
