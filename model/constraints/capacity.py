"""Hours: lines, overtime, shared resources, lines that may be opened."""

from model.constraints.registry import over, total, weighted
from model.constraints.runs import hours_of_runs


def capacity_limit(m, line, bucket):
    r"""Work loaded on a line, setups included, fits its regular hours and the overtime worked. [h]

    sum over i of hours_per_unit[l,i] * made[l,i,t] + sum over g of setup_hours[l,g] * is_set_up[l,g,t]
        <= regular_hours[l,t] + overtime[l,t] + sum over options e of option_regular_hours[l,e,t] * is_opened[l,e]

    A line with expansion options has regular_hours = 0 but for the option chosen. Where making is divided by the
    bucket in which it ships, made is written as its parts, which makes for better cuts.
    """
    setups = weighted((m.setup_hours[key], m.is_set_up[key]) for key in m.SETUPS_ON_LINE[line, bucket])
    # key[:2]: an option is chosen once, for all buckets.
    opened = weighted((m.option_regular_hours[key], m.is_opened[key[:2]]) for key in m.OPTIONS_OF_LINE[line, bucket])
    return hours_of_runs(m, line, bucket) + setups <= m.regular_hours[line, bucket] + m.overtime[line, bucket] + opened


def overtime_limit(m, line, bucket):
    r"""Overtime stays within what the line offers. [h]

    overtime[l,t] <= overtime_limit[l,t] + sum over options e of option_overtime_limit[l,e,t] * is_opened[l,e]
    """
    opened = weighted((m.option_overtime_limit[key], m.is_opened[key[:2]]) for key in m.OPTIONS_OF_LINE[line, bucket])
    return m.overtime[line, bucket] <= m.overtime_hours[line, bucket] + opened


def resource_limit(m, resource, bucket):
    r"""What all lines together take of a shared resource fits its hours. [h]

    sum over l,i of resource_hours_per_unit[r,l,i] * made[l,i,t] <= resource_hours[r,t]

    Setups take line hours only.
    """
    # key is resource, bucket, line, item.
    uses = weighted((m.resource_hours_per_unit[key], m.made[key[2], key[3], key[1]])
                    for key in m.USES_OF_RESOURCE[resource, bucket])
    return uses <= m.resource_hours[resource, bucket]


def expansion_choice(m, line):
    r"""At most one of a line's expansion options is chosen.

    sum over e of is_opened[l,e] <= 1
    """
    return total(m.is_opened, m.OPTIONS_OF_EXPANSION[line]) <= 1


CONSTRAINTS = (
    over(capacity_limit, "LINE_BUCKETS"),
    over(overtime_limit, "LINE_BUCKETS", audited_by="capacity_limit"),
    over(resource_limit, "RESOURCE_BUCKETS"),
    over(expansion_choice, "EXPANSION_LINES"),
)
