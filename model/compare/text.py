"""The comparison on the terminal: a few aligned lines."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from model.compare.comparison import Comparison, Side
from model.compare.orders import MOVES
from model.report.case import Case, coded_word, words_or
from model.report.facts import fact_name, fact_word, miss_name
from model.report.fields import column_label
from model.report.outcome_words import outcome_words
from model.report.styles import LARGE
from model.report.text import elsewhere
from model.report.widths import display_width, padded

MOST_ORDERS, MOST_MOVERS, MOST_LINES, MOST_MISSES, MOST_FACTS = 10, 5, 5, 10, 8
HASH_SIGNS = 8  # of an input hash: enough to tell two apart
Line = tuple[str, str]  # name, words


def comparison_text(comparison: Comparison, files: Iterable[str | Path] = (), language: str = "en",
                    asked: str | Path | None = None) -> str:
    """What changed, in a few lines: both margins and bounds, money by term and by order, orders, lines, misses.

    ``asked`` is the file name asked for; where the comparison stands elsewhere because it is in use, that is said.
    """
    case = comparison.after_result.case(language)
    written = [str(file) for file in files]
    lines = list(_lines(comparison, case))
    lines += [(case.say("text.written"), file) for file in written]
    width = max(display_width(name) for name, _ in lines) + 2
    return "\n".join([*(padded(name, width) + value for name, value in lines), *elsewhere(written, language, asked)])


def _lines(comparison: Comparison, case: Case) -> Iterator[Line]:
    yield "A", _side(comparison.before, case)
    yield "B", _side(comparison.after, case)
    yield from _facts(comparison, case)
    if comparison.nothing_changed:
        yield case.say("compare.plans"), case.say("compare.nothing_changed")
        return
    margin = comparison.margin
    yield case.say("compare.margin"), case.pair(
        f"{arrow(money(margin.before), money(margin.after))} {case.currency}", signed(margin.difference))
    if proof := proof_words(comparison, case):
        yield "", proof
    steps = sorted((step for step in comparison.terms if step.difference), key=lambda step: -abs(step.difference))
    if steps:
        yield case.say("compare.by_term"), case.listed(
            (f"{case.say(f'term.{step.name}')} {signed(step.difference)}" for step in steps), "phrases")
    yield from _movers(comparison, case)
    yield from _orders(comparison, case)
    yield from _loads(comparison, case)
    yield from _production(comparison, case)
    yield from _misses(comparison, case)


def proof_words(comparison: Comparison, case: Case) -> str:
    """What the two bounds prove of the difference of the margins; nothing where there is none."""
    if comparison.proven:
        return case.say(f"compare.proven_{comparison.proven}")
    return case.say("compare.not_proven") if comparison.margin.difference else ""


def _side(side: Side, case: Case) -> str:
    return case.say("compare.side", file=side.file, plan=side.plan_name, margin=money(side.margin),
                    bound=money(side.bound), currency=side.currency,
                    gap=percent(side.gap, 3), status=outcome_words(side.status, case.language, side.gap,
                                                                   side.gap_asked, side.misses))


def _facts(comparison: Comparison, case: Case) -> Iterator[Line]:
    before, after = comparison.before, comparison.after
    hashes = before.input_hash[:HASH_SIGNS], after.input_hash[:HASH_SIGNS]
    yield case.say("compare.input"), case.say("compare.same_input") if before.input_hash == after.input_hash else \
        case.say("compare.other_input", before=hashes[0], after=hashes[1])
    horizons = horizon(before, case), horizon(after, case)
    if horizons[0] != horizons[1]:
        yield case.say("compare.horizon"), case.say("compare.other_horizon", before=horizons[0], after=horizons[1])
    told = [each for each in comparison.differences if each.topic != "input"]
    for each in told[:MOST_FACTS]:
        yield case.say(f"compare.topic.{each.topic}"), case.pair(
            fact_name(each.topic, each.name, case.language),
            arrow(*(fact(fact_word(each.name, value, case.language), case) for value in (each.before, each.after))))
    if len(told) > MOST_FACTS:
        yield "", case.say("compare.more", count=len(told) - MOST_FACTS)


def _movers(comparison: Comparison, case: Case) -> Iterator[Line]:
    top, rest = comparison.top_movers(MOST_MOVERS)
    parts = [f"{step.name} {signed(step.difference)}" for step in top]
    if int(rest.name):
        parts.append(case.say("compare.others", count=rest.name) + f" {signed(rest.difference)}")
    if comparison.unassigned.difference:
        parts.append(f"{case.say('compare.unassigned')} {signed(comparison.unassigned.difference)}")
    if parts:
        yield case.say("compare.by_order"), case.listed(parts, "phrases")


def _orders(comparison: Comparison, case: Case) -> Iterator[Line]:
    changed = comparison.changed_orders
    counts = [f"{case.say(f'compare.change.{change}')} {count}"
              for change, count in comparison.counts.items() if count]
    summary = case.say("compare.orders_changed", count=len(changed), all=len(comparison.orders))
    yield case.say("compare.orders"), case.pair(summary, case.listed(counts)) if counts else summary
    for row in changed.head(MOST_ORDERS).to_dict("records"):
        yield "", case.pair(row["order"], case.listed(_order_words(row, case), "phrases"))
    if len(changed) > MOST_ORDERS:
        yield "", case.say("compare.more", count=len(changed) - MOST_ORDERS)


def _order_words(row: Mapping[Any, Any], case: Case) -> Iterator[str]:
    """What changed of one order, kind by kind."""
    def both(name: str, show: Callable[[Any], str]) -> str:
        """What a column shows before and after."""
        return arrow(show(row[f"{name}_before"]), show(row[f"{name}_after"]))

    for change in row["changes"]:
        name = case.say(f"compare.change.{change}")
        if change == "decision":
            yield both("status", lambda code: status_word(code, case))
        elif change == "delivered":
            yield f"{name} {both('delivered', lambda figure: f'{figure:,.6g}')} {row['unit_after']}"
        elif change == "promise_date":
            yield f"{name} {both('promised_date', lambda day: fact(day, case))}"
        elif change in ("lines", "sites"):
            yield f"{name} {both(change, lambda names: listed(names, case))}"
        elif change in ("only_before", "only_after"):
            yield case.aside(name, status_word(row[change.replace("only", "status")], case))
        elif change in MOVES:
            yield name
        else:
            yield from terms_words(row, case)
    if row["margin_difference"]:
        yield f"{case.say('term.margin')} {signed(row['margin_difference'])}"


def terms_words(row: Mapping[Any, Any], case: Case) -> Iterator[str]:
    """What was ordered differently, column by column."""
    for name in row["terms"]:
        label = case.say("column.unit") if name == "unit" else column_label(case, "decisions", name)
        before, after = (coded_word(name, value, case.language) if isinstance(value, str) else fact(value, case)
                         for value in (row[f"{name}_before"], row[f"{name}_after"]))
        yield f"{label} {arrow(before, after)}"


def _loads(comparison: Comparison, case: Case) -> Iterator[Line]:
    changed = comparison.lines[comparison.lines["changed"]]
    for place, row in enumerate(changed.head(MOST_LINES).to_dict("records")):
        hours = [f"{arrow(_hours(row['used_hours_before']), _hours(row['used_hours_after']))} {case.say('unit.hours')}"]
        if row["moved_hours"] and not row["load_difference"]:
            hours.append(case.say("compare.moved_hours", hours=_hours(row["moved_hours"])))
        yield ("" if place else case.say("compare.lines"),
               case.aside(f"{row['line']} {arrow(percent(row['load_before']), percent(row['load_after']))}",
                          case.listed(hours, "phrases")))
    if len(changed) > MOST_LINES:
        yield "", case.say("compare.more", count=len(changed) - MOST_LINES)


def _production(comparison: Comparison, case: Case) -> Iterator[Line]:
    for place, row in enumerate(comparison.production.head(MOST_LINES).to_dict("records")):
        units = arrow(f"{row['quantity_before']:,.6g}", f"{row['quantity_after']:,.6g}")
        yield ("" if place else case.say("compare.production"), case.pair(
            f"{row['line']} {row['item']} {fact(row['bucket_start'], case)}", f"{units} {case.unit_of([row['item']])}"))
    if len(comparison.production) > MOST_LINES:
        yield "", case.say("compare.more", count=len(comparison.production) - MOST_LINES)


def _misses(comparison: Comparison, case: Case) -> Iterator[Line]:
    changed = comparison.changed_misses
    if changed.empty:
        return
    counts = changed["change"].value_counts(sort=False)
    yield case.say("compare.misses"), case.listed(
        f"{case.say(f'compare.miss.{change}')} {count}" for change, count in counts.items())
    for row in changed.head(MOST_MISSES).to_dict("records"):
        name = [case.say(f"miss.{row['kind']}"), miss_name(row["kind"], row["name"], case.language),
                "" if pd.isna(row["bucket"]) else fact(row["bucket"], case)]
        missed = arrow(f"{row['missed_before']:,.6g}", f"{row['missed_after']:,.6g}")
        head = case.say(f"compare.miss.{row['change']}")
        yield "", case.pair(case.pair(head, " ".join(filter(None, name))), f"{missed} {row['unit'] or ''}".rstrip())
    if len(changed) > MOST_MISSES:
        yield "", case.say("compare.more", count=len(changed) - MOST_MISSES)


def horizon(side: Side, case: Case) -> str:
    """First and last day of a plan, and how it counts time."""
    return case.listed([f"{side.start_date} .. {side.end_date}",
                        case.say(f"bucket.{side.bucket}", count=side.bucket_count)], "phrases")


def arrow(before: str, after: str) -> str:
    """From one to the other."""
    return f"{before} -> {after}"


def status_word(code: object, case: Case) -> str:
    """A decision in the reader's words."""
    return words_or(f"status.{code}", str(code), case.language)


def listed(names: Sequence[str], case: Case) -> str:
    """Names of lines or sites in one cell; the blank name means that units come from stock or purchases."""
    shown = [name or case.say("compare.from_stock") for name in names]
    return case.listed(shown, "clauses") or case.say("compare.none")


def signed(amount: float) -> str:
    """Money with its sign."""
    return ("+" if amount > 0 else "") + money(amount)


def money(amount: float) -> str:
    """An amount in whole units where it is large or whole, else with two decimals; a dash where there is none."""
    if not math.isfinite(amount):
        return "-"
    return f"{amount:,.{0 if abs(amount) >= LARGE or amount == round(amount) else 2}f}"


def percent(share: float, decimals: int = 0) -> str:
    """A share in percent; a dash where there is none."""
    return f"{share:.{decimals}%}" if math.isfinite(share) else "-"


def _hours(hours: float) -> str:
    return f"{hours:,.6g}" if math.isfinite(hours) else "-"


def fact(value: object, case: Case) -> str:
    """A setting, an option or a day as it is written."""
    if value is None or value is pd.NaT or value == "" or (isinstance(value, float) and math.isnan(value)):
        return case.say("compare.none")
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return f"{value:,.10g}" if isinstance(value, float) else str(value)
