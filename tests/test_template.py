"""The input workbook explains itself, helps at the keyboard, and reads back as what was put in."""

from __future__ import annotations

import datetime as dt
import zipfile

import openpyxl
import pytest

from model.labels import label_table
from model.planning import plan_order_book
from model.report.fields import date_field
from model.report.files import NotWritten
from model.report.styles import INPUT
from model.report.workbook import write_result
from model.schema import SETTINGS, TABLES, parse_choice
from model.tables import from_records, read
from model.tables.names import find_column, find_setting, find_table, split_unit
from model.template import write_template, write_workbook
from model.template.inputs import write_inputs
from model.template.table_sheet import ExactNumber
from tests.tables.cases import checked, good_case, proven, rules, write_csv


@pytest.fixture(scope="module")
def templates(tmp_path_factory):
    """The empty template in both languages, opened by openpyxl."""
    folder = tmp_path_factory.mktemp("template")
    return {language: openpyxl.load_workbook(write_template(folder / f"{language}.xlsx", language=language))
            for language in ("en", "zh")}


def good_tables():
    tables = proven(from_records(good_case())).tables
    assert tables is not None
    return tables


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_table_and_column_has_its_place(templates, language):
    """Proves: one sheet per table with every column as its header, found again by the reader, behind two guides."""
    book = templates[language]
    assert len(book.sheetnames) == len(TABLES) + 2
    assert [find_table(title) for title in book.sheetnames[2:]] == list(TABLES)
    for title in book.sheetnames[2:]:
        table = find_table(title)
        headers = [cell.value for cell in book[title][1]]
        assert [find_column(table, header) for header in headers] == list(TABLES[table].by_name)
        figures = [column.kind == "number" for column in TABLES[table].columns]
        assert [header.endswith("]") for header in headers] == figures, "every figure has its unit in the header"
        assert book[title].freeze_panes == "B2"
        assert book[title].auto_filter.ref


def test_headers_explain_themselves(templates):
    """Proves: each header's note holds meaning, unit and default; required columns look different."""
    sheet = templates["en"]["orders"]
    notes = {split_unit(cell.value)[0]: cell.comment.text for cell in sheet[1]}
    assert "order currency/unit" in notes["unit_price"]
    assert "单价" in notes["unit_price"]
    assert "as due_date" in notes["latest_date"]
    assert "EXW, FCA" in notes["incoterm"]
    assert "0 – 1" in notes["min_fill"]
    assert all(TABLES["orders"].by_name[name].meaning in note for name, note in notes.items())
    colours = {split_unit(cell.value)[0]: cell.fill.fgColor.rgb for cell in sheet[1]}
    assert colours["order"] == colours["due_date"] != colours["customer"] == colours["min_fill"]


def test_help_at_the_keyboard(templates):
    """Proves: dropdowns for choices and names, checks for figures and dates, text format where names stand."""
    def validation(sheet, column):
        index = list(TABLES[sheet].by_name).index(column)
        letter = openpyxl.utils.get_column_letter(index + 1)
        return next(rule for rule in templates["en"][sheet].data_validations.dataValidation
                    if f"{letter}2" in rule.sqref)
    assert validation("orders", "commitment").formula1 == '"firm,optional"'
    assert validation("orders", "single_line").formula1 == '"yes,no"'
    assert validation("orders", "item").formula1 == "'items'!$A$2:$A$5000"
    assert validation("routings", "line").formula1 == "'lines'!$A$2:$A$5000"
    assert validation("orders", "due_date").type == "date"
    low, high = validation("orders", "min_fill").formula1, validation("orders", "min_fill").formula2
    assert (float(low), float(high)) == (0.0, 1.0)
    assert validation("orders", "quantity").operator == "greaterThan"
    assert validation("lanes", "transit_days").type == "whole"
    letter = openpyxl.utils.get_column_letter(list(TABLES["orders"].by_name).index("due_date") + 1)
    assert templates["en"]["orders"].column_dimensions["A"].number_format == "@"
    assert templates["en"]["orders"].column_dimensions[letter].number_format == "yyyy-mm-dd"


