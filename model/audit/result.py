"""What the auditor found: one row per law, with its largest residual, its tolerance and the worst place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AuditRow:
    """One law held against the plan.

    ``largest_residual`` is the deviation at the worst place (the one that exceeds its tolerance most, in the unit of
    that place), ``tolerance`` what rounding allows there, and ``detail`` names the place. A word or a date that is
    wrong counts as a residual of 1 with tolerance 0.
    """

    law: str
    checked: int
    largest_residual: float
    tolerance: float
    passed: bool
    detail: str


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
