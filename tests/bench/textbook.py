"""The textbook model, order x line x bucket, written straight over the tables and solved through Pyomo's interface.

It is exact for what the benchmark's families use: its optimum is the program's. It is what the program is compared
against: nothing is aggregated, stock is the inventory balance, a setup allows all hours of its line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pandas as pd
import pyomo.environ as pyo

from model.tables import Tables
from tests.bench.textbook_data import TextbookData, read_textbook

Groups = dict[Any, list[Any]]


def textbook_model(tables: Tables) -> pyo.ConcreteModel:
    """The model of a book; ValueError where the book uses what the model does not know."""
    data = read_textbook(tables)
    m = pyo.ConcreteModel()
    m.BUCKETS = range(data.bucket_count)
    _decisions(m, data)
    _orders(m, data)
    _single_lines(m, data)
    _lines(m, data)
    _lots(m, data)
    _stock(m, data)
    m.margin = pyo.Objective(expr=_margin(m, data), sense=pyo.maximize)
    return m


def rows(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    """The rows of some columns as plain tuples."""
    return list(zip(*(frame[column].tolist() for column in columns), strict=True))


def grouped(keys: Iterable[Any], members: Iterable[Any]) -> Groups:
    """Members by key; a key without any has none."""
    found: Groups = defaultdict(list)
    for key, member in zip(keys, members, strict=True):
        found[key].append(member)
    return found


def there(variable: pyo.Var, key: Any) -> Any:
    """The variable's member, or zero where it has none."""
    return sum(variable[each] for each in (key,) if each in variable)


def _decisions(m: pyo.ConcreteModel, data: TextbookData) -> None:
    orders, routes = data.orders, data.routes
    spare = routes[(routes["min_lot"] > 0) | routes["item"].isin(data.bill["component"])]
    has_spare = set(spare["item"]) | set(data.stock.loc[data.stock["opening_stock"] > 0, "item"])
    places = sorted({place for frame in (data.stock, routes, data.offers) for place in rows(frame, "item", "site")})
    m.single = set(orders.loc[orders["single_line"], "order"])
    m.quantity = dict(rows(orders, "order", "quantity"))
    m.made_for = pyo.Var(rows(data.made_for, "order", "line", "bucket"), within=pyo.NonNegativeReals)
    m.made_spare = pyo.Var(rows(spare, "line", "item", "bucket"), within=pyo.NonNegativeReals)
    m.taken = pyo.Var([order for order, item in rows(orders, "order", "item") if item in has_spare and order not in
                       m.single], within=pyo.NonNegativeReals)
    m.shipped = pyo.Var(rows(data.ways, "order", "site", "mode", "bucket"), within=pyo.NonNegativeReals)
    m.stock = pyo.Var([(item, site, bucket) for item, site in places for bucket in m.BUCKETS],
                      within=pyo.NonNegativeReals)
    m.bought = pyo.Var(rows(data.offers, "item", "site", "supplier", "bucket"), within=pyo.NonNegativeReals)
    m.moved = pyo.Var([(*route, bucket) for route in rows(data.transfers, "from_site", "to_site", "item")
                       for bucket in m.BUCKETS if route[2] is not None], within=pyo.NonNegativeReals)
    m.overtime = pyo.Var([(line, bucket) for line in data.lines["line"] for bucket in m.BUCKETS],
                         within=pyo.NonNegativeReals)
    m.MADE_OF = grouped(rows(data.made_for, "line", "item", "bucket"), rows(data.made_for, "order", "line", "bucket"))
    m.made = {key: pyo.quicksum(m.made_for[each] for each in m.MADE_OF[key])
              + there(m.made_spare, key) for key in rows(routes, "line", "item", "bucket")}


def _orders(m: pyo.ConcreteModel, data: TextbookData) -> None:
    """Units made for an order, or taken from what is there, are what it gets; firm in full, else as much as it pays."""
    ways = grouped(data.ways["order"], rows(data.ways, "order", "site", "mode", "bucket"))
    made = grouped(data.made_for["order"], rows(data.made_for, "order", "line", "bucket"))
    m.delivered = {order: pyo.quicksum(m.shipped[way] for way in ways[order]) for order in data.orders["order"]}
    lumpy = dict(rows(data.orders[data.orders["min_fill"] > 0], "order", "min_fill"))
    m.is_accepted = pyo.Var(list(lumpy), within=pyo.Binary)
    m.origin, m.limit = pyo.ConstraintList(), pyo.ConstraintList()
    for order, firm in rows(data.orders, "order", "is_firm"):
        given, quantity = m.delivered[order], m.quantity[order]
        own = pyo.quicksum(m.made_for[each] for each in made[order])
        if order not in m.single:
            m.origin.add(own + there(m.taken, order) - given == 0)
        if firm:
            m.limit.add(given == quantity)
        elif order in lumpy:
            m.limit.add(given <= quantity * m.is_accepted[order])
            m.limit.add(given >= lumpy[order] * quantity * m.is_accepted[order])
        else:
            m.limit.add(given <= quantity)


