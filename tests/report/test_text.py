"""Proves: the terminal result is short, complete, and printable on a Chinese Windows console."""

import io
from dataclasses import replace

import pytest

from model.report.text import result_text, say
from model.report.widths import column_width, display_width, header_width, padded, wrapped_lines
from tests.report.fakes import fake_result, without_plan


def test_english_result():
    text = result_text(fake_result(), [], ["results/plan.xlsx"])
    lines = dict(line.split("  ", 1) for line in text.splitlines())
    assert lines["Status"].strip() == "Proven within the gap asked for: no plan is more than 0.050% better"
    assert "CNY" in lines["Margin"]
    assert "accepted" in lines["Orders"]
    assert "LINE-" in lines["Fullest lines"]
    assert lines["Written"].strip() == "results/plan.xlsx"
    assert "All promises are kept." in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_sign_exists_on_a_gbk_console(language):
    result_text(fake_result(misses=20, status="promises_missed"), [], ["a.xlsx"], language).encode("gbk")


def test_chinese_columns_align():
    text = result_text(fake_result(), [], ["结果.xlsx"], "zh")
    rows = [line for line in text.splitlines() if line.startswith(("状态", "边际贡献", "最满的产线"))]
    assert {display_width(row[:len(row) - len(row.split(maxsplit=1)[1])]) for row in rows} == {
        display_width("最满的产线") + 2}


def test_misses_are_named_with_quantity_and_value():
    text = result_text(fake_result(misses=12, status="promises_missed"), [], [])
    assert "safety stock 北美数据中心 2 from 2025-02-03: 14.345 MWh missing, worth 2,000,000 CNY" in text
    assert "and 2 more" in text
    assert "All promises are kept." not in text and "not proven" not in text


def test_misses_that_are_not_proven_minimal_say_so():
    result = fake_result(misses=1)
    result = replace(result, outcome=replace(result.outcome, promises_proven=False))
    assert "The misses are not proven to be the smallest possible." in result_text(result, [], [])


def test_a_file_beside_the_one_asked_for_is_said():
    assert "plan.xlsx is in use" in result_text(fake_result(), [], ["plan.2.xlsx"], asked="plan.xlsx")
    assert "in use" not in result_text(fake_result(), [], ["plan.xlsx"], asked="plan.xlsx")
    assert "in use" not in result_text(fake_result(rejected=True), [], ["plan.REJECTED.xlsx"], asked="plan.xlsx")


def test_rejected_and_missing_plans():
    assert "The audit rejected this plan" in result_text(fake_result(rejected=True), [], [])
    assert result_text(without_plan("no_plan"), [], []).startswith("Status")
    assert "solver failed" in result_text(without_plan("failed"), [], [])


def test_why_there_is_no_plan_is_said():
    result = without_plan("failed")
    result = replace(result, outcome=replace(result.outcome, notes=("stock_cannot_fit", "odd message")))
    text = result_text(result, [], [])
    assert "does not fit the store" in text
    assert "odd message" in text


def test_signs_the_console_lacks_become_question_marks():
    console = io.TextIOWrapper(io.BytesIO(), encoding="gbk")
    say("南都 한국", console)
    console.flush()
    assert console.buffer.getvalue().decode("gbk").strip() == "南都 ??"


def test_widths():
    assert (display_width("abc"), display_width("产线A")) == (3, 5)
    assert padded("产线", 6) == "产线  "
    assert column_width(["abc", "产线"]) == 4
    assert column_width([]) == 0


def test_a_chinese_unit_is_not_torn():
    """Proves: the width of a header lets a unit in Latin letters stand on a second line, a Chinese one behind its name.

    Else the second bracket of "期初库存 [单位]" stands alone below, because a line may end after any Chinese sign.
    """
    assert header_width("期初库存 [MWh]") == 8
    assert header_width("期初库存 [单位]") == 15


def test_a_cell_too_narrow_for_anything_has_lines():
    """Proves: a column of 3.0, all of it lost at line ends, or narrower counts lines. By hand: a digit each line."""
    assert [wrapped_lines("123", width) for width in (3.0, 1.0, 6.0)] == [3, 3, 1]
