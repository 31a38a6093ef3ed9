"""The unit in which quantities are written changes no decision."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from model.build import build_model
from model.instance import build_instance
from model.planning import Result
from model.schema import TABLES
from model.solve.compiled import compile_model
from model.solve.scaling import choose_scaling, scale
from tests.audit.cases import CASES, storage_systems
from tests.constraints.book import unaudited
from tests.support import Records, tables_of

PER_UNIT = ("money/unit", "order currency/unit", "h/unit", "money/unit/bucket")
QUANTITIES = ("unit", "unit/bucket")


def rewritten(records: Records, factor: float) -> Records:
    """The same book with every quantity in units of which ``factor`` make one of before."""
    book: Records = {}
    for table, rows in records.items():
        if table == "settings":
            book[table] = {key: value / factor if key == "change_cost" else value for key, value in rows.items()}
            continue
        power = {column.name: (column.unit in QUANTITIES) - (column.unit in PER_UNIT)
                 for column in TABLES[table].columns}
        book[table] = [{column: value * factor ** power[column] if power.get(column) else value
                        for column, value in row.items()} for row in rows]
    return book


def delivered(result: Result, factor: float = 1.0) -> dict[str, float]:
    """Units delivered by order, in the units of before."""
    assert result.plan is not None
    decisions = result.plan.frames["decisions"]
    return dict(zip(decisions["order"], decisions["delivered"] / factor, strict=True))


@cache
def as_it_stands(name: str) -> Result:
    """The book planned in its own units."""
    return unaudited(CASES[name]())


@pytest.mark.parametrize(("name", "factor"), [("storage_systems", 1e-3), ("storage_systems", 1e3),
                                              ("traced_orders", 1e-3), ("broken_promises", 1e3)])
def test_the_plan_is_the_same_in_any_unit(name: str, factor: float) -> None:
    """Proves: a book in GWh or kWh earns and delivers what it does in MWh. If tolerances were absolute, thousandths of
    GWh would vanish and the margin with them."""
    result, other = as_it_stands(name), unaudited(rewritten(CASES[name](), factor))
    assert other.outcome.status == result.outcome.status
    assert other.outcome.margin == pytest.approx(result.outcome.margin, rel=1e-6)
    assert delivered(other, factor) == pytest.approx(delivered(result), rel=1e-5, abs=1e-5)


def test_comfortable_quantities_are_left_alone_and_others_are_brought_near_one() -> None:
    """Proves: a typical order between 0.3 and 30,000 is not scaled; 0.002 and 40 million are, by a power of ten; hours
    and binaries never are."""
    matrix = compile_model(build_model(build_instance(tables_of(storage_systems()))))
    for typical, step in ((0.3, 1.0), (12.0, 1.0), (30_000.0, 1.0), (0.002, 1e-4), (4e7, 1e6)):
        column = choose_scaling(matrix, typical).column
        assert set(column[matrix.family["made"]]) == {step}
        assert set(column[matrix.family["overtime"]]) == set(column[matrix.family["is_set_up"]]) == {1.0}


def test_scaling_says_the_same_in_other_units() -> None:
    """Proves: a point and its scaled image have the same money, and sit alike between their limits."""
    matrix = compile_model(build_model(build_instance(tables_of(storage_systems()))))
    scaling = choose_scaling(matrix, 4e7)
    scaled = scale(matrix, scaling)
    point = np.random.default_rng(3).uniform(0.0, 9.0, len(matrix.columns))
    image = scaling.scaled(point)
    assert scaling.unscaled(image) == pytest.approx(point)
    assert (scaled.cost @ image + scaled.offset) * scaling.cost == pytest.approx(matrix.cost @ point + matrix.offset)
    activity, slack = scaled.rows @ image, matrix.row_upper - matrix.rows @ point
    assert np.sign(np.round(scaled.row_upper - activity, 9)) == pytest.approx(np.sign(np.round(slack, 3)))
