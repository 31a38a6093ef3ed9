"""The load map: line by bucket, white when idle, amber when full, red in overtime."""

from __future__ import annotations

import math

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from model.report.fields import FIRST_DAY, Field, column_label, text_field
from model.report.sheets.book import Book
from model.report.sheets.table import Heat, header_format, write_table

BUCKET_WIDTH, DATE_HEIGHT = 7.5, 70


def write_load_map(book: Book) -> None:
    """Load of each line (row) in each bucket (column, headed by its first day); a closed bucket is blank."""
    case = book.case
    frame = case.frame("line_load")
    lines = frame.drop_duplicates("line")
    loads = frame.pivot(index="line", columns="bucket_start", values="load").reindex(lines["line"])
    unit = case.say("unit.share")
    fields = [
        text_field("line", f"{case.say('column.load_map.line')} [{unit}]", lines["line"].tolist()),
        text_field("site", column_label(case, "line_load", "site"), _words(lines["site"])),
        text_field("technology", column_label(case, "line_load", "technology"), _words(lines["technology"])),
    ]
    days = [pd.Timestamp(day) for day in loads.columns]
    buckets = [_bucket_field(day, loads[day]) for day in days]
    heat = (Heat(tuple(field.name for field in buckets)),) if buckets else ()
    sheet = write_table(book, case.say("sheet.load_map"), [*fields, *buckets], freeze=1, conditions=heat)
    date_headers(book, sheet, len(fields), days)


def date_headers(book: Book, sheet: Worksheet, first: int, days: list[pd.Timestamp]) -> None:
    """Upright dates above the columns from ``first`` on, so that a bucket needs no more width than its figures."""
    upright = header_format(book, "date", num_format="yyyy-mm-dd", rotation=90, align="center", indent=0)
    sheet.set_row(0, DATE_HEIGHT)
    for column, day in enumerate(days, start=first):
        # Over the text that the table has written; the check after reopening knows both forms.
        sheet.write_number(0, column, float((day - FIRST_DAY).days), upright)


def _words(values: pd.Series) -> list[str | None]:
    return [None if pd.isna(value) else str(value) for value in values]


def _bucket_field(day: pd.Timestamp, loads: pd.Series) -> Field:
    name = f"{day:%Y-%m-%d}"
    shares = [None if math.isnan(load) else load for load in loads.astype(float)]
    return Field(name, name, "share", shares, '0%;-0%;"–"', BUCKET_WIDTH)
