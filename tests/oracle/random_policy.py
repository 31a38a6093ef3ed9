"""Random policy: allocations, pins and a published plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.oracle.random_books import Dice, Records

Row = dict[str, Any]


def add_policy(dice: Dice, book: Records) -> None:
    """Quotas, contract minimums, pins and the plan in force."""
    book["allocations"] = [_rule(dice, book, f"rule {number}") for number in range(dice.between(1, 2))] \
        if dice.on(0.3) else []
    threshold = book["settings"].get("tender_threshold", 0.5)
    planned = [row for row in book["orders"] if row.get("decision") != "decline"
               and row.get("win_probability", 1) >= threshold]
    book["pins"] = [pin for order in planned if dice.shape.promises and dice.on(0.12)
                    for pin in dice.pick(_pin, _pin, _two_pins)(dice, book, order)]
    book["published_plan"] = []
    if dice.shape.published_plan and dice.on(0.25):
        book["published_plan"] = [_published(dice, book, row) for row in dice.some(book["routings"])]
        book["settings"]["change_cost"] = dice.pick(0, 1, 4)
        if dice.shape.promises and dice.on(0.5):
            book["settings"]["frozen_until"] = dice.inner_day()


def _rule(dice: Dice, book: Records, name: str) -> Row:
    row: Row = {"rule": name}
    if dice.on(0.4):
        row["from_date"], row["to_date"] = sorted([dice.inner_day(), dice.inner_day()])
    for table, column in (("customers", "customer"), ("markets", "market"), ("items", "item"), ("items", "family")):
        if book[table] and dice.on(0.25):
            row[column] = dice.pick(*book[table])[column]
    if book["markets"] and dice.on(0.2):
        row["region"] = dice.pick("domestic", "overseas")
    if not dice.shape.promises or dice.on(0.6):
        row["max_qty"] = dice.pick(3, 6, 12)
    if dice.shape.promises and dice.on(0.6):
        row["min_qty"] = min(row.get("max_qty", 9), dice.pick(1, 4, 8))
    return row if len(row) > 1 and {"min_qty", "max_qty"} & set(row) else {**row, "max_qty": 8}


def _pin(dice: Dice, book: Records, order: Row) -> list[Row]:
    able = [row["line"] for row in book["routings"] if row["item"] == order["item"]]
    return [{"order": order["order"], "line": dice.pick(None, *able),
             "bucket_start": dice.pick(None, dice.inner_day()),
             "quantity": dice.between(1, order["quantity"]), "sense": dice.pick("fixed", "min", "max")}]


def _two_pins(dice: Dice, book: Records, order: Row) -> list[Row]:
    """Two places at which at least a part is made, no more than the order together."""
    return [{**pin, "quantity": dice.between(1, order["quantity"] // 2), "sense": "min"}
            for _ in range(2) for pin in _pin(dice, book, order)]


def _published(dice: Dice, book: Records, routing: Row) -> Row:
    asking = [row["order"] for row in book["orders"] if row["item"] == routing["item"]]
    return {"order": dice.pick(None, *asking), "item": routing["item"], "line": routing["line"],
            "bucket_start": dice.inner_day(), "quantity": dice.pick(2, 4, 6)}
