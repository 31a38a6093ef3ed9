"""The named terms of the contribution margin; their sum is what the plan maximises."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from model.constraints.registry import weighted


def revenue(m):
    r"""Value of everything shipped. [base money]

    sum of unit_price * rate * price_factor * shipped[o,i,p,s,m,t]     (price_factor 1 but for substitutes)
    """
    return weighted((m.unit_revenue[key], m.shipped[key]) for key in m.SHIPMENTS)


def late(m):
    r"""Damages for what arrives, or by due_basis leaves, late. [base money]

    - sum of min(late_rate * weeks, late_cap) * value shipped
    weeks = started weeks after due_date + late_grace_days; value = revenue of the units concerned
    """
    return weighted((m.unit_late[key], m.shipped[key]) for key in m.SHIPMENTS)


def freight(m):
    r"""Freight that is ours to bear: all incoterms but EXW, FCA and FOB. [base money]

    - sum of freight_cost[s,market,m] * shipped[o,i,p,s,m,t]
    """
    return weighted((m.unit_freight[key], m.shipped[key]) for key in m.SHIPMENTS)


def duty(m):
    r"""Import duty that is ours to bear: incoterm DDP. [base money]

    - sum of duty_rate[market, item shipped, day of arrival] * value shipped     (damages do not lower the base)
    """
    return weighted((m.unit_duty[key], m.shipped[key]) for key in m.SHIPMENTS)


def materials(m):
    r"""Purchases, and what take or pay makes us pay beyond them. [base money]

    - sum of unit_cost[f] * (bought[f,t] + unused_paid[f,t])
    """
    taken = [(-m.purchase_price[key], m.bought[key]) for key in m.PURCHASES]
    unused = [(-m.take_or_pay_price[key], m.unused_paid[key]) for key in m.TAKE_OR_PAY]
    return weighted(taken + unused)


def conversion(m):
    r"""Cost of making. [base money]

    - sum of unit_cost[l,i] * made[l,i,t]
    """
    return weighted((-m.unit_cost[key], m.made[key]) for key in m.LINE_MAKES_ITEM)


def setup(m):
    r"""Cost of setups, once per line, setup group and bucket in which it runs. [base money]

    - sum of setup_cost[l,g] * is_set_up[l,g,t]
    """
    return weighted((-m.setup_cost[key], m.is_set_up[key]) for key in m.SETUPS)


def overtime(m):
    r"""Extra cost of overtime. [base money]

    - sum of overtime_cost[l] * overtime[l,t]
    """
    return weighted((-m.overtime_cost[key], m.overtime[key]) for key in m.LINE_BUCKETS)


def holding(m):
    r"""Cost of what is in stock at the end of each bucket, the last included. [base money]

    - sum of holding_cost[i,s] * stock[i,p,s,t]
    """
    return weighted((-m.holding_cost[key], m.stock[pool])
                    for key in m.HELD_STOCK for pool in m.POOLS_OF_ITEM_SITE[key])


def transfer(m):
    r"""Cost of moving units between sites. [base money]

    - sum of unit_cost[from,to,i] * moved[from,to,i,p,t]
    """
    return weighted((-m.transfer_price[key], m.moved[key]) for key in m.TRANSFERS)


def expansion(m):
    r"""Cost of the lines that are opened, once and in full. [base money]

    - sum of cost[l,e] * is_opened[l,e]
    """
    return weighted((-m.expansion_cost[key], m.is_opened[key]) for key in m.EXPANSION_OPTIONS)


def change(m):
    r"""Cost of leaving the published plan after its frozen part. [base money]

    - change_cost * sum of unmade_published[l,i,t]
    """
    return weighted((-m.change_cost, m.unmade_published[key]) for key in m.PUBLISHED_MAKING)


TERMS: tuple[Callable[[Any], Any], ...] = (
    revenue, late, freight, duty, materials, conversion, setup, overtime, holding, transfer, expansion, change,
)