def test_dropdowns_are_in_the_language_of_the_workbook(templates):
    """Proves: choices and references of the Chinese template are Chinese words and sheets, and are read back."""
    for name, table in TABLES.items():
        for number, column in enumerate(table.columns, start=1):
            letter = openpyxl.utils.get_column_letter(number)
            offered = {language: [rule.formula1 for rule in templates[language][title].data_validations.dataValidation
                                  if f"{letter}2" in rule.sqref and rule.type == "list"]
                       for language, title in (("en", name), ("zh", table.label_zh))}
            assert [len(each) for each in offered.values()] == [int(bool(column.choices or column.refers))] * 2, column
            if column.choices and name != "settings":
                read_back = {tuple(parse_choice(word, column.choices) for word in lists[0].strip('"').split(","))
                             for lists in offered.values()}
                assert read_back == {column.choices}, f"{name}.{column.name}"
            elif column.refers:
                assert offered["zh"][0].startswith(f"'{TABLES[column.refers[0]].label_zh}'!"), f"{name}.{column.name}"


def test_input_cells_are_blue(tmp_path):
    """Proves: what a planner fills in has its own look; an example is in italics, what is typed into a blank is not."""
    book = openpyxl.load_workbook(write_template(tmp_path / "a.xlsx", example=True))
    blue = INPUT["font_color"].removeprefix("#")
    for name, table in TABLES.items():
        for number in range(1, len(table.columns) + 1) if name != "settings" else ():
            look = next(each for each in book[name].column_dimensions.values() if each.min <= number <= each.max)
            assert look.font.color.rgb.endswith(blue) and not look.font.italic, f"{name} {number}"
    assert all(book["settings"].cell(row, 2).font.color.rgb.endswith(blue) for row in range(2, len(SETTINGS) + 2))
    assert book["orders"]["A2"].font.italic and book["orders"]["A2"].font.color.rgb.endswith(blue)


def test_the_chinese_template_explains_in_chinese(templates):
    """Proves: notes, dictionary and Read-me of the Chinese template hold the Chinese meanings, not the English ones."""
    notes = {find_column("orders", cell.value): cell.comment.text for cell in templates["zh"]["订单"][1]}
    rows = {(find_table(row[0]), row[1]): row
            for row in templates["zh"]["数据字典"].iter_rows(min_row=2, values_only=True)}
    for name, column in TABLES["orders"].by_name.items():
        chinese = label_table()[f"meaning.orders.{name}"]["zh"]
        assert chinese in notes[name] and column.meaning not in notes[name]
        assert rows["orders", name][8] == chinese
    assert "同 最晚日期" not in notes["latest_date"] and "同 交货日期" in notes["latest_date"]
    assert "单价 [订单货币/单位]" in [cell.value for cell in templates["zh"]["订单"][1]]
    read_me = [cell.value for row in templates["zh"]["使用说明"].iter_rows() for cell in row if cell.value]
    assert label_table()["meaning.orders"]["zh"] in " ".join(read_me)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_example_can_be_planned(language, tmp_path):
    """Proves: the template's own rows are an accepted order book without a doubt, with an optimal, audited plan that
    earns more than the rule of thumb; its result, with sheets left blank in the template, is written and read again."""
    found = checked(write_template(tmp_path / "a.xlsx", language=language, example=True))
    assert found.findings == []
    result = plan_order_book(found.tables)
    assert result.outcome.status == "optimal" and result.audit.passed
    assert set(result.plan.frames["decisions"]["status"]) >= {"accepted", "declined"}
    assert result.rule_of_thumb.margin < result.plan.margin
    again = checked(write_result(tmp_path / "b.xlsx", result, found.tables, [], language, {}, [write_inputs])[0])
    assert again.tables.input_hash == found.tables.input_hash


def test_a_chinese_result_names_its_settings_in_chinese(tmp_path):
    """Proves: the input behind a Chinese result is Chinese down to the settings' names. Else: plan_name, week."""
    tables = good_tables()
    path = write_result(tmp_path / "b.xlsx", plan_order_book(tables), tables, [], "zh", {}, [write_inputs])[0]
    rows = dict(openpyxl.load_workbook(path)["设置"].iter_rows(min_row=2, max_col=2, values_only=True))
    assert list(rows) == [SETTINGS[row["key"]].label_zh for row in good_case()["settings"]]
    assert rows["时段类型"] == "周"
    assert checked(path).tables.input_hash == tables.input_hash


