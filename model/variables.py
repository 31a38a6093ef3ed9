"""Every decision of the model: index set, domain, unit, meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Decision:
    """One family of variables; continuous ones are not negative."""

    name: str
    over: str
    domain: Literal["continuous", "binary", "whole"]
    unit: str
    meaning: str
    # The kind of promise whose breach it counts; blank: none.
    miss: str = ""


VARIABLES: tuple[Decision, ...] = (
    Decision("made", "LINE_MAKES_ITEM", "continuous", "unit", "Good units of an item made on a line in a bucket"),
    Decision("made_for", "OWN_MAKING", "continuous", "unit", "Part of it made for one pinned order"),
    Decision("made_to_ship", "MAKING_PARTS", "continuous", "unit", "Part of it for orders that can ship in one bucket "
             "only, by that bucket"),
    Decision("made_for_other_use", "OTHER_USES", "continuous", "unit", "Part of it for any other use, where "
             "the rest is divided so"),
    Decision("overtime", "LINE_BUCKETS", "continuous", "h", "Overtime worked on a line in a bucket"),
    Decision("is_set_up", "SETUPS", "binary", "", "Whether a line is set up for a setup group in a bucket"),
    Decision("is_running", "RUNS", "binary", "", "Whether an item with a minimum lot runs on a line in a bucket"),
    Decision("lot_count", "LOTS", "whole", "lots", "Lots of an item made on a line in a bucket"),
    Decision("is_opened", "EXPANSION_OPTIONS", "binary", "", "Whether a line is opened on an option's date"),
    Decision("bought", "PURCHASES", "continuous", "unit", "Units bought from an offer that arrive in a bucket"),
    Decision("unused_paid", "TAKE_OR_PAY", "continuous", "unit", "Units paid for under take or pay and not taken"),
    Decision("moved", "TRANSFERS", "continuous", "unit", "Units that leave one site for another in a bucket"),
    Decision("stock", "POOL_STOCK", "continuous", "unit", "Units in stock at the end of a bucket, by origin"),
    Decision("drawn", "DRAWN_STOCK", "continuous", "unit", "Units taken from a pool for any use open to all origins"),
    Decision("shipped", "SHIPMENTS", "continuous", "unit", "Units of an item shipped to an order, by origin, site, "
             "mode and bucket"),
    Decision("delivered", "ORDERS", "continuous", "unit", "Units shipped to an order in all"),
    Decision("is_accepted", "MINIMUM_FILL_ORDERS", "binary", "", "Whether an order with a minimum fill is delivered"),
    Decision("is_source", "ORDER_SOURCES", "binary", "", "Whether a single-line order is served from a source"),
    Decision("is_departure", "ORDER_DEPARTURES", "binary", "", "Whether a single delivery leaves by site, mode and "
             "bucket"),
    Decision("unmade_published", "PUBLISHED_MAKING", "continuous", "unit", "Published units no longer made on their "
             "line in their bucket"),
    Decision("frozen_short", "FROZEN_PUBLISHED", "continuous", "unit", "Units of the frozen plan not made",
             "frozen_plan"),
    Decision("frozen_excess", "FROZEN_MAKING", "continuous", "unit", "Units made beyond the frozen plan",
             "frozen_plan"),
    Decision("fixed_pin_short", "FIXED_PINS", "continuous", "unit", "Units a pin fixes and that are not made", "pin"),
    Decision("fixed_pin_excess", "FIXED_PINS", "continuous", "unit", "Units made beyond what a pin fixes", "pin"),
    Decision("minimum_pin_short", "MINIMUM_PINS", "continuous", "unit", "Units below a pin's minimum", "pin"),
    Decision("maximum_pin_excess", "MAXIMUM_PINS", "continuous", "unit", "Units above a pin's maximum", "pin"),
    Decision("missed_firm", "FIRM_ORDERS", "continuous", "unit", "Units of a firm order not delivered", "firm_order"),
    Decision("missed_contract", "CONTRACTS", "continuous", "unit", "Units short of a contract minimum",
             "contract_minimum"),
    Decision("missed_safety", "SAFETY_STOCK", "continuous", "unit", "Units short of safety stock", "safety_stock"),
    Decision("missed_final", "FINAL_STOCK", "continuous", "unit", "Units short of final stock", "final_stock"),
)
