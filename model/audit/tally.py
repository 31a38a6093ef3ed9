"""Comparisons of plan tables with what they should say, gathered into the one worst place of a law."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from model.audit.result import AuditRow, Place, Sign
from model.plan_tables import PLAN_TABLES

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

KINDS = {table: {column.name: column.kind for column in columns} for table, columns in PLAN_TABLES.items()}
# Granted on every figure: HiGHS takes a decision as whole within 1e-6, which a big-M carries into quantities.
RELATIVE = 1e-6
WRONG = 1.0
# Keeps scores finite where nothing is allowed.
SMALLEST = 1e-12


def floats(values: Any, count: int) -> Floats:
    """``values`` as ``count`` floats; a single number is repeated."""
    return np.broadcast_to(np.asarray(values, dtype=np.float64), (count,))


def differences(found: Any, expected: Any) -> Floats:
    """Absolute differences; two blanks agree, and a blank beside a number has none, which no tolerance covers."""
    left, right = np.broadcast_arrays(np.asarray(found, np.float64), np.asarray(expected, np.float64))
    residual = np.abs(left - right)
    return np.where(np.isnan(left) & np.isnan(right), 0.0, residual)


def same_words(found: Any, expected: Any) -> Flags:
    """Whether texts are equal; blanks of any spelling agree with each other."""
    given = pd.Series(found).astype(object)
    wanted = np.broadcast_to(np.asarray(expected, dtype=object), (len(given),))
    blank = (given.isna() | (given == "")).to_numpy()
    unwanted = pd.isna(wanted) | (wanted == "")
    return np.asarray(np.where(blank | unwanted, blank & unwanted, given.to_numpy() == wanted), dtype=bool)


def same_dates(found: Any, expected: Any) -> Flags:
    """Whether dates are equal to the second; blanks agree with each other."""
    # One unit on both sides: pandas holds nanoseconds, the calendar days; a time of day is still a difference.
    given = np.asarray(pd.to_datetime(pd.Series(found)).to_numpy(), dtype="datetime64[s]")
    wanted = np.broadcast_to(np.asarray(expected, dtype="datetime64[s]"), given.shape)
    return np.asarray((given == wanted) | (np.isnat(given) & np.isnat(wanted)), dtype=bool)


class Tally:
    """Counts the places at which a law was held and keeps the worst of them.

    ``score`` is the worst deviation as a multiple of what is allowed there; above 1 the law is broken.
    """

    def __init__(self) -> None:
        self.checked = 0
        # Below any score, so that a law that holds everywhere has a worst place, too.
        self.score = -1.0
        self._worst: tuple[float, float, Callable[[], Place | None]] = (0.0, 0.0, lambda: None)

    def same(self, name: str, frame: pd.DataFrame, column: str, expected: Any, tolerance: Any = 0.0,
             keys: Sequence[str] = ()) -> None:
        """Column ``column`` of plan table ``name`` says ``expected``: numbers within ``tolerance``, others exactly."""
        found = frame[column]
        if KINDS[name][column] in ("text", "date"):
            same = same_dates if KINDS[name][column] == "date" else same_words
            self._note(np.where(same(found, expected), 0.0, WRONG), floats(0.0, len(frame)), name, column, frame, keys,
                       found, expected, "≠")
            return
        slack = floats(tolerance, len(frame)) + RELATIVE * np.nan_to_num(np.abs(floats(expected, len(frame))))
        self._note(differences(found, expected), slack, name, column, frame, keys, found, expected, "≠")

    def at_most(self, name: str, frame: pd.DataFrame, what: str, found: Any, limit: Any, tolerance: Any,
                keys: Sequence[str] = ()) -> None:
        """``found`` does not exceed ``limit`` (NaN: no limit) by more than ``tolerance``, row by row of ``frame``."""
        count = len(frame)
        values, limits = floats(found, count), floats(limit, count)
        over = np.where(np.isnan(limits), 0.0, np.maximum(values - limits, 0.0))
        over = np.where(np.isnan(values), np.nan, over)
        slack = floats(tolerance, count) + RELATIVE * np.abs(np.nan_to_num(limits, posinf=0.0))
        self._note(over, slack, name, what, frame, keys, values, limits, ">")

    def equals(self, name: str, frame: pd.DataFrame, what: str, found: Any, expected: Any, tolerance: Any,
               keys: Sequence[str] = ()) -> None:
        """``found`` equals ``expected`` within ``tolerance``, row by row of ``frame``."""
        count = len(frame)
        values, wanted = floats(found, count), floats(expected, count)
        slack = floats(tolerance, count) + RELATIVE * np.nan_to_num(np.abs(wanted))
        self._note(differences(values, wanted), slack, name, what, frame, keys, values, wanted, "≠")

    def holds(self, name: str, frame: pd.DataFrame, what: str, true: Any, keys: Sequence[str] = ()) -> None:
        """``true`` holds for every row of ``frame``; ``what`` names the column or the failing."""
        flags = np.broadcast_to(np.asarray(true, dtype=bool), (len(frame),))
        found = frame[what] if what in frame else np.full(len(frame), "")
        self._note(np.where(flags, 0.0, WRONG), floats(0.0, len(frame)), name, what, frame, keys, found, None, "!")

    def take(self, other: Tally) -> None:
        """Everything another tally gathered."""
        self.checked += other.checked
        if other.score > self.score:
            self.score, self._worst = other.score, other._worst

    def row(self, law: str) -> AuditRow:
        """The finding of the law whose places were gathered."""
        residual, tolerance, find = self._worst
        place = find()
        return AuditRow(law, self.checked, float(residual), float(tolerance), self.score <= 1.0,
                        "" if place is None else str(place), place)

    def _note(self, residual: Floats, tolerance: Floats, name: str, what: str, frame: pd.DataFrame,
              keys: Sequence[str], found: Any, expected: Any, sign: Sign) -> None:
        self.checked += len(residual)
        if not len(residual):
            return
        allowed = np.nan_to_num(tolerance, nan=0.0)
        # A blank where a number should be is beyond whatever is allowed there.
        deviation = np.where(np.isnan(residual), np.maximum(WRONG, 2.0 * allowed), residual)
        score = deviation / np.maximum(allowed, SMALLEST)
        worst = int(np.argmax(score))
        # The first of equals stays, so that the same plan gives the same finding.
        if score[worst] <= self.score:
            return

        # Put into words only when the law is done and this place is still the worst.
        def place() -> Place:
            """The worst row by its keys, with what stands there and what should."""
            where = tuple((key, shown(frame[key].iloc[worst])) for key in keys or KEYS[name] if key in frame)
            wanted = "" if expected is None else shown(at(expected, worst))
            return Place(name, where, what, shown(at(found, worst)), sign, wanted)

        self.score, self._worst = float(score[worst]), (deviation[worst], allowed[worst], place)


KEYS: dict[str, tuple[str, ...]] = {
    "decisions": ("order",),
    "production": ("order", "item", "line", "bucket_start"),
    "shipments": ("order", "item", "line", "site", "mode", "bucket_start"),
    "line_load": ("line", "bucket_start"),
    "setups": ("line", "setup_group", "bucket_start"),
    "resource_load": ("resource", "bucket_start"),
    "stock_levels": ("item", "site", "bucket_start"),
    "material_needs": ("supplier", "item", "site", "bucket_start"),
    "transfer_plan": ("from_site", "to_site", "item", "bucket_start"),
    "openings": ("line",),
    "margin": ("term",),
    "changes": ("line", "item", "bucket_start"),
    "misses": ("kind", "name", "bucket"),
}


def at(values: Any, position: int) -> Any:
    """The value of a column, an array or a single value at a row position."""
    if isinstance(values, pd.Series):
        return values.iloc[position]
    array = np.asarray(values, dtype=object)
    return array[position] if array.ndim else values


def shown(value: Any) -> str:
    """A value as a reader wants it: dates without a time, numbers without noise, nothing for a blank."""
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return "-"
    if isinstance(value, (pd.Timestamp, np.datetime64)):
        return str(pd.Timestamp(value).date())
    return f"{float(value):.9g}" if isinstance(value, (int, float, np.number)) else str(value)
