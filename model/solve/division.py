"""How a model falls into components: lines, items and orders that share nothing but bought materials."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from model.solve.matrix import Matrix
from model.solve.places import NOWHERE, Places

MATERIAL_FLOWS = ("bought", "unused_paid", "stock", "drawn", "moved")
LARGEST_SHARE = 0.8
SMALLEST_COMPONENT = 500
PASSES = 3


@dataclass(frozen=True)
class Division:
    """``shared``: columns of materials; ``linking``: rows in which components draw on them; ``components``: columns of
    each; ``rows``: the rows of each component, and ``shared_rows`` those of materials alone.

    ``least`` and ``most``: between these every plan's draw lies, by linking row.
    """

    shared: np.ndarray
    linking: np.ndarray
    shared_rows: np.ndarray
    components: tuple[np.ndarray, ...]
    rows: tuple[np.ndarray, ...]
    least: np.ndarray
    most: np.ndarray


def divided(matrix: Matrix, places: Places) -> Division | None:
    """The components of a model; None where one holds nearly everything, or could draw without limit."""
    is_shared = np.zeros(len(matrix.cost), dtype=bool)
    for name in MATERIAL_FLOWS:
        is_shared[matrix.family.get(name, np.empty(0, dtype=np.int32))] = True
    # Stock and draws of what is made here belong to the lines that make it.
    is_shared &= (places.cluster[0] == NOWHERE) & (places.order == NOWHERE) & ~matrix.is_whole
    rows = sparse.csr_array(matrix.rows)
    with_shared = _touched(rows, is_shared)
    with_others = _touched(rows, ~is_shared)
    number, label = _connected(rows[~with_shared], is_shared)
    components = _gathered(number, label, is_shared)
    if len(components) < 2 or len(components[0]) > LARGEST_SHARE * (~is_shared).sum():
        return None
    linking = np.flatnonzero(with_shared & with_others)
    least, most = _range(matrix, rows, linking, ~is_shared)
    # Without a limit on what is drawn, no bound of materials would be known at any price.
    if not (np.isfinite(least).all() and np.isfinite(most).all()):
        return None
    of_column = np.full(len(matrix.cost), -1)
    for place, columns in enumerate(components):
        of_column[columns] = place
    own = np.flatnonzero(~with_shared & (np.diff(rows.indptr) > 0))
    # The first column of a row tells its component: the others of the row are in the same one.
    of_row = of_column[rows.indices[rows.indptr[own]]]
    return Division(np.flatnonzero(is_shared), linking, np.flatnonzero(with_shared & ~with_others), components,
                    tuple(own[of_row == place] for place in range(len(components))), least, most)


def component_of(matrix: Matrix, places: Places, division: Division, place: int) -> tuple[Matrix, Places]:
    """One component as a model of its own, without what it draws of materials, and the places of its columns."""
    columns, rows = division.components[place], division.rows[place]
    named = [matrix.columns[column] for column in columns]
    position = np.full(len(matrix.cost), -1)
    position[columns] = np.arange(len(columns))
    family = {name: position[members][position[members] >= 0].astype(np.int32)
              for name, members in matrix.family.items()}
    # The offset belongs to the whole, which counts it once.
    part = replace(matrix, cost=matrix.cost[columns], offset=0.0,
                   rows=sparse.csc_array(sparse.csr_array(matrix.rows[:, columns])[rows]),
                   row_lower=matrix.row_lower[rows], row_upper=matrix.row_upper[rows],
                   column_lower=matrix.column_lower[columns], column_upper=matrix.column_upper[columns],
                   is_whole=matrix.is_whole[columns], columns=named, family=family, row_names=[])
    # Without places of rows: only books without whole decisions are searched by them.
    return part, Places(places.bucket[columns], places.cluster[:, columns], places.order[columns])


def _touched(rows: sparse.csr_array, columns: np.ndarray) -> np.ndarray:
    """Mask of the rows that hold one of the columns in the mask."""
    return np.asarray(abs(rows) @ columns.astype(float)) > 0


def _connected(rows: sparse.csr_array, is_shared: np.ndarray) -> tuple[int, np.ndarray]:
    """How many groups of columns the rows hold together, and the group of each column; shared ones stand alone."""
    _, label = labels(rows)
    label[is_shared] = -1
    names, label = np.unique(label, return_inverse=True)
    return len(names), label


def labels(rows: sparse.csr_array) -> tuple[np.ndarray, np.ndarray]:
    """The group of each row and of each column, numbered from 0: entries hold a group together."""
    height, width = rows.shape
    entries = sparse.coo_array(rows)
    # Rows and columns are the nodes, entries the edges; rows are numbered behind the columns.
    graph = sparse.coo_array((np.ones(entries.nnz, dtype=bool), (entries.row + width, entries.col)),
                             shape=(width + height, width + height))
    _, label = connected_components(graph, directed=False)
    return label[width:], label[:width]


def _gathered(number: int, label: np.ndarray, is_shared: np.ndarray) -> tuple[np.ndarray, ...]:
    """Columns of each component, the largest first; small ones go together."""
    size = np.bincount(label[~is_shared], minlength=number)
    gathered = np.where(size < SMALLEST_COMPONENT, number, np.arange(number))[label]
    names = np.unique(gathered[~is_shared])
    members = [np.flatnonzero((gathered == name) & ~is_shared) for name in names]
    return tuple(sorted(members, key=lambda columns: (-len(columns), int(columns[0]))))


def _range(matrix: Matrix, rows: sparse.csr_array, linking: np.ndarray,
           drawing: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Least and most that the drawing columns can add up to in each linking row, given all other rows."""
    lower, upper = matrix.column_lower, implied_upper(matrix)
    draw = sparse.coo_array(rows[linking] @ sparse.diags_array(drawing.astype(float)))
    # Zeros that the product leaves would meet infinite bounds: 0 * inf is no number.
    inner = draw.data != 0
    at, which, data = draw.row[inner], draw.col[inner], draw.data[inner]
    ends = np.where(data > 0, lower[which], upper[which]), np.where(data > 0, upper[which], lower[which])
    return tuple(np.bincount(at, data * end, minlength=len(linking)) for end in ends)  # type: ignore[return-value]


def implied_upper(matrix: Matrix) -> np.ndarray:
    """Upper bounds of the columns that follow from one row each, a few passes over all rows."""
    # Every limit as one from above: rows with their upper limits, negated rows with their lower ones.
    both = sparse.vstack([matrix.rows, -matrix.rows], format="coo")
    side = np.concatenate([matrix.row_upper, -matrix.row_lower])
    kept = np.isfinite(side)[both.row] & (both.data != 0)
    at, which, data = both.row[kept], both.col[kept], both.data[kept]
    upper = matrix.column_upper.copy()
    for _ in range(PASSES):
        least = np.where(data > 0, data * matrix.column_lower[which], data * upper[which])
        is_open = ~np.isfinite(least)
        open_count = np.bincount(at, is_open, minlength=len(side))
        closed = np.bincount(at, np.where(is_open, 0.0, least), minlength=len(side))
        # Least of all others in the row; it is known where no other is open.
        rest = closed[at] - np.where(is_open, 0.0, least)
        usable = (data > 0) & (open_count[at] - is_open == 0)
        np.minimum.at(upper, which[usable], ((side[at] - rest) / np.where(data > 0, data, 1.0))[usable])
    # An impossible row would cross the bounds; that is for the solver to find.
    return np.maximum(upper, matrix.column_lower)
