"""Orders deprived of what they need, in benchmark books and the reference case: the cause is named, and what is stated
is applied to the tables and planned afresh: it suffices, less does not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest

from model.audit import Audit
from model.checks import check
from model.explain.applying import LESS, applied
from model.explain.examine import explained
from model.explain.explanation import Explanation
from model.planning import Options, Result, plan_order_book
from model.tables import Tables, read
from tests.bench.generate import book, checked
from tests.bench.parameters import FAMILIES
from tests.explain.deprivation import CHOOSY, deprived
from tests.explain.stating import with_cells

ROOT = Path(__file__).parents[2]
SECONDS = 600.0
KINDS = {"hours": {"hours", "resource"}, "material": {"material"}, "time": {"days"}}
BARRIERS = {"rating": ("not_rated",), "lane": ("no_lane",), "line": ("too_early", "no_source")}


def planned(tables: Tables, gap: float | None = None) -> Result:
    """The tables planned, without the audit, which takes longest."""
    with patch("model.publishing.audit", return_value=Audit(True, ())):
        result = plan_order_book(tables, Options(gap=gap, rule_of_thumb=False))
    assert result.plan is not None
    return result


def is_kept(tables: Tables, order: str, before: Result) -> bool:
    """Whether, with the order promised, no more promises are missed than before."""
    result = planned(with_cells(tables, order, commitment="firm", decision=None), gap=1.0)
    missed, others = (set(each.plan.frames["misses"]["name"]) for each in (result, before))
    return not missed - others


def suffices(before: Result, order: str, found: Explanation) -> None:
    """What is stated lets the order in, one per cent or one day less does not."""
    assert found.relaxation is not None
    for share, is_enough in ((1.0, True), (LESS, False)):
        tables = applied(before.tables, order, found.relaxation, share)
        assert is_kept(tables, order, before) == is_enough, (order, found.relaxation, share)


def check_deprived(tables: Tables, least: int) -> None:
    """Each deprived order is told its cause, and what is stated holds."""
    tables, causes = deprived(tables)
    before = planned(tables)
    found = explained(before, SECONDS, [*causes]).explanations
    for order, cause in causes.items():
        told = found[order]
        kinds = {part.kind for part in told.relaxation.parts} if told.relaxation else set()
        barrier = told.barrier.kind if told.barrier else ""
        if cause == "approval":
            assert (told.reason, told.rule.kind) == ("kept_out_by_rule", "approval"), told
            approvals = tables.frames["approvals"]
            free = approvals[approvals["customer"] != CHOOSY].reset_index(drop=True)
            assert not is_kept(tables, order, before)
            assert is_kept(replace(tables, frames={**tables.frames, "approvals": free}), order, before)
            continue
        assert told.reason == "cannot_be_made", (order, cause, told)
        if cause in KINDS:
            assert kinds & KINDS[cause], (order, cause, told)
        else:
            assert barrier in BARRIERS[cause], (order, cause, told)
        if told.relaxation is not None:
            suffices(before, order, told)
    assert len(causes) >= least


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_missing_in_a_small_book_is_named(family: str) -> None:
    """Proves: of thirty orders, one each that lacks hours, material and so on is told so, with the smallest change."""
    check_deprived(checked(book("XS", family, 1)), 3)


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_missing_in_a_large_book_is_named(family: str) -> None:
    """The same among two thousand orders."""
    check_deprived(checked(book("M", family, 1)), 7)


@pytest.mark.slow
def test_what_is_missing_in_the_reference_case_is_named() -> None:
    """The same in the reference case."""
    tables = check(read(ROOT / "data" / "narada_2025")).tables
    assert tables is not None
    check_deprived(tables, 7)
