"""From instance to Pyomo model: one loop over each registry; no business word is known here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pyomo.environ as pyo

from model.constraints import laws
from model.constraints.registry import Law
from model.instance import Instance
from model.objective import TERMS
from model.variables import VARIABLES

DOMAINS = {"continuous": pyo.NonNegativeReals, "binary": pyo.Binary, "whole": pyo.NonNegativeIntegers}


def build_model(instance: Instance, without: Iterable[str] = ()) -> pyo.ConcreteModel:
    """The Pyomo model of an instance; ``without`` leaves out constraints by name, to show what each is for.

    ValueError if ``without`` names a constraint that does not exist.
    """
    m = pyo.ConcreteModel()
    _add_sets(m, instance)
    for decision in VARIABLES:
        setattr(m, decision.name, pyo.Var(getattr(m, decision.over), domain=DOMAINS[decision.domain]))
    for law in laws(without):
        setattr(m, law.name, pyo.Constraint(getattr(m, law.over), rule=_stated(law)))
    # Named, so that each term can be read by itself from a solved model.
    m.money = pyo.Expression([term.__name__ for term in TERMS],
                             initialize={term.__name__: term(m) for term in TERMS})
    m.margin = pyo.Objective(expr=sum(m.money.values()), sense=pyo.maximize)
    return m


def _add_sets(m: pyo.ConcreteModel, instance: Instance) -> None:
    for table in instance.sets.values():
        setattr(m, table.name, pyo.Set(dimen=len(table.keys), initialize=table.members(), ordered=True))
        for column, values in table.coefficients().items():
            # By the column's name alone: no two sets may share one, hence the renamed columns of index_sets.
            setattr(m, column, values)
    for name, members in instance.groups.items():
        setattr(m, name, members)
    m.change_cost = instance.tables.settings.change_cost


def _stated(law: Law) -> Callable[..., Any]:
    """The law as Pyomo wants it: a row without variables that holds anyway is left out, one that cannot is an error."""

    def rule(m: pyo.ConcreteModel, *index: Any) -> Any:
        """The row at an index, or what stands for one without variables."""
        row = law.rule(m, *index)
        if row is True:
            return pyo.Constraint.Feasible
        if row is False:
            raise ValueError(f"{law.name}{index} cannot hold")
        return row

    return rule
