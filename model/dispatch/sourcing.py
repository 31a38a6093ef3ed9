"""Where the units for a use come from: stock, a run before the need, a purchase, another site; in this order."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.dispatch.shop import LITTLE_HOURS, Run, Shop
from model.instance import Instance
from model.instance.pools import ALL, BOUGHT, FOR_ORDER

# Stages and moves behind one unit.
DEEPEST = 12
# Tries of one run, each for as much as the components found in the last allow.
ATTEMPTS = 3


@dataclass(frozen=True)
class Offer:
    """A purchase that can arrive in a bucket."""

    offer: int
    bucket: int
    price: float
    most: float


class Sourcing:
    """Books whatever a use needs, as late as possible, down through all stages; books nothing that is not used."""

    def __init__(self, shop: Shop) -> None:
        instance = shop.instance
        self._shop = shop
        self._pools: dict[str, list[str]] = defaultdict(list)
        for item, pool in instance.frames["pools"].itertuples(index=False):
            if not pool.startswith(FOR_ORDER):
                self._pools[item].append(pool)
        self._offers = _offers(instance)
        self._routes = _routes(instance)
        self._in_vain: dict[tuple[object, ...], tuple[int, int, int]] = {}

    def forget(self) -> None:
        """Try again what gave nothing before, because targets have changed."""
        self._in_vain.clear()

    def pools(self, item: str) -> list[str]:
        """Every pool of an item that is open to any use."""
        return self._pools[item]

    def obtain(self, item: str, site: str, pools: Sequence[str], quantity: float, bucket: int, depth: int = 0,
               on_the_way: tuple[str, ...] = ()) -> dict[str, float]:
        """Take up to ``quantity`` out of the site's pools in ``bucket``; what was taken, by pool."""
        place, state = (item, site, *pools, on_the_way), self._shop.state
        if quantity <= self._shop.little or self._is_in_vain(place, bucket, depth):
            return {}
        taken: dict[str, float] = {}
        left = quantity
        for step in ("stock", "run", "overtime", "buy", "move"):
            for pool in pools:
                if left <= self._shop.little or (item, pool, site) not in self._shop.level:
                    continue
                if step in ("run", "overtime"):
                    self._make(item, pool, site, left, bucket, depth, step == "overtime")
                # Purchases go into the pool of what is given; the pools of lines hold what these make.
                elif step == "buy" and pool in (ALL, BOUGHT):
                    self._buy(item, pool, site, left, bucket)
                elif step == "move":
                    self._move(item, pool, site, left, bucket, depth, on_the_way)
                found = min(left, self._shop.free_stock(item, pool, site, bucket))
                if found > self._shop.little:
                    self._shop.add_stock(item, pool, site, bucket, -found)
                    taken[pool] = taken.get(pool, 0.0) + found
                    left -= found
        if not taken and self._shop.state == state:
            self._in_vain[place] = (state, bucket, depth)
        return taken

    def _is_in_vain(self, place: tuple[object, ...], bucket: int, depth: int) -> bool:
        """Whether the same was asked for while the same was booked, for no earlier bucket, and gave nothing.

        Where stores are limited, less can fit for a later bucket than for an earlier one.
        """
        state, latest, reached = self._in_vain.get(place, (-1, -1, 0))
        in_time = bucket == latest if self._shop.limited else bucket <= latest
        return state == self._shop.state and in_time and depth >= reached

    def _make(self, item: str, pool: str, site: str, wanted: float, bucket: int, depth: int, overtime: bool) -> None:
        if depth > DEEPEST:
            return
        for run in self._shop.open_runs((item, pool, site), bucket, overtime):
            if wanted <= self._shop.little:
                return
            # A component that is known not to be had spares the booking and the rollback.
            if any(self._is_in_vain((component, site, *self._pools[component], ()), run.bucket, depth + 1)
                   for component, _ in run.components):
                continue
            wanted -= self._run(run, pool, site, wanted, bucket, depth, overtime)

    def _run(self, run: Run, pool: str, site: str, wanted: float, bucket: int, depth: int, overtime: bool) -> float:
        """Book one run of up to ``wanted`` units, components included; the units made."""
        room = min(self._room(run, overtime), self._shop.storage_left(run.item, site, run.available, bucket))
        quantity = self._lot(run, wanted, room, site)
        for _ in range(ATTEMPTS):
            if quantity <= self._shop.little:
                return 0.0
            mark = len(self._shop.journal)
            share = self._take_components(run, site, quantity, depth)
            left = self._room(run, overtime)
            if share >= 1.0 - 1e-9 and quantity <= left * (1 + 1e-12):
                self._book_run(run, pool, site, quantity)
                return quantity
            self._shop.rollback(mark)
            # Components made on the same line took part of its room, room - left: as much less for fewer units.
            fits = quantity if quantity <= left else quantity * room / (quantity + room - left)
            quantity = self._lot(run, min(quantity * share, fits) * (1 - 1e-9), room, site, may_round_up=False)
        return 0.0

    def _room(self, run: Run, overtime: bool) -> float:
        shop = self._shop
        left = shop.hours[run.line][run.bucket] + (shop.overtime[run.line][run.bucket] if overtime else 0.0)
        if run.setup is not None and shop.booked_array("setups", run.setup)[run.bucket] == 0:
            left -= run.setup_hours
        if left < -LITTLE_HOURS:
            return 0.0
        room = left / run.hours_per_unit if run.hours_per_unit > 0 else math.inf
        for resource, per_unit in run.resources:
            if per_unit > 0:
                room = min(room, shop.resources[resource][run.bucket] / per_unit)
        return max(0.0, min(room, run.limit - shop.booked_array("made", (run.line, run.item))[run.bucket]))

    def _lot(self, run: Run, wanted: float, room: float, site: str, may_round_up: bool = True) -> float:
        """Units to run: at most the room, a whole number of lots, and no less than the minimum lot."""
        made = self._shop.booked_array("made", (run.line, run.item))[run.bucket]
        least = run.min_lot - made if made <= self._shop.little else 0.0
        count = self._shop.bucket_count
        # What a lot makes beyond the need may lie in the store to the end of the plan.
        store = self._shop.storage_left(run.item, site, run.available, count)
        quantity = min(wanted, room)
        if run.lot_multiple > 0:
            lots = math.ceil(quantity / run.lot_multiple - 1e-9) if may_round_up else quantity // run.lot_multiple
            quantity = lots * run.lot_multiple
            least = math.ceil(least / run.lot_multiple - 1e-9) * run.lot_multiple if least > 0 else least
        quantity = max(quantity, least) if may_round_up else quantity
        if quantity > room * (1 + 1e-12) + 1e-12 or quantity < least - 1e-12 or quantity - wanted > store:
            fits = room // run.lot_multiple * run.lot_multiple if run.lot_multiple > 0 else room
            quantity = fits if fits <= wanted and fits >= least else 0.0
        return quantity

    def _take_components(self, run: Run, site: str, quantity: float, depth: int) -> float:
        """Take every component of ``quantity`` units; the smallest share of a component that could be had."""
        share = 1.0
        for component, use in run.components:
            needed = quantity * use
            taken = self.obtain(component, site, self._pools[component], needed, run.bucket, depth + 1)
            for pool, amount in taken.items():
                self._shop.book(self._shop.booked_array("drawn", (component, pool, site)), run.bucket, amount)
            had = sum(taken.values())
            share = min(share, 1.0 if had >= needed - self._shop.little else had / needed)
            if share <= 0:
                break
        return share

    def _book_run(self, run: Run, pool: str, site: str, quantity: float) -> None:
        shop, bucket = self._shop, run.bucket
        hours = quantity * run.hours_per_unit
        if run.setup is not None and shop.booked_array("setups", run.setup)[bucket] == 0:
            hours += run.setup_hours
            shop.book(shop.spent, 0, run.setup_cost)
        if run.setup is not None:
            shop.book(shop.booked_array("setups", run.setup), bucket, 1.0)
        regular = min(hours, max(0.0, shop.hours[run.line][bucket]))
        shop.book(shop.hours[run.line], bucket, -regular)
        shop.book(shop.overtime[run.line], bucket, -(hours - regular))
        for resource, per_unit in run.resources:
            shop.book(shop.resources[resource], bucket, -quantity * per_unit)
        shop.book(shop.spent, 0, quantity * run.unit_cost + (hours - regular) * shop.overtime_cost[run.line])
        shop.book(shop.booked_array("made", (run.line, run.item)), bucket, quantity)
        shop.add_stock(run.item, pool, site, run.available, quantity)

    def _buy(self, item: str, pool: str, site: str, wanted: float, bucket: int) -> None:
        shop = self._shop
        # Cheapest first, then the latest: see _offers.
        for offer in self._offers.get((item, site), ()):
            if wanted <= shop.little:
                return
            if offer.bucket > bucket:
                continue
            bought = shop.booked_array("bought", offer.offer)
            quantity = min(wanted, offer.most - bought[offer.bucket],
                           shop.storage_left(item, site, offer.bucket, bucket))
            if quantity > shop.little:
                shop.book(bought, offer.bucket, quantity)
                shop.book(shop.spent, 0, quantity * offer.price)
                shop.add_stock(item, pool, site, offer.bucket, quantity)
                wanted -= quantity

    def _move(self, item: str, pool: str, site: str, wanted: float, bucket: int, depth: int,
              on_the_way: tuple[str, ...]) -> None:
        shop = self._shop
        for from_site, price, arrivals in self._routes.get((item, site), ()):
            departures = np.flatnonzero(arrivals <= bucket)
            if from_site in on_the_way or not len(departures) or wanted <= shop.little or depth > DEEPEST:
                continue
            leaves = int(departures[-1])
            most = min(wanted, shop.storage_left(item, site, int(arrivals[leaves]), bucket))
            taken = self.obtain(item, from_site, [pool], most, leaves, depth + 1, (*on_the_way, site))
            quantity = taken.get(pool, 0.0)
            if quantity > shop.little:
                shop.book(shop.booked_array("moved", (from_site, site, item, pool)), leaves, quantity)
                shop.book(shop.spent, 0, quantity * price)
                shop.add_stock(item, pool, site, int(arrivals[leaves]), quantity)
                wanted -= quantity


