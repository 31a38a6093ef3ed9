"""Objects that live in a helper process and answer one call after another, so that what they know stays there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Residents = dict[str, Any]
Tell = Callable[..., None]


@dataclass(frozen=True)
class Founding:
    """Makes a resident: ``make`` is called with the ``arguments``."""

    name: str
    # ``make`` and all arguments travel by pickle: a class or function of a module, no lambda.
    make: Callable[..., Any]
    arguments: tuple[Any, ...]

    def answer(self, residents: Residents, stopped: Callable[[], bool], tell: Tell) -> None:
        """Found it here."""
        del stopped, tell
        residents[self.name] = self.make(*self.arguments)


@dataclass(frozen=True)
class Call:
    """Calls a method of a resident, which also gets ``stopped`` and ``tell``; ``seconds``: the longest it should take.

    What it tells reaches the caller before the answer does.
    """

    name: str
    method: str
    arguments: tuple[Any, ...]
    seconds: float

    def answer(self, residents: Residents, stopped: Callable[[], bool], tell: Tell) -> Any:
        """What the method returns."""
        return getattr(residents[self.name], self.method)(*self.arguments, stopped, tell)
