"""Tables about the plant: sites, items, stock, lines and their calendar."""

from model.schema.columns import Table, choice, date, number, text

SITES = Table(
    "sites", "厂区", "Places where lines stand and goods are kept",
    (
        text("site", "厂区", "Identifier of the site", key=True, required=True),
        text("name", "名称", "Name shown in reports"),
    ),
)

ITEMS = Table(
    "items", "物料", "Everything made, bought, stored or sold",
    (
        text("item", "物料", "Identifier of the item", key=True, required=True),
        text("name", "名称", "Name shown in reports"),
        text("sector", "业务板块", "Business sector the item belongs to"),
        text("family", "产品族", "Product family, as allocation rules name it"),
        text("technology", "技术路线", "Battery technology"),
        text("unit", "单位", "Unit of the item's quantities", default_from="settings.quantity_unit"),
        number("max_c_rate", "最大放电倍率", "C", "Highest discharge rate the item is rated for",
               blank_means="not rated"),
        number("max_backup_minutes", "最长备电时间", "min", "Longest backup time the item is rated for",
               blank_means="not rated"),
    ),
    required=True,
)

STOCK = Table(
    "stock", "库存", "What is in stock at the start and how much must or may be kept",
    (
        text("item", "物料", "The item kept", key=True, required=True, refers="items"),
        text("site", "厂区", "Where it is kept", key=True, default="main", refers="sites"),
        number("opening_stock", "期初库存", "unit", "Quantity in stock when the plan starts", default=0.0),
        number("safety_stock", "安全库存", "unit", "Quantity to be left at the end of every bucket", default=0.0),
        number("final_stock", "期末库存", "unit", "Quantity to be left at the end of the plan", default=0.0),
        number("storage_limit", "库容上限", "unit", "Most that can be kept at the end of a bucket",
               blank_means="no limit"),
        number("holding_cost", "持有成本", "money/unit/bucket", "Cost of keeping a unit at the end of a bucket",
               default=0.0),
    ),
)

LINES = Table(
    "lines", "产线", "Production lines and the hours they offer",
    (
        text("line", "产线", "Identifier of the line", key=True, required=True),
        text("site", "厂区", "Where the line stands", default="main", refers="sites"),
        text("name", "名称", "Name shown in reports"),
        text("technology", "技术路线", "Technology under which its load is reported"),
        number("regular_hours", "正常工时", "h/bucket", "Machine hours available in a bucket", required=True),
        number("overtime_hours", "加班工时", "h/bucket", "Further hours available at extra cost", default=0.0),
        number("overtime_cost", "加班成本", "money/h", "Extra cost of an overtime hour", default=0.0),
        date("start_date", "投产日期", "First day on which the line exists", blank_means="it exists from the start"),
        date("end_date", "停用日期", "Last day on which the line exists", blank_means="it does not end"),
    ),
    required=True,
)

CALENDAR = Table(
    "calendar", "日历", "Holidays, maintenance and ramp-up: the share of hours available",
    (
        text("line", "产线或资源", "The line or shared resource it applies to", refers=("lines", "resources"),
             blank_means="every line and resource"),
        date("from_date", "开始日期", "First day", blank_means="from the start"),
        date("to_date", "结束日期", "Last day", blank_means="to the end"),
        number("availability", "可用比例", "share", "Share of regular and overtime hours available; overlapping rows "
               "multiply", default=1.0),
        text("reason", "原因", "Why, for the reader"),
    ),
)

RESOURCES = Table(
    "resources", "共享资源", "Capacity that several lines share: formation chambers, test bays, crews",
    (
        text("resource", "资源", "Identifier of the resource", key=True, required=True),
        text("site", "厂区", "Where it stands", default="main", refers="sites"),
        text("name", "名称", "Name shown in reports"),
        number("hours", "工时", "h/bucket", "Hours available in a bucket", required=True),
    ),
)

EXPANSIONS = Table(
    "expansions", "扩产选项", "Dates at which a line may be opened; it exists only if one of them is chosen",
    (
        text("line", "产线", "The line that may be opened", key=True, required=True, refers="lines"),
        date("start_date", "开始日期", "First day on which it then has hours", key=True, required=True),
        number("cost", "成本", "money", "Paid once, in full, if chosen", required=True),
    ),
)

PROVENANCE = Table(
    "provenance", "数据来源", "Where a number comes from; shown, not used",
    (
        text("table", "表", "The table", required=True),
        text("row", "行", "Key values of the row, separated by ;", blank_means="every row"),
        text("column", "列", "The column", blank_means="every column"),
        choice("source", "来源", "Published, or assumed", ("published", "assumed"), required=True),
        text("note", "说明", "Where it was published, or why it is assumed"),
    ),
)

PLANT_TABLES = (SITES, ITEMS, STOCK, LINES, CALENDAR, RESOURCES, EXPANSIONS, PROVENANCE)
