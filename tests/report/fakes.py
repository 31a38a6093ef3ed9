"""A planned case made without reader and solver: plausible tables of any size, with hostile names among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from model.audit.result import Audit, AuditRow
from model.buckets import buckets
from model.plan_tables import MONEY_TERMS, PLAN_TABLES
from model.schema import TABLES
from model.solve.outcome import Outcome
from model.tables import RawBook, Settings, Tables
from model.tables.typed import empty_frame

HOSTILE_IDS = ("=1+1", "007", "NA", "http://a.cn/x", "1E5", "<r>bold</r>", "+86", "南都-数据中心-北美二期", "  kept ",
               "a\r\nb")
TECHNOLOGIES = ("lead", "high-voltage lithium", "LFP cells", "energy storage", "固态电池")
CUSTOMERS = ("Narada 南都", "Acme DC", None, "中国移动数据中心有限公司")
REASONS = ("taken in full: earns more than anything else these hours could make",
           "declined: its price does not cover its variable cost",
           "declined: high-voltage lithium is full until August with orders that earn more per hour")


@dataclass(frozen=True)
class FakePlan:
    """Plan tables without a solver."""

    frames: Mapping[str, pd.DataFrame]
    margin: float
    bound: float


@dataclass(frozen=True)
class FakeResult:
    """A planned case without a solver."""

    tables: Tables
    plan: FakePlan | None
    outcome: Outcome
    audit: Audit | None
    seconds: Mapping[str, float] = field(default_factory=lambda: {"build": 0.2, "solve": 12.345, "total": 13.0})
    size: Mapping[str, int] = field(
        default_factory=lambda: {"rows": 120, "columns": 340, "integers": 40, "nonzeros": 990})
    versions: Mapping[str, str] = field(default_factory=lambda: {"python": "3.11.4", "highspy": "1.15.1"})
    options: Mapping[str, object] = field(
        default_factory=lambda: {"gap": 0.0001, "time_limit": 120.0, "seed": 0, "threads": 1})
    rule_of_thumb: FakePlan | None = None


def frame_of(table: str, rows: int, values: Mapping[str, Any]) -> pd.DataFrame:
    """A plan table of ``rows`` rows in the right columns and types; what is not given is zero or blank."""
    columns: dict[str, Any] = {}
    for column in PLAN_TABLES[table]:
        given = values.get(column.name)
        if column.kind == "text":
            columns[column.name] = pd.Series([None] * rows if given is None else list(given), dtype=object)
        elif column.kind == "date":
            columns[column.name] = pd.Series(pd.to_datetime([pd.NaT] * rows if given is None else given)).astype(
                "datetime64[ns]").reset_index(drop=True)
        else:
            columns[column.name] = pd.Series(np.zeros(rows) if given is None else given, dtype=float)
    return pd.DataFrame(columns)


def fake_tables(orders: int = 40, lines: int = 8, bucket_count: int = 26, *, two_units: bool = False,
                published: bool = False, plan_name: str = "Battery plant, first half 2025") -> Tables:
    """Typed input of ``orders`` orders; the planner's own columns stand beside the orders."""
    settings = Settings(plan_name, pd.Timestamp("2025-01-06"), "week", bucket_count, "CNY", "MWh", None, 0.0, 0.5,
                        0.0001, 120.0)
    frames = {name: empty_frame(name) for name in TABLES if name != "settings"}
    frames["items"] = frames["items"].reindex(range(len(TECHNOLOGIES))).assign(
        item=[f"item-{name}" for name in TECHNOLOGIES], technology=list(TECHNOLOGIES), unit="MWh")
    if two_units:
        frames["items"].loc[0, "unit"] = "t"
    line_names = [f"LINE-{number + 1}" for number in range(lines)]
    frames["lines"] = frames["lines"].reindex(range(lines)).assign(line=line_names)
    frames["routings"] = frames["routings"].reindex(range(lines)).assign(
        line=line_names, item=[f"item-{TECHNOLOGIES[number % len(TECHNOLOGIES)]}" for number in range(lines)])
    names = [HOSTILE_IDS[number] if number < len(HOSTILE_IDS) else f"SO-{number:05d}" for number in range(orders)]
    frames["orders"] = frames["orders"].reindex(range(orders)).assign(order=names)
    if published:
        frames["published_plan"] = frames["published_plan"].reindex(range(1)).assign(line="LINE-1", quantity=3.0)
    extras = {"orders": pd.DataFrame({
        "sales contact": pd.Series([["王芳", "=cmd()", 7, True, None][number % 5] for number in range(orders)],
                                   dtype=object),
        "备注": pd.Series([pd.Timestamp("2025-03-31").to_pydatetime() if number % 2 else 12.5
                         for number in range(orders)], dtype=object)})}
    return Tables(frames, settings, extras, {"orders.latest_date": 12, "lines.overtime_cost": 3}, "ab" * 32,
                  frozenset({"orders"}), RawBook("fake"))


