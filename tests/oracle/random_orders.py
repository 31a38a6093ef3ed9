"""Random demand: currencies, markets, lanes, duties, customers, orders, substitutes and approvals."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.oracle.random_books import Dice, Records

Row = dict[str, Any]
INCOTERMS = ("EXW", "FCA", "FOB", "CPT", "CIP", "CFR", "CIF", "DAP", "DDP", "DDP", "DDP")


def add_markets(dice: Dice, book: Records) -> None:
    """Currencies, markets with lanes and duties, customers."""
    sites = [row["site"] for row in book["sites"]] or ["main"]
    book["currencies"] = [{"currency": "USD", "rate": 7}, {"currency": "EUR", "rate": 8}] if dice.on(0.35) else []
    codes = [None, *(row["currency"] for row in book["currencies"])]
    book["markets"], book["lanes"], book["duties"] = [], [], []
    for market in ["home", "abroad"][:dice.between(1, 2)] if dice.on(0.65) else []:
        book["markets"].append({"market": market, "region": "domestic" if market == "home" else "overseas",
                                "currency": dice.pick(*codes), "duty_rate": dice.pick(0, 0, 0.05, 0.1)})
        if dice.on(0.6):
            for site in dice.some(sites):
                for mode in dice.some(["sea", "air"]):
                    book["lanes"].append({"site": site, "market": market, "mode": mode,
                                          "freight_cost": dice.pick(0, 1, 2, 4),
                                          "transit_days": dice.pick(0, 1, 3, dice.bucket_days)})
        if dice.on(0.35):
            book["duties"] += _duties(dice, book, market)
    book["customers"] = [{"customer": name} for name in ["north grid", "data hall"][:dice.between(1, 2)]] \
        if dice.on(0.7) else []


def _duties(dice: Dice, book: Records, market: str) -> list[Row]:
    rows = []
    for item in dict.fromkeys([None, dice.pick(*(row["item"] for row in book["items"]))]):
        if dice.on(0.7):
            row: Row = {"market": market, "item": item, "duty_rate": dice.pick(0, 0.02, 0.2)}
            if dice.on(0.6):
                row["from_date"], row["to_date"] = sorted([dice.any_day(), dice.any_day()])
            rows.append(row)
    return rows


def add_orders(dice: Dice, book: Records) -> None:
    """One to six orders, rather more than fewer."""
    if dice.on(0.15):
        book["settings"]["tender_threshold"] = dice.pick(0.2, 0.6, 1)
    count = max(dice.between(1, dice.shape.orders), dice.between(1, dice.shape.orders))
    book["orders"] = [_order(dice, book, f"O{number}") for number in range(1, count + 1)]


def _order(dice: Dice, book: Records, name: str) -> Row:
    items = [row["item"] for row in book["items"]]
    products = [item for item in items if item not in ("cell", "foil")]
    row: Row = {"order": name, "item": dice.pick(*items) if dice.on(0.15) else dice.pick(*products),
                "quantity": dice.between(2, 20), "unit_price": dice.between(8, 60)}
    for table, column in (("customers", "customer"), ("markets", "market")):
        if book[table] and dice.on(0.8):
            row[column] = dice.pick(*book[table])[column]
        elif not book[table] and dice.on(0.15):
            row[column] = f"a {column} without a table"
    if book["currencies"] and dice.on(0.3):
        row["currency"] = dice.pick("CNY", "USD", "EUR")
    _add_promise(dice, row)
    _add_dates(dice, row)
    _add_terms(dice, row)
    return row


def _add_promise(dice: Dice, row: Row) -> None:
    if dice.shape.promises and dice.on(0.25):
        row["commitment"] = "firm"
    elif dice.shape.promises and dice.on(0.08):
        row["decision"] = "accept"
    elif dice.on(0.1):
        row["win_probability"] = dice.pick(0.3, 0.5, 0.9)
    if "decision" not in row and dice.on(0.04):
        row["decision"] = "decline"


def _add_dates(dice: Dice, row: Row) -> None:
    earliest_due = 0 if dice.on(0.15) else dice.bucket_days - 1
    due = dice.start + timedelta(days=dice.between(earliest_due, dice.horizon_days + 3))
    latest = due
    if dice.on(0.5):
        latest = due + timedelta(days=dice.between(0, 2 * dice.bucket_days))
        row["latest_date"] = latest.isoformat()
    row["due_date"] = due.isoformat()
    if dice.on(0.25):
        row["earliest_ship_date"] = min(date.fromisoformat(dice.any_day()), due).isoformat()
    if dice.on(0.2):
        row["due_basis"] = "departure"
    if dice.on(0.6):
        row["late_rate"] = dice.pick(0.01, 0.05, 0.1)
        if dice.on(0.3):
            row["late_grace_days"] = dice.pick(1, 3, 7)
        if dice.on(0.3):
            row["late_cap"] = dice.pick(0.05, 0.08)


def _add_terms(dice: Dice, row: Row) -> None:
    if dice.on(0.3):
        row["min_fill"] = dice.pick(0.25, 0.5, 1, 1)
    if dice.on(0.2):
        row["single_line"] = True
    if dice.on(0.15):
        row["single_delivery"] = True
    if dice.on(0.6):
        row["incoterm"] = dice.pick(*INCOTERMS)
    if dice.on(0.12):
        row["min_c_rate"] = dice.pick(1, 2)
    if dice.on(0.08):
        row["backup_minutes"] = dice.pick(10, 30)
    if dice.on(0.35):
        row["substitution"] = True


def add_choices(dice: Dice, book: Records) -> None:
    """Substitutes and approved lines."""
    items = [row["item"] for row in book["items"]]
    book["substitutes"] = []
    for item in items:
        for other in items:
            if item != other and dice.on(0.25):
                book["substitutes"] += _substitutes(dice, book, item, other)
    book["approvals"] = []
    for customer in [row["customer"] for row in book["customers"]]:
        for item in items:
            able = [row["line"] for row in book["routings"] if row["item"] == item]
            if able and dice.on(0.15):
                book["approvals"] += [{"customer": customer, "item": item, "line": line} for line in dice.some(able)]


def _substitutes(dice: Dice, book: Records, item: str, other: str) -> list[Row]:
    """A blank row, one that names the market or the customer, and one that names both: never two equally specific."""
    markets = [row["market"] for row in book["markets"]]
    customers = [row["customer"] for row in book["customers"]]
    scopes: list[Row] = [{}] if dice.on(0.8) else []
    if markets and dice.on(0.3):
        scopes.append({"market": dice.pick(*markets)})
    elif customers and dice.on(0.3):
        scopes.append({"customer": dice.pick(*customers)})
    if markets and customers and dice.on(0.2):
        scopes.append({"market": dice.pick(*markets), "customer": dice.pick(*customers)})
    return [{"item": item, "substitute": other, **scope, "price_factor": dice.pick(0.8, 0.9, 1, 1.1)}
            for scope in scopes]
