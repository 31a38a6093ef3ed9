"""Hours, solved by hand: A at 30 a unit takes 2 h a unit on L1, unless a case says otherwise."""

from __future__ import annotations

from tests.constraints.book import ENDS, STARTS, Case, book, line, order, routing

TWO_ITEMS = [{"item": "A"}, {"item": "B"}]

CASES = (
    Case("capacity_limit",
         "Proves: hours bound what is made. By hand: 12 h make 6 of 10 units: 180. If they did not: 300.",
         book(lines=[line(hours=12)]), 180, 300),
    Case("capacity_limit",
         "Proves: setup hours use capacity, once for each item. By hand: 40 h - 2 x 4 h = 32 h -> 10 A and 6 B -> "
         "300 + 120 = 420. If setups took no hours: 10 A and 10 B, 500.",
         book(items=TWO_ITEMS, routings=[routing(setup_hours=4), routing(item="B", setup_hours=4)],
              orders=[order(), order("P", item="B", unit_price=20)]), 420, 500),
    Case("capacity_limit",
         "Proves: setups may be made in overtime. By hand: 4 h setup and 20 h run are 20 h regular and 4 h overtime at "
         "5: 300 - 20 = 280. If setups needed regular hours, or overtime were for running only: the same hours, "
         "280 too; if overtime could not be used: 8 units, 240. Without the limit no overtime is worked: 300.",
         book(lines=[line(hours=20, overtime_hours=4, overtime_cost=5)], routings=[routing(setup_hours=4)]), 280, 300),
    Case("overtime_limit",
         "Proves: overtime is limited. By hand: 8 h and 4 h overtime at 5 make 6 units: 180 - 20 = 160. If overtime "
         "had no limit: 10 units with 12 h of it: 300 - 60 = 240.",
         book(lines=[line(hours=8, overtime_hours=4, overtime_cost=5)]), 160, 240),
    Case("overtime_limit",
         "Proves: the calendar takes its share of overtime too. By hand: half of 8 h and of 4 h make 3 units: "
         "90 - 10 = 80. If overtime kept its 4 h: 4 units, 120 - 20 = 100. Without the limit: 300 - 16 x 5 = 220.",
         book(lines=[line(hours=8, overtime_hours=4, overtime_cost=5)], calendar=[{"line": "L1", "availability": 0.5}]),
         80, 220),
    Case("resource_limit",
         "Proves: lines share a resource's hours. By hand: 6 h of the test bay at 1 h a unit: 6 units in all, 180. If "
         "each line had 6 h: 10 units, 300.",
         book(lines=[line(), line("L2")], routings=[routing(), routing("L2")],
              resources=[{"resource": "bay", "hours": 6}],
              routing_resources=[{"line": "L1", "item": "A", "resource": "bay", "hours_per_unit": 1},
                                 {"line": "L2", "item": "A", "resource": "bay", "hours_per_unit": 1}]), 180, 300),
    Case("expansion_choice",
         "Proves: at most one option of a line is chosen. By hand: from week 1 for 100: 40 units, 1200 - 100 = 1100; "
         "from week 2 for 10: 20 units, 590. If both could be chosen: 60 units, 1800 - 110 = 1690.",
         book(2, expansions=[{"line": "L1", "start_date": STARTS[0], "cost": 100},
                             {"line": "L1", "start_date": STARTS[1], "cost": 10}],
              orders=[order(quantity=100, due_date=ENDS[1])]), 1100, 1690),
)
