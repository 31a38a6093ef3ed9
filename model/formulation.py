"""The whole mathematics as text, from the docstrings of the constraints, money terms and variables themselves."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from model.constraints import CONSTRAINTS, TIGHTENING, capacity, lot_sizing, orders, policy, stock
from model.objective import TERMS
from model.plan_tables import MISS_RANKS
from model.variables import VARIABLES

CONVENTIONS = """\
A time bucket ends on its last calendar day. What is made in bucket t is available at its end, or with a lead time at
the end of the first bucket that ends at least lead_time_days later, and can ship or feed the next stage in that same
bucket. A shipment leaves on its bucket's last day and arrives transit_days later. Every range of dates includes both
ends; a blank end is open. A dated routing or supply row applies, whole, to the buckets whose first day lies in it.
Hours are the table's hours times the day-weighted product of the calendar rows that cover each day, and times the
share of the bucket's days on which the line, or the expansion option chosen for it, exists. Production, purchases and
transfers that would be there only after the horizon are not started.

Symbols: o order, i and j items, l line, g setup group, r shared resource, s site, m mode of transport, t and u
buckets, f supply row, e expansion option, k source, p pool. Quantities in each item's own unit, hours in h, money in
base currency. Index sets are sparse: a variable exists only where the tables allow it."""

MEANINGS = """\
Opening stock, goods on the way and purchases form one source ("bought"). A single-line order takes everything from one
  line, whichever of its eligible items that line makes, or everything from that source. Approvals restrict lines only.
An order that the planner accepts is planned as firm, however unlikely it is; any other below tender_threshold is left
  out, a firm one too.
An order's discharge rate and backup time bind its own item as well as substitutes.
Of substitute rows, one that names the customer is more specific than one that names only the market.
Purchases can arrive in the buckets that end at least lead_time_days after the start; they are ordered that many days
  before the bucket's end. Take or pay is due in every bucket the row covers, whether or not anything can arrive in it.
Duty follows the day of arrival. Weeks late are started weeks after due date plus grace.
A line, or an expansion option, that is closed on every day of a bucket makes nothing in it. One that is open and
  has 0 hours makes what takes none. An option dated before the plan or before its line's own start has hours from
  there on; its cost is paid in full all the same.
Where a shared resource stands is shown and binds nothing: lines of every site may use it.
The frozen plan binds the production of line, item and bucket, summed over orders; where it says nothing, nothing is
  made. Without a published plan nothing is frozen. What it asks of a closed line, of a line without a routing, or
  so late that it would be there only after the horizon, is missed.
A contract minimum whose whole period lies outside the horizon binds nothing; one that reaches into the horizon counts
  in full against what leaves inside it. A period without the last day of any bucket counts no shipment.
Goods on the way that fit into no store, whatever is made and shipped, contradict the data: the input is refused.
Units made for a pinned order are shipped to it. A pin dated outside the horizon binds nothing.
A pin's miss is the difference for `fixed`, the shortfall for `min`, the excess for `max`.
A firm order without a price is missed only after all others: its units are minimised after their value.
Overtime is what a line works beyond its regular hours; setups may use it."""


def formulation_text() -> str:
    """Conventions, variables, objective, constraints, tightening rows and the order of promises."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield from _titled("CONVENTIONS")
    yield CONVENTIONS
    yield from _titled("DECISIONS")
    for decision in VARIABLES:
        unit = f" [{decision.unit}]" if decision.unit else ""
        yield f"{decision.name}[{decision.over}]  {decision.domain}{unit}"
        yield f"    {decision.meaning}."
    yield from _titled("OBJECTIVE: maximise the contribution margin, the sum of")
    for term in TERMS:
        yield from _stated(term, term.__name__)
    for title, module in (("ORDERS", orders), ("CAPACITY", capacity), ("LOT SIZING", lot_sizing), ("STOCK", stock),
                          ("POLICY", policy)):
        yield from _titled(f"CONSTRAINTS: {title}")
        for law in (each for each in CONSTRAINTS if inspect.getmodule(each.rule) is module):
            yield from _stated(law.rule, f"{law.name}   for every member of {law.over}")
    yield from _titled("ROWS THAT ONLY TIGHTEN THE RELAXATION")
    for law in TIGHTENING:
        yield from _stated(law.rule, f"{law.name}   for every member of {law.over}")
    yield from _titled("PROMISES")
    yield "First the best plan with every miss at zero. Where there is none, these are minimised one after the other,"
    yield "each held at its minimum in all that follows, and then the margin is maximised:"
    for rank, kinds in enumerate(MISS_RANKS, start=1):
        members = ", ".join(decision.name for decision in VARIABLES if decision.miss in kinds)
        measure = "quantity missing x unit_price in base currency" if kinds == ("firm_order",) else "units"
        yield f"  {rank}. {' and '.join(kinds)}: the sum of {members} [{measure}]"
    yield from _titled("CHOICES OF MEANING")
    yield MEANINGS


def _titled(title: str) -> Iterator[str]:
    yield ""
    yield title
    yield "=" * len(title)
    yield ""


def _stated(rule: Callable[..., Any], heading: str) -> Iterator[str]:
    yield heading
    for line in inspect.getdoc(rule).splitlines():  # type: ignore[union-attr]
        yield f"    {line}".rstrip()
    yield ""
