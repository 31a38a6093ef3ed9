"""Why not: an order put into the plan in full, every promise kept, and what that costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from model.explain.asking import Budget, base_margin, best, load_book, plan_of, proven
from model.explain.edits import Edit, edited
from model.explain.ground import Ground
from model.explain.known import Known
from model.explain.what_if_menu import MOST_NAMED, WhatIfError
from model.plan.decided import typical_quantity
from model.plan.orders import full_quantity
from model.planning import Options, Result
from model.solve.change import Change


@dataclass(frozen=True)
class WhyNot:
    """``cost``: what the best plan earns less with the order in full [base money].

    Never below zero for a planned order; one that was left out may earn more, and its cost is then negative.
    ``status``: in_full (the plan delivers it already), forced, impossible (proven) or open (no plan found in the time).
    ``after``: the plan found with it, audited; None where there is none.
    """

    order: str
    status: str
    cost: Known | None
    after: Result | None


def ask_why_not(result: Result, ground: Ground, order: str, seconds: float, language: str = "en",
                stopped: Callable[[], bool] | None = None) -> WhyNot:
    """What it costs to deliver an order in full, within ``seconds`` of re-solves.

    An order that is left out (declined by decision, or an unlikely tender) is asked about as if it were planned: its
    book is planned first, for which there is as long as for the plan itself.
    WhatIfError where the book has no such order, or the tables are refused with it in the plan.
    """
    orders = result.tables.frames["orders"]
    if order not in set(orders["order"]):
        known = orders["order"].tolist()
        names = ", ".join(known[:MOST_NAMED]) + (", ..." if len(known) > MOST_NAMED else "")
        raise WhatIfError("unknown", subject="order", name=order, names=names or "-")
    was_planned = order in ground.orders
    if not was_planned:
        result, ground = _opened(result, order, seconds, stopped)
    wanted = ground.orders[order]
    full = float(full_quantity(wanted.quantity, typical_quantity(ground.instance)))
    # An order that was left out is closed in its book, however little it asks for.
    if was_planned and ground.standing.values[wanted.delivered] >= full:
        return WhyNot(order, "in_full", Known(0.0, 0.0), None)
    # A third for the best plan where it is not proven, the rest for the one with the order.
    budget = Budget(seconds, 3, seconds)
    base, start = base_margin(ground.standing, budget.share())
    # The upper limit opens an order that was left out, and closed when its book was loaded.
    change = ground.in_full(wanted).also(Change(upper={wanted.delivered: wanted.quantity}))
    answer = best(ground.standing, change, seconds=budget.share(2), start=start)
    if answer.is_impossible:
        # To the last digit it cannot be; the plan calls it in full from a little less on.
        change = change.also(Change(lower={wanted.delivered: full}))
        answer = best(ground.standing, change, seconds=budget.share(), start=start)
    if answer.is_impossible:
        return WhyNot(order, "impossible", None, None)
    cost = base.less(proven(answer))
    if was_planned:
        # The best plan could have taken it: what is below zero is a rounding.
        cost = Known(max(0.0, cost.low), max(0.0, cost.high))
    if answer.values is None:
        return WhyNot(order, "open", cost, None)
    plan, audit = plan_of(ground, answer.values, answer.margin, answer.bound, language)
    outcome = replace(result.outcome, margin=answer.margin, bound=answer.bound,
                      status="optimal" if answer.is_proven else "limit")
    return WhyNot(order, "forced", cost, replace(result, tables=ground.instance.tables, instance=ground.instance,
                                                 outcome=outcome, plan=plan, audit=audit))


def _opened(result: Result, order: str, seconds: float, stopped: Callable[[], bool] | None) -> tuple[Result, Ground]:
    """The book with an order that was left out among the planned ones, closed until it is asked about."""
    # Both, as either leaves it out; ``remove`` with a column empties the cell.
    changes = [Edit("orders", (order,), "decision", "remove"), Edit("orders", (order,), "win_probability", "set", 1),
               # Else a firm order would be a promise, which the book that closes it must miss.
               Edit("orders", (order,), "commitment", "set", "optional")]
    checked = edited(result.tables, changes, f"--why-not {order}")
    if checked.tables is None:
        raise WhatIfError("refused", checked.findings, name=order)
    options = Options(gap=result.options["gap"], time_limit=max(seconds, result.options["time_limit"]),
                      seed=int(result.options["seed"]), threads=int(result.options["threads"]))
    ground, outcome = load_book(checked.tables, options, [order], stopped)
    return replace(result, outcome=outcome), ground
