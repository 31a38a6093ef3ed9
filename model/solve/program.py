"""How a large book without whole decisions is searched: once with a price on what is missed, which mostly is all.

If promises cannot all be kept, the misses of each rank are made least over the columns that search has used, then the
most margin is sought at those misses. So it is done in books of middling size, too, once it is known that they cannot.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from model.solve.elastic import Elastic, Priced
from model.solve.highs import Highs
from model.solve.incumbent import Incumbent, Tell
from model.solve.linear import LinearSearch
from model.solve.matrix import Matrix
from model.solve.missed import Least
from model.solve.outcome import Run
from model.solve.places import Places
from model.solve.sifting import ALL, Sifting

NO_ANSWER = Run("time_limit", None, np.inf, -np.inf, "no plan")


class ProgramSearch:
    """The searches of one book; ``tell`` hears plan, objective and bound of each.

    ``ranks``: what each column's miss counts in each rank. ``prefer``: a plan as good as an optimum that has a basis.
    ``priced``: the plan of the search that was to keep every promise, if it misses some.
    """

    def __init__(self, places: Places, ranks: Sequence[np.ndarray], gap: float, solver: Callable[[Matrix], Highs],
                 left: Callable[[], float], tell: Tell, prefer: Callable[[Matrix, Run], Run]) -> None:
        self._places, self._ranks, self._gap = places, ranks, gap
        self._solver, self._left, self._tell, self._prefer = solver, left, tell, prefer
        self.priced: Priced | None = None
        self._used = np.empty(0, dtype=np.int64)  # columns over which there are plans

    def kept(self, matrix: Matrix, searched: np.ndarray, tell: Tell) -> Run | None:
        """The best plan that keeps every promise, if one is found; ``searched``: bounds under which nothing is missed.

        None where there is no answer. ``tell`` hears the plans that break no promise.
        """
        elastic, best = Elastic(matrix, self._ranks, searched), Incumbent(self._gap, tell)

        def told(values: np.ndarray | None, objective: float, bound: float) -> None:
            """What is told, without prices."""
            del objective
            kept = None if values is None else elastic.kept(values)
            best.note(kept, elastic.cost(kept), elastic.bound(bound))

        search = LinearSearch(elastic.matrix, self._places, self._gap, self._solver, self._left, told,
                              is_enough=lambda values: elastic.kept(values) is not None)
        run = search.run()
        if run is None:
            return None
        self.priced, self._used = elastic.missing(run), search.used
        return elastic.answer(run)

    def rank(self, matrix: Matrix, left: Callable[[], float]) -> Run | None:
        """The least misses of one rank, which are the cost of the ``matrix``; None where no search ended before."""
        if not len(self._used):
            return None
        run = self._over(matrix).optimum(left)
        if run is None or run.values is None:
            return NO_ANSWER
        # Over other columns there may be no plan that misses as little.
        self._used = np.union1d(self._used, np.flatnonzero(run.values))
        return run

    def held(self, least: Least) -> Run | None:
        """The best plan that misses no more than another; None where there is no answer."""
        run = None if self.priced is None or not len(self._used) else self._priced_and_held(least)
        if run is not None:
            return run
        matrix = least.matrix
        places = self._places.with_rows(len(matrix.row_lower))
        return LinearSearch(matrix, places, self._gap, self._solver, self._left, self._tell).run()

    def _priced_and_held(self, least: Least) -> Run | None:
        """The same with the prices, which change nothing where no plan can miss less, and make it three times as quick.

        Begun from no basis: simplex was seen to end with an error at rows that leave so little room.
        """
        assert self.priced is not None and least.run.values is not None
        matrix, prices, missed = least.matrix, self.priced.prices, least.run.values
        weighed = replace(matrix, cost=matrix.cost + prices)
        program = self._over(weighed)
        best = Incumbent(self._gap, self._tell)

        def told(run: Run, bound: float) -> None:
            """Plan and bound so far."""
            assert run.values is not None
            proven = Priced(run.values, bound, prices).bound_for(missed)
            best.note(run.values, matrix.objective(run.values), proven)

        run = program.optimum(self._left, told)
        if run is not None:
            chosen = self._prefer(weighed, replace(run, basis=program.basis)).values
            assert chosen is not None
            best.put(chosen, matrix.objective(chosen))
        return None if best.values is None else best.answer(is_stopped=False)

    def _over(self, matrix: Matrix) -> Sifting:
        """A program that begins with the columns that the searches before have used."""
        used = np.zeros(len(matrix.cost), dtype=bool)
        used[self._used] = True
        return Sifting(matrix, self._places.with_rows(len(matrix.row_lower)), used, self._solver, most=ALL)
