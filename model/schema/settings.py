"""The table ``settings``: one row per key, each key typed like a column."""

from model.schema.columns import Column, Table, choice, date, number, text

SETTINGS: dict[str, Column] = {
    column.name: column
    for column in (
        text("plan_name", "计划名称", "Title of the plan on its first page", default="plan"),
        date("start_date", "开始日期", "First day of the first time bucket", required=True),
        choice("bucket", "时段类型", "Length of a time bucket", ("day", "week", "month"), default="week"),
        number("bucket_count", "时段数", "count", "Number of time buckets planned", required=True, low=1, high=1500,
               whole=True),
        text("currency", "本位币", "Base currency of every amount that names no other", default="CNY"),
        text("quantity_unit", "数量单位", "Unit of quantities where an item names no other", default="MWh"),
        date("frozen_until", "冻结至", "Production in buckets that start before this day follows the published plan",
             blank_means="nothing is frozen"),
        number("change_cost", "变更成本", "money/unit", "Cost of each published unit no longer made on its line in its "
               "bucket", default=0.0),
        number("tender_threshold", "投标门槛", "share", "Orders less likely won than this are listed, not planned",
               default=0.5, high=1.0),
        number("gap", "目标差距", "share", "The search may stop when no plan can be better by more than this share",
               default=0.0001, high=1.0),
        number("time_limit", "求解时限", "s", "Longest time the search may take", default=120.0, above=0.0),
    )
}

SETTINGS_TABLE = Table(
    "settings", "设置", "What is planned: one row per setting",
    (
        text("key", "设置项", "Name of the setting", key=True, required=True),
        text("value", "值", "Its value", blank_means="the setting's default"),
    ),
    required=True,
)
