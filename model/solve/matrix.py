"""A model as one sparse matrix, ready to be passed to a solver in one call."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse


@dataclass(frozen=True)
class Matrix:
    """minimise ``cost`` x + ``offset`` subject to row and column bounds, some columns whole.

    ``columns`` gives family and index of each column; ``family`` the positions of each family; ``row_names`` law and
    index of each row.
    """

    cost: np.ndarray
    offset: float
    rows: sparse.csc_array
    row_lower: np.ndarray
    row_upper: np.ndarray
    column_lower: np.ndarray
    column_upper: np.ndarray
    is_whole: np.ndarray
    columns: list[tuple[str, object]]  # empty in parts of a model, where nobody asks for names
    family: dict[str, np.ndarray] = field(default_factory=dict)
    row_names: list[tuple[str, object]] = field(default_factory=list)

    @property
    def relaxed(self) -> Matrix:
        """The same without the demand that some columns be whole."""
        return replace(self, is_whole=np.zeros_like(self.is_whole))

    def objective(self, values: np.ndarray) -> float:
        """What is minimised, at a point."""
        return float(self.cost @ values) + self.offset

    @property
    def size(self) -> dict[str, int]:
        """Rows, columns, integer columns and nonzeros."""
        return {"rows": self.rows.shape[0], "columns": self.rows.shape[1], "integers": int(self.is_whole.sum()),
                "nonzeros": int(self.rows.nnz)}


def with_rows(matrix: Matrix, rows: sparse.csr_array, lower: np.ndarray) -> Matrix:
    """The matrix with further rows, which have lower limits and no names."""
    return replace(matrix, rows=sparse.csc_array(sparse.vstack([matrix.rows, rows])),
                   row_lower=np.concatenate([matrix.row_lower, lower]),
                   row_upper=np.concatenate([matrix.row_upper, np.full(len(lower), np.inf)]), row_names=[])


def families(columns: list[tuple[str, object]]) -> dict[str, np.ndarray]:
    """Positions of each family of columns."""
    positions: dict[str, list[int]] = {}
    for position, (name, _) in enumerate(columns):
        positions.setdefault(name, []).append(position)
    return {name: np.array(members, dtype=np.int32) for name, members in positions.items()}  # HiGHS's own width
