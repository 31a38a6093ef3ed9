"""Enquiries: orders that are not in the book yet, read and checked like orders, with date and price left open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

import pandas as pd

from model.buckets import buckets
from model.checks import check
from model.findings import Finding
from model.labels import label
from model.schema import TABLES
from model.tables import RawBook, RawTable, Tables
from model.tables.names import alike, find_column

# Ten years beyond the horizon: a date that bars no shipment.
FAR = pd.Timedelta(days=3660)
TERMS_NOT_QUOTED = ("commitment", "decision", "win_probability", "min_fill", "late_rate", "late_grace_days",
                    "late_cap", "latest_date", "priority", "order_date")
"""A quote is for the whole quantity, on time: these columns of an enquiry say nothing to it."""


class EnquiryError(ValueError):
    """An enquiry on the command line that cannot be understood; ``part`` is what was written."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


@dataclass(frozen=True)
class Enquiry:
    """What is asked: ``price`` in the order's currency per unit and ``date`` by which it must be there, None where
    that is what is asked. ``rate``: base money per unit of that currency."""

    order: str
    item: str
    quantity: float
    currency: str
    rate: float
    price: float | None
    date: pd.Timestamp | None


@dataclass(frozen=True)
class Enquiries:
    """The book with the enquiries behind its orders, open in date and price; None where anything is refused."""

    tables: Tables | None
    asked: tuple[Enquiry, ...]
    findings: list[Finding]


def enquiry_of(text: str) -> RawTable:
    """``item=A,quantity=5,market=eu`` as a table of orders with one row. EnquiryError names what is not understood."""
    table = RawTable("orders", "--order", "sheet", row_numbers=[2])
    for part in text.split(","):
        written, sign, value = part.partition("=")
        column = find_column("orders", written.strip()) if sign else None
        # A column named twice is a mistake, not a correction.
        if column is None or not value.strip() or column in table.columns:
            raise EnquiryError(part.strip() or text)
        table.columns[column] = [value.strip()]
        table.places[0, column] = f"--order {written.strip()}={value.strip()}"
    return table


def with_enquiries(tables: Tables, asked: Sequence[RawTable], language: str = "en") -> Enquiries:
    """The book with the enquiries as further orders; every mistake in them at once, each at its own cell."""
    named = [*tables.frames["orders"]["order"], *(cell for table in asked for cell in table.columns.get("order", ()))]
    draft = _Draft(tables, tables.book.tables["orders"].copy(), language, {alike(str(name)) for name in named if name})
    first = len(draft.orders.row_numbers)
    for table in asked:
        for row in range(len(table.row_numbers)):
            draft.append(table, row)
    kept = {name: table for name, table in tables.book.tables.items() if name != "scenarios"}
    checked = check(RawBook(tables.book.source, {**kept, "orders": draft.orders}))
    # Warnings about the book itself were given when it was read; here only those about enquiries are told.
    own = {place for (position, _), place in draft.orders.places.items() if position >= first}
    findings = [found for found in checked.findings if found.severity == "error"
                or (found.cell in own and found.cell not in draft.stand_ins)]
    if checked.tables is None:
        return Enquiries(None, (), findings)
    return Enquiries(_opened(checked.tables, first), _read(checked.tables, first, draft.opened), findings)


@dataclass
class _Draft:
    """The book's orders with enquiries put behind them. ``taken``: names that are given, or were found for enquiries.
    ``opened``: whether each leaves its price and its date open. ``stand_ins``: cells that are blank, and filled only
    for the checks."""

    tables: Tables
    orders: RawTable
    language: str
    taken: set[str]
    opened: list[tuple[bool, bool]] = field(default_factory=list)
    stand_ins: set[str] = field(default_factory=set)

    def append(self, table: RawTable, row: int) -> None:
        """Put one row of a table of enquiries behind the others."""
        position = len(self.orders.row_numbers)
        given = {column: cells[row] for column, cells in table.columns.items()}
        # What is given stays even where it is wrong: the checks name it.
        stand_ins = {name: value for name, value in self._stand_ins(given).items() if given.get(name) is None}
        self.opened.append(("unit_price" in stand_ins, "due_date" in stand_ins))
        filled = {**given, **stand_ins}
        for column in (*self.orders.columns, *(name for name in filled if name not in self.orders.columns)):
            self.orders.columns.setdefault(column, [None] * position).append(filled.get(column))
        # Columns left out have an address, too: a refused default is named at the enquiry's own row.
        for column in TABLES["orders"].by_name:
            self.orders.places[position, column] = table.address(row, column)
        for cells in self.orders.extras.values():
            cells.append(None)
        self.orders.row_numbers.append(table.row_numbers[row])
        self.stand_ins |= {table.address(row, column) for column in stand_ins if column in table.letters}

    def _stand_ins(self, given: Mapping[str, object]) -> dict[str, object]:
        """What the checks need where an enquiry leaves it open: a name, a usual price, the last day of the horizon."""
        orders = self.tables.frames["orders"]
        prices = orders.loc[orders["item"] == given.get("item"), "unit_price"]
        usual = float((prices if len(prices) else orders["unit_price"]).median()) if len(orders) else 1.0
        last_day = buckets(self.tables.settings)["end"].iloc[-1].date()
        return {"order": given.get("order") or self._free_name(), "unit_price": usual or 1.0,
                "due_date": given.get("latest_date") or last_day}

    def _free_name(self) -> str:
        """A name by number, from that of the enquiry on, which no order and no other enquiry has."""
        pattern = label("quote.enquiry_name", self.language)
        name = next(name for number in count(len(self.opened) + 1)
                    if alike(name := pattern.format(number=number)) not in self.taken)
        self.taken.add(alike(name))
        return name


def _read(tables: Tables, first: int, opened: Sequence[tuple[bool, bool]]) -> tuple[Enquiry, ...]:
    rates = dict(zip(tables.frames["currencies"]["currency"], tables.frames["currencies"]["rate"], strict=True))
    rates.setdefault(tables.settings.currency, 1.0)
    rows = tables.frames["orders"].iloc[first:].itertuples()
    return tuple(
        Enquiry(row.order, row.item, float(row.quantity), row.currency, float(rates[row.currency]),
                None if no_price else float(row.unit_price), None if no_date else row.due_date)
        for row, (no_price, no_date) in zip(rows, opened, strict=True))


def _opened(tables: Tables, first: int) -> Tables:
    """The tables in which each enquiry is an optional order for any date, without damages; a search closes dates."""
    orders = tables.frames["orders"].copy()
    rows = orders.index[first:]
    far = buckets(tables.settings)["end"].iloc[-1] + FAR
    # Whole and in time is asked by bounds on this one model: what it says must not narrow any question.
    terms: dict[str, object] = {
        "due_date": far, "latest_date": far, "commitment": "optional", "decision": None, "win_probability": 1.0,
        "min_fill": 0.0, "late_rate": 0.0}
    for column, value in terms.items():
        orders.loc[rows, column] = value
    # What a unit of price brings is read from the model: a price of nothing would not tell.
    orders.loc[rows, "unit_price"] = orders.loc[rows, "unit_price"].where(orders.loc[rows, "unit_price"] > 0, 1.0)
    return replace(tables, frames={**tables.frames, "orders": orders})
