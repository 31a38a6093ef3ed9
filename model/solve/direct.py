"""The matrix of an instance straight from its laws, without Pyomo between them: exactly the matrix of its model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np
from scipy import sparse

from model.constraints import laws
from model.constraints.linear import Linear, Row, column
from model.constraints.registry import Law, plain_sums
from model.instance import Instance
from model.memory import no_collection
from model.objective import TERMS
from model.solve.matrix import Matrix, families
from model.variables import VARIABLES


@dataclass
class _Rows:
    """Rows as they come, their entries one behind the other."""

    columns: list[int] = field(default_factory=list)
    coefficients: list[float] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    names: list[tuple[str, object]] = field(default_factory=list)

    def add(self, name: str, index: object, row: Row) -> None:
        """Keep a row; one without columns, which holds or fails whatever is decided, only to be told if it fails."""
        columns, coefficients, lower, upper = row
        if not any(coefficients):
            _accept(name, index, (lower is None or lower <= 0) and (upper is None or upper >= 0))
            return
        self.columns += columns
        self.coefficients += coefficients
        self.lengths.append(len(columns))
        self.lower.append(-np.inf if lower is None else lower)
        self.upper.append(np.inf if upper is None else upper)
        self.names.append((name, index))


@dataclass(frozen=True)
class _Columns:
    """All columns that can be, family by family."""

    names: list[tuple[str, object]]
    family: np.ndarray
    is_whole: np.ndarray
    upper: np.ndarray


def direct_matrix(instance: Instance, without: Iterable[str] = ()) -> Matrix:
    """The matrix of ``build_model`` and ``compile_model``: the same rows, columns and numbers in the same sequence."""
    with no_collection(), plain_sums():
        m, columns = _readable(instance)
        money = sum(term(m) for term in TERMS)
        rows = _Rows()
        for law in laws(without):
            _state(m, law, instance, rows)
        # A plain number if no decision has a price.
        return _matrix(columns, rows, money if isinstance(money, Linear) else Linear([], [], money))


def _readable(instance: Instance) -> tuple[SimpleNamespace, _Columns]:
    """What the laws read: sets, coefficients and groups as in the Pyomo model, and every decision as a column."""
    m = SimpleNamespace(change_cost=instance.tables.settings.change_cost, **instance.groups)
    for table in instance.sets.values():
        members = table.members()
        setattr(m, table.name, members)
        vars(m).update(table.coefficients())
    names: list[tuple[str, object]] = []
    sizes = []
    for decision in VARIABLES:
        members = getattr(m, decision.over)
        setattr(m, decision.name, {member: column(number) for number, member in enumerate(members, start=len(names))})
        names += [(decision.name, member) for member in members]
        sizes.append(len(members))
    kinds = np.array([decision.domain for decision in VARIABLES])
    family = np.repeat(np.arange(len(VARIABLES)), sizes)
    return m, _Columns(names, family, (kinds != "continuous")[family], np.where(kinds == "binary", 1.0, np.inf)[family])


def _state(m: SimpleNamespace, law: Law, instance: Instance, rows: _Rows) -> None:
    members, rule, name = getattr(m, law.over), law.rule, law.name
    # Members of a set with one key are bare, not tuples of one.
    is_single = len(instance.sets[law.over].keys) == 1
    for index in members:
        row = rule(m, index) if is_single else rule(m, *index)
        if isinstance(row, Row):
            rows.add(name, index, row)
        else:
            # Numbers on both sides of the law: the comparison itself said True or False.
            _accept(name, index, row)


def _accept(name: str, index: object, holds: bool) -> None:
    if not holds:
        raise ValueError(f"{name}{index} cannot hold")


def _matrix(columns: _Columns, rows: _Rows, money: Linear) -> Matrix:
    """Families in the sequence in which margin and rows first speak of them; columns in no row and no cost left out."""
    count = len(columns.names)
    place, coefficients = np.array(rows.columns, dtype=np.int64), np.array(rows.coefficients, dtype=float)
    priced = np.array(money.columns, dtype=np.int64)
    margin = np.bincount(priced, weights=np.array(money.coefficients, dtype=float), minlength=count)
    # As in Pyomo's compiled form, a zero coefficient is no mention.
    spoken = np.concatenate([priced, place[coefficients != 0]])
    found, first = np.unique(columns.family[spoken], return_index=True)
    rank = np.full(len(VARIABLES), len(VARIABLES))
    # Argsort twice: the rank of each family by its first mention; families never spoken of come last.
    rank[found] = np.argsort(np.argsort(first))
    order = np.argsort(rank[columns.family], kind="stable")
    new = np.empty(count, dtype=np.int32)  # the solver's own width
    new[order] = np.arange(count)
    row = np.repeat(np.arange(len(rows.lengths), dtype=np.int32), rows.lengths)
    entries = sparse.csc_array(sparse.coo_array((coefficients, (row, new[place])), shape=(len(rows.lengths), count)))
    # A column may stand twice in a row, and cancel.
    entries.sum_duplicates()
    entries.eliminate_zeros()
    kept = np.flatnonzero((np.diff(entries.indptr) > 0) | (margin[order] != 0))
    names = [columns.names[number] for number in order[kept].tolist()]
    return Matrix(cost=-margin[order][kept], offset=-float(money.constant), rows=sparse.csc_array(entries[:, kept]),
                  row_lower=np.array(rows.lower, dtype=float), row_upper=np.array(rows.upper, dtype=float),
                  column_lower=np.zeros(len(kept)), column_upper=columns.upper[order][kept],
                  is_whole=columns.is_whole[order][kept], columns=names, family=families(names), row_names=rows.names)
