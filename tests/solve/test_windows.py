"""Parts of a large book: windows as long as makes each part worth searching, and no decision is in none of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.solve.places import NOWHERE, Places
from model.solve.windows import ROUNDS, WHOLE_OF_PART, parts_of_round, window_length


@pytest.mark.parametrize(("of_cluster", "buckets", "length"), [
    ([560], 52, 26),  # 560 in 52 buckets: 280 in half of them
    ([1120, 1120], 52, 13),  # each cluster by itself is a part
    ([1120, 1], 52, 13),  # a cluster without account
    ([100], 52, 52),  # few: one window
    ([29_120], 52, 1),  # half a bucket: one
    ([], 52, 52),
])
def test_windows_are_as_long_as_their_whole_decisions_allow(of_cluster: list[int], buckets: int, length: int) -> None:
    """By hand, with 280 whole decisions to a part. If windows were the same in all books, parts of one would be too
    large to be solved closely, of another so small that their edges decide."""
    assert WHOLE_OF_PART == 280
    clusters = np.repeat(np.arange(len(of_cluster)), of_cluster)
    assert window_length(np.append(clusters, [NOWHERE] * 50), buckets) == length


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 30), st.lists(st.integers(0, 40), min_size=1, max_size=4), st.integers(0, 2 ** 32 - 1))
def test_every_whole_decision_is_free_in_some_part(buckets: int, per_bucket: list[int], seed: int) -> None:
    """Proves: the parts of a round together hold every decision of a cluster, whatever its bucket. One that is in none
    would stay where the dive left it."""
    cluster = np.repeat(np.arange(len(per_bucket)), [buckets * count for count in per_bucket])
    bucket = np.concatenate([np.tile(np.arange(buckets), count) for count in per_bucket])
    is_whole = np.random.default_rng(seed).random(len(bucket)) < 0.7
    places = Places(bucket, np.vstack([cluster, cluster]), np.full(len(bucket), NOWHERE))
    for division in (0, 1):
        each = next(one for one in ROUNDS if one.division == division)
        groups = parts_of_round(each, places, np.ones(len(bucket), dtype=bool), is_whole)
        free = np.concatenate([part for group in groups for part in group]) if groups else np.empty(0, dtype=int)
        held = {name for name in range(len(per_bucket)) if is_whole[cluster == name].any()}
        assert set(np.flatnonzero(is_whole)) <= set(free.tolist())
        assert {int(name) for name in cluster[free]} <= held
        for group in groups:
            # Parts of a group are solved at once: they share no decision.
            assert len(np.unique(np.concatenate(group))) == sum(map(len, group))
