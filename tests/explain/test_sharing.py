"""The orders of a large book examined by two processes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from types import SimpleNamespace

import pytest

from model.explain import examine, sharing
from model.explain.examine import examined, explained
from model.explain.explanation import Explanation
from model.explain.sharing import Helper, Share, shared_out
from model.planning import Result
from tests.constraints.orders import LUMPY
from tests.oracle.random_books import Shape, random_book
from tests.support import plan

SOON, EVER = 60.0, 600.0


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every book counts as large, and there are two cores."""
    monkeypatch.setattr(sharing, "SMALL_MODEL", 0)
    monkeypatch.setattr(sharing.os, "cpu_count", lambda: 2)


def told(result: Result, names: Sequence[str], seconds: float,
         stopped: Callable[[], bool]) -> dict[str, Explanation]:
    return {name: Explanation(name, price=seconds, is_examined=True) for name in names}


def dies(result: Result, names: Sequence[str], seconds: float,
         stopped: Callable[[], bool]) -> dict[str, Explanation]:
    raise SystemExit(1)


def waits(result: Result, names: Sequence[str], seconds: float,
          stopped: Callable[[], bool]) -> dict[str, Explanation]:
    until = time.monotonic() + 60
    while time.monotonic() < until and not stopped():
        time.sleep(0.01)
    return {}


def test_each_process_gets_half_of_every_size(two_cores: None) -> None:
    """Proves: orders are dealt out by value, one here and one there: in foreign money each at its own number, or
    in the order of the table, one process could get all the large ones."""
    result = plan(random_book(1, Shape(lines=2, products=2, orders=7, buckets=3)))
    frames = result.tables.frames
    rates = dict(zip(frames["currencies"]["currency"], frames["currencies"]["rate"], strict=True))
    worth = {row.order: row.quantity * row.unit_price * rates.get(row.currency, 1.0)
             for row in frames["orders"].itertuples()}
    here, there = shared_out(result, list(worth), SOON)
    ranked = sorted(worth, key=lambda name: (-worth[name], name))
    assert len(ranked) == 7 and [here, there] == [ranked[::2], ranked[1::2]]
    assert shared_out(result, ranked, 1.0)[1] == [] == shared_out(result, ranked[:3], SOON)[1]


def test_a_small_book_stays_here() -> None:
    """Proves: no process is started for what takes less than its start."""
    assert shared_out(plan(LUMPY), ["A", "B", "C"], SOON) == (["A", "B", "C"], [])


def test_two_processes_find_what_one_finds(two_cores: None) -> None:
    """Proves: where all is proven, an order's reason, price and curve do not depend on who examined it, none is lost
    and none is examined twice: without the other's answer every second order would be unexamined."""
    result = plan(random_book(8, Shape(lines=1, products=2, orders=5, buckets=2)))
    names = result.tables.frames["orders"]["order"].tolist()
    assert shared_out(result, names, SOON)[1]
    assert explained(result, EVER).explanations == examined(result, names, EVER)


def test_what_another_process_finds_is_handed_over() -> None:
    """Proves: its answer arrives, with the time it had: what is asked of it less its start."""
    found = Helper(Share(told, plan(LUMPY), ["A"], SOON)).explanations(time.monotonic() + SOON, None)
    assert found["A"].is_examined and found["A"].price == SOON - sharing.START_SECONDS


def test_a_process_that_dies_leaves_its_orders_unexamined() -> None:
    """Proves: nobody waits for it, and nothing is told of them."""
    began = time.monotonic()
    assert Helper(Share(dies, plan(LUMPY), ["A"], SOON)).explanations(began + SOON, None) == {}
    assert time.monotonic() - began < SOON / 2


def test_a_process_is_stopped_and_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: Ctrl-C reaches it, and one that hears nothing is ended a little after its time."""
    monkeypatch.setattr(sharing, "GRACE_SECONDS", 2.0)
    began = time.monotonic()
    assert Helper(Share(waits, plan(LUMPY), ["A"], SOON)).explanations(began + SOON, lambda: True) == {}
    assert Helper(Share(waits, plan(LUMPY), ["A"], SOON)).explanations(time.monotonic(), None) == {}
    assert time.monotonic() - began < SOON / 2


def test_no_process_is_left_behind_where_this_one_fails(two_cores: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: where the examination here ends with an error, or by Ctrl-C, the other process is ended, too: else it
    would go on for as long as the budget says."""
    result, ended = plan(random_book(8, Shape(lines=1, products=2, orders=5, buckets=2))), []
    monkeypatch.setattr(examine, "Helper", lambda share: SimpleNamespace(end=lambda: ended.append(share)))

    def fails(*_: object) -> dict[str, Explanation]:
        raise MemoryError

    monkeypatch.setattr(examine, "examined", fails)
    with pytest.raises(MemoryError):
        explained(result, SOON)
    assert len(ended) == 1
