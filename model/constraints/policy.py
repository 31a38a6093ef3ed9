"""Quotas, contract minimums, pins, the frozen and the published plan."""

from model.constraints.registry import over, total


def allocation_quota(m, rule):
    r"""What ships in a quota's period and scope stays within it. [unit]

    sum of shipped over the rule's orders, items and buckets <= max_qty[rule]

    A shipment counts on the day it leaves, as the item shipped.
    """
    return total(m.shipped, m.SHIPMENTS_OF_RULE[rule]) <= m.quota_qty[rule]


def contract_minimum(m, rule):
    r"""What ships in a contract's period and scope reaches its minimum, but for what is named as missed. [unit]

    sum of shipped over the rule's orders, items and buckets + missed_contract[rule] >= min_qty[rule]
    """
    return total(m.shipped, m.SHIPMENTS_OF_RULE[rule]) + m.missed_contract[rule] >= m.contract_qty[rule]


def fixed_pin(m, pin):
    r"""Exactly as much is made for the order on the line in the bucket as the planner fixed. [unit]

    sum of made_for over the pin's line and bucket + fixed_pin_short - fixed_pin_excess = quantity[pin]

    A pin without a line or bucket speaks of all of them together. Units from stock do not count.
    """
    made = total(m.made_for, m.OWN_MAKING_OF_PIN[pin])
    return made + m.fixed_pin_short[pin] - m.fixed_pin_excess[pin] == m.fixed_qty[pin]


def minimum_pin(m, pin):
    r"""At least as much is made for the order as the planner asked for. [unit]

    sum of made_for over the pin's line and bucket + minimum_pin_short >= quantity[pin]
    """
    return total(m.made_for, m.OWN_MAKING_OF_PIN[pin]) + m.minimum_pin_short[pin] >= m.pin_min_qty[pin]


def maximum_pin(m, pin):
    r"""At most as much is made for the order as the planner allowed. [unit]

    sum of made_for over the pin's line and bucket - maximum_pin_excess <= quantity[pin]
    """
    return total(m.made_for, m.OWN_MAKING_OF_PIN[pin]) - m.maximum_pin_excess[pin] <= m.pin_max_qty[pin]


def frozen_plan(m, line, item, bucket):
    r"""In the frozen buckets production equals the published plan. [unit]

    made[l,i,t] + frozen_short - frozen_excess = published quantity (0 where nothing is published)
    """
    key = (line, item, bucket)
    # Either sum may be empty: no routing for what is published, nothing published for what has one.
    made = total(m.made, m.MAKING_OF[key]) + total(m.frozen_short, m.PUBLISHED_OF_FROZEN[key])
    return made - m.frozen_excess[key] == m.frozen_qty[key]


def change_balance(m, line, item, bucket):
    r"""Published units no longer made on their line in their bucket are counted once, summed over orders. [unit]

    unmade_published[l,i,t] >= published_qty[l,i,t] - made[l,i,t]
    """
    key = (line, item, bucket)
    return m.unmade_published[key] >= m.published_qty[key] - total(m.made, m.MAKING_OF[key])


CONSTRAINTS = (
    over(allocation_quota, "QUOTAS"),
    over(contract_minimum, "CONTRACTS"),
    over(fixed_pin, "FIXED_PINS", audited_by="pins"),
    over(minimum_pin, "MINIMUM_PINS", audited_by="pins"),
    over(maximum_pin, "MAXIMUM_PINS", audited_by="pins"),
    over(frozen_plan, "FROZEN_MAKING"),
    over(change_balance, "PUBLISHED_MAKING", audited_by="changes"),
)
