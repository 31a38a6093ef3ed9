"""Books that are planned or loaded for a question besides the published one."""

from __future__ import annotations

from model.explain.ground import ground_of
from model.explain.left_out import ground_with
from model.explain.load import rebuilt, under_promises, unplanned
from model.explain.unpromised import unpromised
from model.planning import Options
from tests.constraints.book import book, order
from tests.support import plan

SECONDS = 60.0


def never() -> bool:
    """Asked, and never stops."""
    return False


def test_every_further_book_is_searched_as_the_published_one() -> None:
    """Proves: what is planned or loaded for approvals, free capacity, relaxations, left-out orders and the price of a
    firm order hears the same stop and takes the run's seed. If one did not, Ctrl-C would wait until it is searched."""
    result = plan(book(orders=[order("F", commitment="firm"), order("D", decision="decline")]),
                  Options(rule_of_thumb=False, seed=3))
    ground = ground_of(result, never)
    assert ground is not None
    apart = unpromised(ground, ground.orders["F"], SECONDS)
    further = {"approvals": rebuilt(result.tables, ground, SECONDS), "free capacity": unplanned(result.tables, ground),
               "relaxations": under_promises(ground, result.instance),
               "left out": ground_with(result, ground, ["D"]), "unpromised": apart[0] if apart else None}
    for name, other in further.items():
        assert other is not None, name
        assert (other.standing.seed, other.standing.stopped) == (3, never), name