def _single_lines(m: pyo.ConcreteModel, data: TextbookData) -> None:
    """A single-line order is made on one line only and has a stock of its own."""
    mine = data.made_for[data.made_for["order"].isin(m.single)]
    lines = sorted(set(rows(mine, "order", "line")))
    m.is_made_on = pyo.Var(lines, within=pyo.Binary)
    m.own_stock = pyo.Var([(order, bucket) for order in sorted(m.single) for bucket in m.BUCKETS],
                          within=pyo.NonNegativeReals)
    on_line = grouped(rows(mine, "order", "line"), rows(mine, "order", "line", "bucket"))
    ready = grouped(rows(mine, "order", "ready"), rows(mine, "order", "line", "bucket"))
    ways = grouped(rows(data.ways, "order", "bucket"), rows(data.ways, "order", "site", "mode", "bucket"))
    m.single_line, m.own_balance = pyo.ConstraintList(), pyo.ConstraintList()
    for order, line in lines:
        made = pyo.quicksum(m.made_for[each] for each in on_line[order, line])
        m.single_line.add(made <= m.quantity[order] * m.is_made_on[order, line])
    for chosen in grouped([order for order, _ in lines], lines).values():
        m.single_line.add(pyo.quicksum(m.is_made_on[each] for each in chosen) <= 1)
    for order in sorted(m.single):
        for bucket in m.BUCKETS:
            before = m.own_stock[order, bucket - 1] if bucket else 0.0
            made = pyo.quicksum(m.made_for[each] for each in ready[order, bucket])
            sent = pyo.quicksum(m.shipped[each] for each in ways[order, bucket])
            m.own_balance.add(before + made - sent - m.own_stock[order, bucket] == 0)


def _lines(m: pyo.ConcreteModel, data: TextbookData) -> None:
    """Hours of lines, setups included, and of shared resources."""
    routes = data.routes
    with_setup = routes[(routes["setup_hours"] > 0) | (routes["setup_cost"] > 0)]
    m.SETUPS = {(line, group, bucket): (hours, cost) for line, group, bucket, hours, cost
                in rows(with_setup, "line", "setup_group", "bucket", "setup_hours", "setup_cost")}
    m.is_set_up = pyo.Var(list(m.SETUPS), within=pyo.Binary)
    loads = grouped(rows(routes, "line", "bucket"), rows(routes, "line", "item", "bucket", "hours_per_unit"))
    setups = grouped([(line, bucket) for line, _, bucket in m.SETUPS], m.SETUPS)
    m.capacity, m.resource = pyo.ConstraintList(), pyo.ConstraintList()
    for line, regular, overtime in rows(data.lines, "line", "regular_hours", "overtime_hours"):
        for bucket in m.BUCKETS:
            share = data.share[line, bucket]
            m.overtime[line, bucket].setub(overtime * share)
            run = pyo.quicksum(hours * m.made[line, item, bucket] for _, item, _, hours in loads[line, bucket])
            change = pyo.quicksum(m.SETUPS[key][0] * m.is_set_up[key] for key in setups[line, bucket])
            m.capacity.add(run + change - m.overtime[line, bucket] <= regular * share)
    uses = grouped(data.resource_use["resource"], rows(data.resource_use, "line", "item", "hours_per_unit"))
    for resource, hours in rows(data.resources, "resource", "hours"):
        for bucket in m.BUCKETS:
            used = [each * m.made[line, item, bucket] for line, item, each in uses[resource]
                    if (line, item, bucket) in m.made]
            if used:
                m.resource.add(pyo.quicksum(used) <= hours * data.share[resource, bucket])


def _lots(m: pyo.ConcreteModel, data: TextbookData) -> None:
    """Making needs its setup; what runs, runs at least its smallest lot. Big-M: what all hours of the line can make."""
    offered = {line: regular + overtime for line, regular, overtime
               in rows(data.lines, "line", "regular_hours", "overtime_hours")}
    lots = data.routes[data.routes["min_lot"] > 0]
    m.is_running = pyo.Var(rows(lots, "line", "item", "bucket"), within=pyo.Binary)
    m.needs_setup, m.lot = pyo.ConstraintList(), pyo.ConstraintList()
    for line, item, group, bucket, each, least in rows(data.routes, "line", "item", "setup_group", "bucket",
                                                       "hours_per_unit", "min_lot"):
        most = offered[line] * data.share[line, bucket] / each
        made = m.made[line, item, bucket]
        if (line, group, bucket) in m.SETUPS:
            m.needs_setup.add(made <= most * m.is_set_up[line, group, bucket])
        if least > 0:
            m.lot.add(made <= most * m.is_running[line, item, bucket])
            m.lot.add(made >= least * m.is_running[line, item, bucket])


