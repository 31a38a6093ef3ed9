"""Rows that every plan satisfies anyway and that bring the relaxation closer to it; no plan changes without them."""

from model.constraints.registry import over, total, weighted
from model.instance.pools import ALL


def look_ahead_stock(m, item, site, first, last):
    r"""Before a stretch of buckets without a setup, stock holds what ships in it. [unit]

    stock[i,s,first-1] >= sum over u = first..last of
        (certain shipments in u - certain_qty[u] * number of setups for i whose output is available in first..u)

    Certain shipments are those of orders that can ship in bucket u alone. The rows hold whichever setups are chosen:
    up to the first setup the stock must cover the shipments, from there on each bracket is at most zero. They
    describe lot sizing without capacity completely (Pochet and Wolsey 2006, section 7.4). Where making is divided by
    the bucket in which it ships, the parts do better.
    """
    stretch = range(first, last + 1)
    # In the first bucket there is opening stock instead of a stock before; one of the two is empty.
    before = weighted([(1.0, m.stock[key]) for key in m.STOCK_BEFORE[item, ALL, site, first]]) + (
        sum(m.OPENING_STOCK[item, ALL, site, first]))
    setups = weighted(
        (sum(m.CERTAIN_QTY[item, site, later][0] for later in range(bucket, last + 1)), m.is_set_up[key])
        for bucket in stretch for key in m.SETUPS_READY[item, site, bucket])
    shipped = total(m.shipped, [key for bucket in stretch for key in m.CERTAIN_SHIPMENTS[item, site, bucket]])
    return before + setups >= shipped


def divided_shipping_balance(m, item, site, bucket):
    r"""Certain shipments are of the parts made to ship in that bucket. [unit]

    sum over l,t of made_to_ship[l,i,t,u] = certain shipments in u

    Holds for items that come from lines alone, after setups. First in, first out, every plan can be divided so; what
    is for other uses takes the rest.
    """
    shipped = total(m.shipped, m.CERTAIN_SHIPMENTS[item, site, bucket])
    return total(m.made_to_ship, m.PARTS_SHIPPED[item, site, bucket]) == shipped


def work_needs_setup(m, line, bucket):
    r"""Regular hours of a line make what needs a setup only where it is set up; beyond them it works overtime. [h]

    sum over i that need a setup of hours_per_unit[l,i] * made[l,i,t]
        + sum over g of setup_hours[l,g] * is_set_up[l,g,t]
        <= regular_hours[l,t] * sum over g of is_set_up[l,g,t] + overtime[l,t]

    With no setup nothing is made; with one or more the row is no tighter than the line's hours. In the relaxation
    output_limit, which counts on overtime, would let a part of a setup do for all regular hours.
    """
    runs = weighted((m.hours_per_unit[key], m.made[key]) for key in m.SETUP_ITEMS_ON_LINE[line, bucket])
    setups = weighted((m.setup_hours[key] - m.regular_hours[line, bucket], m.is_set_up[key])
                      for key in m.SETUPS_ON_LINE[line, bucket])
    return runs + setups <= m.overtime[line, bucket]


def group_needs_setup(m, line, setup_group, bucket):
    r"""The items that share a setup take together what hours the line has left after it. [h]

    sum over i of g of hours_per_unit[l,i] * made[l,i,t] <= hours_after_setup[l,g,t] * is_set_up[l,g,t]

    hours_after_setup counts overtime. In the relaxation output_limit, which each item has for itself, would let a
    part of a setup do for as many items as share it.
    """
    runs = weighted((m.hours_per_unit[key], m.made[key]) for key in m.ITEMS_OF_SETUP[line, setup_group, bucket])
    setup = line, setup_group, bucket
    return runs <= m.hours_after_setup[setup] * m.is_set_up[setup]


TIGHTENING = (
    over(look_ahead_stock, "LOOK_AHEADS"),
    over(divided_shipping_balance, "DIVIDED_SHIPPING"),
    over(work_needs_setup, "SETUP_LINE_BUCKETS"),
    over(group_needs_setup, "SHARED_SETUPS"),
)