def fake_result(tables: Tables | None = None, *, misses: int = 0, rejected: bool = False,
                status: str = "within_gap", seed: int = 7) -> FakeResult:
    """A plan for ``tables`` in which money and hours add up, though no solver ever saw it."""
    tables = tables or fake_tables()
    random = np.random.default_rng(seed)
    decisions, production, shipments = _orders(tables, random, misses)
    load = _line_load(tables, production)
    amounts = {name: float(shipments[name].sum()) for name in ("revenue", "late", "freight", "duty")}
    amounts |= {"materials": -0.41 * amounts["revenue"], "conversion": float(production["conversion"].sum()),
                "setup": -45_000.0, "overtime": float(load["overtime"].sum()), "holding": -23_456.78}
    margin = frame_of("margin", len(MONEY_TERMS), {
        "term": MONEY_TERMS, "amount": [round(amounts.get(term, 0.0), 2) for term in MONEY_TERMS]})
    frames = {name: frame_of(name, 0, {}) for name in PLAN_TABLES} | {
        "decisions": decisions, "production": production, "shipments": shipments, "line_load": load,
        "margin": margin, "stock_levels": _stock(tables), "material_needs": _materials(tables),
        "misses": _misses(misses)}
    if not tables.frames["published_plan"].empty:
        frames["changes"] = frame_of("changes", 2, {
            "line": ["LINE-1", "LINE-1"], "item": ["item-lead"] * 2, "bucket_start": ["2025-01-06", "2025-01-13"],
            "frozen": ["yes", "no"], "published": [3, 2], "planned": [3, 4], "difference": [0, 2]})
    total = round(float(margin["amount"].sum()), 2)
    plan = FakePlan(frames, total, total * 1.0005)
    outcome = Outcome(status, total, total * 1.0005, promises_missed=misses > 0)  # type: ignore[arg-type]
    return FakeResult(tables, plan, outcome, _audit(rejected))


def without_plan(status: str) -> FakeResult:
    """A run that found nothing."""
    return replace(fake_result(), plan=None, audit=None, outcome=Outcome(status, None, None))  # type: ignore[arg-type]


