"""How much of an item a plan can have a use for: what keeps the limits of setups and runs small, and valid."""

from __future__ import annotations

import pandas as pd

from model.lots import smallest_lot
from model.tables import Tables


class Use:
    """The most of each item that the whole horizon can have a use for.

    Use: orders, stock targets, further making, and turning components that are dear or impossible to keep into
    something that is not. Further making is limited by what its lines can hold, and by the parent's own use and what
    rounding up to lots in every run or a published plan may add to it: more could be left out of the last run at no
    loss, because no cost is negative.
    """

    def __init__(self, tables: Tables, orders: pd.DataFrame, eligible: pd.DataFrame, routing: pd.DataFrame) -> None:
        stock, bill = tables.frames["stock"], tables.frames["bill_of_materials"]
        wanted = eligible.merge(orders[["order", "quantity"]], on="order").groupby("item")["quantity"].sum()
        targets = stock[["safety_stock", "final_stock"]].max(axis=1).groupby(stock["item"]).sum()
        self._asked = wanted.add(targets, fill_value=0.0).to_dict()
        self._published = tables.frames["published_plan"].groupby("item")["quantity"].sum().to_dict()
        self._in_lots = set(routing.loc[routing["lot_multiple"] > 0, "item"])
        # Whatever is left over of a whole smallest lot or more, its run could have done without.
        lots = pd.Series(smallest_lot(routing["min_lot"], routing["lot_multiple"]), index=routing.index)
        self._lots = lots.groupby(routing["item"]).sum().to_dict()
        # The smallest yield: it takes the most components for a good unit.
        self._loosest = routing.groupby("item")["yield_share"].min().to_dict()
        self._most_made = routing.groupby("item")["output_limit"].sum().to_dict()
        # Receipts after the horizon as well: too large a use is still a valid one.
        self._given = (stock.groupby("item")["opening_stock"].sum()
                       .add(tables.frames["receipts"].groupby("item")["quantity"].sum(), fill_value=0.0).to_dict())
        self._dear = set(stock.loc[(stock["holding_cost"] > 0) | stock["storage_limit"].notna(), "item"])
        self._parents = dict(iter(bill.groupby("component")))
        self._components = dict(iter(bill.groupby("item")))
        self._known: dict[str, float] = {}

    def of(self, item: str) -> float:
        """Units of the item; infinite only where its parents take no hours and their use has no end."""
        if item not in self._known:
            # The recursion ends because checks refuse loops in bills of materials.
            use = float(self._asked.get(item, 0.0)) + self._disposed(item)
            for row in self._parents[item].itertuples() if item in self._parents else ():
                if row.item in self._loosest:
                    made = min(self.of(row.item) + self._rounded_up(row.item), self._most_made[row.item])
                    use += made * row.quantity_per / self._loosest[row.item]
            self._known[item] = use
        return self._known[item]

    def _rounded_up(self, item: str) -> float:
        return float(self._lots.get(item, 0.0)) + float(self._published.get(item, 0.0))

    def _disposed(self, item: str) -> float:
        """What can be made only to be rid of a component that costs to keep or does not fit its store."""
        # Lots made of lots may come out even only after many of both: then hours are the limit, where it takes any.
        if item in self._in_lots and self._comes_in_lots(item) and self._most_made[item] < float("inf"):
            return self._most_made[item]
        surplus = [self._surplus(row.component) / row.quantity_per
                   for row in (self._components[item].itertuples() if item in self._components else ())
                   if row.component in self._dear]
        # Not their sum: a unit takes some of every component at once.
        return max(surplus, default=0.0)

    def _comes_in_lots(self, item: str) -> bool:
        """Whether there may be too much of a component because it, or what goes into it, comes in lots."""
        return any(row.component in self._dear and (row.component in self._in_lots
                                                    or self._comes_in_lots(row.component))
                   for row in (self._components[item].itertuples() if item in self._components else ()))

    def _surplus(self, item: str) -> float:
        return float(self._given.get(item, 0.0)) + self._rounded_up(item) + self._disposed(item)
