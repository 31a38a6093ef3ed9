"""The words in which a table is described: columns with type, unit, default, range, meaning and Chinese label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "number", "date", "choice", "yes_no"]
Value = str | float | bool | None
# Ten years of lead time or transit: a date typed as a number of days is more, and leaves the calendar.
MOST_DAYS = 3650.0


@dataclass(frozen=True)
class Column:
    """One column of an input table.

    ``default`` fills a blank cell; ``default_from`` names where the default is found instead: another column of the
    same row ("due_date"), a setting ("settings.quantity_unit") or the row referred to ("markets.currency").
    A blank with neither stays absent, which is never the same as zero.
    """

    name: str
    kind: Kind
    label_zh: str
    meaning: str
    unit: str = ""
    key: bool = False
    required: bool = False
    default: Value = None
    default_from: str = ""
    low: float | None = None
    high: float | None = None
    above: float | None = None
    whole: bool = False
    choices: tuple[str, ...] = ()
    refers: tuple[str, ...] = ()
    blank_means: str = ""


@dataclass(frozen=True)
class Table:
    """One input table: its columns in the order in which a planner meets them."""

    name: str
    label_zh: str
    meaning: str
    columns: tuple[Column, ...]
    required: bool = False

    @property
    def by_name(self) -> Mapping[str, Column]:
        """Columns by their name."""
        return {column.name: column for column in self.columns}

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the columns that together identify a row."""
        return tuple(column.name for column in self.columns if column.key)


def text(name: str, label_zh: str, meaning: str, *, key: bool = False, required: bool = False,
         default: str | None = None, default_from: str = "", refers: tuple[str, ...] | str = (),
         blank_means: str = "") -> Column:
    """A column of names; ``refers`` lists the tables in one of which the name must stand."""
    tables = (refers,) if isinstance(refers, str) else refers
    return Column(name, "text", label_zh, meaning, key=key, required=required, default=default,
                  default_from=default_from, refers=tables, blank_means=blank_means)


def number(name: str, label_zh: str, unit: str, meaning: str, *, required: bool = False, default: float | None = None,
           default_from: str = "", low: float | None = 0.0, high: float | None = None, above: float | None = None,
           whole: bool = False, blank_means: str = "") -> Column:
    """A column of figures in ``unit``, by default not negative."""
    # An open lower end replaces the closed one, or one cell would have two findings.
    return Column(name, "number", label_zh, meaning, unit=unit, required=required, default=default,
                  default_from=default_from, low=None if above is not None else low, high=high, above=above,
                  whole=whole, blank_means=blank_means)


def date(name: str, label_zh: str, meaning: str, *, key: bool = False, required: bool = False, default_from: str = "",
         blank_means: str = "") -> Column:
    """A column of calendar dates."""
    return Column(name, "date", label_zh, meaning, unit="date", key=key, required=required,
                  default_from=default_from, blank_means=blank_means)


def choice(name: str, label_zh: str, meaning: str, choices: tuple[str, ...], *, default: str | None = None,
           required: bool = False, blank_means: str = "") -> Column:
    """A column with a fixed list of words, accepted in English and Chinese."""
    return Column(name, "choice", label_zh, meaning, required=required, default=default, choices=choices,
                  blank_means=blank_means)


def yes_no(name: str, label_zh: str, meaning: str, *, default: bool = False) -> Column:
    """A column answered by yes or no, accepted in English and Chinese."""
    return Column(name, "yes_no", label_zh, meaning, default=default, choices=("yes", "no"))
