"""A relaxation made closer to the plans: rows that it breaks and no plan does are added, round after round."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import sparse

from model.solve.flows import flows_of
from model.solve.lot_cuts import as_rows, broken_cuts
from model.solve.matrix import Matrix
from model.solve.outcome import Run
from model.solve.sifting import Sifting

ROUNDS = 8
LEAST_GAIN = 1e-7  # share of the objective that a round must bring to have another
NO_PRICE = 1e-9  # a row whose dual is smaller holds nothing back


def tightened(program: Sifting, given: Matrix, relaxed: np.ndarray, left: Callable[[], float],
              is_over: Callable[[], bool], stand_on: Callable[[Run], None]) -> tuple[sparse.csr_array, np.ndarray]:
    """The rows that now follow those of ``given`` in the ``program``, and their lower limits; each optimum is told.

    ``relaxed``: the optimum of the program as it is. Rows that do not count at the last optimum are taken away again.
    """
    flows, count = flows_of(given), len(given.row_lower)
    last: Run | None = None
    for _ in range(ROUNDS):
        cuts = [cut for flow in flows for cut in broken_cuts(flow, relaxed)]
        if not cuts or is_over():
            break
        program.add_rows(*as_rows(cuts, len(relaxed)))
        run = program.optimum(left)
        if run is None or run.values is None or run.row_duals is None:
            # The rows hold, but what each is worth is not known: all are kept.
            return program.rows_from(count)
        gain = np.inf if last is None else run.objective - last.objective
        last, relaxed = run, run.values
        stand_on(run)
        if gain <= LEAST_GAIN * max(1.0, abs(run.objective)):
            break
    if last is not None and last.row_duals is not None:
        program.remove_rows(count + np.flatnonzero(np.abs(last.row_duals[count:]) <= NO_PRICE))
    return program.rows_from(count)
