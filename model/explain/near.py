"""Plans near the published one, in little time: its whole decisions, but for the few that a change itself moves."""

from __future__ import annotations

import math

import numpy as np

from model.explain.ground import Ground, Wanted
from model.solve.change import Change
from model.solve.standing import Answer

NOT_FOUND = Answer(-math.inf, math.inf, None, False, 0.0)
CHOICES = ("is_departure", "is_source")
HALF = 0.5
SMALL = 1e-9


class Nearby:
    """Rounds relaxations of changed books to plans."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._unchanged = ground.standing.bound_of().values
        matrix = ground.matrix
        self._accepting = matrix.family.get("is_accepted", np.empty(0, dtype=int))
        self._choices: dict[str, dict[str, list[int]]] = {}
        for family in CHOICES:
            for position in matrix.family.get(family, ()):
                index = matrix.columns[position][1]
                assert isinstance(index, tuple)
                self._choices.setdefault(index[0], {}).setdefault(family, []).append(int(position))

    def plan(self, change: Change, relaxed: np.ndarray, wanted: Wanted) -> Answer:
        """A plan of the changed book: first with the published decisions, then with more of the relaxation's."""
        for rounded in (self._published, self._moved):
            answer = self._ground.standing.exact(change, rounded(relaxed, wanted))
            if answer.values is not None:
                return answer
        return NOT_FOUND

    def _published(self, relaxed: np.ndarray, wanted: Wanted) -> np.ndarray:
        """The published decisions, the order's own as the relaxation has them; orders that it drops are dropped."""
        values = self._ground.standing.values.copy()
        accepting = self._accepting
        # Against the unchanged relaxation, not against 1: what that divides already is not dropped by the change.
        dropped = relaxed[accepting] < (1.0 if self._unchanged is None else self._unchanged[accepting]) - HALF
        values[accepting] = np.where(dropped, 0.0, values[accepting])
        if wanted.accepted is not None:
            # Any part of acceptance counts as all: rounded down, the order would be denied what the change grants it.
            values[wanted.accepted] = float(relaxed[wanted.accepted] > SMALL)
        for positions in self._choices.get(wanted.order, {}).values():
            values[positions] = 0.0
            # One source or departure at most: the one that the relaxation uses most.
            best = positions[int(np.argmax(relaxed[positions]))]
            values[best] = float(relaxed[best] > SMALL)
        return values

    def _moved(self, relaxed: np.ndarray, wanted: Wanted) -> np.ndarray:
        """As above, and set up wherever the relaxation or the published plan is."""
        return with_setups_of(self._ground, self._published(relaxed, wanted), relaxed)


def with_setups_of(ground: Ground, values: np.ndarray, relaxed: np.ndarray) -> np.ndarray:
    """Values, set up wherever they or the relaxation are."""
    values = values.copy()
    for family in ("is_set_up", "is_running"):
        positions = ground.matrix.family.get(family, np.empty(0, dtype=int))
        # Never fewer than published: one too many costs its hours and money, one too few may leave no plan.
        values[positions] = np.maximum(values[positions], relaxed[positions] > HALF)
    return values
