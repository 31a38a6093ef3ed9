"""When orders are examined: what has time and what is not begun."""

from __future__ import annotations

from unittest.mock import patch

from model.explain.examine import Examiner
from model.explain.reasons import Reasons
from model.solve.standing import Standing
from tests.constraints.book import book, line, order, routing
from tests.explain.grounds import grounded

SECONDS = 100.0


def test_an_order_begun_has_time() -> None:
    """Proves: in a large book the time for prices ends before that for reasons, and an order whose reason is begun in
    between is asked about. If it had the time for prices only, there would be none left for its relaxation and for a
    plan near the published one, and it would wait for a search that may never come."""
    with (patch("model.explain.ground.SMALL_MODEL", 0), patch("model.explain.examine.QUICK_SHARE", -1.0),
          patch.object(Reasons, "begin", return_value=None) as begin):
        result, ground = grounded(book(lines=[line(hours=20)], orders=[
            order("O", min_fill=1), order("P", unit_price=60, min_fill=1)]))
        Examiner(result, ground, SECONDS).survey(["O"])
    _, _, clock = begin.call_args.args
    assert clock.left > 0


def test_a_book_that_loses_is_proven_like_one_that_earns() -> None:
    """Proves: a margin below zero is no open gap. O is promised and loses 10 x (5 - 8) = -30, proven. If the smallest
    gap that counts were a share of the signed margin, the whole book would be searched again."""
    with patch("model.explain.ground.SMALL_MODEL", 0):
        result, ground = grounded(book(routings=[routing(unit_cost=8)],
                                       orders=[order(unit_price=5, commitment="firm")]))
        examiner = Examiner(result, ground, SECONDS)
        with patch.object(Standing, "ask", wraps=ground.standing.ask) as asked:
            examiner.survey(["O"])
    asked.assert_not_called()
