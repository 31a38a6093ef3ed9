"""Every parameter of the benchmark's order books, in one place.

They are fixed before anything is tuned on the books; a later change of one of them is said in the README. Money in CNY,
quantities in MWh, hours are machine hours of a line, durations in weeks unless the name says days.
"""

from __future__ import annotations

from typing import NamedTuple


class Size(NamedTuple):
    """How many orders, lines, weeks and items a book has, and the default time limit of a search [s]."""

    orders: int
    lines: int
    weeks: int
    items: int
    time_limit: float


class Technology(NamedTuple):
    """What a part of the plant makes: ``price`` [CNY/MWh] of a typical item, its bought ``material`` and
    ``material_per_unit`` [t/MWh], shares of the plant's lines and items, and share of the orders."""

    name: str
    sector: str
    price: float
    material: str
    material_per_unit: float
    line_share: float
    item_share: float
    order_share: float


class Market(NamedTuple):
    """Where orders go: ``share`` of the orders, duty, and (mode, freight per unit, days in transit) of each lane."""

    name: str
    region: str
    currency: str
    duty_rate: float
    share: float
    lanes: tuple[tuple[str, float, int], ...]


SIZES = {
    "XS": Size(30, 6, 16, 6, 5.0),
    "S": Size(200, 10, 26, 8, 10.0),
    "M": Size(2_000, 30, 52, 30, 60.0),
    "L": Size(20_000, 60, 52, 75, 180.0),
    "XL": Size(50_000, 100, 104, 150, 420.0),
}
"""XS is for tests of the tools themselves."""
FAMILIES = ("plain", "setups", "single", "staged")

START_DATE = "2025-03-31"
LOAD = 1.2
"""Hours that all orders want, over the regular hours of all lines up to the last deadline."""
FORMATION_LOAD = 1.25
"""The same for the shared formation chambers of each site, in the staged family."""

# Plant
REGULAR_HOURS, OVERTIME_HOURS = 150.0, 18.0
LINES_OF_ITEM = (2, 4)
"""Least and most lines that can make an item."""
LINE_SPEED = (0.8, 1.25)
"""Hours per unit of a line, relative to its technology; lines of an identical group are all alike."""
ITEM_EFFORT = (0.8, 1.25)
"""Hours per unit of an item, relative to its technology."""
YIELD = (0.96, 0.995)
OVERTIME_MARGIN_SHARE = 0.35
"""Cost of an overtime hour as a share of the typical margin that an hour earns."""
HOLDING_SHARE = 0.001
"""Cost of holding a unit for a bucket, as a share of its price."""
MAINTENANCE_EVERY, MAINTENANCE_AVAILABILITY = 20, 0.4
"""Each line (but not those of identical groups) has one week of maintenance every so many weeks."""
HOLIDAYS = (("04-04", "04-06", 0.5), ("05-01", "05-05", 0.4), ("10-01", "10-08", 0.3), ("02-10", "02-17", 0.3))
IDENTICAL_GROUP = (2, 4)
"""Least and most lines of a group of identical lines, in the family of single-line orders."""

# Lot sizing
SETUP_SHARE = 0.8
"""Share of the routings that need a setup."""
SETUP_HOURS, SETUP_MARGIN_HOURS, MIN_LOT_HOURS = (3.0, 10.0), (0.5, 2.0), (8.0, 24.0)
"""Hours of a setup, its cost in hours of typical margin, and the smallest lot in hours of its line."""
SHARED_GROUP_SHARE = 0.2
"""Share of the items that share a setup group with the item before them."""

# Money
COST_SHARE = 0.8
"""Conversion and materials of a typical item, as a share of its price."""
LINE_COST = (0.96, 1.04)
PRICE_OF_ITEM, PRICE_OF_ORDER = 0.05, 0.07
"""Spread (of the logarithm) of prices between items, and between orders for one item."""
RATES = {"USD": 7.2, "EUR": 7.8}
MATERIALS = {"lead": 15_400.0, "lfp_cathode": 62_000.0}
MATERIAL_LEAD_DAYS, MATERIAL_OPENING_BUCKETS = 7, 3.0
"""Lead time of materials, and their opening stock in buckets of use at full load."""

