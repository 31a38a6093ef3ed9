"""From what was written in a cell to a value of its column, or the reason why not; nothing is guessed."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable, Sequence

from model.schema import Column, parse_choice, parse_yes_no
from model.tables.raw import Bad

Value = str | float | bool | dt.date | None
Parsed = Value | Bad

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
# Digits with separators: "1,234" may mean either of two numbers, so it is refused.
_GROUPED = re.compile(r"[+-]?[\d.,' \u00a0\u2009\u202f]*\d[\d.,' \u00a0\u2009\u202f]*", re.ASCII)
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)
_WITH_UNIT = re.compile(r"([+-]?[\d.,]+)\s*[^\d\s.,%+-].*|[¥$€£]\s*[\d.,]+", re.ASCII | re.DOTALL)
_DATE = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})", re.ASCII)
# What XML cannot hold, so that no workbook could hand it back.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Full-width digits and signs, as Chinese input methods type them.
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
# Excel knows no day before 1900, pandas none after 2262.
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
# Spreadsheets keep 15 digits: a longer identifier has lost its last ones.
_SAFE_DIGITS = 10**15
# Most characters that a cell of Excel takes.
LONGEST_TEXT = 32767


def shown(content: object) -> str:
    """The content of a cell as a planner would read it aloud."""
    if isinstance(content, Bad):
        return content.written
    if isinstance(content, dt.datetime):
        return content.date().isoformat() if content.time() == dt.time(0) else content.isoformat(" ")
    if isinstance(content, dt.date):
        return content.isoformat()
    if isinstance(content, bool):
        return str(content).upper()
    if isinstance(content, float):
        # Of Python's own kind: one of numpy names its type, np.float64(2.5).
        return repr(int(content)) if content.is_integer() and abs(content) < _SAFE_DIGITS else repr(float(content))
    return "" if content is None else str(content)


def parse_column(column: Column, content: Sequence[object]) -> tuple[list[Value], dict[int, Bad]]:
    """The values of a column (None where blank or unusable) and, by position, why a cell cannot be used."""
    parse = _PARSERS[column.kind]
    # Columns repeat few words many times: each is understood once.
    known: dict[str, Parsed] = {}
    values: list[Value] = []
    bad: dict[int, Bad] = {}
    for position, cell in enumerate(content):
        value: Parsed
        if cell is None:
            value = None
        elif type(cell) is str:
            if cell not in known:
                known[cell] = parse(column, cell)
            value = known[cell]
        else:
            value = cell if isinstance(cell, Bad) else parse(column, cell)
        if isinstance(value, Bad):
            bad[position] = value
            values.append(None)
        else:
            values.append(value)
    return values, bad


def parse_cell(column: Column, content: object) -> Parsed:
    """The value of one cell, None if it is blank, or the reason why it cannot be used."""
    values, bad = parse_column(column, [content])
    return bad[0] if bad else values[0]


def _text(column: Column, cell: object) -> Parsed:
    """Identifiers stay as they are written: "007", "NA" and "1e5" are text, a whole number loses its ".0"."""
    if isinstance(cell, str):
        written = cell.strip()
        # Nearly all texts are, and to ask costs far less than the search below.
        if not written.isprintable():
            written = written.replace("\r\n", "\n").replace("\r", "\n")
            if _UNREADABLE.search(written):
                return Bad("control_character", repr(written))
        if len(written) > LONGEST_TEXT:
            return Bad("text_too_long", written[:40] + "...")
        return written or None
    if isinstance(cell, dt.date | dt.time | dt.timedelta) and (column.key or column.refers):
        return Bad("text_became_date", shown(cell))
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if not math.isfinite(cell):
            return Bad("not_finite", shown(cell))
        if abs(cell) >= _SAFE_DIGITS:
            return Bad("digits_lost", shown(cell))
    return shown(cell)


def _number(column: Column, cell: object) -> Parsed:
    # Asked first, since a bool is an int.
    if isinstance(cell, bool):
        return Bad("yes_no_in_number", shown(cell))
    if isinstance(cell, dt.date | dt.time | dt.timedelta):
        return Bad("date_in_number", shown(cell))
    if isinstance(cell, int | float):
        return _finite(cell)
    written = str(cell).translate(_FULL_WIDTH).strip()
    if not written:
        return None
    if _NUMBER.fullmatch(written):
        return _finite(float(written), written)
    if _NOT_FINITE.fullmatch(written):
        return Bad("not_finite", written)
    if "%" in written:
        return Bad("percent_text", written)
    if _GROUPED.fullmatch(written):
        return Bad("ambiguous_number", written)
    return Bad("number_with_unit" if _WITH_UNIT.fullmatch(written) else "not_a_number", written)


def _finite(value: int | float, written: str = "") -> float | Bad:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    # Adding zero turns -0.0 into 0.0, so that equal inputs have equal hashes.
    return number + 0.0 if math.isfinite(number) else Bad("not_finite", written or shown(value))


def _date(column: Column, cell: object) -> Parsed:
    # Asked first, since a datetime is a date.
    if isinstance(cell, dt.datetime):
        if cell.time() != dt.time(0):
            return Bad("date_with_time", shown(cell))
        cell = cell.date()
    if isinstance(cell, dt.date):
        return cell if _FIRST_YEAR <= cell.year <= _LAST_YEAR else Bad("date_out_of_range", shown(cell))
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return Bad("date_serial", shown(cell))
    written = shown(cell).translate(_FULL_WIDTH).strip()
    if not written:
        return None
    found = _DATE.fullmatch(written)
    if not found:
        return Bad("not_a_date", written)
    try:
        day = dt.date(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        return Bad("no_such_day", written)
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else Bad("date_out_of_range", written)


def _choice(column: Column, cell: object) -> Parsed:
    written = unicodedata.normalize("NFKC", shown(cell)).strip()
    if not written:
        return None
    word = parse_choice(written, column.choices)
    return Bad("not_a_choice", written) if word is None else word


def _yes_no(column: Column, cell: object) -> Parsed:
    if isinstance(cell, bool):
        return cell
    written = unicodedata.normalize("NFKC", shown(cell)).strip()
    if not written:
        return None
    answer = parse_yes_no(written)
    return Bad("not_yes_or_no", written) if answer is None else answer


_PARSERS: dict[str, Callable[[Column, object], Parsed]] = {
    "text": _text, "number": _number, "date": _date, "choice": _choice, "yes_no": _yes_no,
}
