"""In which way a book is searched that is too large to be searched as one, by its size and kind."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from model.solve.divided import DividedSearch
from model.solve.division import divided
from model.solve.elastic import Elastic, Priced
from model.solve.highs import Highs
from model.solve.incumbent import FROM_PARTS, Incumbent, Tell
from model.solve.large import LargeSearch
from model.solve.matrix import Matrix
from model.solve.method import quickest
from model.solve.missed import Least, least_missed
from model.solve.outcome import Run
from model.solve.places import Places
from model.solve.polish import CLEANING_SHARE, preferred
from model.solve.problem import NO_START, SearchOptions, Start
from model.solve.program import ProgramSearch
from model.solve.promises import SMALLEST_MISS
from model.solve.sifting import ALL, Sifting, can_be_sifted, first_columns
from model.solve.size import is_divisible, is_large, is_large_program, is_sifted

# Of the time that is left, for making one rank of misses least; a linear program has no plan before its end.
RANK_SHARE, PROGRAM_RANK_SHARE = 0.3, 0.6
PRICED_SHARE = 0.6  # of the time that is left, for misses and margin at once


class Ways:
    """The searches of models with the same columns; ``tell`` hears plan, objective and bound of each.

    ``left`` answers with the seconds left of the ``options``' time. ``notes`` say which way was taken.
    """

    def __init__(self, places: Places, ranks: Sequence[np.ndarray], preference: list[np.ndarray],
                 options: SearchOptions, left: Callable[[], float], stopped: Callable[[], bool], tell: Tell) -> None:
        self._places, self._ranks, self._options = places, ranks, options
        self._left, self._stopped, self._tell = left, stopped, tell
        self.notes: list[str] = []
        self._priced: Priced | None = None
        self._preference = preference
        self._program = ProgramSearch(places, ranks, options.gap, self._solver, left, tell, self._preferred)

    @property
    def at_hand(self) -> Priced | None:
        """A plan for which misses had a price, where one was found."""
        return self._program.priced or self._priced

    def price(self, matrix: Matrix, searched: np.ndarray, tell: Tell) -> None:
        """Have a plan at hand for which misses and margin were weighed at once, as far as a share of the time allows.

        Misses alone are made least by plans that nobody would want for their margin, which then takes long to mend.
        """
        if self.at_hand is not None or self._is_large_program(matrix):
            return
        if self._is_program(matrix):
            self._program.kept(matrix, searched, tell)
            return
        elastic, ends = Elastic(matrix, self._ranks, searched), time.monotonic() + PRICED_SHARE * self._left()
        run = self._divided(elastic.matrix, lambda: ends - time.monotonic(), tell)
        if run is None:
            run = self._in_parts(elastic.matrix, lambda: NO_START, self._options.gap, lambda: ends - time.monotonic(),
                                 tell).run()
        self._priced = elastic.priced(run)

    def kept(self, matrix: Matrix, start: Callable[[], Start], searched: np.ndarray) -> Run | None:
        """The best plan that keeps every promise and its bound; None for a book that is searched as one.

        ``searched``: upper bounds under which nothing is missed.
        """
        run = self._program.kept(matrix, searched, self._tell) if self._is_large_program(matrix) else None
        if run is not None:
            return run
        limited = replace(matrix, column_upper=np.minimum(matrix.column_upper, searched))
        return self._searched(limited, start, is_held=False)

    def held(self, least: Least) -> Run | None:
        """The best plan that misses no more than another, which is held by rows that tie the components together."""
        run = self._program.held(least) if self._is_program(least.matrix) else None
        return run or self._searched(least.matrix, lambda: least.start, is_held=True)

    def _searched(self, matrix: Matrix, start: Callable[[], Start], is_held: bool) -> Run | None:
        """``is_held``: the first plan decides of promised orders as the start does."""
        # An answered Run is true, so the next way is asked only where this one has no answer.
        run = self._linear(matrix) or self._divided(matrix, self._time_for(matrix), self._tell)
        if run is None and (self._is_large(matrix) or (is_held and self._is_divisible(matrix))):
            self._note("large_search")
            run = self._in_parts(matrix, start, self._options.gap, self._time_for(matrix), self._tell, is_held).run()
            run = self._cleaned_if_small(run, matrix)
        return run

    def is_in_parts(self, matrix: Matrix) -> bool:
        """Whether misses are made least in parts, not by searches of the book as one."""
        return self._is_program(matrix) or self._is_large(matrix) or self._is_divisible(matrix)

    def least_missed(self, matrix: Matrix, searched: np.ndarray, tell: Tell) -> Least:
        """The least misses of a book in parts; ``tell`` hears the plans on the way, their objectives in misses."""
        def search(ranked: Matrix, start: Start) -> Run:
            """The least misses of one rank."""
            share = PROGRAM_RANK_SHARE if self._is_program(ranked) else RANK_SHARE
            ends = time.monotonic() + share * self._left()
            run = self._program.rank(ranked, lambda: ends - time.monotonic())
            if run is not None:
                return run
            large = self._in_parts(ranked, lambda: start, SMALLEST_MISS, lambda: ends - time.monotonic(), tell)
            # Few columns cost anything: presolve leaves little of the whole.
            return large.run(ends_whole=True)

        known = None if self.at_hand is None else self.at_hand.values
        if known is not None and (self._stopped() or self._left() <= 0):
            least = Least(matrix, Run("time_limit", known, np.inf, -np.inf, FROM_PARTS), proven=False, missed=True)
        else:
            least = least_missed(matrix, self._ranks, searched, search, known)
        return replace(least, run=self._cleaned_if_small(least.run, matrix))

    def _note(self, way: str) -> None:
        if way not in self.notes:
            self.notes.append(way)

    def _is_program(self, matrix: Matrix) -> bool:
        return is_sifted(matrix) and can_be_sifted(matrix, self._places)

    def _is_large_program(self, matrix: Matrix) -> bool:
        return is_large_program(matrix) and self._is_program(matrix)

    def _is_large(self, matrix: Matrix) -> bool:
        return len(self._places.bucket) > 0 and is_large(matrix)

    def _is_divisible(self, matrix: Matrix) -> bool:
        return len(self._places.bucket) > 0 and is_divisible(matrix)

    def _divided(self, matrix: Matrix, left: Callable[[], float], tell: Tell) -> Run | None:
        """The search component by component, where the book falls into some; None where it does not."""
        division = divided(matrix, self._places) if self._is_divisible(matrix) else None
        if division is None:
            return None
        run = DividedSearch(matrix, self._places, division, self._options.gap, self._options.seed, left, self._stopped,
                            tell).run()
        if run is not None and run.status != "infeasible":
            self._note("divided_search")
        return run and self._cleaned_if_small(run, matrix)

    def _time_for(self, matrix: Matrix) -> Callable[[], float]:
        """The time left for a search, without that for cleaning its plan."""
        cleaning = 0.0 if self._is_large(matrix) else CLEANING_SHARE * self._options.time_limit
        return lambda: self._left() - cleaning

    def _cleaned_if_small(self, run: Run, matrix: Matrix) -> Run:
        """Plans of large books come from exact parts and are not cleaned, see ``strategy``; nor are those of linear
        programs, which have nothing to make whole."""
        is_exact = self._is_large(matrix) or not matrix.is_whole.any()
        return run if run.values is None else replace(run, message=FROM_PARTS if is_exact else "")

    def _linear(self, matrix: Matrix) -> Run | None:
        """The search of a book without whole decisions that is neither small nor large; None for others."""
        if not self._is_program(matrix) or is_large_program(matrix):
            return None
        return self._sifted(matrix) if quickest(matrix) == "simplex" else None

    def _sifted(self, matrix: Matrix) -> Run | None:
        """The optimum, found over few of the columns, and its basis for the cleaning; the best plan on the way to it
        where the search is stopped or its time is over."""
        program = Sifting(matrix, self._places, first_columns(matrix, self._places), self._solver, most=ALL)
        best, left = Incumbent(self._options.gap, self._tell), self._time_for(matrix)

        def told(run: Run, bound: float) -> None:
            """Plan and bound so far; the last ones outlive a cleaning that overruns."""
            assert run.values is not None
            best.note(run.values, run.objective, bound)

        run = program.optimum(left, told)
        if run is None:
            is_over = best.values is not None and (self._stopped() or left() <= 0)
            return best.answer(self._stopped()) if is_over else None
        return replace(run, basis=program.basis)

    def _in_parts(self, matrix: Matrix, start: Callable[[], Start], gap: float, left: Callable[[], float],
                  tell: Tell, is_held: bool = False) -> LargeSearch:
        return LargeSearch(matrix, self._places, start, gap, self._options.seed, left, self._stopped, tell,
                           keeps_start=is_held)

    def _preferred(self, matrix: Matrix, run: Run) -> Run:
        return run if is_large_program(matrix) else preferred(matrix, run, self._preference, self._options.seed)

    def _solver(self, matrix: Matrix) -> Highs:
        return Highs(matrix, seed=self._options.seed, stopped=self._stopped)
