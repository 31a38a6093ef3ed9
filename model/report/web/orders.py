"""The web page's order table: search, sort, and as many rows as the page's size allows, the largest orders first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from model.report.case import Case
from model.report.document import plain
from model.report.explained import price_spans
from model.report.fields import column_label
from model.report.insight import days_after_due, promised_on
from model.report.summary import STATUSES
from model.report.web.markup import Markup, clean, element, embedded_json

MOST_ORDERS = 2_000
REASON_LENGTHS = (240, 120, 60)  # letters to which reasons are cut where the page would be too large
DATA_ID = "orders"


@dataclass(frozen=True)
class OrderTable:
    """The table as markup, and how many orders it shows."""

    markup: Markup
    shown: int


def order_table(case: Case, room: float) -> OrderTable:
    """Search, filter and an empty table that the script fills from the embedded rows.

    The rows are those of the 2,000 largest orders. Where they take more than ``room`` bytes, reasons are cut, and then
    fewer orders shown; the page says so.
    """
    decisions = case.frame("decisions").assign(days_after_due=days_after_due(case), promised_date=promised_on(case))
    spans = price_spans(case, decisions["order"].tolist())
    decisions = decisions.assign(**{name: pd.Series(values, decisions.index, dtype=object)
                                    for name, values in spans.items()})
    rows = _largest(decisions)
    data, longest = _fitted(case, rows, list(spans), room)
    shown = rows.iloc[_kept(rows, len(data["rows"]))]  # type: ignore[arg-type]
    notes = [case.say("page.cut", shown=f"{len(shown):,}", total=f"{len(decisions):,}")] if len(shown) < len(
        decisions) else []
    notes += [case.say("page.shortened", count=longest)] if longest is not None else []
    return OrderTable(element(
        "section", None, element("h2", None, case.say("summary.by_status")),
        *(element("p", {"class": "alarm"}, note) for note in notes), _tools(case, shown),
        element("div", {"class": "wide"}, element("table", {"id": "table"}, element("thead"), element("tbody"))),
        element("noscript", None, element("p", None, case.say("page.noscript"))),
        embedded_json(DATA_ID, data)), len(shown))


def _tools(case: Case, rows: pd.DataFrame) -> Markup:
    choices = [element("option", {"value": ""}, case.say("page.every_decision"))]
    choices += [element("option", {"value": words}, words) for words in (
        case.say(f"status.{status}") for status in STATUSES if (rows["status"] == status).any())]
    search = element("input", {"id": "search", "type": "search", "placeholder": case.say("page.search"),
                               "aria-label": case.say("page.search")})
    return element("div", {"class": "tools"}, search,
                   element("select", {"id": "status", "aria-label": case.say("column.status")}, *choices),
                   element("select", {"id": "sort", "aria-label": case.say("page.sort")}),
                   element("output", {"id": "count"}))


def _largest(decisions: pd.DataFrame) -> pd.DataFrame:
    """The orders of the largest value, in the plan's order, at most as many as a page shows."""
    return decisions.iloc[_kept(decisions, MOST_ORDERS)]


def _kept(decisions: pd.DataFrame, count: int) -> list[int]:
    """Places of the orders of the largest value, in the plan's order."""
    value = (decisions["quantity"] * decisions["unit_price"]).reset_index(drop=True)
    return sorted(value.sort_values(ascending=False, kind="stable").index[:count])


