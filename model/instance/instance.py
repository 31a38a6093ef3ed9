"""The immutable result of reading the tables as a planning problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from model.instance.index import Groups, IndexTable
from model.tables import Tables


@dataclass(frozen=True)
class Instance:
    """``sets``: the model's index tables by name. ``groups``: which members of one set belong to a member of another.
    ``frames``: the wider tables they were cut from, which plan and pegging read."""

    tables: Tables
    horizon: pd.DataFrame
    sets: Mapping[str, IndexTable]
    groups: Mapping[str, Groups]
    frames: Mapping[str, pd.DataFrame]

    @property
    def bucket_count(self) -> int:
        """Number of time buckets."""
        return len(self.horizon)
