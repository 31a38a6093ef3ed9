"""Proves: how a search ended is said truly, and in the same words wherever it is said."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from model.compare import compare
from model.compare.planned import as_stored
from model.compare.stored import read_result
from model.compare.text import comparison_text
from model.report.case import Case
from model.report.headline_words import verdict
from model.report.outcome_words import outcome_words, result_words
from model.report.page import write_page
from model.report.summary import headlines
from model.report.text import result_text
from model.report.workbook import write_result
from tests.report.fakes import FakeResult, fake_result, fake_tables, without_plan

UNPROVEN = {"en": "Not all promises can be kept, as far as was searched; the misses are not proven to be the smallest "
                  "possible", "zh": "就已搜索的范围而言，部分承诺无法兑现；尚未证明缺口已是最小"}


@pytest.mark.parametrize(("status", "gap", "misses", "said"), [
    ("limit", 0.00005, 2, UNPROVEN["en"]),
    ("limit", 0.0001, 2, UNPROVEN["en"]),
    ("limit", 0.0005, 2, "Time ran out: the best possible plan may be up to 0.050% better"),
    ("limit", 0.0005, 0, "Time ran out: the best possible plan may be up to 0.050% better"),
    ("limit", math.inf, 2, "Time ran out: the best possible plan may be up to - better"),
    ("promises_missed", 0.0, 2, "Not all promises can be kept"),
    ("interrupted", 0.0, 2, "Interrupted: the best plan so far, at most 0.000% from the best possible"),
    ("optimal", 0.0, 0, "Optimal: no better plan exists")])
def test_misses_that_are_not_proven_are_no_want_of_time(status: str, gap: float, misses: int, said: str) -> None:
    """By hand: 0.01 % was asked for. A margin that is as close to its bound leaves only the misses unproven; taken by
    its status alone the search would have run out of time and the best plan be "up to 0.000% better"."""
    assert outcome_words(status, "en", gap, 0.0001, misses) == said


def searched_out(misses: int = 2) -> FakeResult:
    """A plan 0.05 % from its bound where 0.1 % was asked for, and misses that are not proven."""
    result = fake_result(fake_tables(orders=12, bucket_count=2), misses=misses, status="limit")
    return replace(result, outcome=replace(result.outcome, promises_proven=False), options={"gap": 0.001})


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_place_says_the_same(tmp_path: Path, language: str) -> None:
    """The terminal, the first page of the workbook, the web page, and a comparison before and after its file is read
    back. A place that worded the status alone would say that time ran out."""
    result, said = searched_out(), UNPROVEN[language]
    case = Case(result, result.tables, result.plan, [], language)  # type: ignore[arg-type]  # it has a plan
    assert result_words(result, language) == said
    assert said in result_text(result, [], [], language)
    assert case.say("summary.not_proven") not in result_text(result, [], [], language), "once is enough"
    assert verdict(case, headlines(case))[0].startswith(said)
    path = write_result(tmp_path / "plan.xlsx", result, result.tables, [], language)[0]
    cells = [cell for row in load_workbook(path).worksheets[0].iter_rows(values_only=True) for cell in row]
    assert any(isinstance(cell, str) and cell.startswith(said) for cell in cells)
    assert said in write_page(tmp_path / "plan.html", result, [], language).read_text(encoding="utf-8")
    for stored in (read_result(path), as_stored(result, "plan")):
        assert comparison_text(compare(stored, stored), language=language).count(said) == 2


def test_a_plan_that_is_refused_or_missing_is_called_so() -> None:
    """A plan that the audit refused is no optimum, whatever its search claims; without a plan there is no gap."""
    assert result_words(fake_result(rejected=True, status="optimal"), "en").startswith("The audit rejected this plan")
    assert result_words(without_plan("no_plan"), "en") == "No plan was found in the time"