def test_the_guide_gives_long_advice_its_lines(tmp_path):
    """Proves: advice that wraps has a row as high as its lines. Else LibreOffice shows the second line over the next
    row's, 165 characters in a cell of 110."""
    sheet = openpyxl.load_workbook(write_template(tmp_path / "a.xlsx"))["Read-me"]
    heights = {len(cell.value): sheet.row_dimensions[cell.row].height for cell in sheet["C"]
               if cell.value and cell.alignment.wrap_text}
    assert heights[max(heights)] > 1.8 * heights[min(heights)]


def test_figures_and_words_stand_apart(tmp_path):
    """Proves: words begin a little inside their cell, so that they never touch the figure on their left; figures and
    their headers stand on the right. Else "0" and "Spring Festival" read "0Spring Festival"."""
    sheet = openpyxl.load_workbook(write_template(tmp_path / "a.xlsx", example=True))["calendar"]
    sides = [(cell.alignment.horizontal, cell.alignment.indent) for cell in sheet[1]]
    assert sides == [("left", 1), ("right", 2), ("right", 2), ("right", 2), ("left", 1)]
    assert [sheet["D2"].alignment.horizontal, sheet["E2"].alignment.horizontal] == [None, "left"]
    assert sheet["E2"].alignment.indent == 1


def test_long_words_stand_whole_in_their_rows(tmp_path):
    """Proves: a name that is longer than its column goes on in further lines, and its row is high enough for them.
    Else the next column cuts it off. Figures keep their unit above them in a plain workbook, too."""
    case = good_case()
    case["items"][0]["name"] = "Solid-state pouch cell of the second generation, oxide route, delivered in trays " * 2
    tables = proven(from_records(case)).tables
    assert tables is not None
    for path in (write_template(tmp_path / "filled.xlsx", tables), write_workbook(tmp_path / "plain.xlsx", tables)):
        sheet = openpyxl.load_workbook(path)["items"]
        column = next(cell.column for cell in sheet[1] if cell.value == "name")
        width = sheet.column_dimensions[sheet.cell(2, column).column_letter].width
        assert sheet.cell(2, column).alignment.wrap_text and width < 80
        assert sheet.row_dimensions[2].height > 2 * 12 and sheet.row_dimensions[3].height is None
        assert "max_c_rate [C]" in [cell.value for cell in sheet[1]]


def test_settings_are_listed_with_their_own_checks(templates):
    """Proves: every setting stands ready with a note; its value is checked by its own type."""
    for book, title in ((templates["en"], "settings"), (templates["zh"], "设置")):
        sheet = book[title]
        assert [find_setting(sheet.cell(row, 1).value) for row in range(2, len(SETTINGS) + 2)] == list(SETTINGS)
        assert all(sheet.cell(row, 1).comment for row in range(2, len(SETTINGS) + 2))
        rules = {str(rule.sqref): rule.type for rule in sheet.data_validations.dataValidation}
        place = {key: f"B{row}" for row, key in enumerate(SETTINGS, start=2)}
        assert rules[place["start_date"]] == "date"
        assert rules[place["bucket"]] == "list"
        assert rules[place["bucket_count"]] == "whole"
        assert rules[place["gap"]] == "decimal"


def test_dictionary_holds_the_whole_schema(templates):
    """Proves: each setting and column has a row with its label, unit and meaning."""
    rows = {(row[0], row[1]): row for row in templates["en"]["Dictionary"].iter_rows(min_row=2, values_only=True)}
    expected = {("settings", key): column for key, column in SETTINGS.items()}
    expected |= {(table.name, column.name): column for table in TABLES.values() if table.name != "settings"
                 for column in table.columns}
    assert set(rows) == set(expected)
    for place, column in expected.items():
        assert rows[place][2] == column.label_zh
        assert rows[place][8] == column.meaning
        assert (rows[place][5] == "yes") == column.required


