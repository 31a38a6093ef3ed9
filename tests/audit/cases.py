"""Cases rich in features, small enough to solve in a second; together their plans fill every table and column."""

from __future__ import annotations

from typing import Any

from tests.support import settings

Records = dict[str, Any]


def storage_systems() -> Records:
    """Cells into racks at two sites: components, transfers, lead times, purchases, setups, targets, sea and air."""
    return {
        "settings": settings(8, change_cost=3.0, frozen_until="2025-01-13", currency="CNY"),
        "sites": [{"site": "east"}, {"site": "west"}],
        "items": [
            {"item": "rack", "family": "ess", "max_c_rate": 2.0, "max_backup_minutes": 240.0},
            {"item": "rack_x", "family": "ess", "max_c_rate": 4.0, "max_backup_minutes": 240.0},
            {"item": "cell", "family": "cells"}, {"item": "foil", "family": "raw", "unit": "t"},
        ],
        "stock": [
            {"item": "rack", "site": "east", "opening_stock": 6.0, "safety_stock": 1.0, "holding_cost": 0.7,
             "storage_limit": 60.0},
            {"item": "cell", "site": "east", "opening_stock": 25.0, "final_stock": 4.0, "holding_cost": 0.2,
             "storage_limit": 400.0},
            {"item": "foil", "site": "west", "opening_stock": 11.0, "holding_cost": 0.05},
        ],
        "lines": [
            {"line": "C1", "site": "west", "technology": "lfp", "regular_hours": 90.0, "overtime_hours": 20.0,
             "overtime_cost": 13.0},
            {"line": "C2", "site": "east", "technology": "lfp", "regular_hours": 60.0},
            {"line": "P1", "site": "east", "technology": "pack", "regular_hours": 70.0, "overtime_hours": 15.0,
             "overtime_cost": 9.0},
            {"line": "P2", "site": "east", "technology": "pack", "regular_hours": 40.0, "start_date": "2025-01-15"},
        ],
        "calendar": [
            {"line": "P1", "from_date": "2025-01-27", "to_date": "2025-02-02", "availability": 0.5},
            {"from_date": "2025-02-10", "to_date": "2025-02-12", "availability": 0.75, "reason": "maintenance"},
        ],
        "routings": [
            {"line": "C1", "item": "cell", "hours_per_unit": 0.9, "unit_cost": 2.2, "yield_share": 0.94,
             "lead_time_days": 7, "setup_hours": 3.0, "setup_cost": 20.0},
            {"line": "C2", "item": "cell", "hours_per_unit": 1.1, "unit_cost": 2.5, "yield_share": 0.97,
             "min_lot": 5.0},
            {"line": "P1", "item": "rack", "hours_per_unit": 2.1, "unit_cost": 4.1, "setup_group": "racks",
             "setup_hours": 2.0, "setup_cost": 11.0},
            {"line": "P1", "item": "rack_x", "hours_per_unit": 2.4, "unit_cost": 5.3, "setup_group": "racks",
             "setup_hours": 2.0, "setup_cost": 11.0},
            {"line": "P2", "item": "rack", "hours_per_unit": 2.0, "unit_cost": 4.4, "lot_multiple": 2.5},
        ],
        "resources": [{"resource": "test_bay", "site": "east", "hours": 55.0}],
        "routing_resources": [
            {"line": "P1", "item": "rack", "resource": "test_bay", "hours_per_unit": 1.3},
            {"line": "P1", "item": "rack_x", "resource": "test_bay", "hours_per_unit": 1.5},
            {"line": "P2", "item": "rack", "resource": "test_bay", "hours_per_unit": 1.2},
        ],
        "bill_of_materials": [
            {"item": "rack", "component": "cell", "quantity_per": 2.0},
            {"item": "rack_x", "component": "cell", "quantity_per": 2.5},
            {"item": "cell", "component": "foil", "quantity_per": 0.3},
        ],
        "supply": [
            {"supplier": "north", "item": "foil", "site": "west", "unit_cost": 1.7, "lead_time_days": 9,
             "max_qty": 18.0, "min_qty": 2.0},
            {"supplier": "south", "item": "foil", "site": "east", "unit_cost": 2.1, "lead_time_days": 5},
            {"supplier": "trade", "item": "cell", "site": "east", "unit_cost": 6.5, "lead_time_days": 14,
             "max_qty": 12.0, "from_date": "2025-01-06", "to_date": "2025-02-09"},
        ],
        "receipts": [{"item": "cell", "site": "east", "date": "2025-01-15", "quantity": 8.0}],
        "currencies": [{"currency": "USD", "rate": 7.1}],
        "markets": [
            {"market": "home", "region": "domestic"},
            {"market": "overseas", "region": "overseas", "currency": "USD", "duty_rate": 0.1},
        ],
        "duties": [
            {"market": "overseas", "from_date": "2025-03-01", "duty_rate": 0.15},
            {"market": "overseas", "item": "rack_x", "from_date": "2025-02-01", "duty_rate": 0.04},
        ],
        "lanes": [
            {"site": "east", "market": "overseas", "mode": "sea", "freight_cost": 1.5, "transit_days": 25},
            {"site": "east", "market": "overseas", "mode": "air", "freight_cost": 9.0, "transit_days": 4},
            {"site": "east", "market": "home", "freight_cost": 0.4, "transit_days": 2},
        ],
        "transfers": [
            {"from_site": "west", "to_site": "east", "unit_cost": 0.3, "transit_days": 3},
            {"from_site": "west", "to_site": "east", "item": "cell", "unit_cost": 0.25, "transit_days": 1},
        ],
        "customers": [{"customer": "grid"}, {"customer": "cloud"}, {"customer": "small"}],
        "orders": [
            {"order": "F1", "customer": "grid", "market": "home", "item": "rack", "quantity": 14.0, "unit_price": 44.0,
             "commitment": "firm", "due_date": "2025-01-28"},
            {"order": "F2", "customer": "cloud", "market": "overseas", "item": "rack_x", "quantity": 12.0,
             "unit_price": 9.5, "commitment": "firm", "due_date": "2025-03-10", "latest_date": "2025-03-24",
             "late_rate": 0.02, "late_grace_days": 2, "late_cap": 0.05, "min_c_rate": 3.0, "incoterm": "DDP"},
            {"order": "O1", "customer": "small", "market": "home", "item": "rack", "quantity": 21.0, "unit_price": 41.0,
             "due_date": "2025-02-10", "latest_date": "2025-02-24", "late_rate": 0.01, "min_fill": 0.5,
             "substitution": True},
            {"order": "O2", "customer": "cloud", "market": "overseas", "item": "rack", "quantity": 17.0,
             "unit_price": 6.8, "due_date": "2025-02-05", "due_basis": "departure", "latest_date": "2025-02-28",
             "late_rate": 0.015, "incoterm": "FOB"},
            {"order": "O3", "market": "home", "item": "cell", "quantity": 30.0, "unit_price": 8.9,
             "due_date": "2025-02-20", "earliest_ship_date": "2025-02-01", "incoterm": "CIF"},
            {"order": "O4", "customer": "grid", "item": "rack", "quantity": 9.0, "unit_price": 12.0,
             "due_date": "2025-02-20"},
            {"order": "O5", "customer": "grid", "market": "home", "item": "rack", "quantity": 9.0, "unit_price": 45.0,
             "due_date": "2025-02-20", "decision": "decline"},
            {"order": "T1", "customer": "grid", "market": "home", "item": "rack", "quantity": 9.0, "unit_price": 45.0,
             "due_date": "2025-02-20", "win_probability": 0.2},
        ],
        "substitutes": [
            {"item": "rack", "substitute": "rack_x", "price_factor": 1.0},
            {"item": "rack", "substitute": "rack_x", "market": "home", "price_factor": 1.06},
        ],
        "published_plan": [
            {"order": "F1", "item": "rack", "line": "P1", "bucket_start": "2025-01-06", "quantity": 4.0},
            {"order": "F1", "item": "rack", "line": "P2", "bucket_start": "2025-01-20", "quantity": 5.0},
            {"item": "cell", "line": "C2", "bucket_start": "2025-01-27", "quantity": 50.0},
            {"item": "cell", "line": "C2", "bucket_start": "2025-01-06", "quantity": 12.0},
        ],
    }


