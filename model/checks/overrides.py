"""Settings given on the command line, put into the settings table as if they had been typed there."""

from __future__ import annotations

from collections.abc import Mapping

from model.findings import Finding
from model.schema import SETTINGS
from model.tables import RawBook, RawTable
from model.tables.names import find_setting
from model.tables.parse import shown


def apply_overrides(book: RawBook, settings: Mapping[str, str], findings: list[Finding]) -> RawBook:
    """A book whose settings table holds the overrides; a key that is no setting is an error."""
    if not settings:
        return book
    given = book.tables.get("settings")
    table = given.copy() if given else RawTable("settings", "settings", "sheet")
    rows = len(table.row_numbers)
    keys = table.columns.setdefault("key", [None] * rows)
    values = table.columns.setdefault("value", [None] * rows)
    for written, value in settings.items():
        key = find_setting(written)
        if key is None:
            findings.append(Finding("error", "unknown_setting", "settings", column="key", cell=f"--set {written}",
                                    value=written, details={"settings": tuple(SETTINGS)}))
            continue
        position = next((row for row, name in enumerate(keys) if find_setting(shown(name)) == key), len(keys))
        if position == len(keys):
            keys.append(key)
            values.append(None)
            table.row_numbers.append(table.row_numbers[-1] + 1 if table.row_numbers else table.header_row + 1)
            for cells in table.extras.values():
                cells.append(None)
        values[position] = value if value.strip() else None
        # What is wrong with the value then points at the command line, not at a cell.
        table.places[position, "value"] = f"--set {key}"
    return RawBook(book.source, {**book.tables, "settings": table}, book.findings, book.ignored)
