"""Keys that stand twice and names that stand nowhere."""

from __future__ import annotations

import difflib

from model.checks.draft import Draft
from model.schema import TABLES, Column
from model.tables.filling import setting_or_default
from model.tables.names import alike, fold

# Tables that describe names used elsewhere: without them any name will do.
_MAY_BE_ABSENT = frozenset({"sites", "customers", "markets"})
# difflib compares a name with all others letter by letter: thousands of wrong ones would take long.
_MOST_SUGGESTIONS = 50
_MOST_COMPARED = 5000
# What a miss of the frozen plan, and one of safety or final stock, is named after.
_JOINED = ((("routings", "published_plan"), ("line", "item")), (("stock",), ("item", "site")))


def check_keys(draft: Draft) -> None:
    """No two rows of a table have the same key; a blank counts as a value."""
    for name, frame in draft.frames.items():
        key = list(TABLES[name].key)
        if not key or frame.empty:
            continue
        first: dict[tuple[object, ...], int] = {}
        rows = zip(*(frame[column] for column in key), strict=True)
        for position, row in enumerate(rows):
            # The key of a row with an unusable or missing part is unknown, so it equals no other.
            if any((value is None and TABLES[name].by_name[column].required) or
                   position in draft.unusable.get((name, column), ()) for column, value in zip(key, row, strict=True)):
                continue
            other = first.setdefault(row, position)
            if other != position:
                raw = draft.raw(name)
                draft.error("duplicate_key", name, position, key[0], key="; ".join(shown_key(row)),
                            other=raw.address(other, key[0]) if raw else name)


def check_near_keys(draft: Draft) -> None:
    """No two names of one table differ in case or width alone; they are different names, which is seldom meant."""
    for name, frame in draft.frames.items():
        if len(TABLES[name].key) != 1 or name == "settings":
            continue
        column = TABLES[name].key[0]
        first: dict[str, int] = {}
        keys = frame[column].tolist()
        for position, key in enumerate(keys):
            other = first.setdefault(alike(key), position) if key else position
            if keys[other] != key:
                draft.warn("key_near", name, position, column, nearest=keys[other],
                           other=draft.address(name, other, column))


def check_joined_names(draft: Draft) -> None:
    """No two pairs of names are one once " / " stands between them, as in the misses of the plan."""
    for tables, columns in _JOINED:
        first: dict[str, tuple[tuple[str, ...], str]] = {}
        for table in tables:
            frame = draft.frame(table)
            for position, pair in enumerate(zip(*(frame[column] for column in columns), strict=True)):
                if not all(pair):
                    continue
                name = " / ".join(pair)
                other, place = first.setdefault(name, (pair, draft.row_address(table, position)))
                if other != pair:
                    draft.error("names_run_together", table, position, "item", name=name, other=place)


def shown_key(row: tuple[object, ...]) -> list[str]:
    """The parts of a key as a planner would write them."""
    return ["" if str(value) in ("None", "NaT") else str(value).removesuffix(" 00:00:00") for value in row]


def check_references(draft: Draft) -> None:
    """Every name used in a table stands in the table it refers to."""
    for name in draft.frames:
        for column in TABLES[name].columns:
            if column.refers:
                _check_column(draft, name, column)


def known_names(draft: Draft, column: Column) -> set[str] | None:
    """The names a column may hold; None if they cannot be checked because the table is not there."""
    known: set[str] = set()
    for table in column.refers:
        if draft.has(table):
            key = TABLES[table].key[0]
            known |= {value for value in draft.frame(table)[key] if value is not None}
        elif table in _MAY_BE_ABSENT or TABLES[table].required:
            return None
    if "currencies" in column.refers:
        known.add(str(setting_or_default("currency", draft.setting_values)))
    return known


def _check_column(draft: Draft, name: str, column: Column) -> None:
    known = known_names(draft, column)
    if known is None:
        return
    suggestions: dict[str, str] = {}
    folded: dict[str, str] = {}
    for position, value in enumerate(draft.frame(name)[column.name]):
        if value is None or value in known:
            continue
        if value not in suggestions:
            folded = folded or {fold(name): name for name in known}
            suggestions[value] = _nearest(value, folded) if len(suggestions) < _MOST_SUGGESTIONS else ""
        rule = "unknown_name_near" if suggestions[value] else "unknown_name"
        # Nothing is written there: the name came from the column's default.
        if not draft.written(name, position, column.name):
            rule = "unknown_default"
        draft.error(rule, name, position, column.name, value=value, referred=column.refers,
                    nearest=suggestions[value])


def _nearest(value: str, known: dict[str, str]) -> str:
    """The known name that was probably meant: the same but for case and width, else one spelled much alike."""
    written = fold(value)
    if written in known or len(known) > _MOST_COMPARED:
        return known.get(written, "")
    close = difflib.get_close_matches(written, sorted(known), n=1, cutoff=0.75)
    return known[close[0]] if close else ""
