"""The tables of a plan, once: every column with its kind, from which rounding, formats, labels and checks follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PlanKind = Literal["text", "quantity", "hours", "money", "price", "share", "days", "count", "date"]

# In the order in which the margin is reported; the objective's terms have the same names.
MONEY_TERMS = (
    "revenue", "late", "freight", "duty", "materials", "conversion", "setup", "overtime", "holding", "transfer",
    "expansion", "change",
)
# Kinds of miss, from the most to the least binding; kinds of one rank are added up.
MISS_RANKS: tuple[tuple[str, ...], ...] = (
    ("frozen_plan", "pin"),
    ("firm_order",),
    ("contract_minimum", "safety_stock", "final_stock"),
)
MISS_KINDS = tuple(kind for rank in MISS_RANKS for kind in rank)
# Typical orders below this are small: the solver's units are scaled, and quantities are written with more decimals.
SMALL_ORDER = 0.3
# A published plan is written with rounded quantities: production this close to them keeps the frozen plan.
FROZEN_ROUNDING = 1e-6


@dataclass(frozen=True)
class PlanColumn:
    """One column of a plan table."""

    name: str
    kind: PlanKind


def frozen_rounding(typical_quantity: float) -> float:
    """Units by which production may differ from the frozen plan: as much less as small orders are written finer."""
    return FROZEN_ROUNDING * (typical_quantity if typical_quantity < SMALL_ORDER else 1.0)


def _columns(description: str) -> tuple[PlanColumn, ...]:
    pairs = (word.split(":") for word in description.split())
    return tuple(PlanColumn(name, kind or "text") for name, kind in pairs)  # type: ignore[arg-type]


PLAN_TABLES: dict[str, tuple[PlanColumn, ...]] = {
    # One row per order of the book, those left out included; money in base currency, costs negative.
    "decisions": _columns(
        "order:text customer:text market:text region:text item:text commitment:text status:text quantity:quantity "
        "delivered:quantity delivered_on_time:quantity missed:quantity delivered_share:share first_ship:date "
        "last_arrival:date earliest_ship_date:date due_date:date latest_date:date late_days:days unit_price:price "
        "revenue:money late:money freight:money duty:money variable_cost:money margin:money unit_margin:price "
        "reason:text"
    ),
    # Good units by the order that ends up with them (blank: stays in stock) on a line in a bucket.
    "production": _columns(
        "order:text item:text line:text site:text bucket_start:date available_on:date quantity:quantity "
        "run_hours:hours conversion:money"
    ),
    # One row per order, item, making line (blank: opening stock, receipts and purchases), site, mode and bucket.
    "shipments": _columns(
        "order:text item:text line:text site:text market:text mode:text bucket_start:date departure:date arrival:date "
        "quantity:quantity late_days:days revenue:money late:money freight:money duty:money"
    ),
    "line_load": _columns(
        "line:text site:text technology:text bucket_start:date regular_hours:hours overtime_limit:hours "
        "run_hours:hours setup_hours:hours overtime_hours:hours idle_hours:hours load:share units:quantity "
        "overtime:money"
    ),
    "setups": _columns("line:text setup_group:text bucket_start:date setup_hours:hours setup:money"),
    "resource_load": _columns(
        "resource:text site:text bucket_start:date hours:hours used_hours:hours idle_hours:hours load:share"
    ),
    "stock_levels": _columns(
        "item:text site:text bucket_start:date bucket_end:date opening:quantity made:quantity received:quantity "
        "bought:quantity transferred_in:quantity consumed:quantity shipped:quantity transferred_out:quantity "
        "closing:quantity safety_stock:quantity storage_limit:quantity holding:money"
    ),
    "material_needs": _columns(
        "supplier:text item:text site:text bucket_start:date order_by:date quantity:quantity paid_quantity:quantity "
        "unit_cost:price materials:money"
    ),
    "transfer_plan": _columns(
        "from_site:text to_site:text item:text bucket_start:date departure:date arrival:date quantity:quantity "
        "transfer:money"
    ),
    "openings": _columns("line:text start_date:date expansion:money"),
    "margin": _columns("term:text amount:money"),
    # Production of line, item and bucket against the published plan, in every bucket of the horizon that has either.
    "changes": _columns(
        "line:text item:text bucket_start:date frozen:text published:quantity planned:quantity difference:quantity "
        "change:money"
    ),
    "misses": _columns("kind:text name:text bucket:date missed:quantity unit:text value:money"),
}
