"""Setups, minimum lots and lot multiples."""

from model.constraints.registry import over, total
from model.constraints.runs import units_of_run


def making_needs_setup(m, line, item, bucket, setup_group):
    r"""A line makes an item of a setup group only in buckets in which it is set up for the group. [unit]

    made[l,i,t] <= output_limit[l,i,t] * is_set_up[l,g,t]

    output_limit is the smallest valid: what the hours of line and shared resources leave after the setup, and no more
    than there can be a use for. Where making is divided by the bucket in which it ships, made is written as its
    parts, and the row stands where part_needs_setup says less.
    """
    limit = m.output_limit[line, item, bucket]
    return units_of_run(m, line, item, bucket) <= limit * m.is_set_up[line, setup_group, bucket]


def part_needs_setup(m, line, item, bucket, ships_in, setup_group):
    r"""A line makes what ships in a bucket only in buckets in which it is set up for it. [unit]

    made_to_ship[l,i,t,u] <= part_limit[i,s,u] * is_set_up[l,g,t]     for the site s of the line

    part_limit is what certain orders ship in u at most. These limits are far smaller than what a line can make: they
    are the strong (facility-location) form of lot sizing.
    """
    key = (line, item, bucket, ships_in)
    return m.made_to_ship[key] <= m.part_limit[(*key, setup_group)] * m.is_set_up[line, setup_group, bucket]


def parts_balance(m, line, item, bucket):
    r"""What is made is for orders that ship in a certain bucket, or for another use. [unit]

    made[l,i,t] = sum over u of made_to_ship[l,i,t,u] + made_for_other_use[l,i,t]

    The last is there for items that have another use. Without one, more than is shipped would only cost.
    """
    key = (line, item, bucket)
    return m.made[key] == total(m.made_to_ship, m.PARTS_OF[key]) + total(m.made_for_other_use, m.OTHER_USE_OF[key])


def making_needs_run(m, line, item, bucket):
    r"""An item with a minimum lot is made only in buckets in which it runs. [unit]

    made[l,i,t] <= output_limit[l,i,t] * is_running[l,i,t]
    """
    return m.made[line, item, bucket] <= m.output_limit[line, item, bucket] * m.is_running[line, item, bucket]


def minimum_lot(m, line, item, bucket):
    r"""Where an item runs, at least its minimum lot is made in the bucket. [unit]

    made[l,i,t] >= min_lot[l,i] * is_running[l,i,t]
    """
    return m.made[line, item, bucket] >= m.run_min_lot[line, item, bucket] * m.is_running[line, item, bucket]


def minimum_lot_of_setup(m, line, item, bucket, setup_group):
    r"""Where an item is alone in its setup group, being set up and running are one: the minimum lot holds. [unit]

    made[l,i,t] >= min_lot[l,i] * is_set_up[l,g,t]
    """
    key = (line, item, bucket, setup_group)
    return m.made[line, item, bucket] >= m.setup_min_lot[key] * m.is_set_up[line, setup_group, bucket]


def lot_multiple_balance(m, line, item, bucket):
    r"""Production is a whole number of lots. [unit]

    made[l,i,t] = lot_multiple[l,i] * lot_count[l,i,t]
    """
    return m.made[line, item, bucket] == m.lot_multiple[line, item, bucket] * m.lot_count[line, item, bucket]


def own_making_limit(m, line, item, bucket):
    r"""What is made for pinned orders is part of what is made. [unit]

    sum over o of made_for[o,l,i,t] <= made[l,i,t]
    """
    return total(m.made_for, m.OWN_MAKING_OF_LINE[line, item, bucket]) <= m.made[line, item, bucket]


CONSTRAINTS = (
    over(making_needs_setup, "SETUP_OUTPUTS", audited_by="setup_needs"),
    over(part_needs_setup, "PART_SETUPS", audited_by="setup_needs"),
    over(parts_balance, "DIVIDED_MAKING", audited_by="stock_balance"),
    over(making_needs_run, "RUNS", audited_by="minimum_lot"),
    over(minimum_lot, "RUNS"),
    over(minimum_lot_of_setup, "SETUP_LOTS", audited_by="minimum_lot"),
    over(lot_multiple_balance, "LOTS", audited_by="lot_multiple"),
    over(own_making_limit, "POOL_MAKING", audited_by="pegging"),
)
