"""How long reasons, prices and a quote take on a planned book, against building and solving it afresh each time."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from model.checks import check
from model.explain.asking import load_book
from model.explain.enquiries import enquiry_of, with_enquiries
from model.explain.examine import explained
from model.explain.quote import Desk
from model.planning import Options, Result, plan_order_book
from model.tables import Tables, read

T = TypeVar("T")
EXPLAIN_SECONDS = 55.0
QUOTE_SECONDS = 10.0
HEAD = ("book", "plan", "orders", "with a reason or price", "undecided", "explaining", "quote", "afresh, an order",
        "afresh / explaining")


@dataclass(frozen=True)
class Explaining:
    """Seconds on the wall and of the processor: planning, explaining ``orders`` orders, one quote, and, for an average
    order, planning the book afresh without and with it; ``examined`` and ``undecided`` count orders."""

    book: str
    plan: tuple[float, float]
    orders: int
    examined: int
    undecided: int
    explain: tuple[float, float]
    quote: tuple[float, float]
    afresh: tuple[float, float]

    @property
    def ratio(self) -> float:
        """How many times as long planning afresh takes on the wall, each with as many processes as it uses."""
        return self.afresh[0] * max(1, self.examined) / max(1e-9, self.explain[0])


def measured(folder: Path, options: Options, count: int, afresh: int) -> Explaining:
    """One book, planned, explained for ``count`` orders and planned anew for ``afresh`` of them."""
    tables = check(read(folder)).tables
    assert tables is not None
    result, plan = _timed(lambda: plan_order_book(tables, options))
    chosen = first_asked(result, count)
    told, explain = _timed(lambda: explained(result, EXPLAIN_SECONDS, chosen))
    found = [told.explanations[name] for name in chosen]
    anew = [_afresh(tables, options, name) for name in chosen[:afresh]]
    return Explaining(folder.name, plan, len(chosen), sum(each.is_examined for each in found),
                      sum(each.reason == "undecided" for each in found), explain, _quoted(tables, options),
                      (sum(wall for wall, _ in anew) / max(1, afresh), sum(used for _, used in anew) / max(1, afresh)))


def _timed(work: Callable[[], T]) -> tuple[T, tuple[float, float]]:
    wall, used = time.monotonic(), time.process_time()
    done = work()
    return done, (time.monotonic() - wall, time.process_time() - used)


def is_denied(decisions: Any) -> Any:
    """Whether each row of decisions, or a single one, did not get all that was asked for in time."""
    return (decisions["status"] != "accepted") | (decisions["late_days"] > 0)


def first_asked(result: Result, count: int) -> list[str]:
    """Orders that did not get all they asked for, then the others, each the largest by value first."""
    assert result.plan is not None
    rows = result.plan.frames["decisions"]
    rows = rows[rows["status"] != "left_out"]
    worth = rows["quantity"] * rows["unit_price"]
    asked = rows.assign(is_denied=is_denied(rows), worth=worth)
    asked = asked.sort_values(["is_denied", "worth", "order"], ascending=False)
    return [str(name) for name in asked["order"].head(count)]


def _afresh(tables: Tables, options: Options, order: str) -> tuple[float, float]:
    """The book planned without the order and again with it promised: what a price needs without a loaded book."""
    wall = used = 0.0
    for column, value in (("decision", "decline"), ("commitment", "firm")):
        orders = tables.frames["orders"].copy()
        orders.loc[orders["order"] == order, column] = value
        changed = replace(tables, frames={**tables.frames, "orders": orders})
        _, (more_wall, more_used) = _timed(lambda: plan_order_book(changed, options))  # noqa: B023 - called at once
        wall, used = wall + more_wall, used + more_used
    return wall, used


def _quoted(tables: Tables, options: Options) -> tuple[float, float]:
    """One enquiry, like the first order of the book with date and price left open; the book is planned before."""
    first = tables.frames["orders"].iloc[0]
    terms = {"item": first["item"], "quantity": first["quantity"], "market": first["market"]}
    text = ",".join(f"{name}={value}" for name, value in terms.items() if value)
    enquiries = with_enquiries(tables, [enquiry_of(text)])
    assert enquiries.tables is not None
    ground, _ = load_book(enquiries.tables, options, [each.order for each in enquiries.asked])
    return _timed(lambda: Desk(ground, QUOTE_SECONDS).quote(enquiries.asked[0]))[1]


def write_explaining(folder: Path, rows: list[Explaining]) -> str:
    """The figures as JSON and Markdown; the Markdown is handed back."""
    kept = [{**asdict(row), "ratio": row.ratio} for row in rows]
    (folder / "explaining.json").write_text(json.dumps(kept, indent=1), encoding="utf-8")
    lines = ["Seconds on the wall (of the processor):", "", _line(HEAD), _line(("---",) * len(HEAD))]
    for row in rows:
        times = {name: "{:.1f} ({:.1f})".format(*getattr(row, name)) for name in ("plan", "explain", "quote", "afresh")}
        lines.append(_line((row.book, times["plan"], str(row.orders), str(row.examined), str(row.undecided),
                            times["explain"], times["quote"], times["afresh"], f"{row.ratio:.0f}")))
    text = "\n".join(lines) + "\n"
    (folder / "explaining.md").write_text(text, encoding="utf-8")
    return text


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