def traced_orders() -> Records:
    """Orders whose origin matters: single lines, approvals, pins, single deliveries, quotas, an expansion."""
    lines = [("L1", 19.0), ("L2", 17.0), ("L3", 26.0)]
    return {
        "settings": settings(5),
        "items": [{"item": "A", "family": "hv"}, {"item": "B", "family": "hv"}],
        "stock": [{"item": "A", "opening_stock": 7.0, "holding_cost": 0.4}, {"item": "B", "holding_cost": 0.3}],
        "lines": [{"line": line, "technology": "hv", "regular_hours": hours, "overtime_hours": 4.0,
                   "overtime_cost": 6.0}
                  for line, hours in lines],
        "expansions": [{"line": "L3", "start_date": "2025-01-13", "cost": 5.0},
                       {"line": "L3", "start_date": "2025-01-22", "cost": 4.0}],
        "routings": [
            {"line": "L1", "item": "A", "hours_per_unit": 2.0, "unit_cost": 1.5, "setup_hours": 1.0, "setup_cost": 4.0},
            {"line": "L2", "item": "A", "hours_per_unit": 2.2, "unit_cost": 1.2},
            {"line": "L3", "item": "A", "hours_per_unit": 1.8, "unit_cost": 1.9},
            {"line": "L1", "item": "B", "hours_per_unit": 1.4, "unit_cost": 1.1, "setup_hours": 2.0, "setup_cost": 3.0},
            {"line": "L2", "item": "B", "hours_per_unit": 1.6, "unit_cost": 1.0, "min_lot": 3.0},
        ],
        "supply": [{"supplier": "S", "item": "A", "unit_cost": 2.0, "max_qty": 1.0, "min_qty": 0.5,
                    "lead_time_days": 10}],
        "markets": [{"market": "home", "region": "domestic"}, {"market": "out", "region": "overseas"}],
        "lanes": [{"site": "main", "market": "out", "mode": "rail", "freight_cost": 0.8, "transit_days": 6}],
        "customers": [{"customer": name} for name in ("K1", "K2", "K3")],
        "orders": [
            {"order": "A1", "customer": "K1", "market": "home", "item": "A", "quantity": 13.0, "unit_price": 21.0,
             "single_line": True, "due_date": "2025-01-26", "commitment": "firm"},
            {"order": "A2", "customer": "K2", "market": "home", "item": "A", "quantity": 11.0, "unit_price": 19.0,
             "due_date": "2025-01-30", "latest_date": "2025-02-09", "late_rate": 0.03},
            {"order": "A3", "customer": "K3", "market": "out", "item": "A", "quantity": 16.0, "unit_price": 23.0,
             "single_delivery": True, "due_date": "2025-02-08", "latest_date": "2025-02-16", "late_rate": 0.02},
            {"order": "A4", "customer": "K1", "market": "home", "item": "A", "quantity": 18.0, "unit_price": 18.0,
             "min_fill": 1.0, "due_date": "2025-02-09"},
            {"order": "A5", "customer": "K3", "market": "home", "item": "A", "quantity": 15.0, "unit_price": 17.5,
             "due_date": "2025-02-09", "commitment": "firm"},
            {"order": "B1", "customer": "K2", "market": "home", "item": "B", "quantity": 14.0, "unit_price": 12.0,
             "due_date": "2025-01-20", "latest_date": "2025-02-02", "late_rate": 0.05, "late_cap": 0.08},
            {"order": "B2", "customer": "K3", "market": "out", "item": "B", "quantity": 12.0, "unit_price": 13.0,
             "due_date": "2025-02-12", "incoterm": "EXW"},
            {"order": "B3", "market": "home", "item": "B", "quantity": 12.0, "unit_price": 8.0, "decision": "accept",
             "due_date": "2025-02-09"},
        ],
        "approvals": [{"customer": "K2", "item": "A", "line": "L2"}, {"customer": "K3", "item": "B", "line": "L1"},
                      {"customer": "K3", "item": "B", "line": "L2"}],
        "allocations": [
            {"rule": "cap_out", "region": "overseas", "max_qty": 22.0},
            {"rule": "k2", "customer": "K2", "from_date": "2025-01-06", "to_date": "2025-02-09", "min_qty": 14.0},
        ],
        "pins": [
            {"order": "A5", "line": "L2", "bucket_start": "2025-01-13", "quantity": 6.0, "sense": "fixed"},
            {"order": "B2", "line": "L1", "quantity": 5.0, "sense": "min"},
        ],
    }


