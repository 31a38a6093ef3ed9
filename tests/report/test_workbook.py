"""Proves: the workbook, opened again by another program, holds the plan's own values as text, numbers and dates."""

import math
from dataclasses import replace
from datetime import datetime

import pandas as pd
import pytest
from openpyxl import load_workbook

from model.labels import label
from model.plan_tables import PLAN_TABLES
from model.report.fields import Field
from model.report.sheets import table
from model.report.workbook import write_result
from tests.report.fakes import HOSTILE_IDS, FakePlan, fake_result, fake_tables, frame_of, without_plan

ALWAYS = ["Summary", "Insight", "Timeline", "Decisions", "Promised dates", "Line programme", "Production", "Shipments",
          "Line load", "Load map", "Stock levels", "Material needs", "Margin", "Audit", "Run", "Chart data"]
PAGES = ("Summary", "Insight", "Timeline")  # made to be printed: charts, no rectangle of cells
OPTIONAL = {"setups": "Setups", "resource_load": "Resource load", "transfer_plan": "Transfer plan",
            "openings": "Openings", "misses": "Misses"}


def written(tmp_path, result, language="en", findings=(), facts=None):
    paths = write_result(tmp_path / "plan.xlsx", result, result.tables, list(findings), language, facts)
    assert len(paths) == 1
    return load_workbook(paths[0])


@pytest.fixture(scope="module")
def result():
    return fake_result()


@pytest.fixture(scope="module")
def book(result, tmp_path_factory):
    return written(tmp_path_factory.mktemp("book"), result, facts={"input": "=case"})


@pytest.fixture(scope="module")
def chinese_book(result, tmp_path_factory):
    return written(tmp_path_factory.mktemp("book"), result, "zh")


def without(result, *, frames=None, tables=None):
    plan = FakePlan({**result.plan.frames, **(frames or {})}, result.plan.margin, result.plan.bound)
    return replace(result, plan=plan, tables=tables or result.tables)


def test_sheets(book):
    assert book.sheetnames == ALWAYS


def test_a_row_is_as_high_as_the_longest_of_its_texts(result, tmp_path):
    """Proves: of two wrapped columns the one with more lines decides. If the last one did: two lines instead of five,
    and the meaning of a law cut off beside a shorter detail."""
    def write_two(book):
        fields = [Field("meaning", "meaning", "prose", ["word " * 80], fixed_width=80.0),
                  Field("detail", "detail", "prose", ["word " * 30], fixed_width=80.0)]
        table.write_table(book, "two", fields)

    path = write_result(tmp_path / "two.xlsx", result, result.tables, [], further=[write_two])[0]
    assert load_workbook(path)["two"].row_dimensions[2].height > 4 * 13.5


def test_optional_sheets_stand_only_where_they_have_rows(result, tmp_path):
    frames = {name: frame_of(name, 1, {"kind": ["pin"]} if name == "misses" else {}) for name in OPTIONAL}
    book = written(tmp_path, without(result, frames=frames))
    assert sorted(book.sheetnames) == sorted([*ALWAYS, *OPTIONAL.values()])
    assert all(book[name].max_row == 2 for name in OPTIONAL.values())


def test_changes_stand_only_with_a_published_plan(tmp_path):
    assert "Changes" in written(tmp_path, fake_result(fake_tables(published=True))).sheetnames