def _stock(m: pyo.ConcreteModel, data: TextbookData) -> None:
    """What was there and what comes is used, moved, shipped or kept, by item, site and bucket."""
    opening = {(item, site): there for item, site, there in rows(data.stock, "item", "site", "opening_stock")}
    flows: dict[tuple[str, str, int], list[Any]] = defaultdict(list)
    shared = data.made_for[~data.made_for["order"].isin(m.single)]
    for item, site, ready, *key in rows(shared, "item", "site", "ready", "order", "line", "bucket"):
        flows[item, site, ready].append(m.made_for[tuple(key)])
    ready_in = {(line, item, bucket): (site, ready) for line, item, bucket, site, ready
                in rows(data.routes, "line", "item", "bucket", "site", "ready")}
    for line, item, bucket in m.made_spare:
        site, ready = ready_in[line, item, bucket]
        flows[item, site, ready].append(m.made_spare[line, item, bucket])
    for item, site, supplier, bucket in m.bought:
        flows[item, site, bucket].append(m.bought[item, site, supplier, bucket])
    for order, item, site, mode, bucket in rows(data.ways, "order", "item", "site", "mode", "bucket"):
        if order not in m.single:
            flows[item, site, bucket].append(-m.shipped[order, site, mode, bucket])
    _moves(m, data, flows)
    _consumption(m, data, flows)
    m.balance = pyo.ConstraintList()
    for item, site, bucket in m.stock:
        before = m.stock[item, site, bucket - 1] if bucket else opening.get((item, site), 0.0)
        m.balance.add(before + pyo.quicksum(flows[item, site, bucket]) - m.stock[item, site, bucket] == 0)


def _moves(m: pyo.ConcreteModel, data: TextbookData, flows: dict[tuple[str, str, int], list[Any]]) -> None:
    for start, end, item, days in rows(data.transfers, "from_site", "to_site", "item", "ready_days"):
        for bucket in m.BUCKETS:
            arrives = bucket + -(-days // 7)
            if arrives < data.bucket_count:
                flows[item, start, bucket].append(-m.moved[start, end, item, bucket])
                flows[item, end, arrives].append(m.moved[start, end, item, bucket])
            else:
                m.moved[start, end, item, bucket].fix(0.0)


def _consumption(m: pyo.ConcreteModel, data: TextbookData, flows: dict[tuple[str, str, int], list[Any]]) -> None:
    components = grouped(data.bill["item"], rows(data.bill, "component", "quantity_per"))
    for line, item, bucket, site, good in rows(data.routes, "line", "item", "bucket", "site", "yield_share"):
        for component, per in components[item]:
            flows[component, site, bucket].append(-per / good * m.made[line, item, bucket])


def _margin(m: pyo.ConcreteModel, data: TextbookData) -> Any:
    """Revenue after damages, freight and duty, less conversion, setups, overtime, materials, holding and transfers."""
    net = {(order, site, mode, bucket): each for order, site, mode, bucket, each
           in rows(data.ways, "order", "site", "mode", "bucket", "net")}
    make = {(line, item, bucket): cost for line, item, bucket, cost
            in rows(data.routes, "line", "item", "bucket", "unit_cost")}
    dear = dict(rows(data.lines, "line", "overtime_cost"))
    price = {(item, site, supplier): cost for item, site, supplier, cost
             in rows(data.offers, "item", "site", "supplier", "unit_cost")}
    hold = {(item, site): cost for item, site, cost in rows(data.stock, "item", "site", "holding_cost")}
    move = {route[:3]: route[3] for route in rows(data.transfers, "from_site", "to_site", "item", "unit_cost")}
    place = {order: (item, site) for order, item, site in rows(data.ways, "order", "item", "site")}
    return (pyo.quicksum(net[key] * m.shipped[key] for key in m.shipped)
            - pyo.quicksum(make[key] * made for key, made in m.made.items())
            - pyo.quicksum(cost * m.is_set_up[key] for key, (_, cost) in m.SETUPS.items())
            - pyo.quicksum(dear[line] * m.overtime[line, bucket] for line, bucket in m.overtime)
            - pyo.quicksum(price[key[:3]] * m.bought[key] for key in m.bought)
            - pyo.quicksum(hold.get(key[:2], 0.0) * m.stock[key] for key in m.stock)
            - pyo.quicksum(hold.get(place[order], 0.0) * m.own_stock[order, bucket] for order, bucket in m.own_stock
                           if order in place)
            - pyo.quicksum(move[key[:3]] * m.moved[key] for key in m.moved))
