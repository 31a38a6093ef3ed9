"""The two sheets that explain the workbook: how to fill it in, and every column of every table."""

from __future__ import annotations

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from model.labels import label
from model.report.styles import INK, INPUT, LINE, LINE_HEIGHTS, MIST, PALE_RED, SLATE, TEAL, Styles
from model.report.widths import column_width, wrapped_lines
from model.schema import SETTINGS, TABLES, Column
from model.template.words import allowed_text, default_text, meaning_of, sheet_name, unit_text, word

_STEPS = ("examples", "order", "names", "numbers", "dates", "blank", "own", "tables")
_COMMANDS = ("python run.py check {file}", "python run.py solve {file}")
_FIELDS = ("table", "column", "label_zh", "kind", "unit", "required", "default", "allowed", "meaning")
_NAME_WIDTH, _MEANING_WIDTH = 18.0, 92.0
_WIDEST = {"allowed": 40.0, "meaning": 70.0, "default": 34.0}


def write_read_me(book: Workbook, styles: Styles, language: str) -> None:
    """What the workbook is for, what the colours mean, how to fill it in and run it, and its tables."""
    sheet = book.add_worksheet(label("sheet.read_me", language))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 3)
    sheet.set_column(1, 1, 24)
    sheet.set_column(2, 2, _NAME_WIDTH)
    sheet.set_column(3, 3, _MEANING_WIDTH)
    sheet.write_string(1, 1, label("template.title", language),
                       styles.cell(bold=True, font_size=18, font_color=SLATE))
    sheet.set_row(1, 28)
    sheet.write_string(2, 1, label("template.purpose", language), styles.cell(font_color="#5B6975"))
    row = _section(sheet, styles, 4, label("template.colours", language))
    for key, look in (("required", {"bold": True, "font_color": "#FFFFFF", "bg_color": TEAL}),
                      ("optional", {"bold": True, "font_color": INK, "bg_color": MIST}),
                      ("input", INPUT), ("gap", {"bg_color": PALE_RED})):
        sheet.write_string(row, 1, label(f"template.colour.{key}", language),
                           styles.cell(border=1, border_color=LINE, **look))
        sheet.write_string(row, 2, label(f"template.colour.{key}.meaning", language), styles.cell())
        row += 1
    row = _section(sheet, styles, row + 1, label("template.how_to_fill", language))
    for key in _STEPS:
        sheet.write_string(row, 1, label(f"template.step.{key}", language), styles.cell(bold=True, valign="top"))
        words = label(f"template.step.{key}.meaning", language)
        sheet.merge_range(row, 2, row, 3, words, styles.cell(text_wrap=True, valign="top"))
        sheet.set_row(row, LINE_HEIGHTS[language] * wrapped_lines(words, _NAME_WIDTH + _MEANING_WIDTH) + 3)
        row += 1
    row = _section(sheet, styles, row + 1, label("template.how_to_run", language))
    for number, command in enumerate(_COMMANDS):
        sheet.write_string(row, 1, label(f"template.command.{number}", language), styles.cell(bold=True))
        sheet.write_string(row, 2, command.format(file=label("template.file", language)),
                           styles.cell(font_name="Consolas", font_color=SLATE))
        row += 1
    _write_tables(sheet, styles, language, _section(sheet, styles, row + 1, label("template.tables", language)))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)


def _section(sheet: Worksheet, styles: Styles, row: int, title: str) -> int:
    for column in range(1, 4):
        sheet.write_blank(row, column, None, styles.cell(bottom=2, bottom_color=TEAL))
    sheet.write_string(row, 1, title, styles.cell(bold=True, font_size=12, font_color=TEAL, bottom=2,
                                                  bottom_color=TEAL))
    sheet.set_row(row, 20)
    return row + 1


def _write_tables(sheet: Worksheet, styles: Styles, language: str, row: int) -> None:
    """A line for each table, linked to its sheet."""
    for table in TABLES.values():
        title = sheet_name(table.name, language)
        link = styles.cell(font_color=TEAL, underline=1, bold=table.required)
        sheet.write_url(row, 1, f"internal:'{title}'!A1", link, title)
        other = table.name if language == "zh" else table.label_zh
        sheet.write_string(row, 2, other, styles.cell())
        needed = f"  ({label('template.is_required', language)})" if table.required else ""
        sheet.write_string(row, 3, meaning_of(table.name, None, language) + needed, styles.cell())
        row += 1


def write_dictionary(book: Workbook, styles: Styles, language: str) -> None:
    """Every column of every table: type, unit, default, what is allowed and what it means."""
    sheet = book.add_worksheet(label("sheet.dictionary", language))
    header = styles.cell(bold=True, font_color="#FFFFFF", bg_color=SLATE, border=1, border_color=LINE)
    rows = [_facts(table.name, column, language) for table in TABLES.values() if table.name != "settings"
            for column in table.columns]
    rows = [_facts("settings", column, language) for column in SETTINGS.values()] + rows
    looks = {"plain": styles.cell(valign="top", text_wrap=True, bottom=1, bottom_color=LINE),
             "key": styles.cell(valign="top", bold=True, bottom=1, bottom_color=LINE)}
    for number, field in enumerate(_FIELDS):
        title = label(f"template.field.{field}", language)
        sheet.write_string(0, number, title, header)
        for place, facts in enumerate(rows, start=1):
            sheet.write_string(place, number, facts[field], looks["key" if field == "column" else "plain"])
        width = column_width([title + "   ", *(facts[field] for facts in rows)]) + 2
        sheet.set_column(number, number, min(width, _WIDEST.get(field, 26.0)))
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, len(rows), len(_FIELDS) - 1)
    sheet.set_row(0, 20)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _facts(table: str, column: Column, language: str) -> dict[str, str]:
    is_key = f" · {label('template.key', language)}" if column.key else ""
    return {
        "table": sheet_name(table, language), "column": column.name, "label_zh": column.label_zh,
        "kind": label(f"template.kind.{column.kind}", language) + is_key,
        "unit": unit_text(column, language),
        "required": word("yes" if column.required else "no", language),
        "default": default_text(table, column, language), "allowed": allowed_text(column, language),
        "meaning": meaning_of(table, column, language),
    }
