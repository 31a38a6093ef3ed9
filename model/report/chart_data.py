"""The figures behind the charts, as one long table that the charts read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

Category = str | datetime
Reference = list[str | int]  # sheet, first row, first column, last row, last column


@dataclass(frozen=True)
class SeriesCells:
    """Where a series stands on the chart data sheet."""

    name: Reference
    categories: Reference
    values: Reference


@dataclass
class ChartData:
    """Rows of the chart data sheet: chart, series, category, value, unit; each series fills neighbouring rows."""

    sheet: str
    rows: list[tuple[str, str, Category, float | None, str]] = field(default_factory=list)

    def add(self, chart: str, series: str, categories: Sequence[Category], values: Sequence[float | None],
            unit: str) -> SeriesCells:
        """Append a series; returns where the chart finds it. There must be at least one category."""
        # XlsxWriter counts rows from 0, and row 0 is the header.
        first = len(self.rows) + 1
        self.rows += [(chart, series, category, value, unit)
                      for category, value in zip(categories, values, strict=True)]
        last = len(self.rows)
        return SeriesCells([self.sheet, first, 1, first, 1], [self.sheet, first, 2, last, 2],
                           [self.sheet, first, 3, last, 3])
