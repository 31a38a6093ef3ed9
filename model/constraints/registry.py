"""How a law is registered: the function that states it, the set it holds over, the law that audits it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from pyomo.core.expr import LinearExpression

Rule = Callable[..., Any]


@dataclass(frozen=True)
class Law:
    """One constraint of the model. ``audited_by`` names the law in the audit that would catch its absence."""

    rule: Rule
    over: str
    audited_by: str

    @property
    def name(self) -> str:
        """Name of the constraint in the model."""
        return self.rule.__name__


def over(rule: Rule, index_set: str, audited_by: str = "") -> Law:
    """The law ``rule`` for every member of ``index_set``."""
    return Law(rule, index_set, audited_by or rule.__name__)


def total(variable: Any, members: Iterable[Any]) -> LinearExpression:
    """Sum of a variable over the members."""
    chosen = [variable[member] for member in members]
    return LinearExpression(constant=0, linear_coefs=[1.0] * len(chosen), linear_vars=chosen)


def weighted(pairs: Iterable[tuple[float, Any]]) -> LinearExpression:
    """Sum of coefficient times variable."""
    kept = [(coefficient, variable) for coefficient, variable in pairs if coefficient != 0]
    return LinearExpression(constant=0, linear_coefs=[coefficient for coefficient, _ in kept],
                            linear_vars=[variable for _, variable in kept])
