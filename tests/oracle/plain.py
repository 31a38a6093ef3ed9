"""The oracle: the best margin of a case by the plainest formulation, every unit owned by an order or by the pool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.oracle.algebra import total
from tests.oracle.facts import Facts
from tests.oracle.goods import Goods
from tests.oracle.making import Book, formulate_making
from tests.oracle.policy import formulate_policy
from tests.oracle.selling import formulate_selling

if TYPE_CHECKING:
    from model.tables import Tables

KINDS = (1, 2, 3)


@dataclass(frozen=True)
class OracleAnswer:
    """Best margin, what is missed at least by kind of promise (1 and 3 in units, 2 in base money), money by term."""

    margin: float
    missed_by_kind: dict[int, float]
    optimal: bool
    money: dict[str, float]


def formulate(tables: Tables) -> Book:
    """The whole case as a program."""
    book = Book(Facts(tables))
    formulate_making(book)
    goods = Goods(book)
    shipped = formulate_selling(book, goods)
    goods.keep_pool()
    goods.limit()
    formulate_policy(book, shipped)
    return book


def without_dust(least: float) -> float:
    """Zero where the arithmetic leaves less than a millionth."""
    return least if abs(least) > 1e-6 else 0.0


def keep_least(book: Book, kind: int, least: float) -> None:
    """Misses of a kind stay at their minimum, exactly: a little room makes HiGHS call some cases infeasible."""
    book.program.at_most(book.missed[kind], least)


def best_margin(tables: Tables) -> OracleAnswer:
    """Margin of the best plan in base currency, misses first; NoSolutionError if the solver gives up."""
    book = formulate(tables)
    missed = {}
    for kind in KINDS:
        missed[kind] = book.missed[kind].constant
        if book.missed[kind].terms:
            missed[kind] = without_dust(book.program.minimise(book.missed[kind])[0])
            keep_least(book, kind, missed[kind])
    cost, solution = book.program.minimise(-1.0 * total(book.money.values()))
    return OracleAnswer(-cost, missed, True, {term: amount.value(solution) for term, amount in book.money.items()})
