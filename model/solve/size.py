"""How large a book is, which decides how it is searched."""

from __future__ import annotations

from model.solve.matrix import Matrix

LARGE_COLUMNS, LARGE_INTEGERS = 100_000, 5_000
WHOLE_INTEGERS = 2_000
SIFTED_COLUMNS = 10_000  # a smaller linear program is solved in next to no time
DIVIDED_INTEGERS = 300  # fewer are searched as one


def is_large(matrix: Matrix) -> bool:
    """Whether a book with whole decisions is searched part by part, if it does not fall into components."""
    integers = int(matrix.is_whole.sum())
    return integers > 0 and (integers >= LARGE_INTEGERS or len(matrix.cost) >= LARGE_COLUMNS)


def is_sifted(matrix: Matrix) -> bool:
    """Whether a book without whole decisions is searched over few of its columns first, if it has some to leave out."""
    return not matrix.is_whole.any() and len(matrix.cost) >= SIFTED_COLUMNS


def is_large_program(matrix: Matrix) -> bool:
    """Whether a book that is sifted is so large that simplex over few of its columns is slow, too."""
    return is_sifted(matrix) and len(matrix.cost) >= LARGE_COLUMNS


def is_divisible(matrix: Matrix) -> bool:
    """Whether a book has so many whole decisions that its components, if it has some, are searched apart."""
    return int(matrix.is_whole.sum()) >= DIVIDED_INTEGERS


def is_placed(matrix: Matrix) -> bool:
    """Whether the search of a book asks where its columns belong, which takes a while to find out."""
    return is_large(matrix) or is_divisible(matrix) or is_sifted(matrix)


def is_searched_whole(matrix: Matrix) -> bool:
    """Whether a search of a book or component goes over it as one from the start, not part by part."""
    return not is_large(matrix) and matrix.is_whole.sum() < WHOLE_INTEGERS
