"""Setups and lots, solved by hand: A at 30 a unit takes 2 h a unit of L1's 40, unless a case says otherwise."""

from __future__ import annotations

from tests.constraints.book import ENDS, STARTS, Case, book, line, order, routing

TWO_ITEMS = [{"item": "A"}, {"item": "B"}]

CASES = (
    Case("making_needs_setup",
         "Proves: making needs a setup, every week anew. By hand: 6 a week make 10 units in two weeks with two setups: "
         "300 - 2 x 50 = 200; week 1 alone: 180 - 50 = 130. If a setup carried over: 250. If none were needed: 300.",
         book(2, lines=[line(hours=12)], routings=[routing(setup_cost=50)], orders=[order(due_date=ENDS[1])]),
         200, 300),
    Case("making_needs_setup",
         "Proves: items of one setup group share a setup. By hand: 10 x 30 + 5 x 20 - 50 = 350. If each item paid its "
         "own: 300. If none were needed: 400.",
         book(2, items=TWO_ITEMS, routings=[routing(setup_cost=50, setup_group="g"),
                                         routing(item="B", setup_cost=50, setup_group="g")],
              orders=[order(due_date=ENDS[1]),
                      order("P", item="B", quantity=5, unit_price=20, due_date=ENDS[1])]), 350, 400),
    Case("part_needs_setup",
         "Proves: what ships in a certain week needs a setup in the week it is made. By hand: 12 h make 6 a week, 5 "
         "ship in each of two: 10 x 30 - 2 x 50 = 200. If none were needed: 300.",
         book(2, lines=[line(hours=12)], routings=[routing(setup_cost=50)],
              orders=[order(quantity=5), order("P", quantity=5, due_date=ENDS[1], earliest_ship_date=ENDS[1])]),
         200, 300),
    Case("parts_balance",
         "Proves: what ships in a certain week is made, and kept, as its parts say. By hand: 20 a week, 30 ship in "
         "week 2: 10 of them are made in week 1 and kept at 3: 900 - 2 x 10 - 30 = 850. If making were apart: 900.",
         book(2, routings=[routing(setup_cost=10)], stock=[{"item": "A", "holding_cost": 3}],
              orders=[order(quantity=30, due_date=ENDS[1], earliest_ship_date=ENDS[1])]),
         850, 900),
    Case("making_needs_run",
         "Proves: what is made at all is a minimum lot. By hand: 8 made at 25 for an order of 5: 150 - 200 < 0, so "
         "nothing: 0. If less than a lot could be made: 5 x 5 = 25.",
         book(routings=[routing(unit_cost=25, min_lot=8)], orders=[order(quantity=5)]), 0, 25),
    Case("minimum_lot",
         "Proves: a run makes its minimum lot, and what is left stays in stock. By hand: 8 made at 10 for an order of "
         "5: 150 - 80 = 70. If a run could be smaller: 150 - 50 = 100.",
         book(routings=[routing(unit_cost=10, min_lot=8)], orders=[order(quantity=5)]), 70, 100),
    Case("minimum_lot",
         "Proves: the minimum lot holds for each item, not for its setup group. By hand: 8 A and 8 B made at 10 for 5 "
         "of each: 150 + 150 - 160 - 5 = 135. If the group's 10 units were enough: 300 - 100 - 5 = 195.",
         book(items=TWO_ITEMS,
              routings=[routing(unit_cost=10, min_lot=8, setup_group="g", setup_cost=5),
                        routing(item="B", unit_cost=10, min_lot=8, setup_group="g", setup_cost=5)],
              orders=[order(quantity=5), order("P", item="B", quantity=5)]), 135, 195),
    Case("minimum_lot_of_setup",
         "Proves: the minimum lot holds where the item is alone in its setup group. By hand: 8 made at 10 and a setup "
         "of 20 for an order of 5: 150 - 80 - 20 = 50. If a run could be smaller: 80.",
         book(routings=[routing(unit_cost=10, min_lot=8, setup_cost=20)], orders=[order(quantity=5)]), 50, 80),
    Case("lot_multiple_balance",
         "Proves: production is whole lots. By hand: lots of 4 at 10 a unit for an order of 10: 12 made, 300 - 120 = "
         "180; 8 made: 160. If any quantity could be made: 200.",
         book(routings=[routing(unit_cost=10, lot_multiple=4)]), 180, 200),
    Case("lot_multiple_balance",
         "Proves: lots are counted in each week, not over the plan. By hand: 5 a week fit, lots of 4: 4 + 4 = 8 units, "
         "240. If the plan's total were whole lots, or none: 10 units, 300.",
         book(2, lines=[line(hours=10)], routings=[routing(lot_multiple=4)], orders=[order(due_date=ENDS[1])]),
         240, 300),
    Case("own_making_limit",
         "Proves: units pinned to week 2 are made in week 2. By hand: week 2 has 12 h and 8 h overtime at 5: 10 units, "
         "300 - 40 = 260. If units made in week 1 could be called week 2's: 6 and 4 in regular hours, 300.",
         book(2, lines=[line(hours=24, overtime_hours=16, overtime_cost=5)],
              calendar=[{"line": "L1", "from_date": STARTS[1], "availability": 0.5}],
              orders=[order(due_date=ENDS[1])],
              pins=[{"order": "O", "line": "L1", "bucket_start": STARTS[1], "quantity": 10}]), 260, 300),
)