@pytest.mark.parametrize("name", ["decisions", "production", "shipments", "line_load", "stock_levels",
                                  "material_needs"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_cells_are_the_plans_values(result, book, chinese_book, name, language):
    sheet = {"en": book, "zh": chinese_book}[language][label(f"sheet.{name}", language)]
    frame = result.plan.frames[name]
    assert sheet.max_row == len(frame) + 1
    coded = {"status", "commitment", "region"} if language == "zh" else set()
    for position, column in enumerate(PLAN_TABLES[name], start=1):
        cells = [row[0].value for row in sheet.iter_rows(min_row=2, min_col=position, max_col=position)]
        if column.name in coded:
            continue
        wanted = [None if pd.isna(value) else value for value in frame[column.name]]
        if column.kind == "date":
            assert cells == [value and value.to_pydatetime() for value in wanted], column.name
        elif column.kind == "text":
            assert cells == [value and value.replace("\r\n", "\n") for value in wanted]
        else:
            figures = [math.nan if cell is None else cell for cell in cells]
            assert figures == pytest.approx(frame[column.name].tolist(), rel=1e-14, nan_ok=True), column.name


def test_headers_are_the_columns_names_with_units(book):
    header = [cell.value for cell in book["Decisions"][1]]
    names = [column.name for column in PLAN_TABLES["decisions"]]
    assert [word.split(" [")[0] for word in header[:len(names)]] == names
    assert {"quantity [MWh]", "delivered [MWh]", "margin [CNY]", "unit_price [CNY/MWh]", "late_days [days]",
            "delivered_share [%]", "due_date", "order"} <= set(header)
    assert "run_hours [h]" in [cell.value for cell in book["Line load"][1]]


def test_ids_stay_text(book):
    ids = [book["Decisions"].cell(row, 1) for row in range(2, 2 + len(HOSTILE_IDS))]
    assert [cell.data_type for cell in ids] == ["s"] * len(ids)
    assert [cell.value for cell in ids[:5]] == ["=1+1", "007", "NA", "http://a.cn/x", "1E5"]
    assert all(cell.hyperlink is None and cell.number_format == "@" for cell in ids)


def test_dates_are_dates_and_formats_fit_the_kind(book):
    formats = {cell.value: book["Decisions"].cell(2, cell.column).number_format for cell in book["Decisions"][1]}
    assert formats["due_date"] == "yyyy-mm-dd"
    assert "0.0%" in formats["delivered_share [%]"]
    assert "[Red]" in formats["margin [CNY]"]
    assert "[Red]" not in formats["freight [CNY]"]
    assert isinstance(book["Decisions"].cell(2, 16).value, datetime)


def test_the_planners_own_columns_stand_beside_their_row(result, tmp_path):
    """Proves: extras follow the order, not the row number. Here the decisions stand in reverse order."""
    decisions = result.plan.frames["decisions"][::-1].reset_index(drop=True)
    sheet = written(tmp_path, without(result, frames={"decisions": decisions}))["Decisions"]
    header = [cell.value for cell in sheet[1]]
    assert header[-2:] == ["sales contact", "备注"]
    rows = {row[0]: row[-2:] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert rows["=1+1"] == ("王芳", 12.5)
    assert rows["007"] == ("=cmd()", datetime(2025, 3, 31))
    assert rows["NA"] == (7, 12.5)
    assert rows["http://a.cn/x"] == (True, datetime(2025, 3, 31))


def test_each_sheet_is_one_frozen_filtered_printable_rectangle(book):
    for sheet in (sheet for sheet in book.worksheets if sheet.title not in PAGES):
        assert sheet.freeze_panes is not None and sheet.freeze_panes.endswith("2"), sheet.title
        last = f"{sheet.cell(1, len(sheet[1])).column_letter}"
        assert sheet.auto_filter.ref.startswith("A1:" + last), sheet.title
        assert all(cell.value is not None for cell in sheet[1]), sheet.title
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert not sheet.merged_cells.ranges


def test_the_first_page_prints_on_one_page(book):
    setup = book["Summary"].page_setup
    assert (setup.fitToWidth or 1, setup.fitToHeight or 1, setup.paperSize) == (1, 1, 9)


def test_columns_are_wide_enough_for_chinese(book):
    sheet = book["Decisions"]
    assert sheet.column_dimensions["B"].width >= 2 * len("中国移动数据中心有限公司")
    assert sheet.column_dimensions["A"].width >= 2 * len("南都数据中心北美二期") + 2


def test_margin_adds_up_in_a_formula_with_its_value(tmp_path):
    result = fake_result(fake_tables(orders=3, bucket_count=2))
    path = write_result(tmp_path / "plan.xlsx", result, result.tables, [])[0]
    formulas, values = load_workbook(path)["Margin"], load_workbook(path, data_only=True)["Margin"]
    assert formulas["B14"].value == "=SUM(B2:B13)"
    assert values["B14"].value == pytest.approx(result.plan.margin)
    assert sum(values.cell(row, 2).value for row in range(2, 14)) == pytest.approx(result.plan.margin)


def test_load_map_is_line_by_bucket(result, book):
    sheet, load = book["Load map"], result.plan.frames["line_load"]
    assert (sheet.max_row, sheet.max_column) == (1 + load["line"].nunique(), 3 + load["bucket_start"].nunique())
    assert sheet.cell(1, 4).value == datetime(2025, 1, 6)
    row = load[(load["line"] == "LINE-8") & (load["bucket_start"] == "2025-01-20")].iloc[0]
    assert sheet.cell(9, 6).value == row["load"]


def charts_of(book):
    return book["Summary"]._charts


def test_charts_read_filled_cells(book):
    """Proves: four native charts, each series of which points at cells with at least one figure."""
    charts = charts_of(book)
    assert len(charts) == 4
    for chart in charts:
        for part in [chart, *chart._charts[1:]]:
            assert part.series
            for series in part.series:
                sheet, cells = series.val.numRef.f.replace("'", "").split("!")
                values = [cell.value for row in book[sheet][cells.replace("$", "")] for cell in row]
                assert any(value is not None for value in values)


def test_no_chart_is_empty_without_orders_and_hours(tmp_path):
    result = fake_result(fake_tables(orders=0))
    book = written(tmp_path, result)
    assert book["Decisions"].max_row == 1
    assert len(charts_of(book)) == 1


def words_of(sheet):
    return [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]


def test_the_first_page_names_every_miss(tmp_path):
    book = written(tmp_path, fake_result(fake_tables(orders=3, bucket_count=2), misses=3, status="promises_missed"))
    words = words_of(book["Summary"])
    assert "Not all promises can be kept: 3 promises missed" in words
    assert "All promises are kept." not in words
    assert {"firm order 北美数据中心 0", "12.345 MWh", "safety stock 北美数据中心 2"} <= set(words)
    assert book["Misses"].max_row == 4


def test_many_misses_are_summed_by_kind(tmp_path):
    """Proves: no miss is without its quantity on the first page. By hand: 20 single lines, the other 20 in 6 kinds."""
    result = fake_result(fake_tables(orders=3, bucket_count=2), misses=40)
    rows = [row[1:6] for row in written(tmp_path, result)["Summary"].iter_rows(values_only=True)]
    missing = [row[3] for row in rows if isinstance(row[3], str) and row[3].endswith(" MWh")]
    summed = [row for row in rows if isinstance(row[0], str) and row[0].endswith(" more")]
    assert len(missing) == 20 + len(summed)
    assert sum(int(row[0].split(": ")[1].split()[0]) for row in summed) == 20
    total = sum(float(words.removesuffix(" MWh")) for words in missing)
    assert total == pytest.approx(result.plan.frames["misses"]["missed"].sum(), rel=1e-4)


def test_misses_that_are_not_proven_minimal_say_so(tmp_path):
    result = fake_result(fake_tables(orders=3, bucket_count=2), misses=1)
    result = replace(result, outcome=replace(result.outcome, promises_proven=False))
    assert "The misses are not proven to be the smallest possible." in words_of(written(tmp_path, result)["Summary"])


def test_kept_promises_are_said(book):
    assert "All promises are kept." in words_of(book["Summary"])


def test_items_in_different_units_get_a_unit_column(tmp_path):
    sheet = written(tmp_path, fake_result(fake_tables(bucket_count=2, two_units=True)))["Stock levels"]
    header = [cell.value for cell in sheet[1]]
    assert "closing [unit]" in header
    units = {(row[0], row[header.index("unit")]) for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert {("item-lead", "t"), ("item-energy storage", "MWh")} <= units


def test_run_lists_input_options_versions_and_defaults(book):
    rows = {(row[0], row[1]): row[2] for row in book["Run"].iter_rows(min_row=2, values_only=True)}
    assert rows["input", "input hash"] == "ab" * 32
    assert rows["run", "input"] == "=case"
    assert rows["options", "seed"] == 0
    assert rows["versions", "highspy"] == "1.15.1"
    assert rows["default used", "orders.latest_date"] == 12
    assert rows["seconds", "solve"] == 12.345


def test_a_rejected_plan_is_written_under_another_name_only(tmp_path):
    result = fake_result(fake_tables(orders=3, bucket_count=2), rejected=True)
    paths = write_result(tmp_path / "plan.xlsx", result, result.tables, [])
    assert [path.name for path in paths] == ["plan.REJECTED.xlsx"]
    assert [path.name for path in tmp_path.iterdir()] == ["plan.REJECTED.xlsx"]
    book = load_workbook(paths[0])
    assert "THE AUDIT REJECTED THIS PLAN: DO NOT USE IT" in words_of(book["Summary"])
    assert "failed: stock_balance" in words_of(book["Summary"])
    assert "no" in [cell.value for cell in book["Audit"]["C"]]


def test_without_a_plan_nothing_is_written(tmp_path):
    result = without_plan("no_plan")
    assert write_result(tmp_path / "plan.xlsx", result, result.tables, []) == []
    assert not list(tmp_path.iterdir())


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(table, "MOST_ROWS", 25)
    book = written(tmp_path, fake_result(fake_tables(lines=1, bucket_count=3)))
    assert (book["Decisions"].max_row, book["Decisions 2"].max_row) == (26, 16)
    assert book["Decisions 2"]["A2"].value == "SO-00025"


def test_plan_names_with_spreadsheet_codes_do_no_harm(tmp_path):
    sheet = written(tmp_path, fake_result(fake_tables(orders=3, bucket_count=2, plan_name="=R&D &P plan")))["Summary"]
    assert sheet["B1"].value == "=R&D &P plan"
    assert sheet["B1"].data_type == "s"
    assert sheet.oddFooter.left.text is not None


def test_the_rule_of_thumb_stands_on_the_first_page(result, tmp_path):
    """Proves: the first page says what orders taken one by one would have earned, and how many firm ones they miss."""
    thumb = FakePlan({"decisions": frame_of("decisions", 2, {"status": ["missed", "accepted"]})},
                     result.plan.margin - 4321.0, math.inf)
    sheet = written(tmp_path, replace(result, rule_of_thumb=thumb))["Summary"]
    words = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert [text for text in words if "4,321 less" in text and "1 firm order missed" in text]
