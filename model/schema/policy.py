"""Tables about policy and earlier plans: allocations, pins, published plan, scenarios."""

from model.schema.columns import Table, choice, date, number, text

ALLOCATIONS = Table(
    "allocations", "配额", "Quotas and contract minimums on the quantity shipped in a period",
    (
        text("rule", "规则", "Identifier of the rule", key=True, required=True),
        date("from_date", "开始日期", "First day of the period", blank_means="from the start"),
        date("to_date", "结束日期", "Last day of the period", blank_means="to the end"),
        text("customer", "客户", "Only this customer", refers="customers", blank_means="any"),
        text("market", "市场", "Only this market", refers="markets", blank_means="any"),
        choice("region", "区域", "Only this region", ("domestic", "overseas"), blank_means="any"),
        text("item", "物料", "Only this item", refers="items", blank_means="any"),
        text("family", "产品族", "Only this product family", blank_means="any"),
        number("min_qty", "最小量", "unit", "Contract minimum", default=0.0),
        number("max_qty", "最大量", "unit", "Quota", blank_means="no quota"),
    ),
)

PINS = Table(
    "pins", "锁定", "A planner's own decisions, which the plan keeps",
    (
        text("order", "订单", "The order", required=True, refers="orders"),
        text("line", "产线", "The line", refers="lines", blank_means="all lines together"),
        date("bucket_start", "时段开始", "A day of the bucket", blank_means="all buckets together"),
        number("quantity", "数量", "unit", "Units made for the order", required=True),
        choice("sense", "方式", "Exactly, at least or at most", ("fixed", "min", "max"), default="fixed"),
    ),
)

PUBLISHED_PLAN = Table(
    "published_plan", "已发布计划", "The plan in force",
    (
        text("order", "订单", "The order it is for", blank_means="for stock"),
        text("item", "物料", "The item", required=True, refers="items"),
        text("line", "产线", "The line", required=True, refers="lines"),
        date("bucket_start", "时段开始", "A day of the bucket", required=True),
        number("quantity", "数量", "unit", "Units made", required=True),
    ),
)

SCENARIOS = Table(
    "scenarios", "情景", "Changes to the tables under a name",
    (
        text("scenario", "情景", "Name of the scenario", key=True, required=True),
        text("table", "表", "The table changed", key=True, required=True),
        text("row", "行", "Key values of the row, separated by ;", key=True, blank_means="every row"),
        text("column", "列", "The column changed", key=True, blank_means="with remove: the whole row"),
        choice("operation", "操作", "How", ("set", "add", "multiply", "remove"), default="set"),
        text("value", "值", "By what, or to what", blank_means="blank"),
    ),
)

POLICY_TABLES = (ALLOCATIONS, PINS, PUBLISHED_PLAN, SCENARIOS)
