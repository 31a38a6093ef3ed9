"""Sparse index sets with their coefficients, as tables: which rows exist is decided here, by pandas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

Key = Any


class Groups(dict[Key, tuple[Any, ...]]):
    """Members by group; a group that has none is empty, not an error."""

    def __missing__(self, key: Key) -> tuple[Any, ...]:
        return ()


@dataclass(frozen=True)
class IndexTable:
    """A set of the model: its members (rows of ``keys``) and the coefficients that belong to each of them."""

    name: str
    keys: tuple[str, ...]
    frame: pd.DataFrame

    def members(self) -> list[Key]:
        """The members: plain values for one key column, tuples for several."""
        return index_values(self.frame, self.keys)

    def coefficients(self) -> dict[str, dict[Key, Any]]:
        """Each remaining column by member."""
        members = self.members()
        return {column: dict(zip(members, self.frame[column].tolist(), strict=True))
                for column in self.frame.columns if column not in self.keys}


def index_values(frame: pd.DataFrame, columns: Iterable[str]) -> list[Key]:
    """Rows of the columns as plain Python values (one column) or tuples (several)."""
    lists = [frame[column].tolist() for column in columns]
    return lists[0] if len(lists) == 1 else list(zip(*lists, strict=True))


def index_table(name: str, keys: tuple[str, ...], frame: pd.DataFrame, *coefficients: str) -> IndexTable:
    """An index table with the named coefficient columns, sorted by its keys. ValueError if a member stands twice."""
    kept = frame[[*keys, *coefficients]]
    if len(kept) > 1:  # most sets of a small book hold less
        # Sorted: columns and rows of the model stand in one order, however the input's rows do.
        kept = kept.sort_values(list(keys), kind="stable")
        if kept.duplicated(list(keys)).any():
            raise ValueError(f"{name} has a member twice: {kept[kept.duplicated(list(keys))].iloc[0].tolist()}")
    return IndexTable(name, keys, kept.reset_index(drop=True))


def group(frame: pd.DataFrame, by: tuple[str, ...], members: tuple[str, ...]) -> Groups:
    """The rows' ``members`` collected by the values of ``by``, in the order of the rows."""
    if frame.empty:
        return Groups()
    collected: defaultdict[Hashable, list[Any]] = defaultdict(list)
    for key, member in zip(index_values(frame, by), index_values(frame, members), strict=True):
        collected[key].append(member)
    return Groups({key: tuple(values) for key, values in collected.items()})
