"""Reading index tables in tests: rows by key, and coefficients by key."""

from __future__ import annotations

from typing import Any

from model.instance import Instance, build_instance
from tests.support import Records, tables_of


def instance_of(records: Records) -> Instance:
    """The planning problem behind a case."""
    return build_instance(tables_of(records))


def members(instance: Instance, name: str) -> list[Any]:
    """Members of a set, in its order."""
    return instance.sets[name].members()


def coefficient(instance: Instance, name: str, column: str) -> dict[Any, Any]:
    """A coefficient of a set by member."""
    return instance.sets[name].coefficients()[column]
