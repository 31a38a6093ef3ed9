"""Cells of an earlier result, read as its plan wrote them."""

from __future__ import annotations

from typing import Literal

from model.findings import Detail, Finding
from model.labels import label
from model.schema import Column, Kind
from model.tables import Bad, RawTable
from model.tables.parse import parse_cell, shown

_KINDS: dict[str, Kind] = {"quantity": "number", "delivered": "number", "last_arrival": "date", "departure": "date"}


def spoken(column: str) -> Column:
    """A column of the plan as messages speak of it."""
    return Column(column, _KINDS.get(column, "text"), label(f"column.{column}", "zh"), "", key=column == "order")


class PlanCells:
    """A sheet of the plan, and the findings to which what is wrong with its cells is added."""

    def __init__(self, table: RawTable, findings: list[Finding]) -> None:
        self.table, self._findings = table, findings

    def read(self, position: int, column: str) -> object:
        """What stands in a cell; one that cannot be understood, or is blank, is an error and None."""
        about = spoken(column)
        value = parse_cell(about, self.table.columns[column][position])
        if value is None or isinstance(value, Bad):
            rule = value.rule if isinstance(value, Bad) else "missing_value"
            self.point_out("error", rule, position, column, zh=about.label_zh, unit="", choices="")
            return None
        return value

    def point_out(self, severity: Literal["error", "warning"], rule: str, position: int, column: str,
                  **details: Detail) -> None:
        """A finding at a cell."""
        table = self.table
        self._findings.append(Finding(severity, rule, "", table.row_numbers[position], column,
                                      table.address(position, column), shown(table.columns[column][position]),
                                      details))
