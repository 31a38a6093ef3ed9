"""A planned book on which questions are asked: the loaded model, and which of its columns speak of which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from model.instance import Instance
from model.instance.selling import price_shares
from model.instance.sets import SHIPMENT
from model.plan import Plan
from model.planning import Result
from model.solve.change import Change
from model.solve.matrix import Matrix
from model.solve.standing import Standing

SMALL_MODEL = 2_000
FEW = 1e-6  # of a quantity, or of one unit: no more than rounding


@dataclass(frozen=True)
class Wanted:
    """One planned order in the model: its terms, and the positions of its columns.

    ``shipped``: positions of its shipments, ``shares`` what a unit brings per unit of price, ``keys`` their index.
    ``least``: units below which it is not accepted. ``price`` in base currency per unit.
    """

    order: str
    item: str
    quantity: float
    price: float
    least: float
    is_firm: bool
    delivered: int
    accepted: int | None
    missed: int | None
    shipped: np.ndarray
    shares: np.ndarray
    keys: tuple[tuple[object, ...], ...]

    @property
    def is_lumpy(self) -> bool:
        """Whether it is taken with a minimum or not at all."""
        return self.accepted is not None


class Ground:
    """Everything a question needs: the instance, its matrix loaded as ``standing``, the published plan.

    ``closed``: orders that the published plan must not deliver; a question opens the one that it is about.
    """

    def __init__(self, instance: Instance, standing: Standing, plan: Plan | None = None,
                 closed: frozenset[str] = frozenset()) -> None:
        self.instance = instance
        self.standing = standing
        self.plan = plan
        self._closed = closed

    @property
    def matrix(self) -> Matrix:
        """The model as one matrix."""
        return self.standing.matrix

    @property
    def is_small(self) -> bool:
        """Whether a search with whole decisions takes next to no time."""
        return self.matrix.rows.shape[1] <= SMALL_MODEL

    @cached_property
    def shipment_positions(self) -> np.ndarray:
        """Where the shipments stand among the decisions, in the order of their set."""
        members = self.instance.sets["SHIPMENTS"].members()
        return np.array([self.standing.column("shipped", key) for key in members], dtype=int)

    @cached_property
    def orders(self) -> Mapping[str, Wanted]:
        """Every planned order."""
        shipments = self.instance.frames["shipments"]
        shares = price_shares(self.instance.tables, shipments)
        place: dict[str, list[tuple[int, float, tuple[object, ...]]]] = {}
        keys = zip(*(shipments[name].tolist() for name in SHIPMENT), strict=True)
        for key, share in zip(keys, shares, strict=True):
            position = self.standing.column("shipped", key)
            if position is not None:
                place.setdefault(str(key[0]), []).append((position, float(share), key))
        frame = self.instance.frames["orders"]
        return {row.order: self._wanted(row, place.get(row.order, [])) for row in frame.itertuples()}

    def _wanted(self, row: object, ways: list[tuple[int, float, tuple[object, ...]]]) -> Wanted:
        order = row.order  # type: ignore[attr-defined]  # a row of pandas has no type
        terms = {name: getattr(row, name) for name in ("item", "quantity", "base_price", "min_fill", "is_firm")}
        column = self.standing.column
        delivered = column("delivered", order)
        assert delivered is not None
        return Wanted(
            order=order, item=terms["item"], quantity=float(terms["quantity"]), price=float(terms["base_price"]),
            least=float(terms["min_fill"] * terms["quantity"]), is_firm=bool(terms["is_firm"]), delivered=delivered,
            accepted=column("is_accepted", order), missed=column("missed_firm", order),
            shipped=np.array([way[0] for way in ways], dtype=int), shares=np.array([way[1] for way in ways]),
            keys=tuple(way[2] for way in ways))

    def at_price(self, wanted: Wanted, price: float) -> Change:
        """The order at another price [base money per unit]: revenue, damages and duty move with it."""
        # Freight does not move with the price: only the difference of the prices is added.
        earns = -self.matrix.cost[wanted.shipped] + (price - wanted.price) * wanted.shares
        return Change(earns=dict(zip(wanted.shipped.tolist(), earns.tolist(), strict=True)))

    def not_promised(self, wanted: Wanted) -> Change:
        """A firm order as if it were optional, a closed one opened; nothing for others."""
        if wanted.order in self._closed:
            return Change(upper={wanted.delivered: wanted.quantity})
        if wanted.missed is None:
            return Change()
        # An order that is not promised can miss all of itself, and no more.
        return self.standing.released(wanted.missed, wanted.quantity)

    def unpromised(self, misses: Iterable[tuple[str, object]]) -> Change:
        """These promises, each a family of misses and its member, need not be kept: misses cost and limit nothing."""
        change = Change()
        for family, member in misses:
            position = self.standing.column(family, member)
            if position is not None:
                change = change.also(self.standing.released(position, np.inf))
        return change

    def without(self, wanted: Wanted) -> Change:
        """The order left out."""
        return self.not_promised(wanted).also(Change(upper={wanted.delivered: 0.0}))

    def taken(self, wanted: Wanted) -> Change:
        """The order accepted: at least its minimum fill; for one without minimum, free to be taken or not."""
        # Without a minimum fill the model has no decision to accept the order.
        chosen = {} if wanted.accepted is None else {wanted.accepted: 1.0}
        return self.not_promised(wanted).also(Change(lower=chosen))

    def in_full(self, wanted: Wanted) -> Change:
        """The order delivered in full."""
        return self.taken(wanted).also(Change(lower={wanted.delivered: wanted.quantity}))


def has_ground(result: Result) -> bool:
    """Whether there is a plan of the search's own to ask about."""
    # Where the plan of the rule of thumb is published there are no values, and so no ground.
    return result.problem is not None and result.values is not None and None not in (result.outcome.bound,
                                                                                     result.outcome.margin)


def ground_of(result: Result, stopped: Callable[[], bool] | None = None) -> Ground | None:
    """The ground under a planned book; None where there is no plan of the search's own to stand on."""
    outcome = result.outcome
    if not has_ground(result):
        return None
    assert result.problem is not None and result.values is not None
    standing = Standing(result.problem, result.values, outcome, seed=int(result.options.get("seed", 0)),
                        threads=int(result.options.get("threads", 1)), stopped=stopped)
    return Ground(result.instance, standing, result.plan)
