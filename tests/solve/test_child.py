"""The solver in a process of its own: it answers the same, and whatever ends it a plan or a clear status remains."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import Any

import numpy as np
import pytest

from model.build import build_model
from model.instance import build_instance
from model.planning import Options, plan_order_book
from model.solve import child as child_module
from model.solve.child import Child, _family, _Told
from model.solve.compiled import compile_model
from model.solve.problem import Problem, SearchOptions
from model.solve.residents import Founding
from model.solve.strategy import Listener, Search
from tests import support


def hard_book(jobs: int = 60) -> support.Records:
    """All-or-nothing orders of prime sizes on a few lines: hours of search, a plan in no time."""
    sizes = [101 + 17 * number % 89 for number in range(jobs)]
    return {
        "settings": support.settings(3, gap=0.0, time_limit=60),
        "items": [{"item": "A"}],
        "lines": [{"line": f"L{number}", "regular_hours": 401 + 7 * number} for number in range(4)],
        "routings": [{"line": f"L{number}", "item": "A", "hours_per_unit": 1} for number in range(4)],
        "orders": [{"order": f"O{number}", "item": "A", "quantity": size, "unit_price": 10 + number % 7, "min_fill": 1,
                    "single_line": True, "due_date": "2025-01-26"} for number, size in enumerate(sizes)]}


def problem_of(records: support.Records) -> Problem:
    """What a search of the case needs."""
    matrix = compile_model(build_model(build_instance(support.tables_of(records))))
    return Problem(matrix, 100.0, {order["order"]: order["unit_price"] for order in records["orders"]})


@pytest.fixture
def easy() -> support.Records:
    """40 h make 20 units at 30."""
    return {"settings": support.settings(), "items": [{"item": "A"}], "lines": [{"line": "L", "regular_hours": 40}],
            "routings": [{"line": "L", "item": "A", "hours_per_unit": 2}],
            "orders": [{"order": "O", "item": "A", "quantity": 30, "unit_price": 30, "due_date": "2025-01-12"}]}


def test_the_child_answers_as_the_search_here(easy: support.Records) -> None:
    """20 units at 30, found in another process."""
    tables = support.tables_of(easy)
    here, apart = plan_order_book(tables), plan_order_book(tables, Options(apart=True))
    assert apart.outcome.margin == pytest.approx(600)
    assert apart.outcome == here.outcome and apart.plan is not None and here.plan is not None
    assert all(apart.plan.frames[name].equals(frame) for name, frame in here.plan.frames.items())


def test_the_rule_of_thumb_is_planned_while_the_child_searches(easy: support.Records,
                                                               monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: the same plan as made afterwards, and what fails beside the search is told, not lost or waited for."""
    tables = support.tables_of(easy)
    here, apart = plan_order_book(tables), plan_order_book(tables, Options(apart=True))
    assert here.rule_of_thumb is not None and apart.rule_of_thumb is not None
    assert all(apart.rule_of_thumb.frames[name].equals(frame) for name, frame in here.rule_of_thumb.frames.items())

    def fail(*_: object) -> None:
        raise RuntimeError("no plan by rule")

    monkeypatch.setattr("model.planning.dispatch", fail)
    with pytest.raises(RuntimeError, match="no plan by rule"):
        plan_order_book(tables, Options(apart=True))


