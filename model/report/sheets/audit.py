"""What the audit checked, law by law."""

from __future__ import annotations

from model.report.audit_words import law_meaning, law_name, place_words
from model.report.case import coded_word
from model.report.fields import Field, text_field
from model.report.sheets.book import Book
from model.report.sheets.table import Mark, write_table

RESIDUAL = '0.0E+00;-0.0E+00;"–"'
PASSED = (Mark("passed", "{passed}=<no>", "bad"), Mark("passed", "{passed}=<yes>", "good"))


def write_audit(book: Book) -> None:
    """One row per law: how often it was checked, its largest residual against the tolerance, and the verdict."""
    case = book.case
    rows = case.result.audit.findings if case.result.audit is not None else ()
    meanings = [law_meaning(row.law, case.language) for row in rows]
    verdicts = [coded_word("passed", "yes" if row.passed else "no", case.language) for row in rows]
    fields = [
        text_field("law", case.say("column.law"), [law_name(row.law, case.language) for row in rows]),
        text_field("meaning", case.say("column.meaning"), meanings, "prose"),
        text_field("passed", case.say("column.passed"), verdicts),
        Field("checked", f"{case.say('column.checked')} [{case.say('unit.count')}]", "count",
              [row.checked for row in rows], "#,##0"),
        Field("largest_residual", case.say("column.largest_residual"), "quantity",
              [row.largest_residual for row in rows], RESIDUAL),
        Field("tolerance", case.say("column.tolerance"), "quantity", [row.tolerance for row in rows], RESIDUAL),
        text_field("detail", case.say("column.detail"), [place_words(case, row) for row in rows], "prose"),
    ]
    write_table(book, case.say("sheet.audit"), fields, conditions=PASSED)
