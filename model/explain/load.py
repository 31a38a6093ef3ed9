"""A changed book, planned anew and loaded, for what cannot be asked of the loaded one."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from model.explain.ground import Ground
from model.instance import Instance, build_instance
from model.planning import problem_of
from model.solve.direct import direct_matrix
from model.solve.matrix import Matrix
from model.solve.outcome import Outcome
from model.solve.problem import SearchOptions, Start
from model.solve.strategy import Search
from model.tables import Tables


def rebuilt(tables: Tables, before: Ground, seconds: float, gap: float = 0.0,
            is_started: bool = False) -> Ground | None:
    """The book behind the tables, planned within ``seconds`` and ``gap``; None where no plan is found.

    It is searched, and its search is stopped, as that of the book ``before``; ``is_started``: from the whole decisions
    of its plan.
    """
    instance = build_instance(tables)
    matrix = direct_matrix(instance)
    problem = problem_of(instance, matrix)
    if is_started:
        problem = replace(problem, start=_whole_decisions(before, matrix))
    seed, threads, stopped = before.standing.seed, before.standing.threads, before.standing.stopped
    found = Search(problem, SearchOptions(gap, max(0.1, seconds), seed, threads), None, stopped).run()
    if found.values is None or found.outcome.bound is None:
        return None
    return Ground(instance, before.standing.beside(problem, found.values, found.outcome))


def unplanned(tables: Tables, before: Ground) -> Ground:
    """The book behind the tables, loaded without a plan: what is asked of it must release every promise."""
    instance = build_instance(tables)
    matrix = direct_matrix(instance)
    return Ground(instance, before.standing.beside(problem_of(instance, matrix), np.zeros(len(matrix.cost)),
                                                   Outcome("limit", -math.inf, math.inf)))


def under_promises(ground: Ground, instance: Instance) -> Ground:
    """Another book of the same orders, loaded under the same promises as the published plan keeps."""
    matrix = direct_matrix(instance)
    known = {name: value for name, value in zip(ground.matrix.columns, ground.standing.values, strict=True) if value}
    # Only what these values miss of promises counts here; as a plan of the other book they may be no plan at all.
    values = np.array([known.get(name, 0.0) for name in matrix.columns])
    missed = ground.standing.is_missed
    outcome = Outcome("limit", ground.standing.margin, math.inf, promises_missed=missed)
    # Nothing of the book's own problem fits another matrix: preferences and typical quantities are by column.
    return Ground(instance, ground.standing.beside(problem_of(instance, matrix), values, outcome))


def _whole_decisions(ground: Ground, matrix: Matrix) -> Start:
    """The whole decisions of the published plan by their positions in another matrix."""
    positions = np.flatnonzero(matrix.is_whole).astype(np.int32)
    known = {name: ground.standing.values[place] for place, name in enumerate(ground.matrix.columns)
             if ground.matrix.is_whole[place]}
    # Rounded: the solver's whole numbers are whole within its tolerance only.
    values = [round(known.get(matrix.columns[place], 0.0)) for place in positions]
    return Start(positions, np.array(values, dtype=float))
