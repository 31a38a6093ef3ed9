"""What flows of an item through a site, bucket by bucket, as the rows of a matrix say it: for ``lot_cuts``."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from model.solve.division import implied_upper
from model.solve.matrix import Matrix

SAME = 1e-9  # relative: factors of rows that differ by less are the same


@dataclass(frozen=True)
class Flow:
    """Inflows, stock and shipments of one item at one site; columns are positions in the matrix, and none is negative.

    Of each inflow ``inflow`` (column), ``bucket``, ``coefficient``, the ``most`` it can be [in units of the balance]
    and the whole decision ``switch`` (column) without which it is zero, -1 where it needs none. ``before``: columns and
    coefficients of the stock before each bucket; ``given``: what is there in each bucket whatever is decided.

    Of each shipment ``shipment`` (column), ``ships_in``, ``taken`` (coefficient) and ``order``, a number; by that,
    ``wanted``: the most that all shipments of the order can take.
    """

    inflow: np.ndarray
    bucket: np.ndarray
    coefficient: np.ndarray
    most: np.ndarray
    switch: np.ndarray
    before: tuple[tuple[np.ndarray, np.ndarray], ...]
    given: np.ndarray
    shipment: np.ndarray
    ships_in: np.ndarray
    taken: np.ndarray
    order: np.ndarray
    wanted: np.ndarray


@dataclass(frozen=True)
class _Balance:
    """A row that says where units of an item at a site come from and go to: the sum of ``numbers`` times ``columns``
    ``equals`` something; ``is_of_use``: it says what those that are drawn from stock are used for."""

    item: str
    site: str
    bucket: int
    is_of_use: bool
    columns: np.ndarray
    numbers: np.ndarray
    equals: float


def flows_of(matrix: Matrix) -> list[Flow]:
    """The flows of all items and sites in which a whole decision allows an inflow."""
    if (matrix.column_lower < 0).any():
        return []
    rows = sparse.csr_array(matrix.rows)
    switches = _switches(matrix, rows)
    if not switches:
        return []
    balances: dict[tuple[str, str], list[_Balance]] = defaultdict(list)
    # Balances of stock before those of what is drawn from it: the order in which they are added up.
    for family in ("stock", "drawn"):
        for balance in _balances(matrix, rows, family):
            balances[balance.item, balance.site].append(balance)
    most = implied_upper(matrix)
    limits = _limits(matrix, rows, most)
    found = (_flow(matrix, members, switches, limits, most) for _, members in sorted(balances.items()))
    return [flow for flow in found if flow is not None]


def _balances(matrix: Matrix, rows: sparse.csr_array, family: str) -> list[_Balance]:
    """Equations in which stock is kept for the next bucket, or in which what is ``drawn`` from it is used."""
    found = {}
    sign = -1 if family == "stock" else 1
    for row, column in _mentions(matrix, rows, family, sign):
        columns, numbers = _entries(rows, row)
        others = {matrix.columns[each][0] for each in columns.tolist()}
        if matrix.row_lower[row] == matrix.row_upper[row] and (family == "stock" or "stock" not in others):
            index = matrix.columns[column][1]
            assert isinstance(index, tuple)
            item, _, site, bucket = index
            found[row] = _Balance(str(item), str(site), int(bucket), family == "drawn", columns, numbers,
                                  float(matrix.row_lower[row]))
    return [found[row] for row in sorted(found)]


def _mentions(matrix: Matrix, rows: sparse.csr_array, family: str, sign: int) -> list[tuple[int, int]]:
    """Rows and columns in which a family stands with a coefficient of that ``sign``."""
    members = matrix.family.get(family, np.empty(0, dtype=np.int32))
    entries = sparse.coo_array(rows[:, members])
    chosen = np.flatnonzero(np.sign(entries.data) == sign)
    return list(zip(entries.row[chosen].tolist(), members[entries.col[chosen]].tolist(), strict=True))


def _switches(matrix: Matrix, rows: sparse.csr_array) -> dict[int, tuple[int, float]]:
    """By column of what is made: the whole decision without which it is zero, and the most it can be with it."""
    switches: dict[int, tuple[int, float]] = {}
    for row, column in sorted(_mentions(matrix, rows, "made", 1)):
        columns, numbers = _entries(rows, row)
        if len(columns) != 2 or matrix.row_upper[row] != 0 or matrix.is_whole[column]:
            continue
        place = 1 - int(np.flatnonzero(columns == column)[0])
        if matrix.is_whole[columns[place]] and matrix.column_upper[columns[place]] <= 1 and numbers[place] < 0:
            # Of several decisions the first: setups cost more than runs.
            most = float(-numbers[place] / numbers[1 - place])
            switches.setdefault(column, (int(columns[place]), most))
    return switches


def _limits(matrix: Matrix, rows: sparse.csr_array, most: np.ndarray) -> dict[int, tuple[int, float]]:
    """By column of a shipment: its order's delivery (column), and the most of the shipment that the order takes if
    nothing else is shipped to it."""
    limits: dict[int, tuple[int, float]] = {}
    for row, column in _mentions(matrix, rows, "delivered", 1):
        columns, numbers = _entries(rows, row)
        is_sum = matrix.row_lower[row] == matrix.row_upper[row] == 0 and (numbers > 0).sum() == 1
        if not is_sum or not np.isfinite(most[column]):
            continue
        in_all = float(numbers[columns == column][0]) * most[column]
        limits.update((shipment, (column, in_all / -number)) for shipment, number in
                      zip(columns.tolist(), numbers.tolist(), strict=True) if number < 0)
    return limits


def _flow(matrix: Matrix, members: list[_Balance], switches: dict[int, tuple[int, float]],
          limits: dict[int, tuple[int, float]], most_of: np.ndarray) -> Flow | None:
    """The flow of the balances ``members``; None without whole decisions, or where its rows do not add up."""
    count = 1 + max(balance.bucket for balance in members)
    added = _added_up(matrix, members, count)
    if added is None:
        return None
    entries, given = added
    inflows, shipments = [], []
    before: list[list[tuple[int, float]]] = [[] for _ in range(count)]
    for (when, column), number in sorted(entries.items()):
        family = matrix.columns[column][0]
        if family == "stock" and number > 0:
            before[when].append((column, number))
        elif family == "shipped" and number < 0 and column in limits:
            shipments.append((column, when, -number, *limits[column]))
        elif family != "stock" and number > 0:
            decision, most_with = switches.get(column, (-1, float(most_of[column])))
            inflows.append((column, when, number, number * most_with, decision))
    if not shipments or not any(switch >= 0 for *_, switch in inflows):
        return None
    numbers: dict[int, int] = {}
    order = np.array([numbers.setdefault(each[3], len(numbers)) for each in shipments])
    wanted = np.zeros(len(numbers))
    # The most of an order is told by the shipment that turns most of it into units of the balance.
    np.maximum.at(wanted, order, [taken * most for _, _, taken, _, most in shipments])
    stock = tuple((np.array([column for column, _ in pairs], dtype=int), np.array([number for _, number in pairs]))
                  for pairs in before)
    inflow, bucket, coefficient, most, switch = [np.array(each) for each in zip(*inflows, strict=True)]
    shipment, ships_in, taken = [np.array([each[place] for each in shipments]) for place in range(3)]
    return Flow(inflow, bucket, coefficient, most, switch, stock, given, shipment, ships_in, taken, order, wanted)


def _added_up(matrix: Matrix, members: list[_Balance],
              count: int) -> tuple[dict[tuple[int, int], float], np.ndarray] | None:
    """Coefficients by bucket and column of the sums of all balances of each bucket, in which what is drawn cancels out,
    and what is given in each; None where rows are scaled so that they do not add up."""
    entries: dict[tuple[int, int], float] = defaultdict(float)
    given = np.zeros(count)
    drawn: dict[int, float] = {}
    for balance in members:
        pairs = list(zip(balance.columns.tolist(), balance.numbers.tolist(), strict=True))
        factor = 1.0
        if balance.is_of_use:
            # One factor must make all that is drawn cancel out.
            factors = [-drawn[column] / number for column, number in pairs if column in drawn] or [1.0]
            factor = factors[0]
            if min(factors) <= 0 or max(factors) - min(factors) > SAME * max(factors):
                return None
        else:
            drawn.update((column, number) for column, number in pairs if matrix.columns[column][0] == "drawn")
        given[balance.bucket] -= factor * balance.equals
        for column, number in pairs:
            entries[balance.bucket, column] += factor * number
    size = max(abs(number) for number in entries.values())
    kept = {place: number for place, number in entries.items() if abs(number) > SAME * size}
    return (kept, given) if np.isfinite(given).all() and _goes_on(matrix, kept) else None


def _goes_on(matrix: Matrix, entries: dict[tuple[int, int], float]) -> bool:
    """Whether the stock before each bucket is the stock at the end of the one before, in the same unit."""
    return all(abs(entries.get((bucket - 1, column), 0.0) + number) <= SAME * number
               for (bucket, column), number in entries.items() if number > 0 and matrix.columns[column][0] == "stock")


def _entries(rows: sparse.csr_array, row: int) -> tuple[np.ndarray, np.ndarray]:
    place = slice(rows.indptr[row], rows.indptr[row + 1])
    return rows.indices[place], rows.data[place]
