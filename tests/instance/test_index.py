"""Index tables: sorted, unique, with the coefficients of each member."""

from __future__ import annotations

import pandas as pd
import pytest

from model.instance import Groups, IndexTable
from model.instance.index import group, index_table
from tests.audit.cases import CASES
from tests.instance.reading import instance_of

FRAME = pd.DataFrame({"line": ["L2", "L1"], "bucket": [0, 1], "hours": [5.0, 7.0], "other": [1, 2]})


def test_members_are_sorted_and_carry_their_coefficients() -> None:
    """Proves: a table is in the order of its keys whatever the order of the rows, and keeps only what is named."""
    table = index_table("T", ("line", "bucket"), FRAME, "hours")
    assert table.members() == [("L1", 1), ("L2", 0)]
    assert table.coefficients() == {"hours": {("L1", 1): 7.0, ("L2", 0): 5.0}}


def test_one_key_gives_plain_members() -> None:
    """Proves: members of one key column are values, not tuples of one."""
    assert index_table("T", ("line",), FRAME).members() == ["L1", "L2"]


def test_a_member_that_stands_twice_is_an_error() -> None:
    """Proves: doubled members are never summed or dropped silently."""
    with pytest.raises(ValueError, match="T has a member twice"):
        index_table("T", ("line",), pd.DataFrame({"line": ["L1", "L1"]}))


def test_a_group_without_members_is_empty() -> None:
    """Proves: rules need no `if`: a group that has none is an empty sum, and asking does not add it."""
    groups = group(FRAME, ("line",), ("line", "bucket"))
    assert groups["L1"] == (("L1", 1),)
    assert groups["L9"] == ()
    assert groups == Groups({"L1": (("L1", 1),), "L2": (("L2", 0),)})


@pytest.mark.parametrize("name", CASES)
def test_groups_name_members_there_are(name: str) -> None:
    """Proves: what a group refers to exists, in books with every feature. If not, a rule would fail in the middle of
    building."""
    instance = instance_of(CASES[name]())
    expected = {"UNDIVIDED_ON_LINE": "LINE_MAKES_ITEM", "SETUP_ITEMS_ON_LINE": "LINE_MAKES_ITEM",
                "OTHER_USE_ON_LINE": "OTHER_USES", "PARTS_ON_LINE": "MAKING_PARTS", "PARTS_SHIPPED": "MAKING_PARTS",
                "SETUPS_ON_LINE": "SETUPS", "SHIPMENTS_OF_ORDER": "SHIPMENTS",
                "POOL_SHIPMENTS": "SHIPMENTS", "STOCK_BEFORE": "POOL_STOCK", "TRANSFERS_IN": "TRANSFERS",
                "TRANSFERS_OUT": "TRANSFERS", "SHIPMENTS_OF_RULE": "SHIPMENTS", "OWN_MAKING_OF_PIN": "OWN_MAKING",
                "POOLS_OF_ITEM_SITE": "POOL_STOCK", "SETUPS_READY": "SETUPS", "MADE_INTO_POOL": "LINE_MAKES_ITEM"}
    for groups, table in expected.items():
        referred = {member for members in instance.groups[groups].values() for member in members}
        assert referred <= set(instance.sets[table].members()), groups
    assert all(isinstance(table, IndexTable) and table.name == key for key, table in instance.sets.items())
