"""What the audit found, in the reader's words: laws by their names, and the worst place of each."""

from __future__ import annotations

from model.audit.result import Audit, AuditRow, Place
from model.labels import label_table
from model.report.case import Case, coded_word, words_or

SIGNS = {"≠": "differs", ">": "above", "<": "below", "!": "wrong"}


def law_name(law: str, language: str) -> str:
    """A law as the reader calls it."""
    return words_or(f"law.{law}", law, language)


def law_meaning(law: str, language: str) -> str:
    """What the law demands, in a sentence."""
    return words_or(f"audit_law.{law}", law.replace("_", " "), language)


def audit_verdict(case: Case, audit: Audit) -> str:
    """That every law holds, or which do not."""
    failed = [law_name(row.law, case.language) for row in audit.findings if not row.passed]
    if failed:
        return case.say("summary.audit_failed", laws=case.listed(failed))
    return case.say("summary.audit_passed", laws=len(audit.findings),
                    checks=f"{sum(row.checked for row in audit.findings):,}")


def place_words(case: Case, row: AuditRow) -> str | None:
    """Where a law is nearest to its tolerance, and if broken what is wrong there; None where nothing deviates."""
    if row.place is None:
        return row.detail or None
    if row.passed and not row.largest_residual > 0:
        return None
    place = _place(case, row.place)
    if row.passed:
        return place
    found, expected = (coded_word(row.place.what, value, case.language)
                       for value in (row.place.found, row.place.expected))
    return case.say(f"audit.{SIGNS[row.place.sign]}", place=place, found=found, expected=expected)


def _place(case: Case, place: Place) -> str:
    table = case.say(f"sheet.{place.table}")
    what = _name(case, place.table, place.what)
    keys = [case.say("audit.key", name=_name(case, place.table, name), value=coded_word(name, value, case.language))
            for name, value in place.keys]
    if not keys:
        return case.say("audit.whole", table=table, what=what)
    return case.say("audit.place", table=table, keys=case.listed(keys), what=what)


def _name(case: Case, table: str, what: str) -> str:
    # The audit's own word first, then the table's, then the one all tables share.
    key = next((key for key in (f"audit_what.{what.replace(' ', '_')}", f"column.{table}.{what}", f"column.{what}")
                if key in label_table()), None)
    return (what if key is None else case.say(key)).replace("_", " ")
