"""The sheet that the charts read."""

from __future__ import annotations

from model.report.chart_data import ChartData
from model.report.fields import Field, text_field
from model.report.sheets.book import Book
from model.report.sheets.table import write_table


def write_chart_data(book: Book, data: ChartData) -> None:
    """One row per point of each chart."""
    case = book.case
    fields = [
        text_field("chart", case.say("column.chart"), [row[0] for row in data.rows]),
        text_field("series", case.say("column.series"), [row[1] for row in data.rows]),
        Field("category", case.say("column.category"), "any", [row[2] for row in data.rows]),
        Field("value", case.say("column.chart_data.value"), "quantity", [row[3] for row in data.rows], "#,##0.0"),
        text_field("unit", case.say("column.unit"), [row[4] for row in data.rows]),
    ]
    write_table(book, data.sheet, fields, freeze=2)
