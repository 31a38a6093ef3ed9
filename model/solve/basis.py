"""Bases of linear programs, carried over to programs with more rows and columns."""

from __future__ import annotations

import highspy
import numpy as np


def extended(basis: highspy.HighsBasis, row_count: int, column_count: int) -> highspy.HighsBasis:
    """The basis of a larger program, whose first rows and columns are those it knows: the other rows are in it, the
    other columns are not."""
    rows, columns = row_count - len(basis.row_status), column_count - len(basis.col_status)
    if not rows and not columns:
        return basis
    status = highspy.HighsBasisStatus
    return _valid(list(basis.row_status) + [status.kBasic] * rows, list(basis.col_status) + [status.kLower] * columns)


def spread(basis: highspy.HighsBasis, columns: np.ndarray, column_count: int) -> highspy.HighsBasis:
    """The basis of a program of the same rows, in which its columns stand at the positions ``columns``: all others are
    not in it and stand at their lower bounds."""
    whole = [highspy.HighsBasisStatus.kLower] * column_count
    for position, status in zip(columns.tolist(), basis.col_status, strict=True):
        whole[position] = status
    return _valid(list(basis.row_status), whole)


def _valid(rows: list[highspy.HighsBasisStatus], columns: list[highspy.HighsBasisStatus]) -> highspy.HighsBasis:
    whole = highspy.HighsBasis()
    whole.row_status, whole.col_status, whole.valid = rows, columns, True
    return whole