# Orders
QUANTITY_MEDIAN, QUANTITY_SPREAD = 20.0, 0.8
"""Order quantities are lognormal."""
ITEM_DEMAND_SPREAD = 0.4
MOST_OF_CAPACITY = 0.5
"""No order asks for more than this share of what the slowest of its lines could make until it has to leave."""
LATEST_AFTER_DUE, LATEST_SHARE = (2, 6), 0.7
"""Weeks from due to latest date, and share of the orders that may be late at all."""
SHIP_BEFORE_DUE = (1, 8)
"""Weeks before the due date, transit aside, from which an order may be shipped."""
FIRST_DUE = 3
"""The first due date lies so many weeks after the start, transit aside."""
ORDERED_BEFORE_SHIP = (1, 10)
LATE_RATES, LATE_CAPS, GRACE_DAYS = (0.005, 0.01, 0.015), (0.05, 0.1), (0, 7)
FIRM_SHARE, FIRM_QUANTITY, FIRM_FIRST_DUE = 0.02, 0.3, 6
"""Share of firm orders, their quantity relative to others, and weeks after the start when the first is due."""
SINGLE_LINE_SHARE, ALL_OR_NOTHING_SHARE = 0.2, 0.4
"""In the family of single-line orders; drawn independently."""
ORDERS_PER_CUSTOMER, MOST_CUSTOMERS = 10, 400
TIERS = (("A", 0.2, 2), ("B", 0.3, 4), ("C", 0.5, 6))
"""Tier, share of the customers, and priority of its orders, one more or less."""
INCOTERMS = {"domestic": (("DAP", 0.8), ("EXW", 0.2)), "overseas": (("CIF", 0.4), ("DDP", 0.4), ("FOB", 0.2))}

TECHNOLOGIES = (
    Technology("lead", "backup", 620_000.0, "lead", 16.5, 0.3, 0.25, 0.3),
    Technology("ess", "storage", 480_000.0, "lfp_cathode", 2.4, 0.4, 0.375, 0.4),
    Technology("hvl", "data centre", 1_150_000.0, "lfp_cathode", 2.6, 0.3, 0.375, 0.3),
)
STAGES = (
    Technology("cells", "cells", 340_000.0, "lfp_cathode", 2.4, 0.3, 0.25, 0.05),
    Technology("packs", "civil", 420_000.0, "", 0.0, 0.3, 0.25, 0.2),
    Technology("systems", "storage", 540_000.0, "", 0.0, 0.4, 0.5, 0.75),
)
"""Cells go into packs; systems are made of packs or of cells, item by item."""
CELL_LEAD_DAYS, CELL_OPENING_BUCKETS = 10, 2.0
"""Formation and ageing of cells, and their opening stock in buckets of use at full load."""
FORMATION_HOURS = (20.0, 28.0)
"""Hours of a formation chamber that a unit of cells takes."""
SITE = "yangzhou"
SECOND_SITE = "jiujiang"
SECOND_SITE_FREIGHT, SECOND_SITE_DAYS = 1.2, 2
"""Freight from the second site relative to the first, and further days in transit overseas."""
TRANSFER_COST, TRANSFER_DAYS = 2_500.0, 3

MARKETS = (
    Market("cn_east", "domestic", "CNY", 0.0, 0.30, (("road", 6_000.0, 1),)),
    Market("cn_north", "domestic", "CNY", 0.0, 0.20, (("road", 11_000.0, 3),)),
    Market("cn_south", "domestic", "CNY", 0.0, 0.20, (("road", 10_000.0, 3),)),
    Market("se_asia", "overseas", "USD", 0.03, 0.10, (("sea", 20_000.0, 10),)),
    Market("europe", "overseas", "EUR", 0.027, 0.12, (("sea", 44_000.0, 40), ("rail", 72_000.0, 20))),
    Market("us", "overseas", "USD", 0.05, 0.08, (("sea", 46_000.0, 32),)),
)
DUTY_CHANGE = ("us", 0.5, 0.09)
"""Market whose duty rate changes, at which share of the horizon, and to what."""
OVERSEAS_PREMIUM = 1.08
"""Prices overseas relative to domestic ones."""
