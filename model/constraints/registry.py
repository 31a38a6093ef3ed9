"""How a law is registered: the function that states it, the set it holds over, the law that audits it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from model.constraints.linear import combined

Rule = Callable[..., Any]

# Seen by one thread alone: another may build a model of Pyomo meanwhile.
_is_plain = ContextVar("_is_plain", default=False)


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


def total(variable: Any, members: Iterable[Any]) -> Any:
    """Sum of a variable over the members."""
    chosen = [variable[member] for member in members]
    return _sum([1.0] * len(chosen), chosen)


def weighted(pairs: Iterable[tuple[float, Any]]) -> Any:
    """Sum of coefficient times variable."""
    # A zero would be an entry of the matrix that says nothing.
    kept = [pair for pair in pairs if pair[0] != 0]
    return _sum([pair[0] for pair in kept], [pair[1] for pair in kept])


@contextmanager
def plain_sums() -> Iterator[None]:
    """Meanwhile the sums of the laws run over plain columns, not over variables of Pyomo."""
    before = _is_plain.set(True)
    try:
        yield
    finally:
        _is_plain.reset(before)


def _sum(coefficients: list[float], variables: list[Any]) -> Any:
    if _is_plain.get():
        return combined(coefficients, variables)
    # Beside scipy it loads all of scipy.stats: half a second, for which a run without a model of Pyomo need not wait.
    from pyomo.core.expr import LinearExpression

    return LinearExpression(constant=0, linear_coefs=coefficients, linear_vars=variables)
