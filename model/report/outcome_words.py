"""How a search ended, in one sentence: the same on the terminal, the front page, the web page and in comparisons."""

from __future__ import annotations

import math

from model.report.case import words
from model.report.shapes import ResultFacts, gap_asked, gap_of, is_rejected

LEAST_GAP = 1e-9
"""A share below which no search is asked to go."""


def outcome_words(status: str, language: str, gap: float = math.nan, asked: float = 0.0, misses: int = 0) -> str:
    """The sentence for a status; ``gap`` and the one ``asked`` for are shares, a gap that is not finite a dash.

    A search with misses whose margin is as close to its bound as asked did not end by the clock alone: what it has
    not proven are the misses.
    """
    if status == "limit" and misses and gap <= max(asked, LEAST_GAP):
        return words("outcome.misses_not_proven", language)
    return words(f"outcome.{status}", language, gap=f"{gap:.3%}" if math.isfinite(gap) else "-")


def result_words(result: ResultFacts, language: str) -> str:
    """The sentence for a planned case, with or without a plan; one that the audit refused says that alone."""
    if result.plan is None:
        return outcome_words(result.outcome.status, language)
    if is_rejected(result):
        return outcome_words("rejected_plan", language)
    return outcome_words(result.outcome.status, language, max(0.0, gap_of(result.plan)), gap_asked(result),
                         len(result.plan.frames["misses"]))
