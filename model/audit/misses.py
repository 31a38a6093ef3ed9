"""The table of misses held against what is really missed: named completely, rightly and at the right value."""

from __future__ import annotations

import numpy as np

from model.audit.facts import Facts
from model.audit.promises import PROMISES
from model.audit.tally import Tally

KEYS = ("name", "bucket")


def hold_misses(facts: Facts, tally: Tally, kind: str) -> None:
    """Every promise of the kind is kept but for what the plan names as missed, and what is named is really missed."""
    promises = facts.once(kind, PROMISES[kind])
    rows = facts.book.rows("misses")
    rows = rows[rows["kind"] == kind]
    # Promises without a bucket have NaT there, which groupby would drop and merge does match.
    named = rows.groupby(list(KEYS), dropna=False)["missed"].sum().rename("named").reset_index()
    beside = promises.merge(named, on=list(KEYS), how="left")
    tally.equals("misses", beside.assign(kind=kind), "missed", beside["named"].fillna(0.0), beside["missed"],
                 beside["slack"])


def misses(facts: Facts, tally: Tally) -> None:
    """Each miss stands once, is of a kind there is, belongs to a promise, and has its unit and value."""
    rows = facts.book.rows("misses")
    tally.holds("misses", rows, "kind", rows["kind"].isin(list(PROMISES)))
    tally.holds("misses", rows, "name", ~rows.duplicated(["kind", *KEYS], keep=False))
    tally.holds("misses", rows, "missed", rows["missed"] > 0)
    price = facts.selling.orders.set_index("order")["base_price"]
    for kind, promise in PROMISES.items():
        some = rows[rows["kind"] == kind]
        wanted = facts.once(kind, promise).drop(columns="missed")
        beside = some.merge(wanted, on=list(KEYS), how="left", suffixes=("", "_wanted"))
        # Where two promises share a name, the merge repeats the miss.
        beside = beside[~beside.duplicated(["kind", *KEYS])]
        tally.holds("misses", beside, "name", beside["slack"].notna())
        tally.same("misses", beside, "unit", beside["unit_wanted"])
        slack = facts.book.rounding("money") + beside["slack"] * beside["name"].map(price).fillna(0.0)
        tally.same("misses", beside, "value", beside["value_wanted"], np.nan_to_num(slack))


LAWS = (misses,)
