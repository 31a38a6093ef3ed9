"""Workbook, folder of CSV files or records in memory -> raw tables that remember every cell's place -> typed tables."""

from model.tables.raw import Bad, RawBook, RawTable
from model.tables.read import read
from model.tables.records import from_records
from model.tables.typed import Settings, Tables, to_records

__all__ = ["Bad", "RawBook", "RawTable", "Settings", "Tables", "from_records", "read", "to_records"]
