"""Random plants: sites, lines, items, routings, components, supply and stock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.oracle.random_books import Dice, Records

Row = dict[str, Any]


def add_plant(dice: Dice, book: Records) -> None:
    """Sites, items, lines, their calendar and lines that may be opened."""
    sites = ["main", "north"] if dice.on(dice.shape.second_site) else ["main"]
    book["sites"] = [{"site": site} for site in sites] if len(sites) > 1 or dice.on(0.3) else []
    products = ["A", "B", "C"][:dice.between(1, dice.shape.products)]
    components = ["cell", "foil"][:dice.pick(0, 0, 1, 1, 2) if dice.on(0.9) else 0][:4 - len(products)]
    book["items"] = [_item(dice, name) for name in products + components]
    book["lines"] = [_line(dice, f"L{number}", dice.pick(*sites))
                     for number in range(1, dice.between(1, dice.shape.lines) + 1)]
    book["calendar"] = [_closure(dice, book) for _ in range(dice.between(1, 2))] if dice.on(0.35) else []
    book["expansions"] = []
    if dice.on(0.2):
        line = dice.pick(*book["lines"])["line"]
        starts = dict.fromkeys(dice.any_day() for _ in range(dice.between(1, 2)))
        book["expansions"] = [{"line": line, "start_date": day, "cost": dice.pick(0, 10, 40, 100)} for day in starts]


def _item(dice: Dice, name: str) -> Row:
    row: Row = {"item": name, "family": dice.pick("lead", "lithium")}
    if dice.on(0.6):
        row["max_c_rate"] = dice.pick(1, 2, 6)
    if dice.on(0.5):
        row["max_backup_minutes"] = dice.pick(10, 30, 120)
    return row


def _line(dice: Dice, name: str, site: str) -> Row:
    row: Row = {"line": name, "site": site, "regular_hours": dice.pick(6, 8, 10, 20, 40)}
    if dice.on(0.03):
        row["regular_hours"] = 0
    if dice.on(0.4):
        row |= {"overtime_hours": dice.pick(2, 4, 8), "overtime_cost": dice.pick(0, 3, 8)}
    if dice.on(0.12):
        row["start_date"] = dice.any_day()
    if dice.on(0.12):
        row["end_date"] = dice.day(dice.between(dice.horizon_days // 2, dice.horizon_days + 2))
        if row.get("start_date", "") > row["end_date"]:
            del row["start_date"]
    return row


def _closure(dice: Dice, book: Records) -> Row:
    first, last = sorted([dice.any_day(), dice.any_day()])
    return {"line": dice.pick(None, *(row["line"] for row in book["lines"])),
            "from_date": dice.pick(first, first, None), "to_date": dice.pick(last, last, None),
            "availability": dice.pick(0, 0.5, 0.5, 0.8, 1.2)}


def add_making(dice: Dice, book: Records) -> None:
    """Routings with setups and lots, bills of materials and shared resources."""
    lines = [row["line"] for row in book["lines"]]
    names = [row["item"] for row in book["items"]]
    book["routings"] = []
    setups: dict[tuple[str, str], Row] = {}
    for item in names:
        for line in dice.some(lines) if item not in ("cell", "foil") or dice.on(0.6) else []:
            book["routings"].append(_routing(dice, line, item, setups))
            if line in {row["line"] for row in book["expansions"]}:
                book["routings"][-1]["hours_per_unit"] = max(book["routings"][-1]["hours_per_unit"], 1)
    products = [name for name in names if name not in ("cell", "foil")]
    book["bill_of_materials"] = [{"item": item, "component": "cell", "quantity_per": dice.pick(0.5, 1, 2)}
                                 for item in dice.some(products) if "cell" in names]
    book["bill_of_materials"] += [{"item": item, "component": "foil", "quantity_per": dice.pick(0.5, 1)}
                                  for item in dice.some([*products, "cell"]) if "foil" in names]
    book["resources"], book["routing_resources"] = [], []
    if dice.on(0.3):
        book["resources"] = [{"resource": "chamber", "hours": dice.pick(10, 20)}]
        book["routing_resources"] = [
            {"line": row["line"], "item": row["item"], "resource": "chamber", "hours_per_unit": dice.pick(0.5, 1)}
            for row in dice.some(book["routings"])]
        if dice.on(0.3):
            book["calendar"].append({"line": "chamber", "from_date": dice.inner_day(), "availability": 0.5})


def _routing(dice: Dice, line: str, item: str, setups: dict[tuple[str, str], Row]) -> Row:
    row: Row = {"line": line, "item": item, "hours_per_unit": dice.pick(0.5, 1, 1, 2, 2, 4)}
    if dice.on(0.04):
        row["hours_per_unit"] = 0
    row["unit_cost"] = dice.between(0, 12)
    group = "family" if dice.on(0.25) else item
    if group != item:
        row["setup_group"] = group
    if (line, group) not in setups:
        setups[line, group] = {"setup_hours": dice.pick(0, 1, 2, 4), "setup_cost": dice.pick(0, 7, 30)} \
            if dice.on(0.35) else {}
    row |= setups[line, group]
    if dice.on(0.15):
        row["min_lot"] = dice.pick(2, 3, 5)
    if dice.on(0.12):
        row["lot_multiple"] = dice.pick(2, 3, 5)
    if dice.on(0.25):
        row["yield_share"] = dice.pick(0.5, 0.8)
    if dice.on(0.2):
        row["lead_time_days"] = dice.pick(1, dice.bucket_days, dice.bucket_days + 1)
    if dice.on(0.08):
        row["from_date"] = dice.any_day()
    elif dice.on(0.08):
        row["to_date"] = dice.any_day()
    return row


def add_goods(dice: Dice, book: Records) -> None:
    """Supply, receipts, stock and transfers."""
    sites = [row["site"] for row in book["sites"]] or ["main"]
    names = [row["item"] for row in book["items"]]
    book["supply"] = [_supply(dice, item, dice.pick(*sites), number) for item in names
                      for number in range(2) if dice.on((0.75 if item in ("cell", "foil") else 0.15) / (1 + number))]
    book["supply"] += [row for first in book["supply"] if dice.on(0.15) for row in [_next_price(dice, first)] if row]
    known = {row["item"] for table in ("routings", "supply") for row in book[table]}
    book["supply"] += [_supply(dice, item, dice.pick(*sites), 2) for item in names if item not in known]
    book["receipts"] = [{"item": dice.pick(*names), "site": dice.pick(*sites), "date": dice.any_day(),
                         "quantity": dice.pick(1, 3, 6)} for _ in range(dice.between(1, 2)) if dice.on(0.2)]
    book["stock"] = [_stock(dice, book, item, site) for item in names for site in sites if dice.on(0.45)]
    book["transfers"] = []
    if len(sites) == 2:
        for ends in (sites, sites[::-1]):
            for item in dict.fromkeys([None, dice.pick(*names)]):
                if dice.on(0.6):
                    book["transfers"].append({"from_site": ends[0], "to_site": ends[1], "item": item,
                                              "unit_cost": dice.pick(0.5, 1, 3),
                                              "transit_days": dice.pick(0, 0, 1, dice.bucket_days)})


def _supply(dice: Dice, item: str, site: str, number: int) -> Row:
    row: Row = {"supplier": f"S{number}", "item": item, "site": site, "unit_cost": dice.between(1, 9)}
    if dice.on(0.4):
        row["max_qty"] = dice.pick(4, 8, 20)
    if dice.on(0.15):
        row["min_qty"] = dice.pick(1, 3)
    if dice.on(0.25):
        row["lead_time_days"] = dice.pick(1, dice.bucket_days, 2 * dice.bucket_days)
    if dice.on(0.15):
        row["from_date"] = dice.any_day()
    elif dice.on(0.15):
        row["to_date"] = dice.any_day()
    return row


def _next_price(dice: Dice, first: Row) -> Row:
    """The same supplier from the day after an open-ended row ends; nothing where its dates leave no room."""
    last_day = dice.between(0, dice.horizon_days - 1)
    if {"from_date", "to_date"} & set(first):
        return {}
    first["to_date"] = dice.day(last_day)
    return {**{column: value for column, value in first.items() if column != "to_date"},
            "from_date": dice.day(last_day + 1), "unit_cost": dice.between(1, 9)}


def _stock(dice: Dice, book: Records, item: str, site: str) -> Row:
    row: Row = {"item": item, "site": site}
    coming = sum(receipt["quantity"] for receipt in book["receipts"]
                 if (receipt["item"], receipt["site"]) == (item, site))
    if dice.on(0.5):
        row["opening_stock"] = dice.pick(2, 5, 8)
    if dice.on(0.6):
        row["holding_cost"] = dice.pick(0.25, 0.5, 1, 3)
    if dice.on(0.25):
        row["storage_limit"] = row.get("opening_stock", 0) + coming + dice.pick(0, 0, 2, 6)
    limit = row.get("storage_limit", 9)
    if dice.shape.promises and dice.on(0.2):
        row["safety_stock"] = min(limit, dice.pick(1, 2))
    if dice.shape.promises and dice.on(0.2):
        row["final_stock"] = min(limit, dice.pick(1, 3))
    return row
