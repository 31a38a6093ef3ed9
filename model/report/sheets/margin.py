"""The margin, term by term: the objective's own named terms and their sum."""

from __future__ import annotations

from model.report.fields import plan_fields
from model.report.sheets.book import Book
from model.report.sheets.table import write_table
from model.report.styles import MIST, SLATE, reddened, spaced


def write_margin(book: Book) -> None:
    """Each money term with its sign; the last row is their sum, the contribution margin."""
    case = book.case
    fields = plan_fields(case, "margin")
    sheet = write_table(book, case.say("sheet.margin"), fields)
    terms = len(fields[0].values)
    total = {"bold": True, "bg_color": MIST, "top": 1, "top_color": SLATE}
    sheet.write_string(terms + 1, 0, case.say("term.margin"), book.styles.cell(align="left", indent=1, **total))
    number = spaced(reddened(fields[1].number))
    right = book.styles.cell(num_format=number, align="right", **total)
    # With its value: readers that do not calculate see the margin, too.
    sheet.write_formula(terms + 1, 1, f"=SUM(B2:B{terms + 1})", right, case.plan.margin)
    # Once more: the table's own area ends above the sum.
    sheet.print_area(0, 0, terms + 1, 1)
