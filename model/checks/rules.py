"""Every rule of meaning, in the order in which a planner reads the findings."""

from __future__ import annotations

from collections.abc import Callable

from model.checks import dates, making, policy, selling
from model.checks.capacity import check_order_size
from model.checks.draft import Draft
from model.checks.numbers import check_magnitudes, check_shares
from model.checks.sources import check_bill_of_materials, check_sources

RULES: tuple[Callable[[Draft], None], ...] = (
    dates.check_horizon,
    dates.check_date_order,
    dates.check_dates_in_horizon,
    making.check_lines_and_resources,
    making.check_setups,
    making.check_lots,
    making.check_routing_references,
    making.check_expansions,
    making.check_stock,
    making.check_quantities,
    making.check_supply_overlap,
    making.check_transfers,
    check_bill_of_materials,
    check_sources,
    selling.check_substitutes,
    selling.check_duties,
    selling.check_currencies,
    selling.check_lanes,
    selling.check_orders,
    check_order_size,
    policy.check_allocations,
    policy.check_pins,
    policy.check_published,
    check_magnitudes,
    check_shares,
)
