"""Smaller records that still show a fault: rows and cells are left out one by one while the fault remains."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Records = dict[str, Any]


def shrink(records: Records, shows_fault: Callable[[Records], bool]) -> Records:
    """Records from which nothing more can be left out; ``shows_fault`` must answer False for cases that are refused."""
    size = -1
    while size != (size := _size(records)):
        for name in [name for name in records if name != "settings"]:
            without = {table: rows for table, rows in records.items() if table != name}
            records = without if shows_fault(without) else _shrink_table(records, name, shows_fault)
    return records


def _size(records: Records) -> int:
    return sum(len(row) for name, rows in records.items() if name != "settings" for row in rows)


def _shrink_table(records: Records, name: str, shows_fault: Callable[[Records], bool]) -> Records:
    for position in reversed(range(len(records[name]))):
        rows = records[name]
        fewer = {**records, name: rows[:position] + rows[position + 1:]}
        if shows_fault(fewer):
            records = fewer
            continue
        for column in list(rows[position]):
            cut = {key: value for key, value in records[name][position].items() if key != column}
            changed = {**records, name: [*records[name][:position], cut, *records[name][position + 1:]]}
            if shows_fault(changed):
                records = changed
    return records
