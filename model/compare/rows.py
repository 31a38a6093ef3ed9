"""The tables of a comparison as sheets, one rectangle each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import pandas as pd

from model.compare.comparison import Comparison
from model.compare.orders import MONEY
from model.compare.text import fact, listed, terms_words
from model.report.case import Case, coded_word
from model.report.facts import fact_name, fact_word, miss_name
from model.report.fields import Field, column_label, date_field, number_field, text_field
from model.report.sheets.book import Book
from model.report.sheets.table import Condition, Mark, write_table
from model.report.styles import number_format, reddened

SIDES = ("before", "after")
OWN_COLUMNS = ("changes", "terms", "lines", "sites", "used_hours")


def write_orders(book: Book, comparison: Comparison) -> None:
    """Orders that changed, other decisions first: what they were in A and in B."""
    case, frame = book.case, comparison.changed_orders
    words = {
        "order": frame["order"].tolist(),
        "changes": [case.listed(case.say(f"compare.change.{each}") for each in changes)
                    for changes in frame["changes"]],
        **{name: _either(frame, name) for name in ("customer", "market", "item")},
        "terms": [case.listed(terms_words(row, case), "phrases") or None for row in frame.to_dict("records")],
    }
    fields = [
        *(text_field(name, _label(case, name), values, "prose" if name == "terms" else "text")
          for name, values in words.items()),
        *_coded_pair(case, frame, "status"), *_amounts(case, frame), *_promises(case, frame),
        *(field for name in ("lines", "sites") for field in _sources(case, frame, name)),
        *_figures(case, frame, "margin", "money", case.currency),
        _difference(case, "margin", "money", case.currency, frame["margin_difference"]),
        text_field("reason", _sided(case, _label(case, "reason"), "after"), _words(frame["reason_after"]), "prose"),
    ]
    write_table(book, case.say("compare.sheet.orders"), fields, conditions=(
        *_status_marks(case, "status_before"), *_status_marks(case, "status_after"), *_signs("delivered_difference"),
        Mark("moved", "{moved}>0", "bad"), Mark("moved", "{moved}<0", "good"), *_signs("margin_difference")))


def _amounts(case: Case, frame: pd.DataFrame) -> list[Field]:
    """Ordered and delivered quantities; with units where they are not all the same, differences only within one."""
    units = sorted({unit for side in SIDES for unit in _words(frame[f"unit_{side}"]) if unit is not None})
    unit = units[0] if len(units) == 1 else case.say("unit.mixed")
    delivered = [frame[f"delivered_{side}"].astype(float).fillna(0.0) for side in SIDES]
    known = frame["unit_before"].notna() & frame["unit_after"].notna()
    difference = (delivered[1] - delivered[0]).round(9).mask(known & (frame["unit_before"] != frame["unit_after"]))
    own_units = [text_field(f"unit_{side}", _sided(case, _label(case, "unit"), side), _words(frame[f"unit_{side}"]))
                 for side in SIDES]
    return [*_figures(case, frame, "quantity", "quantity", unit), *_figures(case, frame, "delivered", "quantity", unit),
            _difference(case, "delivered", "quantity", unit, difference), *(own_units if len(units) > 1 else [])]


def _promises(case: Case, frame: pd.DataFrame) -> list[Field]:
    label = case.say("column.promised_date")
    promised = [pd.to_datetime(frame[f"promised_date_{side}"]).astype("datetime64[ns]") for side in SIDES]
    days = (promised[1] - promised[0]).dt.days.astype(float).tolist()
    header = f"{case.say('compare.difference', name=label)} [{case.say('unit.days')}]"
    return [*(date_field(f"promised_date_{side}", _sided(case, label, side), day)
              for side, day in zip(SIDES, promised, strict=True)), number_field("moved", header, "days", days)]


def _sources(case: Case, frame: pd.DataFrame, name: str) -> list[Field]:
    return [text_field(f"{name}_{side}", _sided(case, _label(case, name), side),
                       [listed(each, case) if isinstance(each, tuple) else None for each in frame[f"{name}_{side}"]])
            for side in SIDES]


def write_bridge(book: Book, comparison: Comparison) -> None:
    """Every order that moved the margin, largest first, and what is not assigned to orders: together the difference."""
    case = book.case
    frame = comparison.orders.set_index("order").reindex([step.name for step in comparison.movers])
    steps = [*comparison.movers, comparison.unassigned]
    names = [*frame.index, case.say("compare.unassigned")]
    fields = [text_field("order", _label(case, "order"), names)]
    fields += [text_field(name, _label(case, name), [*_either(frame, name), None]) for name in ("customer", "item")]
    fields += [text_field(field.name, field.header, [*field.values, None])  # type: ignore[list-item]  # words all
               for field in _coded_pair(case, frame, "status")]
    for side, amounts in (("before", [step.before for step in steps]), ("after", [step.after for step in steps])):
        header = f"{_sided(case, _label(case, 'margin'), side)} [{case.currency}]"
        fields.append(number_field(f"margin_{side}", header, "money", amounts))
    fields.append(_difference(case, "margin", "money", case.currency, [step.difference for step in steps]))
    for name in MONEY[:-1]:
        amounts = [*frame[f"{name}_difference"].astype(float).tolist(), math.nan]
        fields.append(_difference(case, name, "money", case.currency, amounts))
    write_table(book, case.say("compare.sheet.bridge"), fields, conditions=_signs("margin_difference"))


def write_lines(book: Book, comparison: Comparison) -> None:
    """Hours and load of every line over the whole horizon, the one that changed most first."""
    frame = comparison.lines
    words = [text_field(name, _label(book.case, name), _words(frame[name])) for name in ("line", "site", "technology")]
    _write_loads(book, book.case.say("compare.sheet.lines"), words, frame)


def write_technologies(book: Book, comparison: Comparison) -> None:
    """The same by technology."""
    frame = comparison.technologies
    words = [text_field("technology", _label(book.case, "technology"), [
        name or book.case.say("summary.no_name") for name in frame["technology"]])]
    _write_loads(book, book.case.say("compare.sheet.technologies"), words, frame)


def _write_loads(book: Book, name: str, fields: list[Field], frame: pd.DataFrame) -> None:
    case, hours = book.case, book.case.say("unit.hours")
    shares = _figures(case, frame, "load", "share", case.say("unit.share"))
    points = _difference(case, "load", "share", case.say("compare.column.points"), frame["load_difference"])
    figures = [field for column in ("used_hours", "regular_hours", "overtime_hours")
               for field in _figures(case, frame, column, "hours", hours)]
    write_table(book, name, [*fields, *shares, points, *figures], conditions=(
        Mark("load_before", "{load_before}>1.0005", "bad"), Mark("load_after", "{load_after}>1.0005", "bad")))


def write_misses(book: Book, comparison: Comparison) -> None:
    """Promises broken by one plan and kept by the other, or broken by more or less."""
    case, frame = book.case, comparison.changed_misses
    kinds = [coded_word("kind", kind, case.language) for kind in frame["kind"]]
    fields = [
        text_field("change", case.say("compare.column.changes"), [
            case.say(f"compare.miss.{change}") for change in frame["change"]]),
        text_field("kind", _label(case, "kind"), kinds),
        text_field("name", _label(case, "name"), [
            miss_name(kind, name, case.language) for kind, name in zip(frame["kind"], frame["name"], strict=True)]),
        date_field("bucket", _label(case, "bucket"), frame["bucket"]),
        *_figures(case, frame, "missed", "quantity", ""),
        _difference(case, "missed", "quantity", "", (frame["missed_after"] - frame["missed_before"]).round(9)),
        text_field("unit", _label(case, "unit"), _words(frame["unit"])),
        *_figures(case, frame, "value", "money", case.currency),
    ]
    good, bad = ([f'{{change}}="{case.say(f"compare.miss.{change}")}"' for change in changes]
                 for changes in (("disappeared", "smaller"), ("appeared", "larger")))
    write_table(book, case.say("compare.sheet.misses"), fields, freeze=3, conditions=(
        Mark("change", f"OR({','.join(bad)})", "bad"), Mark("change", f"OR({','.join(good)})", "good")))


def write_facts(book: Book, comparison: Comparison) -> None:
    """What differs between the two runs: input, settings, options, versions, units."""
    case, rows = book.case, comparison.differences
    fields = [
        text_field("topic", case.say("column.run.topic"), [case.say(f"compare.topic.{row.topic}") for row in rows]),
        text_field("name", case.say("column.run.name"), [fact_name(row.topic, row.name, case.language)
                                                         for row in rows]),
        text_field("before", "A", [fact(fact_word(row.name, row.before, case.language), case) for row in rows]),
        text_field("after", "B", [fact(fact_word(row.name, row.after, case.language), case) for row in rows]),
    ]
    write_table(book, case.say("compare.sheet.facts"), fields, freeze=2)


def _label(case: Case, name: str) -> str:
    table = {"unit": "misses", "name": "misses", "kind": "misses", "bucket": "misses"}.get(name, "decisions")
    return case.say(f"compare.column.{name}") if name in OWN_COLUMNS else column_label(case, table, name)


def _sided(case: Case, name: str, side: str) -> str:
    return case.say(f"compare.{side}", name=name)


def _figures(case: Case, frame: pd.DataFrame, name: str, kind: str, unit: str) -> list[Field]:
    behind = f" [{unit}]" if unit else ""
    return [number_field(f"{name}_{side}", _sided(case, _label(case, name), side) + behind, kind,
                         frame[f"{name}_{side}"].astype(float).tolist()) for side in SIDES]


def _difference(case: Case, name: str, kind: str, unit: str, values: Iterable[float]) -> Field:
    figures = [float(value) for value in values]
    header = case.say("compare.difference", name=_label(case, name)) + (f" [{unit}]" if unit else "")
    number = number_format(kind, figures)
    return Field(f"{name}_difference", header, kind, [None if math.isnan(figure) else figure for figure in figures],
                 reddened(number) if kind == "money" else number)


def _coded_pair(case: Case, frame: pd.DataFrame, name: str) -> list[Field]:
    return [text_field(f"{name}_{side}", _sided(case, _label(case, name), side),
                       [None if word is None else coded_word(name, word, case.language)
                        for word in _words(frame[f"{name}_{side}"])]) for side in SIDES]


def _either(frame: pd.DataFrame, name: str) -> list[str | None]:
    return [before if after is None else after for before, after in zip(
        _words(frame[f"{name}_before"]), _words(frame[f"{name}_after"]), strict=True)]


def _words(values: Iterable[object]) -> list[str | None]:
    return [value if isinstance(value, str) else None for value in values]


def _status_marks(case: Case, column: str) -> Sequence[Condition]:
    looks = {"missed": "bad", "partial": "warn", "accepted": "good", "declined": "faint", "left_out": "faint"}
    return [Mark(column, f'{{{column}}}="{coded_word("status", status, case.language)}"', look)
            for status, look in looks.items()]


def _signs(column: str) -> tuple[Condition, ...]:
    return Mark(column, f"{{{column}}}<0", "bad"), Mark(column, f"{{{column}}}>0", "good")
