"""Helper processes: residents stay where they were founded, tell on the way, and are missed when their helper dies."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

import pytest

from model.solve.child import Child
from model.solve.crew import Crew
from model.solve.highs import SolverFailed
from model.solve.residents import Call, Founding, Tell


class Counter:
    """A resident that counts its calls."""

    def __init__(self, start: int) -> None:
        self.count = start

    def add(self, more: int, stopped: Callable[[], bool], tell: Tell) -> tuple[int, int]:
        """The count so far and the process it is kept in; tells of each step."""
        del stopped
        for _ in range(more):
            self.count += 1
            tell(self.count)
        return self.count, os.getpid()

    def sleep(self, seconds: float, stopped: Callable[[], bool], tell: Tell) -> None:
        """Take long."""
        del stopped, tell
        time.sleep(seconds)

    def die(self, stopped: Callable[[], bool], tell: Tell) -> None:
        """End the process as a crash would."""
        del stopped, tell
        os._exit(1)

    def fail(self, stopped: Callable[[], bool], tell: Tell) -> None:
        """What a search does whose solver refuses something."""
        del stopped, tell
        raise SolverFailed("refused")


def never() -> bool:
    """Nobody stops."""
    return False


@pytest.fixture
def crew():
    """Two helpers, ended after the test."""
    made = Crew(2)
    yield made
    made.end()


def founded(crew: Crew) -> None:
    """Three counters: the heaviest alone, the two others together."""
    crew.found([Founding(name, Counter, (start,)) for name, start in (("a", 0), ("b", 10), ("c", 20))],
               {"a": 5.0, "b": 2.0, "c": 1.0}, never)


def added(crew: Crew, names: str) -> tuple[dict[str, Any], list[tuple[str, int]]]:
    """Answers of the named counters to one more step, and what was told."""
    told: list[tuple[str, int]] = []
    answers = crew.call(list(names), lambda name: Call(name, "add", (1,), 10.0), never,
                        lambda name, content: told.extend((name, each) for each in content))
    return answers, told


def test_residents_remember(crew: Crew) -> None:
    """Proves: the second call goes on from the first, b and c share a process that is not a's. If calls went to any
    helper, a resident would not be there."""
    founded(crew)
    added(crew, "abc")
    answers, told = added(crew, "abc")
    assert {name: count for name, (count, _) in answers.items()} == {"a": 2, "b": 12, "c": 22}
    assert sorted(told) == [("a", 2), ("b", 12), ("c", 22)]
    homes = {name: process for name, (_, process) in answers.items()}
    assert homes["b"] == homes["c"] != homes["a"] and os.getpid() not in homes.values()
    assert sorted(crew.neighbours("b")) == ["b", "c"]


def test_no_process_is_started_in_vain(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: two helpers serve six requests. If each request started a process of its own, six would be started, and
    four would never be ended."""
    started: list[Child] = []

    def start() -> Child:
        started.append(Child())
        return started[-1]

    monkeypatch.setattr("model.solve.crew.Child", start)
    founded(crew)
    added(crew, "abc")
    assert len(started) == 2


def test_a_dead_helper_is_missed_and_the_other_answers(crew: Crew) -> None:
    """Proves: b dies and takes c with it, which is not waited for; a answers."""
    founded(crew)
    assert crew.call(["b"], lambda name: Call(name, "die", (), 10.0), never, lambda name, content: None) == {}
    answers, _ = added(crew, "abc")
    assert {name: count for name, (count, _) in answers.items()} == {"a": 1}


@pytest.mark.parametrize("count", [1, 2])
def test_the_end_of_each_is_heard(crew: Crew, count: int) -> None:
    """Proves: who answers and who dies is heard of once more, with nothing. If a dead one were not, whoever goes by
    what the residents tell would wait for it."""
    crew.count = count
    founded(crew)
    ended: list[str] = []
    crew.call(["a", "b"], lambda name: Call(name, *(("die", ()) if (name, count) == ("b", 2) else ("add", (1,))), 10.0),
              never, lambda name, content: ended.append(name) if not content else None)
    assert sorted(ended) == ["a", "b"]


def test_enough_is_not_waited_for(crew: Crew) -> None:
    """Proves: once what was told is enough the call returns, though the other takes twenty seconds."""
    founded(crew)
    told: list[str] = []
    began = time.monotonic()
    answers = crew.call(["a", "b"], lambda name: Call(name, *(("add", (1,)) if name == "a" else ("sleep", (20.0,))),
                                                      30.0), never, lambda name, content: told.append(name),
                        lambda: "a" in told)
    assert "b" not in answers and time.monotonic() - began < 10


def test_whether_it_is_enough_is_asked_after_the_last_has_ended(crew: Crew) -> None:
    """Proves: what only the end of the last shows is seen. If it were not, what is taken of searches side by side
    would depend on whether the last one told something just before."""
    founded(crew)
    ended: list[str] = []
    seen: list[int] = []

    def enough() -> bool:
        seen.append(len(ended))
        return False

    crew.call(["a", "b"], lambda name: Call(name, "add", (1,), 10.0), never,
              lambda name, content: ended.append(name) if not content else None, enough)
    assert seen[-1] == 2


def test_nothing_begins_once_stopped(crew: Crew) -> None:
    """Proves: who presses Ctrl-C before a call is not kept waiting for it."""
    founded(crew)
    answers = crew.call(["a"], lambda name: Call(name, "add", (1,), 10.0), lambda: True, lambda name, content: None)
    assert answers == {}


@pytest.mark.parametrize("count", [1, 2])
def test_what_the_solver_fails_at_has_no_answer(crew: Crew, count: int) -> None:
    """Proves: with one core as with two, a failure in a component leaves the search without its answer, not the whole
    job without a plan."""
    crew.count = count
    crew.found([Founding("a", Counter, (0,)), Founding("b", Counter, (10,))], {"a": 1.0, "b": 1.0}, never)
    answers = crew.call(["a", "b"], lambda name: Call(name, "fail" if name == "a" else "add", (1,)[:name == "b"], 10.0),
                        never, lambda name, content: None)
    assert answers["a"] is None and answers["b"][0] == 11
