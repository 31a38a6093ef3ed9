"""The plan's tables as sheets: which are always there, and what their colours mean."""

from __future__ import annotations

from dataclasses import dataclass

from model.report.explained import price_fields
from model.report.fields import own_fields, plan_fields
from model.report.sheets.book import Book
from model.report.sheets.extracts import decision_extras
from model.report.sheets.table import Condition, Heat, Mark, write_table


@dataclass(frozen=True)
class PlanSheet:
    """How one plan table is shown; without rows it has a sheet only if it is ``always`` shown.

    Rows stand as in the plan, or in the order of the column ``sort_by``.
    """

    table: str
    freeze: int = 1
    always: bool = True
    sort_by: str | None = None
    conditions: tuple[Condition, ...] = ()


UNSERVED = "OR({status}=<declined>,{status}=<left_out>)"
DECISIONS = PlanSheet("decisions", conditions=(
    Mark("status", "{status}=<missed>", "bad"),
    Mark("status", "{status}=<partial>", "warn"),
    Mark("status", "{status}=<accepted>", "good"),
    Mark("missed", "{missed}>0", "bad"),
    Mark("late_days", "{late_days}>0", "bad"),
    Mark("last_arrival", "{late_days}>0", "bad"),
    Mark("promised_date", "{days_after_due}>0", "bad"),
    Mark("days_after_due", "{days_after_due}>0", "bad"),
    Mark("margin_per_bottleneck_hour", "{margin_per_bottleneck_hour}<0", "bad"),
    # Before the whole row: why an order is declined stays readable.
    Mark("reason", UNSERVED, "dark"),
    Mark("*", UNSERVED, "faint"),
))
PRODUCTION = PlanSheet("production", freeze=2)
SHIPMENTS = PlanSheet("shipments", freeze=2, conditions=(
    Mark("late_days", "{late_days}>0", "bad"),
    Mark("arrival", "{late_days}>0", "bad"),
))
LINE_LOAD = PlanSheet("line_load", conditions=(
    Heat(("load",)),
    Mark("overtime_hours", "{overtime_hours}>0", "warn"),
    Mark("*", "{regular_hours}+{overtime_limit}=0", "faint"),
))
SETUPS = PlanSheet("setups", freeze=2, always=False)
RESOURCE_LOAD = PlanSheet("resource_load", always=False, conditions=(Heat(("load",)),))
STOCK_LEVELS = PlanSheet("stock_levels", freeze=2, conditions=(
    Mark("closing", "{closing}<{safety_stock}", "bad"),
))
MATERIAL_NEEDS = PlanSheet("material_needs", freeze=2, sort_by="order_by", conditions=(
    Mark("paid_quantity", "{paid_quantity}>{quantity}", "warn"),
))
TRANSFER_PLAN = PlanSheet("transfer_plan", freeze=3, always=False)
OPENINGS = PlanSheet("openings", always=False)
CHANGES = PlanSheet("changes", freeze=2, conditions=(
    Mark("frozen", "{frozen}=<yes>", "faint"),
    Mark("difference", "{difference}<0", "warn"),
    Mark("difference", "{difference}>0", "good"),
))
MISSES = PlanSheet("misses", freeze=2, always=False, conditions=(
    Mark("missed", "{missed}>0", "bad"),
))


def write_plan_sheet(book: Book, sheet: PlanSheet) -> None:
    """One plan table as a sheet; behind the order decisions' own columns stand further ones, and the planner's."""
    frame = book.case.frame(sheet.table)
    if frame.empty and not sheet.always:
        return
    if sheet.sort_by is not None:
        frame = frame.sort_values(sheet.sort_by, kind="stable")
    fields = plan_fields(book.case, sheet.table, frame)
    # These columns follow the plan's own order of rows, in which this sheet stays.
    if sheet is DECISIONS:
        fields += price_fields(book.case, frame["order"].tolist())
        fields += decision_extras(book)
        fields += own_fields(book.case, "orders", frame["order"], "order")
    write_table(book, book.case.say(f"sheet.{sheet.table}"), fields, freeze=sheet.freeze, conditions=sheet.conditions)


def write_changes(book: Book) -> None:
    """Production against the published plan, where one is in force."""
    published = book.case.tables.frames.get("published_plan")
    if published is not None and not published.empty:
        write_plan_sheet(book, CHANGES)
