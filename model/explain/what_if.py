"""What if: a question from the menu put into the tables, the book planned again, beside the plan it is asked about."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from model.checks import Checked
from model.explain.edits import edited
from model.explain.what_if_menu import MENU, MOST_NAMED, SUBJECTS, Asked, Change, WhatIfError
from model.planning import Options, Result, plan_order_book
from model.tables import Tables

_WORD = re.compile(r"(\w+)\s*(\+=|-=|\*=|=)\s*")
# Names may hold semicolons: one that ends a part has the next part behind it, or nothing.
_PARTS = re.compile(rf";(?=[\s;]*(?:(?:{'|'.join(SUBJECTS)})\s*=|$))", re.IGNORECASE)
_OFF = re.compile(r"\s+off\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class WhatIf:
    """A question, the findings of the changed tables and their plan; ``after`` is None where they are refused."""

    question: str
    checked: Checked
    after: Result | None


def changes_of(tables: Tables, question: str) -> list[Change]:
    """The changes of the tables that a question asks for; parts separated by ``;`` hold together, in any order.

    WhatIfError names what is not on the menu, or not in the book.
    """
    asked = [each for part in _PARTS.split(question) for each in _part(tables, part)]
    if not asked:
        raise WhatIfError("nothing", question=question)
    # Hours of a week are a share of those of every week, and a due date takes the latest date with it.
    asked.sort(key=lambda each: (bool(each.week), each.field != "due"))
    made: dict[tuple[str, str], list[Change]] = {}
    changes: list[Change] = []
    for each in asked:
        before = made.setdefault((each.subject, each.name), [])
        found = MENU[each.subject, each.field](replace(each, before=tuple(before)))
        before += found
        changes += found
    return changes


def _part(tables: Tables, written: str) -> list[Asked]:
    if not written.strip():
        return []
    # ``off`` is the one change without a sign: left at the end, it would be read as part of a name or value.
    text, is_off = _OFF.subn("", written)
    words = _words(text)
    subject, sign, name = words[0]
    if subject not in SUBJECTS or sign != "=" or not name:
        raise WhatIfError("subject", question=written.strip(), subjects=", ".join(SUBJECTS))
    _known(tables, subject, name)
    weeks = [(sign, value) for field, sign, value in words[1:] if field == "week"]
    # Any other week would leave the change to every week, which is another question.
    if len(weeks) > 1 or any(sign != "=" or not value for sign, value in weeks):
        raise WhatIfError("week_written", question=written.strip())
    fields = [word for word in words[1:] if word[0] != "week"] + ([("off", "", "")] if is_off else [])
    if not fields:
        raise WhatIfError("nothing", question=written.strip())
    for field, _, value in fields:
        if (subject, field) not in MENU or (not value and field != "off") or (value and field == "off"):
            offered = ", ".join(known for owner, known in MENU if owner == subject)
            raise WhatIfError("field", field=field, subject=subject, fields=offered)
    week = weeks[0][1] if weeks else ""
    return [Asked(tables, subject, name, field, sign, value, week) for field, sign, value in fields]


def _words(text: str) -> list[tuple[str, str, str]]:
    """Name, sign and value of each part of the text; a value reaches to the next name and may hold blanks."""
    found = list(_WORD.finditer(text))
    if not found or text[:found[0].start()].strip():
        raise WhatIfError("subject", question=text.strip(), subjects=", ".join(SUBJECTS))
    ends = [*(match.start() for match in found[1:]), len(text)]
    return [(match[1].lower(), match[2], text[match.end():end].strip())
            for match, end in zip(found, ends, strict=True)]


def _known(tables: Tables, subject: str, name: str) -> None:
    table, column = SUBJECTS[subject]
    names = list(dict.fromkeys(tables.frames[table][column]))
    if name not in names:
        near = ", ".join(map(str, names[:MOST_NAMED])) + (", ..." if len(names) > MOST_NAMED else "")
        raise WhatIfError("unknown", subject=subject, name=name, names=near or "-")


def ask_what_if(base: Result, question: str, options: Options | None = None,
                stopped: Callable[[], bool] | None = None) -> WhatIf:
    """The book with the question's changes, planned again; of equal plans the one closest to ``base`` is preferred.

    WhatIfError where the question is not on the menu. Money in base currency.
    """
    checked = edited(base.tables, changes_of(base.tables, question), f"--what-if {question}")
    if checked.tables is None:
        return WhatIf(question, checked, None)
    return WhatIf(question, checked, plan_order_book(near(checked.tables, base), options, stopped=stopped))


def near(tables: Tables, base: Result) -> Tables:
    """The tables with the base plan's production as the published plan, where that costs nothing and binds nothing.

    Among equal plans the search then prefers what changes least.
    """
    settings = tables.settings
    # With a change cost or a frozen part a published plan would bind; and one that is there is the planner's own.
    if base.plan is None or settings.change_cost or settings.frozen_until is not None \
            or len(tables.frames["published_plan"]):
        return tables
    columns = list(tables.frames["published_plan"].columns)
    published = base.plan.frames["production"][columns].reset_index(drop=True)
    return replace(tables, frames={**tables.frames, "published_plan": published})
