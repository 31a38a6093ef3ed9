"""A better bound than the relaxation's: rows that HiGHS adds to it at the root of a search, as long as that pays."""

from __future__ import annotations

import math
from collections.abc import Callable

from model.solve.highs import Highs

# It pays no more where this many checks, one for each round of rows, bring less than this share of all that they have.
PATIENCE, STALLED = 5, 0.1


def bound_at_root(highs: Highs, relaxed: float, heard: Callable[[float], None], seconds: float) -> None:
    """Tell ``heard`` each bound that a model's root reaches above that of its relaxation.

    When it ends depends on the solver's steps alone, not on the clock, unless it takes longer than ``seconds``.
    """
    reached = [relaxed]

    def at_check(bound: float) -> None:
        """One more round of rows, or of what comes before there are any."""
        if not math.isfinite(bound):
            return
        heard(bound)
        reached.append(max(reached[-1], bound))
        if len(reached) > PATIENCE and reached[-1] - reached[-1 - PATIENCE] <= STALLED * (reached[-1] - relaxed):
            highs.end()

    highs.listen(None, None, at_check)
    # Plans come from elsewhere, and sooner.
    highs.set(mip_max_nodes=1, mip_heuristic_effort=0.0)
    run = highs.run(seconds)
    if math.isfinite(run.bound):
        heard(run.bound)