def _fitted(case: Case, rows: pd.DataFrame, prices: Sequence[str], room: float) -> tuple[dict[str, object], int | None]:
    """The rows as the script reads them, in at most ``room`` bytes, and the length reasons are cut to, if they are."""
    columns = _columns(case, rows, prices)
    shown = rows.assign(status=[case.say(f"status.{status}") for status in rows["status"]])
    cells = [[_cell(value) for value in shown[column["name"]].astype(object)] for column in columns]
    reason = [column["name"] for column in columns].index("reason")

    def data(count: int, longest: int | None) -> dict[str, object]:
        """The largest orders, so many, with reasons of at most so many letters."""
        kept = _kept(rows, count)
        chosen = [[values[place] for place in kept] for values in cells]
        if longest is not None:
            chosen[reason] = [_shortened(words, longest) for words in chosen[reason]]
        return _embedded(case, columns, chosen)

    longest = None
    # Words are cut before orders are left out.
    for longest in (None, *REASON_LENGTHS):
        found = data(len(rows), longest)
        if _size(found) <= room:
            return found, longest
    # By bisection: all rows have failed above, and the size grows with their number.
    fits, fails = 0, len(rows)
    while fails - fits > 1:
        count = (fits + fails) // 2
        fits, fails = (count, fails) if _size(data(count, longest)) <= room else (fits, count)
    return data(fits, longest), longest


def _embedded(case: Case, columns: list[dict[str, str]], cells: list[list[object]]) -> dict[str, object]:
    """What the script reads: each text that a column repeats stands in ``words`` once, its rows hold its place."""
    words: dict[str, list[object]] = {}
    coded = []
    for column, values in zip(columns, cells, strict=True):
        texts = {value: place for place, value in enumerate(dict.fromkeys(
            value for value in values if isinstance(value, str)))}
        # A list of words pays where each of them is used twice or more.
        if column["kind"] == "told" or (column["kind"] == "text" and 2 * len(texts) < len(values)):
            words[column["name"]] = list(texts)
            values = [texts[value] if isinstance(value, str) else value for value in values]
        coded.append(values)
    return {"language": "zh-CN" if case.language == "zh" else "en", "sort": case.say("page.sort"),
            # The script puts its figures in the place of %1 and %2.
            "count": case.say("page.count", shown="%1", total="%2"), "columns": columns,
            "bad": [case.say("status.missed")],
            "faint": [case.say(f"status.{status}") for status in ("declined", "left_out")],
            "rows": [list(row) for row in zip(*coded, strict=True)], "words": words}


def _size(data: dict[str, object]) -> int:
    """Bytes that the data take in a page."""
    return len(embedded_json(DATA_ID, data).encode())


def _shortened(words: object, longest: int) -> object:
    return words[:longest - 1] + "…" if isinstance(words, str) and len(words) > longest else words


def _columns(case: Case, rows: pd.DataFrame, prices: Sequence[str]) -> list[dict[str, str]]:
    unit = case.unit_of(rows["item"])

    def column(name: str, kind: str, header: str | None = None, unit: str = "") -> dict[str, str]:
        """One column as the page's script takes it."""
        words = header or column_label(case, "decisions", name)
        return {"name": name, "kind": kind, "header": (f"{words} [{unit}]" if unit else words).replace("_", " ")}

    return [*(column(name, "text") for name in ("order", "customer", "market", "item", "status")),
            column("quantity", "number", unit=unit), column("delivered", "number", unit=unit),
            column("promised_date", "text", case.say("column.promised_date")), column("due_date", "text"),
            column("days_after_due", "signed", case.say("column.days_after_due"), case.say("unit.days")),
            column("margin", "money", unit=case.currency), column("reason", "told"),
            *(column(name, "price", case.say(f"explain.table.{name}"), f"{case.currency}/{unit}")
              for name in prices)]


def _cell(value: object) -> object:
    """A value as JSON holds it: figures with as many digits as a reader is shown, and one more."""
    if isinstance(value, tuple):
        return [_cell(end) for end in value]
    if isinstance(value, float) and math.isnan(value):
        return None
    cell = plain(value)
    if isinstance(cell, str):
        return clean(cell)
    return _rounded(cell) if isinstance(cell, float) else cell


def _rounded(figure: float) -> float | int:
    short = float(f"{figure:.10g}")
    # Without ".0": two bytes for each cell.
    return int(short) if short.is_integer() else short
