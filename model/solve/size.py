"""How large a book is, which decides how it is searched."""

from __future__ import annotations

from model.solve.matrix import Matrix

LARGE_COLUMNS, LARGE_INTEGERS = 100_000, 5_000
WHOLE_INTEGERS = 2_000


def is_large(matrix: Matrix) -> bool:
    """Whether a book with whole decisions is searched part by part, if it does not fall into components."""
    integers = int(matrix.is_whole.sum())
    return integers > 0 and (integers >= LARGE_INTEGERS or len(matrix.cost) >= LARGE_COLUMNS)


def is_searched_whole(matrix: Matrix) -> bool:
    """Whether a search of a book or component goes over it as one from the start, not part by part."""
    return not is_large(matrix) and matrix.is_whole.sum() < WHOLE_INTEGERS
