"""What a report is made from: the few facts it asks of a planned case, whoever computed them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import pandas as pd

from model.audit.result import Audit
from model.solve.outcome import Outcome
from model.tables import Tables


class PlanFacts(Protocol):
    """The plan's tables; money in base currency."""

    @property
    def frames(self) -> Mapping[str, pd.DataFrame]:
        """Every table of a plan by its name."""
    @property
    def margin(self) -> float:
        """Contribution margin."""
    @property
    def bound(self) -> float:
        """What no plan can exceed."""


class ResultFacts(Protocol):
    """A planned case."""

    @property
    def rule_of_thumb(self) -> PlanFacts | None:
        """What dispatching the orders one by one would have given, where that rule applies."""

    @property
    def tables(self) -> Tables:
        """The typed input."""
    @property
    def plan(self) -> PlanFacts | None:
        """The plan, where one was found."""
    @property
    def outcome(self) -> Outcome:
        """How the search ended."""
    @property
    def audit(self) -> Audit | None:
        """What the audit found."""
    @property
    def seconds(self) -> Mapping[str, float]:
        """Seconds of each step."""
    @property
    def size(self) -> Mapping[str, int]:
        """Rows, columns, integers and nonzeros of the model."""
    @property
    def versions(self) -> Mapping[str, str]:
        """Versions of the software used."""
    @property
    def options(self) -> Mapping[str, object]:
        """Options of the search."""


def gap_of(plan: PlanFacts) -> float:
    """(bound - margin) / max(1, |margin|), as a share."""
    return (plan.bound - plan.margin) / max(1.0, abs(plan.margin))


def gap_asked(result: ResultFacts) -> float:
    """The gap, as a share, at which the search was asked to end."""
    asked = result.options.get("gap")
    return float(asked) if isinstance(asked, (int, float)) else result.tables.settings.gap


def is_rejected(result: ResultFacts) -> bool:
    """Whether there is a plan that no audit has signed."""
    return result.plan is not None and (result.audit is None or not result.audit.passed)
