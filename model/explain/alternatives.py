"""Other plans that earn nearly as much: the one closest to the published plan, the most punctual, the fewest setups.

Lexicographic: a second aim under a row that holds the margin, every promise kept as the published plan keeps it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from model.audit import Audit
from model.explain.asking import late_shipments, plan_of
from model.explain.displaced import margin_row
from model.explain.ground import Ground
from model.explain.known import Known
from model.plan import Plan
from model.solve.change import Change, Row

# Share of the margin kept back for rounding: figures are written with ten digits of the largest amount.
ROUNDED = 4e-9
AIMS = ("fewest_changes", "fewest_late_days", "fewest_setups")


@dataclass(frozen=True)
class Aim:
    """What an alternative has as little of as possible: ``weights`` by decision, and the ``constant`` beside them."""

    name: str
    weights: Mapping[int, float]
    constant: float = 0.0

    def of(self, values: np.ndarray) -> float:
        """How much of it a plan has."""
        return self.constant + sum(weight * float(values[position]) for position, weight in self.weights.items())


@dataclass(frozen=True)
class Alternative:
    """One aim and the plan found for it.

    ``before``: how much of it the published plan has; ``after``: what the best plan within the loss surely has between.
    ``margin``: what the plan found earns; ``plan`` and ``audit`` are None where none was found beside the published.
    ``is_applicable``: False where the book has nothing of the kind.
    """

    aim: str
    before: float
    after: Known
    margin: float
    plan: Plan | None
    audit: Audit | None
    is_applicable: bool = True
    seconds: float = 0.0

    @property
    def is_signed(self) -> bool:
        """Whether the audit passed the plan; only then may it be shown."""
        return self.audit is not None and self.audit.passed


def alternatives(ground: Ground, loss: float, seconds: float, language: str = "en",
                 aims: tuple[str, ...] = AIMS) -> list[Alternative]:
    """An alternative for each aim that earns at most ``loss`` [base money] less than the published plan.

    ``seconds`` for each. ValueError where the loss is below zero or an aim is unknown.
    """
    if not loss >= 0:
        raise ValueError(f"a loss of {loss}")
    return [_alternative(ground, _MAKERS[name](ground), loss, seconds, language) for name in aims]


def _alternative(ground: Ground, aim: Aim, loss: float, seconds: float, language: str) -> Alternative:
    begun = time.monotonic()
    standing = ground.standing
    before = aim.of(standing.values)
    if not aim.weights:
        return Alternative(aim.name, before, Known(before, before), standing.margin, None, None, is_applicable=False)
    # What is rounded when a plan is written must not take it beyond the loss.
    least = standing.margin - max(0.0, loss - ROUNDED * max(1.0, abs(standing.margin)))
    # The solver's tolerances are made for money: the aim is counted in amounts as large as the book's own.
    unit = float(np.abs(ground.matrix.cost).max(initial=1.0)) / max(aim.weights.values())
    change = Change(earns={position: -weight * unit for position, weight in aim.weights.items()}, is_alone=True,
                    rows=(margin_row(ground, Change(), least),))
    answer = standing.ask(change, time_limit=seconds)
    # What the matrix adds to every objective is taken off again.
    reached = -(answer.bound + ground.matrix.offset) / unit
    # No plan has less than nothing of an aim, whatever the bound leaves open.
    lowest = max(0.0, aim.constant + reached) if math.isfinite(reached) else 0.0
    if answer.values is None:
        return Alternative(aim.name, before, Known(min(lowest, before), before), standing.margin, None, None,
                           seconds=time.monotonic() - begun)
    # Half a second at least: it is one linear program, without which the plan gives more away than its aim needs.
    settled = _dearest(ground, aim, answer.values, max(0.5, seconds - (time.monotonic() - begun)))
    values = answer.values if settled is None else settled
    after, margin = aim.of(values), _margin(ground, values)
    plan, audit = plan_of(ground, values, margin, standing.bound, language)
    return Alternative(aim.name, before, Known(min(lowest, after), after), plan.margin, plan, audit,
                       seconds=time.monotonic() - begun)


def _dearest(ground: Ground, aim: Aim, values: np.ndarray, seconds: float) -> np.ndarray | None:
    """Of the plans with these whole decisions that have as little of the aim, the one that earns most."""
    reached = aim.of(values) - aim.constant
    # The solver's feasibility tolerance: a row at its exact minimum may be called impossible.
    room = 1e-7 * max(1.0, abs(reached))
    held = Change(rows=(Row(-math.inf, reached + room, dict(aim.weights)),))
    answer = ground.standing.exact(held, values, seconds)
    return answer.values


def _margin(ground: Ground, values: np.ndarray) -> float:
    own = values[:len(ground.matrix.cost)]
    return -ground.matrix.objective(own)


def _fewest_changes(ground: Ground) -> Aim:
    """Units made otherwise than published, added ones included, after the frozen part.

    sum of |made - published| = 2 * unmade + made - published, summed over line, item and bucket
    """
    weights: dict[int, float] = {}
    later = ground.instance.frames["later"]
    if later.empty:
        return Aim("fewest_changes", {})
    frozen = ground.instance.frames["frozen"]
    held = set(zip(frozen["line"], frozen["item"], frozen["bucket"], strict=True))
    for position in ground.matrix.family.get("unmade_published", ()):
        weights[int(position)] = 2.0
    for position in ground.matrix.family.get("made", ()):
        # Where nothing is published there is no `unmade`: all that is made there counts. What is frozen cannot change.
        if ground.matrix.columns[position][1] not in held:
            weights[int(position)] = 1.0
    return Aim("fewest_changes", weights, -float(later["published_qty"].sum()))


def _fewest_late_days(ground: Ground) -> Aim:
    """Days late, each order's weighted by the share of it that is late: whole orders late by a day count one."""
    late, orders = late_shipments(ground), ground.instance.frames["orders"]
    quantity = late["order"].map(dict(zip(orders["order"], orders["quantity"], strict=True)))
    share = late["days"] / quantity
    return Aim("fewest_late_days", dict(zip(late["position"].tolist(), share.tolist(), strict=True)))


def _fewest_setups(ground: Ground) -> Aim:
    """Setups of all lines."""
    return Aim("fewest_setups", {int(position): 1.0 for position in ground.matrix.family.get("is_set_up", ())})


_MAKERS: Mapping[str, Callable[[Ground], Aim]] = {
    "fewest_changes": _fewest_changes, "fewest_late_days": _fewest_late_days, "fewest_setups": _fewest_setups}
