"""What an order may get, solved by hand: one line of 2 h a unit, one item at 30 a unit, unless a case says
otherwise."""

from __future__ import annotations

from tests.constraints.book import ENDS, Case, book, line, order, routing

LUMPY = book(
    lines=[line(hours=10)], routings=[routing(hours_per_unit=1)],
    orders=[order("A", quantity=6, unit_price=10, min_fill=1), order("B", quantity=5, unit_price=9.6, min_fill=1),
            order("C", quantity=5, unit_price=9.4, min_fill=1)])

CASES = (
    Case("delivery_balance",
         "Proves: shipments of all weeks add up to what an order gets. By hand: 10 x 30 = 300. If each week's shipment "
         "were held to the order alone, or nothing tied them to it: 20 units in either week, 1200.",
         book(2, orders=[order(due_date=ENDS[1])]), 300, 1200),
    Case("delivery_limit",
         "Proves: no order gets more than it asked for. By hand: 10 + 4 units, 10 x 30 + 4 x 20 = 380. If the line's "
         "20 units all went to the dearer order: 600.",
         book(orders=[order(), order("P", quantity=4, unit_price=20)]), 380, 600),
    Case("firm_delivery",
         "Proves: a firm order is delivered though it loses 3 a unit. By hand: 10 x (5 - 8) = -30. If it could be "
         "declined: 0.",
         book(routings=[routing(unit_cost=8)], orders=[order(unit_price=5, commitment="firm")]), -30, 0),
    Case("firm_delivery",
         "Proves: accepting an order by decision makes it firm. By hand: 10 x (5 - 8) = -30. If it stayed optional: 0.",
         book(routings=[routing(unit_cost=8)], orders=[order(unit_price=5, decision="accept")]), -30, 0),
    Case("minimum_fill",
         "Proves: an order accepted gets its minimum fill. By hand: 8 h make 4 units, less than half of 10: 0. "
         "If any part could be delivered: 120.",
         book(lines=[line(hours=8)], orders=[order(min_fill=0.5)]), 0, 120),
    Case("minimum_fill",
         "Proves: a firm order that cannot be met in full keeps its minimum fill. By hand: 4 units are less than half "
         "of 10, so all 10 are missed: 0. If firm orders had no minimum fill: 4 units, 120, and 6 missed.",
         book(lines=[line(hours=8)], orders=[order(min_fill=0.5, commitment="firm")]), 0, 120,
         missed={"firm_order": 10}),
    Case("delivery_needs_acceptance",
         "Proves: all-or-nothing orders are not cut. By hand: 10 h at 1 h a unit take 5 + 5 units, 48 + 47 = 95. "
         "If they could be cut: 60 + 4 x 9.6 = 98.4.",
         LUMPY, 95, 98.4),
    Case("delivery_needs_source",
         "Proves: a single-line order is made on one line. By hand: the larger line makes 6, 180. If both lines "
         "served it: 6 + 4 = 10 units, 300.",
         book(lines=[line(hours=12), line("L2", 10)], routings=[routing(), routing("L2")],
              orders=[order(single_line=True)]), 180, 300),
    Case("single_source",
         "Proves: stock and purchases together are one source, a line is another. By hand: 3 from stock and 2 bought "
         "at 4 earn 150 - 8 = 142; the line's 4 earn 120. If all sources served it: 9 x 30 - 8 = 262; if stock and "
         "purchases were two sources: 120.",
         book(lines=[line(hours=8)], stock=[{"item": "A", "opening_stock": 3}],
              supply=[{"supplier": "S", "item": "A", "unit_cost": 4, "max_qty": 2}],
              orders=[order(single_line=True)]), 142, 262),
    Case("delivery_needs_departure",
         "Proves: a single delivery leaves at once. By hand: 6 units a week, all 10 wait for week 2 and pay a tenth: "
         "300 - 30 = 270; only week 1's 6: 180. If it could be split: 6 in time, 4 late: 300 - 12 = 288.",
         book(2, lines=[line(hours=12)],
              orders=[order(single_delivery=True, latest_date=ENDS[1], late_rate=0.1)]), 270, 288),
    Case("single_departure",
         "Proves: a single delivery leaves from one site. By hand: the larger stock of 5: 150. If each site could "
         "send its part: 9 x 30 = 270.",
         book(sites=[{"site": "north"}, {"site": "south"}], lines=[line(hours=0, site="north")],
              stock=[{"item": "A", "site": "north", "opening_stock": 4},
                     {"item": "A", "site": "south", "opening_stock": 5}],
              orders=[order(single_delivery=True)]), 150, 270),
    Case("single_departure",
         "Proves: a single delivery takes one mode. By hand: 6 a week; by sea (10 days, 1 a unit) week 1's 6 arrive by "
         "01-22, by air (2 days, 6 a unit) week 2's do too. All 10 by air in week 2: 10 x 24 = 240; 6 by sea: 174. If "
         "it could be split: 6 x 29 + 4 x 24 = 270.",
         book(2, lines=[line(hours=12)], markets=[{"market": "M"}],
              lanes=[{"site": "main", "market": "M", "mode": "sea", "freight_cost": 1, "transit_days": 10},
                     {"site": "main", "market": "M", "mode": "air", "freight_cost": 6, "transit_days": 2}],
              orders=[order(market="M", single_delivery=True, due_date="2025-01-22")]), 240, 270),
)
