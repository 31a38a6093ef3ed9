"""The result workbook: every sheet in its order, written safely, read again before it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from model.findings import Finding
from model.memory import no_collection
from model.report.case import Case
from model.report.chart_data import ChartData
from model.report.files import rejected_name
from model.report.recheck import write_checked
from model.report.shapes import ResultFacts, is_rejected
from model.report.sheets import plan_sheets as plan
from model.report.sheets.audit import write_audit
from model.report.sheets.book import Book
from model.report.sheets.chart_data import write_chart_data
from model.report.sheets.extracts import write_line_programme, write_promised_dates
from model.report.sheets.front_page import write_front_page
from model.report.sheets.insight import write_insight, write_timeline
from model.report.sheets.load_map import write_load_map
from model.report.sheets.margin import write_margin
from model.report.sheets.run import write_run
from model.tables import Tables

# In the order of the tabs; misses, where there are any, stand right behind the front page.
SHEETS: tuple[Callable[[Book], None], ...] = (
    partial(plan.write_plan_sheet, sheet=plan.MISSES),
    write_insight,
    write_timeline,
    partial(plan.write_plan_sheet, sheet=plan.DECISIONS),
    write_promised_dates,
    write_line_programme,
    partial(plan.write_plan_sheet, sheet=plan.PRODUCTION),
    partial(plan.write_plan_sheet, sheet=plan.SHIPMENTS),
    partial(plan.write_plan_sheet, sheet=plan.LINE_LOAD),
    write_load_map,
    partial(plan.write_plan_sheet, sheet=plan.SETUPS),
    partial(plan.write_plan_sheet, sheet=plan.RESOURCE_LOAD),
    partial(plan.write_plan_sheet, sheet=plan.STOCK_LEVELS),
    partial(plan.write_plan_sheet, sheet=plan.MATERIAL_NEEDS),
    partial(plan.write_plan_sheet, sheet=plan.TRANSFER_PLAN),
    partial(plan.write_plan_sheet, sheet=plan.OPENINGS),
    write_margin,
    plan.write_changes,
    write_audit,
    write_run,
)


def write_result(path: str | Path, result: ResultFacts, tables: Tables, findings: Sequence[Finding],
                 language: str = "en", run_facts: Mapping[str, object] | None = None,
                 further: Iterable[Callable[[Book], None]] = ()) -> list[Path]:
    """Write the plan as a workbook; returns the files written, none where there is no plan.

    The file stands at ``path``; beside it with the time in its name where another program holds ``path`` open; and
    as ``<name>.REJECTED.xlsx`` only, where the audit refused the plan. ``run_facts`` are further rows of the sheet Run;
    ``further`` write sheets behind the plan's. Raises NotWritten where no file can be written.
    """
    if result.plan is None:
        return []
    target = rejected_name(Path(path)) if is_rejected(result) else Path(path)
    case = Case(result, tables, result.plan, findings, language, run_facts or {})
    # Cells are millions of small objects, which the garbage collector would walk again and again.
    with no_collection():
        return [write_checked(target, lambda file: _write(file, case, further))]


def _write(path: Path, case: Case, further: Iterable[Callable[[Book], None]]) -> Book:
    book = Book.create(path, case)
    data = ChartData(case.say("sheet.chart_data"))
    write_front_page(book, data)
    for write_sheet in SHEETS:
        write_sheet(book)
    # Behind every sheet that puts a chart into it.
    write_chart_data(book, data)
    for write_sheets in further:
        write_sheets(book)
    book.file.close()
    return book