def test_the_start_of_a_large_book_comes_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: a child that asks for the start waits until it is told, whatever became of it, and answers as if it had
    been there from the first. If it were not told, the child would wait until it is ended."""
    records = {**hard_book(12), "settings": support.settings(3, gap=0.0, time_limit=30)}
    tables = support.tables_of(records)
    here = plan_order_book(tables)
    seen: list[Problem] = []
    search = Child.search

    def watched(child: Child, problem: Problem, *others: Any) -> Any:
        seen.append(problem)
        return search(child, problem, *others)

    monkeypatch.setattr(Child, "search", watched)
    monkeypatch.setattr("model.solve.size.LARGE_INTEGERS", 1)  # here alone: the child asks for the start at once
    apart = plan_order_book(tables, Options(apart=True))
    assert seen[0].start is None and apart.outcome == here.outcome and not apart.outcome.notes
    assert apart.values is not None and here.values is not None and (apart.values == here.values).all()

    def fail(*_: object) -> None:
        raise RuntimeError("no plan by rule")

    began = time.monotonic()
    monkeypatch.setattr("model.planning.dispatch", fail)
    with pytest.raises(RuntimeError, match="no plan by rule"):
        plan_order_book(tables, Options(apart=True))
    assert time.monotonic() - began < 25


class Killer:
    """Kills the child when asked whether to stop, ``after`` so many questions."""

    def __init__(self, child: Child, after: int) -> None:
        self.child, self.left = child, after

    def __call__(self) -> bool:
        self.left -= 1
        if self.left == 0:
            self.child._process.kill()
        return False


@pytest.mark.parametrize("after", [1, 20, 60])
def test_a_killed_child_leaves_its_best_plan_or_none(after: int) -> None:
    """Whenever it is killed, the answer is a plan with a bound above it, or a failure without plan; never an error."""
    child = Child()
    found = child.search(problem_of(hard_book()), SearchOptions(0.0, 60.0), None, Killer(child, after))
    assert found.outcome.notes == ("solver_died",)
    if found.values is None:
        assert found.outcome.status == "failed" and found.outcome.margin is None
    else:
        bound = found.outcome.bound
        assert found.outcome.status == "limit" and (bound is None or bound >= found.outcome.margin)


def test_a_killed_search_still_ends_with_an_audited_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the child told of, or the rule of thumb's plan, is published, signed and above no bound."""
    class Dying(Child):
        def search(self, *arguments: Any) -> Any:
            self._process.kill()
            return super().search(*arguments)

    monkeypatch.setattr("model.planning.Child", Dying)
    result = plan_order_book(support.tables_of(hard_book()), Options(apart=True))
    assert result.plan is not None and result.audit is not None and result.audit.passed
    assert result.outcome.status == "limit" and "rule_of_thumb_published" in result.outcome.notes
    assert 0 < result.outcome.margin == result.plan.margin < result.outcome.bound


