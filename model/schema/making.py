"""Tables about making and buying: routings, bills of materials, supply, receipts, transfers."""

from model.schema.columns import MOST_DAYS, Table, date, number, text

ROUTINGS = Table(
    "routings", "工艺路线", "Which line makes which item, how fast, at what cost and in what lots",
    (
        text("line", "产线", "The line", key=True, required=True, refers="lines"),
        text("item", "物料", "The item it makes", key=True, required=True, refers="items"),
        number("hours_per_unit", "单位工时", "h/unit", "Line hours for one good unit", required=True),
        number("unit_cost", "单位加工成本", "money/unit", "Conversion cost of one good unit", default=0.0),
        text("setup_group", "换型组", "Items of a group on a line share one setup in a bucket", default_from="item"),
        number("setup_hours", "换型工时", "h", "Line hours of a setup, once per group and bucket in which it runs",
               default=0.0),
        number("setup_cost", "换型成本", "money", "Cost of a setup, once per group and bucket in which it runs",
               default=0.0),
        number("min_lot", "最小批量", "unit", "Least quantity in a bucket in which the item runs", default=0.0),
        number("lot_multiple", "批量倍数", "unit", "Production in a bucket is a whole multiple of this",
               above=0.0, blank_means="any quantity"),
        number("yield_share", "良率", "share", "Good units per unit started", default=1.0, above=0.0, high=1.0),
        number("lead_time_days", "提前期", "days", "Days of formation, ageing or curing before a unit can be used",
               default=0.0, high=MOST_DAYS, whole=True),
        date("from_date", "开始日期", "First day of validity", blank_means="from the start"),
        date("to_date", "结束日期", "Last day of validity", blank_means="to the end"),
    ),
    required=True,
)

ROUTING_RESOURCES = Table(
    "routing_resources", "工艺资源", "Hours of shared resources that a unit needs beside its line",
    (
        text("line", "产线", "The line", key=True, required=True, refers="lines"),
        text("item", "物料", "The item", key=True, required=True, refers="items"),
        text("resource", "资源", "The shared resource", key=True, required=True, refers="resources"),
        number("hours_per_unit", "单位工时", "h/unit", "Resource hours for one good unit", required=True),
    ),
)

BILL_OF_MATERIALS = Table(
    "bill_of_materials", "物料清单", "What a unit consists of",
    (
        text("item", "物料", "The item made", key=True, required=True, refers="items"),
        text("component", "组件", "The item consumed", key=True, required=True, refers="items"),
        number("quantity_per", "单位用量", "unit/unit", "Units of the component in one unit started", required=True,
               above=0.0),
    ),
)

SUPPLY = Table(
    "supply", "供应", "Materials, recycled materials and cells that can be bought",
    (
        text("supplier", "供应商", "The supplier", key=True, required=True),
        text("item", "物料", "The item bought", key=True, required=True, refers="items"),
        text("site", "厂区", "Where it is delivered", key=True, default="main", refers="sites"),
        date("from_date", "开始日期", "First day of validity", key=True, blank_means="from the start"),
        date("to_date", "结束日期", "Last day of validity", blank_means="to the end"),
        number("unit_cost", "采购单价", "money/unit", "Price of a unit", default=0.0),
        number("lead_time_days", "提前期", "days", "Days from order to arrival; nothing arrives earlier after the "
               "plan's start than this", default=0.0, high=MOST_DAYS, whole=True),
        number("max_qty", "最大量", "unit/bucket", "Most that can be bought in a bucket", blank_means="no limit"),
        number("min_qty", "最小量", "unit/bucket", "Take or pay: at least this is paid for in a bucket", default=0.0),
    ),
)

RECEIPTS = Table(
    "receipts", "在途到货", "Goods already on the way or ageing at the start",
    (
        text("item", "物料", "The item", required=True, refers="items"),
        text("site", "厂区", "Where it arrives", default="main", refers="sites"),
        date("date", "日期", "Day of arrival", required=True),
        number("quantity", "数量", "unit", "Quantity that arrives", required=True),
    ),
)

TRANSFERS = Table(
    "transfers", "厂区调拨", "Routes on which goods can be moved between sites",
    (
        text("from_site", "发出厂区", "Where the goods leave", required=True, refers="sites"),
        text("to_site", "接收厂区", "Where they arrive", required=True, refers="sites"),
        text("item", "物料", "The item", refers="items", blank_means="every item"),
        number("unit_cost", "单位成本", "money/unit", "Cost of moving a unit", default=0.0),
        number("transit_days", "在途天数", "days", "Days on the way", default=0.0, high=MOST_DAYS, whole=True),
    ),
)

MAKING_TABLES = (ROUTINGS, ROUTING_RESOURCES, BILL_OF_MATERIALS, SUPPLY, RECEIPTS, TRANSFERS)
