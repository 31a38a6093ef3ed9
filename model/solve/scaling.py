"""Powers of ten that bring quantities and money near one, so that the solver's tolerances mean what they should."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from model.solve.matrix import Matrix
from model.variables import VARIABLES

COMFORTABLE_QUANTITY = (0.3, 30_000.0)  # typical orders that are left as they are
COMFORTABLE_ROW = (1e-3, 1e5)


@dataclass(frozen=True)
class Scaling:
    """``column``: units of the model per unit of the scaled column; ``cost``: money per unit of the scaled cost."""

    column: np.ndarray
    cost: float

    def scaled(self, values: np.ndarray) -> np.ndarray:
        """Values of the model's columns in the solver's units."""
        return values / self.column

    def unscaled(self, values: np.ndarray) -> np.ndarray:
        """Values of the solver's columns in the model's units."""
        return values * self.column


def choose_scaling(matrix: Matrix, typical_quantity: float | np.ndarray) -> Scaling:
    """Scaling by a typical order quantity, that of the book or of each column, and the dearest continuous column; 1
    where the data is comfortable."""
    low, high = COMFORTABLE_QUANTITY
    typical = np.broadcast_to(np.asarray(typical_quantity, dtype=float), len(matrix.columns))
    # A typical order becomes 10 to 100.
    step = np.where((low <= typical) & (typical <= high), 1.0, 10.0 ** (np.floor(np.log10(typical)) - 1))
    column = np.ones(len(matrix.columns))
    for decision in VARIABLES:
        if decision.unit == "unit" and decision.name in matrix.family:
            column[matrix.family[decision.name]] = step[matrix.family[decision.name]]
    # By what a unit costs or earns, not by a setup or an expansion: beside those a unit would be lost in tolerances.
    dearest = np.abs(matrix.cost * column)[~matrix.is_whole].max(initial=0.0) or np.abs(matrix.cost).max(initial=1.0)
    cost = 10.0 ** (np.floor(np.log10(dearest)) - 3) if dearest > 0 else 1.0
    return Scaling(column, float(cost))


def scale(matrix: Matrix, scaling: Scaling) -> Matrix:
    """The same problem in the solver's units; rows far from one are divided by a power of two."""
    rows = sparse.csc_array(matrix.rows @ sparse.diags_array(scaling.column))
    factor = row_factors(rows)
    return replace(
        matrix,
        cost=matrix.cost * scaling.column / scaling.cost,
        offset=matrix.offset / scaling.cost,
        rows=sparse.csc_array(sparse.diags_array(factor) @ rows),
        row_lower=matrix.row_lower * factor,
        row_upper=matrix.row_upper * factor,
        column_lower=matrix.column_lower / scaling.column,
        column_upper=matrix.column_upper / scaling.column,
    )


def row_factors(rows: sparse.csc_array) -> np.ndarray:
    """What ``scale`` multiplies each row with: 1, or a power of two where its largest coefficient is far from one."""
    largest = abs(rows).max(axis=1).toarray().reshape(-1) if rows.nnz else np.ones(rows.shape[0])
    low, high = COMFORTABLE_ROW
    far = (largest > 0) & ((largest < low) | (largest > high))
    # The inner 1.0 keeps empty rows out of the logarithm.
    return np.where(far, 2.0 ** -np.round(np.log2(np.where(far, largest, 1.0))), 1.0)
