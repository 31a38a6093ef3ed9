"""Rules and earlier decisions, solved by hand: A at 30 a unit; L1 makes it at 4, L2 at 8, 20 units a week each."""

from __future__ import annotations

from tests.constraints.book import ENDS, STARTS, Case, Row, book, line, order, routing
from tests.support import Records


def two_lines(bucket_count: int = 1, changes: Row | None = None, hours: float = 40, **tables: list[Row]) -> Records:
    """L1 makes A at 4 a unit, L2 at 8."""
    return book(bucket_count, changes, **{
        "lines": [line(hours=hours), line("L2", hours)],
        "routings": [routing(unit_cost=4), routing("L2", unit_cost=8)], **tables})


CASES = (
    Case("allocation_quota",
         "Proves: a quota bounds what ships to its customer, and to nobody else. By hand: K1 gets 6 of 10 at 30, K2 "
         "all 10 at 20: 180 + 200 = 380. If it bounded everybody: 180. If there were none: 500.",
         book(customers=[{"customer": "K1"}, {"customer": "K2"}],
              orders=[order(customer="K1"), order("P", customer="K2", unit_price=20)],
              allocations=[{"rule": "R", "customer": "K1", "max_qty": 6}]), 380, 500),
    Case("allocation_quota",
         "Proves: a quota counts the day of departure. By hand: until 01-12 at most 4, the rest leaves on 01-19 a week "
         "late at a tenth: 300 - 6 x 3 = 282. If arrivals (7 days later) were counted: 300.",
         book(2, markets=[{"market": "M"}], lanes=[{"site": "main", "market": "M", "transit_days": 7}],
              orders=[order(market="M", due_date=ENDS[1], latest_date=ENDS[2], late_rate=0.1)],
              allocations=[{"rule": "R", "to_date": ENDS[0], "max_qty": 4}]), 282, 300),
    Case("contract_minimum",
         "Proves: a contract's minimum ships though it loses 3 a unit, and one of next year does not count. By hand: 4 "
         "x (5 - 8) = -12. If it were no promise: 0. If the whole order, or next year's 9 were meant: -30, -27.",
         book(routings=[routing(unit_cost=8)], orders=[order(unit_price=5)],
              allocations=[{"rule": "R", "item": "A", "min_qty": 4},
                           {"rule": "next year", "item": "A", "from_date": "2026-01-01", "min_qty": 9}]), -12, 0),
    Case("fixed_pin",
         "Proves: fixed means exactly. By hand: 5 on L1 at 4, so 5 on L2 at 8: 300 - 20 - 40 = 240. If it meant at "
         "least, or nothing: all on L1, 260.",
         two_lines(pins=[{"order": "O", "line": "L1", "quantity": 5, "sense": "fixed"}]), 240, 260),
    Case("fixed_pin",
         "Proves: units from stock do not count towards a pin. By hand: 10 made for the order at 4 are shipped to it: "
         "260, the 10 in stock stay. If stock counted, or there were no pin: 300.",
         book(routings=[routing(unit_cost=4)], stock=[{"item": "A", "opening_stock": 10}],
              pins=[{"order": "O", "quantity": 10}]), 260, 300),
    Case("fixed_pin",
         "Proves: a pin comes before a firm order. By hand: 20 h make 10 units; 10 for P as pinned at 10 - 4, and O "
         "misses all 10: 60. If the firm order came first: 260, as without the pin.",
         book(lines=[line(hours=20)], routings=[routing(unit_cost=4)],
              orders=[order(commitment="firm"), order("P", unit_price=10)],
              pins=[{"order": "P", "quantity": 10}]), 60, 260, missed={"firm_order": 10}),
    Case("minimum_pin",
         "Proves: at least the pinned units are made on the dear line. By hand: 5 on L2 at 8: 300 - 20 - 40 = 240. If "
         "it bound nothing: 260.",
         two_lines(pins=[{"order": "O", "line": "L2", "quantity": 5, "sense": "min"}]), 240, 260),
    Case("minimum_pin",
         "Proves: a pin without line speaks of all lines together. By hand: 8 in week 1 are 5 on L1 and 3 on L2, the "
         "other 2 are made on L1 in week 2: 300 - 20 - 24 - 8 = 248. If it held on each line: 5 + 5 in week 1 and 6 "
         "missed. If it bound nothing: L1 alone, 260.",
         two_lines(2, hours=10, orders=[order(due_date=ENDS[1])],
                   pins=[{"order": "O", "bucket_start": STARTS[0], "quantity": 8, "sense": "min"}]), 248, 260),
    Case("minimum_pin",
         "Proves: a substitute made for the order counts towards its pin. By hand: L2 makes only B, sold at 0.9: 5 of "
         "it as pinned, 5 A: 5 x 27 + 5 x 30 = 285. If B did not count: 5 missed, 300. If it bound nothing: 300.",
         book(items=[{"item": "A"}, {"item": "B"}], lines=[line(), line("L2")],
              routings=[routing(), routing("L2", "B")],
              substitutes=[{"item": "A", "substitute": "B", "price_factor": 0.9}],
              orders=[order(substitution=True)],
              pins=[{"order": "O", "line": "L2", "quantity": 5, "sense": "min"}]), 285, 300),
    Case("maximum_pin",
         "Proves: at most the pinned units are made on the cheap line. By hand: 3 at 4 and 7 at 8: 300 - 12 - 56 = "
         "232. If it bound nothing: 260. If it were fixed at nothing: 220.",
         two_lines(pins=[{"order": "O", "line": "L1", "quantity": 3, "sense": "max"}]), 232, 260),
    Case("frozen_plan",
         "Proves: frozen weeks follow the published plan, with nothing on lines it does not name. By hand: 4 in week 1 "
         "as published, 5 + 5 in week 2: 14 x 30 - 9 x 4 - 5 x 8 = 344. If L2 were free in week 1: 19 units, 570 - 36 "
         "- 80 = 454. If nothing were frozen: 20 units, 600 - 40 - 80 = 480.",
         two_lines(2, {"frozen_until": STARTS[1]}, hours=10, orders=[order(quantity=20, due_date=ENDS[1])],
                   published_plan=[{"item": "A", "line": "L1", "bucket_start": STARTS[0], "quantity": 4}]), 344, 480),
    Case("frozen_plan",
         "Proves: the frozen plan comes before a firm order. By hand: 2 in week 1 as published, 8 missed, 52. If the "
         "firm order came first: 260, as without the frozen plan.",
         book(1, {"frozen_until": STARTS[1]}, routings=[routing(unit_cost=4)], orders=[order(commitment="firm")],
              published_plan=[{"item": "A", "line": "L1", "bucket_start": STARTS[0], "quantity": 2}]),
         52, 260, missed={"firm_order": 8}),
    Case("change_balance",
         "Proves: published units no longer made are paid for. By hand: 10 published on L2 move to L1, saving 4 and "
         "costing 3 each: 300 - 40 - 30 = 230; staying: 220. If moving were free: 260.",
         two_lines(1, {"change_cost": 3}, published_plan=[
             {"item": "A", "line": "L2", "bucket_start": STARTS[0], "quantity": 10}]), 230, 260),
)