def broken_promises() -> Records:
    """More promised than one line can make: every kind of miss at once."""
    return {
        "settings": settings(4, frozen_until="2025-01-13"),
        "items": [{"item": "A", "family": "f"}, {"item": "B", "family": "f", "unit": "pcs"}],
        "stock": [{"item": "A", "safety_stock": 2.0, "final_stock": 9.0, "holding_cost": 0.2},
                  {"item": "B", "opening_stock": 3.0, "safety_stock": 4.0}],
        "lines": [{"line": "L1", "technology": "x", "regular_hours": 20.0, "overtime_hours": 2.0,
                   "overtime_cost": 5.0}],
        "routings": [
            {"line": "L1", "item": "A", "hours_per_unit": 2.0, "unit_cost": 1.0},
            {"line": "L1", "item": "B", "hours_per_unit": 1.0, "unit_cost": 0.5, "setup_hours": 1.5, "setup_cost": 2.0},
        ],
        "markets": [{"market": "home", "region": "domestic"}],
        "customers": [{"customer": "K1"}, {"customer": "K2"}],
        "orders": [
            {"order": "F1", "customer": "K1", "market": "home", "item": "A", "quantity": 24.0, "unit_price": 15.0,
             "commitment": "firm", "due_date": "2025-01-26", "latest_date": "2025-02-02", "late_rate": 0.01},
            {"order": "F2", "customer": "K2", "market": "home", "item": "B", "quantity": 30.0, "unit_price": 9.0,
             "commitment": "firm", "due_date": "2025-02-02", "min_fill": 0.3},
            {"order": "O1", "customer": "K2", "market": "home", "item": "A", "quantity": 6.0, "unit_price": 30.0,
             "due_date": "2025-02-02"},
        ],
        "allocations": [{"rule": "contract", "customer": "K2", "item": "A", "min_qty": 5.0}],
        "pins": [{"order": "F1", "line": "L1", "bucket_start": "2025-01-20", "quantity": 14.0, "sense": "min"}],
        "published_plan": [
            {"order": "F1", "item": "A", "line": "L1", "bucket_start": "2025-01-06", "quantity": 12.0},
            {"item": "B", "line": "L1", "bucket_start": "2025-01-27", "quantity": 3.0},
        ],
    }


CASES = {"storage_systems": storage_systems, "traced_orders": traced_orders, "broken_promises": broken_promises}
