"""What the headers say: units that are not the column's own, names that are nearly a column's; own columns."""

from __future__ import annotations

import difflib

from model.checks.draft import Draft
from model.findings import Finding
from model.labels import LANGUAGES, label
from model.schema import TABLES, Column
from model.tables.filling import setting_or_default
from model.tables.names import fold, split_unit
from model.tables.parse import LONGEST_TEXT, shown

_WORDS = {
    "h": ("h", "hour", "hours", "hrs", "小时", "工时"), "days": ("d", "day", "days", "天", "日"),
    "min": ("min", "minute", "minutes", "分钟"), "week": ("week", "w", "周"), "date": ("date", "日期", "yyyymmdd"),
    "share": ("share", "-", "1", "比例"), "s": ("s", "sec", "seconds", "秒"), "C": ("c",), "rank": ("rank",),
    "bucket": ("bucket", "day", "week", "month", "d", "w", "日", "周", "月", "时段"),
}
_NEARLY = 0.8
_MONEY = ("money", "currency", "货币")
_YUAN = ("cny", "rmb", "yuan", "元")


def check_header_units(draft: Draft) -> None:
    """A unit in a header is the column's own; percent is an error, since 5 would be read as 500 %."""
    for name, raw in draft.book.tables.items():
        for column in TABLES[name].columns:
            written = split_unit(raw.headers.get(column.name, ""))[1]
            if not written or not column.unit or column.kind != "number":
                continue
            cell = raw.header_address(column.name)
            if "%" in written:
                draft.findings.append(Finding("error", "header_percent", name, raw.header_row, column.name, cell,
                                              raw.headers[column.name]))
            elif not _agrees(draft, column, written):
                draft.findings.append(Finding("warning", "header_unit", name, raw.header_row, column.name, cell,
                                              raw.headers[column.name],
                                              {"written": written, "unit": spelled_unit(draft, column)}))


def check_header_spelling(draft: Draft) -> None:
    """A planner's own column is not nearly named like one that is missing, which would then have its default."""
    for name, raw in draft.book.tables.items():
        missing = {fold(word): column for column in TABLES[name].columns if column.name not in raw.columns
                   for word in (column.name, column.label_zh)}
        for header in raw.extras:
            near = difflib.get_close_matches(fold(split_unit(header)[0]), missing, n=1, cutoff=_NEARLY)
            if near:
                draft.findings.append(Finding("warning", "header_near", name, raw.header_row, header,
                                              raw.header_address(header), header,
                                              {"nearest": missing[near[0]].name, "zh": missing[near[0]].label_zh}))


def check_own_columns(draft: Draft) -> None:
    """A planner's own column has a header, and its texts are no longer than a cell, so that they can be handed back."""
    for name, raw in draft.book.tables.items():
        for header, cells in raw.extras.items():
            if header in raw.letters and not raw.headers[header]:
                draft.findings.append(Finding("warning", "header_blank", name, raw.header_row, header,
                                              raw.header_address(header), raw.letters[header]))
            for position, cell in enumerate(cells):
                if isinstance(cell, str) and len(cell) > LONGEST_TEXT:
                    draft.add("error", "text_too_long", name, position, header, cell[:40] + "...")


def spelled_unit(draft: Draft, column: Column) -> str:
    """The column's unit in the words of this input: "money/unit" becomes "CNY/MWh"."""
    quantity, money = (shown(setting_or_default(key, draft.setting_values)) for key in ("quantity_unit", "currency"))
    words = {"unit": quantity, "money": money, "base money": money, "order currency": "order currency"}
    return "/".join(words.get(word, word) for word in column.unit.split("/"))


def _agrees(draft: Draft, column: Column, written: str) -> bool:
    if fold(written) in {fold(column.unit), fold(spelled_unit(draft, column)), fold(column.unit.split("/")[0])}:
        return True
    # A part may be left out at the end: "CNY" passes for money per unit.
    words, expected = written.split("/"), column.unit.split("/")
    return len(words) <= len(expected) and all(
        fold(word) in {fold(known) for known in _known(draft, wanted)}
        for word, wanted in zip(words, expected, strict=False))


def _known(draft: Draft, wanted: str) -> set[str]:
    """Every accepted spelling of one part of a unit."""
    named = {label(f"unit_word.{wanted}", language) for language in LANGUAGES}
    if wanted == "unit":
        units = {unit for unit in draft.frame("items")["unit"] if unit is not None}
        return {*named, shown(setting_or_default("quantity_unit", draft.setting_values)), *units}
    if wanted in ("money", "base money", "order currency"):
        base = shown(setting_or_default("currency", draft.setting_values))
        codes = {code for code in draft.frame("currencies")["currency"] if code is not None}
        return {*named, base, *_MONEY, *(_YUAN if fold(base) in _YUAN else ()),
                *(codes if wanted == "order currency" else ())}
    return {*named, *_WORDS.get(wanted, ())}