def test_the_time_limit_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that does not stop by itself is ended: here it is told to search for an hour, and allowed a second."""
    monkeypatch.setattr(child_module, "OVERRUN", 1.0 / 3600)
    child = Child()
    problem = problem_of(hard_book())
    started = time.monotonic()
    found = child.search(problem, SearchOptions(0.0, 3600.0), None, lambda: False)
    assert time.monotonic() - started < 15
    assert found.outcome.notes == ("solver_overran",)
    assert found.outcome.status in ("limit", "no_plan")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only here the system tells the memory of a process")
def test_the_memory_limit_is_held() -> None:
    """A child that holds more than 1 MiB, as any does, is ended."""
    child = Child(memory_limit=1 / 1024)
    found = child.search(problem_of(hard_book()), SearchOptions(0.0, 60.0), None, lambda: False)
    assert found.outcome.notes == ("solver_memory",)


def test_a_stopped_search_keeps_its_plan() -> None:
    """Stopped as soon as there is a plan, the search answers by itself with what it has."""
    seen: list[float] = []
    child = Child()
    found = child.search(problem_of(hard_book()), SearchOptions(0.0, 60.0),
                         lambda seconds, margin, bound: seen.append(margin),
                         lambda: any(np.isfinite(margin) and margin > 0 for margin in seen))
    assert found.outcome.status == "interrupted" and found.values is not None
    assert 0 < found.outcome.margin <= found.outcome.bound


def test_the_child_goes_when_its_parent_goes() -> None:
    """A child whose input ends, as when the parent is killed, ends by itself in the midst of a search."""
    child = Child()
    child.ask((problem_of(hard_book()), SearchOptions(0.0, 60.0)))
    time.sleep(3)
    assert child._process.poll() is None
    child._process.stdin.close()
    child._process.wait(timeout=10)
    child.end()


def test_a_start_is_used() -> None:
    """With no time to search, the plan offered as start comes back: its 600 instead of nothing."""
    book = hard_book()
    result = plan_order_book(support.tables_of(book), Options(time_limit=0.01))
    assert result.plan is not None and result.rule_of_thumb is not None
    assert result.outcome.margin >= result.rule_of_thumb.margin > 0


@pytest.mark.skipif(sys.platform == "win32", reason="process groups of POSIX")
def test_an_interrupt_of_the_group_does_not_reach_the_child() -> None:
    """The child is a group of its own, so that the interrupt key only reaches the parent, which stops it in order."""
    child = Child()
    assert os.getpgid(child._process.pid) != os.getpgid(0)
    child.end()


def test_a_stop_waits_for_the_request_before_it() -> None:
    """Proves: a stop said while 32 MB are on their way does not get into them; the request is answered. If both were
    written at once, the process would read neither, and die."""
    child = Child()
    child.ask(Founding("large", len, ([np.zeros(20_000) for _ in range(200)],)))
    child.ask("stop")
    answer = None
    ends = time.monotonic() + 60
    while answer is None and time.monotonic() < ends:
        answer = child.answer()
        time.sleep(0.01)
    child.end()
    assert answer is not None and answer[0] == "answer"


class Unreadable:
    """Sent in such a way that it cannot be read."""

    def __reduce__(self) -> tuple[Any, ...]:
        return int, ("no number",)


def test_a_request_that_cannot_be_read_ends_the_process() -> None:
    """Proves: nobody waits for a process that no longer hears. If only its listening thread ended: alive for ever."""
    child = Child()
    child.ask(Unreadable())
    child._process.wait(timeout=60)
    child.end()


def one_promise_too_many() -> support.Records:
    """Three firm orders of 15, 14 and 13, all or nothing, for two lines of 12 and 11 h; and one of 9 that is open."""
    firm = [{"order": f"F{size}", "item": "A", "quantity": size, "unit_price": 30, "commitment": "firm", "min_fill": 1,
             "single_line": True, "due_date": "2025-01-19"} for size in (15, 14, 13)]
    return {"settings": support.settings(2), "items": [{"item": "A"}],
            "lines": [{"line": "L", "regular_hours": 12}, {"line": "K", "regular_hours": 11}],
            "routings": [{"line": line, "item": "A", "hours_per_unit": 1, "setup_hours": 1} for line in "LK"],
            "orders": [*firm, {"order": "O", "item": "A", "quantity": 9, "unit_price": 50, "min_fill": 1,
                               "due_date": "2025-01-19"}]}


def test_no_plan_that_misses_promises_is_told_as_one_that_keeps_them() -> None:
    """Proves: whenever a search is ended, what is published says that promises are missed where they are. By hand 15
    and 14 take both lines whole: 13 are missed at least. If the first search for misses told nothing of it: a plan
    that misses 42 with every promise kept."""
    problem = problem_of(one_promise_too_many())
    told, seen = _Told(None, 1e-4), []

    class Telling(Listener):
        def stage(self, missed: bool, proven: bool) -> None:
            told.hear(("stage", missed, proven))

        def progress(self, seconds: float, margin: float, bound: float) -> None:
            told.hear(("progress", seconds, margin, bound))

        def incumbent(self, values: np.ndarray, margin: float) -> None:
            told.hear(("incumbent", values, margin))
            ended = told.found("solver_died").outcome
            seen.append((float(values[problem.matrix.family["missed_firm"]].sum()), ended))

    Search(problem, SearchOptions(0.0, 30.0), Telling()).run()
    assert seen and min(missed for missed, _ in seen) == pytest.approx(13)
    assert all(ended.promises_missed for missed, ended in seen if missed > 1e-6)
    assert all(ended.status == "promises_missed" for _, ended in seen if ended.promises_proven)
    assert seen[-1][1].promises_proven and not seen[0][1].promises_proven


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only here the system tells the memory of a process")
def test_helpers_count_as_part_of_the_process() -> None:
    """Proves: what a process started is of its family. If only the process itself counted, helpers could hold any
    amount of memory beside the limit."""
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE)
    ends = time.monotonic() + 30
    while len(_family(process.pid)) < 2 and time.monotonic() < ends:
        time.sleep(0.05)
    assert len(_family(process.pid)) == 2
    assert process.stdin is not None
    process.stdin.close()
    process.wait(timeout=30)
    assert _family(process.pid) == [process.pid]
