"""Every input table and column, once: type, unit, default, range, allowed values, meaning, Chinese label.

Reader, checks, template, documentation and labels are made from these descriptions; nothing else repeats them.
"""

from model.schema.columns import Column, Kind, Table
from model.schema.making import MAKING_TABLES
from model.schema.orders import ORDER_TABLES
from model.schema.plant import PLANT_TABLES
from model.schema.policy import POLICY_TABLES
from model.schema.settings import SETTINGS, SETTINGS_TABLE
from model.schema.words import CHOICES_ZH, parse_choice, parse_yes_no

TABLES: dict[str, Table] = {
    table.name: table
    for table in (SETTINGS_TABLE, *PLANT_TABLES, *MAKING_TABLES, *ORDER_TABLES, *POLICY_TABLES)
}

__all__ = ["CHOICES_ZH", "SETTINGS", "TABLES", "Column", "Kind", "Table", "parse_choice", "parse_yes_no"]