def test_empty_template_is_read_but_not_planned(tmp_path):
    """Proves: the empty template lacks only what a planner must fill in, and its guides raise no warning."""
    path = write_template(tmp_path / "a.xlsx")
    assert read(path).findings == []
    assert rules(checked(path)) == {"missing_value", "empty_table"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_filled_template_reads_back(language, tmp_path):
    """Proves: a filled template is the same input; defaults stay blank, so that they are counted again."""
    tables = good_tables()
    path = write_template(tmp_path / "a.xlsx", tables, language)
    again = checked(path)
    assert again.findings == []
    assert again.tables is not None
    assert again.tables.input_hash == tables.input_hash
    assert again.tables.defaults_used == tables.defaults_used
    for name, frame in tables.frames.items():
        assert frame.equals(again.tables.frames[name]), name


def test_words_in_chinese(tmp_path):
    """Proves: the Chinese template writes Chinese choices."""
    sheet = openpyxl.load_workbook(write_template(tmp_path / "a.xlsx", good_tables(), "zh"))["订单"]
    column = [cell.value for cell in sheet[1]].index("承诺类型")
    assert [row[column].value for row in sheet.iter_rows(min_row=2, max_row=3)] == ["确定", "可选"]


def test_plain_workbook_holds_the_case_as_given(tmp_path):
    """Proves: the shipped workbook has the given tables, columns and own columns in their order, and no more."""
    case = good_case()
    del case["lanes"], case["duties"]
    for number, row in enumerate(case["orders"]):
        row["注"] = [None, "=A1", "007", "http://example.com"][number]
    first = checked(write_csv(tmp_path / "csv", case)).tables
    assert first is not None
    path = write_workbook(tmp_path / "a.xlsx", first)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [name for name in TABLES if name in case]
    assert [split_unit(cell.value)[0] for cell in book["orders"][1]] == [*good_case()["orders"][0], "注"]
    again = checked(path).tables
    assert again is not None
    assert again.extras["orders"]["注"].tolist() == [None, "=A1", "007", "http://example.com"]
    assert again.input_hash == first.input_hash


def test_own_columns_keep_their_types(tmp_path):
    """Proves: a planner's own dates, times, figures and answers come back as they were typed."""
    case = good_case()
    own = [dt.datetime(2025, 5, 1, 8, 30), True, 0.1 + 0.2, dt.time(6, 15)]
    for row, value in zip(case["orders"], own, strict=True):
        row["own"] = value
    tables = proven(from_records(case)).tables
    assert tables is not None
    again = checked(write_workbook(tmp_path / "a.xlsx", tables)).tables
    assert again is not None
    assert again.extras["orders"]["own"].tolist() == own


@pytest.mark.parametrize("day", [dt.date(2191, 12, 31), dt.date(2200, 12, 31)])
def test_the_last_days_are_written(tmp_path, day):
    """Proves: every day that is accepted can be written. In nanoseconds 2192 is too far from a spreadsheet's day 0."""
    case = good_case()
    case["orders"] = [{**row, "due_date": day, "latest_date": None} for row in case["orders"]]
    tables = proven(from_records(case)).tables
    assert tables is not None
    for path in (write_template(tmp_path / "filled.xlsx", tables), write_workbook(tmp_path / "plain.xlsx", tables)):
        assert checked(path).tables.input_hash == tables.input_hash
    assert date_field("due", "due", tables.frames["orders"]["due_date"]).values[0] == (day - dt.date(1899, 12, 30)).days


def test_figures_keep_every_digit():
    """Proves: XlsxWriter's format of 16 digits would lose the last one of 0.1 + 0.2."""
    assert f"{ExactNumber(0.1 + 0.2):.16G}" == "0.30000000000000004"
    assert float(f"{0.1 + 0.2:.16G}") != 0.1 + 0.2


def test_nothing_half_written(tmp_path):
    """Proves: a file that cannot be written leaves nothing behind, and an existing one stays whole."""
    (tmp_path / "folder").write_text("x", encoding="utf-8")
    with pytest.raises(NotWritten):
        write_template(tmp_path / "folder" / "a.xlsx")
    path = write_template(tmp_path / "a.xlsx")
    assert zipfile.is_zipfile(path)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a.xlsx", "folder"]


def test_dropdowns_reach_every_row_they_name(tmp_path):
    """Proves: in a template filled with so many items a dropdown offers them all, and 5,000 rows of spare.

    If its range ended at row 5000 whatever is filled in: the last of 5,001 items would be called wrong.
    """
    tables = good_tables()
    book = openpyxl.load_workbook(write_template(tmp_path / "filled.xlsx", tables))
    formulas = {str(rule.formula1) for rule in book["routings"].data_validations.dataValidation}
    assert f"'items'!$A$2:$A${len(tables.frames['items']) + 5000}" in formulas
