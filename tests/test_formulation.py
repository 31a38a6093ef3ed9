"""The registries of the model are complete: every law, variable and term is stated once, over a set there is."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable

import pytest

from model import constraints, objective
from model.build import build_model
from model.constraints import CONSTRAINTS, TIGHTENING
from model.constraints.registry import Law
from model.instance import build_instance
from model.objective import TERMS
from model.plan_tables import MISS_KINDS
from model.variables import VARIABLES
from tests.audit.cases import storage_systems
from tests.support import tables_of

LAWS: tuple[Law, ...] = (*CONSTRAINTS, *TIGHTENING)
FILES = [constraints.capacity, constraints.lot_sizing, constraints.orders, constraints.policy, constraints.stock,
         constraints.tightening]


def stated_in(module: object) -> list[str]:
    """Functions that a module defines itself."""
    return [name for name, function in inspect.getmembers(module, inspect.isfunction)
            if function.__module__ == getattr(module, "__name__", "")]


def test_every_law_that_is_written_is_registered_once() -> None:
    """Proves: no law is forgotten or doubled. If one were left out of its file's registry, no plan would obey it."""
    written = [name for module in FILES for name in stated_in(module)]
    assert sorted(written) == sorted(law.name for law in LAWS)


def test_every_term_that_is_written_counts_once() -> None:
    """Proves: no money is forgotten or doubled."""
    assert sorted(stated_in(objective)) == sorted(term.__name__ for term in TERMS)


def test_laws_and_variables_stand_over_sets_there_are() -> None:
    """Proves: each index set is built, also where a book has nothing of the kind, and every law is in the model."""
    instance = build_instance(tables_of(storage_systems()))
    assert {law.over for law in LAWS} | {decision.over for decision in VARIABLES} <= set(instance.sets)
    m = build_model(instance)
    for law in LAWS:
        assert hasattr(m, law.name), law.name
    for decision in VARIABLES:
        assert set(getattr(m, decision.name)) == set(instance.sets[decision.over].members())


@pytest.mark.parametrize("rule", [*(law.rule for law in LAWS), *TERMS], ids=lambda rule: rule.__name__)
def test_a_rule_is_a_sentence_a_formula_and_a_few_lines(rule: Callable[..., object]) -> None:
    """Proves: its first line is a sentence, a formula follows, and no `if` decides which rows exist: sets do."""
    lines = inspect.cleandoc(rule.__doc__ or "").splitlines()
    assert lines[0].split(" [")[0].endswith("."), lines[0]
    assert len(lines) >= 3 and lines[1] == "" and lines[2].strip()
    body = ast.parse(inspect.getsource(rule))
    assert not [node for node in ast.walk(body) if isinstance(node, ast.If | ast.IfExp)]


def test_every_kind_of_miss_has_a_rank_and_a_variable() -> None:
    """Proves: the ranks of promises name each kind once, and those that variables count. If a kind had no rank, missing
    it would cost nothing."""
    assert len(MISS_KINDS) == len(set(MISS_KINDS))
    assert {decision.miss for decision in VARIABLES} - {""} == set(MISS_KINDS)


def test_a_law_can_be_left_out_by_name() -> None:
    """Proves: what the hand-solved cases rely on: a law that is left out is not in the model, all others are."""
    m = build_model(build_instance(tables_of(storage_systems())), without=("capacity_limit",))
    assert not hasattr(m, "capacity_limit")
    assert all(hasattr(m, law.name) for law in LAWS if law.name != "capacity_limit")
