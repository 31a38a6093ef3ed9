"""The orders of a book as written, found by their names."""

from __future__ import annotations

from model.schema import TABLES, Column
from model.tables import Bad, RawTable
from model.tables.parse import parse_cell, shown

ORDER = Column("order", "text", "", "", key=True)


class OrderRows:
    """The rows of a table ``orders`` by order."""

    def __init__(self, table: RawTable) -> None:
        self.table = table
        self._rows = {shown(parse_cell(ORDER, cell)): row for row, cell in enumerate(table.columns.get("order", []))
                      if cell is not None}

    def row(self, order: str) -> int | None:
        """Where an order stands; None where it is not there."""
        return self._rows.get(order)

    def given(self, order: str, column: str) -> object:
        """What stands in an order's cell; None where it is blank or, as the checks say, not understood."""
        row, cells = self._rows.get(order), self.table.columns.get(column)
        value = parse_cell(TABLES["orders"].by_name[column], cells[row]) if cells and row is not None else None
        return None if isinstance(value, Bad) else value

    def put(self, row: int, column: str, value: object, place: str) -> None:
        """Write a value that stands at another ``place`` into an order's cell."""
        cells = self.table.columns.setdefault(column, [None] * len(self.table.row_numbers))
        cells[row] = value
        self.table.places[row, column] = place