def _orders(tables: Tables, random: np.random.Generator,
            misses: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    count, horizon = len(tables.frames["orders"]), buckets(tables.settings)
    lines = tables.frames["lines"]["line"].to_numpy()
    line = random.integers(0, len(lines), count)
    technology = np.array(TECHNOLOGIES, dtype=object)[line % len(TECHNOLOGIES)]
    item = np.array([f"item-{name}" for name in technology], dtype=object)
    status = random.choice(["accepted", "partial", "declined", "left_out"], count, p=[0.6, 0.1, 0.25, 0.05])
    status[:1] = "missed" if misses else "accepted"
    quantity = np.round(random.uniform(5, 60, count), 3)
    taken = np.isin(status, ["accepted", "partial", "missed"])
    delivered = np.where(taken, np.where(status == "accepted", quantity, np.round(quantity * 0.7, 3)), 0.0)
    price = np.round(random.uniform(400_000, 900_000, count), 2)
    bucket = random.integers(1, len(horizon), count)
    late = np.where(random.random(count) < 0.1, 9.0, 0.0)
    ship = pd.Series(horizon["end"].to_numpy()[bucket])
    arrival = ship + pd.Timedelta(days=20)
    due = arrival - pd.to_timedelta(late, unit="D")
    region = np.where(random.random(count) < 0.4, "overseas", "domestic").astype(object)
    revenue = np.round(delivered * price, 2)
    money = {"revenue": revenue, "late": np.where(late > 0, np.round(-0.01 * revenue, 2), 0.0),
             "freight": np.round(-0.03 * revenue, 2), "duty": np.where(region == "overseas", -0.02, 0.0) * revenue}
    money["duty"] = np.round(money["duty"], 2)
    variable = np.round(-0.6 * revenue, 2)
    margin = np.round(sum(money.values()) + variable, 2)
    order = tables.frames["orders"]["order"].to_numpy()
    customer = np.array(CUSTOMERS, dtype=object)[np.arange(count) % len(CUSTOMERS)]
    market = np.where(region == "overseas", "US west", "China").astype(object)
    decisions = frame_of("decisions", count, {
        "order": order, "customer": customer, "market": market, "region": region, "item": item,
        "commitment": np.where(status == "missed", "firm", "optional").astype(object), "status": status,
        "quantity": quantity, "delivered": delivered, "delivered_on_time": np.where(late > 0, 0.0, delivered),
        "missed": np.where(status == "missed", quantity - delivered, 0.0), "delivered_share": delivered / quantity,
        "first_ship": ship.where(taken), "last_arrival": arrival.where(taken), "due_date": due,
        "latest_date": due + pd.Timedelta(days=30), "late_days": np.where(taken, late, np.nan), "unit_price": price,
        **money, "variable_cost": variable, "margin": margin,
        "unit_margin": np.where(taken, margin / np.where(taken, delivered, 1.0), np.nan),
        "reason": np.array(REASONS, dtype=object)[np.where(taken, 0, np.where(status == "declined", 1, 2))]})
    at = np.flatnonzero(taken)
    start = horizon["start"].to_numpy()[bucket[at]]
    production = frame_of("production", len(at), {
        "order": order[at], "item": item[at], "line": lines[line[at]], "site": ["main"] * len(at),
        "bucket_start": start, "available_on": ship[at].to_numpy(), "quantity": delivered[at],
        "run_hours": np.round(delivered[at] * 14, 4), "conversion": np.round(-9_000 * delivered[at], 2)})
    shipments = frame_of("shipments", len(at), {
        "order": order[at], "item": item[at], "line": lines[line[at]], "site": ["main"] * len(at),
        "market": market[at], "mode": ["sea"] * len(at), "bucket_start": start, "departure": ship[at].to_numpy(),
        "arrival": arrival[at].to_numpy(), "quantity": delivered[at], "late_days": late[at],
        **{name: amounts[at] for name, amounts in money.items()}})
    return decisions, production, shipments


def _line_load(tables: Tables, production: pd.DataFrame) -> pd.DataFrame:
    horizon, lines = buckets(tables.settings), tables.frames["lines"]["line"].tolist()
    keys = pd.MultiIndex.from_product([lines, horizon["start"]])
    sums = production.groupby(["line", "bucket_start"])[["run_hours", "quantity"]].sum().reindex(keys, fill_value=0.0)
    run = np.minimum(sums["run_hours"].to_numpy(), 120.0 + 24.0 - 4.0)
    setup = np.where(run > 0, 4.0, 0.0)
    used = run + setup
    regular = np.full(len(keys), 120.0)
    technologies = [TECHNOLOGIES[number % len(TECHNOLOGIES)] for number in range(len(lines))]
    return frame_of("line_load", len(keys), {
        "line": keys.get_level_values(0), "site": ["main"] * len(keys),
        "technology": np.repeat(np.array(technologies, dtype=object), len(horizon)),
        "bucket_start": keys.get_level_values(1), "regular_hours": regular, "overtime_limit": regular * 0.2,
        "run_hours": run, "setup_hours": setup, "overtime_hours": np.maximum(0.0, used - regular),
        "idle_hours": np.maximum(0.0, regular - used), "load": np.round(used / regular, 6),
        "units": sums["quantity"].to_numpy(), "overtime": np.round(-300 * np.maximum(0.0, used - regular), 2)})


def _stock(tables: Tables) -> pd.DataFrame:
    horizon, items = buckets(tables.settings), tables.frames["items"]["item"].tolist()
    rows = len(horizon) * len(items)
    return frame_of("stock_levels", rows, {
        "item": np.repeat(np.array(items, dtype=object), len(horizon)), "site": ["main"] * rows,
        "bucket_start": np.tile(horizon["start"].to_numpy(), len(items)),
        "bucket_end": np.tile(horizon["end"].to_numpy(), len(items)), "opening": np.full(rows, 5.0),
        "made": np.full(rows, 2.25), "shipped": np.full(rows, 2.25), "closing": np.full(rows, 5.0),
        "safety_stock": np.where(np.arange(rows) % 7 == 0, 6.0, 1.0), "storage_limit": np.full(rows, np.nan)})


def _materials(tables: Tables) -> pd.DataFrame:
    horizon = buckets(tables.settings)
    rows = len(horizon)
    return frame_of("material_needs", rows, {
        "supplier": ["天能回收"] * rows, "item": ["item-lead"] * rows, "site": ["main"] * rows,
        "bucket_start": horizon["start"], "order_by": horizon["end"] - pd.Timedelta(days=5),
        "quantity": np.full(rows, 12.0), "paid_quantity": np.where(np.arange(rows) % 5 == 0, 15.0, 12.0),
        "unit_cost": np.full(rows, 1234.5), "materials": np.full(rows, -14_814.0)})


def _misses(count: int) -> pd.DataFrame:
    kinds = ("firm_order", "contract_minimum", "safety_stock", "pin", "frozen_plan", "final_stock")
    return frame_of("misses", count, {
        "kind": [kinds[number % len(kinds)] for number in range(count)],
        "name": [f"北美数据中心 {number}" for number in range(count)],
        "bucket": [None if number % 2 else "2025-02-03" for number in range(count)],
        "missed": [12.345 + number for number in range(count)], "unit": ["MWh"] * count,
        "value": [1_000_000.0 * (number % 3) for number in range(count)]})


def _audit(rejected: bool) -> Audit:
    rows = (AuditRow("capacity_limit", 156, 3.2e-10, 1e-6, True, ""),
            AuditRow("stock_balance", 130, 0.5 if rejected else 0.0, 1e-6, not rejected,
                     "item-lead at main, 2025-03-03" if rejected else ""))
    return Audit(not rejected, rows)
