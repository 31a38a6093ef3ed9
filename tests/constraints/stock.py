"""Where units come from and go, solved by hand: orders of A at 30 a unit; L1 has no hours unless a case says so."""

from __future__ import annotations

from tests.constraints.book import ENDS, Case, book, line, order, routing

IDLE = [line(hours=0)]
TWO_ITEMS = [{"item": "A"}, {"item": "cell"}]

CASES = (
    Case("pool_balance",
         "Proves: only what is there is shipped. By hand: 4 in stock, 3 received on Wednesday: 7 x 30 = 210. If units "
         "came from nowhere: 300.",
         book(lines=IDLE, stock=[{"item": "A", "opening_stock": 4}],
              receipts=[{"item": "A", "date": "2025-01-08", "quantity": 3}]), 210, 300),
    Case("pool_balance",
         "Proves: goods in lead time are not stock. By hand: made in week 1, there in week 3: no store needed and "
         "nothing held, 300. If they were stock: no room in weeks 1 and 2, 0.",
         book(3, routings=[routing(lead_time_days=14)], stock=[{"item": "A", "storage_limit": 0, "holding_cost": 1}],
              orders=[order(due_date=ENDS[2], earliest_ship_date=ENDS[2])]), 300, 300),
    Case("open_use_balance",
         "Proves: making consumes components, more of them the lower the yield. By hand: 2 / 0.5 = 4 cells a unit, 20 "
         "cells make 5 units: 150. If yield were ignored: 300. If cells were not consumed: 12 units, 360.",
         book(items=TWO_ITEMS, routings=[routing(yield_share=0.5)],
              bill_of_materials=[{"item": "A", "component": "cell", "quantity_per": 2}],
              stock=[{"item": "cell", "opening_stock": 20}], orders=[order(quantity=12)]), 150, 360),
    Case("open_use_balance",
         "Proves: a unit is consumed or sold, not both. By hand: 10 cells sold at 20 earn 200, the 5 A they make "
         "would earn 150: 200. If they could be both: 350. Without the balance: 10 x 20 + 10 x 30 = 500.",
         book(items=TWO_ITEMS, bill_of_materials=[{"item": "A", "component": "cell", "quantity_per": 2}],
              stock=[{"item": "cell", "opening_stock": 10}],
              orders=[order(), order("P", item="cell", unit_price=20)]), 200, 500),
    Case("storage_room",
         "Proves: stock at the end of a week fits its store. By hand: 4 kept from week 1 and 6 made in week 2: 300. If "
         "6 could be kept: 12 units, 360. If stock were counted before shipping: 4 units, 120.",
         book(2, lines=[line(hours=12)], stock=[{"item": "A", "storage_limit": 4}],
              orders=[order(quantity=12, earliest_ship_date=ENDS[1], due_date=ENDS[1])]), 300, 360),
    Case("minimum_safety_stock",
         "Proves: safety stock is left when the week ends. By hand: 10 - 4 = 6 units, 180. If it could be sold: 300.",
         book(lines=IDLE, stock=[{"item": "A", "opening_stock": 10, "safety_stock": 4}]), 180, 300),
    Case("minimum_safety_stock",
         "Proves: safety stock is promised after firm orders. By hand: the firm order takes all 10, 300, and 4 are "
         "missed. If it came first: 180. Without it: 300.",
         book(lines=IDLE, stock=[{"item": "A", "opening_stock": 10, "safety_stock": 4}],
              orders=[order(commitment="firm")]), 300, 300, missed={"safety_stock": 4}),
    Case("minimum_final_stock",
         "Proves: final stock is left at the end of the plan. By hand: 10 in stock, 6 sold: 180. If it could be sold: "
         "300.",
         book(2, lines=IDLE, stock=[{"item": "A", "opening_stock": 10, "final_stock": 4}]), 180, 300),
    Case("minimum_final_stock",
         "Proves: final stock is asked for in the last week only. By hand: 10 sold in week 1 at 30, 4 made in week 2 "
         "at 5: 300 - 20 = 280. If it held in every week: 180 - 0 = 180. Without it: 300.",
         book(2, lines=[line(start_date="2025-01-13")], routings=[routing(unit_cost=5)],
              stock=[{"item": "A", "opening_stock": 10, "final_stock": 4}]), 280, 300),
    Case("order_pool_closure",
         "Proves: all that is made for a pinned order is shipped to it. By hand: 10 made at 4, sold at 30, freight 40: "
         "10 x (30 - 4 - 40) = -140. If they could stay in stock: -40.",
         book(routings=[routing(unit_cost=4)], markets=[{"market": "M"}],
              lanes=[{"site": "main", "market": "M", "freight_cost": 40}], orders=[order(market="M")],
              pins=[{"order": "O", "line": "L1", "quantity": 10}]), -140, -40),
    Case("supply_limit",
         "Proves: a supplier's limit holds in every bucket. By hand: 3 bought at 4 in each of two weeks: 6 x 26 = 156. "
         "If the limit were for the plan: 78. If there were none: 260.",
         book(2, lines=IDLE, supply=[{"supplier": "S", "item": "A", "unit_cost": 4, "max_qty": 3}],
              orders=[order(due_date=ENDS[1])]), 156, 260),
    Case("take_or_pay",
         "Proves: the minimum is paid in each of two weeks, what is taken counts towards it. By hand: 2 of 4 taken in "
         "week 1, 4 x 5 paid twice: 60 - 40 = 20. If only what is taken were paid: 50. If the minimum came on top: 10.",
         book(2, lines=IDLE, supply=[{"supplier": "S", "item": "A", "unit_cost": 5, "min_qty": 4}],
              orders=[order(quantity=2)]), 20, 50),
)
