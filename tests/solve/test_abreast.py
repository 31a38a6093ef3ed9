"""Searches side by side: what is taken of them depends on how far each has got, never on when it was heard."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from model.solve.abreast import Abreast, Reached, Standing

Course = list[Reached]


def reached(checks: float, objective: float, bound: float) -> Reached:
    """A step with a plan that can be told by its cost."""
    return Reached(checks, np.array([objective]), objective, bound)


def begun(*names: str) -> Abreast:
    """Searches that begin with a plan of cost 0 and a bound of -10 each."""
    return Abreast({name: Standing(np.array([0.0]), 0.0, -10.0) for name in names}, list(names))


def told(abreast: Abreast, room: float) -> dict[str, tuple[float, float]] | None:
    """Cost and bound of each search in what is first within the room."""
    found = abreast.first_within(room)
    return None if found is None else {name: (each.objective, each.bound) for name, each in found.items()}


def test_one_takes_what_the_other_leaves_of_the_room() -> None:
    """a is 1 from its bound after 5 checks and b 4 after 3: together within 5 after five, though b alone has used
    more than its half. What a has after 9 checks is heard before b is there, and is not taken."""
    abreast = begun("a", "b")
    abreast.hear("a", reached(5, -2, -3))
    abreast.hear("a", reached(9, -3, -3))
    abreast.hear("b", reached(3, -4, -8))
    assert told(abreast, 5.0) is None, "b may have more to say of its fifth check"
    abreast.hear("b", Reached(5, None, -4, -8))
    assert told(abreast, 5.0) == {"a": (-2, -3), "b": (-4, -8)}


def test_who_has_ended_is_not_waited_for() -> None:
    """a ends after 2 checks with its bound reached: b needs 10 checks to be within 5, and a says no more."""
    abreast = begun("a", "b")
    abreast.hear("a", reached(2, -3, -3))
    abreast.hear("b", reached(10, -5, -10))
    assert told(abreast, 5.0) is None
    abreast.end("a")
    assert told(abreast, 5.0) == {"a": (-3, -3), "b": (-5, -10)}


def test_the_latest_is_what_was_heard_last() -> None:
    """A search that tells a bound alone keeps its plan."""
    abreast = begun("a", "b")
    abreast.hear("a", reached(1, -2, -9))
    abreast.hear("a", Reached(2, None, -2, -8))
    latest = abreast.latest()
    assert latest["a"].values is not None and latest["a"].values.tolist() == [-2.0]
    assert (latest["a"].bound, latest["b"].bound) == (-8.0, -10.0)


def test_who_is_not_searched_stands_as_it_is() -> None:
    """c is close enough and is not asked: the others are not held up by it, and what it leaves open counts."""
    abreast = Abreast({name: Standing(np.array([0.0]), 0.0, -2.0) for name in "ac"}, ["a"])
    abreast.hear("a", reached(1, -1.0, -2.0))
    assert told(abreast, 2.9) is None
    assert told(abreast, 3.0) == {"a": (-1.0, -2.0), "c": (0.0, -2.0)}


@st.composite
def courses(draw: st.DrawFn) -> dict[str, Course]:
    """Of each search, plans and bounds that only get better as the checks go on."""
    found = {}
    for name in "abc":
        steps = draw(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 2), st.integers(0, 2)), max_size=6))
        checks, objective, bound, course = 0, 0, -10, []
        for more, better, closer in steps:
            checks += more
            objective = max(objective - better, bound)
            bound = min(bound + closer, objective)
            course.append(reached(checks, objective, bound))
        found[name] = course
    return found


@given(courses(), st.integers(0, 30), st.randoms(use_true_random=False), st.randoms(use_true_random=False))
def test_the_order_in_which_searches_are_heard_decides_nothing(found: dict[str, Course], room: int, first: object,
                                                               second: object) -> None:
    """Proves: each of two ways to hear the same searches ends with the same standings. If the first that is heard to
    be within the room were taken, they would differ with the load of the machine."""
    assert _ended(found, room, first) == _ended(found, room, second)


def _ended(found: dict[str, Course], room: int, random: object) -> dict[str, tuple[float, float]] | None:
    """What is taken where the messages of the searches are mixed at random, each search's own in their order."""
    waiting = {name: [*course, None] for name, course in found.items()}
    abreast = begun(*waiting)
    while waiting:
        name = random.choice(sorted(waiting))  # type: ignore[attr-defined]
        message = waiting[name].pop(0)
        if message is None:
            abreast.end(name)
            del waiting[name]
        else:
            abreast.hear(name, message)
        taken = told(abreast, room)
        if taken is not None:
            return taken
    return None
