"""The orders of a large book shared between two processes, so that twice as many are examined in the time."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from model.explain.explanation import Explanation
from model.explain.ground import SMALL_MODEL
from model.planning import Result
from model.solve.child import Child
from model.tables import Tables

FEWEST_SECONDS = 10.0  # of a budget in which a second process is worth its start
FEWEST_ORDERS = 4
LARGEST_MODEL = 500_000  # columns of a book that is held twice
START_SECONDS = 2.0
GRACE_SECONDS = 5.0
Examined = Callable[[Result, Sequence[str], float, Callable[[], bool]], dict[str, Explanation]]


@dataclass(frozen=True)
class Share:
    """Orders to be examined in another process within ``seconds`` of being asked, as ``examined`` does it."""

    examined: Examined
    result: Result
    names: Sequence[str]
    seconds: float

    def answer(self, residents: dict[str, Any], stopped: Callable[[], bool], tell: Callable[..., None]) -> Any:
        """What is found out of them."""
        del residents, tell
        # The start of the process and the way of the book into it have taken their part of the time.
        return self.examined(self.result, self.names, max(0.0, self.seconds - START_SECONDS), stopped)


def base_prices(tables: Tables) -> dict[str, float]:
    """What each order pays for a unit [base money]."""
    orders, currencies = tables.frames["orders"], tables.frames["currencies"]
    rates = dict(zip(currencies["currency"], currencies["rate"], strict=True))
    # The base currency needs no row of its own.
    return {order: float(price) * float(rates.get(currency, 1.0)) for order, price, currency in zip(
        orders["order"], orders["unit_price"], orders["currency"], strict=True)}


def shared_out(result: Result, names: Sequence[str], seconds: float) -> tuple[list[str], list[str]]:
    """The orders for this process and those for another, each with half of every size; none for another where the
    book or the budget is small."""
    assert result.problem is not None
    is_worth_it = seconds >= FEWEST_SECONDS and len(names) >= FEWEST_ORDERS and (os.cpu_count() or 1) > 1
    if not (is_worth_it and SMALL_MODEL < result.problem.matrix.rows.shape[1] <= LARGEST_MODEL):
        return list(names), []
    orders, prices = result.tables.frames["orders"], base_prices(result.tables)
    quantity = dict(zip(orders["order"], orders["quantity"], strict=True))
    ranked = sorted(names, key=lambda name: (-float(quantity[name] * prices[name]), name))
    return ranked[::2], ranked[1::2]


class Helper:
    """Another process that examines a share; what it has not found in time, or dies over, stays unexamined."""

    def __init__(self, share: Share) -> None:
        self._child = Child()
        # All of it is pickled: what the examination does not read stays here.
        self._child.ask(replace(share, result=replace(share.result, audit=None, rule_of_thumb=None)))

    def explanations(self, until: float, stopped: Callable[[], bool] | None) -> dict[str, Explanation]:
        """What it found by ``until`` or, as a search may overrun its time, a little later; then it is ended."""
        found: dict[str, Explanation] = {}
        is_told = False
        while time.monotonic() < until + GRACE_SECONDS:
            message = self._child.answer()
            if message is not None:
                found = message[1] if message[0] == "answer" and message[1] else {}
                break
            if not is_told and stopped is not None and stopped():
                is_told = True
                self._child.ask("stop")
                # Even when stopped it gets the grace to hand over what it has found.
                until = min(until, time.monotonic())
            time.sleep(0.02)
        self.end()
        return found

    def end(self) -> None:
        """End the process, if it is still there."""
        self._child.end()
