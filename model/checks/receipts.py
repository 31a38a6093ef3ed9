"""Which goods on the way do not fit into the store, once the solver has proven that not all of them do."""

from __future__ import annotations

from model.findings import Finding
from model.tables import Tables
from model.tables.parse import shown

_MOST_NAMED = 20


def unstorable_receipts(tables: Tables) -> list[Finding]:
    """Of each item and site the first receipt that would lift its stock above the limit if none of it were used.

    Where there is none, purchases that must be taken are behind it, and the table is named alone.
    """
    receipts = tables.frames["receipts"].sort_values("date", kind="stable")
    stock = tables.frames["stock"][["item", "site", "opening_stock", "storage_limit"]]
    rows = receipts.reset_index(names="position").merge(stock, on=["item", "site"])
    rows["stock"] = rows["opening_stock"] + rows.groupby(["item", "site"])["quantity"].cumsum()
    above = rows[rows["stock"] > rows["storage_limit"]].drop_duplicates(["item", "site"]).head(_MOST_NAMED)
    found = [Finding("error", "receipt_above_storage", "receipts", column="quantity",
                     cell=tables.cell("receipts", row["position"], "quantity"), value=shown(row["quantity"]),
                     details={"item": row["item"], "site": row["site"], "stock": shown(round(row["stock"], 6)),
                              "limit": shown(row["storage_limit"])})
             for row in above.to_dict("records")]
    return found or [Finding("error", "goods_cannot_be_stored", table="receipts")]
