"""Where goods are: stock by owner and source, purchases, receipts, transfers and components."""

from __future__ import annotations

from datetime import timedelta

from tests.oracle.algebra import Lin, total
from tests.oracle.facts import BOUGHT
from tests.oracle.horizon import Row, within
from tests.oracle.making import POOL, Book

Place = tuple[str, int]
Flow = dict[Place, Lin]


class Goods:
    """Stock of every owner, item and source; orders own what is meant for them from the start, the rest is the pool's.

    Nothing is lost by that: whoever ends up with a unit may as well have owned it always.
    """

    def __init__(self, book: Book) -> None:
        self.book = book
        self.stock: dict[tuple[str, Place], Lin] = {}
        self.arrivals: dict[tuple[str, str], Flow] = {}
        takers = {item: [POOL] + [order["order"] for order in book.facts.planned_orders
                                  if item in book.facts.price_factors(order)] for item in book.facts.items}
        self._share_opening_stock(takers)
        self._share_receipts(takers)
        self._buy(takers)

    def _arrive(self, owner: str, item: str, place: Place, units: Lin) -> None:
        flow = self.arrivals.setdefault((owner, item), {})
        flow[place] = flow.get(place, Lin()) + units

    def _share(self, takers: dict[str, list[str]], item: str, place: Place, quantity: float) -> None:
        if quantity > 0:
            parts = {owner: self.book.program.number() for owner in takers[item]}
            self.book.program.equal(total(parts.values()), quantity)
            for owner, part in parts.items():
                self._arrive(owner, item, place, part)

    def _share_opening_stock(self, takers: dict[str, list[str]]) -> None:
        for row in self.book.facts.table["stock"]:
            self._share(takers, row["item"], (row["site"], 0), row["opening_stock"])

    def _share_receipts(self, takers: dict[str, list[str]]) -> None:
        for row in self.book.facts.table["receipts"]:
            bucket = self.book.facts.horizon.first_ending_by(row["date"])
            if bucket is not None:
                self._share(takers, row["item"], (row["site"], bucket), row["quantity"])

    def _buy(self, takers: dict[str, list[str]]) -> None:
        """Purchases stay within the limit of a bucket; take or pay is due in every bucket that the row covers."""
        horizon = self.book.facts.horizon
        for row in self.book.facts.table["supply"]:
            reachable = horizon.starts[0] + timedelta(days=int(row["lead_time_days"]))
            for bucket in horizon.buckets:
                if not within(horizon.starts[bucket], row["from_date"], row["to_date"]):
                    continue
                paid = self.book.program.number()
                self.book.program.at_least(paid, row["min_qty"])
                self.book.pay("materials", -row["unit_cost"] * paid)
                if horizon.ends[bucket] < reachable:
                    continue
                parts = {owner: self.book.program.number() for owner in takers[row["item"]]}
                self.book.program.at_most(total(parts.values()), paid)
                if row["max_qty"] is not None:
                    self.book.program.at_most(total(parts.values()), row["max_qty"])
                for owner, part in parts.items():
                    self._arrive(owner, row["item"], (row["site"], bucket), part)

    def made(self, owner: str, item: str, line: str) -> Flow:
        """What a line makes of an item for an owner, where and when it becomes available."""
        facts = self.book.facts
        lead_time = next(row["lead_time_days"] for row in facts.table["routings"]
                         if (row["line"], row["item"]) == (line, item))
        flow: Flow = {}
        for bucket in facts.horizon.buckets:
            if (owner, line, item, bucket) in self.book.made:
                available = facts.horizon.after(bucket, lead_time)
                assert available is not None
                place = (facts.lines[line]["site"], available)
                flow[place] = flow.get(place, Lin()) + self.book.made[owner, line, item, bucket]
        return flow

    def keep(self, item: str, arriving: Flow, leaving: Flow, *, all_leaves: bool) -> None:
        """Stock at the end of a bucket is what was there, arrived or was moved in, less what left or was moved out."""
        facts, program = self.book.facts, self.book.program
        moved_in, moved_out = self._move(item)
        for site in facts.sites:
            before: Lin | float = 0.0
            for bucket in facts.horizon.buckets:
                place = (site, bucket)
                last = bucket == facts.horizon.buckets[-1]
                after = program.number(0.0 if all_leaves and last else float("inf"))
                flows = [arriving.get(place, 0.0), moved_in.get(place, 0.0), -1.0 * leaving.get(place, Lin()),
                         -1.0 * moved_out.get(place, Lin())]
                program.equal(after, total([before, *flows]))
                self.stock[item, place] = self.stock.get((item, place), Lin()) + after
                before = after

    def _move(self, item: str) -> tuple[Flow, Flow]:
        horizon = self.book.facts.horizon
        moved_in: Flow = {}
        moved_out: Flow = {}
        for route in self.book.facts.transfer_routes(item):
            for bucket in horizon.buckets:
                arrives = horizon.after(bucket, route["transit_days"])
                if arrives is not None:
                    units = self.book.program.number()
                    self.book.pay("transfer", -route["unit_cost"] * units)
                    for flow, place in ((moved_out, (route["from_site"], bucket)),
                                        (moved_in, (route["to_site"], arrives))):
                        flow[place] = flow.get(place, Lin()) + units
        return moved_in, moved_out

    def keep_for_order(self, order: str, item: str, source: str, shipped: Flow) -> None:
        """What is meant for an order from one source leaves for it; nothing of it is left at the end."""
        arriving = self.arrivals.get((order, item), {}) if source == BOUGHT else self.made(order, item, source)
        self.keep(item, arriving, shipped, all_leaves=True)

    def keep_pool(self) -> None:
        """What is meant for no order feeds production or stays."""
        facts = self.book.facts
        for item in facts.items:
            arriving = dict(self.arrivals.get((POOL, item), {}))
            for row in facts.table["routings"]:
                for place, units in (self.made(POOL, item, row["line"]) if row["item"] == item else {}).items():
                    arriving[place] = arriving.get(place, Lin()) + units
            self.keep(item, arriving, self._consumed(item), all_leaves=False)

    def _consumed(self, component: str) -> Flow:
        """Components leave in the bucket of making, more of them the lower the yield."""
        facts = self.book.facts
        flow: Flow = {}
        for row in facts.table["bill_of_materials"]:
            for routing in facts.table["routings"] if row["component"] == component else []:
                if routing["item"] == row["item"]:
                    for bucket in facts.horizon.buckets:
                        place = (facts.lines[routing["line"]]["site"], bucket)
                        units = self.book.made_of(routing["line"], routing["item"], bucket)
                        flow[place] = flow.get(place, Lin()) + row["quantity_per"] / routing["yield_share"] * units
        return flow

    def limit(self) -> None:
        """Stock of all owners is held at its cost and within its limit; safety and final stock are promises."""
        facts, program = self.book.facts, self.book.program
        for row in facts.table["stock"]:
            levels = [self.stock[row["item"], (row["site"], bucket)] for bucket in facts.horizon.buckets]
            for level in levels:
                self.book.pay("holding", -row["holding_cost"] * level)
                if row["storage_limit"] is not None:
                    program.at_most(level, row["storage_limit"])
                self._promise(row, "safety_stock", level)
            self._promise(row, "final_stock", levels[-1])

    def _promise(self, row: Row, column: str, level: Lin) -> None:
        if row[column] > 0:
            short = self.book.program.number()
            self.book.program.at_least(level + short, row[column])
            self.book.miss(3, short)
