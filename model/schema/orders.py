"""Tables about selling: currencies, markets, duties, lanes, customers, orders, substitutes, approvals."""

from model.schema.columns import MOST_DAYS, Table, choice, date, number, text, yes_no

INCOTERMS = ("EXW", "FCA", "FOB", "CPT", "CIP", "CFR", "CIF", "DAP", "DDP")

CURRENCIES = Table(
    "currencies", "货币", "Rates of exchange",
    (
        text("currency", "货币", "Code of the currency", key=True, required=True),
        number("rate", "汇率", "base money", "Base money for one unit of the currency", required=True, above=0.0),
    ),
)

MARKETS = Table(
    "markets", "市场", "Where orders are delivered",
    (
        text("market", "市场", "Identifier of the market", key=True, required=True),
        text("name", "名称", "Name shown in reports"),
        choice("region", "区域", "Domestic or overseas", ("domestic", "overseas")),
        text("currency", "货币", "Currency of its orders where they name no other", default_from="settings.currency",
             refers="currencies"),
        number("duty_rate", "关税率", "share", "Import duty as a share of the value", default=0.0),
    ),
)

DUTIES = Table(
    "duties", "关税", "Duty rates by item and date of arrival; they replace the market's own",
    (
        text("market", "市场", "The market", key=True, required=True, refers="markets"),
        text("item", "物料", "The item", key=True, refers="items", blank_means="every item"),
        date("from_date", "开始日期", "First day of arrival", key=True, blank_means="from the start"),
        date("to_date", "结束日期", "Last day of arrival", blank_means="to the end"),
        number("duty_rate", "关税率", "share", "Import duty as a share of the value", required=True),
    ),
)

LANES = Table(
    "lanes", "运输线路", "How goods travel from a site to a market",
    (
        text("site", "厂区", "Where they leave", key=True, required=True, refers="sites"),
        text("market", "市场", "Where they arrive", key=True, required=True, refers="markets"),
        text("mode", "运输方式", "Sea, rail, air, road", key=True, default="standard"),
        number("freight_cost", "运费", "money/unit", "Freight of a unit", default=0.0),
        number("transit_days", "在途天数", "days", "Days from departure to arrival", default=0.0, high=MOST_DAYS,
               whole=True),
    ),
)

CUSTOMERS = Table(
    "customers", "客户", "Who orders",
    (
        text("customer", "客户", "Identifier of the customer", key=True, required=True),
        text("name", "名称", "Name shown in reports"),
        text("tier", "等级", "Tier of the customer"),
    ),
)

ORDERS = Table(
    "orders", "订单", "The order book",
    (
        text("order", "订单", "Identifier of the order", key=True, required=True),
        text("customer", "客户", "Who orders", refers="customers"),
        text("market", "市场", "Where it is delivered", refers="markets",
             blank_means="delivered where it is made, at once and free"),
        text("item", "物料", "What is ordered", required=True, refers="items"),
        number("quantity", "数量", "unit", "How much is ordered", required=True, above=0.0),
        number("unit_price", "单价", "order currency/unit", "Price of a unit without value-added tax", required=True),
        text("currency", "货币", "Currency of the price", default_from="markets.currency", refers="currencies"),
        choice("commitment", "承诺类型", "A firm order must be delivered, an optional one may be declined",
               ("firm", "optional"), default="optional"),
        choice("decision", "决定", "accept = plan it as firm; decline = leave it out", ("accept", "decline"),
               blank_means="the plan decides"),
        number("priority", "优先级", "rank", "1 is highest; only the rule-of-thumb plan uses it", default=5.0),
        date("order_date", "下单日期", "Day on which the order was placed"),
        date("earliest_ship_date", "最早发运日期", "It is not shipped before this day", blank_means="any day"),
        date("due_date", "交货日期", "On time up to this day", required=True),
        date("latest_date", "最晚日期", "Impossible after this day", default_from="due_date"),
        choice("due_basis", "交期基准", "Whether the dates are met by arrival or by departure",
               ("arrival", "departure"), default="arrival"),
        number("min_fill", "最低满足率", "share", "Least share delivered if it is accepted; 1 = all or nothing",
               default=0.0, high=1.0),
        yes_no("single_line", "单线生产", "Everything delivered comes from one line"),
        yes_no("single_delivery", "一次交货", "Everything leaves in one bucket, from one site, by one mode"),
        number("late_rate", "逾期违约金率", "share/week", "Damages per started week as a share of the late value",
               default=0.0),
        number("late_grace_days", "宽限天数", "days", "Days after it without damages", default=0.0, whole=True),
        number("late_cap", "违约金上限", "share", "Most damages as a share of the late value", default=1.0),
        choice("incoterm", "贸易术语", "Who bears freight and duty", INCOTERMS, default="DDP"),
        number("min_c_rate", "最低放电倍率", "C", "Discharge rate the item must be rated for",
               blank_means="no requirement"),
        number("backup_minutes", "备电时间", "min", "Backup time the item must be rated for",
               blank_means="no requirement"),
        yes_no("substitution", "允许替代", "A listed substitute may be delivered instead"),
        number("win_probability", "中标概率", "share", "How likely the order is won; below the tender threshold it is "
               "left out", default=1.0, high=1.0),
    ),
    required=True,
)

SUBSTITUTES = Table(
    "substitutes", "替代关系", "What may be delivered instead, and at what price",
    (
        text("item", "物料", "The item ordered", key=True, required=True, refers="items"),
        text("substitute", "替代物料", "The item delivered instead", key=True, required=True, refers="items"),
        text("market", "市场", "The market", key=True, refers="markets", blank_means="every market"),
        text("customer", "客户", "The customer", key=True, refers="customers", blank_means="every customer"),
        number("price_factor", "价格系数", "share", "Price of the substitute as a share of the order's", default=1.0),
    ),
)

APPROVALS = Table(
    "approvals", "产线认可", "Lines a customer has approved for an item",
    (
        text("customer", "客户", "The customer", key=True, required=True, refers="customers"),
        text("item", "物料", "The item", key=True, required=True, refers="items"),
        text("line", "产线", "The approved line", key=True, required=True, refers="lines"),
    ),
)

ORDER_TABLES = (CURRENCIES, MARKETS, DUTIES, LANES, CUSTOMERS, ORDERS, SUBSTITUTES, APPROVALS)
