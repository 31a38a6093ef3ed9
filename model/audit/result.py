"""What the auditor found: one row per law, with its largest residual, its tolerance and the worst place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Sign = Literal["≠", ">", "<", "!"]


@dataclass(frozen=True)
class Place:
    """A row of a plan table by its keys, what was compared there, what stands there and what should.

    ``sign`` says how the two differ where the law is broken; ``!`` stands for wrong, with nothing to compare with.
    """

    table: str
    keys: tuple[tuple[str, str], ...]
    what: str
    found: str
    sign: Sign
    expected: str = ""

    def __str__(self) -> str:
        where = " ".join(f"{name}={value}" for name, value in self.keys)
        return f"{self.table} [{where}] {self.what}: {self.found} {self.sign} {self.expected}".rstrip()


@dataclass(frozen=True)
class AuditRow:
    """One law held against the plan.

    ``largest_residual`` is the deviation at the worst place (the one that exceeds its tolerance most, in the unit of
    that place), ``tolerance`` what rounding allows there, ``place`` is that place and ``detail`` names it. A word or a
    date that is wrong counts as a residual of 1 with tolerance 0.
    """

    law: str
    checked: int
    largest_residual: float
    tolerance: float
    passed: bool
    detail: str
    place: Place | None = None


@dataclass(frozen=True)
class Audit:
    """The auditor's verdict: passed only if every law holds."""

    passed: bool
    findings: tuple[AuditRow, ...]

    def failures(self) -> str:
        """The broken laws, one per line, each with its worst place; empty if the plan passed."""
        return "\n".join(
            f"{row.law}: {row.detail} (residual {row.largest_residual:.9g}, tolerance {row.tolerance:.3g})"
            for row in self.findings if not row.passed
        )
