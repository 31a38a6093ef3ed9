"""What an order may get: quantity, firm promise, minimum fill, one source, one departure."""

from model.constraints.registry import over, total


def delivery_balance(m, order):
    r"""What an order gets is the sum of its shipments. [unit]

    delivered[o] = sum over i,p,s,m,t of shipped[o,i,p,s,m,t]
    """
    return m.delivered[order] == total(m.shipped, m.SHIPMENTS_OF_ORDER[order])


def delivery_limit(m, order):
    r"""No order gets more than it asked for. [unit]

    delivered[o] <= quantity[o]     for every optional order; firm orders by firm_delivery
    """
    return m.delivered[order] <= m.quantity[order]


def firm_delivery(m, order):
    r"""A firm order is delivered in full; what cannot be is named as missed. [unit]

    delivered[o] + missed_firm[o] = quantity[o]
    """
    return m.delivered[order] + m.missed_firm[order] == m.quantity[order]


def minimum_fill(m, order):
    r"""An order that is accepted gets at least its minimum fill. [unit]

    delivered[o] >= min_fill[o] * quantity[o] * is_accepted[o]

    It holds for firm orders too: one that cannot be met in full gets at least its minimum fill or nothing.
    """
    return m.delivered[order] >= m.min_fill[order] * m.quantity[order] * m.is_accepted[order]


def delivery_needs_acceptance(m, order):
    r"""An order with a minimum fill gets nothing unless it is accepted. [unit]

    delivered[o] <= quantity[o] * is_accepted[o]
    """
    return m.delivered[order] <= m.quantity[order] * m.is_accepted[order]


def delivery_needs_source(m, order, source):
    r"""A single-line order gets units only from the source chosen for it. [unit]

    sum of shipped[o,.,p,...] over the pools p of source k <= quantity[o] * is_source[o,k]

    A source is one line, whatever eligible item it makes, or all of opening stock, receipts and purchases together.
    Units of a pinned order count where they are made.
    """
    own = total(m.made_for, m.OWN_MAKING_OF_SOURCE[order, source])
    shipped = total(m.shipped, m.SHIPMENTS_OF_SOURCE[order, source])
    return own + shipped <= m.quantity[order] * m.is_source[order, source]


def single_source(m, order):
    r"""A single-line order has at most one source.

    sum over k of is_source[o,k] <= 1
    """
    return total(m.is_source, m.SOURCES_OF_ORDER[order]) <= 1


def delivery_needs_departure(m, order, site, mode, bucket):
    r"""A single delivery leaves only in its bucket, from its site, by its mode. [unit]

    sum over i,p of shipped[o,i,p,s,m,t] <= quantity[o] * is_departure[o,s,m,t]
    """
    shipped = total(m.shipped, m.SHIPMENTS_OF_DEPARTURE[order, site, mode, bucket])
    return shipped <= m.quantity[order] * m.is_departure[order, site, mode, bucket]


def single_departure(m, order):
    r"""A single delivery has at most one departure.

    sum over s,m,t of is_departure[o,s,m,t] <= 1
    """
    return total(m.is_departure, m.DEPARTURES_OF_ORDER[order]) <= 1


CONSTRAINTS = (
    over(delivery_balance, "ORDERS", audited_by="delivery_limit"),
    over(delivery_limit, "OPTIONAL_ORDERS"),
    over(firm_delivery, "FIRM_ORDERS"),
    over(minimum_fill, "MINIMUM_FILL_ORDERS"),
    over(delivery_needs_acceptance, "MINIMUM_FILL_ORDERS", audited_by="minimum_fill"),
    over(delivery_needs_source, "ORDER_SOURCES", audited_by="single_line"),
    over(single_source, "SINGLE_SOURCE_ORDERS", audited_by="single_line"),
    over(delivery_needs_departure, "ORDER_DEPARTURES", audited_by="single_delivery"),
    over(single_departure, "SINGLE_DELIVERY_ORDERS", audited_by="single_delivery"),
)
