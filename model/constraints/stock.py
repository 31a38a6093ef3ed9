"""Where units come from and where they go, bucket by bucket."""

from model.constraints.registry import over, total, weighted


def pool_balance(m, item, pool, site, bucket):
    r"""What was there and what arrives is used, moved, shipped or kept. [unit]

    stock[i,p,s,t-1] + opening_stock + received + made that becomes available in t + bought + moved in
        = stock[i,p,s,t] + drawn[i,p,s,t] + moved out + shipped to orders that draw on this pool alone

    A unit made in t is available at the end of t, or at the end of the first bucket that ends lead_time_days later.
    Opening stock, receipts and purchases form one pool, the output of lines that no order tells apart another. What
    is made for a pinned order goes into that order's own pool, from which nothing else is drawn.
    """
    key = (item, pool, site, bucket)
    # Groups of numbers, not of keys: empty but for the first bucket, and where nothing is received.
    given = sum(m.OPENING_STOCK[key]) + sum(m.RECEIVED[key])
    made = weighted([(1.0, m.made[k]) for k in m.MADE_INTO_POOL[key]]
                    + [(-1.0, m.made_for[own]) for k in m.MADE_INTO_POOL[key] for own in m.OWN_MAKING_OF_LINE[k]]
                    + [(1.0, m.made_for[own]) for own in m.MADE_FOR_ORDER_POOL[key]])
    arrives = made + total(m.bought, m.PURCHASES_INTO_POOL[key]) + total(m.moved, m.TRANSFERS_IN[key])
    drawn = total(m.drawn, m.DRAWN_FROM[key])
    leaves = drawn + total(m.moved, m.TRANSFERS_OUT[key]) + total(m.shipped, m.POOL_SHIPMENTS[key])
    return total(m.stock, m.STOCK_BEFORE[key]) + given + arrives == m.stock[key] + leaves


def open_use_balance(m, item, site, bucket):
    r"""What is drawn from the pools of an item feeds further making and the orders that take any origin. [unit]

    sum over p of drawn[i,p,s,t] = sum over o of shipped[o,i,open,s,.,t]
        + sum over l,j of quantity_per[j,i] / yield_share[l,j] * made[l,j,t]     for lines l at site s
    """
    consumed = weighted((use, m.made[line, parent, made_in])
                        for line, parent, made_in, use in m.CONSUMPTION[item, site, bucket])
    shipped = total(m.shipped, m.OPEN_SHIPMENTS[item, site, bucket])
    return total(m.drawn, m.DRAWN_OF_ITEM_SITE[item, site, bucket]) == consumed + shipped


def storage_room(m, item, site, bucket):
    r"""Stock at the end of a bucket fits its store. [unit]

    sum over p of stock[i,p,s,t] <= storage_limit[i,s]
    """
    return total(m.stock, m.POOLS_OF_ITEM_SITE[item, site, bucket]) <= m.storage_limit[item, site, bucket]


def minimum_safety_stock(m, item, site, bucket):
    r"""Safety stock is left at the end of every bucket, but for what is named as missed. [unit]

    sum over p of stock[i,p,s,t] + missed_safety[i,s,t] >= safety_stock[i,s]
    """
    kept = total(m.stock, m.POOLS_OF_ITEM_SITE[item, site, bucket])
    return kept + m.missed_safety[item, site, bucket] >= m.safety_stock[item, site, bucket]


def minimum_final_stock(m, item, site, bucket):
    r"""Final stock is left at the end of the plan, but for what is named as missed. [unit]

    sum over p of stock[i,p,s,T] + missed_final[i,s] >= final_stock[i,s]
    """
    kept = total(m.stock, m.POOLS_OF_ITEM_SITE[item, site, bucket])
    return kept + m.missed_final[item, site, bucket] >= m.final_stock[item, site, bucket]


def order_pool_closure(m, item, pool, site, bucket):
    r"""All that is made for a pinned order is shipped to it by the end of the plan. [unit]

    stock[i,order,s,T] = 0
    """
    return m.stock[item, pool, site, bucket] == 0


def supply_limit(m, offer, bucket):
    r"""No more is bought than a supplier offers in a bucket. [unit]

    bought[f,t] <= max_qty[f]

    A supply row offers from the first bucket that ends lead_time_days after the plan's start.
    """
    return m.bought[offer, bucket] <= m.max_qty[offer, bucket]


def take_or_pay(m, offer, bucket):
    r"""At least the minimum of a supply row is paid for in each bucket it covers. [unit]

    bought[f,t] + unused_paid[f,t] >= min_qty[f]
    """
    taken = total(m.bought, m.PURCHASE_OF_OFFER[offer, bucket])
    return taken + m.unused_paid[offer, bucket] >= m.min_qty[offer, bucket]


CONSTRAINTS = (
    over(pool_balance, "POOL_STOCK", audited_by="stock_balance"),
    over(open_use_balance, "ITEM_SITE_BUCKETS", audited_by="stock_balance"),
    over(storage_room, "LIMITED_STOCK", audited_by="storage_limit"),
    over(minimum_safety_stock, "SAFETY_STOCK", audited_by="safety_stock"),
    over(minimum_final_stock, "FINAL_STOCK", audited_by="final_stock"),
    over(order_pool_closure, "SPENT_ORDER_STOCK", audited_by="pins"),
    over(supply_limit, "LIMITED_PURCHASES"),
    over(take_or_pay, "TAKE_OR_PAY"),
)