def _offers(instance: Instance) -> dict[tuple[str, str], list[Offer]]:
    offers: dict[tuple[str, str], list[Offer]] = defaultdict(list)
    frame = instance.frames["offers"]
    for row in frame[frame["is_reachable"]].itertuples():
        most = math.inf if np.isnan(row.max_qty) else row.max_qty
        offers[row.item, row.site].append(Offer(row.offer, row.bucket, row.purchase_price, most))
    for choices in offers.values():
        choices.sort(key=lambda offer: (offer.price, -offer.bucket, offer.offer))
    return dict(offers)


def _routes(instance: Instance) -> dict[tuple[str, str], list[tuple[str, float, np.ndarray]]]:
    """By item and destination: origin, price and the bucket of arrival for each bucket of departure."""
    routes: dict[tuple[str, str], list[tuple[str, float, np.ndarray]]] = defaultdict(list)
    for (item, to_site, from_site), rows in instance.frames["transfers"].groupby(["item", "to_site", "from_site"]):
        # Where no transfer may leave, it arrives after every bucket.
        arrivals = np.full(instance.bucket_count, instance.bucket_count + 1)
        arrivals[rows["bucket"].to_numpy(dtype=int)] = rows["arrival_bucket"].to_numpy(dtype=int)
        routes[item, to_site].append((from_site, float(rows["transfer_price"].iloc[0]), arrivals))
    return dict(routes)
