"""What a search ended with, as a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

# How one run of the solver ends, and how a whole search does: the latter are words of the JSON document.
RunStatus = Literal["optimal", "within_gap", "time_limit", "interrupted", "infeasible", "unbounded", "failed"]
Status = Literal["optimal", "within_gap", "limit", "promises_missed", "no_plan", "failed", "interrupted"]


@dataclass(frozen=True)
class Run:
    """One call of the solver, in the solver's units: ``values`` is None where no plan was found.

    ``basis``: of a linear program that is solved on, where who asked kept it.
    """

    status: RunStatus
    values: np.ndarray | None
    objective: float
    bound: float
    message: str = ""
    column_duals: np.ndarray | None = None
    row_duals: np.ndarray | None = None
    basis: Any = None

    @property
    def is_proven(self) -> bool:
        """Whether the search ended by its gap."""
        return self.status in ("optimal", "within_gap")


@dataclass(frozen=True)
class Outcome:
    """The search as a whole, in base currency: ``margin`` of the plan found and the ``bound`` no plan can exceed.

    ``promises_proven``: the misses, if any, are proven minimal. ``notes``: what the reader should know of the search.
    """

    status: Status
    margin: float | None
    bound: float | None
    promises_proven: bool = True
    promises_missed: bool = False
    interrupted: bool = False
    notes: tuple[str, ...] = field(default=())

    @property
    def gap(self) -> float | None:
        """(bound - margin) / max(1, |margin|), as a share; None without plan or bound."""
        if self.margin is None or self.bound is None:
            return None
        # A bound that is a rounding below the margin leaves no gap.
        return max(0.0, self.bound - self.margin) / max(1.0, abs(self.margin))


@dataclass(frozen=True)
class Found:
    """``values`` of the model's columns in the model's own units, None where there is no plan."""

    outcome: Outcome
    values: np.ndarray | None


def status_of(outcome: Outcome, asked: float) -> Status:
    """How a search with a plan ended, where a gap (share) was ``asked``; the status it has so far does not count."""
    if outcome.interrupted:
        return "interrupted"
    if outcome.promises_missed and outcome.promises_proven:
        return "promises_missed"
    gap = outcome.gap
    if gap is None or gap > max(asked, 1e-9) or not outcome.promises_proven:
        return "limit"
    return "optimal" if gap <= 1e-9 else "within_gap"
